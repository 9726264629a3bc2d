"""Read the checks that came with the course: one file per assignment in `files/checks`."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from utils.checks.vocabulary import (
    Fault,
    Instance,
    Known,
    Law,
    Numbers,
    Part,
    Stage,
    Task,
    Unknown,
)
from utils.data import DataError, course_files


@cache
def every_task() -> tuple[Task, ...]:
    """Return all tasks of all assignments, in the order of the course; none if the files are missing."""
    try:
        paths = sorted((course_files() / "checks").glob("*.npz"))
    except DataError:
        return ()
    return tuple(task for path in paths for task in read(path))


def read(path: Path) -> tuple[Task, ...]:
    """Read an assignment's tasks."""
    with np.load(path, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    words = json.loads(arrays.pop("words").tobytes().decode())
    sentences = {kind: words[kind] for kind in ("faults", "shown", "hints")}
    return tuple(_task(words["assignment"], each, sentences, arrays) for each in words["exercises"])


def _task(assignment: str, words: Any, sentences: Any, arrays: Mapping[str, Any]) -> Task:  # noqa: ANN401  JSON
    name = words["name"]
    stages = tuple(Stage(stage, tuple(parts)) for stage, parts in words["stages"])
    paths = {part: tuple(path) for part, path in words["parts"]}
    order = [part for part, _ in words["parts"]]
    backward = sorted(order, key=[part for stage in stages for part in stage.parts].index)
    columns = [order.index(part) for part in backward]
    numbers = Numbers(
        arrays[f"{name}/probe"],
        arrays[f"{name}/known"][:, :, columns].astype(np.float64),
        arrays[f"{name}/shapes"][:, :, columns],
        {tuple(shape): number for number, shape in enumerate(words["shapes"])},
    )
    return Task(
        assignment=assignment,
        name=name,
        parameters=tuple(words["parameters"]),
        structure=words["form"],
        parts=tuple(Part(part, paths[part]) for part in backward),
        stages=stages,
        instances=tuple(
            _instance(label, number, f"{name}/{number}", words, arrays)
            for number, label in enumerate(words["instances"])
        ),
        known=tuple(_known(each, words["sentences"]) for each in words["known"]),
        numbers=numbers,
        sentences=sentences,
        formulas=words["formulas"],
        laws=tuple(Law(*law) for law in words["invariants"]),
        tensors=words["tensors"],
        leaves=tuple(words["leaves"]),
        by_hand=words["by_hand"],
        driver=words.get("driver", ""),
    )


def _instance(label: str, number: int, at: str, words: Any, arrays: Mapping[str, Any]) -> Instance:  # noqa: ANN401  JSON
    inputs: dict[str, Any]
    true = {part: arrays[f"{at}/true/{part}"] for part, _ in words["parts"]}
    size, dimensions = words["sizes"][number], words["dimensions"][number]
    if "inputs" in words:
        whole = words["inputs"][number]
        inputs = {k: _nested(v, f"{at}/input", arrays) for k, v in whole.items()}
        return Instance(label, inputs, true, size, dimensions)
    inputs = {}
    for parameter in words["parameters"]:
        value = arrays.get(f"{at}/input/{parameter}")
        if value is None:
            result = [arrays.get(f"{at}/input/{parameter}/{k}") for k in range(len(arrays))]
            inputs[parameter] = [array for array in result if array is not None]
        else:
            inputs[parameter] = value if value.ndim else value.item()
    return Instance(label, inputs, true, size, dimensions)


def _nested(value: Any, at: str, arrays: Mapping[str, Any]) -> Any:  # noqa: ANN401  JSON
    """Put the arrays back into lists and tuples."""
    if isinstance(value, list):
        return [_nested(item, at, arrays) for item in value]
    if isinstance(value, dict):
        if "tuple" in value:
            return tuple(_nested(value["tuple"], at, arrays))
        return arrays[f"{at}/{value['array']}"]
    return value


def _known(record: Any, sentences: Any) -> Known:  # noqa: ANN401  JSON
    faults = tuple(Fault(name, where, sentences[number]) for name, where, number in record["findings"])
    unknown = record.get("unknown")
    if unknown is None:
        return Known(faults, tuple(record["costs"]))
    least, most = unknown["between"]
    one, other = (sentences[number] for number in unknown["sentences"])
    bounds = (-np.inf if least is None else least, np.inf if most is None else most)
    return Known(
        faults,
        tuple(record["costs"]),
        Unknown(unknown["planted"], unknown["right"], *bounds, (one, other)),
    )
