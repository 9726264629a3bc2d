"""Two mistakes at once: both are named, or what gives the very same answers; none is named falsely."""

import numpy as np
import pytest

from autograder import assignments
from autograder.declare import backward
from autograder.diagnosis.planting import planted
from autograder.forward_pass import ForwardPass
from autograder.lint.planted import SEEDS, planting

CLASSIFIER = "03-softmax-and-cross-entropy"
LAYER = backward(
    "exercise1",
    ForwardPass("Y = X @ W + B\nerr = mean_squared_error(Y, T)", X=("N", 3), W=(3, 1), B=(1,), T=("N", 1)),
    title="A layer",
    hand_in="DY, DW, DB",
    marks=1,
)


def exercise(number):
    return assignments.load(CLASSIFIER).exercises[number - 1]


def explained(exercise, first, second):
    """What is named for answers with two mistakes in them, each by name and place."""
    every = planting(exercise)
    instances = [every.instances[n] for n in every.of_seed(SEEDS[0])]
    parts = [part.name for part in exercise.parts]

    def are_these(findings):
        return names(findings) == sorted((first, second))

    both = [one for one in planted(exercise, instances, pairs=are_these) if are_these(one.findings)]
    assert both
    with np.errstate(all="ignore"):
        return [names(exercise.explain(instances, one.answers, parts).findings) for one in both]


def names(findings):
    return sorted((finding.fault, finding.where) for finding in findings)


@pytest.mark.parametrize(
    ("number", "first", "second"),
    [
        (1, ("clipped-probabilities", "err"), ("sum-instead-of-mean", "err")),
        (1, ("wrong-error", "err"), ("mean-twice", "err")),
        (2, ("missing-factor-two", "J"), ("wrong-scale", "J")),
        (3, ("hard-coded-size", "DZ1"), ("mean-twice", "DB1")),
        (3, ("wrong-scale", "DZ1"), ("mean-twice", "DW1")),
        (3, ("mean-twice", "DZ1"), ("wrong-scale", "DB1")),
    ],
)
def test_both_are_named_though_other_factors_would_give_the_same(number, first, second):
    assert all(result == sorted((first, second)) for result in explained(exercise(number), first, second))


def test_no_logarithm_is_blamed_for_powers_that_overflow():
    """The logarithm of too large a number is none of 0."""
    result = explained(exercise(1), ("missing-normalisation", "P"), ("clipped-probabilities", "err"))
    assert all(("logarithm-of-zero", "err") not in named for named in result)


def test_what_follows_from_a_constant_that_has_a_name_is_judged_from_it():
    """A mean for every data point is the student's own number, and what is made from it shows it."""
    first, second = ("averaged", "DY"), ("wrong-sign", "DW")
    assert explained(LAYER, first, second) == [sorted((first, second))] * 2


def test_what_follows_from_no_number_has_none():
    """N - 1 is 0 for a single data point."""
    first, second = ("wrong-scale", "DY"), ("transposed", "DW")
    assert [sorted((first, second))] * len(result := explained(LAYER, first, second)) == result
