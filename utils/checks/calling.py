"""Call a student's function and say what came of it; whatever it does, this does not raise."""

import contextlib
import linecache
import os
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from utils.checks import tensors
from utils.checks.drivers import driven
from utils.checks.vocabulary import Inputs, Task
from utils.reading import Value, plain, type_name
from utils.watched import result_without_gradient

LONGEST = 300  # characters of a message or of a line of code


@dataclass(frozen=True)
class Answer:
    """Hold what a call returned."""

    value: Value
    changed: tuple[str, ...] = ()
    """The inputs whose numbers have changed."""

    fault: tensors.Undifferentiated | None = None
    """Why PyTorch cannot differentiate it, if it can't."""

    by_autograd: bool = False
    """Whether PyTorch was asked to differentiate."""

    left: bool = False
    """Whether gradients were left in the parameters."""


@dataclass(frozen=True)
class Stopped:
    """Hold a call that returned nothing: an exception, with the student's line if there is one."""

    stub: bool
    sentence: str
    line: str = ""
    number: int = 0
    shapes: tuple[str, ...] = ()
    """The arrays that the line names, as `DY (5, 1)`."""


def call(function: Callable[..., object], task: Task, inputs: Inputs) -> Answer | Stopped:
    """Call `function` with copies of `inputs`. What it prints is not shown."""
    used: list[str] = []
    try:
        with _in_silence(), tensors.recording_autograd(used):
            given = _arguments(task, inputs)
            if task.leaves:
                returned = function(*given.values())
                leaves = [given[name] for name in task.leaves]
                returned, fault = tensors.with_gradients(returned, leaves)
                value: Value = plain(returned)
                left = fault is None and tensors.left_in(leaves)
            else:
                value, fault, left = driven(function, task, given), None, False
            changed = tuple(name for name in inputs if not _same(given[name], inputs[name], task.tensors))
    except KeyboardInterrupt:  # the student's own wish to stop
        raise
    except NotImplementedError as error:
        return Stopped(True, _describe(error), *_own_line(error, function))
    except BaseException as error:  # SystemExit and whatever else a student's code may raise
        return Stopped(False, _describe(error) + _without_gradient(error), *_own_line(error, function))
    return Answer(value, changed, fault, bool(used), left)


@contextlib.contextmanager
def _in_silence() -> Any:  # noqa: ANN401  a context manager's own type
    """Suppress what is printed, and undo changes to numpy's and Python's warning settings."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,  # noqa: PTH123  no path of ours
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
        np.errstate(all="ignore"),
    ):
        warnings.simplefilter("ignore")
        yield


def _arguments(task: Task, inputs: Inputs) -> Mapping[str, Any]:
    if task.tensors:
        return {name: tensors.argument(value, name in task.leaves) for name, value in inputs.items()}
    return {name: _copy(value) for name, value in inputs.items()}


def _copy(value: Any) -> Any:  # noqa: ANN401  an argument of any kind
    if isinstance(value, (list, tuple)):
        items = [_copy(item) for item in value]
        return items if isinstance(value, list) else tuple(items)
    return value.copy() if isinstance(value, np.ndarray) else value


def _same(given: Any, before: Any, single: bool) -> bool:  # noqa: ANN401  as above
    if isinstance(before, (list, tuple)):
        return (
            isinstance(given, type(before))
            and len(given) == len(before)
            and all(_same(g, b, single) for g, b in zip(given, before, strict=True))
        )
    if not isinstance(before, np.ndarray):
        return True
    now = plain(given)
    expected = before.astype(np.float32).astype(np.float64) if single else before
    watched = single and not tensors.is_parameter(given) and tensors.is_watched(given)
    return isinstance(now, np.ndarray) and np.array_equal(now, expected) and not watched


def name_of(function: object) -> str:
    """Name a function; return an empty text for what has no name."""
    try:
        name = function.__name__  # type: ignore[attr-defined]  # tried
        return str(name)[:60] if isinstance(name, str) else ""
    except KeyboardInterrupt:
        raise
    except BaseException:  # an attribute of a student's object may do anything
        return ""


def _describe(error: BaseException) -> str:
    """Return type and message of an exception, on one line."""
    try:
        message = " ".join(str(error).split())[:LONGEST]
    except KeyboardInterrupt:
        raise
    except BaseException:  # an exception's own __str__ is student code, too
        message = "(its message cannot be printed)"
    return f"{type_name(error)}: {message}" if message else type_name(error)


def _without_gradient(error: BaseException) -> str:
    """Say so if the exception arose because a tensor has no gradient."""
    try:
        name = result_without_gradient(error)
    except KeyboardInterrupt:
        raise
    except BaseException:  # as above
        return ""
    return f" ({name} is the result of an operation, and PyTorch fills in no .grad of it)" if name else ""


def _own_line(error: BaseException, function: Callable[..., object]) -> tuple[str, int, tuple[str, ...]]:
    """Find the last line of the student's own code that an exception went through, its number, its arrays."""
    own = function.__code__.co_filename if type(function) is FunctionType else ""
    best: tuple[str, int, tuple[str, ...]] = ("", 0, ())
    for frame, number in traceback.walk_tb(error.__traceback__):
        filename = frame.f_code.co_filename
        if filename == own or _written_here(filename):
            line = linecache.getline(filename, number).strip()[:LONGEST]
            best = (line, number, _shapes(line, frame.f_locals))
    return best


def _shapes(line: str, names: Mapping[str, object]) -> tuple[str, ...]:
    """Name the shapes of the arrays that a line names, and of those in the lists that it names."""
    result = []
    for name, index in dict.fromkeys(re.findall(r"\b([A-Za-z_]\w*)(?:\[(\d)\])?", line)):
        value: Any = names.get(name)
        if index and type(value) is list and int(index) < len(value):
            name, value = f"{name}[{index}]", value[int(index)]
        if type(value) is np.ndarray or tensors.is_tensor(value):
            result.append(f"{name} {tuple(value.shape)}")
    return tuple(result)


def _written_here(filename: str) -> bool:
    """Return whether a file is a student's: not an installed library, nor ours."""
    ours = os.path.dirname(os.path.dirname(__file__))  # noqa: PTH120  compared as a text, below
    return not filename.startswith((ours, sys.prefix, sys.base_prefix, "<frozen"))
