"""Make an example of a forward pass, numbers for all quantities, that tells two forms of a step apart.

The numbers fit the shapes and not each other, so that two forms that agree on them are the same form.
"""

from __future__ import annotations

import numpy as np

from autograder.diagnosis.steps import Env, Op
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass
from autograder.operations.dimensions import length, named
from autograder.operations.operation import Shape

LENGTHS = (7, 5, 3, 11, 13, 17, 19, 23)  # of dimensions with names
RELATIVE, ABSOLUTE = 1e-5, 1e-8  # within which two numbers are alike


def numbers(forward: ForwardPass) -> Env:
    """Return numbers for all quantities, and for the gradient of each."""
    rng = np.random.default_rng(0)
    shapes = forward.shapes
    sizes = dict(zip(named(shapes.values()), LENGTHS, strict=False))

    def drawn(shape: Shape) -> Array:
        return rng.uniform(-2, 2, [length(size, sizes) for size in shape])

    env = {name: drawn(shape) for name, shape in shapes.items()}
    slopes = {f"D{name}": drawn(shape) for name, shape in shapes.items()}
    return {**env, **slopes, "N": sizes.get("N", 1), "sizes": sizes}


def computed(op: Op, env: Env, upstream: Array | None) -> Array | None:
    """Run an operation on an example; None where shapes do not fit or an array is not there."""
    try:
        with np.errstate(all="ignore"):  # the root of a gradient
            return op(env, upstream)  # type: ignore[arg-type]  # the first of a step takes none
    except (ValueError, LookupError):
        return None


def same(one: Array | None, other: Array | None) -> bool:
    """Return whether two results are alike; those that are not nearly always differ in their first number."""
    if one is None or other is None:
        return one is other
    if np.shape(one) != np.shape(other):
        return False
    if np.size(one):
        first, second = float(np.ravel(one)[0]), float(np.ravel(other)[0])
        if abs(first - second) > ABSOLUTE + RELATIVE * abs(second):
            return False
    return bool(np.allclose(one, other, RELATIVE, ABSOLUTE, equal_nan=True))
