"""The function kills its whole process group, whoever is in it."""
# covers: signals to parents
# honest: exercise2
# %% exercise1
import os, signal

def exercise1(*anything):
    if os.getpgrp() > 1:
        os.killpg(os.getpgrp(), signal.SIGKILL)
