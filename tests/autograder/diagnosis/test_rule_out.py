"""What is remembered of an instance rules wrong forms out sooner, and no other ones."""

import numpy as np
import pytest

from autograder.diagnosis import remembered, rule_out
from autograder.diagnosis.planting import planted
from tests.autograder.test_diagnose import EXERCISES

KEYS = [
    ("01", "exercise1"),
    ("02", "exercise1"),
    ("03", "exercise3"),
    ("05", "exercise1"),
    ("08", "exercise2"),
]
EVERY = 11  # of the planted mistakes


def answers(exercise, instances):
    """Single mistakes, and arrays that nothing explains."""
    result = [mistake.answers for mistake in [*planted(exercise, instances)][::EVERY]]
    truths = [dict(exercise.reference(instance)) for instance in instances]
    for name in truths[0]:
        random = np.random.default_rng(5)
        result.append([t | {name: t[name] + random.standard_normal(t[name].shape)} for t in truths])
    return result


@pytest.mark.parametrize("key", KEYS, ids=" ".join)
def test_an_explanation_is_the_same_with_what_is_remembered_and_without(key, monkeypatch):
    exercise = EXERCISES[key]
    instances, parts = exercise.instances(3), [part.name for part in exercise.parts]
    given = answers(exercise, instances)
    with_memory = [exercise.explain(instances, each, parts) for each in given]
    asked = []
    monkeypatch.setattr(rule_out, "_as_remembered", lambda *_: asked.append(1))
    monkeypatch.setattr(rule_out, "MOST_FAULTS", -1)
    assert [exercise.explain(instances, each, parts) for each in given] == with_memory
    assert not asked


@pytest.mark.parametrize("own", [0, 1])
def test_a_multiple_of_what_a_form_gives_is_possible_and_other_arrays_are_not(own):
    numbers, entries = some_numbers(np.random.default_rng(1))
    given = -0.3 * (1 + 1e-4 * np.sin(entries[1, own])) * entries[1, own]
    assert numbers.may_be(given.reshape(numbers.shape), own).tolist() == [False, True, False]
    assert numbers.may_be(given.reshape(numbers.shape) + 0.1, own).tolist() == [False, False, False]
    assert numbers.may_be(entries[2, 1].reshape(numbers.shape), 0).tolist() == [False, False, False]


def test_zeros_are_possible_only_where_a_form_gives_zeros():
    numbers, _ = some_numbers(np.random.default_rng(1), zeros=2)
    assert numbers.may_be(np.zeros(numbers.shape), 0).tolist() == [False, False, True]


def some_numbers(random, zeros=None):
    """Numbers of two forms behind three ways, and the entries that they are of."""
    entries = random.standard_normal((3, 2, 12))
    if zeros is not None:
        entries[zeros] = 0.0
    along = remembered.directions(12)
    bounds = [[remembered.tolerance(each) @ np.abs(along) for each in some] for some in entries]
    return remembered.Numbers((4, 3), (1, 2), np.empty((0, 0)), entries @ along, np.array(bounds)), entries
