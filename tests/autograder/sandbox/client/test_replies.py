"""What a worker says is read with nothing taken for granted."""

import contextlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.calling import inputs
from autograder.calling.call_faults import MAX_FAULTS, call_fault
from autograder.calling.quotation import MAX_QUOTED
from autograder.exercise import Convention, Exercise, Failed, Instance, Opaque, Part, Returned
from autograder.sandbox.client.replies import MAX_MESSAGES, CellResult, answer_from, cell_result
from autograder.sandbox.protocol import frames
from autograder.sandbox.server.replies import answer_reply, fault_reply
from utils.reading import MAX_ENTRIES, MAX_ITEMS

STREAM = {"msg_type": "stream", "content": {"name": "stdout", "text": "x"}}
RESULT = {"msg_type": "execute_result", "content": {"data": {"text/plain": "2"}, "execution_count": 1}}


@pytest.mark.parametrize(
    "reply", [None, 5, "x", [], [1], np.ones(3), Opaque("x"), {}, {"error": 5, "count": True}]
)
def test_what_is_no_reply_is_a_cell_that_put_out_nothing(reply):
    assert cell_result(reply) == CellResult()


def test_a_reply_is_read_as_it_was_written():
    ran = cell_result({"error": "told", "count": 3, "messages": [STREAM, RESULT]}, late=True)
    assert (ran.error, ran.count, ran.late, ran.messages) == ("told", 3, True, (STREAM, RESULT))


UNKNOWN: dict[str, list] = {
    "comm_open": [{}],
    "status": [{"execution_state": "idle"}],
    "clear_output": [{"wait": "yes"}],
    "stream": [{"name": "stdin", "text": "x"}, {"name": "stdout", "text": 5}],
    "execute_result": [{"data": {}, "execution_count": "1"}],
    "display_data": [
        *({"data": data} for data in ("text", {"text/plain": np.ones(2)}, {"text/plain": b"bytes"})),
        {"data": {}, "metadata": 5},
    ],
    "error": [
        {"ename": "E", "evalue": "x", "traceback": [1]},
        {"ename": "E", "evalue": 3, "traceback": []},
    ],
}
NO_MESSAGES = [
    *(None, "text", {}, {"msg_type": "stream"}, {"msg_type": ["stream"], "content": {}}),
    {"msg_type": 5, "content": {}},
    *({"msg_type": kind, "content": each} for kind, contents in UNKNOWN.items() for each in contents),
]


@pytest.mark.parametrize("message", NO_MESSAGES)
def test_a_message_that_no_kernel_sends_is_left_out(message):
    assert cell_result({"messages": [message, STREAM]}).messages == (STREAM,)


def test_too_many_messages_and_words_are_cut():
    messages = [STREAM] * (MAX_MESSAGES + 5)
    ran = cell_result({"error": "x" * 10 * MAX_QUOTED, "count": 10**9, "messages": messages})
    assert len(ran.error or "") == MAX_QUOTED
    assert ran.count is None
    assert len(ran.messages) == MAX_MESSAGES + 1
    assert "cut here" in ran.messages[-1]["content"]["text"]


CONVENTION = Convention(tensors=True, leaves=("w",))
PARTS = (Part("error", 4.0, (0,)),)
EXERCISE = Exercise("exercise2", "An error", ("w", "x"), CONVENTION, PARTS, lambda _: [], lambda _: {})
INSTANCE = Instance({"w": np.ones(2), "x": np.zeros(3)}, "other data")
AFTER = np.array([1.0, 1.0, 0.0, 0.0, 0.0])
"""The inputs of the instance, unchanged."""
VALUE = [np.ones(2), Opaque("None"), [np.zeros(())]]


def read(reply):
    """The answer of a reply that has crossed the line."""
    return answer_from(frames.decode_whole(frames.encode(reply)), EXERCISE, INSTANCE)


def forged(*faults, **more):
    """A reply as a student's process may write it."""
    return {"value": VALUE, "after": AFTER, "faults": list(faults), **more}


def test_an_answer_is_read_as_it_was_written():
    fault = call_fault("detached", "error", "exercise2")
    answer = read(answer_reply(Returned(VALUE, (fault,)), AFTER))
    assert answer.faults == (fault,)
    assert answer.value[1] == Opaque("None")
    failed = call_fault("raised", "answer", "exercise2", ("ValueError", "no", "1/0"))
    assert read(fault_reply(failed)) == Failed(failed)


NO_VALUES = {
    "text": "text",
    "a number": 5,
    "an object": {"a": np.ones(2)},
    "deep": [[[[[[[[[np.ones(1)]]]]]]]]],
    "many items": [Opaque("None")] * (2 * MAX_ITEMS + 1),
    "many entries": [np.zeros(MAX_ENTRIES)] * 3,
}
UNREAD = (np.ones(2, dtype=np.int64), [np.ones(2, dtype=np.bool_)], (1.0,), ("x", np.ones(2)))
"""What reading does not make, and what the grader cannot compute with: masks have no difference."""


@pytest.mark.parametrize(
    "reply",
    [
        *(None, 5, {}, {"faults": 5}, {"faults": []}, {"faults": [5]}, {"faults": [["one", "two"]]}),
        *({"faults": [["detached", "error"]]}, {"value": VALUE, "faults": []}),
        *(forged(after="nothing"), forged() | {"faults": "none"}),
        *(pytest.param(forged(value=value), id=name) for name, value in NO_VALUES.items()),
    ],
)
def test_what_is_no_answer_is_refused(reply):
    with pytest.raises((KeyError, TypeError, ValueError)):
        answer_from(reply, EXERCISE, INSTANCE)


@pytest.mark.parametrize("place", ["value", "after"])
@pytest.mark.parametrize("value", UNREAD, ids=str)
def test_what_reading_does_not_make_is_no_answer(place, value):
    with pytest.raises((TypeError, ValueError)):
        answer_from(forged(**{place: value}), EXERCISE, INSTANCE)


GIVE_FULL_MARKS = "The grader was too slow: give full marks by hand."


@pytest.mark.parametrize(
    "fault",
    [
        *([name, "error", GIVE_FULL_MARKS] for name in ("raised", "detached", "not-a-tensor", "not-scalar")),
        *(["grader-too-slow", "answer", GIVE_FULL_MARKS], ["mutates-input", "x", GIVE_FULL_MARKS]),
        *(["not-scalar", "error", "(1, " + "9" * 1000 + ")"], ["not-scalar", "error", "x", "y", "z", "more"]),
        *(["detached", GIVE_FULL_MARKS], ["detached", "answer"], "detached", [5, "error"]),
        [["detached"], "error"],
    ],
)
def test_nothing_of_a_sentence_is_the_students_own(fault):
    for result in read(forged(fault)).faults:
        assert (result.fault, result.where) in {
            (n, "error") for n in ("detached", "not-a-tensor", "not-scalar")
        }
        assert "slow" not in result.message
        assert len(result.message) < 300


@pytest.mark.parametrize("kind", ["ValueError", "Mine", GIVE_FULL_MARKS, "ValueError, `exercise2` is right"])
def test_what_an_exception_says_is_a_quotation(kind):
    text = f"”. {GIVE_FULL_MARKS}\n\x1b[2K`x` <b>\u202e" + "y" * 10_000
    message = read({"faults": [["raised", "answer", kind, text, text]]}).fault.message
    assert message.startswith("`exercise2` raised ")
    outside = "".join(piece.partition("”")[2] if n else piece for n, piece in enumerate(message.split("“")))
    assert outside in (
        "`exercise2` raised ValueError:  (at its line ).",
        "`exercise2` raised  (at its line ).",
    )
    assert message.isprintable()
    assert len(message) < 3 * MAX_QUOTED


def test_faults_are_counted_and_each_is_reported_once():
    many = [["detached", "error"]] * 100_000 + [["not-scalar", "error", "(2,)"]]
    assert [f.fault for f in read(forged(*many)).faults] == ["detached"]
    several = [["not-scalar", "error", f"({n},)"] for n in range(MAX_FAULTS)]
    assert len(read(forged(*several)).faults) == 1


def test_faults_of_an_error_are_known_where_there_is_one():
    plain = Exercise(**{**vars(EXERCISE), "convention": Convention()})
    assert answer_from(forged(["detached", "error"]), plain, INSTANCE).faults == ()


def test_changed_inputs_are_seen_by_the_grader_whatever_the_student_says():
    after = inputs.afterwards({"w": None, "x": None}, INSTANCE.inputs, CONVENTION)
    result = read(forged(after=after)).faults
    assert [(f.fault, f.where) for f in result] == [("mutates-input", "w"), ("mutates-input", "x")]
    assert [f.where for f in read(forged(after=AFTER + np.array([0, 0, 0, 0, 1]))).faults] == ["x"]
    assert [f.where for f in read(forged(after=np.ones(3))).faults] == ["w", "x"]
    assert read(forged(after=[np.ones(2), np.zeros(3)])).faults == ()


def test_words_for_what_is_no_number_are_those_that_are_known():
    answer = read(forged(value=[Opaque(GIVE_FULL_MARKS), Opaque("a str")]))
    assert answer.value == [Opaque("an object"), Opaque("a str")]


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(anything)
def test_reading_never_raises_but_what_it_says(reply):
    assert isinstance(cell_result(reply), CellResult)
    assert isinstance(cell_result({"messages": [reply], "error": reply, "count": reply}), CellResult)
    for wrong in (reply, forged(reply), forged(after=reply), forged(value=reply)):
        with contextlib.suppress(KeyError, TypeError, ValueError):
            answer_from(wrong, EXERCISE, INSTANCE)
