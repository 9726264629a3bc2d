"""Use numpy and torch alike, without importing torch before it is needed."""

from __future__ import annotations

import sys
from typing import Any


def namespace(array: Any) -> Any:  # noqa: ANN401  an array or a tensor, and a module
    """Return the library that an array belongs to, numpy or torch: both know `exp`, `where`, `amax`, ….

    With torch, `axis` and `keepdims` are accepted for `dim` and `keepdim`.
    """
    return sys.modules[type(array).__module__.partition(".")[0]]
