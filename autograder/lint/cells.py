"""The notebook's cells: where each exercise is written and marked, and its signature there."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.exercise import Exercise
from autograder.lint.remark import Remark
from autograder.lint.running import SOLUTION
from autograder.lint.subject import Subject
from autograder.signatures import definitions


def written_once(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that there is one cell for the answer, with a solution in it and a stub behind it."""
    cells = [cell for cell in subject.cells if cell.solution == exercise.name]
    if not cells:
        yield subject.in_notebook(
            f'no cell is marked `# %% solution="{exercise.name}"`: students have nowhere to write it.', 1
        )
    for cell in cells[1:]:
        yield subject.in_notebook(
            f"{exercise.name} has a second cell for its answer: nbgrader knows a cell by its name, so one "
            "alone is possible.",
            cell.line,
        )
    for cell in cells[:1]:
        if not SOLUTION.search(f"{cell.source}\n"):
            yield subject.in_notebook(
                f"the cell of {exercise.name} has no `### BEGIN SOLUTION` … `### END SOLUTION`: students "
                "would be given all of it.",
                cell.line,
            )


def marked_once(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that there is one cell in which it is marked, behind the cell in which it is written."""
    cells = [cell for cell in subject.cells if cell.marks == exercise.name]
    answers = [cell.line for cell in subject.cells if cell.solution == exercise.name]
    if not cells:
        yield subject.in_notebook(
            f'no cell is marked `# %% marks="{exercise.name}"`: the exercise has no cell in which it is '
            "marked.",
            answers[0] if answers else 1,
        )
    for cell in cells[1:]:
        yield subject.in_notebook(f"{exercise.name} is marked in a second cell: once is enough.", cell.line)
    for cell in cells[:1]:
        if answers and cell.line < answers[0]:
            yield subject.in_notebook(
                f"{exercise.name} is marked before the cell in which it is written.", cell.line
            )


def signature(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """See that the function in the notebook takes what the declaration says."""
    for cell in subject.cells:
        if cell.solution == exercise.name:
            found = definitions([cell.source], [exercise.name]).get(exercise.name, [])
            line = subject.definition(cell, exercise.name)
            if not found:
                yield subject.in_notebook(f"the cell of {exercise.name} defines no such function.", line)
            elif found[-1].names != exercise.parameters:
                yield subject.in_notebook(
                    f"the notebook has {exercise.name}({','.join(found[-1].names)}), the declaration "
                    f"{exercise.signature} ({subject.declaration.name}, line "
                    f"{subject.declared(exercise)}): one signature is needed.",
                    line,
                )


def unknown_exercises(subject: Subject) -> Iterator[Remark]:
    """See that no cell is marked for an exercise that is not declared."""
    known = {exercise.name for exercise in subject.assignment.exercises}
    for cell in subject.cells:
        for name in {cell.solution, cell.marks} - {"", *known}:
            yield subject.in_notebook(
                f"the cell is for {name}, and no such exercise is declared: there are "
                f"{', '.join(sorted(known))}.",
                cell.line,
            )
