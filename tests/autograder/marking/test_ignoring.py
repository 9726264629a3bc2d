"""An argument that an answer does not depend on is named only where nothing else explains the answer."""

import numpy as np
import pytest

from autograder import assignments
from tests.autograder import marked_answers

SLOPE = assignments.load("02-gradient-descent").exercises[0]
SOFTMAX, _, CLASSIFIER = assignments.load("03-softmax-and-cross-entropy").exercises


def told(exercise, function):
    return marked_answers.told(marked_answers.marked(exercise, function, 3))


def gradient(theta, x, y):
    r = np.stack([x**k for k in range(4)], axis=1) @ theta - y
    return [2 * np.sum(r * x**k) for k in range(4)]


@pytest.mark.parametrize(
    ("function", "faults"),
    [
        (lambda theta, x, y: gradient(theta, x, np.sin(x)), [("ignores-argument", "y")]),
        (lambda theta, x, y: gradient(np.arange(4.0), x, y), [("ignores-argument", "theta")]),
        (
            lambda theta, x, y: gradient(theta, np.linspace(-1, 1, 30), np.ones(30)),
            [("ignores-argument", "x"), ("ignores-argument", "y")],
        ),
        (lambda theta, x, y: np.ones(4), [("constant", "answer")]),
    ],
    ids=["y", "theta", "x and y", "a placeholder is called one"],
)
def test_arguments_that_are_not_used_are_named(function, faults):
    assert told(SLOPE, function) == faults


def test_what_is_like_no_mistake_and_uses_all_of_its_arguments_ignores_none():
    faults = told(SLOPE, lambda theta, x, y: [np.sin(3 + g) for g in gradient(theta, x, y)])
    assert {fault for fault, _ in faults} == {"unrecognised"}


def test_where_arguments_follow_from_others_a_right_answer_may_do_without_some_and_none_is_named():
    def function(W, B, X, Z1, A1, Z2, P, t):
        D = np.sin(P - np.eye(P.shape[1])[t])
        return D, [X.T @ (D @ W[1].T), A1.T @ D], [(D @ W[1].T).sum(0), D.sum(0)]

    assert "ignores-argument" not in {fault for fault, _ in told(CLASSIFIER, function)}


def test_labels_are_changed_too():
    def function(Z, t):
        P = np.exp(Z - Z.max(axis=1, keepdims=True))
        P /= P.sum(axis=1, keepdims=True)
        return P, np.sin(np.arange(len(t))).sum() + np.tanh(P).sum()

    assert told(SOFTMAX, function) == [("ignores-argument", "t")]
