"""Check the structure of a whole answer: lists reversed or swapped, too much in them, nothing in them."""

from collections.abc import Callable, Mapping, Sequence
from itertools import permutations

import numpy as np

from utils.checks.compare import agrees
from utils.checks.shown import Case, Mismatch
from utils.checks.vocabulary import Array, Fault, Part, Task
from utils.reading import Opaque, Value, array_at

Mismatches = Mapping[str, Mismatch | None]
Cases = Mapping[str, Sequence[Case]]
Path = tuple[int, ...]
MOST_PERMUTED = 4  # things returned, of which every order is tried
STEADY = 1e-2  # relative: a step's size is measured between numbers far larger than itself


def structure_fault(
    task: Task, values: Sequence[Value], cases: Cases, mismatches: Mismatches
) -> Fault | None:
    """Return the fault if it is the structure of the answer that is wrong, and not a quantity."""
    value = values[-1]
    groups = _groups(task)
    swapped = _swapped(task, values, cases)  # which may make lists too short, where they stand
    if swapped is not None:
        return swapped
    missing = all(mismatch and mismatch.name == "missing" for mismatch in mismatches.values())
    if missing or (not task.leaves and any(_too_few(value, path, group) for path, group in groups.items())):
        given = _no_array(task, value) or kind(value)
        if given == "None":
            return task.fault("returns-nothing", "answer")
        short = isinstance(value, list) or (isinstance(value, np.ndarray) and value.ndim > 0)
        name = "wrong-length" if short and not _no_array(task, value) else "malformed"
        return task.fault(name, "answer", form=task.structure, given=given)
    names = {mismatch.name if mismatch else "" for mismatch in mismatches.values()}
    if len(names) == 1 and names <= {"zero", "constant"}:
        return task.fault(names.pop(), "answer")
    return (
        _reversed(task, groups, values, cases, mismatches)
        or _an_input(task, cases)
        or _updated(task, cases)
        or _always_the_same(task, cases, mismatches)
    )


def too_much(task: Task, value: Value) -> str | None:
    """Report a list of an answer that holds more than it should."""
    paths = [part.path for part in task.parts]
    for depth in range(max(len(path) for path in paths)):
        for prefix in {path[:depth] for path in paths if len(path) > depth}:
            expected = 1 + max(path[depth] for path in paths if path[:depth] == prefix and len(path) > depth)
            held = _held(value, prefix)
            if held is not None and held > expected:
                return (
                    f"{task.name} should return {task.structure}; yours has {held} "
                    f"where {expected} are expected."
                )
    return None


def kind(value: Value) -> str:
    """Name what is in the place of an answer."""
    if isinstance(value, Opaque):
        return value.description
    if isinstance(value, list):
        inner = [f"{len(item)}" for item in value if isinstance(item, list)]
        return f"a list or tuple of {len(value)}" + (f", with {', '.join(inner)} in them" if inner else "")
    return f"an array of shape {value.shape}" if value.ndim else "a single number"


def _groups(task: Task) -> dict[Path, list[Part]]:
    """Return the parts of each list, by the list's place."""
    groups: dict[Path, list[Part]] = {}
    for part in task.parts:
        if part.path:
            groups.setdefault(part.path[:-1], []).append(part)
    return {path: group for path, group in groups.items() if len(group) > 1}


def _held(value: Value, path: Path) -> int | None:
    """Return how many things the list at a place holds; None if there is no list."""
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


def _no_array(task: Task, value: Value) -> str:
    """Name a part that is not an array, and say what it is; nothing if the lists already differ."""
    for part in task.parts:
        given = array_at(value, part.path)
        if isinstance(given, Opaque):
            if not part.path:
                return given.description
            return (
                "" if given.description == "missing" else f"one in which {part.name} is {given.description}"
            )
    return ""


def _reversed(
    task: Task,
    groups: Mapping[Path, Sequence[Part]],
    values: Sequence[Value],
    cases: Cases,
    mismatches: Mismatches,
) -> Fault | None:
    """Return whether everything that is wrong is right in reverse order."""
    wrong = {path: group for path, group in groups.items() if any(mismatches[part.name] for part in group)}
    inside = {part.name for group in wrong.values() for part in group}
    if not wrong or any(mismatch for name, mismatch in mismatches.items() if name not in inside):
        return None
    for path, group in wrong.items():
        last = max(part.path[-1] for part in group)
        if not _reads_as(group, values, cases, lambda own, path=path, last=last: (*path, last - own[-1])):  # type: ignore[misc]  # mypy infers no default of a lambda
            return None
    return task.fault("reversed-order", "answer")


def _swapped(task: Task, values: Sequence[Value], cases: Cases) -> Fault | None:
    """Return whether everything that is returned is right, but in another order."""
    outer = sorted({part.path[0] for part in task.parts if part.path})
    flat = all(len(part.path) == 1 for part in task.parts)
    if task.leaves or len(outer) > (2 if flat else MOST_PERMUTED):
        return None
    for order in list(permutations(outer))[1:]:
        source = dict(zip(outer, order, strict=True))
        if _reads_as(task.parts, values, cases, lambda own, source=source: (source[own[0]], *own[1:])):  # type: ignore[misc]  # mypy infers no default of a lambda
            return task.fault("swapped-lists", "answer", form=task.structure)
    return None


def _reads_as(
    parts: Sequence[Part], values: Sequence[Value], cases: Cases, elsewhere: Callable[[Path], Path]
) -> bool:
    """Return whether every part is right once it is looked for elsewhere."""
    for part in parts:
        for value, case in zip(values, cases[part.name], strict=True):
            given = array_at(value, elsewhere(part.path))
            if not (isinstance(given, np.ndarray) and agrees(given, case.true)):
                return False
    return True


def _an_input(task: Task, cases: Cases) -> Fault | None:
    """Return whether every part is one of the inputs."""
    for own in cases.values():
        for case in own:
            came = [
                array
                for value in case.instance.inputs.values()
                for array in (value if isinstance(value, list) else [value])
            ]
            if not any(np.array_equal(case.given, array) for array in came):  # type: ignore[arg-type]  # no array is none
                return None
    return task.fault("returns-parameters", "answer") if len(task.parts) > 1 else None


def _updated(task: Task, cases: Cases) -> Fault | None:
    """Return whether every part is an input plus the same multiple of what it should be."""
    amounts: list[float] = []
    for own in cases.values():
        for case in own:
            lists = [value for value in case.instance.inputs.values() if isinstance(value, list)]
            possible = (_amount(case, before) for value in lists for before in value)
            amount = next((each for each in possible if each is not None), None)
            if amount is None or abs(amount - (amounts or [amount])[0]) > STEADY * abs(amount):
                return None
            amounts.append(amount)
    return task.fault("returns-updated-parameters", "answer", hint=f"{amounts[0]:.3g}".replace("-", "−"))


def _amount(case: Case, before: Array) -> float | None:
    """Return the number by which a part's true array was multiplied and added to an input, if any."""
    if not isinstance(case.given, np.ndarray) or not np.shape(before) == case.given.shape == case.true.shape:
        return None
    amount = float(np.vdot(case.given - before, case.true)) / (float(np.vdot(case.true, case.true)) or np.inf)
    return amount if amount and agrees(case.given, before + amount * case.true) else None


def _always_the_same(task: Task, cases: Cases, mismatches: Mismatches) -> Fault | None:
    """Return whether every part is one and the same array on all instances."""
    if {mismatch.name for mismatch in mismatches.values() if mismatch} <= {"zero", "constant"}:
        return None  # placeholders
    for name, own in cases.items():
        first, mismatch = own[0].given, mismatches[name]
        if mismatch is None or mismatch.name == "not-finite" or not isinstance(first, np.ndarray):
            return None
        if not all(isinstance(c.given, np.ndarray) and np.array_equal(c.given, first) for c in own):
            return None
    return task.fault("hard-coded", "answer")
