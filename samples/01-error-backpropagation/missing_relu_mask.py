"""The ReLU of layer 2 is forgotten, in the backward pass and in the forward pass."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DW4 = A3.T @ DY
    DB4 = DY.sum(axis=0)

    DZ3 = (DY @ W[3].T)*(Z3 > 0)
    DW3 = A2.T @ DZ3
    DB3 = DZ3.sum(axis=0)

    DZ2 = DZ3 @ W[2].T
    DW2 = A1.T @ DZ2
    DB2 = DZ2.sum(axis=0)

    DZ1 = (DZ2 @ W[1].T)*(Z1 > 0)
    DW1 = X.T @ DZ1
    DB1 = DZ1.sum(axis=0)

    return [DW1,DW2,DW3,DW4], [DB1,DB2,DB3,DB4]
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.relu(X @ W[0] + B[0])
    A2 = A1 @ W[1] + B[1]
    A3 = torch.relu(A2 @ W[2] + B[2])
    Y = A3 @ W[3] + B[3]
    return torch.mean((Y-T)**2)
