"""Call a function once; the answer is what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from autograder.exercise import Convention, Fault, Value
from utils.reading import plain


def call(
    function: Callable[..., object],
    arguments: Mapping[str, Any],
    convention: Convention,  # noqa: ARG001  a driver's signature
    name: str,  # noqa: ARG001  as above
) -> tuple[Value, list[Fault]]:
    """Call a function with its arguments by position, and read what it returns."""
    return plain(function(*arguments.values())), []
