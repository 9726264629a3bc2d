"""All checks of an assignment, in order; what a check stumbles over is a remark, too."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeAlias

from autograder import assignments
from autograder.exercise import Exercise
from autograder.lint import answers, cells, marks, mistakes, naming, truth
from autograder.lint.remark import Level, Remark
from autograder.lint.subject import Subject

OfAll: TypeAlias = Callable[[Subject], Iterator[Remark]]
OfOne: TypeAlias = Callable[[Subject, Exercise], Iterator[Remark]]

WHOLE: tuple[OfAll, ...] = (cells.unknown_exercises, cells.practice, answers.runs)
EACH: tuple[OfOne, ...] = (
    cells.written_once,
    cells.marked_once,
    cells.signature,
    marks.positive,
    marks.add_up,
    truth.parts_exist,
    truth.measured,
    answers.solution,
    answers.stub,
    mistakes.each_has_a_sentence,
    mistakes.each_shows,
)
"""The checks that a build runs: errors come from these."""
THOROUGH: tuple[OfOne, ...] = (mistakes.each_differs,)


def lint(name: str, *, thorough: bool = True, pairs: int = naming.PAIRS) -> Iterator[Remark]:
    """Check an assignment; yield the remarks about it.

    thorough : whether to check also that mistakes are told apart and named, which no build waits for.
    pairs : the most pairs of mistakes to plant.

    Raises
    ------
    UnknownAssignment, BrokenAssignment
        There is none of that name, or it does not load.
    """
    assignment = assignments.load(name)
    declaration, notebook = assignments.declaration_of(name), assignments.notebook_of(name)
    subject = Subject(assignment, assignments.folders()[name], declaration, notebook)
    for whole in WHOLE:
        yield from _guarded(subject, partial(whole, subject), whole.__name__)
    named = partial(naming.each_is_named, pairs=pairs)
    for exercise in subject.assignment.exercises:
        for check in (*EACH, *(THOROUGH if thorough else ())):
            yield from _guarded(subject, partial(check, subject, exercise), check.__name__)
        if thorough:
            yield from _guarded(subject, partial(named, subject, exercise), "each_is_named")


def _guarded(subject: Subject, check: Callable[[], Iterator[Remark]], name: str) -> Iterator[Remark]:
    """Run a check; an exception of the assignment's code is reported as an error."""
    try:
        yield from check()
    except Exception as error:  # whatever a declaration's functions raise
        text = f"{name.replace('_', ' ')}: {type(error).__name__}: {' '.join(str(error).split())}"
        file, line = _raised(subject, error)
        yield Remark(file, line, f"its code raises while it is looked at ({text}).", Level.ERROR)


def _raised(subject: Subject, error: Exception) -> tuple[Path, int]:
    """Return the author's own file and line of an exception; else where the declaration begins."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(subject.folder)]
    return (Path(own[-1].filename), own[-1].lineno or 1) if own else (subject.declaration, 1)
