"""Check that the model solution earns everything, and the stub nothing."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.calling import function_call
from autograder.exercise import VARIANTS, Answer, Exercise, ExerciseResult, Instance, Verdict
from autograder.lint.remark import Level, Remark
from autograder.lint.running import CellResult, run
from autograder.lint.subject import Subject
from autograder.marking.mark import mark_exercise

SEEDS = (1, 1 + VARIANTS, 1 + 2 * VARIANTS)  # none of them shares instances with another


def solution(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that the model solution earns all marks, on the hidden data of several seeds."""
    line = _line(subject, exercise)
    for seed in SEEDS:
        result = _marked(subject, exercise, run(subject, stub=False), seed)
        if result is None:
            return  # no function: that is a remark of its own
        if result.score < exercise.max_score:
            missing = [one.part.name for one in result.parts if one.verdict is not Verdict.CORRECT]
            why = "; ".join(fault.message for fault in result.faults[:1]) or "no reason is known"
            yield subject.in_notebook(
                f"the model solution of {exercise.name} earns {result.score:g} of {exercise.max_score:g} P "
                f"(seed {seed}: {', '.join(missing)}): {why}",
                line,
            )
            return


def stub(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that what students start with earns nothing."""
    result = _marked(subject, exercise, run(subject, stub=True), SEEDS[0])
    if result is not None and result.score > 0:
        earning = [one.part.name for one in result.parts if one.score > 0]
        yield subject.in_notebook(
            f"the stub of {exercise.name} earns {result.score:g} P, for {', '.join(earning)}: let it raise "
            f'`NotImplementedError("{exercise.name}")`.',
            _line(subject, exercise),
        )


def runs(subject: Subject) -> Iterator[Remark]:
    """Check that no cell raises, neither with the solutions nor with the stubs."""
    for kind, ran in (("solutions", run(subject, stub=False)), ("stubs", run(subject, stub=True))):
        for cell, problem in ran.problems:
            yield subject.in_notebook(
                f"with the {kind} in their places this cell raises {problem}.", cell.line, Level.WARNING
            )


def _marked(subject: Subject, exercise: Exercise, ran: CellResult, seed: int) -> ExerciseResult | None:
    function = ran.names.get(exercise.name)
    if not callable(function):
        return None

    def call(exercise: Exercise, instance: Instance) -> Answer:
        return function_call.call(function, exercise.convention, instance.inputs)

    carry = subject.assignment.carry_forward
    return mark_exercise(exercise, function_call.one_by_one(call), seed, carry_forward=carry)


def _line(subject: Subject, exercise: Exercise) -> int:
    for cell in subject.cells:
        if cell.solution == exercise.name:
            return subject.definition(cell, exercise.name)
    return 1
