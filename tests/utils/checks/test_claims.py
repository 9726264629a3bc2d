"""What the check and its hints say of wrong answers is what the numbers show, and no more."""

import pytest

import utils
from tests.autograder.people.answers import TABLES, defined

BACK, TORCH = ("01", "exercise1"), ("01", "exercise2")
MEAN = "torch.mean((Y - T) ** 2)"


def told(exercise, *edits):
    """What the check says, and its first hint, of a function with some lines written otherwise."""
    function = defined(TABLES[exercise].with_edits(*edits))
    return " ".join(str(utils.check(function)).split()), " ".join(str(utils.hint(function)).split())


@pytest.mark.parametrize("slope", ["A2", "A2*(1-A2)", "np.clip(Z2, 0, 1)", "(Z2 > 0)*(np.arange(6) != 2)"])
def test_nobody_is_reported_that_the_relu_is_passed_rightly(slope):
    report, hint = told(BACK, ("(Z2 > 0)", slope))
    assert "rightly" not in report + hint
    assert "Look first at D" in report


@pytest.mark.parametrize(
    ("line", "factor", "words"),
    [
        ("DY = 2 * (Y - T) / 64", "divided by 64", "count these"),
        ("DY = 2 * (T - Y) / 4", "−N/4 times", "It points the opposite way"),
        ("DY = -0.2 * (Y - T) / N", "−0.1 times", "It points the opposite way"),
        ("DY = 6 * (Y - T)", "3·N times", "The direction is right"),
    ],
)
def test_a_factor_is_reported_with_the_direction_that_it_leaves(line, factor, words):
    report, _ = told(BACK, ("DY = 2 * (Y - T) / N", line))
    assert "Look first at DY." in report
    assert factor in report
    assert words in report


def test_one_sum_for_all_units_is_no_placeholder():
    report, _ = told(BACK, ("DZ3.sum(axis=0)", "np.sum(DZ3)*np.ones(6)"))
    assert "summed over everything" in report
    assert "placeholder" not in report


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (f"err = {MEAN}\nerr.backward()\nreturn err", "Leave backward() out"),
        ("D = Y - T\nD *= D\nreturn D.mean()", "in place"),
        (f"err = {MEAN}", "Is there a return?"),
    ],
)
def test_an_error_without_a_way_back_is_told_why(lines, words):
    report, _ = told(TORCH, (f"return {MEAN}", lines))
    assert words in report
