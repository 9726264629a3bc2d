"""Assignment 02: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from tests.autograder.right_answers.right import Right, named, written

GRADIENTS = """
vandermonde          V = np.vander(x, 4, increasing=True); answer = 2 * V.T @ (V @ theta - y)
term by term         right
plain floats         [float(2 * (residual @ x**k)) for k in range(4)]
arrays of no axis    [np.array(2 * (residual * x**k).sum()) for k in range(4)]
einsum               V = np.stack([x**k for k in range(4)]);
    answer = np.einsum("kn,n->k", V, 2 * (np.einsum("kn,k->n", V, theta) - y))
# from the sums of powers of x alone
moments              H = np.array([[np.sum(x ** (i + j)) for j in range(4)] for i in range(4)]);
    answer = 2 * (H @ theta - np.array([np.sum(y * x**i) for i in range(4)]))
polyval              residual = np.polyval(theta[::-1], x) - y;
    answer = np.array([2 * np.polyval([1] + [0] * k, x) @ residual for k in range(4)])
mean times n         np.array([2 * np.mean(residual * x**k) * len(x) for k in range(4)])
central differences  loss = lambda t: np.sum((t[0] + t[1] * x + t[2] * x**2 + t[3] * x**3 - y) ** 2);
    h = 1e-5; answer = [(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(4)]
single precision     theta, x, y = np.float32(theta), np.float32(x), np.float32(y);
    answer = 2 * np.vander(x, 4, increasing=True).T @ residual
horner               a, b, c, d = theta; r = ((d * x + c) * x + b) * x + a - y;
    answer = [2 * r.sum(), 2 * (r * x).sum(), 2 * (r * x * x).sum(), 2 * (r * x * x * x).sum()]
"""
DESCENTS = """
backward             right
double precision     theta, x, y = theta.double(), x.double(), y.double()
optimizer            optimiser = torch.optim.SGD([a], lr=learning_rate); losses = [];
    slope = optimiser.step() or 0; loss = functional.mse_loss(P, y, reduction="sum"); kept = loss;
    answer = a, losses
autograd grad        slope = torch.autograd.grad(torch.sum((curve(a, x) - y) ** 2), a)[0];
    answer = end.numpy(), np.array(losses)
gradients zeroed     halves = ((x[::2], y[::2]), (x[1::2], y[1::2])); losses = [];
    loss = sum(torch.sum((curve(a, half) - goal) ** 2) for half, goal in halves); a.grad = a.grad.zero_();
    answer = [end, losses]
func grad            both = torch.func.grad_and_value(lambda t: ((curve(t, x) - y) ** 2).sum()); losses = [];
    slope = both(a.detach())[0]; kept = loss.detach(); answer = end, torch.stack(losses)
prints and warns     import sys, warnings; warnings.warn("slow", stacklevel=1);
    print("starting", file=sys.stderr); losses = []; end = right; print(losses[-1]);
    answer = end.tolist(), losses
"""
LIMITS = """
eigvalsh                   right
eigvals                    2 / np.max(np.linalg.eigvals(H).real)
eigh of the other order    V = np.vander(x, 4); answer = 1.0 / np.linalg.eigh(V.T @ V)[0][-1]
singular values            1 / np.linalg.svd(np.vander(x, 4), compute_uv=False)[0] ** 2
spectral norm              np.array(2 / np.linalg.norm(H, 2))
the dual matrix            V = np.vander(x, 4);
    answer = 1 / np.linalg.eigvalsh(V @ V.T)[-1] if len(x) < 100 else right
characteristic polynomial  2 / max(np.roots(np.poly(H)).real)
torch as arrays            V = torch.stack([torch.tensor(x) ** k for k in range(4)], dim=1);
    e = torch.linalg.eigvalsh(H)
hessian by autograd        A = torch.tensor(V); loss = lambda t: ((A @ t) ** 2).sum();
    H = torch.autograd.functional.hessian(loss, torch.zeros(4, dtype=torch.float64));
    answer = 2 / torch.linalg.matrix_norm(H, ord=2).item()
entry by entry             H = [[2 * sum(xi ** (i + j) for xi in x) for j in range(4)] for i in range(4)]
single precision           x = x.astype(np.float32); answer = np.float32(2) / e[-1]
"""


def _residual(theta, x, y):
    return theta[0] + theta[1] * x + theta[2] * x**2 + theta[3] * x**3 - y


def gradients() -> list[Right]:
    """Exercise 1 of assignment 02."""

    def loops(theta, x, y):
        g = [0.0, 0.0, 0.0, 0.0]
        for xi, yi in zip(x, y, strict=True):
            p = sum(theta[k] * xi**k for k in range(4))
            for k in range(4):
                g[k] += 2 * (p - yi) * xi**k
        return tuple(g)

    return named(("02", "exercise1"), locals().values()) + written(("02", "exercise1"), GRADIENTS)


def descents() -> list[Right]:
    """Exercise 2 of assignment 02."""

    def four_parameters(theta, x, y, learning_rate, steps):
        a, b, c, d = parameters = [nn.Parameter(p.clone()) for p in theta]
        losses = torch.zeros(steps)
        for t in range(steps):
            loss = ((a + b * x + c * x**2 + d * x**3 - y) ** 2).sum()
            losses[t] = loss.detach()
            for p in parameters:
                p.grad = None
            loss.backward()
            for p in parameters:
                p.data -= learning_rate * p.grad
        return [p.item() for p in parameters], losses

    def by_hand(theta, x, y, learning_rate, steps):
        V, losses = torch.stack([x**k for k in range(4)], dim=1), []
        for _ in range(steps):
            r = V @ theta - y
            losses.append((r @ r).item())
            theta = theta - learning_rate * 2 * V.T @ r
        return theta, losses

    def recursion(theta, x, y, learning_rate, steps):
        if steps == 0:
            return theta.detach(), ()
        theta = theta.detach().clone().requires_grad_()
        loss = ((_residual(theta, x, y)) ** 2).sum()
        loss.backward()
        end, losses = recursion(theta - learning_rate * theta.grad, x, y, learning_rate, steps - 1)
        return end, (loss.item(), *losses)

    return named(("02", "exercise2"), locals().values()) + written(("02", "exercise2"), DESCENTS)


def limits() -> list[Right]:
    """Exercise 3 of assignment 02."""

    def power_iteration(x):
        V = np.vander(x, 4, increasing=True)
        H, v = 2 * V.T @ V, np.ones(4)
        for _ in range(2000):
            v = H @ v
            v /= np.linalg.norm(v)
        return float(2 / (v @ H @ v))

    return named(("02", "exercise3"), locals().values()) + written(("02", "exercise3"), LIMITS)
