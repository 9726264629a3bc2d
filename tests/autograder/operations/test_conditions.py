"""Each condition tells candidates on which mistakes show from those on which they do not, many at once."""

import numpy as np
import pytest

from autograder.operations import conditions as c

TRIANGLE = np.tril(np.ones((3, 3), dtype=bool))
P = np.array([[0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [0.4, 0.4, 0.2]])
SURE = np.array([[0.2, 0.3, 0.5], [1e-5, 1 - 2e-5, 1e-5], [0.4, 0.4, 0.2]])
ROWS = np.arange(8.0).reshape(4, 2)

CASES = [
    (c.AWAY_FROM_KINKS, [[1.0, -2, 0.1]], [[1.0, -2, 0.001]]),
    (c.BOTH_SIGNS, [[1.0, -2]], [[1.0, 2]]),
    (c.POSITIVE_OPERAND, [[1.0, 0.1]], [[1.0, 0.01]]),
    (c.DIVISOR, [[1.0, 0], [-1, 0.1]], [[1.0, 1], [-1, 0.01]]),
    (c.NOT_TOO_LARGE, [[-1.0, 3]], [[-5.0, 3]]),
    (c.NOT_SATURATED, [[-1.0, 3]], [[-1.0, 5]]),
    (c.NOT_SATURATED, [[-1.0, 3]], [[-1.0, 0]]),
    (c.PROBABLE, [P], [SURE]),
    (c.PARTLY_MASKED, [P, TRIANGLE], [P, np.ones((3, 3), dtype=bool)]),
    (c.PARTLY_MASKED, [P, TRIANGLE], [P, TRIANGLE & (np.arange(3)[:, None] > 0)]),
    (c.PARTLY_TRUE, [TRIANGLE, P], [TRIANGLE & False, P]),
    (c.PARTLY_TRUE, [TRIANGLE, P], [TRIANGLE | True, P]),
    (c.REPEATED, [ROWS, [1, 2, 1, 1]], [ROWS, [1, 2, 3, 1]]),
    (c.REPEATED, [ROWS, [1, 2, 1, 1]], [ROWS, [0, 1, 1, 1, 2, 3]]),
    (c.AWAY_FROM_ZERO_AND_ONE, [[0.5, -2.0]], [[0.5, -1.01]]),
    (c.NO_TIES, [[[1.0, 1, 2], [3, 0, 0]]], [[[1.0, 1, 2], [3, 0, 2.99]]]),
    (c.AWAY_FROM_ZERO_AND_ONE, [[0.5, -2.0]], [[0.01, -2.0]]),
    (c.SEVERAL_IN_A_MEAN, [P], [ROWS]),
    (c.SPREAD_OUT, [ROWS], [[[0.2, 0.3, 0.5], [0.3, 0.31, 0.32]]]),
]


def holds(condition, operands, value=None):
    batch = [np.asarray(operand)[None] for operand in operands]
    value = batch[0] if value is None else value[None]
    return condition.holds(c.Evaluated(batch, value, {"axis": (-1,)}))


@pytest.mark.parametrize(("condition", "good", "bad"), CASES, ids=lambda case: getattr(case, "name", ""))
def test_a_condition_holds_or_does_not(condition, good, bad):
    assert holds(condition, good).tolist() == [True]
    assert holds(condition, bad).tolist() == [False]


def test_a_probability_near_zero_counts_where_nothing_is_masked():
    assert holds(c.PROBABILITIES, [P], P).all()
    assert not holds(c.PROBABILITIES, [P], SURE).any()
    assert holds(c.PROBABILITIES, [P, SURE > 1e-3], SURE).all()


def test_many_candidates_are_looked_at_at_once():
    Z = np.array([[[1.0, -2]], [[1.0, 2]], [[-1.0, 2]]])
    assert c.BOTH_SIGNS.holds(c.Evaluated([Z], Z)).tolist() == [True, False, True]
