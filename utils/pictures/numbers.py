"""Turn arrays, tensors and lists, as students have them, into what can be drawn."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy
from numpy.typing import NDArray

if TYPE_CHECKING:  # exercise 1 runs without torch, and its import takes longest of all
    import torch

Numbers: TypeAlias = "NDArray[numpy.floating] | torch.Tensor | Sequence[float]"
Floats: TypeAlias = NDArray[numpy.float64]


def array(values: Any) -> Floats:  # noqa: ANN401  whatever a student has: an array, a tensor, a list
    """Return an array, a tensor on a graph, or a list as float64, in the shape it came in.

    Raises
    ------
    TypeError, ValueError
        The values are not numbers, or a list has items of different lengths.
    """
    if isinstance(values, list | tuple):  # a list may hold losses that are still tensors
        values = [plain(value) for value in values]
    elif not isinstance(values, numpy.ndarray) and hasattr(values, "detach"):
        values = plain(values).cpu().double().numpy()
    return numpy.asarray(values, dtype=numpy.float64)


def vector(values: Numbers, name: str) -> Floats:
    """Return an array, a tensor that may still be differentiated, or a list as (K,) float64."""
    result = array(values)
    if result.ndim != 1:
        raise ValueError(f"{name} should be a vector, but has the shape {result.shape}")
    return result


def plain(value: Any) -> Any:  # noqa: ANN401  a number, an array or a tensor
    """Detach a tensor from its graph; return everything else as it is."""
    return value.detach() if hasattr(value, "detach") else value


def drawable(values: Floats) -> Floats:
    """Return (K,) float64 with nan, drawn as a gap, for what is infinite or beyond any scale."""
    return numpy.where(numpy.abs(values) < 1e100, values, numpy.nan)


def written(value: float) -> str:
    """Write a number in three digits, with a true minus sign."""
    return f"{value:.3g}".replace("-", "−")
