"""IPython's tracebacks, as they are, for a third of their price.

For each error it makes the colours anew and looks a frame's module up among all modules there are. Here both
are remembered; a kernel, which shows few errors in its life, has no need of that.
"""

from __future__ import annotations

import functools
import inspect
import sys
import types
from typing import Any

import pygments.formatters.terminal256 as formatters
import stack_data


def make_cheap() -> None:
    """Remember, in this process and its forks, what every traceback needs."""
    style = stack_data.style_with_executing_node  # type: ignore[attr-defined]  # where IPython asks for it
    stack_data.style_with_executing_node = functools.cache(style)  # type: ignore[attr-defined]
    formatters.Terminal256Formatter = functools.cache(formatters.Terminal256Formatter)
    search = inspect.getmodule

    def getmodule(object: Any, _filename: str | None = None) -> Any:  # noqa: ANN401  as `inspect` has it
        if isinstance(object, types.FrameType):
            return sys.modules.get(object.f_globals.get("__name__", ""))
        return search(object, _filename)

    inspect.getmodule = getmodule
