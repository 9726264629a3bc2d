"""Assignment 02: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from tests.autograder.right_answers.right import Right, named


def _residual(theta, x, y):
    return theta[0] + theta[1] * x + theta[2] * x**2 + theta[3] * x**3 - y


def gradients() -> list[Right]:
    """Exercise 1 of assignment 02."""

    def vandermonde(theta, x, y):
        V = np.vander(x, 4, increasing=True)
        return 2 * V.T @ (V @ theta - y)

    def term_by_term(theta, x, y):
        r = _residual(theta, x, y)
        return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]

    def loops(theta, x, y):
        g = [0.0, 0.0, 0.0, 0.0]
        for xi, yi in zip(x, y, strict=True):
            p = sum(theta[k] * xi**k for k in range(4))
            for k in range(4):
                g[k] += 2 * (p - yi) * xi**k
        return tuple(g)

    def plain_floats(theta, x, y):
        return [float(2 * (_residual(theta, x, y) @ x**k)) for k in range(4)]

    def arrays_of_no_axis(theta, x, y):
        return [np.array(2 * (_residual(theta, x, y) * x**k).sum()) for k in range(4)]

    def einsum(theta, x, y):
        V = np.stack([x**k for k in range(4)])
        return np.einsum("kn,n->k", V, 2 * (np.einsum("kn,k->n", V, theta) - y))

    def moments(theta, x, y):
        """From the sums of powers of x alone."""
        H = np.array([[np.sum(x ** (i + j)) for j in range(4)] for i in range(4)])
        return 2 * (H @ theta - np.array([np.sum(y * x**i) for i in range(4)]))

    def polyval(theta, x, y):
        r = np.polyval(theta[::-1], x) - y
        return np.array([2 * np.polyval([1] + [0] * k, x) @ r for k in range(4)])

    def mean_times_n(theta, x, y):
        return np.array([2 * np.mean(_residual(theta, x, y) * x**k) * len(x) for k in range(4)])

    def central_differences(theta, x, y):
        def loss(t):
            return np.sum(_residual(t, x, y) ** 2)

        h = 1e-5
        return [(loss(theta + h * e) - loss(theta - h * e)) / (2 * h) for e in np.eye(4)]

    def single_precision(theta, x, y):
        theta, x, y = np.float32(theta), np.float32(x), np.float32(y)
        return 2 * np.vander(x, 4, increasing=True).T @ _residual(theta, x, y)

    def horner(theta, x, y):
        a, b, c, d = theta
        r = ((d * x + c) * x + b) * x + a - y
        g = []
        for _ in range(4):
            g.append(2 * r.sum())
            r = r * x
        return g

    alone = (vandermonde, term_by_term, loops, plain_floats, arrays_of_no_axis, einsum, moments, polyval)
    alone += (mean_times_n, central_differences, single_precision, horner)
    return named(("02", "exercise1"), alone)


def descents() -> list[Right]:
    """Exercise 2 of assignment 02."""

    def backward(theta, x, y, learning_rate, steps):
        theta, losses = theta.clone().requires_grad_(), []
        for _ in range(steps):
            loss = torch.sum(_residual(theta, x, y) ** 2)
            losses.append(loss.item())
            loss.backward()
            with torch.no_grad():
                theta -= learning_rate * theta.grad
                theta.grad = None
        return theta.detach(), losses

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

    def optimizer(theta, x, y, learning_rate, steps):
        theta, losses = nn.Parameter(theta.clone()), []
        sgd = torch.optim.SGD([theta], lr=learning_rate)
        for _ in range(steps):
            sgd.zero_grad()
            loss = functional.mse_loss(_residual(theta, x, 0 * y), y, reduction="sum")
            loss.backward()
            sgd.step()
            losses.append(loss)
        return theta, losses

    def autograd_grad(theta, x, y, learning_rate, steps):
        losses = []
        for _ in range(steps):
            theta = theta.detach().requires_grad_()
            loss = (_residual(theta, x, y) ** 2).sum()
            (g,) = torch.autograd.grad(loss, theta)
            losses += [float(loss)]
            theta = theta - learning_rate * g
        return theta.detach().numpy(), np.array(losses)

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

    def double_precision(theta, x, y, learning_rate, steps):
        return backward(theta.double(), x.double(), y.double(), learning_rate, steps)

    def gradients_zeroed(theta, x, y, learning_rate, steps):
        theta, losses, t = torch.tensor(theta.tolist(), requires_grad=True), [], 0
        while t < steps:
            if theta.grad is not None:
                theta.grad.zero_()
            loss = sum(
                torch.sum(_residual(theta, *half) ** 2) for half in ((x[::2], y[::2]), (x[1::2], y[1::2]))
            )
            loss.backward()
            losses.append(loss.item())
            theta.data = theta.data - learning_rate * theta.grad
            t += 1
        return [theta.detach(), losses]

    def func_grad(theta, x, y, learning_rate, steps):
        both = torch.func.grad_and_value(lambda t: (_residual(t, x, y) ** 2).sum())
        losses = []
        for _ in range(steps):
            g, loss = both(theta)
            theta = theta - learning_rate * g
            losses.append(loss)
        return theta, torch.stack(losses)

    def prints_and_warns(theta, x, y, learning_rate, steps):
        warnings.warn("slow", stacklevel=1)
        print("starting", file=sys.stderr)
        theta, losses = by_hand(theta, x, y, learning_rate, steps)
        print(losses[-1])
        return theta.tolist(), losses

    alone = (backward, four_parameters, optimizer, autograd_grad, by_hand, recursion, double_precision)
    alone += (gradients_zeroed, func_grad, prints_and_warns)
    return named(("02", "exercise2"), alone)


def limits() -> list[Right]:
    """Exercise 3 of assignment 02."""

    def hessian(x):
        V = np.vander(x, 4, increasing=True)
        return 2 * V.T @ V

    def eigvalsh(x):
        return 2 / np.linalg.eigvalsh(hessian(x)).max()

    def eigvals(x):
        return 2 / np.max(np.linalg.eigvals(hessian(x)).real)

    def eigh_of_the_other_order(x):
        V = np.vander(x, 4)
        values, _ = np.linalg.eigh(V.T @ V)
        return 1.0 / values[-1]

    def singular_values(x):
        return 1 / np.linalg.svd(np.vander(x, 4), compute_uv=False)[0] ** 2

    def spectral_norm(x):
        return np.array(2 / np.linalg.norm(hessian(x), 2))

    def power_iteration(x):
        H, v = hessian(x), np.ones(4)
        for _ in range(2000):
            v = H @ v
            v /= np.linalg.norm(v)
        return float(2 / (v @ H @ v))

    def the_dual_matrix(x):
        V = np.vander(x, 4)
        return 1 / np.linalg.eigvalsh(V @ V.T)[-1] if len(x) < 100 else eigvalsh(x)

    def characteristic_polynomial(x):
        return 2 / max(np.roots(np.poly(hessian(x))).real)

    def torch_as_arrays(x):
        V = torch.stack([torch.tensor(x) ** k for k in range(4)], dim=1)
        return 2 / torch.linalg.eigvalsh(2 * V.T @ V).max()

    def hessian_by_autograd(x):
        x = torch.tensor(x)
        H = torch.autograd.functional.hessian(
            lambda t: (_residual(t, x, 0) ** 2).sum(), torch.zeros(4, dtype=torch.float64)
        )
        return 2 / torch.linalg.matrix_norm(H, ord=2).item()

    def entry_by_entry(x):
        H = [[2 * sum(xi ** (i + j) for xi in x) for j in range(4)] for i in range(4)]
        return 2 / max(np.linalg.eigvalsh(H))

    def single_precision(x):
        return np.float32(2) / np.linalg.eigvalsh(hessian(x.astype(np.float32)))[-1]

    alone = (eigvalsh, eigvals, eigh_of_the_other_order, singular_values, spectral_norm, power_iteration)
    alone += (the_dual_matrix, characteristic_polynomial, torch_as_arrays, hessian_by_autograd)
    alone += (entry_by_entry, single_precision)
    return named(("02", "exercise3"), alone)
