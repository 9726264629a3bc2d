"""Arrays of the right shape whose strides lead out of the process's memory."""
# covers: huge strided arrays, odd answers
# honest: exercise2
# %% exercise1
from numpy.lib.stride_tricks import as_strided

def exercise1(W,B,*rest):
    return [as_strided(w, w.shape, (2**40, 2**41)) for w in W], [as_strided(b, b.shape, (2**42,)) for b in B]
