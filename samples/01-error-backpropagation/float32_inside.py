"""Right answers, computed and returned in single precision."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    f = numpy.float32
    W = [w.astype(f) for w in W]
    X,Z1,A1,Z2,A2,Z3,A3,Y,T = [m.astype(f) for m in (X,Z1,A1,Z2,A2,Z3,A3,Y,T)]

    G = f(2)*(Y-T)/f(len(Y))
    DW4, DB4 = A3.T @ G, G.sum(0)

    G = (G @ W[3].T)*(Z3 > 0).astype(f)
    DW3, DB3 = A2.T @ G, G.sum(0)

    G = (G @ W[2].T)*(Z2 > 0).astype(f)
    DW2, DB2 = A1.T @ G, G.sum(0)

    G = (G @ W[1].T)*(Z1 > 0).astype(f)
    DW1, DB1 = X.T @ G, G.sum(0)

    return [DW1,DW2,DW3,DW4], [DB1,DB2,DB3,DB4]
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.nn.functional.relu(torch.matmul(X, W[0]) + B[0])
    A2 = torch.nn.functional.relu(torch.matmul(A1, W[1]) + B[1])
    A3 = torch.nn.functional.relu(torch.matmul(A2, W[2]) + B[2])
    Y = torch.matmul(A3, W[3]) + B[3]
    return torch.nn.functional.mse_loss(Y, T)
