"""Gradients that came from nowhere earn nothing where the error is wrong; honest ones keep what they earn.

tests/autograder/test_diagnose.py holds that no mistake which is planted is taken for a forgery.
"""

import itertools

import numpy as np
import pytest

from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Returned
from autograder.marking.mark import mark_exercise
from tests.autograder.mutants import calls

EXERCISE = assignments.load("01-error-backpropagation").exercises[1]
right = calls.RIGHT["01", "exercise2"]
every_seed = pytest.mark.parametrize("seed", [5, 1789])


def in_double_precision(W, B, X, T):
    return right([w.double() for w in W], [b.double() for b in B], X.double(), T.double()) + 1


def marked(function, seed, change=lambda value: value):
    """Mark by calling in this process; `change` is what the process makes of each answer on its way out."""

    def call(exercise, instance):
        answer = function_call.call(function, exercise.convention, instance.inputs)
        return Returned(change(answer.value), ()) if isinstance(answer, Returned) else answer

    return mark_exercise(EXERCISE, function_call.one_by_one(call), seed)


@every_seed
@pytest.mark.parametrize(
    "error",
    [lambda e: 1.0, lambda e: e**2, lambda e: -e, lambda e: np.log(e), lambda e: e / 2],
    ids=["constant", "square", "sign", "logarithm", "half"],
)
def test_the_right_gradients_beside_another_error_earn_nothing(seed, error):
    result = marked(right, seed, lambda value: [np.asarray(error(float(value[0]))), *value[1:]])
    assert result.score == 0
    assert "inconsistent-gradient" in [fault.fault for fault in result.faults]
    assert sum(fault.cost for fault in result.faults) == EXERCISE.max_score


@every_seed
def test_an_error_that_cannot_be_called_again_supports_nothing(seed):
    count = itertools.count()

    def error(*given):
        if next(count) > 6:
            raise ValueError
        return right(*given) + 1

    assert marked(error, seed).score == 0


@every_seed
@pytest.mark.parametrize(
    "function",
    [
        lambda *given: right(*given) + 100,
        lambda *given: right(*given) + 100 * given[2].sum(),
        in_double_precision,
    ],
    ids=["a constant more", "something of the data more", "in double precision"],
)
def test_an_error_that_is_off_by_a_constant_keeps_its_gradients(seed, function):
    result = marked(function, seed)
    assert result.score == 6
    assert "inconsistent-gradient" not in [fault.fault for fault in result.faults]


@every_seed
def test_a_right_answer_is_not_called_more_often(seed):
    called = []
    assert marked(lambda *given: called.append(1) or right(*given), seed).score == 10
    assert len(called) == len(EXERCISE.instances(seed)) + 1


@pytest.mark.parametrize(
    "value", [[], [np.zeros(())], [np.zeros(()), [], []], [np.ones(3), [np.ones(2)], [np.ones(2)]]]
)
def test_answers_of_any_form_are_looked_at_without_a_word(value):
    assert marked(right, 5, lambda _: value).score == 0
