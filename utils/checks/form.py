"""The form of a whole answer: lists in reverse order or swapped, too much in them, nothing in them."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from utils.checks.calling import Answer
from utils.checks.compare import agrees
from utils.checks.reading import Unreadable, Value, at
from utils.checks.signatures import Case, Signature
from utils.checks.vocabulary import Fault, Part, Task

Found = Mapping[str, Signature | None]
Cases = Mapping[str, Sequence[Case]]
Path = tuple[int, ...]

PLACEHOLDERS = {
    "input": "is something that came in",
    "zero": "is zero everywhere",
    "constant": "has the same number in every entry",
    "same-always": "is the same, whatever the data and parameters",
}
"""Signatures of an answer that is none, and what is said of all of it."""


def form_fault(task: Task, answers: Sequence[Answer], cases: Cases, found: Found) -> Fault | None:
    """See whether what is wrong is the form of the answer, and not a quantity."""
    value = answers[-1].value
    missing = all(signature and signature.key == "missing" for signature in found.values())
    groups = _groups(task)
    if missing or (not task.leaves and any(_too_few(value, path, group) for path, group in groups.items())):
        what = _no_array(task, value) or f"it returns {_kind(value)}"
        return Fault("answer", "malformed", f"{task.name} should return {task.form}, but {what}.")
    return _reversed(groups, answers, cases, found) or _swapped(groups, answers, cases) or _nothing(found)


def too_much(task_name: str, form: str, value: Value, paths: Sequence[Path]) -> str | None:
    """Say so if a list of an answer holds more than it should."""
    for depth in range(max(len(path) for path in paths)):
        for prefix in {path[:depth] for path in paths if len(path) > depth}:
            expected = 1 + max(path[depth] for path in paths if path[:depth] == prefix and len(path) > depth)
            held = _held(value, prefix)
            if held is not None and held > expected:
                return f"{task_name} should return {form}; yours has {held} where {expected} are expected."
    return None


def _groups(task: Task) -> dict[Path, list[Part]]:
    """Give the parts of each list, by where the list stands."""
    groups: dict[Path, list[Part]] = {}
    for part in task.parts:
        if part.path:
            groups.setdefault(part.path[:-1], []).append(part)
    return {path: group for path, group in groups.items() if len(group) > 1}


def _held(value: Value, path: Path) -> int | None:
    """How many things the list at a place holds; None if there is no list."""
    for index in path:
        if not isinstance(value, list) or index >= len(value):
            return None
        value = value[index]
    if isinstance(value, list):
        return len(value)
    return len(value) if isinstance(value, np.ndarray) and value.ndim else None


def _too_few(value: Value, path: Path, group: Sequence[Part]) -> bool:
    held = _held(value, path)
    return held is None or held < len(group)


def _kind(value: Value) -> str:
    if isinstance(value, Unreadable):
        return value.description
    if isinstance(value, list):
        inner = [f"{len(item)}" for item in value if isinstance(item, list)]
        return f"a list or tuple of {len(value)}" + (f", with {', '.join(inner)} in them" if inner else "")
    return f"an array of shape {value.shape}" if value.ndim else "a single number"


def _no_array(task: Task, value: Value) -> str:
    """Say which part is no array, and what it is; nothing where the lists are already other ones."""
    for part in task.parts:
        given = at(value, part.path)
        if isinstance(given, Unreadable) and part.path:
            return "" if given.description == "missing" else f"{part.name} is {given.description}"
    return ""


def _reversed(
    groups: Mapping[Path, Sequence[Part]], answers: Sequence[Answer], cases: Cases, found: Found
) -> Fault | None:
    """See whether all that is wrong is right in reverse order."""
    wrong = {path: group for path, group in groups.items() if any(found[part.name] for part in group)}
    inside = {part.name for group in wrong.values() for part in group}
    if not wrong or any(signature for name, signature in found.items() if name not in inside):
        return None
    for path, group in wrong.items():
        last = max(part.path[-1] for part in group)
        if not _reads_as(group, answers, cases, lambda own, path=path, last=last: (*path, last - own[-1])):  # type: ignore[misc]  # mypy infers no default of a lambda
            return None
    whose = "All of them are" if len(wrong) == len(groups) else "Those of one list are"
    return Fault(
        "answer",
        "reversed",
        f"{whose} right, but in reverse order: the last comes first. They belong in the order of the "
        "parameters.",
    )


def _swapped(groups: Mapping[Path, Sequence[Part]], answers: Sequence[Answer], cases: Cases) -> Fault | None:
    if set(groups) != {(0,), (1,)}:
        return None
    parts = [part for group in groups.values() for part in group]
    if not _reads_as(parts, answers, cases, lambda own: (1 - own[0], *own[1:])):
        return None
    return Fault(
        "answer",
        "swapped",
        "All arrays are right, but the two lists are swapped: weights come first, biases second.",
    )


def _reads_as(
    parts: Sequence[Part], answers: Sequence[Answer], cases: Cases, elsewhere: Callable[[Path], Path]
) -> bool:
    """Whether every part is right once it is looked for elsewhere."""
    for part in parts:
        for answer, case in zip(answers, cases[part.name], strict=True):
            given = at(answer.value, elsewhere(part.path))
            if not (isinstance(given, np.ndarray) and agrees(given, case.true)):
                return False
    return True


def _nothing(found: Found) -> Fault | None:
    """See whether nothing was computed at all."""
    keys = {signature.key if signature else "" for signature in found.values()}
    for key, clause in PLACEHOLDERS.items():
        if len(found) > 1 and key in keys and keys <= {key, "same-always"}:
            return Fault("answer", key, f"Every array that you return {clause}.")
    return None
