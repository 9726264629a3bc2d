"""Draw hidden instances if a declaration says nothing about them: sizes that no two dimensions share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.exercise import Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw

NUMBERS = (5, 3, 7, 4, 9, 6, 8, 10, 11, 12, 13, 14)  # of a dimension with a name
COUNT = 3
ROWS = "N"  # data points, which may be a single one: nothing else may


def usual(forward: ForwardPass, by: Sequence[str]) -> Callable[[int], Sequence[Instance]]:
    """Draw instances of a forward pass on which gradients with respect to some quantities show mistakes."""
    sizes = usual_sizes(forward)

    def instances(seed: int) -> list[Instance]:
        return draw(forward, seed, by=by, sizes=sizes)

    return instances


def usual_sizes(forward: ForwardPass) -> list[dict[str, int]]:
    """Return sizes of the named dimensions: all different, and none that of an axis with a fixed size."""
    fixed = {size for shape in forward.shapes.values() for size in shape if isinstance(size, int)}
    names = forward.dimensions
    numbers = [number for number in NUMBERS if number not in fixed]
    result = [
        {name: numbers[(k + turn) % len(numbers)] for k, name in enumerate(names)} for turn in range(COUNT)
    ]
    return [{**result[0], ROWS: 1}, *result] if ROWS in names else result
