"""What has no name is described by what the numbers show, and nothing is said that they do not show."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.diagnosis.describe import described
from tests.autograder.derivatives.sketched import SKETCHED, explains

NETWORK = replace(SKETCHED["network"], sizes=[{"N": N} for N in (1, 9, 5, 17, 33, 1)])
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
NAMED = {
    "weight decay": ("DW2", f"{DW2} + 0.1*W2", "itself-added", "0.1·W2"),
    "weight decay by N": ("DW2", f"{DW2} + 0.1*W2/N", "itself-added", "0.1/N·W2"),
    "another layer's decay": ("DW2", f"{DW2} + 0.1*W3", "itself-added", "0.1·W3"),
    "clipped": ("DW2", f"np.clip({DW2}, -0.5, 0.5)", "cut-off", "0.5"),
}
"""What was made of the right array, with a number of the student's own."""


def hint(part, formula, network=NETWORK):
    """How a formula is described that has no name."""
    ((fault, where, hint),), _ = network.explained({part: formula})
    assert (fault, where) == ("unrecognised", part)
    return hint


@pytest.mark.parametrize(("part", "formula", "words"), SHOWN.values(), ids=SHOWN)
def test_what_the_numbers_show_is_said_with_no_number_of_a_hidden_instance(part, formula, words):
    said = hint(part, formula)
    assert words in said
    numbers = [word for word in said.replace(part, "").split() if any(map(str.isdigit, word))]
    assert all(number.strip(".,;?") in words for number in numbers)


@pytest.mark.parametrize(("part", "formula", "fault", "hint"), NAMED.values(), ids=NAMED)
def test_what_was_made_of_the_right_array_is_named_with_its_number(part, formula, fault, hint):
    assert NETWORK.explained({part: formula})[0] == [(fault, part, hint)]


@pytest.mark.parametrize("part", ["DZ2", "DW2", "DB3"])
def test_of_noise_nothing_is_said(part):
    noise = "np.random.default_rng(1).standard_normal({}.shape)"
    assert hint(part, noise.format(f"({NETWORK.right[part]})")) == ""


@pytest.mark.parametrize(
    "formula", [f"{BACK2}*np.where(Z2 > 0, 1, np.cos(9*{BACK2}))", f"np.cos({BACK2}*Z2)"]
)
def test_what_is_a_function_of_one_quantity_only_in_part_is_not_called_one(formula):
    assert "depends on" not in hint("DZ2", formula)


@pytest.mark.parametrize("key", ["one data point", "last row", "first column"])
def test_what_a_single_instance_shows_is_not_said(key):
    part, formula, words = SHOWN[key]
    assert words not in hint(part, formula, replace(NETWORK, sizes=NETWORK.sizes[1:2]))


def test_of_what_is_right_on_all_that_can_be_looked_at_nothing_is_said():
    passed = explains(NETWORK.forward, tuple(NETWORK.right)).computation
    step = next(step for step in passed.steps if step.name == "DW2")
    envs = [{**passed.environment(one), "DZ2": one.inputs["Z2"]} for one in NETWORK.drawn]
    right = [step.right.value(env) for env in envs]
    assert described(step, right, envs, [True] * len(envs)) == ""
    assert described(step, [np.abs(each) for each in right], envs, [True] * len(envs))


def test_of_a_wrong_shape_nothing_is_said():
    ((_, _, said),), _ = NETWORK.explained({"DW2": f"np.ravel({DW2})"})
    assert said == ""
