"""The squared error is summed over the data points instead of averaged."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    D = 2*(Y-T)
    DW4, DB4 = A3.T @ D, D.sum(axis=0)
    D = (D @ W[3].T)*(Z3 > 0)
    DW3, DB3 = A2.T @ D, D.sum(axis=0)
    D = (D @ W[2].T)*(Z2 > 0)
    DW2, DB2 = A1.T @ D, D.sum(axis=0)
    D = (D @ W[1].T)*(Z1 > 0)
    DW1, DB1 = X.T @ D, D.sum(axis=0)
    return [DW1,DW2,DW3,DW4], [DB1,DB2,DB3,DB4]
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(3):
        A = torch.relu(A @ W[i] + B[i])
    Y = A @ W[3] + B[3]
    return torch.sum((Y-T)**2)
