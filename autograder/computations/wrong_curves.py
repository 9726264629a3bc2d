"""Derive the curves that students draw instead of a polynomial: others of its coefficients."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.exercise import Array


@dataclass(frozen=True)
class WrongCurve:
    """A polynomial with the coefficients M·θᵏ, where θ has its own power k in each entry."""

    fault: str
    hint: str
    mixing: tuple[tuple[float, ...], ...]
    """The matrix M."""
    powers: tuple[int, ...]
    """Those of the coefficients: 1, but where one stands in a bracket with x."""

    def coefficients(self, theta: Array) -> Array:
        """Return the curve's own coefficients."""
        return np.asarray(np.array(self.mixing) @ theta ** np.array(self.powers))

    def pulled_back(self, theta: Array, gradient: Array) -> Array:
        """Return the gradient with respect to θ from that by the curve's own coefficients."""
        powers = np.array(self.powers)
        return np.asarray((gradient @ np.array(self.mixing)) * powers * theta ** (powers - 1))


def wrong_curves(names: Sequence[str]) -> Iterator[WrongCurve]:
    """Yield the curves, for coefficients with these names, from that of 1 on."""
    count = len(names)
    ones, right = (1,) * count, np.eye(count)
    yield WrongCurve("coefficients-reversed", "", _rows(right[::-1]), ones)
    for k, name in enumerate(names):
        without = right.copy()
        without[k, k] = 0
        yield WrongCurve("term-left-out" if k else "constant-left-out", name, _rows(without), ones)
        for j in range(count):
            if j != k:
                other = without.copy()
                other[j, k] = 1
                yield WrongCurve("wrong-term", f"{name}·{_power(j)}" if j else name, _rows(other), ones)
                taken = without.copy()
                taken[k, j] = 1
                hint = f"{names[j]}·{_power(k)} for {name}·{_power(k)}" if k else f"{names[j]} for {name}"
                yield WrongCurve("wrong-term", hint, _rows(taken), ones)
    higher = range(2, count)
    multiples = right.copy()
    for k in higher:
        multiples[k, k], multiples[1, k] = 0, k
    terms = " and ".join(f"{names[k]}·x·{k} for {names[k]}·{_power(k)}" for k in higher)
    if terms:
        yield WrongCurve("wrong-term", terms, _rows(multiples), ones)
    for chosen in ([*higher], *([k] for k in higher)):
        powers = tuple(k if k in chosen else 1 for k in range(count))
        terms = " and ".join(f"({names[k]}·x){_power(k)[1:]}" for k in chosen)
        yield WrongCurve("coefficient-in-bracket", terms, _rows(right), powers)


def _power(k: int) -> str:
    return {0: "1", 1: "x", 2: "x²", 3: "x³"}.get(k, f"x^{k}")


def _rows(matrix: Array) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(row) for row in matrix.tolist())
