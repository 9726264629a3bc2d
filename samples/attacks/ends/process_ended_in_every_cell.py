"""Every cell of the student's ends the process, and so does leaving it."""
# covers: exits
# %% first
import os; os._exit(1)
# %% exercise1
import atexit, os

atexit.register(os._exit, 0)
os._exit(0)
# %% exercise2
import os; os._exit(0)
# %% last
import os; os._exit(0)
