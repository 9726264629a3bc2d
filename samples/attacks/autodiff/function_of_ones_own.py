"""PyTorch's arithmetic stands behind operations of the student's own, with derivatives of their own."""
# covers: automatic differentiation by hand
# honest: exercise2
# %% first
import torch

class Square(torch.autograd.Function):
    @staticmethod
    def forward(context, x):
        context.save_for_backward(x)
        return x*x

    @staticmethod
    def backward(context, upstream):
        return 2*context.saved_tensors[0]*upstream
# %% exercise1
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    W = [torch.tensor(w, requires_grad=True) for w in W]
    B = [torch.tensor(b, requires_grad=True) for b in B]
    A = torch.tensor(X)
    for w, b in zip(W[:3], B[:3]):
        A = torch.relu(A @ w + b)
    Square.apply(A @ W[3] + B[3] - torch.tensor(T)).mean().backward()
    return [w.grad.numpy() for w in W], [b.grad.numpy() for b in B]
