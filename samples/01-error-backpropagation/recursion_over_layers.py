"""Right answers, with a function that calls itself once for every layer."""
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    A = [X,A1,A2,A3]
    Z = [None,Z1,Z2,Z3]

    def backward(layer, dz):
        """gradients of layer 0..layer, given the derivative at this layer's output"""
        dw = A[layer].T @ dz
        db = dz.sum(0)
        if layer == 0:
            return [dw], [db]
        da = dz @ W[layer].T
        lower_w, lower_b = backward(layer-1, numpy.where(Z[layer] > 0, da, 0))
        return lower_w + [dw], lower_b + [db]

    return backward(3, 2*(Y-T)/len(T))
# %% exercise2
import torch.nn as nn

def forward(x, layers):
    (w, b), rest = layers[0], layers[1:]
    z = nn.functional.linear(x, w.T, b)
    if not rest:
        return z
    return forward(nn.functional.relu(z), rest)

def exercise2(W,B,X,T):
    Y = forward(X, list(zip(W, B)))
    return nn.functional.mse_loss(Y, T)
