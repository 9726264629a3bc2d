"""Right answers, with one matrix product per step."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    N = Y.shape[0]

    # output layer (linear)
    DY = 2*(Y-T)/N
    DW4 = A3.T.dot(DY)
    DB4 = DY.sum(axis=0)

    # hidden layers
    DZ3 = DY.dot(W[3].T)*(Z3 > 0)
    DW3 = A2.T.dot(DZ3)
    DB3 = DZ3.sum(axis=0)

    DZ2 = DZ3.dot(W[2].T)*(Z2 > 0)
    DW2 = A1.T.dot(DZ2)
    DB2 = DZ2.sum(axis=0)

    DZ1 = DZ2.dot(W[1].T)*(Z1 > 0)
    DW1 = X.T.dot(DZ1)
    DB1 = DZ1.sum(axis=0)

    DW = [DW1,DW2,DW3,DW4]
    DB = [DB1,DB2,DB3,DB4]
    return DW,DB
# %% exercise2
def exercise2(W,B,X,T):
    A1 = torch.relu(X.mm(W[0])+B[0])
    A2 = torch.relu(A1.mm(W[1])+B[1])
    A3 = torch.relu(A2.mm(W[2])+B[2])
    Y = A3.mm(W[3])+B[3]
    err = ((Y-T)**2).mean()
    return err
