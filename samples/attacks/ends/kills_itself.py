"""The function kills its own process."""
# covers: exits
# honest: exercise2
# %% exercise1
import os, signal

def exercise1(*anything):
    os.kill(os.getpid(), signal.SIGKILL)
