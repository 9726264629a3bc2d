"""Answers that give the same numbers, up to rounding and a factor, behave alike; others do not."""

import json

import numpy as np
import pytest

from autograder.exercise import Instance
from autograder.marking import behaviour

HIDDEN, PUBLIC = Instance({}, "hidden"), Instance({}, "the sheet's own data", public=True)
ARRAY = np.random.default_rng(0).standard_normal((6, 4))


def of(array, part="DW"):
    return behaviour.of_answer([HIDDEN, PUBLIC], [{part: ARRAY + 1}, {part: array}], [part])


@pytest.mark.parametrize(
    "other",
    [
        *(ARRAY * 2.5, -ARRAY, ARRAY / 64),
        ARRAY.astype(np.float32).astype(np.float64),
        ARRAY * (1 + 1e-9 * np.random.default_rng(1).standard_normal((6, 4))),
    ],
)
def test_rounding_and_a_factor_make_no_difference(other):
    assert behaviour.alike(of(ARRAY), of(other))


@pytest.mark.parametrize(
    "other",
    [
        *(ARRAY.T, ARRAY.reshape(4, 6), np.maximum(ARRAY, 0), ARRAY + 0.01, ARRAY[::-1]),
        np.where(np.arange(24).reshape(6, 4) == 7, 0, ARRAY),
    ],
)
def test_other_numbers_do(other):
    assert not behaviour.alike(of(ARRAY), of(other))


def test_single_numbers_are_compared_as_they_are():
    assert behaviour.alike(of(np.array(2.0)), of(np.array(2.0 + 1e-7)))
    assert not behaviour.alike(of(np.array(2.0)), of(np.array(4.0)))


def test_other_parts_are_another_behaviour():
    assert not behaviour.alike(of(ARRAY), of(ARRAY, "DB"))
    assert not behaviour.alike({}, {})


@pytest.mark.parametrize("array", [None, np.array([np.nan, 1.0]), np.zeros(0)])
def test_what_is_no_array_has_no_behaviour(array):
    assert of(array) == {}


def test_without_public_data_there_is_none():
    assert behaviour.of_answer([HIDDEN], [{"DW": ARRAY}], ["DW"]) == {}


def test_it_is_the_same_after_it_was_written_down():
    kept = json.loads(json.dumps(of(ARRAY)))
    assert behaviour.alike(kept, of(ARRAY * 3))
    assert len(kept["DW"]) == 3 + behaviour.PROJECTIONS  # far fewer numbers than the answer has
