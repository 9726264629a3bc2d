"""Mistakes that graders of other courses are known to let pass, and answers of ours that have them.

An assignment adds its rows to `PASSED`; docs/what-others-pass.md is made of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.autograder.mutants.calls import TASKS


@dataclass(frozen=True)
class Passed:
    """A mistake that a grader elsewhere lets pass."""

    grader: str
    """Course and test, as they are called where they lie."""
    mistake: str
    why: str
    """Why it passes there."""
    exercise: tuple[str, str]
    """The exercise of ours that it is planted in."""
    function: Callable[..., Any]


PASSED = """
# CMU 11-868, homework 3, `test_softmax_bw.py`
the softmax's row sum is not taken away | 08 exercise1 | DS = P * DP
    three of five tests have gradients smaller than the tolerance
the softmax's gradient is 0 everywhere | 08 exercise1 | DS = 0 * P
    in the first test the largest true entry is 0.0092, and 0.01 is tolerated

# CMU 11-785, HW4P1, `test_mytorch_scaled_dot_product_attention.py`
what the mask hides takes part all the same | 08 exercise3 | P = S.softmax(-1)
    all masks in the tests are true everywhere, or false everywhere
the mask comes after the softmax | 08 exercise3 | P = S.softmax(-1) * M
    the same

# CMU 11-785, HW4P1, `test_mytorch_multi_head_attention.py`
the gradient with respect to the keys' weights has the opposite sign | 08 exercise2 | DWk = -X.T @ DK
    the gradients with respect to the weights are not compared
the gradients with respect to the weights are 0 | 08 exercise2 | DWq = 0 * Wq; DWk = 0 * Wk
    the same

# CMU 10-414, hw4_extra, `test_transformer.py`
one of the three paths to X is missing | 08 exercise2 | DX = DQ @ Wq.T + DK @ Wk.T
    there is no test of a backward pass
the keys' gradient is made of keys | 08 exercise1 | DK = DR.T @ K
    the same; and queries, keys and values are one array where the forward pass is tested

# Stanford CS231n, assignment 3, transformer
the scale is missing on the way back | 08 exercise1 | DR = DS
    only the forward pass is tested
"""
"""By grader: the mistake, the exercise of ours that it is planted in, its line; and why it passes there."""


def _read(table: str) -> Iterator[Passed]:
    for block in table.strip().split("\n\n"):
        grader, *lines = block.splitlines()
        for row, why in zip(lines[::2], lines[1::2], strict=True):
            mistake, exercise, line = row.split(" | ")
            number, name = exercise.split()
            function = TASKS[number, name].function(line)
            yield Passed(grader.removeprefix("# "), mistake, why.strip(), (number, name), function)


ROWS = tuple(_read(PASSED))
