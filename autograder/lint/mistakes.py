"""Check that every mistake that the diagnosis knows shows, has a sentence, and differs from all others."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.diagnosis.planted import Planted
from autograder.diagnosis.sentences import sentence
from autograder.exercise import Exercise
from autograder.lint.planted import SEEDS, named, planting, twins
from autograder.lint.remark import Level, Remark
from autograder.lint.subject import Subject

SHOWN = 10  # remarks of one kind on an exercise


def each_shows(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that every single mistake changes the answer, on the hidden data of every seed."""
    every = planting(exercise)
    for mistake in every.singles:
        shows = [every.shows(mistake, every.of_seed(seed)) for seed in SEEDS]
        if not any(shows):
            yield _about(
                subject,
                exercise,
                mistake,
                f"{named(mistake)} is equal to the right form: on {len(every.instances)} instances its "
                "answers are the true ones. Take it out.",
                _level(subject, mistake),
            )
        elif not all(shows):
            yield _about(
                subject,
                exercise,
                mistake,
                f"{named(mistake)} shows on no instance of seed {SEEDS[shows.index(False)]}: draw instances "
                "on which it does.",
            )


def each_differs(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that no two mistakes of different names give the same answers.

    If mistakes of one name may be in two places, as a factor may, naming either is right.
    """
    every = planting(exercise)
    places = every.of_seed(SEEDS[0])
    known = [one for one in every.singles if every.shows(one, places)]
    alike = [pair for pair in twins(known, places) if len({one.findings[0].fault for one in pair}) > 1]
    for first, second in alike[:SHOWN]:
        yield _about(
            subject,
            exercise,
            second,
            f"{named(first)} and {named(second)} cannot be told apart: both give the same on every instance.",
            Level.WARNING,
        )


def each_has_a_sentence(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that there is a sentence for every mistake."""
    without: dict[str, Planted] = {}
    for mistake in planting(exercise).singles:
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


def _about(
    subject: Subject, exercise: Exercise, mistake: Planted, sentence: str, level: Level = Level.ERROR
) -> Remark:
    (finding,) = mistake.findings[:1]
    line = subject.declared(exercise, finding.fault, finding.where)
    return Remark(subject.declaration, line, f"{exercise.name}: {sentence}", level)


def _level(subject: Subject, mistake: Planted) -> Level:
    """Report an error if the author's own code causes it; what operations cause cannot be taken out."""
    fault = mistake.findings[0].fault
    own = (path.read_text(encoding="utf-8") for path in subject.folder.glob("*.py"))
    return Level.ERROR if any(f'"{fault}"' in text for text in own) else Level.WARNING
