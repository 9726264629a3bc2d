"""Whatever comes back where nodes, labels, masks or steps are asked for is marked, and nothing raises."""

import numpy as np
import pytest

from tests.autograder.engine.exercises import ASSIGNMENT
from tests.autograder.marked_answers import value
from tests.autograder.test_grader_never_raises import answered, in_order

CHANGES = {
    "zeros": np.zeros_like,
    "ones": np.ones_like,
    "its opposite": lambda a: -1.0 * a,
    "nothing": lambda _: None,
    "no array": lambda _: "x",
    "nan": lambda a: a * np.nan,
    "infinite": lambda a: a + np.inf,
    "huge": lambda a: a + 1e308,
    "one axis more": lambda a: a[np.newaxis],
    "none of its axes": np.ravel,
    "one number": lambda _: 7,
    "empty": lambda _: np.zeros((0, 3)),
    "a list of lists": lambda a: [[a, a], [a]],
    "whole": lambda a: np.asarray(a).astype(np.int64),
    "a mask": lambda a: np.asarray(a).astype(bool),
    "too large": lambda _: [2**63, -(2**63), 10**400],
    "an input": None,
}


def changed(exercise, name, only=None):
    instances = exercise.instances(3)

    def answer(number, truth):
        inputs = instances[number].inputs
        for part in exercise.parts:
            if only in (None, part.name):
                change = CHANGES[name] or (lambda _: next(iter(inputs.values())))
                truth[part.name] = change(truth[part.name])
        return value(exercise, truth)

    return answer


every_exercise = pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.name)


@pytest.mark.parametrize("change", CHANGES)
@every_exercise
def test_every_part_or_a_single_one_may_be_anything(exercise, change):
    assert in_order(answered(exercise, changed(exercise, change)), exercise)
    for part in (exercise.parts[0], exercise.parts[-1]):
        result = answered(exercise, changed(exercise, change, part.name))
        assert in_order(result, exercise)
        if not exercise.convention.leaves:  # gradients beside a made-up error are not its own
            assert all(each.score for each in result.parts if each.part.path[0] != part.path[0])


@pytest.mark.parametrize("answer", [None, 3, "x", [], (), np.zeros(3), [[]], [None] * 13, {}, np.array(True)])
@every_exercise
def test_the_answer_may_be_anything(exercise, answer):
    result = answered(exercise, lambda *_: answer)
    assert in_order(result, exercise)
    assert result.score == 0
