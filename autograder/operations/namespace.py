"""Numpy and torch alike, and torch not before it is there."""

from __future__ import annotations

import sys
from typing import Any


def namespace(array: Any) -> Any:  # noqa: ANN401  an array or a tensor, and a module
    """Return the library that an array belongs to, numpy or torch: both know `exp`, `where`, `amax`, ….

    With torch, `axis` and `keepdims` are understood for `dim` and `keepdim`.
    """
    return sys.modules[type(array).__module__.partition(".")[0]]
