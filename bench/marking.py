"""What marking costs beside the reference gradients themselves: `make bench`.

Ratios of processor time within one run, medians over several rounds, one thread; the answers are called in
this process, so that no notebook is run.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import replace

import numpy
import torch
from rich.console import Console
from rich.table import Table

import utils
from autograder import assignments, calling
from autograder.exercise import Answer, Exercise, Instance
from autograder.mark import mark_exercise
from samples import samples

ROUNDS = 15
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
    for column in ("assignment", "exercise", "answer", "reference ms", "marking ms", "ratio"):
        table.add_column(column, justify="right" if column.endswith(("ms", "ratio")) else "left")
    for assignment, names in CASES.items():
        for exercise in assignments.load(assignment).exercises:
            drawn = exercise.instances(1)
            fixed = replace(exercise, instances=lambda _, drawn=drawn: drawn)
            for name in names:
                source = samples(assignment)[name].cells[exercise.name]
                reference, marking = _rounds(fixed, drawn, source)
                row = (f"{reference * 1e3:.1f}", f"{marking * 1e3:.1f}", f"{marking / reference:.1f}")
                table.add_row(assignment, exercise.name, name.replace("_", " "), *row)
    Console(width=110).print(table)


def _rounds(exercise: Exercise, drawn: list[Instance], source: str) -> tuple[float, float]:
    """Median seconds of the reference gradients, and of marking without the student's own time."""
    names: dict[str, object] = {"numpy": numpy, "torch": torch, "utils": utils}
    exec(source, names)
    function = names[exercise.name]
    assert callable(function)
    spent = 0.0

    def call(exercise: Exercise, instance: Instance) -> Answer:
        nonlocal spent
        start = time.process_time()
        answer = calling.call(function, exercise.convention, instance.inputs)
        spent += time.process_time() - start
        return answer

    references, markings = [], []
    for _ in range(ROUNDS):
        references.append(_seconds(lambda: [exercise.reference(instance) for instance in drawn]))
        spent = 0.0
        markings.append(_seconds(lambda: mark_exercise(exercise, calling.one_by_one(call), 1)) - spent)
    return statistics.median(references), statistics.median(markings)


def _seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
