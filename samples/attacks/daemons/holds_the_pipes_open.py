"""A child keeps every descriptor open for minutes, so that who waits for the end of a stream waits as long."""
# covers: daemons, forks
# honest: exercise2
# %% first
import os, time

if os.fork() == 0:
    os.setsid()
    time.sleep(300)
    os._exit(0)
# %% exercise1
import os

def exercise1(*anything):
    os._exit(0)
