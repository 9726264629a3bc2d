"""What others handed in is to look as if it had been changed long ago, or just now."""
# covers: neighbours
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


for path in ("@COURSE@/submitted/@LATER@", "@COURSE@/gradebook.db", "@CANARY@/outside.txt"):
    tried(os.utime, path, (0, 0))
    tried(os.utime, path)
