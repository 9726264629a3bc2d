"""Mistakes planted one by one: the check looks first at the quantity where they are."""

import pytest

import utils
from tests.autograder.mutants import backward
from tests.utils.checks.students import NETWORK, task
from utils.checks import hints
from utils.checks.ladders import QUESTIONS

# Two mistakes of which the second one in backward order is one of form, and is told first.
FORM_FIRST = {"weights-not-transposed@DZ1+extra-axis@DB1", "wrong-sign@DZ1+extra-axis@DB1"}
NOT_EVERYTHING = {"wrong-length@answer"}  # all numbers are right, and a remark tells of the rest

# What the grader calls them, and what can be seen of them without a solution.
SEEN = {
    "missing-factor-two": "factor 0.5",
    "wrong-sign": "factor −1",
    "wrong-scale": "factor 3",
    "sum-instead-of-mean": "factor N",
    "mean-twice": "factor 1/N",
    "missing-relu-mask": "off-units",
    "inverted-relu-mask": "inverted",
    "relu-of-gradient": "clipped",
    "wrong-relu-mask": "misplaced",
    "activation-instead-of-derivative": "on-units",
    "weights-updated": "on-units",
    "wrong-slope": "on-units",
    "wrong-upstream": "on-units",
    "leaky-relu-mask": "off-units",
    "hard-coded-size": "factor N/64",
    "weights-not-transposed": "on-units",
    "wrong-weights": "on-units",
    "transposed": "transposed",
    "pre-activation-as-input": "off-rows",
    "wrong-axis": "shape",
    "summed-over-all-axes": "one-number",
    "not-summed": "rows",
    "extra-axis": "axis",
    "wrong-shape": "shape",
    "reversed-order": "reversed",
    "swapped-lists": "swapped",
    "returns-parameters": "input",
    "zero": "zero",
    "constant": "constant",
    "not-finite": "not-finite",
}

# A layer of one unit: its sum has only lost an axis. A square in place of its slope is never negative. The
# slope of tanh is not 0 where units are off; N - 1 is, with one data point.
OTHERWISE = {
    "summed-over-all-axes@DB4": {"axis"},
    "wrong-error@DY": {"clipped"},
    "wrong-slope@DZ1": {"values"},
    "wrong-slope@DZ2": {"values"},
    "wrong-slope@DZ3": {"values"},
    "wrong-scale@DY": {"not-finite", "factor N²"},
}


def fault(mutant):
    report = utils.check(mutant.exercise1)
    assert not report
    return hints._places[task(f"{NETWORK}/exercise1").key].fault


def cases(planted, left_out):
    return [pytest.param(m, id=f"{n}-{m}") for n, m in enumerate(planted) if str(m) not in left_out]


@pytest.mark.parametrize("mutant", cases(backward.single(), set()))
def test_one_mistake_is_placed_and_its_signature_seen(mutant):
    ((name, where),) = mutant.faults
    found = fault(mutant)
    assert found.where == where
    assert found.signature in {SEEN.get(name, "values")} | OTHERWISE.get(str(mutant), set())


@pytest.mark.parametrize("mutant", cases(backward.combined(), FORM_FIRST))
def test_of_several_mistakes_the_one_nearest_the_output_is_placed(mutant):
    assert fault(mutant).where == mutant.faults[0][1]


@pytest.mark.parametrize("mutant", cases(backward.whole(), NOT_EVERYTHING))
def test_the_form_of_an_answer_is_seen(mutant):
    ((name, where),) = mutant.faults
    found = fault(mutant)
    assert found.where == where
    assert found.signature == SEEN.get(name, found.signature)


def test_something_too_much_is_told():
    (mutant,) = [m for m in backward.whole() if str(m) in NOT_EVERYTHING]
    report = utils.check(mutant.exercise1)
    assert not report
    assert "yours has 3 where 2 are expected" in str(report).replace("\n", " ")


def test_every_signature_has_its_question_or_is_a_matter_of_form():
    signatures = {signature.partition(" ")[0] for signature in SEEN.values()}
    assert signatures - set(QUESTIONS) <= {"reversed", "swapped"}
