"""Heads that are cut out of the wrong entries: positions mixed with heads, columns dealt out in turn."""

from __future__ import annotations

import torch

from autograder.computations.operation_mistakes import OperationMistakes, Replacement


def _split_mixed(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads, width = shape
    return a.reshape(heads, a.shape[-2], width)


def _split_interleaved(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads, width = shape
    return a.reshape(a.shape[-2], width, heads).movedim(-1, -3)


def _joined_mixed(a: torch.Tensor) -> torch.Tensor:
    heads, rows, width = a.shape
    return a.reshape(rows, heads * width)


def _joined_interleaved(a: torch.Tensor) -> torch.Tensor:
    heads, rows, width = a.shape
    return a.movedim(-3, -1).reshape(rows, heads * width)


def _last_alone(a: torch.Tensor) -> torch.Tensor:
    return _joined(torch.cat((torch.zeros_like(a[:-1]), a[-1:])))


def _averaged(a: torch.Tensor) -> torch.Tensor:
    return _joined(a.mean(-3, keepdim=True).expand(a.shape))


def _joined(a: torch.Tensor) -> torch.Tensor:
    heads, rows, width = a.shape
    return a.swapaxes(-2, -3).reshape(rows, heads * width)


SPLIT_HEADS = OperationMistakes(
    replaced=(
        Replacement("heads-mixed-with-positions", _split_mixed),
        Replacement("heads-interleaved", _split_interleaved),
    )
)
JOIN_HEADS = OperationMistakes(
    replaced=(
        Replacement("heads-mixed-with-positions", _joined_mixed),
        Replacement("heads-interleaved", _joined_interleaved),
        Replacement("last-head-only", _last_alone),
        Replacement("heads-averaged", _averaged),
    )
)
