"""Factors that follow from dimensions are computed, multiplied, and written as a sheet writes them."""

import pytest

from autograder.operations.law import Law

SIZES = {"N": 5, "d": 4, "T": 3}
ROOT, MEAN = Law(1.0, {"d": -0.5}), Law(2.0, {"N": -1.0})


@pytest.mark.parametrize(("law", "value"), [(Law(), 1), (Law(-0.5), -0.5), (ROOT, 0.5), (MEAN, 0.4)])
def test_its_value_is_that_of_the_sizes(law, value):
    assert law.value(SIZES) == pytest.approx(value)


def test_laws_are_multiplied_and_what_cancels_is_gone():
    assert (MEAN * Law(3.0, {"N": 1.0, "T": 2.0})) == Law(6.0, {"T": 2.0})
    assert Law(1.0, {"d": 1.0}) == ROOT**-2


@pytest.mark.parametrize(
    ("law", "text"),
    [
        (Law(2.0), "2·A"),
        (Law(-1.0), "-A"),
        (Law(0.5), "A/2"),
        (Law(-1 / 3), "-A/3"),
        (Law(0.3), "0.3·A"),
        (ROOT, "A/√d"),
        (MEAN, "2·A/N"),
        (Law(0.5, {"N": -1.0}), "A/(2·N)"),
        (Law(1.0, {"T": 2.0, "d": -1.0}), "T²·A/d"),
    ],
)
def test_it_is_written_around_what_it_scales(law, text):
    assert f"{law.before}A{law.after}" == text


@pytest.mark.parametrize(("law", "text"), [(Law(1.5), "A + 1.5"), (Law(-1.0), "A - 1"), (MEAN, "A + 2/N")])
def test_it_is_written_behind_what_it_is_added_to(law, text):
    assert f"A{law.added}" == text
