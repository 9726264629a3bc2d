"""A right answer earns full marks with no fault, however it is written."""

import pytest

from autograder.exercise import Verdict
from tests.autograder.marked_answers import marked
from tests.autograder.right_answers import everything, forward
from tests.autograder.right_answers.backward_pieces import PIECES
from tests.autograder.right_answers.forward import FORWARD
from tests.autograder.right_answers.right import mixed
from tests.autograder.test_diagnose import EXERCISES, SEEDS

ANSWERS = everything()
LEAVING = {forward.backward_already_called, forward.backward_called_twice, forward.backward_on_another_graph}
"""They go back themselves, and leave gradients to their caller: this is said, and costs nothing."""


@pytest.mark.parametrize("key", EXERCISES, ids="-".join)
def test_a_right_answer_earns_full_marks_with_no_fault_in_any_style(key):
    exercise = EXERCISES[key]
    for answer in (each for each in ANSWERS if each.exercise == key):
        for seed in SEEDS:
            result = marked(exercise, answer.function, seed)
            told = {(fault.fault, fault.cost) for fault in result.faults}
            assert told == ({("gradients-left", 0.0)} if answer.function in LEAVING else set()), answer
            assert result.score == exercise.max_score, answer
            assert {part.verdict for part in result.parts} == {Verdict.CORRECT}, answer


def test_there_are_right_answers_enough_and_no_two_of_one_style():
    assert len(ANSWERS) >= 60
    assert len({str(answer) for answer in ANSWERS}) == len(ANSWERS)
    assert {answer.exercise for answer in ANSWERS} == set(EXERCISES)


def test_every_way_to_write_a_piece_is_in_some_right_answer():
    for pieces, count in ((PIECES, 48), (FORWARD, 30)):
        chosen = list(mixed(pieces, count))
        for kind, ways in pieces.items():
            assert {mix[kind] for mix in chosen} == set(ways)


def test_a_numerically_differentiated_answer_is_flagged_and_one_in_double_precision_is_not():
    by_hand = [answer for answer in ANSWERS if EXERCISES[answer.exercise].convention.by_hand]
    flagged = {
        answer.style
        for answer in by_hand
        if marked(EXERCISES[answer.exercise], answer.function, SEEDS[0]).flags
    }
    assert flagged == {"central differences"}
