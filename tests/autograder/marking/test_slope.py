"""Gradients that came from nowhere earn nothing where the error is wrong; honest ones keep what they earn."""

import itertools

import numpy as np
import pytest
import torch

from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Returned
from autograder.marking.mark import mark_exercise
from tests.autograder.mutants import forward

EXERCISE = assignments.load("01-error-backpropagation").exercises[1]
SEEDS = (5, 1789)


def network(W, B, X):
    A = X
    for k in range(4):
        A = A @ W[k] + B[k]
        A = torch.relu(A) if k < 3 else A
    return A


def right(W, B, X, T):
    return ((network(W, B, X) - T) ** 2).mean()


def marked(function, seed, change=lambda value: value, calls=None):
    """Mark by calling in this process; `change` is what the process makes of each answer on its way out."""

    def call(exercise, instance):
        if calls is not None:
            calls.append(instance)
        answer = function_call.call(function, exercise.convention, instance.inputs)
        return Returned(change(answer.value), ()) if isinstance(answer, Returned) else answer

    return mark_exercise(EXERCISE, function_call.one_by_one(call), seed)


def names(result):
    return [fault.fault for fault in result.faults]


def with_error(error):
    """Answers with the right gradients, and this in place of the error."""
    return lambda value: [np.asarray(error(float(value[0]))), *value[1:]]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "error",
    [lambda e: 1.0, lambda e: e**2, lambda e: -e, lambda e: np.log(e), lambda e: e / 2],
    ids=["constant", "square", "sign", "logarithm", "half"],
)
def test_the_right_gradients_beside_another_error_earn_nothing(seed, error):
    result = marked(right, seed, with_error(error))
    assert result.score == 0
    assert "inconsistent-gradient" in names(result)
    assert sum(fault.cost for fault in result.faults) == EXERCISE.max_score


@pytest.mark.parametrize("seed", SEEDS)
def test_an_error_that_cannot_be_called_again_supports_nothing(seed):
    calls = itertools.count()

    def error(*given):
        if next(calls) > 6:
            raise ValueError
        return right(*given) + 1

    assert marked(error, seed).score == 0


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "function",
    [
        lambda *given: right(*given) + 100,
        lambda *given: right(*given) + 100 * given[2].sum(),
        lambda *given: (
            right(
                *[[p.double() for p in given[0]], [p.double() for p in given[1]]],
                *map(torch.Tensor.double, given[2:]),
            )
            + 1
        ),
    ],
    ids=["a constant more", "something of the data more", "in double precision"],
)
def test_an_error_that_is_off_by_a_constant_keeps_its_gradients(seed, function):
    result = marked(function, seed)
    assert result.score == 6
    assert "inconsistent-gradient" not in names(result)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_right_answer_is_not_called_more_often(seed):
    calls = []
    assert marked(right, seed, calls=calls).score == 10
    assert len(calls) == len(EXERCISE.instances(seed)) + 1


MISTAKES = [*forward.forward_single(), *forward.forward_combined(), *forward.forward_cut()]


@pytest.mark.parametrize("mistake", MISTAKES, ids=str)
def test_no_honest_mistake_is_taken_for_a_forgery(mistake):
    result = marked(mistake.function, SEEDS[0])
    assert "inconsistent-gradient" not in names(result)
    assert result.score == mistake.score


@pytest.mark.parametrize(
    "value", [[], [np.zeros(())], [np.zeros(()), [], []], [np.ones(3), [np.ones(2)], [np.ones(2)]]]
)
def test_answers_of_any_form_are_looked_at_without_a_word(value):
    assert marked(right, SEEDS[0], lambda _: value).score == 0
