"""Hints: one a call, about the fault that was found, each telling more, and never code that solves it."""

import ast
import re
from functools import cache

import pytest

import utils
from tests.autograder.mutants import backward, descent, forward, slopes
from tests.utils.checks.students import DESCENT, NETWORK, forget, sample
from utils.checks import hints as remembered
from utils.checks.contents import every_task
from utils.checks.leads import first_leads, place_leads

FIRST = f"{NETWORK}/exercise1"


def taken(count, *, name=FIRST):
    return [str(utils.hint(name)) for _ in range(count)]


def test_each_call_gives_the_next_hint_and_the_last_says_so():
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
    assert after[0].startswith("exercise1, DZ2: hint 1 of 4\nDW4, DB4, DW3 and DB3 are right")
    assert all("DZ2" in hint for hint in after)
    assert not set(before) & set(after)


def test_the_same_fault_again_goes_on_and_another_one_begins_anew():
    function = sample(NETWORK, "missing_relu_mask", "exercise1")
    utils.check(function)
    taken(2)
    utils.check(function)
    assert "hint 3 of 4" in taken(1)[0]
    utils.check(sample(NETWORK, "no_factor_two", "exercise1"))
    assert "DY: hint 1 of 4" in taken(1)[0]


def test_tasks_do_not_share_their_hints():
    taken(2)
    assert "hint 1 of 4" in taken(1, name=f"{NETWORK}/exercise2")[0]


def test_a_name_that_more_tasks_have_is_asked_for():
    assert "More than one task is named exercise1" in str(utils.hint("exercise1"))
    assert "no task named 'exercise9'" in str(utils.hint("exercise9"))


def test_of_tasks_of_one_name_the_one_that_was_checked_is_meant_and_a_function_does_as_well():
    function = sample(NETWORK, "no_factor_two", "exercise1")
    utils.check(function)
    assert "DY: hint 1 of 4" in str(utils.hint("exercise1"))
    assert "DY: hint 2 of 4" in str(utils.hint(function))


def wrong_answers():
    """Some functions of each task with a mistake in them."""
    others = {
        f"{NETWORK}/exercise2": [*forward.forward_single()[::4], *forward.forward_cut()],
        f"{DESCENT}/exercise1": slopes.slope_mutants()[::6],
        f"{DESCENT}/exercise2": descent.descent_mutants()[::3],
        f"{DESCENT}/exercise3": descent.limit_mutants()[::4],
    }
    result = [(FIRST, mutant.function) for mutant in (*backward.single()[::6], *backward.whole())]
    return result + [(key, mutant.function) for key, mutants in others.items() for mutant in mutants]


@cache
def every_hint():
    """Hints about what is wrong, those for the beginning, and those for a line that raises."""
    tasks = every_task()
    result = [(f"{task.key} start", first_leads(task)) for task in tasks]
    result += [(f"{task.key} {where}", place_leads(task, where)) for task in tasks for where in task.formulas]
    for key, function in wrong_answers():
        forget()
        utils.check(function, key)
        place = remembered._places[key]
        if place.fault is not None:
            result.append((f"{key} {place.fault.name} {place.fault.where}", place.hints))
    return result


def every_text():
    return [(name, text) for name, texts in every_hint() for text in texts]


# a sheet writes sum(O), too, or sum(A over C)
CALL = re.compile(r"\b(numpy|torch|dot|relu|where|maximum)\(|\bsum\((?!\w+(?: over \w+)?\))")


def code_in(text):
    """Whether a piece of it computes something in Python, as an answer's line would."""
    pieces = re.split(r"[;:?,]|\. | and ", text)
    return [piece for piece in pieces if "@" in piece or ".T" in piece or CALL.search(piece)]


@pytest.mark.thorough  # every hint of every mistake
def test_no_hint_holds_code():
    assert [name for name, text in every_text() if code_in(text)] == []


@pytest.mark.thorough  # every hint of every mistake
def test_every_hint_is_a_sentence_without_a_gap():
    for name, text in every_text():
        assert len(text) > 10, name
        assert not re.search(r"[{}]|  |\bNone\b", text.replace("is None", "")), (name, text)
        assert text == text.strip()


def test_each_hint_says_something_else():
    for name, texts in every_hint():
        assert len(set(texts)) == len(texts), name


def test_hints_are_a_place_a_question_numbers_and_a_formula():
    for name, texts in every_hint():
        if len(texts) == 4 and "start" not in name:
            assert "?" not in texts[0], name
            assert texts[1].count("?") >= 1, name
            assert re.search(r"\d|missing", texts[2]), (name, texts[2])
            assert re.search(r"In the forward pass: `.* = |in this order", texts[3]), (name, texts[3])


def test_the_last_hint_is_the_forward_formula_and_no_derivative():
    for name, texts in every_hint():
        for formula in re.findall(r"`([^`]*=[^`]*)`", texts[-1]):
            assert not re.match(r"D[A-Z]|∂", formula), (name, formula)


def test_no_hint_can_be_run_as_a_line_of_an_answer():
    for _, text in every_text():
        with pytest.raises(SyntaxError):
            ast.parse(text)
