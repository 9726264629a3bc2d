"""The first exercise multiplies matrices that do not fit, the second uses a name that is not defined."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DW4 = A3.T @ DY
    DZ3 = (DY @ W[3])*(Z3 > 0)
    DW3 = A2.T @ DZ3
    DZ2 = (DZ3 @ W[2])*(Z2 > 0)
    DW2 = A1.T @ DZ2
    DZ1 = (DZ2 @ W[1])*(Z1 > 0)
    DW1 = X.T @ DZ1
    DB = [D.sum(axis=0) for D in (DZ1,DZ2,DZ3,DY)]
    return [DW1,DW2,DW3,DW4], DB
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.relu(X @ W1 + B1)
    A2 = torch.relu(A1 @ W2 + B2)
    A3 = torch.relu(A2 @ W3 + B3)
    Y = A3 @ W4 + B4
    return ((Y-T)**2).mean()
