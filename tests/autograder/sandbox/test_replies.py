"""What a worker says is read with nothing taken for granted."""

import contextlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercise import Failed, Fault, Opaque, Returned
from autograder.sandbox import frames
from autograder.sandbox.replies import MAX_MESSAGES, MAX_WORDS, Ran, answer_from, fault_reply, ran_from, words

STREAM = {"msg_type": "stream", "content": {"name": "stdout", "text": "x"}}
RESULT = {"msg_type": "execute_result", "content": {"data": {"text/plain": "2"}, "execution_count": 1}}
steady = settings(derandomize=True, deadline=None)


@pytest.mark.parametrize(
    "reply", [None, 5, "x", [], [1], np.ones(3), Opaque("x"), {}, {"error": 5, "count": True}]
)
def test_what_is_no_reply_is_a_cell_that_put_out_nothing(reply):
    assert ran_from(reply) == Ran()


def test_a_reply_is_read_as_it_was_written():
    ran = ran_from({"error": "told", "count": 3, "messages": [STREAM, RESULT]}, late=True)
    assert (ran.error, ran.count, ran.late, ran.messages) == ("told", 3, True, (STREAM, RESULT))


@pytest.mark.parametrize(
    "message",
    [
        None,
        "text",
        {},
        {"msg_type": "stream"},
        {"msg_type": "stream", "content": {"name": "stdin", "text": "x"}},
        {"msg_type": "stream", "content": {"name": "stdout", "text": 5}},
        {"msg_type": "comm_open", "content": {}},
        {"msg_type": "status", "content": {"execution_state": "idle"}},
        {"msg_type": "execute_result", "content": {"data": {}, "execution_count": "1"}},
        {"msg_type": "display_data", "content": {"data": "text"}},
        {"msg_type": "display_data", "content": {"data": {}, "metadata": 5}},
        {"msg_type": "display_data", "content": {"data": {"text/plain": np.ones(2)}}},
        {"msg_type": "display_data", "content": {"data": {"text/plain": b"bytes"}}},
        {"msg_type": "error", "content": {"ename": "E", "evalue": "x", "traceback": [1]}},
        {"msg_type": "error", "content": {"ename": "E", "evalue": 3, "traceback": []}},
        {"msg_type": "clear_output", "content": {"wait": "yes"}},
        {"msg_type": ["stream"], "content": {}},
        {"msg_type": 5, "content": {}},
    ],
)
def test_a_message_that_no_kernel_sends_is_left_out(message):
    assert ran_from({"messages": [message, STREAM]}).messages == (STREAM,)


def test_too_many_messages_and_words_are_cut():
    ran = ran_from({"error": "x" * 10 * MAX_WORDS, "count": 10**9, "messages": [STREAM] * (MAX_MESSAGES + 5)})
    assert len(ran.error or "") == MAX_WORDS
    assert ran.count is None
    assert len(ran.messages) == MAX_MESSAGES + 1
    assert "cut here" in ran.messages[-1]["content"]["text"]


def test_an_answer_is_read_as_it_was_written():
    fault = Fault("mutates-input", "x", "changed")
    reply = {"value": [np.ones(2), Opaque("None"), [np.zeros(())]], "faults": [words(fault)]}
    answer = answer_from(frames.decode_whole(frames.encode(reply)))
    assert isinstance(answer, Returned)
    assert answer.faults == (fault,)
    assert answer.value[1] == Opaque("None")
    assert answer_from(fault_reply(fault)) == Failed(fault)


@pytest.mark.parametrize(
    "reply",
    [
        None,
        5,
        {},
        {"faults": 5},
        {"faults": []},
        {"faults": [5]},
        {"faults": [["one", "two"]]},
        {"value": "text", "faults": []},
        {"value": 5, "faults": []},
        {"value": {"a": np.ones(2)}, "faults": []},
        {"value": [[[[[[[[[np.ones(1)]]]]]]]]], "faults": []},
    ],
)
def test_what_is_no_answer_is_refused(reply):
    with pytest.raises((KeyError, TypeError, ValueError, IndexError)):
        answer_from(reply)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@steady
@given(anything)
def test_reading_never_raises_but_what_it_says(reply):
    assert isinstance(ran_from(reply), Ran)
    assert isinstance(ran_from({"messages": [reply], "error": reply, "count": reply}), Ran)
    with contextlib.suppress(KeyError, TypeError, ValueError, IndexError):
        answer_from(reply)
