"""What is graded in `02-gradient-descent`: a cubic's gradient, its descent, its largest step."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from autograder.computations.coefficients import Coefficients
from autograder.computations.descent import Descent
from autograder.computations.largest_step import LargestStep
from autograder.exercise import Array, Assignment, Instance, Value
from autograder.forward_pass import ForwardPass
from autograder.instances.descent import descents
from autograder.instances.draw import draw
from autograder.instances.polynomials import no_small_rest, signed, uniform
from autograder.instances.pool import POOLED
from autograder.instances.samplers import Place

CURVE = ForwardPass(
    """
    V = powers(x, 3)
    p = V @ theta
    r = p - y
    L = sum(r ** 2)
    """,
    theta=(4,), x=("N",), y=("N",),
)  # fmt: skip
SLOPES = Coefficients(CURVE, names="abcd", written="L = Σ (a + b·x + c·x² + d·x³ - y)²")
DESCENT = Descent(CURVE, names="abcd", targets="y")
LIMIT = LargestStep(CURVE)

CUBIC = "ŷ = a + b·x + c·x² + d·x³"
FORMULAS = {
    "theta": f"θₜ₊₁ = θₜ - η·∇L(θₜ) for t = 0, 1, …, with L(θ) = Σₙ (ŷₙ - yₙ)² and {CUBIC}",
    "losses": f"lossesₜ = L(θₜ) = Σₙ (ŷₙ - yₙ)² for t = 0, 1, …, with {CUBIC}",
    "learning_rate": "θₜ₊₁ = θₜ - η·∇L(θₜ), so that each step multiplies the distance to the minimum by "
    "1 - η·λ along an eigenvector of the Hessian of L",
}
SHEET_START = (0.36835, -2.04099, -0.06355, 0.31885)  # reproduces the sheet's losses to 3e-6
SHEET_RATE = 1e-6
SHEET_STEPS = 12  # of its 2000: enough to show every mistake, and few enough that none drowns in rounding
SIZES = (1, 7, 12, 33)  # data points of the hidden instances of exercises 1 and 3
DESCENTS = ((7, 5), (12, 9), (33, 17), (50, 30))  # data points and steps, of exercise 2


@cache
def _sheet(**run: Value) -> Instance:
    x = np.linspace(-np.pi, np.pi, 2000)
    inputs = {"theta": np.array(SHEET_START), "x": x, "y": np.sin(x), **run}
    steps = f" and start, {SHEET_STEPS} steps" if run else ""
    return Instance(inputs, f"the sheet's own data{steps}", public=True, sizes={"N": len(x)})


def _y(place: Place) -> Array:
    """Draw targets that no cubic can meet."""
    rng, one = place.rng, (place.shape[0], 1)
    wave = np.sin(rng.uniform(2, 4, one) * place.known["x"])
    return np.asarray(rng.uniform(-1, 1, one) + wave + 0.8 * rng.standard_normal(place.shape))


SAMPLERS = {"x": uniform(-1.6, 2.0), "y": _y, "theta": signed(0.3, 1.5)}
CONDITIONS = {"no small rest": no_small_rest(lambda known: 2 * known["V"] * known["r"][..., None])}


def _cubics(rng: int | np.random.Generator, *sizes: int) -> list[Instance]:
    return draw(CURVE, rng, by=(), sizes=[{"N": N} for N in sizes], samplers=SAMPLERS, conditions=CONDITIONS)


def gradient_instances(seed: int) -> list[Instance]:
    """Return the sheet's own data and start, then hidden ones, for exercise 1."""
    return [_sheet(), *_cubics(seed, *SIZES)]


def learning_rate_instances(seed: int) -> list[Instance]:
    """Return the sheet's own x, then hidden ones, for exercise 3."""
    return [_of_x(one) for one in gradient_instances(seed)]


@lru_cache(maxsize=POOLED)  # students share what is remembered of an instance
def _of_x(one: Instance) -> Instance:
    words = one.description.replace(" and parameters", "")
    return replace(one, inputs={"x": one.inputs["x"]}, description=words)


ASSIGNMENT = Assignment(
    name="02-gradient-descent",
    title="Gradient descent",
    exercises=(
        SLOPES.exercise(
            "exercise1", title="The gradient by hand", given=("theta", "x", "y"), marks=2.5,
            instances=gradient_instances,
        ),
        DESCENT.exercise(
            "exercise2", title="Descending with PyTorch", given=("theta", "x", "y", "learning_rate", "steps"),
            marks={"theta": 8.0, "losses": 7.0}, formulas=FORMULAS,
            instances=descents(
                _sheet(learning_rate=SHEET_RATE, steps=SHEET_STEPS), lambda rng, N: _cubics(rng, N)[0],
                DESCENTS, largest_rate=LIMIT.of, reference=DESCENT.reference,
            ),
        ),
        LIMIT.exercise(
            "exercise3", title="How large a step may be", given=("x",), marks=5.0,
            instances=learning_rate_instances, formulas=FORMULAS,
        ),
    ),
)  # fmt: skip
