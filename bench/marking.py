"""What marking costs beside the reference gradients themselves: `make bench`.

Ratios of processor time within one run, the two measured in turn, medians over several rounds, one thread;
the answers are called in this process, so that no notebook is run. A first answer to its hidden data is told
from later ones, for which much is remembered; the truth itself is known to both. A class has both: of 120
students who all answer alike, each is called with hidden data drawn for it. The last row of an exercise is a
class in which all these answers are equally frequent. Assignments may be named:
`python -m bench.marking 04-an-engine-of-your-own`.
"""

from __future__ import annotations

import ast
import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Answer, Exercise, Instance
from autograder.marking import hidden_data
from autograder.marking.mark import mark_exercise
from samples import Sample, samples

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
DEFINITIONS = ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef

ROUNDS = 15
CLASS = 120  # students
CASES = {
    "01-error-backpropagation": (
        "matrix_products",
        "missing_relu_mask",
        "no_factor_two",
        "transposed",
        "single_wrong_entry",
        "zeros",
    ),
    "02-gradient-descent": ("vandermonde", "loss_after_update", "wrong_powers", "mean_for_sum"),
    "03-softmax-and-cross-entropy": (
        "one_hot",
        "log_sum_exp",
        "sum_instead_of_mean",
        "diagonal_only",
        "wrong_axis",
        "targets_as_columns",
    ),
    "04-an-engine-of-your-own": (
        "tables",
        "loops",
        "axis_lost",
        "wrong_slopes",
        "overwritten",
        "too_soon",
        "no_two_terms",
        "gradients_kept",
    ),
    "05-normalisation": (
        "one_expression",
        "step_by_step",
        "statistics_as_constants",
        "gamma_outside",
        "wrong_axis",
        "not_summed",
    ),
    "08-attention": ("matrix_products", "loops", "row_sum_missing", "one_path", "sees_the_future"),
}


def main() -> None:
    """Print a table of ratios."""
    torch.set_num_threads(1)
    table = Table(title="Marking one answer, in units of its reference gradients", title_justify="left")
    for column in ("exercise", "answer"):
        table.add_column(column)
    for column in ("reference ms", "first ms", "ratio", "later ms", "ratio", "class ms", "ratio"):
        table.add_column(column, justify="right")
    for assignment in sys.argv[1:] or CASES:
        table.add_section()
        exercises = assignments.load(assignment).exercises
        gc.collect()
        gc.freeze()  # as every process does that grades
        for exercise in exercises:
            instances, of_class = exercise.instances(1), []
            for name in CASES[assignment]:
                sample = samples(assignment)[name]
                function = _names(sample)[exercise.name]
                assert callable(function)
                score = sample.marks[exercise.name]
                reference, *markings = _rounds(exercise, instances, function, score)
                markings.append(_class(exercise, function, score))
                of_class.append(markings[-1] / reference)
                row = [f"{reference * 1e3:.1f}"]
                for marking in markings:
                    row += [f"{marking * 1e3:.1f}", f"{marking / reference:.1f}"]
                table.add_row(f"{assignment[:2]} {exercise.name}", name.replace("_", " "), *row)
            mean = f"{statistics.fmean(of_class):.1f}"
            table.add_row(f"{assignment[:2]} {exercise.name}", "all of these, as often", *[""] * 6, mean)
    Console(width=130).print(table)


def _names(sample: Sample) -> dict[str, object]:
    """Run what an answered notebook defines, and nothing of what it tries out with that."""
    names: dict[str, object] = {}
    for cell in sample.notebook(NOTEBOOKS / f"{sample.assignment}.ipynb").cells:
        if cell.cell_type == "code":
            module = ast.parse(cell.source)
            module.body = [line for line in module.body if isinstance(line, DEFINITIONS) or _is_table(line)]
            exec(compile(module, sample.name, "exec"), names)
    return names


def _is_table(line: ast.stmt) -> bool:
    """Return whether a line writes down a dictionary, as that of an engine's operations."""
    return isinstance(line, ast.Assign) and isinstance(line.value, ast.Dict)


def _rounds(
    exercise: Exercise, instances: Sequence[Instance], function: Callable[..., object], score: float
) -> list[float]:
    """Median seconds of the reference gradients, and of marking without the student's own time, twice."""
    rounds = [_round(exercise, instances, function, score) for _ in range(ROUNDS)]
    return [statistics.median(times) for times in zip(*rounds, strict=True)]


def _round(
    exercise: Exercise, instances: Sequence[Instance], function: Callable[..., object], score: float
) -> tuple[float, float, float]:
    """Return the same once: first on instances of which nothing is remembered, then on these once more."""
    fresh = [replace(instance) for instance in instances]
    fixed = replace(exercise, instances=lambda _: fresh)
    reference = _seconds(lambda: [exercise.reference(instance) for instance in fresh])
    hidden_data.drawn(fixed, 1)
    answers = _answers(exercise, function, 1, score)
    first, later = (_marking(fixed, answers, 1) for _ in range(2))
    return reference, first, later


def _class(exercise: Exercise, function: Callable[..., object], score: float) -> float:
    """Mean seconds of marking this answer for a whole class of which nothing is remembered."""
    drawn = [exercise.instances(seed) for seed in range(1, CLASS + 1)]
    known: dict[Instance, Instance] = {}  # students share instances, as they are drawn from a pool
    fresh = [[known.setdefault(one, replace(one)) for one in each] for each in drawn]
    own = replace(exercise, instances=lambda seed: fresh[seed - 1])
    for seed in range(1, CLASS + 1):
        hidden_data.drawn(own, seed)
    answers = {seed: _answers(exercise, function, seed, score) for seed in range(1, CLASS + 1)}
    return statistics.fmean(_marking(own, answers[seed], seed) for seed in answers)


def _answers(exercise: Exercise, function: Callable[..., object], seed: int, score: float) -> list[Answer]:
    """Return the answers to all calls that are made while this function is marked, in their order."""
    answers: list[Answer] = []

    def call(exercise: Exercise, instance: Instance) -> Answer:
        answers.append(function_call.call(function, exercise.convention, instance.inputs))
        return answers[-1]

    result = mark_exercise(exercise, function_call.one_by_one(call), seed)
    assert result.score == score, "the answer was not called as it is in a notebook"
    return answers


def _marking(exercise: Exercise, answers: Sequence[Answer], seed: int) -> float:
    """Seconds of marking an answer without the student's own time: what was answered is known."""
    in_order = iter(answers)
    call = function_call.one_by_one(lambda exercise, instance: next(in_order))
    return _seconds(lambda: mark_exercise(exercise, call, seed))


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
