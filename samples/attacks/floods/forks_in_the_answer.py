"""Every call of the function forks twelve times and waits for none of the children."""
# covers: forks
# honest: exercise2
# %% exercise1
import os, time

forked = []

def exercise1(*anything):
    while len(forked) < 12:
        child = os.fork()
        if child == 0:
            time.sleep(20)
            os._exit(0)
        forked.append(child)
    return None
