"""Files are given to a user and a group, links in their place as well."""
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


for change in (os.chown, os.lchown):
    for path in ("@COURSE@/.autograder-secret", "@COURSE@/source", "@CANARY@/outside.txt"):
        tried(change, path, os.getuid(), os.getgid())
