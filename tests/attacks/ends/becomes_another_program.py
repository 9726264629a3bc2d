"""The process becomes another program, which says nothing and sleeps."""
# covers: exits, ignored signals
# honest: exercise2
# %% exercise1
import os

def exercise1(*anything):
    os.execv("/bin/sleep", ["sleep", "20"])
