"""Find out which task is meant: several assignments have an `exercise1`, but with other parameters."""

import inspect
import sys
from collections.abc import Sequence
from pathlib import Path

from utils.checks.calling import name_of
from utils.checks.contents import every_task
from utils.checks.vocabulary import Task


class Unknown(LookupError):
    """No task, or more than one, fits; the message is a sentence for the student."""


def find(function: object, name: str | None = None) -> Task:
    """Find the task of a function, by its name or by the one that is given, and by its parameters.

    If these leave several, it is that of the only notebook in this folder, as in a released assignment.

    Raises
    ------
    Unknown
        The message says how to ask.
    """
    wanted = name if isinstance(name, str) else name_of(function)
    candidates = named(wanted)
    if not candidates:
        known = ", ".join(sorted({task.name for task in every_task()}))
        reason = (
            f"There is no task named {wanted!r}."
            if wanted
            else "This function has no name to find its task by."
        )
        raise Unknown(
            f'{reason} The tasks are {known}: name yours, as in utils.check(my_function, "exercise1").'
        )
    if len(candidates) == 1:
        return candidates[0]
    given = parameters(function)
    alike = _by_parameters(given, candidates) if given is not None else candidates
    if len(alike) != 1:
        alike = [task for task in alike or candidates if Path(f"{task.assignment}.ipynb").is_file()]
    if len(alike) != 1:
        raise Unknown(_which(wanted, candidates))
    return alike[0]


def _by_parameters(given: tuple[str, ...], candidates: Sequence[Task]) -> list[Task]:
    """Return those of several tasks with one name whose parameters are nearest."""
    alike = [task for task in candidates if given == task.parameters]
    alike = alike or [task for task in candidates if given and set(given) <= set(task.parameters)]
    alike = alike or [task for task in candidates if len(given) == len(task.parameters)]
    if len(alike) != 1:
        own = {name.lower() for name in given}
        shared = {task: len(own & {name.lower() for name in task.parameters}) for task in alike or candidates}
        alike = [task for task, count in shared.items() if count and count == max(shared.values())]
    return alike


def find_by_name(name: str) -> Task:
    """Find the task of a name, with the help of the notebook's own function of that name.

    Raises
    ------
    Unknown
        The message says how to ask.
    """
    return find(vars(sys.modules["__main__"]).get(name.rpartition("/")[2]), name)


def named(name: str) -> list[Task]:
    """Return all tasks of a name: `exercise1`, or `01/exercise1` with the start of its assignment's name."""
    assignment, _, task_name = name.rpartition("/")
    return [t for t in every_task() if t.name == task_name and t.assignment.startswith(assignment)]


def parameters(function: object) -> tuple[str, ...] | None:
    """Name a function's positional parameters, or None if they cannot be determined."""
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    try:
        signature = inspect.signature(function)  # type: ignore[arg-type]  # tried
        declared = signature.parameters.values()
        if any(parameter.kind == inspect.Parameter.VAR_POSITIONAL for parameter in declared):
            return None
        return tuple(parameter.name for parameter in declared if parameter.kind in kinds)
    except KeyboardInterrupt:
        raise
    except BaseException:  # a student's object may do anything when it is looked at
        return None


def _which(name: str, candidates: Sequence[Task]) -> str:
    lines = [f"{task.key} takes ({', '.join(task.parameters)})" for task in candidates]
    full = candidates[0].key
    return (
        f"More than one task is named {name}, and the function's parameters don't tell which is meant: "
        f'{"; ".join(lines)}. Say which, as in utils.check(my_function, "{full}") or utils.hint("{full}").'
    )
