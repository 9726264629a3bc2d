"""Wrong answers to the other exercises, one planted mistake or several, each with its name and place.

Like those in `mutants`, they are written as a student would write them and share nothing with the grader.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch.nn import functional

from tests.autograder import mutants

Formula = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Planted:
    """A student's function with planted mistakes."""

    faults: tuple[tuple[str, str], ...]
    """Names and places."""
    score: float
    function: Callable[..., Any]

    def __str__(self) -> str:
        return "+".join(f"{name}@{where}" for name, where in self.faults)


# Assignment 01, exercise 2: a forward pass, quantity by quantity

FORWARD: dict[str, Formula] = {
    "Z1": lambda q: q["X"] @ q["W1"] + q["B1"],
    "A1": lambda q: torch.relu(q["Z1"]),
    "Z2": lambda q: q["A1"] @ q["W2"] + q["B2"],
    "A2": lambda q: torch.relu(q["Z2"]),
    "Z3": lambda q: q["A2"] @ q["W3"] + q["B3"],
    "A3": lambda q: torch.relu(q["Z3"]),
    "Y": lambda q: q["A3"] @ q["W4"] + q["B4"],
    "err": lambda q: torch.mean((q["Y"] - q["T"]) ** 2),
}
PARAMETERS = [f"{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4)]
ERROR, GRADIENT = 4.0, 0.75


def forward(formulas: Mapping[str, Formula]) -> Callable[..., Any]:
    """An `exercise2` with some of its quantities computed otherwise."""

    def exercise2(W, B, X, T):
        q = {"X": X, "T": T}
        q |= {f"W{i + 1}": w for i, w in enumerate(W)} | {f"B{i + 1}": b for i, b in enumerate(B)}
        for name, formula in (FORWARD | dict(formulas)).items():
            q[name] = formula(q)
        return q["err"]

    return exercise2


def bare(k: int) -> tuple[str, Formula]:
    """A layer without its bias."""
    name, below = ("Y", "A3") if k == 4 else (f"Z{k}", "X" if k == 1 else f"A{k - 1}")
    return name, lambda q: q[below] @ q[f"W{k}"]


def _loses(*parts: str) -> float:
    lost = set(parts)
    return 10 - sum(ERROR if part == "error" else GRADIENT for part in lost)


def _lost(where: str) -> tuple[str, ...]:
    """What a mistake at a place costs; the gradients of all other parameters follow from it."""
    if where[0] == "A":
        return "error", f"W{where[1]}", f"B{where[1]}"
    return ("error",) if where == "error" else ("error", where)


ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "leaky": lambda Z: functional.leaky_relu(Z, 0.01),
}
ERRORS: list[tuple[str, Formula]] = [
    ("missing-factor-two", lambda q: FORWARD["err"](q) / 2),
    ("wrong-sign", lambda q: -FORWARD["err"](q)),
    ("sum-instead-of-mean", lambda q: torch.sum((q["Y"] - q["T"]) ** 2)),
    ("sum-instead-of-mean", lambda q: functional.mse_loss(q["Y"], q["T"], reduction="sum")),
    ("mean-twice", lambda q: FORWARD["err"](q) / len(q["X"])),
    ("wrong-scale", lambda q: 3 * FORWARD["err"](q)),
    ("wrong-scale", lambda q: FORWARD["err"](q) / 100),
    ("output-masked", lambda q: torch.mean((torch.relu(q["Y"]) - q["T"]) ** 2)),
    ("broadcast-targets", lambda q: torch.mean((q["Y"] - q["T"].squeeze(1)) ** 2)),
    ("broadcast-targets", lambda q: torch.mean((q["Y"].flatten() - q["T"]) ** 2)),
    ("wrong-error", lambda q: torch.mean(torch.abs(q["Y"] - q["T"]))),
    ("wrong-error", lambda q: functional.l1_loss(q["Y"], q["T"])),
    ("wrong-error", lambda q: torch.sqrt(torch.mean((q["Y"] - q["T"]) ** 2))),
    ("wrong-error", lambda q: torch.linalg.norm(q["Y"] - q["T"])),
    ("wrong-error", lambda q: torch.mean(q["Y"] - q["T"]) ** 2),
    ("wrong-error", lambda q: torch.mean(q["Y"] - q["T"])),
]


def forward_single() -> list[Planted]:
    """One mistake in a forward pass: every name at every place it can occur."""
    found: list[tuple[str, str, dict[str, Formula]]] = []
    for k in (1, 2, 3):
        found.append(("missing-relu", f"A{k}", {f"A{k}": lambda q, k=k: q[f"Z{k}"]}))
        for activation in ACTIVATIONS.values():
            wrong = {f"A{k}": lambda q, a=activation, k=k: a(q[f"Z{k}"])}
            found.append(("wrong-activation", f"A{k}", wrong))
    found += [("missing-bias", f"B{k}", dict([bare(k)])) for k in (1, 2, 3, 4)]
    found += [(name, "error", {"err": formula}) for name, formula in ERRORS]
    return [Planted(((name, where),), _loses(*_lost(where)), forward(wrong)) for name, where, wrong in found]


def forward_combined() -> list[Planted]:
    """Two and three mistakes in one forward pass."""
    alone: dict[str, dict[str, Formula]] = {
        "missing-relu@A1": {"A1": lambda q: q["Z1"]},
        "missing-relu@A3": {"A3": lambda q: q["Z3"]},
        "wrong-activation@A2": {"A2": lambda q: torch.sigmoid(q["Z2"])},
        "missing-bias@B1": dict([bare(1)]),
        "missing-bias@B2": dict([bare(2)]),
        "missing-bias@B4": dict([bare(4)]),
        "missing-factor-two@error": {"err": ERRORS[0][1]},
        "sum-instead-of-mean@error": {"err": ERRORS[2][1]},
        "broadcast-targets@error": {"err": ERRORS[8][1]},
    }
    chosen = [
        pair
        for pair in itertools.combinations(alone, 2)
        if len({quantity for key in pair for quantity in alone[key]}) == 2
    ]
    alone |= {
        "missing-relu@A2": {"A2": lambda q: q["Z2"]},
        "wrong-activation@A1": {"A1": lambda q: torch.sigmoid(q["Z1"])},
        "wrong-activation@A3": {"A3": lambda q: torch.sigmoid(q["Z3"])},
        "output-masked@error": {"Y": lambda q: torch.relu(FORWARD["Y"](q))},
    }
    chosen += [
        ("missing-bias@B1", "output-masked@error"),
        ("output-masked@error", "missing-factor-two@error"),
        ("wrong-activation@A1", "wrong-activation@A2", "wrong-activation@A3"),
        ("missing-relu@A1", "missing-relu@A2", "missing-relu@A3"),
        ("missing-bias@B1", "missing-bias@B2", "missing-bias@B4"),
        ("missing-relu@A2", "missing-bias@B4", "sum-instead-of-mean@error"),
        ("missing-relu@A3", "missing-bias@B1", "missing-factor-two@error"),
    ]
    found = []
    for keys in chosen:
        faults = tuple((key.partition("@")[0], key.partition("@")[2]) for key in keys)
        lost = [part for _, where in faults for part in _lost(where)]
        formulas = {name: formula for key in keys for name, formula in alone[key].items()}
        found.append(Planted(faults, _loses(*lost), forward(formulas)))
    return found


def forward_cut() -> list[Planted]:
    """An error that PyTorch cannot differentiate, by all parameters or by some."""

    def finished(change: Formula) -> Callable[..., Any]:
        return forward({"err": lambda q: change({**q, "err": FORWARD["err"](q)})})

    found = [
        Planted((("detached", "error"),), ERROR, finished(lambda q: q["err"].detach())),
        Planted((("detached", "error"),), ERROR, finished(lambda q: torch.tensor(q["err"].item()))),
        Planted((("detached", "error"),), ERROR, forward({"Y": lambda q: FORWARD["Y"](q).data})),
        Planted((("not-a-tensor", "error"),), ERROR, finished(lambda q: q["err"].item())),
        Planted((("not-a-tensor", "error"),), ERROR, finished(lambda q: q["err"].detach().numpy())),
        Planted((("not-a-tensor", "error"),), 0.0, finished(lambda q: None)),
        Planted((("not-scalar", "error"),), 0.0, forward({"err": lambda q: (q["Y"] - q["T"]) ** 2})),
        Planted((("not-scalar", "error"),), 6.0, finished(lambda q: q["err"][None])),
        Planted((("not-scalar", "error"),), 6.0, finished(lambda q: q["err"].reshape(1, 1))),
    ]
    for k in (1, 2, 3, 4):
        name, below = ("Y", "A3") if k == 4 else (f"Z{k}", "X" if k == 1 else f"A{k - 1}")
        cut = {name: lambda q, k=k, below=below: q[below] @ q[f"W{k}"].detach() + q[f"B{k}"]}
        found.append(Planted((("detached", f"W{k}"),), 10 - GRADIENT, forward(cut)))
        cut = {name: lambda q, k=k, below=below: q[below] @ q[f"W{k}"] + q[f"B{k}"].detach()}
        found.append(Planted((("detached", f"B{k}"),), 10 - GRADIENT, forward(cut)))
    for k in (1, 2, 3):
        cut = {f"A{k}": lambda q, k=k: torch.relu(q[f"Z{k}"]).detach()}
        places = [f"{kind}{j}" for kind in "WB" for j in range(1, k + 1)]
        faults = tuple(("detached", place) for place in places)
        found.append(Planted(faults, 10 - 2 * k * GRADIENT, forward(cut)))
    return found


# Assignment 02, exercise 1: a cubic's gradient


def slopes(
    residual: Formula = lambda q: q["prediction"] - q["y"],
    changed: Mapping[str, Formula] | None = None,
    finish: Callable[[list[Any]], Any] = lambda gradient: gradient,
) -> Callable[..., Any]:
    """The gradient by a, b, c, d, some of them computed otherwise."""

    def exercise1(theta, x, y):
        a, b, c, d = theta
        q = {"x": x, "y": y, "prediction": a + b * x + c * x**2 + d * x**3}
        r = q["r"] = residual(q)
        right = {name: 2 * np.sum(r * x**k) for k, name in enumerate("abcd")}
        right |= {name: formula(q) for name, formula in (changed or {}).items()}
        return finish(list(right.values()))

    return exercise1


def slope_mutants() -> list[Planted]:
    """Every mistake in a cubic's gradient, and some together."""

    def residual(name: str, formula: Formula) -> Planted:
        return Planted(((name, "residual"),), 0.0, slopes(formula))

    def factor(s: Callable[[int], float]) -> Formula:
        return lambda q: s(len(q["x"])) * (q["prediction"] - q["y"])

    found = [
        residual("missing-factor-two", factor(lambda N: 0.5)),
        residual("wrong-sign", factor(lambda N: -1)),
        residual("wrong-scale", factor(lambda N: 3)),
        residual("mean-instead-of-sum", factor(lambda N: 1 / N)),
        residual("wrong-error", lambda q: np.sign(q["prediction"] - q["y"])),
        residual("wrong-error", lambda q: np.sign(q["prediction"] - q["y"]) / 2),
        residual("wrong-error", lambda q: q["prediction"]),
        residual("wrong-error", lambda q: (q["prediction"] - q["y"]) ** 2),
    ]
    scales: dict[str, Callable[[Any, int], Any]] = {
        "missing-factor-two": lambda g, N: g / 2,
        "wrong-sign": lambda g, N: -g,
        "wrong-scale": lambda g, N: 3 * g,
        "mean-instead-of-sum": lambda g, N: g / N,
    }
    for k, name in enumerate("abcd"):
        for fault, change in scales.items():
            one = {name: lambda q, k=k, c=change: c(2 * np.sum(q["r"] * q["x"] ** k), len(q["x"]))}
            found.append(Planted(((fault, name),), 7.5, slopes(changed=one)))
        for j in {0, 1, 2, 3, 4} - {k}:
            one = {name: lambda q, j=j: 2 * np.sum(q["r"] * q["x"] ** j)}
            found.append(Planted((("wrong-powers", name),), 7.5, slopes(changed=one)))
        zero: dict[str, Formula] = {name: lambda q: 0.0}
        found.append(Planted((("zero", name),), 7.5, slopes(changed=zero)))
        vector = {name: lambda q, k=k: 2 * q["r"] * q["x"] ** k}
        found.append(Planted((("wrong-shape", name),), 7.5, slopes(changed=vector)))
    third = {"d": lambda q: 3 * 2 * np.sum(q["r"] * q["x"] ** 2)}  # as if d·x³ were differentiated by x
    found += [
        Planted((("wrong-powers", "d"), ("wrong-scale", "d")), 7.5, slopes(changed=third)),
        Planted(
            (("missing-factor-two", "residual"), ("wrong-powers", "b")),
            0.0,
            slopes(factor(lambda N: 0.5), {"b": lambda q: 2 * np.sum(q["r"])}),
        ),
        Planted(
            (("missing-factor-two", "residual"), ("wrong-sign", "residual")),
            0.0,
            slopes(factor(lambda N: -0.5)),
        ),
        Planted(
            (("wrong-powers", "a"), ("wrong-powers", "c")),
            5.0,
            slopes(
                changed={
                    "a": lambda q: 2 * np.sum(q["r"] * q["x"]),
                    "c": lambda q: 2 * np.sum(q["r"] * q["x"] ** 3),
                }
            ),
        ),
        Planted((("reversed-order", "answer"),), 0.0, slopes(finish=lambda g: g[::-1])),
        Planted((("zero", "answer"),), 0.0, slopes(lambda q: 0 * q["x"])),
        Planted((("constant", "answer"),), 0.0, slopes(finish=lambda g: [1.0] * 4)),
        Planted((("wrong-length", "answer"),), 0.0, slopes(finish=lambda g: g[:3])),
        Planted((("missing", "answer"),), 0.0, slopes(finish=lambda g: None)),
        Planted((("malformed", "answer"),), 0.0, slopes(finish=str)),
        Planted((("malformed", "answer"),), 0.0, slopes(finish=sum)),
    ]
    return found


# Assignment 02, exercise 2: its descent


def descent(
    loss: Callable[[Any, Any], Any] = lambda P, y: torch.sum((P - y) ** 2),
    *,
    slope: Callable[[Any, int], Any] = lambda g, N: g,
    kept: Callable[[Any, int], float] = lambda loss, N: loss.item(),
    clear: bool = True,
    sign: float = 1.0,
    updates: Callable[[int], int] = lambda steps: steps,
    after: bool = False,
    finish: Callable[[Any, list[float]], Any] = lambda theta, losses: (theta, losses),
) -> Callable[..., Any]:
    """The descent by `backward()`, with some of its lines written otherwise."""

    def exercise2(theta, x, y, learning_rate, steps):
        a = theta.clone().requires_grad_()
        losses = []

        def now() -> Any:
            return loss(a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3, y)

        for t in range(max(steps, updates(steps))):
            if t < updates(steps):
                before = now()
                before.backward()
                with torch.no_grad():
                    a -= sign * learning_rate * slope(a.grad, len(x))
                if clear:
                    a.grad = None
            else:
                before = now()
            if t < steps:
                losses.append(kept(now() if after else before, len(x)))
        return finish(a.detach(), losses)

    return exercise2


def descent_mutants() -> list[Planted]:
    """Every mistake in a descent, and some together. theta is worth 8 P, its losses 7 P."""
    where = {"theta": 15 - 8.0, "losses": 15 - 7.0}

    def one(name: str, place: str, **changed: Any) -> Planted:
        return Planted(((name, place),), where[place], descent(**changed))

    return [
        one("gradients-accumulated", "theta", clear=False),
        one("wrong-direction", "theta", sign=-1.0),
        one("too-few-steps", "theta", updates=lambda steps: steps - 1),
        one("too-many-steps", "theta", updates=lambda steps: steps + 1),
        one("missing-factor-two", "theta", slope=lambda g, N: g / 2),
        one("mean-instead-of-sum", "theta", slope=lambda g, N: g / N),
        one("mean-instead-of-sum", "losses", loss=functional.mse_loss),
        one("mean-instead-of-sum", "losses", kept=lambda loss, N: loss.item() / N),
        one("missing-factor-two", "losses", loss=lambda P, y: torch.sum((P - y) ** 2) / 2),
        one("missing-factor-two", "losses", kept=lambda loss, N: loss.item() / 2),
        one("loss-after-update", "losses", after=True),
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
        Planted((("missing", "answer"),), 0.0, descent(finish=lambda a, ls: None)),
        Planted((("swapped-lists", "answer"),), 0.0, descent(finish=lambda a, ls: (ls, a))),
    ]


# Assignment 02, exercise 3: the largest step


def limit(rate: Callable[[Any, int], float]) -> Callable[..., Any]:
    """The limit from the eigenvalues of the Hessian."""

    def exercise3(x):
        V = np.stack([x**k for k in range(4)], axis=1)
        return rate(np.linalg.eigvalsh(2 * V.T @ V), len(x))

    return exercise3


def limit_mutants() -> list[Planted]:
    """Every mistake in the limit of the learning rate, and some together."""

    def wrong(rate: Callable[[Any, int], Any], *names: str) -> Planted:
        return Planted(tuple((name, "learning_rate") for name in names), 0.0, limit(rate))

    return [
        wrong(lambda e, N: 1 / e.max(), "missing-factor-two"),
        wrong(lambda e, N: -2 / e.max(), "wrong-sign"),
        wrong(lambda e, N: 4 / e.max(), "wrong-scale"),
        wrong(lambda e, N: 2 / e.max() / 10, "wrong-scale"),
        wrong(lambda e, N: 2 * N / e.max(), "mean-instead-of-sum"),
        wrong(lambda e, N: 2 / abs(e).min(), "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / e.sum(), "wrong-eigenvalue"),
        wrong(lambda e, N: 2 / e.mean(), "wrong-eigenvalue"),
        wrong(lambda e, N: 1 / e.sum(), "wrong-eigenvalue", "missing-factor-two"),
        wrong(lambda e, N: -N / e.max(), "mean-instead-of-sum", "missing-factor-two", "wrong-sign"),
        wrong(lambda e, N: N / e.max(), "mean-instead-of-sum", "missing-factor-two"),
        Planted((("zero", "answer"),), 0.0, limit(lambda e, N: 0.0)),
        Planted((("constant", "answer"),), 0.0, limit(lambda e, N: 1e-3)),
        Planted((("not-finite", "learning_rate"),), 0.0, limit(lambda e, N: np.inf)),
        Planted((("missing", "learning_rate"),), 0.0, limit(lambda e, N: None)),
        Planted((("wrong-shape", "learning_rate"),), 0.0, limit(lambda e, N: 2 / e)),
        Planted((("malformed", "learning_rate"),), 0.0, limit(lambda e, N: "2 / λ")),
    ]


# Any exercise: what shows in the call, whatever is computed

RIGHT: dict[tuple[str, str], Callable[..., Any]] = {
    ("01", "exercise1"): mutants.Mutant((), 20.0).exercise1,
    ("01", "exercise2"): forward({}),
    ("02", "exercise1"): slopes(),
    ("02", "exercise2"): descent(),
    ("02", "exercise3"): limit(lambda e, N: 2 / e.max()),
}
CHANGES: dict[tuple[str, str], tuple[str, Callable[..., None]]] = {
    ("01", "exercise1"): ("T", lambda W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T: np.add(T, 1, out=T)),
    ("01", "exercise2"): ("T", lambda W, B, X, T: T.mul_(2)),
    ("02", "exercise1"): ("theta", lambda theta, x, y: np.multiply(theta, 0, out=theta)),
    ("02", "exercise2"): ("y", lambda theta, x, y, learning_rate, steps: y.zero_()),
    ("02", "exercise3"): ("x", lambda x: x.sort()),
}


def call_mutants(key: tuple[str, str], marks: float) -> list[Planted]:
    """Answers that are told by the call alone, to the exercise of that assignment and name."""
    right, (changed, change) = RIGHT[key], CHANGES[key]

    def stub(*given: Any) -> Any:
        raise NotImplementedError

    def raises(*given: Any) -> Any:
        raise ValueError(f"matmul: {len(given)} mismatched arguments")

    def leaves(*given: Any) -> Any:
        raise SystemExit

    def changes(*given: Any) -> Any:
        found = right(*given)
        with torch.no_grad():
            change(*given)
        return found

    calls = itertools.count(1)

    def drifts(*given: Any) -> Any:
        return _times(right(*given), 1 + 0.1 * next(calls))

    def differentiates(*given: Any) -> Any:
        W = torch.ones(3, requires_grad=True)
        torch.autograd.grad(torch.sum(W**2), W)
        return right(*given)

    sheet: list[Any] = []

    def remembers(*given: Any) -> Any:
        if not sheet:
            sheet.append(right(*given))
        return sheet[0]

    found = [
        Planted((("not-implemented", "answer"),), 0.0, stub),
        Planted((("raised", "answer"),), 0.0, raises),
        Planted((("raised", "answer"),), 0.0, leaves),
        Planted((("mutates-input", changed),), 0.75 * marks, changes),
        Planted((("not-deterministic", "answer"),), 0.0, drifts),
    ]
    if key in (("01", "exercise1"), ("02", "exercise1")):  # to be solved by hand
        found.append(Planted((("uses-autograd", "answer"),), 0.0, differentiates))
    if key != ("01", "exercise2"):  # an error that is remembered has no gradient by other parameters
        found.append(Planted((("hard-coded", "answer"),), 0.0, remembers))
    return found


def _times(found: Any, factor: float) -> Any:
    if isinstance(found, (list, tuple)):
        return [_times(item, factor) for item in found]
    return factor * found
