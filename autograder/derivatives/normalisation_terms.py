"""Name what replaces a normalisation's terms that are sums, made in loops or line by line.

A sum over entries is used before it is whole, goes on over what is normalised by itself, or is divided twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from autograder.derivatives.statistics import Statistics, Term
from autograder.diagnosis.steps import Env, Mistake
from autograder.exercise import Array
from autograder.operations.axes import Axes

POWERS = (1, 2, -1)  # of the deviation


def other_terms(s: Statistics, path: str, right: Term) -> Iterator[Mistake]:
    """Yield other sums for the right means, each tried by itself."""
    yield Mistake("sums-not-finished", partial(_before_they_are_whole, s), rare=True)
    for axis in (axis for axis in s.others() if len(axis) == 1):
        for raw in (False, True):
            op = partial(_added_up, s, axis, raw)
            yield Mistake("added-up-over-others", op, path, rare=True)
    yield Mistake("wrong-count", partial(_divided_again, s, right, 0), "their number twice", rare=True)
    for power in POWERS:
        op = partial(_divided_again, s, right, power)
        hint = f"{path}, and is divided by the number of entries once more,"
        yield Mistake("wrong-power-of-deviation", op, hint, rare=True)
    hint = f"{s.use.forward.written(s.use.node.name)} less the mean"
    for through_mean in (True, False) if s.centred else ():
        yield Mistake("wrong-operand", partial(_centred_again, s, through_mean), hint, rare=True)


def _before_they_are_whole(s: Statistics, e: Env, p: Array) -> Array:
    """Take the sums of the entries up to each one."""
    v, H = p[0], s.result(e)
    products = np.cumsum(v * H, axis=s.axis[0]) / s.count(v)
    direct = v - np.cumsum(v, axis=s.axis[0]) / s.count(v) if s.centred else v
    result: Array = direct - H * products
    return result


def _added_up(s: Statistics, axis: Axes, raw: bool, e: Env, p: Array) -> Array:
    """Sum a term over all rows or columns, of what comes out or of what goes in."""
    own = s.divided(e) if raw else s.result(e)
    total = (own * s.mean(p[0] * own)).sum(axis=axis, keepdims=True)
    result: Array = p[1] - (total / s.deviation(e) ** 2 if raw else total)
    return result


def _divided_again(s: Statistics, right: Term, power: int, e: Env, p: Array) -> Array:
    """Divide a term by the number of entries once more, and give it another power of the deviation."""
    result: Array = p[1] - s.deviation(e) ** power * right(e, p[0]) / s.count(p[0])
    return result


def _centred_again(s: Statistics, through_mean: bool, e: Env, p: Array) -> Array:
    """Take the mean of what goes in away from what comes out, in the place of what goes in."""
    own = (s.result(e) - s.mean(s.raw(e))) / s.deviation(e)
    outer = own - s.mean(own) if through_mean else own
    result: Array = p[1] - outer * s.mean(p[0] * own)
    return result
