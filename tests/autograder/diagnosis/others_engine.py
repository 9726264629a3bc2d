"""Mistakes in an engine that other courses' graders are known to pass, and how: rows for assignment 04."""

from __future__ import annotations

NAME = "04-an-engine-of-your-own"
PASSED = (
    # who passes it and why; what it is, as in `people_engine`
    ("dlsys hw1, tests with upstream gradients of ones", "a product's slopes alone"),
    ("dlsys hw1, tests with upstream gradients of ones", "a power without what comes from above"),
    ("dlsys hw1, the power test: its exponent is always 0, its gradient too", "a power that stays as it was"),
    ("dlsys hw1, one summed norm says not which gradient", "a matrix product's gradients exchanged"),
    ("dlsys hw1 issue 15, a sum's gradient of ones", "ones for a sum"),
    ("minitorch, `grad_check` at one drawn index, upstream ones", "ones for a sum"),
    ("minitorch, `grad_check` to 1e-2 at one drawn index", "only the first parent"),
    ("CS231n, pooling windows that do not overlap", "assigned, and not added"),
    ("TinyTorch issue 2053, `.sum()` behind the operation", "a matrix product with ones for what comes from above"),
    ("trees and chains as test graphs", "recursion that hands on what has arrived"),
    ("trees and chains as test graphs", "recursion that never comes back to a node"),
    ("no row taken twice in a test", "rows assigned"),
    ("arrays without an axis of length 1", "an axis of length 1 goes with the sum"),
)
