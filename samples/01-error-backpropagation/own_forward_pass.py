"""Right answers, from an own forward pass instead of the activations given."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    # run the network again so that everything is in one list
    a = [X]
    z = []
    for i in range(4):
        z.append(numpy.matmul(a[i], W[i]) + B[i])
        if i < 3:
            a.append(numpy.maximum(z[i], 0))

    y = z[3]
    DW, DB = [], []
    d = 2*(y-T)/y.shape[0]
    for i in range(3, -1, -1):
        DW.insert(0, numpy.matmul(a[i].transpose(), d))
        DB.insert(0, d.sum(axis=0))
        if i > 0:
            d = numpy.matmul(d, W[i].transpose())
            d[z[i-1] <= 0] = 0

    return DW, DB
# %% exercise2
def exercise2(W,B,X,T):
    A = X
    for i in range(4):
        Z = torch.addmm(B[i], A, W[i])
        A = torch.maximum(Z, torch.zeros_like(Z))
    Y = Z
    return (Y-T).pow(2).sum()/Y.numel()
