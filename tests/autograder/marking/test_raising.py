"""Of an exception is said on which data it is raised, and what is wrong with the numbers on the others."""

import numpy as np
import pytest

from autograder import assignments
from tests.autograder.marked_answers import marked

BACK = assignments.load("01-error-backpropagation").exercises[0]
SOFTMAX, _, CLASSIFIER = assignments.load("03-softmax-and-cross-entropy").exercises
SEED = 3


def probabilities(Z, t, rows=None):
    P = np.exp(Z - Z.max(axis=1, keepdims=True))
    P /= P.sum(axis=1, keepdims=True)
    return P, -np.mean([np.log(P[n, t[n]]) for n in range(rows or len(t))])


def test_a_size_that_tells_the_data_apart_is_named():
    def function(Z, t):
        P, err = probabilities(Z, t)
        return P + 0 * Z.max(axis=1) ** 0, err

    (fault,) = marked(SOFTMAX, function, SEED).faults
    assert fault.fault == "raised"
    assert "shapes (2,3) (2,)" in fault.message
    assert "and not where N = 1. The numbers there are right." in fault.message


def test_of_several_sizes_the_one_in_the_exception_is_named_and_its_text_is_passed_on():
    def function(W, B, X, Z1, A1, Z2, P, t):
        D = (P - np.eye(10)[t]) / len(t)
        Z = (D @ W[1].T) * (Z1 > 0)
        return D, [X.T @ Z, A1.T @ D], [Z.sum(0), D.sum(0)]

    (fault,) = marked(CLASSIFIER, function, SEED).faults
    assert "shapes (1,4) (1,10)" in fault.message
    assert "It is raised where C = 3, 4 or 5, and not where C = 10." in fault.message


def test_a_mistake_is_named_by_the_data_on_which_nothing_is_raised():
    def function(Z, t):
        if len(t) == 2:
            raise ValueError
        P, err = probabilities(Z, t)
        return P, len(t) * err

    result = marked(SOFTMAX, function, SEED)
    assert result.faults[0].fault == "raised"
    assert result.score == 0
    assert result.faults[0].cost == SOFTMAX.max_score == sum(fault.cost for fault in result.faults)


@pytest.mark.parametrize("text", ["0.123456", "operands could not be broadcast together with shapes 0.12"])
def test_a_text_of_ones_own_carries_nothing_out(text):
    def function(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        if len(X) != 64:
            raise ValueError(text)
        return 0

    faults = marked(BACK, function, SEED).faults
    assert "0.12" not in " ".join(fault.message for fault in faults)


def test_nothing_is_added_where_it_is_raised_on_all_data():
    def function(Z, t):
        raise ValueError("no")

    (fault,) = marked(SOFTMAX, function, SEED).faults
    assert fault.message.endswith("raised ValueError: “no”.")
