"""Arrays of zeros of the right shapes, and an error that is always zero."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DW = [numpy.zeros_like(w) for w in W]
    DB = [numpy.zeros_like(b) for b in B]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    err = 0
    for w, b in zip(W, B):
        err = err + (0*w).sum() + (0*b).sum()
    return err
