"""Two mistakes in a step that can go wrong in very many ways are found, and no answer takes long for it."""

import time

import pytest

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.stages import MOST_TRIED
from autograder.diagnosis.steps import MOST_FORMS
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import instances, student

TIMES = range(1, 7)
SHARED = ForwardPass(  # weights that are shared by all time steps
    "\n".join(f"Z{t} = X{t} @ W\nA{t} = relu(Z{t})" for t in TIMES)
    + "\nO = " + " + ".join(f"A{t}" for t in TIMES),
    upstream="O", W=(4, 3), **{f"X{t}": ("N", 4) for t in TIMES},
)  # fmt: skip
TERMS = {t: f"X{t}.T@(DO*(Z{t}>0))" for t in TIMES}
DRAWN = instances(SHARED, [{"N": 6}, {"N": 9}, {"N": 1}, {"N": 13}])
BACKWARD_PASS = backward_pass(SHARED, ["DW"])
(STEP,) = BACKWARD_PASS.steps


def explained(wrong):
    formula = "+".join(term for t in TIMES if (term := {**TERMS, **wrong}[t]))
    result = by_steps(BACKWARD_PASS)(DRAWN, student(DRAWN, {"DW": formula}, {}, ["DW"]), ["DW"])
    return [(f.fault, f.where, f.hint) for f in result.findings]


def test_there_are_more_ways_than_are_always_tried():
    assert STEP.variants(2) == ()
    assert MOST_FORMS < len(list(STEP.more_variants(2))) < MOST_TRIED


MASK = {2: "X2.T@DO"}, ("missing-relu-mask", "DZ2")
INPUT = {6: "X5.T@(DO*(Z6>0))"}, ("wrong-input", "DW")
LOST = {3: ""}, ("path-missing", "DW")
OTHER = {4: "X4.T@(DO*(Z3>0))"}, ("wrong-relu-mask", "DZ4")


@pytest.mark.parametrize(("first", "second"), [(MASK, INPUT), (LOST, OTHER)])
def test_both_are_named(first, second):
    result = explained({**first[0], **second[0]})
    assert sorted((fault, where) for fault, where, _ in result) == sorted([first[1], second[1]])


def test_what_nothing_explains_does_not_take_long():
    start = time.process_time()
    assert [fault for fault, *_ in explained({t: f"np.cos({TERMS[t]})" for t in TIMES})] == ["unrecognised"]
    assert time.process_time() - start < 10
