"""Names that instructors give: written whole, read again, told in the place of what was not recognised."""

import pytest

from autograder import assignments
from autograder.exercise import ExerciseResult, Fault, PartResult, Verdict
from autograder.marking.named_answers import (
    FILE,
    NamedAnswer,
    UnusableNames,
    add,
    read_names,
    tell,
    write_names,
)

NAME = "01-error-backpropagation"
BEHAVIOUR = {"DW3": [2.0, 6.0, 6.0, 0.1, -0.2, 0.3]}
NAMED = NamedAnswer(NAME, "exercise1", "first-row-only", "Only the first row of `DW3` is right.", BEHAVIOUR)
EXERCISE = assignments.load(NAME).exercises[0]


SIGN = Fault("wrong-sign", "DY", "look at the sign", 5.0)
UNRECOGNISED = [Fault("unrecognised", where, "like nothing we know", 2.5) for where in ("DW3", "DB3")]


def result(behaviour=BEHAVIOUR, *faults):
    parts = tuple(PartResult(part, Verdict.WRONG, 0.0) for part in EXERCISE.parts)
    return ExerciseResult(EXERCISE, parts, faults or (SIGN, *UNRECOGNISED), behaviour=behaviour)


def test_what_was_not_recognised_gets_the_name_and_the_sentence():
    messages = tell(result(), [NAMED], NAME)
    sign, named = messages.faults
    assert (sign.fault, sign.where, sign.cost) == ("wrong-sign", "DY", 5.0)
    assert (named.fault, named.where, named.cost) == ("first-row-only", "DW3", 5.0)
    assert named.message == NAMED.sentence
    assert messages.score == result().score


@pytest.mark.parametrize(
    "other", [result({"DW3": [2.0, 6.0, 6.0, 0.1, -0.2, 0.4]}), result({}), result(BEHAVIOUR, SIGN)]
)
def test_another_answer_is_left_as_it_is(other):
    assert tell(other, [NAMED], NAME) is other
    assert tell(result(), [NAMED], "02-gradient-descent").faults == result().faults


def test_names_are_written_and_read(tmp_path):
    assert read_names(tmp_path) == []
    write_names(tmp_path, [NAMED])
    assert read_names(tmp_path) == [NAMED]
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_second_name_for_the_same_takes_the_first_one_s_place():
    other = NamedAnswer(NAME, "exercise1", "another", "Look again.", BEHAVIOUR)
    elsewhere = NamedAnswer(NAME, "exercise2", "third", "Look there.", BEHAVIOUR)
    assert add(add([NAMED], elsewhere), other) == [elsewhere, other]


@pytest.mark.parametrize(
    ("name", "sentence"), [("Big Name", "x"), ("unrecognised", "x"), ("", "x"), ("fine", " ")]
)
def test_what_is_no_name_is_refused(name, sentence):
    with pytest.raises(UnusableNames):
        add([], NamedAnswer(NAME, "exercise1", name, sentence, BEHAVIOUR))


@pytest.mark.parametrize("text", ["", "[]", '{"names": 3}', '{"names": [{}]}', "{"])
def test_a_file_with_something_else_is_a_sentence(tmp_path, text):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UnusableNames, match="cannot be read"):
        read_names(tmp_path)
