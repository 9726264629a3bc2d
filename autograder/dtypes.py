"""Define the three dtypes in which arrays cross from grader to student and back: float64, int64, bool.

Whatever an assignment's author has written (int32 labels, single precision) is converted to one of these
before it is used, so that a function gets the same array in a kernel as in the sandbox.
"""

from __future__ import annotations

from typing import Any

import numpy as np

FLOAT64, INT64, BOOL = (np.dtype(kind) for kind in (np.float64, np.int64, np.bool_))
WHOLE = frozenset("iub")


def dtype_of(array: np.ndarray[Any, Any]) -> np.dtype[Any]:
    """Return the dtype in which an array crosses: bool, int64 for integers, float64 for everything else."""
    dtype = array.dtype
    if dtype is FLOAT64 or dtype.kind not in WHOLE:
        return FLOAT64
    return BOOL if dtype.kind == "b" else INT64


def is_whole(array: np.ndarray[Any, Any]) -> bool:
    """Return whether an array holds integers or booleans, which are compared exactly."""
    return array.dtype.kind in WHOLE
