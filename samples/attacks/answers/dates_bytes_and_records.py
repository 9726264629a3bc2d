"""The entries are dates, durations, bytes, letters and records with fields, some of which look like numbers."""
# covers: odd answers
# honest: exercise2
# %% exercise1
import numpy

def exercise1(W, B, *rest):
    kinds = ("datetime64[s]", "timedelta64[ns]", "S8", "U8")
    DW = [numpy.ones(w.shape, "int64").astype(kind) for w, kind in zip(W, kinds)]
    DB = [numpy.zeros(b.shape, [("value", "f8"), ("inner", "f8", (2,))]) for b in B]
    return DW, DB
