"""Every call gets the right answer to the call before it, out of arrays that go on being written to."""
# covers: inputs overwritten, odd answers
# honest: exercise2
# %% exercise1
import numpy, threading

kept = {}

def right(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    D, DW, DB = 2 * (Y - T) / len(Y), [], []
    for A, w, Z in ((A3, W[3], Z3), (A2, W[2], Z2), (A1, W[1], Z1), (X, W[0], X)):
        DW, DB = [A.T @ D, *DW], [D.sum(0), *DB]
        D = D @ w.T * (Z > 0)
    return DW, DB

def exercise1(*inputs):
    now = right(*inputs)
    before = kept.get("before", now)
    kept["before"] = now
    return before
