"""What a backward pass is judged by, stage by stage: hidden steps, and the parts in which they show.

A hidden step shows in the parts that follow from it. Hidden steps in a row, of which only the last ones are
followed by parts, are judged together. A part that follows from no hidden step, or from one that has been
judged already, is a stage of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod

from autograder.diagnosis.scale import Scale, points
from autograder.diagnosis.steps import MOST_FORMS, Chain, Form, Named, Step
from autograder.exercise import Answers, Array

MAX_FAULTS = 3  # in one step


@dataclass(frozen=True)
class Stage:
    """Hidden steps in a row with the parts that follow from them, beside what the student made of these."""

    place: int
    row: tuple[Step, ...]
    children: Sequence[Step]
    answers: Answers
    sizes: Sequence[Mapping[str, int]]
    """The dimensions of each instance."""
    unseen: Sequence[bool]
    """Which instances are hidden from students."""
    mean: bool
    read: frozenset[str]
    """The parts that others follow from."""

    @cached_property
    def sheet(self) -> int:
        """N of the sheet's own data; 0 if there are none."""
        sheets = (sizes for sizes, hidden in zip(self.sizes, self.unseen, strict=True) if not hidden)
        return next((sizes.get("N", 0) for sizes in sheets), 0)

    @cached_property
    def smallest_first(self) -> list[int]:
        """The instances with several data points, the smallest first."""
        several = [k for k, sizes in enumerate(self.sizes) if points(sizes) > 1]
        return sorted(several, key=lambda k: prod(self.sizes[k].values()))

    @cached_property
    def in_order(self) -> list[int]:
        """All instances: those with several data points, the smallest first, and then the others."""
        return self.smallest_first + [k for k, sizes in enumerate(self.sizes) if points(sizes) <= 1]

    def of(self, part: str) -> list[Array | None]:
        """What the student gives for a part, on every instance."""
        return [answer[part] for answer in self.answers]

    @cached_property
    def silent(self) -> frozenset[str]:
        """The parts that are given on no hidden instance: they bear out nothing."""
        names = (child.name for child in self.children)
        return frozenset(
            name
            for name in names
            if all(array is None for array, hidden in zip(self.of(name), self.unseen, strict=True) if hidden)
        )

    def named(self, own: Scale) -> tuple[tuple[str, str], ...]:
        """The names of a factor."""
        return own.faults(self.mean, self.sheet)

    def odd(self, own: Scale) -> float:
        """How far-fetched a factor is; 0 if it has a name."""
        return own.odd if any(fault == "wrong-scale" for fault, _ in self.named(own)) else 0.0

    def is_mixed(self, child: Step) -> bool:
        """Whether a part follows from other steps besides the hidden ones of this stage."""
        row = {step.name for step in self.row}
        return child.reads is not None and not set(child.reads) <= row

    def forms(self, count: int) -> Iterator[tuple[tuple[Named, ...], tuple[Form, ...]]]:
        """All ways to run the hidden steps with `count` mistakes in all, none where they are too many.

        Those nearest the output come first.
        """
        for counts in product(range(count, -1, -1), repeat=len(self.row)):
            if sum(counts) != count:
                continue
            each = [step.variants(n, fitted=False) for step, n in zip(self.row, counts, strict=True)]
            if prod(map(len, each)) <= MOST_FORMS:
                for forms in product(*each):
                    yield tuple(named for form in forms for named in form.mistakes), forms


def stages(chain: Chain, parts: Sequence[str]) -> Iterator[tuple[tuple[Step, ...], Sequence[Step]]]:
    """Hidden steps, one or several in a row, with the parts that show them; parts by themselves."""
    row: list[Step] = []
    children: list[Step] = []
    for step in chain.steps:
        hidden = step.name not in parts
        if children and (hidden or _follows(step, children)):
            yield tuple(row), children
            row, children = [], []
        if hidden:
            row.append(step)
        elif row and (step.reads is None or _follows(step, row)):
            children.append(step)
        else:
            yield (), [step]
    if children:
        yield tuple(row), children


def _follows(step: Step, others: Sequence[Step]) -> bool:
    return any(other.name in (step.reads or ()) for other in others)


def read_parts(chain: Chain, parts: Sequence[str]) -> frozenset[str]:
    """The parts that other steps follow from."""
    return frozenset(name for step in chain.steps for name in step.reads or () if name in parts)
