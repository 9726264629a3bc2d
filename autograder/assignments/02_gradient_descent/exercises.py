"""What is graded in `02-gradient-descent`: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

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
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.reference import truth

from .curve import CURVE, DESCENT, curvatures, largest_learning_rate
from .instances import descent_instances, gradient_instances, learning_rate_instances

FORWARD = "L = Σ (a + b·x + c·x² + d·x³ - y)²"
PARAMETERS = "abcd"
ROUNDING = 1e-11  # eigenvalues below this, in units of the largest, are 0 but for rounding


def gradient(instance: Instance) -> Mapping[str, Array]:
    """Give the true ∂L/∂a, ∂L/∂b, ∂L/∂c, ∂L/∂d, each a () array."""
    _, gradients = truth(CURVE, environment(instance), ["theta"])
    return dict(zip(PARAMETERS, map(np.asarray, gradients["theta"]), strict=True))


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
    eigenvalues = np.abs(curvatures(instance))
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
        replace(
            DESCENT.exercise(
                "exercise2",
                title="Descending with PyTorch",
                given=("theta", "x", "y", "learning_rate", "steps"),
                marks={"theta": 8.0, "losses": 7.0},
                instances=descent_instances,
            ),
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
