"""Plant every mistake that the diagnosis knows: it has to show, and to be told from all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.planting import Planted, planted
from autograder.diagnosis.sentences import sentence
from autograder.exercise import Array, Exercise, Finding, Instance
from autograder.lint.remark import Level, Remark
from autograder.lint.subject import Subject

SEEDS = (1, 2, 3)
PAIRS = 200  # that are planted where not all of them are
SHOWN = 10  # remarks of one kind on an exercise


@dataclass(frozen=True)
class _Planting:
    """The single mistakes of an exercise, on the instances of several seeds."""

    instances: Sequence[Instance]
    seeds: Sequence[int]
    """Of each instance; -1 for the public ones."""
    truths: Sequence[dict[str, Array]]
    singles: Sequence[Planted]

    def of_seed(self, seed: int) -> list[int]:
        """The places of the instances that a submission with this seed is called with."""
        return [n for n, own in enumerate(self.seeds) if own in (seed, -1)]

    def shows(self, mistake: Planted, places: Sequence[int]) -> bool:
        """Whether an answer with a mistake is wrong on any of these instances."""
        return any(not _equal(mistake.answers[n], self.truths[n]) for n in places)


@dataclass
class Count:
    """What became of planted mistakes."""

    planted: int = 0
    named: int = 0
    missed: list[str] = field(default_factory=list)
    """What was planted and not named."""
    false: list[str] = field(default_factory=list)
    """What was named and not planted."""

    def __str__(self) -> str:
        return (
            f"{self.planted} planted, {self.named} fully named, {len(self.missed)} with a name missed, "
            f"{len(self.false)} with a false one"
        )


def each_shows(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that every single mistake changes the answer, on the hidden data of every seed."""
    planting = _planting(exercise)
    for mistake in planting.singles:
        seen = [planting.shows(mistake, planting.of_seed(seed)) for seed in SEEDS]
        if not any(seen):
            yield _about(
                subject,
                exercise,
                mistake,
                f"{_named(mistake)} is equal to the right form: on {len(planting.instances)} instances its "
                "answers are the true ones. Take it out.",
                _level(subject, mistake),
            )
        elif not all(seen):
            yield _about(
                subject,
                exercise,
                mistake,
                f"{_named(mistake)} shows on no instance of seed {SEEDS[seen.index(False)]}: draw instances "
                "on which it does.",
            )


def each_differs(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that no two mistakes of different names give the same answers.

    One of a name that may lie in two places, as a factor may, is named rightly all the same.
    """
    planting = _planting(exercise)
    places = planting.of_seed(SEEDS[0])
    known = [one for one in planting.singles if planting.shows(one, places)]
    twins = [pair for pair in _twins(known, places) if len({one.findings[0].fault for one in pair}) > 1]
    for first, second in twins[:SHOWN]:
        yield _about(
            subject,
            exercise,
            second,
            f"{_named(first)} and {_named(second)} cannot be told apart: both give the same on every "
            "instance.",
            Level.WARNING,
        )


def each_has_a_sentence(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that there is a sentence for every mistake."""
    without: dict[str, Planted] = {}
    for mistake in _planting(exercise).singles:
        (finding,) = mistake.findings[:1]
        if sentence(finding.fault, finding.where, finding.hint, finding.forward) is None:
            without.setdefault(finding.fault, mistake)
    for fault, mistake in without.items():
        yield _about(
            subject,
            exercise,
            mistake,
            f"{fault} has no sentence: give the wrong form one as its hint, or add it to the sentences.",
            _level(subject, mistake),
        )


def each_is_named(subject: Subject, exercise: Exercise, *, pairs: int = PAIRS) -> Iterator[Remark]:
    """Count how many mistakes are named, alone and two together, how many missed, and how many falsely.

    pairs : how many are planted at most, drawn at random.
    """
    planting = _planting(exercise)
    if exercise.explain is None:
        yield _note(subject, exercise, "nothing explains a wrong answer: no mistake is named.", Level.WARNING)
        return
    if not planting.singles:
        yield _note(subject, exercise, "its diagnosis cannot be asked for its mistakes: none was planted.")
        return
    places = planting.of_seed(SEEDS[0])
    instances = [planting.instances[n] for n in places]
    shown = [one for one in planting.singles if planting.shows(one, places)]
    alike: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for pair in _twins(shown, places):
        first, second = ((one.findings[0].fault, one.findings[0].where) for one in pair)
        alike.setdefault(first, set()).add(second)
        alike.setdefault(second, set()).add(first)
    singles = [Planted(one.findings, [one.answers[n] for n in places]) for one in shown]
    yield from _counted(subject, exercise, instances, singles, "single mistakes", alike)
    if pairs:
        planted_ones = planted(exercise, instances, pairs=True, most=pairs)
        both = [one for one in planted_ones if len(one.findings) == 2]
        yield from _counted(subject, exercise, instances, both, "pairs of mistakes")


def _counted(
    subject: Subject,
    exercise: Exercise,
    instances: Sequence[Instance],
    mistakes: Sequence[Planted],
    kind: str,
    alike: Mapping[tuple[str, str], set[tuple[str, str]]] = MappingProxyType({}),
) -> Iterator[Remark]:
    """Have mistakes explained, and count.

    alike : names and places of which either is right, as both give the same answers.
    """
    assert exercise.explain is not None
    parts = [part.name for part in exercise.parts]
    count = Count(planted=len(mistakes))
    for mistake in mistakes:
        try:
            with np.errstate(all="ignore"):
                found = exercise.explain(instances, mistake.answers, parts)
        except Exception as error:  # it is to explain any answer whatever
            problem = f"{type(error).__name__}: {' '.join(str(error).split())}"
            yield _note(
                subject, exercise, f"the diagnosis of {_named(mistake)} raises {problem}.", Level.ERROR
            )
            continue
        wanted = Counter((finding.fault, finding.where) for finding in mistake.findings)
        given = Counter((f.fault, f.where) for f in found.findings if f.fault != "unrecognised")
        missed, false = wanted - given, given - wanted
        if any(set(given) == {other} for one in wanted for other in alike.get(one, ())):
            missed, false = Counter(), Counter()
        count.named += not missed and not false
        if missed:
            count.missed.append(_named(mistake))
        if false:
            named = " and ".join(f"{fault} at {where}" for fault, where in false)
            count.false.append(f"{_named(mistake)}, for which {named} is named")
    yield _note(subject, exercise, f"{kind}: {count}.")
    if kind == "single mistakes":
        for text in count.missed[:SHOWN]:
            yield _note(subject, exercise, f"{text} is not named.", Level.WARNING)
        for text in count.false[:SHOWN]:
            yield _note(subject, exercise, f"{text}.", Level.WARNING)


def _note(subject: Subject, exercise: Exercise, sentence: str, level: Level = Level.NOTE) -> Remark:
    line = subject.declared(exercise)
    return Remark(subject.declaration, line, f"{exercise.name}: {sentence}", level)


def _about(
    subject: Subject, exercise: Exercise, mistake: Planted, sentence: str, level: Level = Level.ERROR
) -> Remark:
    (finding,) = mistake.findings[:1]
    line = subject.declared(exercise, finding.fault, finding.where)
    return Remark(subject.declaration, line, f"{exercise.name}: {sentence}", level)


def _level(subject: Subject, mistake: Planted) -> Level:
    """An error where the author's own code brings it; of what operations bring, nothing can be taken out."""
    fault = mistake.findings[0].fault
    own = (path.read_text(encoding="utf-8") for path in subject.folder.glob("*.py"))
    return Level.ERROR if any(f'"{fault}"' in text for text in own) else Level.WARNING


def _named(mistake: Planted) -> str:
    return " with ".join(_finding(finding) for finding in mistake.findings)


def _finding(finding: Finding) -> str:
    hint = f" ({finding.hint})" if finding.hint and len(finding.hint) < 60 else ""
    return f"{finding.fault}{hint} at {finding.where}"


def _planting(exercise: Exercise) -> _Planting:
    if exercise not in _KNOWN:
        instances: list[Instance] = []
        seeds: list[int] = []
        for n, seed in enumerate(SEEDS):
            for one in exercise.instances(seed):
                if n == 0 or not one.public:
                    instances.append(one)
                    seeds.append(-1 if one.public else seed)
        truths = [dict(exercise.reference(one)) for one in instances]
        singles = [one for one in planted(exercise, instances) if len(one.findings) == 1]
        _KNOWN[exercise] = _Planting(instances, seeds, truths, singles)
    return _KNOWN[exercise]


_KNOWN: dict[Exercise, _Planting] = {}


def _twins(mistakes: Sequence[Planted], places: Sequence[int]) -> Iterator[tuple[Planted, Planted]]:
    """Pairs of mistakes with other names and the same answers; each mistake with one other."""
    order = sorted(mistakes, key=lambda one: _size(one, places))
    for n, first in enumerate(order):
        size = _size(first, places)
        for second in order[n + 1 :]:
            if _size(second, places) > size * (1 + 1e-3) + 1e-9:
                break
            names = {(f.fault, f.where) for one in (first, second) for f in one.findings}
            if len(names) > 1 and all(_equal(first.answers[k], second.answers[k]) for k in places):
                yield first, second
                break


def _size(mistake: Planted, places: Sequence[int]) -> float:
    arrays = (array for n in places for array in mistake.answers[n].values() if array is not None)
    return float(np.sqrt(sum(float((array**2).sum()) for array in arrays)))


def _equal(given: object, true: object) -> bool:
    assert isinstance(given, dict)
    assert isinstance(true, dict)
    return all(
        given.get(name) is not None
        and np.shape(given[name]) == np.shape(array)
        and agrees(np.asarray(given[name]), np.asarray(array))
        for name, array in true.items()
        if array is not None
    )
