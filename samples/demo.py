"""A sample class, graded by nbgrader from release to feedback; its notebooks run in the sandbox.

python -m samples.demo FOLDER
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import nbformat
from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder import assignments
from autograder.exercise import Assignment
from autograder.nbgrader_bridge.course import course_folder
from autograder.nbgrader_bridge.returning import report
from autograder.submissions import notebook
from samples import FOLDER, samples

# none whose network trains entry by entry: that takes a minute each
CLASS = {
    "01-error-backpropagation": {
        "amara": "matrix_products",
        "bruno": "explicit_loops",
        "chiara": "einsum",
        "deniz": "torch_in_the_first_cell",
        "emeka": "prints_and_warns",
        "freya": "classes",
        "goran": "no_factor_two",
        "hana": "missing_relu_mask",
        "ivan": "transposed",
        "jun": "keepdims_bias",
        "kaya": "detached",
        "liam": "raises",
        "mona": "empty",
        "nils": "no_notebook",
    },
    "02-gradient-descent": {
        "amara": "vandermonde",
        "bruno": "loops",
        "goran": "no_factor_two",
        "hana": "loss_after_update",
        "mona": "empty",
    },
    "03-softmax-and-cross-entropy": {
        "amara": "one_hot",
        "chiara": "log_sum_exp",
        "deniz": "torch_as_a_library",
        "goran": "sum_instead_of_mean",
        "hana": "diagonal_only",
        "ivan": "wrong_axis",
        "jun": "targets_as_columns",
        "liam": "as_it_stands",
        "mona": "empty",
    },
    "04-an-engine-of-your-own": {
        "amara": "tables",
        "chiara": "match_and_count",
        "deniz": "torch_as_a_library",
        "emeka": "linear_system",
        "goran": "overwritten",
        "hana": "wrong_slopes",
        "ivan": "axis_lost",
        "jun": "gradients_kept",
        "liam": "first_two",
        "mona": "empty",
    },
    "05-normalisation": {
        "amara": "one_expression",
        "chiara": "projections",
        "deniz": "torch_as_a_library",
        "emeka": "step_by_step",
        "goran": "gamma_outside",
        "hana": "missing_paths",
        "ivan": "wrong_axis",
        "jun": "not_summed",
        "kaya": "always_the_batch",
        "liam": "statistics_as_constants",
        "mona": "empty",
    },
    "08-attention": {
        "amara": "matrix_products",
        "chiara": "einsum",
        "deniz": "library",
        "goran": "scale_forgotten",
        "hana": "row_sum_missing",
        "ivan": "wrong_axis",
        "jun": "one_path",
        "kaya": "sees_the_future",
        "mona": "empty",
    },
}


def main(folder: Path) -> None:
    """Build the course in `folder`, hand in, grade, write feedback, and print the marks."""
    console = Console()
    shutil.rmtree(folder, ignore_errors=True)
    course_folder.build(folder)
    for assignment in assignments.load_all():
        members = CLASS.get(assignment.name, {})
        if not members:
            continue
        refused = {}
        for student, sample in members.items():
            hand_in(folder, assignment.name, student, sample)
        progress = track(members, f"nbgrader autograde {assignment.name}", console=console, transient=True)
        for student in progress:
            try:
                course_folder.autograde(folder, assignment.name, student)
                course_folder.generate_feedback(folder, assignment.name, student)
            except course_folder.CourseError as error:
                refused[student] = _reason(folder, assignment.name, student, error)
        console.print(_table(folder, assignment, members, refused))
        for student, reason in refused.items():
            console.print(f"{student} was not graded. {reason}\n", soft_wrap=True, highlight=False)
    console.print(f"Feedback: {folder}/feedback/STUDENT/ASSIGNMENT/ASSIGNMENT.html", soft_wrap=True)
    report.report(folder, report.Options(folder / "report"))
    console.print(f"Report: {folder}/report/report.html", soft_wrap=True)


def hand_in(folder: Path, assignment: str, student: str, sample: str) -> None:
    """Put a sample where nbgrader's collect would have put a student's submission."""
    submitted = folder / "submitted" / student / assignment
    submitted.mkdir(parents=True)
    path = submitted / f"{assignment}.ipynb"
    if sample in samples(assignment):
        released = folder / "release" / assignment / path.name
        nbformat.write(samples(assignment)[sample].notebook(released), path)
    else:
        shutil.copyfile(FOLDER / assignment / f"{sample}.ipynb", path)


def _reason(folder: Path, assignment: str, student: str, error: course_folder.CourseError) -> str:
    """Say what is wrong with the file, if that is why nbgrader gave up."""
    try:
        notebook.read(folder / "submitted" / student / assignment / f"{assignment}.ipynb")
    except notebook.UnreadableNotebook as unreadable:
        return str(unreadable)
    return str(error)


def _table(folder: Path, assignment: Assignment, members: dict[str, str], refused: dict[str, str]) -> Table:
    graded = course_folder.marks(folder, assignment.name)
    table = Table(title=f"{assignment.name}, {assignment.max_score:g} P", title_justify="left")
    table.add_column("student")
    table.add_column("what was handed in")
    for exercise in assignment.exercises:
        table.add_column(f"{exercise.name}\n({exercise.max_score:g} P)", justify="right")
    table.add_column("sum", justify="right")
    for student, sample in members.items():
        if student in refused:
            scores = ["–"] * (len(assignment.exercises) + 1)
        else:
            marks = [graded[student][exercise.marks_cell] for exercise in assignment.exercises]
            scores = [f"{mark:g}" for mark in (*marks, sum(marks))]
        table.add_row(student, sample.replace("_", " "), *scores)
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]))
