"""The function kills its whole process group, whoever is in it: seen from inside a box it has the number 0."""
# covers: signals to parents
# honest: exercise2
# %% exercise1
import os, signal

def exercise1(*anything):
    os.kill(0, signal.SIGTERM)
    os.killpg(0, signal.SIGKILL)
