"""Plant every mistake that the diagnosis knows, alone and in pairs; report those missed or wrongly named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from autograder.diagnosis.planted import ANY_FACTOR, Planted
from autograder.diagnosis.planting import planted
from autograder.exercise import Exercise, Finding, Instance
from autograder.lint.planted import SEEDS, named, planting, same
from autograder.lint.remark import Level, Remark
from autograder.lint.subject import Subject

PAIRS = 200  # that are planted if not all of them are
SHOWN = 10  # remarks of one kind on an exercise
OF_PATH = "path-wrong-scale"
LARGEST = 64  # denominator of a factor that is planted as it was named

_Names: TypeAlias = tuple[tuple[str, str], ...]
"""Of mistakes and their places, in order."""


@dataclass
class Count:
    """Count what became of planted mistakes."""

    planted: int = 0
    named: int = 0
    alike: int = 0
    """Named by others, which give the very same answers."""
    missed: list[str] = field(default_factory=list)
    """What was planted and not named."""
    false: list[str] = field(default_factory=list)
    """What was named and not planted."""

    def __str__(self) -> str:
        alike = f"{self.alike} named by others that give the same answers, " if self.alike else ""
        return (
            f"{self.planted} planted, {self.named} fully named, {alike}"
            f"{len(self.missed)} with a name missed, {len(self.false)} with a false one"
        )


def each_is_named(subject: Subject, exercise: Exercise, *, pairs: int = PAIRS) -> Iterator[Remark]:
    """Count how many mistakes are named, alone and in pairs, how many missed, and how many wrongly named.

    pairs : the most to plant, drawn at random.
    """
    if exercise.explain is None:
        yield _note(subject, exercise, "nothing explains a wrong answer: no mistake is named.", Level.WARNING)
        return
    every = planting(exercise)
    if not every.singles:
        yield _note(subject, exercise, "its diagnosis cannot be asked for its mistakes: none was planted.")
        return
    places = every.of_seed(SEEDS[0])
    instances = [every.instances[n] for n in places]
    right = Planted((), [every.truths[n] for n in places])
    singles = [
        Planted(one.findings, [one.answers[n] for n in places])
        for one in every.singles
        if every.shows(one, places)
    ]
    yield from _counted(subject, exercise, instances, singles, right, "single mistakes")
    if pairs:
        chosen = planted(exercise, instances, pairs=True, most=pairs)
        both = [one for one in chosen if len(one.findings) == 2]
        drawn = " (drawn at random, the same ones every time)" if len(both) >= pairs else ""
        yield from _counted(subject, exercise, instances, both, right, f"pairs of mistakes{drawn}")


def _counted(
    subject: Subject,
    exercise: Exercise,
    instances: Sequence[Instance],
    mistakes: Sequence[Planted],
    right: Planted,
    kind: str,
) -> Iterator[Remark]:
    """Have mistakes explained, and count.

    right : the answers without any mistake.
    """
    assert exercise.explain is not None
    parts = [part.name for part in exercise.parts]
    count = Count(planted=len(mistakes))
    others: list[tuple[Planted, Sequence[Finding]]] = []
    for mistake in mistakes:
        try:
            with np.errstate(all="ignore"):
                result = tuple(exercise.explain(instances, mistake.answers, parts).findings)
        except Exception as error:  # it is to explain any answer whatever
            problem = f"{type(error).__name__}: {' '.join(str(error).split())}"
            yield _note(
                subject, exercise, f"the diagnosis of {named(mistake)} raises {problem}.", Level.ERROR
            )
            continue
        if _names(result) == _names(mistake.findings):
            count.named += 1
        else:
            others.append((mistake, result))
    replanted = _replanted(exercise, instances, [result for _, result in others], right)
    for mistake, findings in others:
        claimed = replanted.get(_names(findings), ())
        if any(_alike(mistake, one) for one in claimed):
            count.alike += 1
            continue
        wanted = Counter(_names([finding for finding in mistake.findings if _has_numbers(mistake, finding)]))
        given = Counter(name for name in _names(findings) if name[0] != "unrecognised")
        if wanted - given:
            count.missed.append(named(mistake))
        if given - wanted:
            claims = " and ".join(f"{fault} at {where}" for fault, where in given - wanted)
            count.false.append(f"{named(mistake)}, for which {claims} is named")
    yield _note(subject, exercise, f"{kind}: {count}.")
    if kind == "single mistakes":
        for text in count.missed[:SHOWN]:
            yield _note(subject, exercise, f"{text} is not named.", Level.WARNING)
    for text in count.false[:SHOWN]:
        yield _note(subject, exercise, f"{text}.", Level.WARNING)


def _replanted(
    exercise: Exercise, instances: Sequence[Instance], claims: Collection[Sequence[Finding]], right: Planted
) -> Mapping[_Names, list[Planted]]:
    """Plant what was named, to see which answers it gives."""
    wanted = {_names(result) for result in claims}
    factors = {factor for result in claims for finding in result for factor in _factor(finding)}
    made: dict[_Names, list[Planted]] = {(): [right]}
    if wanted:
        again = planted(
            exercise, instances, pairs=lambda result: _names(result) in wanted, factors=sorted(factors)
        )
        for one in again:
            made.setdefault(_names(one.findings), []).append(one)
    return made


def _factor(finding: Finding) -> Iterator[float]:
    """Yield the number in a factor without a name, if it is a plain one; of all, or of one path."""
    number = finding.hint
    if finding.fault == OF_PATH:
        number = number.rpartition(", ")[2].removesuffix(" times")
    if finding.fault in (ANY_FACTOR, OF_PATH):
        with suppress(ValueError):
            yield float(Fraction(number).limit_denominator(LARGEST))


def _has_numbers(mistake: Planted, finding: Finding) -> bool:
    """Return whether a part that a mistake costs has numbers on several instances: one proves nothing."""
    return any(sum(answer.get(part) is not None for answer in mistake.answers) > 1 for part in finding.costs)


def _alike(one: Planted, other: Planted) -> bool:
    return all(same(a, b) for a, b in zip(one.answers, other.answers, strict=True))


def _names(findings: Sequence[Finding]) -> _Names:
    return tuple(sorted((finding.fault, finding.where) for finding in findings))


def _note(subject: Subject, exercise: Exercise, sentence: str, level: Level = Level.NOTE) -> Remark:
    line = subject.declared(exercise)
    return Remark(subject.declaration, line, f"{exercise.name}: {sentence}", level)
