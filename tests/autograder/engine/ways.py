"""The ways in which an exercise of the engine's is marked: in this process, in a kernel, in the sandbox."""

from __future__ import annotations

from types import SimpleNamespace

from autograder.exercise import ExerciseResult
from autograder.grading.grade import execute_cells
from autograder.nbgrader_bridge import marks_cell
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.protocol.limits import USUAL, Limits
from autograder.submissions.notebook import Cell
from tests.autograder import marked_answers
from tests.autograder.engine.exercises import ASSIGNMENT
from tests.autograder.students_function import written

EXERCISES = {exercise.name: exercise for exercise in ASSIGNMENT.exercises}
SEED = 5


def locally(name: str, source: str) -> ExerciseResult:
    """Mark what a cell defines in this process."""
    return marked_answers.marked(EXERCISES[name], written(source, name), SEED)


def in_a_kernel(name: str, source: str) -> ExerciseResult:
    """Mark what a cell defines as the hidden test does that students' kernels run."""
    return marks_cell._marked(EXERCISES[name], written(source, name), SEED, carry_forward=True)


def sandboxed(fork_server: ForkServer, name: str, source: str, limits: Limits = USUAL) -> ExerciseResult:
    """Mark a cell in a worker of its own."""
    cells = [Cell(source), Cell("", f"{name}-marks", is_test=True)]
    seeds = SimpleNamespace(of=lambda *_: SEED)
    return execute_cells(cells, ASSIGNMENT, seeds, fork_server, limits).results[name]


def lost(result: ExerciseResult) -> set[str]:
    """Name the parts that earn nothing."""
    return {part.part.name for part in result.parts if part.score == 0}
