"""Texts that Python, NumPy and PyTorch give with exceptions are known; no other is passed on."""

import numpy as np
import pytest
import torch

from autograder.marking.exception_texts import passed_on
from autograder.marking.hidden_calls import TYPES

SIZES = frozenset(range(13))
RAISING = [
    *("np.ones((2, 3)) + np.ones(2)", "np.ones((2, 3)) @ np.ones((2, 3))", "np.ones(3).reshape(2, 2)"),
    *("np.ones((2, 3)).dot(np.ones((2, 3)))", "np.ones(3)[5]", "np.ones(3)[0, 1]"),
    *("np.ones(3)[[True, False]]", "np.ones((3, 4))[np.arange(3), np.arange(2)]", "bool(np.ones(2))"),
    *("np.ones(3).sum(axis=1)", "np.concatenate([np.ones((2, 3)), np.ones((2, 4))])"),
    *("np.stack([np.ones(2), np.ones(3)])", "np.zeros((2, 3)).__setitem__(0, np.ones(2))"),
    *("np.add(np.ones((2, 3)), 1, out=np.ones(3))", "torch.ones(2, 3) @ torch.ones(2, 3)"),
    *("torch.ones(2, 3) + torch.ones(2)", "torch.ones(3).reshape(2, 2)", "torch.ones(()).backward()"),
    *("np.asarray(torch.ones(2, requires_grad=True))", "[1][2]", "1 / 0", "NOTHING[0]", "1.0 * NOTHING"),
    *("NOTHING**2", "len(NOTHING)", "[a for a, b in [(1, 2, 3)]]"),
]


@pytest.mark.parametrize("expression", RAISING)
def test_a_text_of_a_librarys_is_passed_on_with_its_sizes(expression):
    with pytest.raises((ValueError, IndexError, TypeError, RuntimeError, ZeroDivisionError)) as info:
        eval(expression, {"np": np, "torch": torch, "NOTHING": None})
    text = " ".join(str(info.value).split())
    assert passed_on(text, TYPES, SIZES) == text


def test_a_number_that_is_no_size_is_taken_out():
    text = "operands could not be broadcast together with shapes (2,314159) (2,)"
    assert passed_on(text, TYPES, SIZES) == text.replace("314159", "…")


TOO_LONG = f"operands could not be broadcast together with shapes ({'1,2,' * 9}1) (2,)"  # for a shape


@pytest.mark.parametrize(
    "text",
    [
        *("", "0.1", "division by zero 3", "index 1.5", "shapes (1,2) and (3,4)"),
        *("'A0123' object is not callable", TOO_LONG),
    ],
)
def test_no_other_text_is_passed_on(text):
    assert passed_on(text, TYPES, SIZES) == ""
