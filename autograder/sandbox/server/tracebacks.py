"""IPython's tracebacks, as they are, for a third of their price.

For each error it makes the colours anew, colours a function again that it has shown before, and looks a
frame's module up among all modules there are. Here all this is remembered; a kernel, which shows few errors
in its life, has no need of that.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections.abc import Callable
from typing import Any, TypeAlias

import pygments.formatters.terminal256 as formatters
import stack_data.core

COLOURED = 64  # functions, each with a place that failed
Place: TypeAlias = tuple[int, int]
"""Where in a text something begins and ends."""


def make_cheap() -> None:
    """Remember, in this process and its forks, what every traceback needs."""
    style = stack_data.style_with_executing_node  # type: ignore[attr-defined]  # where IPython asks for it
    stack_data.style_with_executing_node = functools.cache(style)  # type: ignore[attr-defined]
    formatters.Terminal256Formatter = functools.cache(formatters.Terminal256Formatter)
    colour = stack_data.core._pygmented_with_ranges  # type: ignore[attr-defined]  # as above
    stack_data.core._pygmented_with_ranges = _remembering(colour)  # type: ignore[attr-defined]
    search = inspect.getmodule

    def getmodule(object: Any, _filename: str | None = None) -> Any:  # noqa: ANN401  as `inspect` has it
        if isinstance(object, types.FrameType):
            return sys.modules.get(object.f_globals.get("__name__", ""))
        return search(object, _filename)

    inspect.getmodule = getmodule


def _remembering(colour: Callable[[Any, str, list[Place]], list[str]]) -> Callable[..., list[str]]:
    """A notebook calls its function in cell after cell: one that fails is shown each time."""

    @functools.lru_cache(maxsize=COLOURED)
    def known(formatter: Any, code: str, ranges: tuple[Place, ...]) -> tuple[str, ...]:  # noqa: ANN401  pygments'
        return tuple(colour(formatter, code, list(ranges)))

    def coloured(formatter: Any, code: str, ranges: list[Place]) -> list[str]:  # noqa: ANN401  as above
        return list(known(formatter, code, tuple(ranges)))

    return coloured
