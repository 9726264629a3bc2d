"""Compute the mean and the deviation of what is normalised, along any axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograder.derivatives.operands import value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Env
from autograder.exercise import Array
from autograder.operations.axes import Axes

Term: TypeAlias = Callable[[Env, Array], Array]
"""Of the gradient with respect to what comes out: what is taken away from it."""


@dataclass(frozen=True)
class Statistics:
    """What a normalisation along some axes is made of, wherever its entries stand."""

    use: Use
    centred: bool

    @property
    def axis(self) -> Axes:
        """The axes that the means are taken along, counted from the last."""
        result: Axes = self.use.node.keywords["axis"]
        return result

    def count(self, v: Array) -> int:
        """Return how many entries go into a mean."""
        return math.prod(v.shape[axis] for axis in self.axis)

    def raw(self, e: Env) -> Array:
        """Return what is normalised."""
        return value(self.use, self.use.operand)(e)

    def eps(self, e: Env) -> Array:
        """Return what stands beside the variance."""
        return value(self.use, self.use.node.operands[1])(e)

    def result(self, e: Env) -> Array:
        """Return what comes out."""
        return value(self.use, self.use.node.name)(e)

    def deviation(self, e: Env, axis: Axes | None = None, ddof: int = 0) -> Array:
        """Return the deviation, along these axes or others, for n - 1 or for n entries."""
        axis = self.axis if axis is None else axis
        C = self.divided(e, axis)
        squares = (C * C).sum(axis=axis, keepdims=True)
        result: Array = np.sqrt(squares / (math.prod(C.shape[k] for k in axis) - ddof) + self.eps(e))
        return result

    def divided(self, e: Env, axis: Axes | None = None) -> Array:
        """Return what is divided by the deviation."""
        X = self.raw(e)
        return X - X.mean(axis=axis or self.axis, keepdims=True) if self.centred else X

    def mean(self, v: Array, axis: Axes | None = None) -> Array:
        """Return a mean along these axes, or others; what has one, keeps its axes."""
        result: Array = v.mean(axis=axis or self.axis, keepdims=True)
        return result

    def others(self) -> Iterator[Axes]:
        """Axes that are taken for the right ones: each other one, and all together."""
        every = tuple(range(-len(self.use.forward.shapes[self.use.operand]), 0))
        yield from ((axis,) for axis in every if (axis,) != self.axis)
        if len(every) > len(self.axis):
            yield every

    def gradient(self, e: Env, v: Array) -> Array:
        """Return the gradient with respect to X, times S."""
        direct = v - self.mean(v) if self.centred else v
        H = self.result(e)
        return direct - H * self.mean(v * H)
