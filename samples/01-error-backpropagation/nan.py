"""Masks written as A/A, which is not a number where a unit is off, and an error through a logarithm."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DZ3 = (DY @ W[3].T)*A3/A3       # 1 where the unit is on
    DZ2 = (DZ3 @ W[2].T)*A2/A2
    DZ1 = (DZ2 @ W[1].T)*A1/A1
    DW = [X.T @ DZ1, A1.T @ DZ2, A2.T @ DZ3, A3.T @ DY]
    DB = [DZ1.sum(axis=0), DZ2.sum(axis=0), DZ3.sum(axis=0), DY.sum(axis=0)]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(3):
        A = torch.relu(A @ W[i] + B[i])
    Y = A @ W[3] + B[3]
    squares = torch.exp(2*torch.log(Y-T))
    return squares.mean()
