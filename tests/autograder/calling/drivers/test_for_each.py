"""A function that is called for one item after the other: its answers are a list."""

import numpy as np

from autograder.calling.function_call import call
from autograder.exercise import Convention, Failed
from tests.autograder.students_function import told, written
from utils.reading import RAISED

EACH = Convention(by_hand=True, driver="for_each")
ITEMS = {"word": ["one", "two"], "a": [np.array([1.0, 2.0]), np.array(3.0)]}


def answer(body, before=""):
    return call(written(f"{before}def f(word,a): {body}"), EACH, ITEMS)


def test_each_item_is_given_and_each_answer_read():
    value = answer("return 2*a if word == 'one' else -a").value
    assert [array.tolist() for array in value] == [[2.0, 4.0], -3.0]


def test_an_answer_is_read_before_the_next_call_can_change_it():
    value = answer("KEPT[...] = a; return KEPT", before="KEPT = numpy.zeros(2)\n").value
    assert [array.tolist() for array in value] == [[1.0, 2.0], [3.0, 3.0]]


def test_none_at_the_end_is_left_out_and_none_alone_is_not():
    value = answer("return (a,None) if word == 'one' else None").value
    assert len(value[0]) == 1
    assert value[1].description == "None"


def test_an_input_that_is_changed_is_seen():
    assert told(answer("a *= 2; return a")) == [("mutates-input", "a")]


def test_one_that_raises_has_no_answer_and_if_all_do_there_is_none():
    value = answer("return a if word == 'one' else 1/0").value
    assert value[0].tolist() == [1.0, 2.0]
    assert value[1].description == RAISED
    assert "ZeroDivisionError" in answer("return 1/0").fault.message
    assert isinstance(answer("raise NotImplementedError"), Failed)
    assert isinstance(answer("return a if word == 'one' else exit()"), Failed), "who leaves has left"
