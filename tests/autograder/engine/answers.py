"""What students write for the engine and its companions, as cells of a notebook."""

TENSOR = '''
import numpy as np

class Tensor:
    """An array that knows where it comes from."""

    def __init__(self, data, parents=(), back=None):
        self.data = np.asarray(data, dtype=float)
        self.grad = np.zeros_like(self.data)
        self.parents, self.back = parents, back

    def _made(self, data, other, back):
        return Tensor(data, (self, other) if isinstance(other, Tensor) else (self,), back)

    def __matmul__(self, other):
        return self._made(self.data @ other.data, other, lambda g: (g @ other.data.T, self.data.T @ g))

    def __add__(self, other):
        return self._made(self.data + other.data, other, lambda g: (g, g))

    def __sub__(self, other):
        return self._made(self.data - other.data, other, lambda g: (g, -g))

    def __mul__(self, other):
        if not isinstance(other, Tensor):
            return self._made(self.data * other, other, lambda g: (g * other,))
        return self._made(self.data * other.data, other, lambda g: (g * other.data, g * self.data))

    __rmul__ = __mul__

    def tanh(self):
        y = np.tanh(self.data)
        return self._made(y, None, lambda g: (g * (1 - y**2),))

    def exp(self):
        y = np.exp(self.data)
        return self._made(y, None, lambda g: (g * y,))

    def sum(self):
        return self._made(self.data.sum(), None, lambda g: (g * np.ones_like(self.data),))

    def backward(self):
        order, seen = [], set()
        def visit(node):
            if id(node) not in seen:
                seen.add(id(node))
                for parent in node.parents:
                    visit(parent)
                order.append(node)
        visit(self)
        self.grad = np.ones_like(self.data)
        for node in reversed(order):
            if node.back is not None:
                for parent, g in zip(node.parents, node.back(node.grad)):
                    parent.grad = parent.grad + g
'''
PICK = """
def pick(E, t, M, shape):
    assert t.dtype == "int64" and M.dtype == "bool" and type(shape) is tuple, (t.dtype, M.dtype, shape)
    return (E[t] * M).reshape(shape), tuple(int((t == k).sum()) for k in range(6)), M.any(axis=1)
"""
EMBED = """
import torch
def embed(E, t, M):
    assert E.dtype == torch.float32 and t.dtype == torch.int64 and M.dtype == torch.bool
    return E[t][M].mean()
"""
STEP = """
def step(theta, velocity, rate):
    loss = (theta**2).sum()
    velocity = 0.9*velocity + 2*theta
    return theta - rate*velocity, velocity, loss
"""
RIGHT = {"Tensor": TENSOR, "pick": PICK, "embed": EMBED, "step": STEP}
