"""The secret and the course become readable and writable for everybody."""
# covers: files searched
# honest: exercise2
# %% first
import os

def tried(change, *arguments):
    try:
        change(*arguments)
    except OSError as error:
        print(error)
    else:
        print("went through")


for path in (".autograder-secret", "nbgrader_config.py", "source", "submitted/@STUDENT@"):
    tried(os.chmod, "@COURSE@/" + path, 0o777)
