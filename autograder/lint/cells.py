"""Check the notebook's cells: where each exercise is written and marked, and its signature there."""

from __future__ import annotations

from collections.abc import Iterator

from autograder.exercise import Exercise
from autograder.lint.remark import Remark
from autograder.lint.running import SOLUTION
from autograder.lint.subject import Subject
from autograder.submissions.signatures import definitions


def written_once(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that there is one cell for the answer, with a solution in it and a stub after it."""
    yield from _written_once(subject, exercise.name)


def practice(subject: Subject) -> Iterator[Remark]:
    """Check that each task without marks has one cell, too, and that it is where it is declared."""
    for task, exercise in subject.assignment.practice.items():
        yield from _written_once(subject, task)
        here, start = _line(subject, "solution", task), _line(subject, "solution", exercise)
        end = _line(subject, "marks", exercise)
        if here and start and end and not start < here < end:
            yield subject.in_notebook(
                f"{task} is declared as practice within {exercise}: put its cell between the one in which "
                f"{exercise} is written and the one in which it is marked.",
                here,
            )


def _line(subject: Subject, role: str, name: str) -> int:
    """Return the line of the first cell with this role for a task; 0 if there is none."""
    return next((cell.line for cell in subject.cells if getattr(cell, role) == name), 0)


def _written_once(subject: Subject, name: str) -> Iterator[Remark]:
    cells = [cell for cell in subject.cells if cell.solution == name]
    if not cells:
        yield subject.in_notebook(
            f'no cell is marked `# %% solution="{name}"`: students have nowhere to write it.', 1
        )
    for cell in cells[1:]:
        yield subject.in_notebook(
            f"{name} has a second cell for its answer: nbgrader knows a cell by its name, so one "
            "alone is possible.",
            cell.line,
        )
    for cell in cells[:1]:
        if not SOLUTION.search(f"{cell.source}\n"):
            yield subject.in_notebook(
                f"the cell of {name} has no `### BEGIN SOLUTION` … `### END SOLUTION`: students "
                "would be given all of it.",
                cell.line,
            )


def marked_once(subject: Subject, exercise: Exercise) -> Iterator[Remark]:
    """Check that there is one cell in which it is marked, after the cell in which it is written."""
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
    """Check that the function in the notebook takes the declared parameters."""
    for cell in subject.cells:
        if cell.solution == exercise.name:
            result = definitions([cell.source], [exercise.name]).get(exercise.name, [])
            line = subject.definition(cell, exercise.name)
            if not result:
                yield subject.in_notebook(f"the cell of {exercise.name} defines no such function.", line)
            elif exercise.convention.of_class:
                if not result[-1].takes(1):
                    yield subject.in_notebook(
                        f"{exercise.name} is made with {', '.join(result[-1].names) or 'nothing'} in the "
                        "notebook: a leaf is made of its data alone, so let all else have a default.",
                        line,
                    )
            elif result[-1].names != exercise.parameters:
                yield subject.in_notebook(
                    f"the notebook has {exercise.name}({','.join(result[-1].names)}), the declaration "
                    f"{exercise.signature} ({subject.declaration.name}, line "
                    f"{subject.declared(exercise)}): one signature is needed.",
                    line,
                )


def unknown_exercises(subject: Subject) -> Iterator[Remark]:
    """Check that no cell is marked for an exercise that is not declared."""
    known = {exercise.name for exercise in subject.assignment.exercises} | {*subject.assignment.practice}
    for cell in subject.cells:
        for name in {cell.solution, cell.marks} - {"", *known}:
            yield subject.in_notebook(
                f"the cell is for {name}, and no such exercise is declared: there are "
                f"{', '.join(sorted(known))}.",
                cell.line,
            )
