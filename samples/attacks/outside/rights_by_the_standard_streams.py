"""Devices that everybody needs are shut by descriptors that were open before."""
# covers: neighbours
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


for descriptor in (0, 1, 2):
    if os.fstat(descriptor).st_rdev:
        tried(os.fchmod, descriptor, os.fstat(descriptor).st_mode)
