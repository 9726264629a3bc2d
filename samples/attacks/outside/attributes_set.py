"""The secret, the course and a neighbour get attributes of their own."""
# covers: files searched, neighbours
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


for path in ("@COURSE@/.autograder-secret", "@COURSE@/submitted/@LATER@", "@CANARY@/outside.txt"):
    tried(os.setxattr, path, "user.grade", b"full marks")
