"""What is graded in `02-gradient-descent`: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from autograder.alternatives.descent import Descent, hessian
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import (
    Alternative,
    Chain,
    Choice,
    Env,
    Model,
    Op,
    Slot,
    Step,
    environment,
)
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part, Value
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.evidence import Mask
from autograder.instances.samplers import Place
from autograder.reference import truth

CURVE = ForwardPass(
    """
    p = powers(x, 3) @ theta
    r = p - y
    L = sum(r ** 2)
    """,
    theta=(4,), x=("N",), y=("N",),
)  # fmt: skip
FORWARD = "L = Σ (a + b·x + c·x² + d·x³ - y)²"
DESCENT = Descent(CURVE)
SHEET_START = (0.36835, -2.04099, -0.06355, 0.31885)  # reproduces the sheet's losses to 3e-6
SHEET_RATE = 1e-6
SHEET_STEPS = 12  # of its 2000: enough to show every mistake, and few enough that none drowns in rounding
SIZES = (1, 7, 12, 33)  # data points of the hidden instances of exercises 1 and 3
DESCENTS = ((7, 5), (12, 9), (33, 17), (50, 30))  # data points and steps, of exercise 2
ENTRY_MARGIN = 2e-2  # smallest entry, in units of what it is a sum of, or of its array's largest
PARAMETERS = "abcd"
ROUNDING = 1e-11  # eigenvalues below this, in units of the largest, are 0 but for rounding


def gradient(instance: Instance) -> Mapping[str, Array]:
    """Give the true ∂L/∂a, ∂L/∂b, ∂L/∂c, ∂L/∂d, each a () array."""
    _, gradients = truth(CURVE, environment(instance), ["theta"])
    return dict(zip(PARAMETERS, map(np.asarray, gradients["theta"]), strict=True))


def largest_learning_rate(instance: Instance) -> Mapping[str, Array]:
    """2/λ, with λ the largest eigenvalue of the Hessian of L, which is the same for all theta and y."""
    return {"learning_rate": np.asarray(2 / _curvatures(instance)[-1])}


def _curvatures(instance: Instance) -> Array:
    """The eigenvalues (4,) of the Hessian, the smallest first."""
    x = instance.inputs["x"]
    anywhere = Instance({"x": x, "y": np.zeros_like(x), "theta": np.zeros(4)}, "")
    return np.asarray(np.linalg.eigvalsh(hessian(CURVE, anywhere, "theta", np.zeros(4))))


@cache
def _sheet(**run: Value) -> Instance:
    """Give the sheet's own data and start."""
    x = np.linspace(-np.pi, np.pi, 2000)
    inputs = {"theta": np.array(SHEET_START), "x": x, "y": np.sin(x), **run}
    steps = f" and start, {SHEET_STEPS} steps" if run else ""
    return Instance(inputs, f"the sheet's own data{steps}", public=True, sizes={"N": len(x)})


def _x(place: Place) -> Array:
    """Draw points on no symmetric grid."""
    return place.rng.uniform(-1.6, 2.0, place.shape)


def _y(place: Place) -> Array:
    """Draw targets that no cubic can meet."""
    rng, one = place.rng, (place.shape[0], 1)
    wave = np.sin(rng.uniform(2, 4, one) * place.known["x"])
    return np.asarray(rng.uniform(-1, 1, one) + wave + 0.8 * rng.standard_normal(place.shape))


def _theta(place: Place) -> Array:
    signs = place.rng.choice([-1.0, 1.0], place.shape)
    return np.asarray(signs * place.rng.uniform(0.3, 1.5, place.shape))


def _no_small_rest(known: Mapping[str, Array]) -> Mask:
    """Whether no entry of the gradient is the small rest of large summands, (K,)."""
    summands = 2 * known["x"][..., None] ** np.arange(4) * known["r"][..., None]
    entries, sizes = np.abs(summands.sum(axis=1)), np.abs(summands).sum(axis=1)
    least, largest = entries.min(axis=1), entries.max(axis=1)
    return np.asarray((entries > ENTRY_MARGIN * sizes).all(axis=1) & (least > ENTRY_MARGIN * largest))


def _cubics(rng: int | np.random.Generator, *sizes: int) -> list[Instance]:
    return draw(
        CURVE,
        rng,
        by=(),
        sizes=[{"N": N} for N in sizes],
        samplers={"x": _x, "y": _y, "theta": _theta},
        conditions={"no small rest of large summands": _no_small_rest},
    )


def gradient_instances(seed: int) -> list[Instance]:
    """Give the sheet's own data and start, then hidden ones, for exercise 1."""
    return [_sheet(), *_cubics(seed, *SIZES)]


def descent_instances(seed: int) -> list[Instance]:
    """Give the sheet's own start and learning rate, then hidden ones, for exercise 2."""
    rng = np.random.default_rng(seed)
    sheet = _sheet(learning_rate=SHEET_RATE, steps=SHEET_STEPS)
    return [sheet, *(_descent(rng, N, steps) for N, steps in DESCENTS)]


def _descent(rng: np.random.Generator, N: int, steps: int) -> Instance:
    """Draw a descent until its parameters stand out and its losses tell one step from the next."""
    while True:
        (start,) = _cubics(rng, N)
        rate = rng.uniform(0.2, 0.8) * float(largest_learning_rate(start)["learning_rate"])
        inputs = {**start.inputs, "learning_rate": rate, "steps": steps}
        words = f"other data, start and learning rate (N = {N}, {steps} steps)"
        instance = Instance(inputs, words, sizes=start.sizes)
        found = DESCENT.reference(instance)
        theta, losses = np.abs(found["theta"]), found["losses"]
        if theta.min() > ENTRY_MARGIN * theta.max() and losses.min() > ENTRY_MARGIN * losses.max():
            return instance


def learning_rate_instances(seed: int) -> list[Instance]:
    """Give the sheet's own x, then hidden ones, for exercise 3."""
    return [
        Instance(
            {"x": one.inputs["x"]}, one.description.replace(" and parameters", ""), one.public, one.sizes
        )
        for one in gradient_instances(seed)
    ]


def _slope(k: int, name: str) -> Step:
    """One entry of the gradient: twice the sum of residual times x to the k."""
    return Step(
        name,
        (
            Slot(
                _moment(k),
                tuple(Alternative("wrong-powers", _moment(j), f"x^{j}") for j in range(5) if j != k),
            ),
        ),
        FORWARD,
    )


def _moment(k: int) -> Op:
    return lambda e, _: np.asarray(2 * np.sum(e["residual"] * e["x"] ** k))


def _prediction(e: Env) -> Array:
    return np.asarray(CURVE.value("p", e))


def _instead(hint: str, op: Op) -> Alternative:
    return Alternative("wrong-error", op, hint)


RESIDUAL = Slot(
    lambda e, _: _prediction(e) - e["y"],
    (
        _instead("|r|", lambda e, _: np.sign(_prediction(e) - e["y"]) / 2),
        _instead("|r|", lambda e, _: np.sign(_prediction(e) - e["y"])),
        _instead("the prediction alone", lambda e, _: _prediction(e)),
        _instead("r², as it is", lambda e, _: (_prediction(e) - e["y"]) ** 2),
    ),
)
SLOPES = Chain(
    steps=(
        Step("residual", (RESIDUAL,), FORWARD),
        *(_slope(k, name) for k, name in enumerate(PARAMETERS)),
    ),
    mean=False,
)


def _limit(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """The limit of the learning rate from another eigenvalue."""
    which = wrong.get("eigenvalue", lambda eigenvalues, N: eigenvalues.max())
    eigenvalues = np.abs(_curvatures(instance))
    return {"learning_rate": np.asarray(2 / which(eigenvalues, len(np.asarray(instance.inputs["x"]))))}


def _smallest(eigenvalues: Array, _: int) -> float:
    """The smallest, where there are data enough for four that are not 0."""
    return float(eigenvalues.min()) if eigenvalues.min() > ROUNDING * eigenvalues.max() else np.nan


LIMIT = Model(
    _limit,
    tuple(
        Choice(fault, "learning_rate", ("learning_rate",), ("eigenvalue", which), hint)
        for fault, which, hint in (
            ("mean-instead-of-sum", lambda eigenvalues, N: eigenvalues.max() / N, ""),
            ("wrong-eigenvalue", _smallest, "the smallest eigenvalue"),
            ("wrong-eigenvalue", lambda eigenvalues, N: eigenvalues.sum(), "the sum of the eigenvalues"),
            ("wrong-eigenvalue", lambda eigenvalues, N: eigenvalues.mean(), "the mean of the eigenvalues"),
        )
    ),
    scaled=("learning_rate",),
)

CUBIC = "ŷ = a + b·x + c·x² + d·x³"
FORMULAS = {
    "theta": f"θₜ₊₁ = θₜ - η·∇L(θₜ) for t = 0, 1, …, with L(θ) = Σₙ (ŷₙ - yₙ)² and {CUBIC}",
    "losses": f"lossesₜ = L(θₜ) = Σₙ (ŷₙ - yₙ)² for t = 0, 1, …, with {CUBIC}",
    "learning_rate": "θₜ₊₁ = θₜ - η·∇L(θₜ), so that each step multiplies the distance to the minimum by "
    "1 - η·λ along an eigenvector of the Hessian of L",
}

ASSIGNMENT = Assignment(
    name="02-gradient-descent",
    title="Gradient descent",
    exercises=(
        Exercise(
            name="exercise1",
            title="The gradient by hand",
            parameters=("theta", "x", "y"),
            convention=Convention(by_hand=True),
            parts=tuple(Part(name, 2.5, (i,)) for i, name in enumerate(PARAMETERS)),
            lists={(): "the gradient"},
            instances=gradient_instances,
            reference=gradient,
            explain=by_steps(SLOPES),
        ),
        Exercise(
            name="exercise2",
            title="Descending with PyTorch",
            parameters=("theta", "x", "y", "learning_rate", "steps"),
            convention=Convention(tensors=True),
            parts=(Part("theta", 8.0, (0,)), Part("losses", 7.0, (1,))),
            lists={(): "the answer (theta, losses)"},
            instances=descent_instances,
            reference=DESCENT.reference,
            explain=by_choices(DESCENT.model()),
            formulas=FORMULAS,
        ),
        Exercise(
            name="exercise3",
            title="How large a step may be",
            parameters=("x",),
            convention=Convention(),
            parts=(Part("learning_rate", 5.0, ()),),
            instances=learning_rate_instances,
            reference=largest_learning_rate,
            explain=by_choices(LIMIT),
            formulas=FORMULAS,
        ),
    ),
)
