"""Say what the numbers show about a quantity that no known mistake explains.

Nothing here is a name for a mistake: each sentence is a fact that holds on every instance that reveals
anything, and a question about it. The first that holds is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.compare import ABSOLUTE, RELATIVE, agrees
from autograder.diagnosis import scale
from autograder.diagnosis.scale import RIGHT, Scale, points
from autograder.diagnosis.steps import Env, Step
from autograder.exercise import Array

FEWEST = 24  # entries that a function of Z is seen in
FEW = 6  # entries on either side of 0
SEEN = 2  # hidden instances: on one alone it may be so by chance
LINES = 4  # rows or columns, of which one is different
BESIDE = 0.1  # of the entries on the wrong side: that many may happen to be right
MOST = 0.9  # of the entries: a few lie beside a jump
SMOOTH = 0.01  # how far from the line between its neighbours one may lie, squared: as a share of how far
# any two entries do from each other
ALONE = 10  # how many times as far the loneliest point may lie from the nearest of its neighbours
ENDS = {0: "first", -1: "last"}


@dataclass(frozen=True)
class Shown:
    """Hold a quantity on one instance."""

    given: Array
    """The student's."""
    due: Array
    """What follows from the student's own numbers in front of it."""
    env: Env
    unseen: bool

    @property
    def right(self) -> Array:
        """Return which entries are right."""
        size = np.abs(self.due)
        tolerance = RELATIVE * size + ABSOLUTE * size.max(initial=0.0)
        close: Array = np.abs(self.given - self.due) <= tolerance
        return close

    @cached_property
    def others(self) -> Mapping[str, Array]:
        """Return named quantities with the same shape."""
        return {
            name: value
            for name, value in self.env.items()
            if isinstance(value, np.ndarray) and value.shape == self.given.shape and "." not in name
        }


def described(step: Step, given: Sequence[Any], envs: Sequence[Env | None], unseen: Sequence[bool]) -> str:
    """Describe what is given for a step; yield nothing if the numbers show nothing.

    given : on each instance, None if there is nothing.
    envs : the quantities that it follows from.
    """
    shown = []
    for array, env, hidden in zip(given, envs, unseen, strict=True):
        due = None if env is None else step.right.value(env)
        if array is None or env is None or due is None or not np.isfinite(due).all():
            continue
        if array.shape != due.shape:
            return ""
        shown.append(Shown(array, due, env, hidden))
    if not any(one.unseen and points(one.env["sizes"]) > 1 for one in shown):
        return ""
    if all(agrees(one.given, one.due) for one in shown):  # it is wrong where it cannot be looked at
        return ""
    sentence = next((what for look in LOOKS for what in look(step, shown)), "")
    return f"`{step.name}` is wrong in a way that has no name here, but {sentence}" if sentence else ""


def _of_several(shown: Sequence[Shown]) -> list[Shown]:
    """Return those with several data points, and wrong ones with a single data point."""
    return [one for one in shown if points(one.env["sizes"]) > 1 or not agrees(one.given, one.due)]


def _is_another(step: Step, shown: Sequence[Shown]) -> Iterator[str]:
    for name in _names(step, shown):
        law = _law((scale.ratio(one.given, one.others[name]) for one in shown), shown)
        if law is not None:
            times = "" if law == RIGHT else f", {law} times"
            yield f"it is {name} itself{times}. What has {name} to do with how the error changes here?"


def _right_for_one_point(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    single = [one for one in shown if points(one.env["sizes"]) == 1]
    wrong = not any(agrees(one.given, one.due) for one in shown if points(one.env["sizes"]) > 1)
    enough = sum(one.unseen for one in single) >= SEEN
    if enough and wrong and all(agrees(one.given, one.due) for one in single):
        yield (
            "it is right for a single data point, and wrong for several. Where do data points come together, "
            "and what keeps them apart?"
        )


def _with_another(step: Step, shown: Sequence[Shown]) -> Iterator[str]:
    """Yield the right one plus a multiple of another quantity, or plus a number."""
    rest = [one.given - one.due for one in shown]
    for name in _names(step, shown):
        law = _law((scale.ratio(r, one.others[name]) for r, one in zip(rest, shown, strict=True)), shown)
        if law is not None:
            yield (
                f"it is what follows from the step before plus {law} times {name}. Is that term in the error "
                "that is asked for?"
            )
    numbers = [float(r.flat[0]) for r in rest]
    constant = all(agrees(one.given, one.due + number) for one, number in zip(shown, numbers, strict=True))
    if constant and shown[0].given.size > 1 and np.ptp(numbers) <= RELATIVE * abs(numbers[0]):
        yield (
            f"it is what follows from the step before plus {numbers[0]:.3g} in every entry. Where does that "
            "number come in?"
        )


def _clipped(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    bounds = [float(np.abs(one.given).max()) for one in shown]
    cut = [one for one, bound in zip(shown, bounds, strict=True) if np.abs(one.due).max() > 1.01 * bound > 0]
    bound = max(bounds)
    if cut and all(agrees(one.given, np.clip(one.due, -bound, bound)) for one in shown):
        yield f"it is the right one, cut off at ±{bound:.3g}. Is anything cut off in the forward pass?"


def _right_on_one_side(step: Step, shown: Sequence[Shown]) -> Iterator[str]:
    several = _of_several(shown)
    right = np.concatenate([one.right.ravel() for one in several])
    if right.all() or not right.any():
        return
    for name in _names(step, several):
        above = np.concatenate([(one.others[name] > 0).ravel() for one in several])
        for side, where, elsewhere in ((above, "> 0", "≤ 0"), (np.logical_not(above), "≤ 0", "> 0")):
            other = np.logical_not(side)
            if right[side].all() and min(side.sum(), other.sum()) >= FEW and right[other].mean() <= BESIDE:
                due = np.concatenate([one.due.ravel() for one in several])
                yield (
                    f"it is right where {name} {where}, and wrong where {name} {elsewhere}. What happens "
                    "there on the way forward?"
                    if due[side].any()
                    else f"it is 0 where it has to be, where {name} {where}, and wrong elsewhere. So what "
                    "comes through there is wrong: from which gradient is it made, and what is that "
                    "multiplied with?"
                )


def _in_some_lines(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    """Describe an array that is wrong only in some rows or columns, such as the first or last."""
    several = [one for one in _of_several(shown) if one.given.ndim > 0 and not one.right.all()]
    if not several or any(one.given.ndim > 2 for one in several):
        return
    if all(points(one.env["sizes"]) == 1 for one in several):
        return  # of a single row much happens to be right
    for axis, line in ((0, "row"), (1, "column"))[: several[0].given.ndim]:
        line = line if several[0].given.ndim > 1 else "entry"
        lines = [_by_line(one.right, axis) for one in several]
        telling = [one for one, each in zip(several, lines, strict=True) if one.unseen and len(each) >= LINES]
        if len(telling) < SEEN:
            continue
        for end, word in ENDS.items():
            if all(not each[end] and np.delete(each, end).all() and len(each) > 1 for each in lines):
                yield f"it is right but for the {word} {line}. What is different there?"
            if all(each[end] and not np.delete(each, end).any() and len(each) > 1 for each in lines):
                yield f"only its {word} {line} is right. What happens to the others?"


def _moved_lines(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    """Describe an array that is right but for the order of its rows: each is that of a neighbour."""
    several = [one for one in shown if one.given.ndim > 0 and len(one.given) >= LINES]
    if len(several) < len(shown):
        return
    for here, there, word in ((slice(1, None), slice(-1), "down"), (slice(-1), slice(1, None), "up")):
        if all(agrees(one.given[here], one.due[there]) and np.ptp(one.due) > 0 for one in several):
            yield (
                f"its rows are those of the right one, each one further {word}. Which row belongs to which "
                "of the quantities that go in?"
            )


def _by_line(right: Array, axis: int) -> Array:
    return np.asarray(right.all(axis=tuple(k for k in range(right.ndim) if k != axis)))


def _factors_of_lines(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    """Describe an array that is right but for a factor that each row or column has for itself."""
    several = _of_several(shown)
    matrices = [one for one in several if one.given.ndim == 2 and min(one.given.shape) > 1]
    if len(matrices) < len(several):
        return
    for axis, line in ((0, "row"), (1, "column")):
        rows = [
            (g, d)
            for one in matrices
            for g, d in zip(np.moveaxis(one.given, axis, 0), np.moveaxis(one.due, axis, 0), strict=True)
            if d.any() or g.any()
        ]
        if rows and all(scale.ratio(g, d) is not None for g, d in rows):
            yield (
                f"each {line} of it is right but for a factor of its own. By what is each {line} multiplied "
                "or divided?"
            )


def _but_for_signs(_: Step, shown: Sequence[Shown]) -> Iterator[str]:
    if all(agrees(np.abs(one.given), np.abs(one.due)) for one in shown):
        yield "it has the right size everywhere, and in some entries the opposite sign. Which are these?"


def _function_of_one(step: Step, shown: Sequence[Shown]) -> Iterator[str]:
    """Describe the gradient before a function times something that depends on its operand alone."""
    function = step.function
    if function is None:
        return
    z, slopes = [], []
    for one in shown:
        upstream = np.asarray(function.upstream(one.env, one.due))
        if upstream.shape != one.given.shape or one.given[upstream == 0].any():
            return
        arrives = upstream != 0
        z.append(function.z(one.env)[arrives])
        slopes.append(one.given[arrives] / upstream[arrives])
    if z and _is_function(np.concatenate(z), np.concatenate(slopes)):
        yield (
            "it is the gradient in front of this function times a number that depends on "
            f"{function.operand} alone. Which function's slope is that, and which "
            "function stands in the forward pass?"
        )


def _is_function(x: Array, y: Array) -> bool:
    """Return whether y follows from x: nearly every y lies on the line between its neighbours in x.

    Where y jumps, a point lies far from one of its neighbours; far from both lies none.
    """
    if len(x) < FEWEST or not np.isfinite(y).all() or np.ptp(y) == 0:
        return False
    order = np.argsort(x)
    x, y = x[order], y[order]
    gaps, steps = np.diff(x), np.diff(y)
    share = gaps[:-1] / np.where(x[2:] > x[:-2], x[2:] - x[:-2], 1)
    off = (steps[:-1] - share * (y[2:] - y[:-2])) ** 2
    crowded = np.maximum(gaps[1:], gaps[:-1]) < np.ptp(x) / FEWEST
    nearest = np.minimum(steps[1:] ** 2, steps[:-1] ** 2)[crowded]
    far = SMOOTH * 2 * y.var()
    return bool(np.quantile(off, MOST) <= far and nearest.max(initial=0.0) <= ALONE * far)


def _names(step: Step, shown: Sequence[Shown]) -> list[str]:
    """Return quantities of this shape on every instance, those in the formula behind the step first."""
    names = [n for n in shown[0].others if n != step.name and all(n in one.others for one in shown)]
    return sorted(names, key=lambda name: name not in step.forward)


def _law(ratios: Iterable[float | None], shown: Sequence[Shown]) -> Scale | None:
    known: list[float] = []
    for ratio in ratios:
        if ratio is None:
            return None
        known.append(ratio)
    return scale.common(known, [one.env["sizes"] for one in shown], [one.unseen for one in shown])


LOOKS: tuple[Callable[[Step, Sequence[Shown]], Iterator[str]], ...] = (
    _is_another,
    _with_another,
    _clipped,
    _but_for_signs,
    _right_on_one_side,
    _in_some_lines,
    _moved_lines,
    _right_for_one_point,
    _factors_of_lines,
    _function_of_one,
)
