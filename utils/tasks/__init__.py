"""The course's tasks, one module an assignment: generated from the assignments' own folders."""

import importlib
import pkgutil
from functools import cache

from utils.checks.vocabulary import Task


@cache
def every_task() -> tuple[Task, ...]:
    """All tasks of all assignments, in the order of the course."""
    found: list[Task] = []
    for module in pkgutil.iter_modules(__path__):
        found += importlib.import_module(f"{__name__}.{module.name}").TASKS
    return tuple(sorted(found, key=lambda task: task.key))
