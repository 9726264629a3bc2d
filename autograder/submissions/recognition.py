"""Find out which assignment a notebook answers, whatever its name, and restore its known cells.

A cell is recognised by its nbgrader id, a function by the parameters in its syntax tree, a class by its name.
Several are considered because any may fail: assignments share ids, a function may take `*rest`, a cell may
not contain Python at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from autograder.exercise import Assignment, Exercise
from autograder.submissions.notebook import Cell
from autograder.submissions.signatures import Definition, definitions

EXACT = 3.0  # for a function with just the parameters of an exercise, and for a class that is asked for
CALLABLE = 1.0  # for one that can be called with so many
ALIKE = 0.5  # for one that has half of the names, and can't
NAMED = 0.5  # for a file whose name begins with the assignment's
POINTS = 0.1  # for a cell that is worth what the exercise is


def recognise(path: Path, cells: Iterable[Cell], assignments: Sequence[Assignment]) -> Assignment | None:
    """Find the assignment a notebook answers: by its file's name, else by its cells' ids and functions."""
    for assignment in assignments:
        if path.stem == assignment.name:
            return assignment
    cells = list(cells)
    names = {exercise.name for assignment in assignments for exercise in assignment.exercises}
    defined = definitions([cell.source for cell in cells if cell.kind == "code" or cell.grade_id], names)
    ids = {identity for cell in cells for identity in (cell.grade_id, cell.cell_id) if identity}
    points = {cell.grade_id: cell.points for cell in cells}
    scores = []
    for assignment in assignments:
        functions = sum(_fit(exercise, defined.get(exercise.name, ())) for exercise in assignment.exercises)
        known = _ids(assignment, ids, assignments)
        named = path.stem.startswith(assignment.name)
        if not (functions or known or named):
            continue
        worth = sum(points.get(e.marks_cell) == e.max_score for e in assignment.exercises)
        scores.append((functions + known + NAMED * named + POINTS * worth, assignment))
    return max(scores, key=lambda scored: scored[0])[1] if scores else None


def _fit(exercise: Exercise, definitions: Iterable[Definition]) -> float:
    """Rate how well the best definition of a function fits an exercise; 0 if none does."""
    return max((_fits(exercise, definition) for definition in definitions), default=0.0)


def _fits(exercise: Exercise, definition: Definition) -> float:
    if exercise.convention.of_class:  # a function may make the objects, too
        return EXACT if definition.is_class else CALLABLE if definition.takes(1) else 0.0
    if definition.is_class:
        return 0.0
    wanted = exercise.parameters
    if definition.names == wanted:
        return EXACT
    used = sum(name in definition.used for name in wanted) / len(wanted)
    if definition.takes(len(wanted)):
        return CALLABLE + used
    return ALIKE * used if sum(name in definition.names for name in wanted) > len(wanted) / 2 else 0.0


def _ids(assignment: Assignment, ids: Collection[str], assignments: Sequence[Assignment]) -> float:
    """Rate how well the ids of cells fit an assignment's: the share that they have in common.

    A solution's id alone is a word that other people use for their cells, too.
    """
    known = {name for other in assignments for name in cells_of(other)} & set(ids)
    own = set(cells_of(assignment))
    marked = known & {exercise.marks_cell for exercise in assignment.exercises}
    solutions = {exercise.name for exercise in assignment.exercises}
    alone = len(solutions) == 1
    return len(known & own) / len(known | own) if marked or (solutions <= known and not alone) else 0.0


def cells_of(assignment: Assignment) -> dict[str, bool]:
    """List the ids of cells in which tasks are written and marked, in order; True if marked."""
    within = {
        exercise.name: [task for task, around in assignment.practice.items() if around == exercise.name]
        for exercise in assignment.exercises
    }
    return {
        name: name == exercise.marks_cell
        for exercise in assignment.exercises
        for name in (exercise.name, *within[exercise.name], exercise.marks_cell)
    }


def restored(cells: Sequence[Cell], assignment: Assignment) -> tuple[Cell, ...]:
    """Restore cells as nbgrader does before it runs a notebook; return the code cells.

    Known cells are code, whatever they were turned into; of several with one id the last counts; a
    deleted marks cell comes back after the cell before it, or else at the end; other ids are removed.
    """
    known = cells_of(assignment)
    last = {cell.grade_id: n for n, cell in enumerate(cells)}
    in_place = [
        replace(cell, kind="code", is_test=known[cell.grade_id])
        if cell.grade_id in known and last[cell.grade_id] == n
        else replace(cell, grade_id=None, is_test=False)
        for n, cell in enumerate(cells)
    ]
    return tuple(cell for cell in _with_missing(in_place, known) if cell.kind == "code")


def _with_missing(cells: list[Cell], known: Mapping[str, bool]) -> list[Cell]:
    """Add the cells for marks that are missing where nbgrader adds them, step for step."""
    order = list(known)
    places = {cell.grade_id: n for n, cell in enumerate(cells) if cell.grade_id is not None}
    missing = [name for name, marked in known.items() if marked and name not in places]
    for added, name in enumerate(missing):
        before = order[order.index(name) - 1]
        if before not in places:  # nothing tells its place, and with it nbgrader gives up
            present = {cell.grade_id for cell in cells}
            return cells + [_empty(other) for other in missing if other not in present]
        cells.insert(places[before] + added + 1, _empty(name))
        places[name] = places[before]
    return cells


def _empty(name: str) -> Cell:
    return Cell("", name, is_test=True)
