"""The parameters are returned in place of their gradients."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DZ3 = (DY @ W[3].T)*(Z3 > 0)
    DZ2 = (DZ3 @ W[2].T)*(Z2 > 0)
    DZ1 = (DZ2 @ W[1].T)*(Z1 > 0)
    DW = [X.T @ DZ1, A1.T @ DZ2, A2.T @ DZ3, A3.T @ DY]
    DB = [DZ1.sum(axis=0), DZ2.sum(axis=0), DZ3.sum(axis=0), DY.sum(axis=0)]
    return W, B
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.max(X @ W[0] + B[0], torch.zeros(1))
    A2 = torch.max(A1 @ W[1] + B[1], torch.zeros(1))
    A3 = torch.max(A2 @ W[2] + B[2], torch.zeros(1))
    Y = A3 @ W[3] + B[3]
    return torch.mean((Y-T)**2)
