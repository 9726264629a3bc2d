"""Handle leaves to differentiate with respect to: tensors, or nested lists of them."""

from __future__ import annotations

from typing import Any


def in_order(leaf: Any) -> list[Any]:  # noqa: ANN401  a tensor, or lists of them
    """Yield the tensors of a leaf, one after another."""
    return [each for item in leaf for each in in_order(item)] if isinstance(leaf, (list, tuple)) else [leaf]
