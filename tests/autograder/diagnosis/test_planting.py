"""Planted mistakes are those that the diagnosis names, and make the answers that students' code makes."""

import numpy as np
import pytest

from autograder import assignments
from autograder.diagnosis.planting import planted
from tests.autograder.mutants import backward

EXERCISES = [
    pytest.param(exercise, id=f"{name}-{exercise.name}")
    for name in ("01-error-backpropagation", "02-gradient-descent")
    for exercise in assignments.load(name).exercises
]
NETWORK = assignments.load("01-error-backpropagation").exercises[0]


def hidden(exercise):
    return [instance for instance in exercise.instances(3) if not instance.public]


def names(findings):
    return tuple((finding.fault, finding.where) for finding in findings)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # marking is silent about odd numbers, too
@pytest.mark.thorough  # every mistake that the diagnosis knows
@pytest.mark.parametrize("exercise", EXERCISES)
def test_nearly_every_planted_mistake_is_named_by_the_diagnosis(exercise):
    instances, parts = hidden(exercise), [part.name for part in exercise.parts]
    known = list(planted(exercise, instances))
    missed = [
        names(mistake.findings)
        for mistake in known
        if names(exercise.explain(instances, mistake.answers, parts).findings) != names(mistake.findings)
    ]
    assert len(known) >= 10
    # an eigenvalue where there are too few data for four of them, a single output's sum over all axes …
    assert len(missed) <= 3, missed


@pytest.mark.parametrize("exercise", EXERCISES)
def test_every_mistake_costs_a_part_and_some_answer_is_wrong(exercise):
    instances = hidden(exercise)
    truths = [exercise.reference(instance) for instance in instances]
    for mistake in planted(exercise, instances):
        assert all(finding.costs for finding in mistake.findings)
        right = all(
            answer[part] is not None
            and answer[part].shape == truth[part].shape
            and np.allclose(answer[part], truth[part])
            for answer, truth in zip(mistake.answers, truths, strict=True)
            for part in truth
        )
        assert not right, mistake.findings


def test_what_follows_is_computed_from_the_mistake():
    """As a student's own code has it, written without anything of ours."""
    instances = hidden(NETWORK)
    mask_missing = (("missing-relu-mask", "DZ3"),)
    (mistake,) = [m for m in planted(NETWORK, instances) if names(m.findings) == mask_missing]
    written = next(m for m in backward.single() if m.faults == mask_missing)
    for instance, answer in zip(instances, mistake.answers, strict=True):
        DW, DB = written.function(*instance.inputs.values())
        for layer in range(4):
            np.testing.assert_allclose(answer[f"DW{layer + 1}"], DW[layer], rtol=1e-9)
            np.testing.assert_allclose(answer[f"DB{layer + 1}"], DB[layer], rtol=1e-9)


@pytest.mark.thorough  # every pair there is
def test_pairs_are_planted_on_request_in_two_places_or_in_one():
    instances = hidden(NETWORK)[:1]
    pairs = [names(m.findings) for m in planted(NETWORK, instances, pairs=True) if len(m.findings) == 2]
    assert (("missing-factor-two", "DY"), ("missing-relu-mask", "DZ3")) in pairs
    assert (("missing-relu-mask", "DZ3"), ("wrong-sign", "DZ3")) in pairs
    exclusive = (("missing-relu-mask", "DZ3"), ("inverted-relu-mask", "DZ3"))
    assert exclusive not in pairs
    assert not [m for m in planted(NETWORK, instances) if len(m.findings) != 1]


def test_a_mistake_that_shapes_do_not_allow_is_not_planted():
    firsts = [mistake.findings[0] for mistake in planted(NETWORK, hidden(NETWORK))]
    places = {first.where for first in firsts if first.fault == "wrong-weights"}
    assert places == {"DZ2", "DZ1"}  # W4, with a single column, has no other of its shape


def test_two_factors_that_cancel_out_are_not_planted_unless_they_are_asked_for():
    exercise = assignments.load("08-attention").exercises[1]
    cancelling = (("missing-factor-two", "DR"), ("wrong-scale", "DQ"))
    other = (("missing-factor-two", "DR"), ("wrong-sign", "DQ"))
    instances = hidden(exercise)[:1]
    two = {names(one.findings) for one in planted(exercise, instances, pairs=True)}
    assert other in two
    both = [
        one.findings
        for one in planted(exercise, instances, pairs=lambda findings: names(findings) == cancelling)
        if len(one.findings) == len(cancelling)
    ]
    twice = [findings for findings in both if findings[1].hint == "2"]
    assert twice
    assert not any(one.findings in twice for one in planted(exercise, instances, pairs=True))
