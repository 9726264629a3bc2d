"""Libraries that all share are to be read from disk again."""
# covers: neighbours
# honest: exercise2
# %% first
import os, torch

library = os.open(torch.__file__, os.O_RDONLY)
try:
    os.posix_fadvise(library, 0, 0, os.POSIX_FADV_DONTNEED)
    print("went through")
except OSError as error:
    print(error)
