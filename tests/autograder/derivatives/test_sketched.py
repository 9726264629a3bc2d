"""Attention, layer normalisation, a network: from a few lines each, what goes wrong has its name."""

from itertools import combinations

import numpy as np
import pytest

from tests.autograder.derivatives.drawn import named
from tests.autograder.derivatives.sketched import SKETCHED

SINGLE = [(name, wrong) for name, sketched in SKETCHED.items() for wrong in sketched.wrong]


@pytest.mark.parametrize(("name", "wrong"), SINGLE)
def test_a_mistake_has_its_name_and_costs_its_part_alone(name, wrong):
    part, formula, fault, hint = SKETCHED[name].wrong[wrong]
    assert SKETCHED[name].explained({part: formula}) == ([(fault, part, hint)], {part})


@pytest.mark.parametrize("sketched", SKETCHED.values(), ids=SKETCHED)
def test_two_mistakes_in_two_parts_both_have_their_names(sketched):
    truth = sketched.answers({})
    pairs = [pair for pair in combinations(sketched.wrong.values(), 2) if pair[0][0] != pair[1][0]]
    missed = []
    for pair in pairs:
        answers = sketched.answers({part: formula for part, formula, *_ in pair})
        planted = {  # two mistakes may cancel out, and nothing is said of what is right
            (fault, part, hint)
            for part, _, fault, hint in pair
            if any(
                a[part] is None or not np.allclose(a[part], t[part])
                for a, t in zip(answers, truth, strict=True)
            )
        }
        said = named(sketched.diagnosed(answers))
        if set(said) != planted:
            missed.append(f"{pair}: {said}")
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
    parts, behind = HIDDEN[name]
    where, formula, fault, hint = SKETCHED[name].wrong[wrong]
    lost = {where} if where in parts else behind
    assert SKETCHED[name].explained({where: formula}, parts) == ([(fault, where, hint)], lost)


def test_statistics_taken_for_constants_are_two_paths_left_out():
    result, _ = SKETCHED["layer normalisation"].explained({"DC": "DH/R", "DX": "DC"})
    assert result == [("path-missing", "DC", "V"), ("path-missing", "DX", "M")]


def test_an_unknown_mistake_in_attention_is_paid_for_once():
    ((fault, where, _),), lost = SKETCHED["attention"].explained({"DS": "np.cos(DP)"})
    assert (fault, where, lost) == ("unrecognised", "DS", {"DS"})
