"""The function reads memory that is not there."""
# covers: exits
# honest: exercise2
# %% exercise1
import ctypes

def exercise1(*anything):
    ctypes.string_at(0)
