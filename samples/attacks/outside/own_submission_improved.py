"""The notebook that was handed in is replaced by somebody else's, for the next time that it is marked."""
# covers: neighbours
# honest: exercise2
# %% first
import glob, os, shutil

name = "01-error-backpropagation/01-error-backpropagation.ipynb"
try:
    shutil.copyfile("@COURSE@/submitted/@NEIGHBOUR@/" + name, "@COURSE@/submitted/@STUDENT@/" + name)
except OSError as error:
    print(error)
