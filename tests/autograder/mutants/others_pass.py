"""Mistakes that graders of other courses are known to let pass, and answers of ours that have them.

An assignment adds its rows to `ROWS`; docs/what-others-pass.md is made of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from tests.autograder.mutants import attention


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


LLMSYS = "CMU 11-868, homework 3, `test_softmax_bw.py`"
IDL = "CMU 11-785, HW4P1, `test_mytorch_scaled_dot_product_attention.py`"
SEVERAL_OF_IDL = "CMU 11-785, HW4P1, `test_mytorch_multi_head_attention.py`"
DLSYS = "CMU 10-414, hw4_extra, `test_transformer.py`"
CS231N = "Stanford CS231n, assignment 3, transformer"
FIRST, SECOND, THIRD = (("08", f"exercise{k}") for k in (1, 2, 3))

ATTENTION: tuple[Passed, ...] = (
    Passed(
        LLMSYS,
        "the softmax's row sum is not taken away",
        "three of five tests have gradients smaller than the tolerance",
        FIRST,
        attention.head([("DS", lambda q: q["P"] * q["DP"])]),
    ),
    Passed(
        LLMSYS,
        "the softmax's gradient is 0 everywhere",
        "in the first test the largest true entry is 0.0092, and 0.01 is tolerated",
        FIRST,
        attention.head([("DS", lambda q: 0 * q["P"])]),
    ),
    Passed(
        IDL,
        "what the mask hides takes part all the same",
        "all masks in the tests are true everywhere, or false everywhere",
        THIRD,
        attention.several(P_of=lambda S, M: torch.softmax(S, dim=-1)),
    ),
    Passed(
        IDL,
        "the mask comes after the softmax",
        "the same",
        THIRD,
        attention.several(P_of=lambda S, M: torch.softmax(S, dim=-1) * M),
    ),
    Passed(
        SEVERAL_OF_IDL,
        "the gradient with respect to the keys' weights has the opposite sign",
        "the gradients with respect to the weights are not compared",
        SECOND,
        attention.projections([("DWk", lambda q: -q["X"].T @ q["DK"])]),
    ),
    Passed(
        SEVERAL_OF_IDL,
        "the gradients with respect to the weights are 0",
        "the same",
        SECOND,
        attention.projections([(f"DW{k}", lambda q: 0 * q["Wq"]) for k in "qk"]),
    ),
    Passed(
        DLSYS,
        "one of the three paths to X is missing",
        "there is no test of a backward pass",
        SECOND,
        attention.projections([("DX", lambda q: q["DQ"] @ q["Wq"].T + q["DK"] @ q["Wk"].T)]),
    ),
    Passed(
        DLSYS,
        "the keys' gradient is made of keys",
        "the same; and queries, keys and values are one array where the forward pass is tested",
        FIRST,
        attention.head([("DK", lambda q: q["DR"].T @ q["K"])]),
    ),
    Passed(
        CS231N,
        "the scale is missing on the way back",
        "only the forward pass is tested",
        FIRST,
        attention.head([("DR", lambda q: q["DS"])]),
    ),
)

ROWS: tuple[Passed, ...] = (*ATTENTION,)
