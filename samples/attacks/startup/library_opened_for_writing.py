"""numpy's own files, which every later submission imports, are opened for writing."""
# covers: startup files, shadowed modules
# honest: exercise2
# %% first
import os

import numpy, utils

for module in (os, numpy, utils):
    try:
        with open(module.__file__, "r+b"):  # nothing is written
            print("LEA" + "KED: writable", module.__file__)
    except OSError as error:
        print(error)
    try:
        descriptor = os.open(os.path.dirname(module.__file__), os.O_TMPFILE | os.O_RDWR)  # a file without a name
        print("LEA" + "KED: writable", os.path.dirname(module.__file__))
        os.close(descriptor)
    except OSError as error:
        print(error)
