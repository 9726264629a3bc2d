"""A function marked in this process, and an exercise whose instances and truths are computed once."""

from __future__ import annotations

import contextlib
import io
import re
import warnings
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jupytext
import numpy

import utils
from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Answer, Array, Exercise, ExerciseResult, Instance
from autograder.marking.mark import mark_exercise


def marked(exercise: Exercise, function: Callable[..., Any], seed: int) -> ExerciseResult:
    """Mark an exercise by calling a function as a kernel would, its output and warnings set aside."""

    def call(exercise: Exercise, instance: Instance) -> Answer:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
        ):
            warnings.simplefilter("ignore")
            return function_call.call(function, exercise.convention, instance.inputs)

    return mark_exercise(exercise, function_call.one_by_one(call), seed)


def told(result: ExerciseResult) -> list[tuple[str, str]]:
    """Name each fault of a result, and its place."""
    return [(fault.fault, fault.where) for fault in result.faults]


def defined_by(folder: Path) -> dict[str, Any]:
    """Define all functions of an assignment's notebook as its own cells do, solutions and all."""
    text = (folder / "notebook.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {"numpy": numpy, "utils": utils}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.cell_type == "code" and cell.source.startswith("def "):
            exec(re.split(r"^(?:with|print|M,S)", cell.source, maxsplit=1, flags=re.MULTILINE)[0], names)
    return names


def given_by_notebook(assignment: str) -> dict[str, Any]:
    """Give what a notebook defines for a class of the students' to be made upon."""
    text = (Path(assignments.folders()[assignment]) / "notebook.py").read_text(encoding="utf-8")
    names: dict[str, Any] = {"numpy": numpy}
    for cell in jupytext.reads(text, fmt="py:percent").cells:
        if cell.source.startswith(("FORWARD = {", "class Operators")):
            exec(cell.source, names)
    return names


def value(exercise: Exercise, arrays: Mapping[str, Array]) -> Any:
    """Put arrays by the names of parts into the form of an answer."""
    if exercise.parts[0].path == ():
        return arrays[exercise.parts[0].name]
    answer: list[Any] = []
    for part in exercise.parts:
        holder = answer
        for index in part.path[:-1]:
            while len(holder) <= index:
                holder.append([])
            holder = holder[index]
        while len(holder) <= part.path[-1]:  # what lies between is no part: the values of leaves
            holder.append(numpy.zeros(()))
        holder[part.path[-1]] = arrays[part.name]
    return answer


def remembered(exercise: Exercise) -> Exercise:
    """Give the exercise with instances that are drawn once a seed, and truths that are computed once."""
    truths: dict[Instance, dict[str, Array]] = {}

    def reference(instance: Instance) -> dict[str, Array]:
        if instance not in truths:
            truths[instance] = dict(exercise.reference(instance))
        return truths[instance]

    return replace(exercise, instances=cache(exercise.instances), reference=reference)
