"""The bias gradients have shape (1,6), and the error has shape (1,)."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DZ3 = (DY @ W[3].T)*(Z3 > 0)
    DZ2 = (DZ3 @ W[2].T)*(Z2 > 0)
    DZ1 = (DZ2 @ W[1].T)*(Z1 > 0)
    DW = [X.T @ DZ1, A1.T @ DZ2, A2.T @ DZ3, A3.T @ DY]
    DB = [numpy.sum(D, axis=0, keepdims=True) for D in (DZ1,DZ2,DZ3,DY)]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(3):
        A = torch.relu(A @ W[i] + B[i])
    Y = A @ W[3] + B[3]
    return ((Y-T)**2).mean(dim=0)
