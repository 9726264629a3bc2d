"""What has no name is described by what the numbers show, and nothing is said that they do not show."""

import numpy as np
import pytest

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.describe import described
from tests.autograder.derivatives.drawn import instances, student
from tests.autograder.derivatives.sketched import SKETCHED

NETWORK = SKETCHED["network"]
DRAWN = instances(NETWORK.forward, [{"N": 1}, {"N": 9}, {"N": 5}, {"N": 17}, {"N": 33}, {"N": 1}])
EXPLAIN = by_steps(backward_pass(NETWORK.forward, NETWORK.parts))
DZ2, DW2 = f"({NETWORK.right['DZ2']})", f"({NETWORK.right['DW2']})"
BACK2 = "(DZ3@W3.T)"

SHOWN = {
    "decay by N²": (
        "DW2",
        f"{DW2} + 0.1*W2/N**2",
        "it is what follows from the step before plus 0.1/N² times W2.",
    ),
    "a number": ("DW4", "A3.T@DY + 1.0", "it is what follows from the step before plus 1 in every entry."),
    "weights": ("DW2", "W2", "it is W2 itself."),
    "weights doubled": ("DW2", "2*W2", "it is W2 itself, 2 times."),
    "signs": ("DW2", f"np.abs({DW2})", "in some entries the opposite sign."),
    "one side": (
        "DZ2",
        f"np.where(Z2 > 0, {DZ2}, np.cos({BACK2}))",
        "it is right where Z2 > 0, and wrong where Z2 ≤ 0.",
    ),
    "the other side": (
        "DZ2",
        f"np.where(Z2 > 0, np.cos({BACK2}), 0)",
        "it is 0 where it has to be, where Z2 ≤ 0, and wrong elsewhere.",
    ),
    "one data point": (
        "DW2",
        f"{DW2} if N == 1 else np.sqrt(np.abs({DW2}))",
        "it is right for a single data point, and wrong for several.",
    ),
    "last row": ("DW2", f"np.vstack([{DW2}[:-1], np.cos({DW2}[-1:])])", "it is right but for the last row."),
    "first column": (
        "DW2",
        f"np.hstack([np.cos({DW2}[:, :1]), {DW2}[:, 1:]])",
        "it is right but for the first column.",
    ),
    "normalised rows": (
        "DW2",
        f"{DW2}/np.linalg.norm({DW2}, axis=1, keepdims=True)",
        "each row of it is right but for a factor of its own.",
    ),
    "another function": (
        "DZ2",
        f"{BACK2}*(0.3 + np.cos(Z2/2))",
        "it is the gradient in front of this function times a number that depends on Z2 alone.",
    ),
}
SLOPES = {
    "a sigmoid's": ("DZ2", f"{BACK2}*A2*(1 - A2)", "A2·(1 - A2), a sigmoid's slope"),
    "a sigmoid's at Z": (
        "DZ2",
        f"{BACK2}*np.exp(-Z2)/(1 + np.exp(-Z2))**2",
        "σ(Z2)·(1 - σ(Z2)), a sigmoid's slope",
    ),
    "a tangent's": ("DZ2", f"{BACK2}*(1 - A2**2)", "1 - A2², the slope of a hyperbolic tangent"),
    "1 - A": ("DZ2", f"{BACK2}*(1 - A2)", "1 - A2"),
    "ELU's": (
        "DZ2",
        f"{BACK2}*np.where(Z2 > 0, 1, np.exp(Z2))",
        "1 where Z2 is positive and exp(Z2) elsewhere, the slope of ELU",
    ),
    "softplus's": ("DZ2", f"{BACK2}/(1 + np.exp(-Z2))", "σ(Z2), the slope of softplus"),
}


NAMED = {
    "weight decay": ("DW2", f"{DW2} + 0.1*W2", "itself-added", "0.1·W2"),
    "weight decay by N": ("DW2", f"{DW2} + 0.1*W2/N", "itself-added", "0.1/N·W2"),
    "another layer's decay": ("DW2", f"{DW2} + 0.1*W3", "itself-added", "0.1·W3"),
    "clipped": ("DW2", f"np.clip({DW2}, -0.5, 0.5)", "cut-off", "0.5"),
}
"""What was made of the right array, with a number of the student's own."""


def found(part, formula):
    answers = student(DRAWN, NETWORK.right, {part: formula}, NETWORK.parts)
    return EXPLAIN(DRAWN, answers, NETWORK.parts)


@pytest.mark.parametrize(("part", "formula", "words"), SHOWN.values(), ids=SHOWN.keys())
def test_what_the_numbers_show_is_said(part, formula, words):
    (finding,) = found(part, formula).findings
    assert (finding.fault, finding.where) == ("unrecognised", part)
    assert words in finding.hint


@pytest.mark.parametrize(("part", "formula", "hint"), SLOPES.values(), ids=SLOPES.keys())
def test_the_slope_of_another_function_is_named(part, formula, hint):
    (finding,) = found(part, formula).findings
    assert (finding.fault, finding.where, finding.hint) == ("wrong-slope", part, hint)


@pytest.mark.parametrize(("part", "formula", "fault", "hint"), NAMED.values(), ids=NAMED.keys())
def test_what_was_made_of_the_right_array_is_named_with_its_number(part, formula, fault, hint):
    (finding,) = found(part, formula).findings
    assert (finding.fault, finding.where, finding.hint) == (fault, part, hint)


@pytest.mark.parametrize("part", ["DZ2", "DW2", "DB3"])
def test_of_noise_nothing_is_said(part):
    rng = np.random.default_rng(1)
    answers = student(DRAWN, NETWORK.right, {}, NETWORK.parts)
    answers = [{**answer, part: rng.standard_normal(answer[part].shape)} for answer in answers]
    (finding,) = EXPLAIN(DRAWN, answers, NETWORK.parts).findings
    assert (finding.fault, finding.where, finding.hint) == ("unrecognised", part, "")


def test_what_is_a_function_of_one_quantity_only_in_part_is_not_called_one():
    for formula in (f"{BACK2}*np.where(Z2 > 0, 1, np.cos(9*{BACK2}))", f"np.cos({BACK2}*Z2)"):
        (finding,) = found("DZ2", formula).findings
        assert "depends on" not in finding.hint


def test_what_a_single_instance_shows_is_not_said():
    once = [one for one in DRAWN if one.sizes["N"] > 1][:1]
    for part, formula, words in (SHOWN[key] for key in ("one data point", "last row", "first column")):
        answers = student(once, NETWORK.right, {part: formula}, NETWORK.parts)
        (finding,) = EXPLAIN(once, answers, NETWORK.parts).findings
        assert words not in finding.hint


def test_of_what_is_right_on_all_that_can_be_looked_at_nothing_is_said():
    step = next(step for step in EXPLAIN.computation.steps if step.name == "DW2")
    envs = [{**EXPLAIN.computation.environment(one), "DZ2": one.inputs["Z2"]} for one in DRAWN]
    right = [step.right.value(env) for env in envs]
    assert described(step, right, envs, [True] * len(envs)) == ""
    assert described(step, [np.abs(each) for each in right], envs, [True] * len(envs))


def test_of_a_wrong_shape_nothing_is_said():
    (finding,) = found("DW2", f"np.ravel({DW2})").findings
    assert finding.hint == ""


def test_no_sentence_holds_a_number_of_a_hidden_instance():
    for part, formula, words in SHOWN.values():
        (finding,) = found(part, formula).findings
        numbers = [word for word in finding.hint.replace(part, "").split() if any(c.isdigit() for c in word)]
        assert all(number.strip(".,;?") in words for number in numbers)
