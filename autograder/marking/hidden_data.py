"""Draw hidden instances and their true values once per course, and keep them in memory and beside its secret.

Only what takes a while is kept in files: choosing from a pool that has been drawn is faster than reading a
file.

The files are readable by their owner alone, like the secret. They hold numbers and strings, and no code; a
file that is damaged, or was drawn by other code than today's, is drawn again. They may be deleted at any
time.
"""

from __future__ import annotations

import contextlib
import hashlib
import inspect
import math
import os
import tempfile
import time
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np

import utils
from autograder.assignments import folder_of
from autograder.compare import Truth
from autograder.dtypes import dtype_of, is_whole
from autograder.exercise import SHARED, Exercise, Instance, Value
from autograder.sandbox.protocol import frames

OURS = (  # beside an assignment's own code: what draws instances and computes the truth
    *("calling/drivers/*.py", "compare.py", "computations/*.py", "declare.py", "dtypes.py", "exercise.py"),
    *("forward_pass.py", "forward_text.py", "instances/*.py", "item_by_item.py", "operation_items.py"),
    *("marking/hidden_data.py", "operations/*.py", "reference.py"),
)
FOLDER = ".autograder-instances"
LARGEST_WHOLE = 2**53  # an answer's numbers are doubles, which tell whole numbers apart up to this
WORTH_KEEPING = 0.01  # seconds of processor time for drawing, from which on a file is written
IN_MEMORY = 512  # variants of exercises; each takes some ten kilobytes

_FOLDERS: dict[Path, bool] = {}
"""Where drawn instances may be found, and whether this process may put its own there."""


def keep(course: Path) -> None:
    """Have this process keep what it draws in a course's folder, and look there first.

    If that folder cannot be created, read or written, it simply draws.
    """
    with contextlib.suppress(OSError):
        (course / FOLDER).mkdir(mode=0o700, exist_ok=True)
    _FOLDERS[course / FOLDER] = True


def look_in(course: Path) -> None:
    """Have this process look for drawn instances in a course's folder, and write nothing there."""
    _FOLDERS.setdefault(course / FOLDER, False)


@lru_cache(maxsize=IN_MEMORY)
def drawn(exercise: Exercise, seed: int) -> tuple[Sequence[Instance], Sequence[Truth]]:
    """Return an exercise's instances and the true values on each; a class shares them."""
    paths = [(folder / _name(exercise, seed), writable) for folder, writable in _FOLDERS.items()]
    for path, _ in paths:
        with contextlib.suppress(OSError, ValueError, KeyError, TypeError, AttributeError, frames.BadFrame):
            return _read(path.read_bytes())
    started = time.process_time()
    instances = exercise.instances(seed)
    truths = [_truth(exercise, one) for one in instances]
    is_worth_keeping = time.process_time() - started >= WORTH_KEEPING and _can_be_kept(instances)
    for path, writable in paths:
        if writable and is_worth_keeping:
            with contextlib.suppress(OSError):
                _write(path, instances, truths)
    return instances, truths


@lru_cache(maxsize=SHARED)
def _truth(exercise: Exercise, instance: Instance) -> Truth:
    """Compute the true values on an instance, which may belong to many variants."""
    arrays = exercise.reference(instance)
    for part in exercise.parts:
        if is_whole(arrays[part.name]) and np.abs(arrays[part.name]).max(initial=0) >= LARGEST_WHOLE:
            raise ValueError(f"{exercise.name}, {part.name}: whole numbers from 2**53 on are not compared")
    return Truth({part.name: arrays[part.name] for part in exercise.parts})


def _name(exercise: Exercise, seed: int) -> str:
    """Name the file after the code that draws it, so that nothing outlives the code it was drawn by."""
    folder = folder_of(exercise) or Path(inspect.getfile(inspect.unwrap(exercise.instances))).parent
    words = f"{_code(folder)} {exercise.name} {seed}"
    return hashlib.sha256(words.encode()).hexdigest()[:32]


@cache
def _code(assignment: Path) -> str:
    """Fingerprint what instances and true values depend on: the assignment's code, ours, the sheet's data."""
    package = Path(utils.__file__).parent
    files = [
        *([assignment] if assignment.is_file() else assignment.glob("*.py")),
        *filter(Path.is_file, assignment.glob("files/*")),
        *package.glob("*.py"),
        *(package.parent / "files").glob("*.npz"),
    ]
    files += [file for pattern in OURS for file in Path(__file__).parents[1].glob(pattern)]
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(files))).hexdigest()


def _can_be_kept(instances: Sequence[Instance]) -> bool:
    """Return whether a file would give back the exact numbers: arrays are float64, int64 or bool."""
    return all(_is_plain(value) for instance in instances for value in instance.inputs.values())


def _is_plain(value: Value) -> bool:
    if isinstance(value, (list, tuple)):
        return all(_is_plain(item) for item in value)
    if isinstance(value, np.ndarray):
        return value.dtype == dtype_of(value)
    return type(value) in (bool, int, str) or (type(value) is float and math.isfinite(value))


def _write(path: Path, instances: Sequence[Instance], truths: Sequence[Truth]) -> None:
    """Write a file whole or not at all, for its owner alone."""
    content = frames.encode(
        {
            "instances": [
                {
                    "inputs": frames.Inputs(one.inputs),
                    "description": one.description,
                    "public": one.public,
                    "sizes": dict(one.sizes),
                }
                for one in instances
            ],
            "truths": [dict(truth) for truth in truths],
        }
    )
    descriptor, new = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(new).replace(path)
    except BaseException:
        Path(new).unlink(missing_ok=True)
        raise


def _read(data: bytes) -> tuple[Sequence[Instance], Sequence[Truth]]:
    """Read what `_write` wrote."""
    content: Any = frames.decode_whole(data)
    instances = [
        Instance(one["inputs"], one["description"], one["public"], one["sizes"])
        for one in content["instances"]
    ]
    truths = [Truth(truth) for truth in content["truths"]]
    if not instances or len(instances) != len(truths):
        raise ValueError(len(truths))
    return instances, truths
