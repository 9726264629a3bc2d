"""Divide a backward pass into stages by which it is judged: hidden steps, and the parts in which they show.

A hidden step shows in the parts that follow from it. Hidden steps in a row, of which only the last ones are
followed by parts, are judged together. A part that follows from no hidden step, or from one that has been
judged already, is a stage of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import prod
from typing import TypeVar

from autograder.compare import agrees
from autograder.diagnosis.finished import might_be_finished
from autograder.diagnosis.functions import Fitted
from autograder.diagnosis.remembered import Remembered
from autograder.diagnosis.scale import Scale, points, varying
from autograder.diagnosis.steps import MOST_FORMS, BackwardPass, Form, Named, Step
from autograder.exercise import Answers, Array

MAX_FAULTS = 3  # in one step
SEARCHED = 2  # mistakes at once, where the ways to make them are more than are always tried
MOST_TRIED = 10_000  # of these ways, for an answer: a second or two
T = TypeVar("T")


@dataclass
class Budget:
    """Count how many ways to make two mistakes are still tried for an answer, if there are very many."""

    remaining: int = MOST_TRIED
    functions: list[Fitted] = field(default_factory=list)
    """Those found in the right ones' place: what is made in one layer is made in others, too."""

    def spent_on(self, ways: Iterable[T]) -> Iterator[T]:
        """Yield as many of them as it allows for."""
        for way in ways:
            if self.remaining <= 0:
                return
            self.remaining -= 1
            yield way


@dataclass(frozen=True)
class Stage:
    """Hold hidden steps in a row with the parts that follow from them, and the student's arrays for these."""

    place: int
    row: tuple[Step, ...]
    children: Sequence[Step]
    answers: Answers
    sizes: Sequence[Mapping[str, int]]
    """The dimensions of each instance."""
    unseen: Sequence[bool]
    """Which instances are hidden from students."""
    mean: bool | None
    read: frozenset[str]
    """The parts that others follow from."""
    right: frozenset[str] = frozenset()
    """The parts that are right in themselves, whatever they follow from."""
    budget: Budget = field(default_factory=Budget)
    """That of the whole answer."""
    remembered: Sequence[Remembered] = ()
    """What is known of each instance, whoever answers."""
    is_last: bool = False
    """Whether nothing follows that could bear out what is dearer here."""

    @cached_property
    def sheet(self) -> int:
        """Return N of the sheet's own data; 0 if there are none."""
        sheets = (sizes for sizes, hidden in zip(self.sizes, self.unseen, strict=True) if not hidden)
        return next((sizes.get("N", 0) for sizes in sheets), 0)

    @cached_property
    def varying(self) -> frozenset[str]:
        """Return the dimensions that are not the same on all instances."""
        return varying(self.sizes)

    @cached_property
    def smallest_first(self) -> list[int]:
        """Return the instances with several data points, the smallest first."""
        several = [k for k, sizes in enumerate(self.sizes) if points(sizes) > 1]
        return sorted(several, key=lambda k: prod(self.sizes[k].values()))

    @cached_property
    def in_order(self) -> list[int]:
        """Return all instances: those with several data points, the smallest first, and then the others."""
        return self.smallest_first + [k for k, sizes in enumerate(self.sizes) if points(sizes) <= 1]

    def of(self, part: str) -> list[Array | None]:
        """Return what the student gives for a part, on every instance."""
        return [answer[part] for answer in self.answers]

    @cached_property
    def silent(self) -> frozenset[str]:
        """Return the parts that are given on no hidden instance: they confirm nothing."""
        names = (child.name for child in self.children)
        return frozenset(
            name
            for name in names
            if all(array is None for array, hidden in zip(self.of(name), self.unseen, strict=True) if hidden)
        )

    @cached_property
    def finished(self) -> frozenset[str]:
        """Return the parts that look as if something had been done to them at the end."""
        return frozenset(child.name for child in self.children if might_be_finished(self.of(child.name)))

    def named(self, own: Scale) -> tuple[tuple[str, str], ...]:
        """Return the names of a factor."""
        return own.faults(self.mean, self.sheet)

    def odd(self, own: Scale) -> float:
        """Return how far-fetched a factor is; 0 if it has a name."""
        return own.odd if any(fault == "wrong-scale" for fault, _ in self.named(own)) else 0.0

    def is_mixed(self, child: Step) -> bool:
        """Return whether a part follows from other steps besides the hidden ones of this stage."""
        row = {step.name for step in self.row}
        return child.reads is not None and not set(child.reads) <= row

    def forms(self, count: int) -> Iterator[tuple[tuple[Named, ...], tuple[Form, ...], bool]]:
        """Yield all ways to run the hidden steps with `count` mistakes in all, as far as the budget allows.

        Those nearest the output come first. The last of each says whether they are very many.
        """
        for counts in product(range(count, -1, -1), repeat=len(self.row)):
            if sum(counts) == count:
                ways, many = self._ways(counts)
                for forms in ways:
                    yield tuple(named for form in forms for named in form.mistakes), forms, many

    def _ways(self, counts: Sequence[int]) -> tuple[Iterable[tuple[Form, ...]], bool]:
        """Return the same with so many in each."""
        each = [step.variants(n, fitted=False) for step, n in zip(self.row, counts, strict=True)]
        if all(each):
            few = prod(map(len, each)) <= MOST_FORMS
            ways = product(*each)
            return (
                (ways, False)
                if few
                else (self.budget.spent_on(ways if sum(counts) == SEARCHED else ()), True)
            )
        if SEARCHED not in counts:
            return (), False
        place, right = counts.index(SEARCHED), [step.right for step in self.row]
        more = self.row[place].more_variants(SEARCHED, fitted=False)
        return self.budget.spent_on((*right[:place], form, *right[place + 1 :]) for form in more), True

    def variants(self, child: Step, count: int, *, apart: bool) -> Iterator[Form]:
        """Yield all ways to make so many mistakes in a part, of very many as the budget allows."""
        yield from child.variants(count, apart=apart, fitted=False)
        if count == SEARCHED:
            yield from self.budget.spent_on(child.more_variants(count, apart=apart, fitted=False))


def stages(backward: BackwardPass, parts: Sequence[str]) -> Iterator[tuple[tuple[Step, ...], Sequence[Step]]]:
    """Yield hidden steps, one or several in a row, with the parts that show them; parts by themselves."""
    row: list[Step] = []
    children: list[Step] = []
    together: list[Step] = []
    for step in backward.steps:
        hidden = step.name not in parts
        if children and (hidden or _follows(step, children)):
            yield tuple(row), children
            row, children = [], []
        if hidden:
            row.append(step)
        elif (
            row and (step.reads is None or _follows(step, row)) and not _comes_together(step, backward, parts)
        ):
            children.append(step)
        elif row and _follows(step, row):
            together.append(step)
        else:
            yield (), [step]
    if children:
        yield tuple(row), children
    yield from (((), [step]) for step in together)


def _comes_together(step: Step, backward: BackwardPass, parts: Sequence[str]) -> bool:
    """Return whether a part is the sum of several hidden steps, of which each shows in a part of its own.

    A mistake in one of these is seen and paid for there, and the sum is judged from what was found.
    """
    hidden = [name for name in step.reads or () if name not in parts]
    return len(hidden) > 1 and all(
        any(other.name in parts and other.reads == (name,) for other in backward.steps) for name in hidden
    )


def _follows(step: Step, others: Sequence[Step]) -> bool:
    return any(other.name in (step.reads or ()) for other in others)


def right_parts(known: Sequence[Remembered], answers: Answers, parts: Sequence[str]) -> frozenset[str]:
    """Return the parts that are right on every instance: of these nothing may be said."""
    return frozenset(
        part
        for part in parts
        if all(
            _is_right(answer.get(part), one.right.get(part))
            for one, answer in zip(known, answers, strict=True)
        )
    )


def _is_right(given: Array | None, right: Array | None) -> bool:
    return given is not None and right is not None and given.shape == right.shape and agrees(given, right)


def read_parts(backward: BackwardPass, parts: Sequence[str]) -> frozenset[str]:
    """Return the parts that other steps follow from."""
    return frozenset(name for step in backward.steps for name in step.reads or () if name in parts)
