"""Exercise 2 of assignment 01: forward passes put together from pieces, and some written in one go."""

from __future__ import annotations

import functools

import torch
from torch import nn

from tests.autograder.mutants.calls import TASKS
from tests.autograder.right_answers.right import Piece, Right, named, put_together, ways, written


def _forward_loop(p, W, B, X, T):
    A = X
    for k in range(4):
        A = p.layer(A, W[k], B[k])
        if k < 3:
            A = p.relu(A)
    return p.error(A, T)


def _forward_written_out(p, W, B, X, T):
    W1, W2, W3, W4 = W
    B1, B2, B3, B4 = B
    A1 = p.relu(p.layer(X, W1, B1))
    A2 = p.relu(p.layer(A1, W2, B2))
    A3 = p.relu(p.layer(A2, W3, B3))
    return p.error(p.layer(A3, W4, B4), T)


def _forward_recursion(p, W, B, X, T):
    def output(k):
        return X if k == 0 else p.layer(hidden(k - 1), W[k - 1], B[k - 1])

    def hidden(k):
        return p.relu(output(k)) if k else X

    return p.error(output(4), T)


def _forward_fold(p, W, B, X, T):
    *hidden, (w, b) = zip(W, B, strict=True)
    A = functools.reduce(lambda A, layer: p.relu(p.layer(A, *layer)), hidden, X)
    return p.error(p.layer(A, w, b), T)


def _forward_point_by_point(p, W, B, X, T):
    Y = []
    for x in X:
        A = x[None]
        for w, b in zip(W[:-1], B[:-1], strict=True):
            A = p.relu(p.layer(A, w, b))
        Y.append(p.layer(A, W[-1], B[-1]))
    return p.error(torch.cat(Y), T)


def _forward_module(p, W, B, X, T):
    class Net(nn.Module):
        def __init__(self, W, B):
            super().__init__()
            self.W, self.B = nn.ParameterList(W), nn.ParameterList(B)

        def forward(self, X):
            for k, (w, b) in enumerate(zip(self.W, self.B, strict=True)):
                X = p.layer(p.relu(X) if k else X, w, b)
            return X

    return p.error(Net(W, B)(X), T)


FORWARD: dict[str, dict[str, Piece]] = {
    "order": {
        **{"a loop": _forward_loop, "written out": _forward_written_out, "recursion": _forward_recursion},
        **{"a fold": _forward_fold, "data point by data point": _forward_point_by_point},
        "a module": _forward_module,
    },
    "layer": ways(
        "A, W, B",
        """
A @ W + B | torch.add(torch.matmul(A, W), B) | torch.addmm(B, A, W) | functional.linear(A, W.T, B)
torch.einsum("ni,ij->nj", A, W) + B | torch.stack([a @ W + B for a in A]) | (W.T @ A.T).T + B
(A[:, :, None] * W).sum(1) + B[None, :] | torch.tensordot(A, W, dims=1) + B.unsqueeze(0)
torch.cat([A, torch.ones_like(A[:, :1])], dim=1) @ torch.vstack([W, B])
torch.stack([A @ W[:, j] + B[j] for j in range(W.shape[1])], dim=1)
""",
    ),
    "relu": ways(
        "Z",
        """
torch.relu(Z) | Z.relu() | torch.clamp(Z, min=0) | Z.clip(0) | torch.maximum(Z, torch.zeros_like(Z))
Z.relu_() | torch.max(Z, torch.zeros(1).to(Z.dtype)) | torch.where(Z > 0, Z, 0.0) | functional.relu(Z)
torch.nn.ReLU()(Z) | Z * (Z > 0) | (Z + Z.abs()) / 2 | functional.threshold(Z, 0, 0)
-torch.minimum(-Z, torch.zeros(())) | Z.masked_fill(Z < 0, 0)
""",
    ),
    "error": ways(
        "Y, T",
        """
torch.mean((Y - T) ** 2) | (Y - T).pow(2).mean() | functional.mse_loss(Y, T) | torch.nn.MSELoss()(Y, T)
((Y - T) ** 2).sum() / len(T) | torch.square(T - Y).mean() | torch.linalg.norm(Y - T) ** 2 / T.shape[0]
torch.dot((Y - T).flatten(), (Y - T).flatten()) / T.numel() | ((Y - T).T @ (Y - T) / len(T)).squeeze()
torch.einsum("nk,nk->", Y - T, Y - T) / len(T) | (Y * Y).mean() - 2 * (Y * T).mean() + (T * T).mean()
functional.mse_loss(Y.flatten(), T.flatten(), reduction="sum") / len(T)
sum((y[0] - t[0]) ** 2 for y, t in zip(Y, T)) / len(T)
""",
    ),
}
_simple = TASKS["01", "exercise2"].function()


def backward_already_called(W, B, X, T):
    err = _simple(W, B, X, T)
    err.backward(retain_graph=True)
    return err


def backward_called_twice(W, B, X, T):
    for _ in range(2):
        err = _simple(W, B, X, T)
        err.backward(retain_graph=True)
        W[0].grad = None
    return err


def backward_on_another_graph(W, B, X, T):
    _simple(W, B, X, T).backward()
    return _simple(W, B, X, T)


def sequential_and_functional_call(W, B, X, T):
    layers = (
        nn.Linear(4, 6),
        nn.ReLU(),
        nn.Linear(6, 6),
        nn.ReLU(),
        nn.Linear(6, 6),
        nn.ReLU(),
        nn.Linear(6, 1),
    )
    given = {f"{2 * k}.weight": W[k].T for k in range(4)} | {f"{2 * k}.bias": B[k] for k in range(4)}
    return nn.MSELoss()(torch.func.functional_call(nn.Sequential(*layers), given, (X,)), T)


def errors_of_the_points_averaged(W, B, X, T):
    return torch.stack([_simple(W, B, x[None], t[None]) for x, t in zip(X, T, strict=True)]).mean()


def all_points_at_once(W, B, X, T):
    return torch.vmap(lambda x, t: _simple(W, B, x[None], t[None]))(X, T).mean()


def batches_of_matrices(W, B, X, T):
    A = X[:, None, :]
    for k in range(4):
        A = torch.baddbmm(B[k].expand(len(X), 1, -1), A, W[k].expand(len(X), -1, -1))
        A = A.relu() if k < 3 else A
    return ((A[:, 0] - T) ** 2).mean()


def gradients_switched_on(W, B, X, T):
    with torch.no_grad():
        print(_simple(W, B, X, T))
    with torch.enable_grad():
        return _simple(W, B, X, T)


def own_backward(W, B, X, T):
    class Relu(torch.autograd.Function):
        @staticmethod
        def forward(context, Z):
            context.save_for_backward(Z)
            return Z.clamp(min=0)

        @staticmethod
        def backward(context, D):
            (Z,) = context.saved_tensors
            return D * (Z > 0)

    A = X
    for k in range(3):
        A = Relu.apply(A @ W[k] + B[k])
    return ((A @ W[3] + B[3] - T) ** 2).mean()


LINE_BY_LINE = """
double precision             X, T = X.double(), T.double(); W1, W2, W3, W4 = (w.double() for w in W);
    B1, B2, B3, B4 = (b.double() for b in B)
double precision and back    X, T = X.double(), T.double(); W1, W2, W3, W4 = (w.double() for w in W);
    B1, B2, B3, B4 = (b.double() for b in B); answer = right.float()
gradients asked for inside   torch.autograd.grad(error, W1, retain_graph=True); answer = right
new tensors of the data      X, T = torch.tensor(X.tolist()), torch.from_numpy(T.numpy().copy())
data that require gradients  X = X.clone().requires_grad_()
parameters cloned            W, B, X = [w.clone() for w in W], [1.0 * b for b in B], X.detach()
kept gradients               Z1 = right; Z1.retain_grad(); Z2 = right; Z2.retain_grad(); Z3 = right;
    Z3.retain_grad(); Y = right; Y.retain_grad()
prints and warns             import sys, warnings; print(f"err = {error}");
    warnings.warn("mind the gap", stacklevel=1); print("done", file=sys.stderr); answer = right
"""


def forward_passes() -> list[Right]:
    """Exercise 2 of assignment 01."""
    alone = (backward_already_called, backward_called_twice, backward_on_another_graph)
    alone += (sequential_and_functional_call, errors_of_the_points_averaged, all_points_at_once)
    alone += (batches_of_matrices, gradients_switched_on, own_backward)
    exercise = ("01", "exercise2")
    return put_together(exercise, FORWARD, 30) + named(exercise, alone) + written(exercise, LINE_BY_LINE)
