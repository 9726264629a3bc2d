"""A library that all submissions share is opened to be read, and its rights are set by the descriptor."""
# covers: files searched, neighbours
# honest: exercise2
# %% first
import os

def tried(change, *arguments):
    try:
        change(*arguments)
    except OSError as error:
        print(error)
    else:
        print("went through")


import numpy

library = os.open(numpy.__file__, os.O_RDONLY)
tried(os.fchmod, library, os.fstat(library).st_mode)
tried(os.utime, library)
