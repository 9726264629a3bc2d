"""Mistakes in an engine that other courses' graders are known to pass, and how: rows for assignment 04."""

from __future__ import annotations

NAME = "04-an-engine-of-your-own"
PASSED = (
    # who passes it and why; what it is, as in `people/`
    ("dlsys hw1: upstream gradients of ones", "a product's slopes alone"),
    ("dlsys hw1: upstream gradients of ones", "a power without what comes from above"),
    ("dlsys hw1: the exponent of the power test is always 0", "a power that stays as it was"),
    ("dlsys hw1 (issue 15): upstream gradients of ones", "ones for a sum"),
    ("minitorch: `grad_check` with upstream gradients of ones", "a power without what comes from above"),
    ("TinyTorch (issue 2053): `.sum()` behind it", "a matrix product with ones for what comes from above"),
    ("CS231n: pooling windows that never overlap", "assigned, and not added"),
)
