"""Steps of a loop: each gets what the step before returned, and the answer is the way of each value."""

import operator

import numpy as np
import pytest
import torch

from autograder.calling.function_call import call
from autograder.exercise import Convention, Opaque
from tests.autograder.students_function import told
from utils.reading import MAX_ENTRIES, as_array

ONE = Convention(driver="iterate", state=("x",), steps="steps")
TWO = Convention(driver="iterate", state=("x", "v"), steps="steps")


def run(function, convention=ONE, steps=3):
    given = {"x": np.array([1.0, 2.0]), "v": np.zeros(2), "rate": 0.5}
    names = (*convention.state, "rate")
    return call(function, convention, {**{name: given[name] for name in names}, "steps": steps})


def test_one_value_goes_its_way():
    answer = run(lambda x, rate: rate * x)
    np.testing.assert_array_equal(as_array(answer.value), [[0.5, 1.0], [0.25, 0.5], [0.125, 0.25]])
    assert answer.faults == ()


def test_several_values_go_their_ways_and_what_else_is_returned_comes_behind():
    answer = run(lambda x, v, rate: (x + v, v + rate, (x**2).sum()), TWO)
    x, v, loss = (as_array(way) for way in answer.value)
    np.testing.assert_array_equal(x, [[1.0, 2.0], [1.5, 2.5], [2.5, 3.5]])
    np.testing.assert_array_equal(v, [[0.5, 0.5], [1.0, 1.0], [1.5, 1.5]])
    np.testing.assert_array_equal(loss, [5.0, 5.0, 8.5])


def test_tensors_go_their_way():
    convention = Convention(tensors=True, driver="iterate", state=("x", "v"), steps="steps")
    answer = run(lambda x, v, rate: [torch.relu(x - rate), v], convention)
    np.testing.assert_array_equal(as_array(answer.value[0]), [[0.5, 1.5], [0, 1.0], [0, 0.5]])


def test_an_update_in_place_is_read_step_by_step_and_seen():
    answer = run(lambda x, rate: operator.imul(x, rate))
    np.testing.assert_array_equal(as_array(answer.value), [[0.5, 1.0], [0.25, 0.5], [0.125, 0.25]])
    assert told(answer) == [("mutates-input", "x")]


def test_a_generator_and_an_array_of_rows_are_unpacked_as_in_a_notebook():
    assert len(run(lambda x, v, rate: (a for a in (x, v, rate)), TWO).value) == 3
    assert len(run(lambda x, v, rate: np.stack([x, v]), TWO).value) == 2


@pytest.mark.parametrize(
    ("returned", "read"),
    [
        *((None, Opaque("None")), ("x", Opaque("a str")), (5, 5.0)),
        *((np.ones(3), np.ones(3)), ((np.ones(2),), [np.ones(2)])),
    ],
)
def test_what_a_loop_cannot_go_on_with_is_the_answer(returned, read):
    np.testing.assert_equal(run(lambda x, v, rate: returned, TWO).value, read)


def test_steps_that_return_another_number_of_values_end_there():
    calls = []

    def step(x, v, rate):
        calls.append(1)
        return (x, v) if len(calls) == 1 else (x, v, rate)

    assert len(run(step, TWO, steps=5).value) == 3
    assert len(calls) == 2


def test_no_steps_are_an_empty_way():
    assert run(lambda x, rate: 1 / 0, steps=0).value == []


def test_a_way_that_grows_without_end_is_cut():
    big = np.zeros(MAX_ENTRIES // 10)
    assert "far too many" in run(lambda x, rate: big, steps=100).value.description


def test_what_a_step_raises_is_reported():
    assert "KeyError" in run(lambda x, rate: {}[0]).fault.message
