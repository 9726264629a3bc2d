"""Define what a driver is: it calls a student's function or class, and returns plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np

from autograder.exercise import Convention, Fault, Value

Driver: TypeAlias = Callable[
    [Callable[..., object], Mapping[str, Any], Convention, str], tuple[Value, list[Fault]]
]
"""Takes what the student has written, its arguments by name, the convention, and its name; returns the answer
and the faults of the call. It knows no true values, and lets through whatever the student's code raises.
"""


class NoAnswer(BaseException):
    """Raised if there is no answer, for a reason that the driver names; no `except Exception` hides it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def entries_of(value: Value) -> int:
    """Count the numbers in a value; something that is not a number counts as one."""
    if isinstance(value, list):
        return 1 + sum(map(entries_of, value))
    return max(value.size, 1) if isinstance(value, np.ndarray) else 1
