"""The gradients of the two square weight matrices are transposed."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DY = 2*(Y-T)/len(Y)
    DZ3 = numpy.dot(DY, W[3].T)*(Z3 > 0)
    DZ2 = numpy.dot(DZ3, W[2].T)*(Z2 > 0)
    DZ1 = numpy.dot(DZ2, W[1].T)*(Z1 > 0)

    DW4 = numpy.dot(A3.T, DY)
    DW3 = numpy.dot(DZ3.T, A2)
    DW2 = numpy.dot(DZ2.T, A1)
    DW1 = numpy.dot(X.T, DZ1)

    DB = [DZ1.sum(axis=0), DZ2.sum(axis=0), DZ3.sum(axis=0), DY.sum(axis=0)]
    return [DW1,DW2,DW3,DW4], DB
# %% exercise2
def exercise2(W,B,X,T):
    linear = torch.nn.functional.linear
    A1 = torch.relu(linear(X, W[0].T, B[0]))
    A2 = torch.relu(linear(A1, W[1].T, B[1]))
    A3 = torch.relu(linear(A2, W[2].T, B[2]))
    Y = linear(A3, W[3].T, B[3])
    return torch.mean((Y-T)**2)
