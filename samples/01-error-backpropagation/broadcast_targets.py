"""A right first exercise; in the second (N,1) - (N,) makes a matrix of all differences."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    N = len(Y)
    D4 = 2/N*(Y-T)
    D3 = D4 @ W[3].T * (Z3 > 0)
    D2 = D3 @ W[2].T * (Z2 > 0)
    D1 = D2 @ W[1].T * (Z1 > 0)
    DW = [X.T @ D1, A1.T @ D2, A2.T @ D3, A3.T @ D4]
    DB = [numpy.ones(N) @ D for D in (D1,D2,D3,D4)]
    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.relu(X @ W[0] + B[0])
    A2 = torch.relu(A1 @ W[1] + B[1])
    A3 = torch.relu(A2 @ W[2] + B[2])
    Y = A3 @ W[3] + B[3]
    return torch.mean((Y - T[:,0])**2)
