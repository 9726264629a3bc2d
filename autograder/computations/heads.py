"""Name heads that are cut out of the wrong entries, or joined otherwise than side by side.

Positions are mixed with heads, columns dealt out in turn; one head serves for all; heads are added up.
"""

from __future__ import annotations

import torch

from autograder.computations.operation_mistakes import OperationMistakes, Replacement


def _split_mixed(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads, width = shape
    return a.reshape(heads, a.shape[-2], width)


def _split_interleaved(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads, width = shape
    return a.reshape(a.shape[-2], width, heads).movedim(-1, -3)


def _split(a: torch.Tensor, shape: tuple[int, int]) -> torch.Tensor:
    return a.reshape(a.shape[-2], *shape).swapaxes(-2, -3)


def _first_for_all(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads = _split(a, shape)
    return heads[:1].expand(heads.shape)


def _last_for_all(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    heads = _split(a, shape)
    return heads[-1:].expand(heads.shape)


def _one_column_short(a: torch.Tensor, *, shape: tuple[int, int]) -> torch.Tensor:
    """Set the last column of each head to 0, which in a product amounts to leaving it out."""
    heads = _split(a, shape)
    return torch.cat((heads[..., :-1], torch.zeros_like(heads[..., -1:])), -1)


def cut_in(a: torch.Tensor, *, shape: tuple[int, int], width: tuple[int]) -> torch.Tensor:
    """Cut heads of another width out of neighbouring columns; where these come to an end there is nothing."""
    columns = shape[0] * width[0]
    filled = torch.cat((a, a.new_zeros(a.shape[-2], max(0, columns - a.shape[-1]))), -1)
    return _split(filled[:, :columns], (shape[0], width[0]))


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


def _reversed(a: torch.Tensor) -> torch.Tensor:
    return _joined(a.flip(-3))


def _added_up(a: torch.Tensor) -> torch.Tensor:
    """Put the sum of all heads in place of the first: all of them are multiplied by the same rows next."""
    total = a.sum(-3, keepdim=True)
    return _joined(torch.cat((total, torch.zeros_like(a[1:])), -3))


def _joined(a: torch.Tensor) -> torch.Tensor:
    heads, rows, width = a.shape
    return a.swapaxes(-2, -3).reshape(rows, heads * width)


SPLIT_HEADS = OperationMistakes(
    replaced=(
        Replacement("heads-mixed-with-positions", _split_mixed),
        Replacement("heads-interleaved", _split_interleaved),
        Replacement("one-head-for-all", _first_for_all, "the first head", rare=True),
        Replacement("one-head-for-all", _last_for_all, "the last head", rare=True),
        Replacement("heads-cut-short", _one_column_short, rare=True),
    )
)
JOIN_HEADS = OperationMistakes(
    replaced=(
        Replacement("heads-mixed-with-positions", _joined_mixed),
        Replacement("heads-interleaved", _joined_interleaved),
        Replacement("last-head-only", _last_alone),
        Replacement("heads-averaged", _averaged),
        Replacement("heads-in-reverse", _reversed, rare=True),
        Replacement("heads-added-up", _added_up, rare=True),
    )
)
