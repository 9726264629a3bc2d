"""The first cell ends the process without a word."""
# covers: exits
# honest: exercise2
# %% first
import os

os._exit(0)
