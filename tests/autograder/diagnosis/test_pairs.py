"""Two mistakes in one answer: neither brings a third name with it, nor takes the other's away."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.assignments import load_all
from autograder.diagnosis.planting import planted

EXERCISES = {(one.name[:2], exercise.name): exercise for one in load_all() for exercise in one.exercises}


@pytest.mark.parametrize(
    ("key", "names"),
    [
        # a part that is made from another gradient has no factor from its own hidden one
        (("01", "exercise1"), {("wrong-sign", "DZ2"), ("wrong-upstream", "DW2")}),
        # a number in a hidden step is told by one part, where another has a mistake of its own
        (("03", "exercise3"), {("leaky-relu-mask", "DZ1"), ("wrong-sign", "DB1")}),
        (("03", "exercise3"), {("weights-updated", "DZ1"), ("missing-factor-two", "DB1")}),
        # a factor is likelier than an array that was computed twice
        (("08", "exercise1"), {("missing-factor-two", "DR"), ("wrong-scale", "DK")}),
        (("02", "exercise1"), {("wrong-sign", "residual"), ("prediction-not-multiplied", "b")}),
        # a gradient handed on as it is has the numbers of one that is true, and shares no array for that
        (("04", "Tensor"), {("not-summed", "Db")}),
    ],
)
def test_what_was_planted_is_named_and_nothing_else(key, names):
    exercise = EXERCISES[key]
    instances = exercise.instances(1)
    answers = [
        one.answers
        for one in planted(exercise, instances, pairs=lambda found: _names(found) == names)
        if _names(one.findings) == names and len(one.findings) == len(names)
    ]
    assert answers
    for each in answers:
        with np.errstate(all="ignore"):
            found = exercise.explain(instances, each, [part.name for part in exercise.parts]).findings
        right = {part.name for part in exercise.parts if _is_right(exercise, instances, each, part.name)}
        assert _names(found) == {(fault, where) for fault, where in names if where not in right}


@pytest.mark.parametrize(
    ("parameters", "more", "named"),
    [([1, 1, 1, 1], 0, {"missing-factor-two", "itself-added"}), ([0, 1, 1, 1], 0.1, {"unrecognised"})],
    ids=["all tell", "one is 0"],
)
def test_half_a_gradient_with_a_penalty_is_named_where_all_parameters_tell(parameters, more, named):
    exercise = EXERCISES["02", "exercise1"]
    instances, answers = [], []
    for one in exercise.instances(1):
        theta = np.asarray(one.inputs["theta"]) * parameters
        instances.append(replace(one, inputs={**one.inputs, "theta": theta}))
        truth = exercise.reference(instances[-1]).items()
        answers.append(
            {k: np.asarray(0.5 * g + 0.3 * p + more) for (k, g), p in zip(truth, theta, strict=True)}
        )
    findings = exercise.explain(instances, answers, [part.name for part in exercise.parts]).findings
    assert {finding.fault for finding in findings} == named


def _is_right(exercise, instances, answers, part):
    """Whether two mistakes cancel out in a part: then nothing is said of it."""
    truths = [exercise.reference(instance)[part] for instance in instances]
    return all(
        answer[part] is not None and answer[part].shape == true.shape and np.allclose(answer[part], true)
        for answer, true in zip(answers, truths, strict=True)
    )


def _names(findings):
    return {(finding.fault, finding.where) for finding in findings}
