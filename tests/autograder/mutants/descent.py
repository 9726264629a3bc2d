"""Wrong answers to assignment 02: a cubic's descent, its largest step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.autograder.mutants.planted import Planted

# Exercise 2: its descent


def descent(
    loss: Callable[[Any, Any], Any] = lambda P, y: torch.sum((P - y) ** 2),
    *,
    slope: Callable[[Any, int], Any] = lambda g, N: g,
    kept: Callable[[Any, int], float] = lambda loss, N: loss.item(),
    clear: bool = True,
    optimiser: Callable[[Any, float], Any] | None = None,
    rate: Callable[[float, int], float] = lambda rate, t: rate,
    start: Callable[[Any], Any] = lambda theta: theta.clone(),
    sign: float = 1.0,
    updates: Callable[[int], int] = lambda steps: steps,
    after: bool = False,
    finish: Callable[[Any, list[float]], Any] = lambda theta, losses: (theta, losses),
) -> Callable[..., Any]:
    """The descent by `backward()`, with some of its lines written otherwise."""

    def exercise2(theta, x, y, learning_rate, steps):
        a = start(theta).requires_grad_()
        losses: list[float] = []
        stepping = optimiser([a], learning_rate) if optimiser else None

        def now() -> Any:
            return loss(a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3, y)

        for t in range(max(steps, updates(steps))):
            if t < updates(steps):
                before = now()
                before.backward()
                if stepping is not None:
                    stepping.step()
                with torch.no_grad():
                    a -= sign * rate(learning_rate, t) * slope(a.grad, len(x)) * (stepping is None)
                if clear:
                    a.grad = None
            else:
                before = now()
            if t < steps:
                losses.append(kept(now() if after else before, len(x)))
        return finish(a.detach(), losses)

    return exercise2


def _not_assigned(theta: Any, x: Any, y: Any, learning_rate: float, steps: int) -> Any:
    a = theta.clone().requires_grad_()
    losses = []
    for _ in range(steps):
        loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)
        (by_a,) = torch.autograd.grad(loss, a)
        a - learning_rate * by_a  # the mistake
        losses.append(loss.item())
    return a.detach(), losses


def _not_kept(theta: Any, x: Any, y: Any, learning_rate: float, steps: int) -> Any:
    a = theta.clone().requires_grad_()
    losses, after = [], theta
    for _ in range(steps):
        loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)
        (by_a,) = torch.autograd.grad(loss, a)
        after = (a - learning_rate * by_a).detach()  # the mistake: the next step begins with a
        losses.append(loss.item())
    return after, losses


def _penalised(theta: Any, x: Any, y: Any, learning_rate: float, steps: int) -> Any:
    a, losses = theta.clone(), []
    for _ in range(steps):
        a.requires_grad_()
        residuals = a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y
        loss = torch.sum(residuals**2) + 0.2 * torch.sum(a**2)
        (by_a,) = torch.autograd.grad(loss, a)
        losses.append(loss.item())
        a = (a - learning_rate * by_a).detach()
    return a, losses


def _differentiated_once(theta: Any, x: Any, y: Any, learning_rate: float, steps: int) -> Any:
    def loss_at(a: Any) -> Any:
        return torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)

    start = theta.clone().requires_grad_()
    (by_start,) = torch.autograd.grad(loss_at(start), start)
    a, losses = theta.clone(), []
    for _ in range(steps):
        losses.append(loss_at(a).item())
        a = a - learning_rate * by_start
    return a, losses


def _stepped(
    curve: Callable[[Any, Any], Any] = lambda a, x: a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3,
    cleared: Callable[[Any, int], Any] = lambda g, t: None,
    count: Callable[[int], int] = lambda steps: steps,
) -> Callable[..., Any]:
    """The descent on another curve, with the gradient cleared otherwise, or another number of times."""

    def exercise2(theta, x, y, learning_rate, steps):
        a, losses = theta.clone().requires_grad_(), []
        for t in range(count(steps)):
            loss = torch.sum((curve(a, x) - y) ** 2)
            losses.append(loss.item())
            loss.backward()
            with torch.no_grad():
                a -= learning_rate * a.grad
                a.grad = cleared(a.grad, t)
        return a.detach(), losses

    return exercise2


def descent_mutants() -> list[Planted]:
    """Every mistake in a descent, and some together. theta is worth 8 P, its losses 7 P."""
    where = {"theta": 15 - 8.0, "losses": 15 - 7.0}

    def one(name: str, place: str, **changed: Any) -> Planted:
        return Planted(((name, place),), where[place], descent(**changed))

    return [
        one("gradients-accumulated", "theta", clear=False),
        one("wrong-direction", "theta", sign=-1.0),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: 2 * rate),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate / (t + 1)),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate / (t + 1) ** 0.5),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate**2),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate * 0.95**t),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate * 0.9 ** (t + 1)),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: rate / (1 + 0.01 * t)),
        one("wrong-learning-rate", "theta", rate=lambda rate, t: 1e-6),
        one("another-descent", "theta", slope=lambda g, N: g.sign()),
        one("another-descent", "theta", slope=lambda g, N: g / g.norm()),
        one("another-descent", "theta", optimiser=lambda a, rate: torch.optim.SGD(a, rate, momentum=0.9)),
        one("another-descent", "theta", optimiser=lambda a, rate: torch.optim.Adam(a, rate)),
        one("another-descent", "theta", optimiser=lambda a, rate: torch.optim.Adagrad(a, rate)),
        one("another-descent", "theta", optimiser=lambda a, rate: torch.optim.RMSprop(a, rate)),
        one(
            "another-descent",
            "theta",
            optimiser=lambda a, rate: torch.optim.SGD(a, rate, momentum=0.9, nesterov=True),
        ),
        one("another-descent", "theta", slope=lambda g, N: g * torch.tensor([1, 2, 1, 1])),
        one("another-descent", "theta", slope=lambda g, N: g[[0, 1, 1, 3]]),
        one("not-updated", "theta", slope=lambda g, N: g * torch.tensor([1, 1, 1, 0])),
        one("not-updated", "theta", slope=lambda g, N: g * torch.tensor([0, 1, 0, 1])),
        one("broadcast-targets", "losses", loss=lambda P, y: torch.sum((P[:, None] - y) ** 2)),
        *(
            Planted(((name, "losses"),), 8.0, _stepped(curve))
            for name, curve in (
                ("coefficients-reversed", lambda a, x: a[3] + a[2] * x + a[1] * x**2 + a[0] * x**3),
                ("constant-left-out", lambda a, x: a[1] * x + a[2] * x**2 + a[3] * x**3),
                ("term-left-out", lambda a, x: a[0] + a[1] * x + a[3] * x**3),
                ("wrong-term", lambda a, x: a[0] + a[1] * x + a[2] * x**2 + a[3] * x**2),
                ("coefficient-in-bracket", lambda a, x: a[0] + a[1] * x + (a[2] * x) ** 2 + a[3] * x**3),
            )
        ),
        Planted(
            (("gradients-accumulated-in-part", "theta"),),
            7.0,
            _stepped(cleared=lambda g, t: g * torch.tensor([0, 0, 1, 0])),
        ),
        Planted(
            (("gradients-cleared-late", "theta"),),
            7.0,
            _stepped(cleared=lambda g, t: None if t % 3 == 2 else g),
        ),
        Planted((("too-many-steps", "theta"),), 7.0, _stepped(count=lambda steps: steps + 1)),
        Planted((("too-few-steps", "theta"),), 7.0, _stepped(count=lambda steps: steps - 1)),
        Planted((("steps-ignored", "theta"),), 0.0, _stepped(count=lambda steps: 40)),
        one("wrong-start", "theta", start=lambda theta: torch.zeros_like(theta)),
        one("losses-added-up", "losses", finish=lambda a, ls: (a, np.cumsum(ls))),
        one(
            "losses-added-up",
            "losses",
            finish=lambda a, ls: (a, np.cumsum(ls) / np.arange(1, len(ls) + 1)),
        ),
        one("parameters-in-other-order", "theta", finish=lambda a, ls: (a[[1, 2, 3, 0]], ls)),
        one("parameters-in-other-order", "theta", finish=lambda a, ls: (a.flip(0), ls)),
        Planted(
            (("parameters-in-other-order", "theta"), ("mean-instead-of-sum", "losses")),
            0.0,
            descent(functional.mse_loss, finish=lambda a, ls: (a.flip(0), ls)),
        ),
        Planted((("update-not-kept", "theta"),), 7.0, _not_kept),
        one("wrong-error", "losses", kept=lambda loss, N: loss.item() ** 0.5),
        one("too-few-steps", "theta", updates=lambda steps: steps - 1),
        one("too-many-steps", "theta", updates=lambda steps: steps + 1),
        one("missing-factor-two", "theta", slope=lambda g, N: g / 2),
        one("mean-instead-of-sum", "theta", slope=lambda g, N: g / N),
        one("mean-instead-of-sum", "losses", loss=functional.mse_loss),
        one("mean-instead-of-sum", "losses", kept=lambda loss, N: loss.item() / N),
        one("missing-factor-two", "losses", loss=lambda P, y: torch.sum((P - y) ** 2) / 2),
        one("missing-factor-two", "losses", kept=lambda loss, N: loss.item() / 2),
        one("loss-after-update", "losses", after=True),
        one("parameters-unchanged", "theta", sign=0.0),
        one("parameters-unchanged", "theta", slope=lambda g, N: g.zero_()),
        Planted((("penalty-added", "losses"),), 8.0, _penalised),
        Planted((("parameters-unchanged", "theta"),), 7.0, _not_assigned),
        Planted((("gradient-of-the-start", "theta"),), 7.0, _differentiated_once),
        Planted((("returns-start", "theta"),), 7.0, lambda *given: (given[0], descent()(*given)[1])),
        Planted(
            (("parameters-unchanged", "theta"), ("mean-instead-of-sum", "losses")),
            0.0,
            descent(functional.mse_loss, sign=0.0),
        ),
        Planted(
            (("gradients-accumulated", "theta"), ("mean-instead-of-sum", "losses")),
            0.0,
            descent(functional.mse_loss, clear=False),
        ),
        Planted(
            (("gradients-accumulated", "theta"), ("loss-after-update", "losses")),
            0.0,
            descent(clear=False, after=True),
        ),
        Planted(
            (("wrong-direction", "theta"), ("loss-after-update", "losses")),
            0.0,
            descent(sign=-1.0, after=True),
        ),
        Planted(
            (("wrong-direction", "theta"), ("mean-instead-of-sum", "losses")),
            0.0,
            descent(functional.mse_loss, sign=-1.0),
        ),
        Planted(
            (("too-few-steps", "theta"), ("missing-factor-two", "losses")),
            0.0,
            descent(updates=lambda steps: steps - 1, kept=lambda loss, N: loss.item() / 2),
        ),
        Planted((("zero", "answer"),), 0.0, descent(finish=lambda a, ls: (0 * a, [0.0] * len(ls)))),
        Planted((("zero", "theta"),), 7.0, descent(finish=lambda a, ls: (0 * a, ls))),
        Planted((("wrong-shape", "losses"),), 8.0, descent(finish=lambda a, ls: (a, ls[-1]))),
        Planted((("wrong-shape", "losses"),), 8.0, descent(finish=lambda a, ls: (a, ls[1:]))),
        Planted((("not-finite", "losses"),), 8.0, descent(finish=lambda a, ls: (a, [np.nan] * len(ls)))),
        Planted((("missing", "losses"),), 8.0, descent(finish=lambda a, ls: (a, None))),
        Planted((("returns-nothing", "answer"),), 0.0, descent(finish=lambda a, ls: None)),
        Planted((("swapped-lists", "answer"),), 0.0, descent(finish=lambda a, ls: (ls, a))),
    ]


# Exercise 3: the largest step


def limit(
    rate: Callable[[Any, int], float],
    of: Callable[[Any], Any] = np.linalg.eigvalsh,
    powers: Sequence[int] = (0, 1, 2, 3),
) -> Callable[..., Any]:
    """The limit from the eigenvalues of the Hessian."""

    def exercise3(x):
        V = np.stack([x**k for k in powers], axis=1)
        return rate(of(2 * V.T @ V), len(x))

    return exercise3


def limit_mutants() -> list[Planted]:
    """Every mistake in the limit of the learning rate, and some together."""

    def wrong(rate: Callable[[Any, int], Any], *names: str, **changed: Any) -> Planted:
        return Planted(tuple((name, "learning_rate") for name in names), 0.0, limit(rate, **changed))

    return [
        wrong(lambda e, N: 1 / e.max(), "missing-factor-two"),
        wrong(lambda e, N: -2 / e.max(), "wrong-sign"),
        wrong(lambda e, N: 4 / e.max(), "wrong-scale"),
        wrong(lambda e, N: 2 / e.max() / 10, "wrong-scale"),
        wrong(lambda e, N: 2 * N / e.max(), "mean-instead-of-sum"),
        wrong(lambda e, N: 2 / abs(e).min(), "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / e[0], "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / e.min(), "wrong-eigenvalue"),
        wrong(lambda e, N: 1 / e[0], "wrong-eigenvalue", "missing-factor-two"),
        wrong(lambda e, N: 2 / e.sum(), "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / e.mean(), "wrong-eigenvalue"),
        wrong(lambda d, N: 2 / d.max(), "wrong-eigenvalue", of=np.diag),
        wrong(lambda norm, N: 2 / norm, "wrong-eigenvalue", of=np.linalg.norm),
        wrong(lambda e, N: np.sqrt(2) * 2 / np.sqrt(e.max()), "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / (e.max() + e.min()), "wrong-eigenvalue"),
        wrong(lambda e, N: e.max(), "curvature-for-rate"),
        wrong(lambda e, N: 2 / e.max(), "wrong-eigenvalue", powers=(0, 1)),
        wrong(lambda e, N: 2 / e.max(), "wrong-eigenvalue", powers=(1, 2, 3)),
        wrong(lambda e, N: 2 / e.max(), "wrong-eigenvalue", powers=(0, 1, 2)),
        wrong(lambda e, N: 1 / e.sum(), "wrong-eigenvalue", "missing-factor-two"),
        wrong(lambda e, N: -N / e.max(), "mean-instead-of-sum", "missing-factor-two", "wrong-sign"),
        wrong(lambda e, N: N / e.max(), "mean-instead-of-sum", "missing-factor-two"),
        Planted((("zero", "answer"),), 0.0, limit(lambda e, N: 0.0)),
        Planted((("constant", "answer"),), 0.0, limit(lambda e, N: 1e-3)),
        Planted((("not-finite", "learning_rate"),), 0.0, limit(lambda e, N: np.inf)),
        Planted((("returns-nothing", "answer"),), 0.0, limit(lambda e, N: None)),
        Planted((("wrong-shape", "learning_rate"),), 0.0, limit(lambda e, N: 2 / e)),
        Planted((("malformed", "learning_rate"),), 0.0, limit(lambda e, N: "2 / λ")),
        wrong(lambda e, N: 2 / e[-1], "wrong-eigenvalue", of=lambda H: np.linalg.eig(H)[0]),
        wrong(lambda e, N: 2 / e[1], "wrong-eigenvalue"),
        wrong(lambda e, N: 1 / e[2], "wrong-eigenvalue", "missing-factor-two"),
    ]
