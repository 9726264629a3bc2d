"""The function sends its own process to sleep."""
# covers: ignored signals
# honest: exercise2
# %% exercise1
import os, signal

def exercise1(*anything):
    os.kill(os.getpid(), signal.SIGSTOP)
