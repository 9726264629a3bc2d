"""Two mistakes in one answer: neither brings a third name with it, nor takes the other's away."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.assignments import load_all
from autograder.declare import backward
from autograder.diagnosis.planting import planted
from autograder.forward_pass import ForwardPass
from autograder.lint.planted import SEEDS, planting

EXERCISES = {(one.name[:2], exercise.name): exercise for one in load_all() for exercise in one.exercises}


LAYER = backward(
    "exercise1",
    ForwardPass("Y = X @ W + B\nerr = mean_squared_error(Y, T)", X=("N", 3), W=(3, 1), B=(1,), T=("N", 1)),
    title="A layer",
    hand_in="DY, DW, DB",
    marks=1,
)
BACK, SLOPE, SOFTMAX, JACOBIAN, CLASSIFIER, ENGINE, HEAD = (
    EXERCISES[number, name]
    for number, name in (
        *(("01", "exercise1"), ("02", "exercise1"), ("03", "exercise1"), ("03", "exercise2")),
        *(("03", "exercise3"), ("04", "Tensor"), ("08", "exercise1")),
    )
)


def explained(exercise, names):
    """What is named for each answer with these mistakes in it, and what of it is to be named."""
    every = planting(exercise)
    instances = [every.instances[n] for n in every.of_seed(SEEDS[0])]
    answers = [
        one.answers
        for one in planted(exercise, instances, pairs=lambda found: _names(found) == sorted(names))
        if _names(one.findings) == sorted(names)
    ]
    assert answers
    for each in answers:
        with np.errstate(all="ignore"):
            found = exercise.explain(instances, each, [part.name for part in exercise.parts]).findings
        right = {part.name for part in exercise.parts if _is_right(exercise, instances, each, part.name)}
        yield _names(found), sorted((fault, where) for fault, where in names if where not in right)


@pytest.mark.parametrize(
    ("exercise", "names"),
    [
        # a part that is made from another gradient has no factor from its own hidden one
        (BACK, [("wrong-sign", "DZ2"), ("wrong-upstream", "DW2")]),
        # a number in a hidden step is told by one part, where another has a mistake of its own
        (CLASSIFIER, [("leaky-relu-mask", "DZ1"), ("wrong-sign", "DB1")]),
        (CLASSIFIER, [("weights-updated", "DZ1"), ("missing-factor-two", "DB1")]),
        # a factor is likelier than an array that was computed twice
        (HEAD, [("missing-factor-two", "DR"), ("wrong-scale", "DK")]),
        (SLOPE, [("wrong-sign", "residual"), ("prediction-not-multiplied", "b")]),
        # a gradient handed on as it is has the numbers of one that is true, and shares no array for that
        (ENGINE, [("not-summed", "Db")]),
    ],
)
def test_what_was_planted_is_named_and_nothing_else(exercise, names):
    for found, expected in explained(exercise, names):
        assert found == expected


@pytest.mark.parametrize(
    ("exercise", "names"),
    [
        (SOFTMAX, [("clipped-probabilities", "err"), ("sum-instead-of-mean", "err")]),
        (SOFTMAX, [("wrong-error", "err"), ("mean-twice", "err")]),
        (JACOBIAN, [("missing-factor-two", "J"), ("wrong-scale", "J")]),
        (CLASSIFIER, [("hard-coded-size", "DZ1"), ("mean-twice", "DB1")]),
        (CLASSIFIER, [("wrong-scale", "DZ1"), ("mean-twice", "DW1")]),
        (CLASSIFIER, [("mean-twice", "DZ1"), ("wrong-scale", "DB1")]),
        # N - 1, the number of a wrong scale, is 0 for a single data point
        (LAYER, [("wrong-scale", "DY"), ("transposed", "DW")]),
    ],
)
def test_both_are_named_though_other_factors_would_give_the_same(exercise, names):
    assert all(found == sorted(names) for found, _ in explained(exercise, names))


def test_what_follows_from_a_constant_that_has_a_name_is_judged_from_it():
    """A mean for every data point is the student's own number, and what is made from it shows it."""
    names = [("averaged", "DY"), ("wrong-sign", "DW")]
    assert [found for found, _ in explained(LAYER, names)] == [sorted(names)] * 2


def test_no_logarithm_is_blamed_for_powers_that_overflow():
    """The logarithm of too large a number is none of 0."""
    for found, _ in explained(SOFTMAX, [("missing-normalisation", "P"), ("clipped-probabilities", "err")]):
        assert ("logarithm-of-zero", "err") not in found


@pytest.mark.parametrize(
    ("parameters", "more", "named"),
    [([1, 1, 1, 1], 0, {"missing-factor-two", "itself-added"}), ([0, 1, 1, 1], 0.1, {"unrecognised"})],
    ids=["all tell", "one is 0"],
)
def test_half_a_gradient_with_a_penalty_is_named_where_all_parameters_tell(parameters, more, named):
    instances, answers = [], []
    for one in SLOPE.instances(1):
        theta = np.asarray(one.inputs["theta"]) * parameters
        instances.append(replace(one, inputs={**one.inputs, "theta": theta}))
        truth = SLOPE.reference(instances[-1]).items()
        answers.append(
            {k: np.asarray(0.5 * g + 0.3 * p + more) for (k, g), p in zip(truth, theta, strict=True)}
        )
    findings = SLOPE.explain(instances, answers, [part.name for part in SLOPE.parts]).findings
    assert {finding.fault for finding in findings} == named


def _is_right(exercise, instances, answers, part):
    """Whether two mistakes cancel out in a part: then nothing is said of it."""
    truths = [exercise.reference(instance)[part] for instance in instances]
    return all(
        answer[part] is not None and answer[part].shape == true.shape and np.allclose(answer[part], true)
        for answer, true in zip(answers, truths, strict=True)
    )


def _names(findings):
    return sorted((finding.fault, finding.where) for finding in findings)
