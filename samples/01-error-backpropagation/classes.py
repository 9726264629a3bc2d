"""Right answers, with an object for every layer."""
# %% exercise1
class Linear:
    def __init__(self, w, b, x):
        self.w, self.b, self.x = w, b, x

    def backward(self, dz):
        self.dw = numpy.dot(self.x.T, dz)
        self.db = numpy.sum(dz, axis=0)
        return numpy.dot(dz, self.w.T)


class ReLU:
    def __init__(self, z):
        self.z = z

    def backward(self, da):
        return da*(self.z > 0).astype(float)


def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    layers = [
        Linear(W[0], B[0], X),  ReLU(Z1),
        Linear(W[1], B[1], A1), ReLU(Z2),
        Linear(W[2], B[2], A2), ReLU(Z3),
        Linear(W[3], B[3], A3),
    ]
    grad = 2*(Y-T)/Y.shape[0]
    for layer in reversed(layers):
        grad = layer.backward(grad)

    linear = [l for l in layers if isinstance(l, Linear)]
    return [l.dw for l in linear], [l.db for l in linear]
# %% exercise2
class Net(torch.nn.Module):
    def __init__(self, W, B):
        super().__init__()
        self.W = torch.nn.ParameterList(W)
        self.B = torch.nn.ParameterList(B)

    def forward(self, x):
        for i in range(3):
            x = torch.relu(x @ self.W[i] + self.B[i])
        return x @ self.W[3] + self.B[3]


def exercise2(W,B,X,T):
    net = Net(W, B)
    criterion = torch.nn.MSELoss()
    return criterion(net(X), T)
