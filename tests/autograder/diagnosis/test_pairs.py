"""Two mistakes in one answer: neither brings a third name with it, nor takes the other's away."""

import numpy as np
import pytest

from autograder import assignments
from autograder.diagnosis.planting import planted

FIRST, SLOPE, SOFTMAX, ENGINE, ATTENTION = (
    "01-error-backpropagation",
    "02-gradient-descent",
    "03-softmax-and-cross-entropy",
    "04-an-engine-of-your-own",
    "08-attention",
)


@pytest.mark.parametrize(
    ("assignment", "exercise", "names"),
    [
        # a part that is made from another gradient has no factor from its own hidden one
        (FIRST, "exercise1", {("wrong-sign", "DZ2"), ("wrong-upstream", "DW2")}),
        # a number in a hidden step is told by one part, where another has a mistake of its own
        (SOFTMAX, "exercise3", {("leaky-relu-mask", "DZ1"), ("wrong-sign", "DB1")}),
        (SOFTMAX, "exercise3", {("weights-updated", "DZ1"), ("missing-factor-two", "DB1")}),
        # a factor is likelier than an array that was computed twice
        (ATTENTION, "exercise1", {("missing-factor-two", "DR"), ("wrong-scale", "DK")}),
        (SLOPE, "exercise1", {("wrong-sign", "residual"), ("prediction-not-multiplied", "b")}),
        # a gradient handed on as it is has the numbers of one that is true, and shares no array for that
        (ENGINE, "Tensor", {("not-summed", "Db")}),
    ],
)
def test_what_was_planted_is_named_and_nothing_else(assignment, exercise, names):
    (chosen,) = (one for one in assignments.load(assignment).exercises if one.name == exercise)
    instances = chosen.instances(1)
    answers = [
        one.answers
        for one in planted(chosen, instances, pairs=lambda found: _names(found) == names)
        if _names(one.findings) == names and len(one.findings) == len(names)
    ]
    assert answers
    for each in answers:
        with np.errstate(all="ignore"):
            found = chosen.explain(instances, each, [part.name for part in chosen.parts]).findings
        right = {part.name for part in chosen.parts if _is_right(chosen, instances, each, part.name)}
        assert _names(found) == {(fault, where) for fault, where in names if where not in right}


def _is_right(exercise, instances, answers, part):
    """Whether two mistakes cancel out in a part: then nothing is said of it."""
    truths = [exercise.reference(instance)[part] for instance in instances]
    return all(
        answer[part] is not None and answer[part].shape == true.shape and np.allclose(answer[part], true)
        for answer, true in zip(answers, truths, strict=True)
    )


def _names(findings):
    return {(finding.fault, finding.where) for finding in findings}
