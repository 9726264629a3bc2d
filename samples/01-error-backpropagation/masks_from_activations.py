"""Right answers, the masks taken from A in some layers and from Z >= 0 in others."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    dEdY = 2*(Y-T)/Y.shape[0]

    dEdA3 = dEdY @ W[3].T
    dEdZ3 = dEdA3*(A3 > 0)      # A3 > 0 exactly where Z3 > 0
    dEdA2 = dEdZ3 @ W[2].T
    dEdZ2 = dEdA2*(Z2 >= 0)
    dEdA1 = dEdZ2 @ W[1].T
    dEdZ1 = dEdA1*numpy.sign(A1)

    DW = [X.T @ dEdZ1, A1.T @ dEdZ2, A2.T @ dEdZ3, A3.T @ dEdY]
    DB = [d.sum(axis=0) for d in (dEdZ1, dEdZ2, dEdZ3, dEdY)]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    Z1 = X @ W[0] + B[0]
    A1 = Z1*(Z1 > 0)
    Z2 = A1 @ W[1] + B[1]
    A2 = Z2*(Z2 > 0)
    Z3 = A2 @ W[2] + B[2]
    A3 = Z3*(Z3 > 0)
    Y = A3 @ W[3] + B[3]
    return ((Y-T)*(Y-T)).mean()
