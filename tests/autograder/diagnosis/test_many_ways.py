"""Two mistakes in a step that can go wrong in very many ways are found, and no answer takes long for it."""

import time

import pytest

from autograder.diagnosis.stages import MOST_TRIED
from autograder.diagnosis.steps import MOST_FORMS
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.sketched import Sketched, explains

TIMES = range(1, 7)
TERMS = {t: f"X{t}.T@(DO*(Z{t}>0))" for t in TIMES}
SHARED = Sketched(  # weights that are shared by all time steps
    ForwardPass(
        "\n".join(f"Z{t} = X{t} @ W\nA{t} = relu(Z{t})" for t in TIMES)
        + "\nO = " + " + ".join(f"A{t}" for t in TIMES),
        upstream="O", W=(4, 3), **{f"X{t}": ("N", 4) for t in TIMES},
    ),
    right={"DW": "+".join(TERMS.values())},
    sizes=({"N": 6}, {"N": 9}, {"N": 1}, {"N": 13}),
)  # fmt: skip


def explained(wrong):
    terms = {**TERMS, **wrong}
    result, _ = SHARED.explained({"DW": "+".join(term for term in terms.values() if term)})
    return [(fault, where) for fault, where, _ in result]


def test_there_are_more_ways_than_are_always_tried():
    (step,) = explains(SHARED.forward, ("DW",)).computation.steps
    assert step.variants(2) == ()
    assert MOST_FORMS < len(list(step.more_variants(2))) < MOST_TRIED


MASK = {2: "X2.T@DO"}, ("missing-relu-mask", "DZ2")
INPUT = {6: "X5.T@(DO*(Z6>0))"}, ("wrong-input", "DW")
LOST = {3: ""}, ("path-missing", "DW")
OTHER = {4: "X4.T@(DO*(Z3>0))"}, ("wrong-relu-mask", "DZ4")


@pytest.mark.parametrize(("first", "second"), [(MASK, INPUT), (LOST, OTHER)])
def test_both_are_named(first, second):
    assert sorted(explained({**first[0], **second[0]})) == sorted([first[1], second[1]])


def test_what_nothing_explains_does_not_take_long():
    start = time.process_time()
    assert explained({t: f"np.cos({TERMS[t]})" for t in TIMES}) == [("unrecognised", "DW")]
    assert time.process_time() - start < 10
