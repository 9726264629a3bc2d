"""Attention, layer normalisation, a network: from a few lines each, what goes wrong has its name."""

from functools import cache
from itertools import combinations

import pytest

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from tests.autograder.derivatives.drawn import instances, student
from tests.autograder.derivatives.sketched import SKETCHED

SINGLE = [(name, wrong) for name, sketched in SKETCHED.items() for wrong in sketched.wrong]


@cache
def prepared(name):
    sketched = SKETCHED[name]
    drawn = instances(sketched.forward, sketched.sizes, sketched.given)
    return drawn, by_steps(backward_pass(sketched.forward, sketched.parts))


def diagnosis(name, *wrong):
    """What is found in an answer with these mistakes, and what should be."""
    sketched = SKETCHED[name]
    drawn, explain = prepared(name)
    planted = [sketched.wrong[one] for one in wrong]
    answers = student(
        drawn, sketched.right, {part: formula for part, formula, _, _ in planted}, sketched.parts
    )
    found = explain(drawn, answers, sketched.parts)
    return found, {(fault, part, hint) for part, _, fault, hint in planted}


@pytest.mark.parametrize("name", SKETCHED)
def test_a_right_answer_is_right(name):
    found, _ = diagnosis(name)
    assert found.findings == ()
    assert found.earned == set(SKETCHED[name].parts)


@pytest.mark.parametrize(("name", "wrong"), SINGLE)
def test_a_mistake_has_its_name_and_costs_its_part_alone(name, wrong):
    found, planted = diagnosis(name, wrong)
    assert {(f.fault, f.where, f.hint) for f in found.findings} == planted
    assert found.earned == set(SKETCHED[name].parts) - {SKETCHED[name].wrong[wrong][0]}


@pytest.mark.parametrize("name", SKETCHED)
def test_two_mistakes_in_two_parts_both_have_their_names(name):
    missed = []
    wrong = SKETCHED[name].wrong
    pairs = [(a, b) for a, b in combinations(wrong, 2) if wrong[a][0] != wrong[b][0]]
    for pair in pairs:
        found, planted = diagnosis(name, *pair)
        if {(f.fault, f.where, f.hint) for f in found.findings} != planted:
            missed.append(f"{pair}: {[(f.fault, f.where, f.hint) for f in found.findings]}")
    assert len(pairs) > 30
    assert not missed


def test_statistics_taken_for_constants_are_two_paths_left_out():
    sketched = SKETCHED["layer normalisation"]
    drawn, explain = prepared("layer normalisation")
    answers = student(drawn, sketched.right, {"DC": "DH/R", "DX": "DC"}, sketched.parts)
    found = explain(drawn, answers, sketched.parts)
    assert [(f.fault, f.where, f.hint) for f in found.findings] == [
        ("path-missing", "DC", "V"),
        ("path-missing", "DX", "M"),
    ]


def test_an_unknown_mistake_in_attention_is_paid_for_once():
    sketched = SKETCHED["attention"]
    drawn, explain = prepared("attention")
    answers = student(drawn, sketched.right, {"DS": "np.cos(DP)"}, sketched.parts)
    found = explain(drawn, answers, sketched.parts)
    assert [(f.fault, f.where) for f in found.findings] == [("unrecognised", "DS")]
    assert found.earned == set(sketched.parts) - {"DS"}
