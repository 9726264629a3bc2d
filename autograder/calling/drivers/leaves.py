"""Leaves to differentiate by: tensors, or lists of them in lists."""

from __future__ import annotations

from typing import Any


def in_order(leaf: Any) -> list[Any]:  # noqa: ANN401  a tensor, or lists of them
    """Return the tensors of a leaf one after the other."""
    return [each for item in leaf for each in in_order(item)] if isinstance(leaf, (list, tuple)) else [leaf]
