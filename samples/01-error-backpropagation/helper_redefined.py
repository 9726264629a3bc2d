"""Right answers, with helpers that the second cell defines again under the same names."""
# %% exercise1
def relu(z):
    return numpy.maximum(0, z)

def layer(a, w, b):
    return numpy.dot(a, w) + b

def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    A1 = relu(layer(X, W[0], B[0]))
    A2 = relu(layer(A1, W[1], B[1]))
    A3 = relu(layer(A2, W[2], B[2]))
    Y = layer(A3, W[3], B[3])

    DW = [None]*4
    DB = [None]*4
    D = 2*(Y-T)/len(Y)
    for i, A in zip([3,2,1,0], [A3,A2,A1,X]):
        DW[i] = numpy.dot(A.T, D)
        DB[i] = D.sum(axis=0)
        D = numpy.dot(D, W[i].T)*(A > 0)
    return DW, DB
# %% exercise2
def relu(z):
    return z.clamp(min=0)

def layer(a, w, b):
    return torch.mm(a, w) + b

def exercise2(W,B,X,T):
    A1 = relu(layer(X, W[0], B[0]))
    A2 = relu(layer(A1, W[1], B[1]))
    A3 = relu(layer(A2, W[2], B[2]))
    Y = layer(A3, W[3], B[3])
    return sum((Y-T)**2)[0]/len(Y)
