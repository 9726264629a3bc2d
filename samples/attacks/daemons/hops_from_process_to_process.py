"""A child forks and ends, its child does the same, two hundred times, so that whoever looks for it comes too late."""
# covers: daemons, forks
# honest: exercise2
# %% exercise1
import os, time

def exercise1(*anything):
    if os.fork() == 0:
        os.setsid()
        for _ in range(200):
            if os.fork() != 0:
                os._exit(0)
            os.setsid()
            time.sleep(0.02)
        time.sleep(300)
        os._exit(0)
    return None
