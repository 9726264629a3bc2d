"""What is graded in `02-gradient-descent`: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Alternative, Chain, Choice, Env, Model, Op, Slot, Step
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part, Value
from autograder.reference import Inputs, value_and_gradients

SHEET_START = (0.36835, -2.04099, -0.06355, 0.31885)  # reproduces the sheet's losses to 3e-6
SHEET_RATE = 1e-6
SHEET_STEPS = 12  # of its 2000: enough to show every mistake, and few enough that none drowns in rounding
SIZES = (1, 7, 12, 33)  # data points of the hidden instances of exercises 1 and 3
DESCENTS = ((7, 5), (12, 9), (33, 17), (50, 30))  # data points and steps, of exercise 2
ENTRY_MARGIN = 2e-2  # smallest entry, in units of what it is a sum of, or of its array's largest
PARAMETERS = "abcd"
ROUNDING = 1e-11  # eigenvalues below this, in units of the largest, are 0 but for rounding


def summed_squared_error(inputs: Inputs) -> torch.Tensor:
    """L = Σ (a + b x + c x² + d x³ − y)²: a () tensor."""
    x, theta = inputs["x"], inputs["theta"]
    return torch.sum((_powers(x) @ theta - inputs["y"]) ** 2)


def _powers(x: torch.Tensor) -> torch.Tensor:
    """The columns 1, x, x², x³: (N,) -> (N, 4)."""
    return torch.stack([x**0, x, x**2, x**3], dim=1)


def gradient(instance: Instance) -> Mapping[str, Array]:
    """The true ∂L/∂a, ∂L/∂b, ∂L/∂c, ∂L/∂d, each a () array."""
    _, ((by_theta,),) = value_and_gradients(summed_squared_error, instance, ("theta",))
    return {name: np.asarray(by_theta[i]) for i, name in enumerate(PARAMETERS)}


def descent(instance: Instance) -> Mapping[str, Array]:
    """Parameters (4,) after the last update, and the loss (steps,) before each."""
    inputs = dict(instance.inputs)
    rate, steps = _number(inputs.pop("learning_rate")), int(_number(inputs.pop("steps")))
    losses = []
    for _ in range(steps):
        loss, ((by_theta,),) = value_and_gradients(
            summed_squared_error, Instance(inputs, instance.description), ("theta",)
        )
        losses.append(float(loss))
        inputs["theta"] = np.asarray(inputs["theta"]) - rate * by_theta
    return {"theta": np.asarray(inputs["theta"]), "losses": np.array(losses)}


def wrong_descent(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """The same with choices of `DESCENT` made wrongly; in closed form, since it is tried very often."""
    given = {name: np.asarray(value) for name, value in instance.inputs.items()}
    steps, N = int(given["steps"]), len(given["x"])
    V = np.vander(given["x"], 4, increasing=True)
    hessian, pull, rest = 2 * V.T @ V, 2 * V.T @ given["y"], given["y"] @ given["y"]
    loss_factor = _factor(wrong.get("loss", 1.0), N)
    slope, shown = (loss_factor * _factor(wrong.get(key, 1.0), N) for key in ("slope", "shown"))
    rate = wrong.get("direction", 1.0) * float(given["learning_rate"])
    losses, slopes, thetas, total = [], [], [given["theta"]], np.zeros(4)
    for _ in range(steps + 1):
        theta = thetas[-1]
        gradient = hessian @ theta - pull
        slopes.append(gradient)
        losses.append(shown * (theta @ (gradient - pull) / 2 + rest))
        total = total * wrong.get("accumulate", 0.0) + slope * slopes[wrong.get("slope_of", -1)]
        thetas.append(theta - rate * total)
    first = 1 if wrong.get("record") == "after" else 0
    return {
        "theta": thetas[0 if wrong.get("updates") == "none" else steps + wrong.get("updates", 0)],
        "losses": np.array(losses[first : first + steps]),
    }


def _factor(choice: float | str, N: int) -> float:
    return 1 / N if choice == "mean" else float(choice)


def largest_learning_rate(instance: Instance) -> Mapping[str, Array]:
    """2/λ, with λ the largest eigenvalue of the Hessian of L, which is the same for all theta and y."""
    return {"learning_rate": np.asarray(2 / np.linalg.eigvalsh(_hessian(instance))[-1])}


def _hessian(instance: Instance) -> Array:
    """The second derivatives (4, 4) of L."""
    x = torch.tensor(instance.inputs["x"], dtype=torch.float64)
    inputs: dict[str, torch.Tensor] = {"x": x, "y": torch.zeros_like(x)}
    hessian: torch.Tensor = torch.autograd.functional.hessian(  # type: ignore[no-untyped-call]  # torch's
        lambda theta: summed_squared_error({**inputs, "theta": theta}),
        torch.zeros(4, dtype=torch.float64),
    )
    return hessian.numpy()


def _sheet() -> dict[str, Value]:
    x = np.linspace(-np.pi, np.pi, 2000)
    return {"theta": np.array(SHEET_START), "x": x, "y": np.sin(x)}


def _data(rng: np.random.Generator, N: int) -> tuple[Array, Array]:
    """Points on no symmetric grid, and targets no cubic can meet."""
    x = rng.uniform(-1.6, 2.0, N)
    return x, rng.uniform(-1, 1) + np.sin(rng.uniform(2, 4) * x) + 0.8 * rng.standard_normal(N)


def gradient_instances(seed: int) -> list[Instance]:
    """The sheet's own data and start, then hidden ones, for exercise 1."""
    rng = np.random.default_rng(seed)
    return [
        Instance(_sheet(), "the sheet's own data", public=True),
        *(_cubic(rng, N) for N in SIZES),
    ]


def _cubic(rng: np.random.Generator, N: int) -> Instance:
    """Draw a cubic and data until no entry of the gradient is the small rest of large summands."""
    while True:
        x, y = _data(rng, N)
        theta = rng.uniform(0.3, 1.5, 4) * rng.choice([-1.0, 1.0], 4)
        instance = Instance({"theta": theta, "x": x, "y": y}, f"other data and parameters (N = {N})")
        powers = np.vander(x, 4, increasing=True)
        summands = 2 * powers * (powers @ theta - y)[:, None]
        entries, sizes = np.abs(summands.sum(axis=0)), np.abs(summands).sum(axis=0)
        if np.all(entries > ENTRY_MARGIN * sizes) and entries.min() > ENTRY_MARGIN * entries.max():
            return instance


def descent_instances(seed: int) -> list[Instance]:
    """The sheet's own start and learning rate, then hidden ones, for exercise 2."""
    rng = np.random.default_rng(seed)
    run: dict[str, Value] = {"learning_rate": SHEET_RATE, "steps": SHEET_STEPS}
    description = f"the sheet's own data and start, {SHEET_STEPS} steps"
    return [
        Instance(_sheet() | run, description, public=True),
        *(_descent(rng, N, steps) for N, steps in DESCENTS),
    ]


def _descent(rng: np.random.Generator, N: int, steps: int) -> Instance:
    """Draw a descent until its parameters stand out and its losses tell one step from the next."""
    while True:
        start = _cubic(rng, N)
        rate = rng.uniform(0.2, 0.8) * float(largest_learning_rate(start)["learning_rate"])
        instance = Instance(
            {**start.inputs, "learning_rate": rate, "steps": steps},
            f"other data, start and learning rate (N = {N}, {steps} steps)",
        )
        truth = descent(instance)
        theta, losses = np.abs(truth["theta"]), truth["losses"]
        if theta.min() > ENTRY_MARGIN * theta.max() and losses.min() > ENTRY_MARGIN * losses.max():
            return instance


def learning_rate_instances(seed: int) -> list[Instance]:
    """The sheet's own x, then hidden ones, for exercise 3."""
    rng = np.random.default_rng(seed)
    hidden = ((N, _data(rng, N)[0]) for N in SIZES)
    return [
        Instance({"x": _sheet()["x"]}, "the sheet's own data", public=True),
        *(Instance({"x": x}, f"other data (N = {N})") for N, x in hidden),
    ]


def _number(value: Value) -> float:
    assert isinstance(value, (int, float))
    return value


def _slopes() -> Sequence[Part]:
    return [Part(name, 2.5, (i,)) for i, name in enumerate(PARAMETERS)]


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
        forward="L = Σ (a + b·x + c·x² + d·x³ - y)²",
    )


def _moment(k: int) -> Op:
    return lambda e, _: np.asarray(2 * np.sum(e["residual"] * e["x"] ** k))


def _prediction(e: Env) -> Array:
    prediction: Array = np.vander(e["x"], 4, increasing=True) @ e["theta"]
    return prediction


SLOPES = Chain(
    steps=(
        Step(
            "residual",
            (
                Slot(
                    lambda e, _: _prediction(e) - e["y"],
                    (
                        Alternative("wrong-error", lambda e, _: np.sign(_prediction(e) - e["y"]) / 2, "|r|"),
                        Alternative("wrong-error", lambda e, _: np.sign(_prediction(e) - e["y"]), "|r|"),
                        Alternative("wrong-error", lambda e, _: _prediction(e), "the prediction alone"),
                        Alternative(
                            "wrong-error", lambda e, _: (_prediction(e) - e["y"]) ** 2, "r², as it is"
                        ),
                    ),
                ),
            ),
            forward="L = Σ (a + b·x + c·x² + d·x³ - y)²",
        ),
        *(_slope(k, name) for k, name in enumerate(PARAMETERS)),
    ),
    mean=False,
)

DESCENT = Model(
    wrong_descent,
    (
        Choice("gradients-accumulated", "theta", ("theta",), ("accumulate", 1.0)),
        Choice("returns-start", "theta", ("theta",), ("updates", "none")),
        Choice("parameters-unchanged", "theta", ("theta",), ("direction", 0.0)),
        Choice("wrong-direction", "theta", ("theta",), ("direction", -1.0)),
        Choice("gradient-of-the-start", "theta", ("theta",), ("slope_of", 0)),
        Choice("too-few-steps", "theta", ("theta",), ("updates", -1)),
        Choice("too-many-steps", "theta", ("theta",), ("updates", 1)),
        Choice("mean-instead-of-sum", "losses", ("losses",), ("loss", "mean")),
        Choice("missing-factor-two", "losses", ("losses",), ("loss", 0.5)),
        Choice("missing-factor-two", "theta", ("theta",), ("slope", 0.5)),
        Choice("mean-instead-of-sum", "theta", ("theta",), ("slope", "mean")),
        Choice("mean-instead-of-sum", "losses", ("losses",), ("shown", "mean")),
        Choice("missing-factor-two", "losses", ("losses",), ("shown", 0.5)),
        Choice("loss-after-update", "losses", ("losses",), ("record", "after")),
    ),
)


def _limit(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """The limit of the learning rate from another eigenvalue."""
    which = wrong.get("eigenvalue", lambda eigenvalues, N: eigenvalues.max())
    eigenvalues = np.abs(np.linalg.eigvalsh(_hessian(instance)))
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
            parts=tuple(_slopes()),
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
            reference=descent,
            explain=by_choices(DESCENT),
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
