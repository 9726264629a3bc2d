"""A ladder of hints: one rung a call, from the fault that was found, and never code that solves it."""

import ast
import re

import pytest

import utils
from tests.utils.checks.students import NETWORK, sample
from utils.checks.ladders import QUESTIONS, rungs
from utils.checks.vocabulary import Fault
from utils.tasks import every_task

FIRST = f"{NETWORK}/exercise1"


def taken(count, *, name=FIRST):
    return [str(utils.hint(name)) for _ in range(count)]


def test_each_call_gives_the_next_rung_and_the_last_says_so():
    hints = taken(6)
    assert [hint.splitlines()[0] for hint in hints[:4]] == [f"exercise1: hint {n} of 4" for n in (1, 2, 3, 4)]
    assert "again gives the next one" in hints[2]
    assert "again" not in hints[3]
    assert hints[4] == hints[5]
    assert "that was the last hint" in hints[4]
    assert f'utils.hint("{FIRST}", restart=True) begins again' in hints[4].replace("\n", " ")


def test_it_can_begin_again():
    first = taken(3)[0]
    assert str(utils.hint(FIRST, restart=True)) == first


def test_after_a_check_it_begins_at_the_fault():
    before = taken(2)
    utils.check(sample(NETWORK, "missing_relu_mask", "exercise1"))
    after = taken(4)
    assert after[0].startswith("exercise1, DZ2: hint 1 of 4\nDZ2 is wrong only where units are off.")
    assert all("DZ2" in hint for hint in after)
    assert not set(before) & set(after)


def test_the_same_fault_again_keeps_the_rung_and_another_one_begins_anew():
    function = sample(NETWORK, "missing_relu_mask", "exercise1")
    utils.check(function)
    taken(2)
    utils.check(function)
    assert "hint 3 of 4" in taken(1)[0]
    utils.check(sample(NETWORK, "no_factor_two", "exercise1"))
    assert "DY: hint 1 of 4" in taken(1)[0]


def test_tasks_do_not_share_a_ladder():
    taken(2)
    assert "hint 1 of 4" in taken(1, name=f"{NETWORK}/exercise2")[0]


def test_a_name_that_more_tasks_have_is_asked_for():
    assert "More than one task is named exercise1" in str(utils.hint("exercise1"))
    assert "no task named 'exercise9'" in str(utils.hint("exercise9"))


def test_of_tasks_of_one_name_the_one_that_was_checked_is_meant():
    utils.check(sample(NETWORK, "no_factor_two", "exercise1"))
    assert "DY: hint 1 of 4" in str(utils.hint("exercise1"))


def test_a_function_does_as_well_as_a_name():
    function = sample(NETWORK, "no_factor_two", "exercise1")
    utils.check(function)
    assert "DY: hint 1 of 4" in str(utils.hint(function))


def every_hint():
    for task in every_task():
        for where in task.ladders:
            for signature in ["", *QUESTIONS, *task.questions]:
                for number, text in enumerate(rungs(task, Fault(where, signature, "")), start=1):
                    yield f"{task.key} {where} {signature} {number}", text


def code_in(text):
    """Whether a piece of it computes something in Python, as an answer's line would."""
    return [
        piece
        for piece in re.split(r"[;:?,]|\. | and ", text)
        if "@" in piece or ".T" in piece or re.search(r"\b(numpy|torch|sum|dot|relu|where|maximum)\(", piece)
    ]


def test_no_hint_holds_code():
    assert [name for name, text in every_hint() if code_in(text)] == []


def test_every_hint_is_a_sentence_without_a_gap():
    for name, text in every_hint():
        assert len(text) > 10, name
        assert not re.search(r"[{}]|  ", text), name


@pytest.mark.parametrize("task", every_task(), ids=lambda task: task.key)
def test_there_is_a_ladder_wherever_a_fault_can_be(task):
    places = {"start"} | {stage.name for stage in task.stages} | {variant.where for variant in task.variants}
    assert places <= set(task.ladders)
    assert {part.name for part in task.parts} <= set(task.ladders)


@pytest.mark.parametrize("task", every_task(), ids=lambda task: task.key)
def test_the_four_rungs_are_a_question_a_place_a_formula_and_a_shape(task):
    for ladder in task.ladders.values():
        assert ladder.ask.endswith("?")
        assert re.search(r"[Ll]ook|made|Begin|Go ", ladder.look)
        assert re.search(r"=|order", ladder.formula)
        assert re.search(r"\(|number|length", ladder.shape)


def test_no_hint_can_be_run_as_a_line_of_an_answer():
    for _, text in every_hint():
        with pytest.raises(SyntaxError):
            ast.parse(text)
