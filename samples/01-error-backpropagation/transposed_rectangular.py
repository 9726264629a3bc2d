"""The gradient of the first weight matrix is transposed, so that its shape is (6,4)."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DW4 = A3.T @ DY
    DZ3 = (DY @ W[3].T)*(Z3 > 0)
    DW3 = A2.T @ DZ3
    DZ2 = (DZ3 @ W[2].T)*(Z2 > 0)
    DW2 = A1.T @ DZ2
    DZ1 = (DZ2 @ W[1].T)*(Z1 > 0)
    DW1 = DZ1.T @ X
    DW = [DW1,DW2,DW3,DW4]
    DB = [numpy.sum(D, axis=0) for D in [DZ1,DZ2,DZ3,DY]]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    h = X
    for w, b in zip(W[:3], B[:3]):
        h = (h @ w + b).relu()
    return ((h @ W[3] + B[3] - T)**2).mean()
