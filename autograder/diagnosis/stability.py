"""Check what becomes of an explanation if scores are large, or far apart: whether it is computed stably.

A formula may be wrong and also be computed in a way that gives no numbers for large scores. What is wrong in
it shows on ordinary instances; for the others it is then known what it should have given. Ordinary instances
are those on which no exponential is infinite.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.scale import Scale
from autograder.diagnosis.steps import Computation
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

OVERFLOW, COMMON_MAXIMUM, OF_ZERO = "overflow", "maximum-over-everything", "logarithm-of-zero"
NO_NUMBER, OTHERWISE, TOO_SMALL = "no-number-for-far-scores", "wrong-for-far-scores", "large-error-not-seen"


@dataclass(frozen=True)
class Explained:
    """Hold an explanation of an answer, and the settings of the computation for it."""

    price: float
    diagnosis: Diagnosis
    settings: Mapping[str, object]
    scales: Mapping[str, Scale | None]
    """Of each part that was judged; None where it is not explained."""

    @cached_property
    def unknown(self) -> frozenset[str]:
        """Return the parts that it does not explain."""
        return frozenset(f.where for f in self.diagnosis.findings if f.fault == "unrecognised")


def is_ordinary(computation: Computation, instance: Instance) -> bool:
    """Return whether exponentials of an instance's own numbers are finite, wherever they may be taken."""
    naive = (dict([mistake.setting]) for mistake in computation.mistakes if mistake.fault == OVERFLOW)
    runs = (computation.run(instance, settings) for settings in naive)
    return all(np.isfinite(array).all() for run in runs for array in run.values())


def beyond(
    computation: Computation, explained: Explained, instances: Sequence[Instance], answers: Answers
) -> Diagnosis:
    """Add to an explanation of ordinary instances what the others show.

    instances, answers : all except the ordinary ones.
    """
    shown = [_Shown(computation, explained, *pair) for pair in zip(instances, answers, strict=True)]
    known = [part for part in explained.scales if part not in explained.unknown]
    findings: list[Finding] = []
    lost: set[str] = set()
    for part in sorted(known, key=lambda part: part in computation.scaled):  # arrays first
        off = [one for one in shown if one.is_off(part)]
        before = [other for other in known if other not in computation.scaled and other != part]
        own = [one for one in off if not any(one.is_off(other) for other in before)]
        lost |= {part} if off else set()
        if not off:
            continue
        if part in computation.scaled and not own:  # no number follows from what is none
            findings = [
                Finding(f.fault, f.where, (*f.costs, part), f.hint) if set(f.costs) & set(before) else f
                for f in findings
            ]
            continue
        findings += [
            Finding(name, part, (part,)) for name in _names(computation, explained, part, own, shown)
        ]
    diagnosis = explained.diagnosis
    return Diagnosis((*diagnosis.findings, *findings), diagnosis.earned - lost)


@dataclass(frozen=True)
class _Shown:
    """An answer on one of the instances, beside what the explanation gives."""

    computation: Computation
    explained: Explained
    instance: Instance
    answer: Mapping[str, Array | None]

    @cached_property
    def expected(self) -> Mapping[str, Array]:
        return self.computation.run(self.instance, self.explained.settings)

    def due(self, part: str) -> Array:
        law = self.explained.scales[part]
        return self.expected[part] * (1.0 if law is None else law.of(self.instance.sizes))

    def is_off(self, part: str) -> bool:
        """Return whether the answer is anything else; where nothing finite is due, it may hold no numbers."""
        given, due = self.answer[part], self.due(part)
        if not np.isfinite(due).all():
            return given is not None
        return given is None or given.shape != due.shape or not agrees(given, due)

    def is_smaller(self, part: str) -> bool:
        """Return whether no entry is as large as it should be."""
        given = self.answer[part]
        return given is not None and bool((np.abs(given) < np.abs(self.due(part))).all())

    def is_infinite(self, part: str, settings: Mapping[str, object]) -> bool:
        """Return whether a computation gives no number here."""
        computed = self.computation.run(self.instance, settings).get(part)
        return computed is not None and not np.isfinite(computed).all()


def _names(
    computation: Computation, explained: Explained, part: str, off: Sequence[_Shown], shown: Sequence[_Shown]
) -> Iterator[str]:
    """Name what is seen on instances on which a part is off."""
    without = [one for one in off if one.answer[part] is None]
    settings = [(m.fault, dict([m.setting])) for m in computation.mistakes if part in m.costs]
    of_zero = [setting for fault, setting in settings if fault == OF_ZERO]
    if not without:
        near_zero = all(any(one.is_infinite(part, each) for each in of_zero) for one in off)
        yield TOO_SMALL if near_zero and all(one.is_smaller(part) for one in off) else OTHERWISE
        return
    rest = [
        one
        for one in without
        if not any(one.is_infinite(part, {**explained.settings, **each}) for each in of_zero)
    ]
    if len(rest) < len(without):
        yield OF_ZERO
    if not rest:
        return
    common = [setting for fault, setting in settings if fault == COMMON_MAXIMUM]
    large = [one for one in shown if not any(one.is_infinite(part, setting) for setting in common)]
    if any(one in large for one in rest):  # where one maximum for all would have done
        yield OVERFLOW
        return
    yield NO_NUMBER
