"""Represent planted mistakes in the diagnosis's terms: wrong answers with what should be said about them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeAlias, TypeVar

from autograder.diagnosis.scale import Scale
from autograder.exercise import Answers, Finding

SCALES = ((Scale(0.5),), (Scale(-1.0),), (Scale(1.0, 1), Scale(1.0, -1)), (Scale(2.0), Scale(3.0)))
"""Factors that are planted, those together that exclude each other; students write any other, too."""
AMOUNTS = (0.01, 0.1, 0.2, -0.01, -0.1, -0.001)
"""Numbers that are planted where a mistake has an unknown one in it, as far as they lie in its bounds."""
ANY_FACTOR = "wrong-scale"  # the name of a factor without a name


@dataclass(frozen=True)
class Unknown:
    """The unknown number in a mistake: everything computed grows in proportion to how far it is off."""

    planted: float
    right: float
    """The number with which nothing is wrong."""
    between: tuple[float, float]
    """Where it may lie; beyond that the mistake has another name."""
    hint: str
    """The finding's, with `{amount}` for the number."""


@dataclass(frozen=True)
class Planted:
    """A wrong answer with known mistakes in it."""

    findings: tuple[Finding, ...]
    """Of each mistake, from the output inward: what a diagnosis should say."""
    answers: Answers
    """What is returned on each instance; everything behind a mistake follows from it."""
    unknown: Unknown | None = None
    """Where a single mistake has an unknown number in it."""
    open: Sequence[frozenset[str]] = ()
    """The parts that the mistake leaves open on each instance: what is right stands there."""


T = TypeVar("T")
Scales: TypeAlias = Sequence[Sequence[Scale]]
Pairs: TypeAlias = bool | Callable[[Sequence[Finding]], bool]
"""Whether pairs are planted, or which."""


@dataclass(frozen=True)
class Asked:
    """Say what is to be planted besides every single mistake."""

    scales: Scales
    pairs: Pairs
    most: int | None

    def wants(self, findings: Sequence[Finding]) -> bool:
        """Return whether a pair is among those asked for."""
        return self.pairs(findings) if callable(self.pairs) else self.pairs

    def some(self, pairs: Sequence[T]) -> Sequence[T]:
        """Draw as many pairs as are asked for, the same ones every time."""
        if self.most is None or len(pairs) <= self.most:
            return pairs
        return Random(0).sample(pairs, self.most)
