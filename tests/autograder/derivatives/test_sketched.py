"""Attention, layer normalisation, a network: from a few lines each, what goes wrong has its name."""

from functools import cache
from itertools import combinations

import numpy as np
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
    result = explain(drawn, answers, sketched.parts)
    truth = student(drawn, sketched.right, {}, sketched.parts)
    wrong_parts = {
        part
        for given, right in zip(answers, truth, strict=True)
        for part in sketched.parts
        if given[part] is None or not np.allclose(given[part], right[part])
    }  # two mistakes may cancel out, and nothing is said of what is right
    return result, {(fault, part, hint) for part, _, fault, hint in planted if part in wrong_parts}


@pytest.mark.parametrize("name", SKETCHED)
def test_a_right_answer_is_right(name):
    result, _ = diagnosis(name)
    assert result.findings == ()
    assert result.earned == set(SKETCHED[name].parts)


@pytest.mark.parametrize(("name", "wrong"), SINGLE)
def test_a_mistake_has_its_name_and_costs_its_part_alone(name, wrong):
    result, planted = diagnosis(name, wrong)
    assert {(f.fault, f.where, f.hint) for f in result.findings} == planted
    assert result.earned == set(SKETCHED[name].parts) - {SKETCHED[name].wrong[wrong][0]}


@pytest.mark.parametrize("name", SKETCHED)
def test_two_mistakes_in_two_parts_both_have_their_names(name):
    missed = []
    wrong = SKETCHED[name].wrong
    pairs = [(a, b) for a, b in combinations(wrong, 2) if wrong[a][0] != wrong[b][0]]
    for pair in pairs:
        result, planted = diagnosis(name, *pair)
        if {(f.fault, f.where, f.hint) for f in result.findings} != planted:
            missed.append(f"{pair}: {[(f.fault, f.where, f.hint) for f in result.findings]}")
    assert len(pairs) > 30
    assert not missed


HIDDEN = {
    "attention": (["DV", "DQ", "DK"], {"DQ", "DK"}),
    "layer normalisation": (["DX", "DG", "DB"], {"DX"}),
    "network": (["DW1", "DB1"], {"DW1", "DB1"}),
}
"""The parts that are left, and which of them a mistake in front of them costs."""
ELSEWHERE = {"Z for A", "transposed", "bias averaged", "half", "sum for mean", "weights updated"}
"""What does not reach the first layer, what cannot be told from a factor there, what needs DW2."""


@pytest.mark.parametrize(("name", "wrong"), [one for one in SINGLE if one[1] not in ELSEWHERE])
def test_where_steps_in_a_row_are_hidden_they_are_searched(name, wrong):
    sketched = SKETCHED[name]
    parts, behind = HIDDEN[name]
    drawn, _ = prepared(name)
    where, formula, fault, hint = sketched.wrong[wrong]
    answers = student(drawn, sketched.right, {where: formula}, parts)
    result = by_steps(backward_pass(sketched.forward, parts))(drawn, answers, parts)
    assert [(f.fault, f.where, f.hint) for f in result.findings] == [(fault, where, hint)]
    assert result.earned == set(parts) - ({where} if where in parts else behind)


def test_statistics_taken_for_constants_are_two_paths_left_out():
    sketched = SKETCHED["layer normalisation"]
    drawn, explain = prepared("layer normalisation")
    answers = student(drawn, sketched.right, {"DC": "DH/R", "DX": "DC"}, sketched.parts)
    result = explain(drawn, answers, sketched.parts)
    assert [(f.fault, f.where, f.hint) for f in result.findings] == [
        ("path-missing", "DC", "V"),
        ("path-missing", "DX", "M"),
    ]


def test_an_unknown_mistake_in_attention_is_paid_for_once():
    sketched = SKETCHED["attention"]
    drawn, explain = prepared("attention")
    answers = student(drawn, sketched.right, {"DS": "np.cos(DP)"}, sketched.parts)
    result = explain(drawn, answers, sketched.parts)
    assert [(f.fault, f.where) for f in result.findings] == [("unrecognised", "DS")]
    assert result.earned == set(sketched.parts) - {"DS"}
