"""The function ends the process with a status that means success."""
# covers: exits
# honest: exercise2
# %% exercise1
import os

def exercise1(*anything):
    os._exit(0)
