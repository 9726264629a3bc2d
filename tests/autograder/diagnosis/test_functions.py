"""A function in the place of another is found by fitting: its numbers may be any."""

import re

import numpy as np
import pytest

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.functions import fitted
from tests.autograder.derivatives.drawn import instances, student
from tests.autograder.derivatives.sketched import SKETCHED

NETWORK = SKETCHED["network"]
SIZES = [{"N": 1}, {"N": 5}, {"N": 9}, {"N": 17}]
DRAWN = instances(NETWORK.forward, SIZES)
HANDED_IN = [part for part in NETWORK.parts if part[1] in "WB"]  # and no gradient on the way
EVERYTHING = by_steps(backward_pass(NETWORK.forward, NETWORK.parts))
PARAMETERS = by_steps(backward_pass(NETWORK.forward, HANDED_IN))

SLOPES = {
    "A*(1 - A)": "A·(1 - A), a sigmoid's slope",
    "σ(Z)*σ(-Z)": "σ(Z)·(1 - σ(Z)), a sigmoid's slope",
    "σ(0.7*Z)*σ(-0.7*Z)": "σ(0.7·Z)·(1 - σ(0.7·Z)), a sigmoid's slope",
    "σ(A)*σ(-A)": "σ(A)·(1 - σ(A)), a sigmoid's slope at another place",
    "1 - np.tanh(Z)**2": "1 - tanh(Z)², the slope of a hyperbolic tangent",
    "1 - A**2": "1 - A², the slope of a hyperbolic tangent",
    "1 - A": "1 - A",
    "1 - 2*A": "1 - 2·A",
    "A**2": "the square of A",
    "3*Z**2": "Z²",
    "np.where(Z > 0, 1, -1)": "the sign of Z, the slope of the absolute value",
    "np.where(Z > 0, 1, 1.5)": "1 where Z is positive and 1.5 elsewhere",
    "np.where(Z > 0, 1, 0.3*np.exp(Z))": "1 where Z is positive and 0.3·exp(Z) elsewhere, the slope of ELU",
    "(np.abs(Z) < 1)": "1 where -1 < Z < 1",
    "((Z > 0) & (Z < 2))": "1 where 0 < Z < 2",
    "σ(1.7*Z)": "σ(1.7·Z)",
    "np.exp(0.5*Z)": "exp(0.5·Z)",
    "1/Z": "1/Z",
    "(1 - A**2)*(Z > 0)": "1 - A², the slope of a hyperbolic tangent, where Z is positive",
}


NAMELESS = "0.3 + np.cos(Z/9)"
ON_ITS_OWN = "a number that depends on Z2 alone"


def formula(layer, slope):
    """What a student writes for the gradient in front of a layer, with another slope."""
    above = {3: "DY@W4.T", 2: "DZ3@W3.T", 1: "DZ2@W2.T"}[layer]
    written = re.sub(r"σ\(([^()]*)\)", r"(1/(1+np.exp(-(\1))))", slope)
    return f"({above})*({in_layer(written, layer)})"


def in_layer(words, layer):
    return re.sub(r"(?<![A-Za-z])([ZA])(?![A-Za-z0-9])", rf"\g<1>{layer}", words)


def times(slope, layer):
    """A factor in front of a function is named beside it."""
    return [("wrong-scale", f"DZ{layer}", "3")] if slope.startswith("3*") else []


def findings(explain, parts, wrong):
    result = explain(DRAWN, student(DRAWN, NETWORK.right, wrong, parts), parts)
    return [(f.fault, f.where, f.hint) for f in result.findings], result.earned


@pytest.mark.parametrize("layer", [3, 2])
@pytest.mark.parametrize(("slope", "words"), SLOPES.items(), ids=SLOPES.values())
def test_it_is_named_where_the_gradient_is_handed_in(slope, words, layer):
    message, earned = findings(EVERYTHING, NETWORK.parts, {f"DZ{layer}": formula(layer, slope)})
    assert message == [("wrong-slope", f"DZ{layer}", in_layer(words, layer)), *times(slope, layer)]
    assert earned == set(NETWORK.parts) - {f"DZ{layer}"}


@pytest.mark.parametrize("layer", [3, 2])
@pytest.mark.parametrize(("slope", "words"), SLOPES.items(), ids=SLOPES.values())
def test_it_is_named_where_the_gradient_only_flows_on(slope, words, layer):
    message, earned = findings(PARAMETERS, HANDED_IN, {f"DZ{layer}": formula(layer, slope)})
    assert message == [("wrong-slope", f"DZ{layer}", in_layer(words, layer)), *times(slope, layer)]
    assert earned == set(HANDED_IN) - {f"DW{layer}", f"DB{layer}"}


def test_in_every_layer_it_is_named_in_every_layer():
    wrong = {f"DZ{k}": formula(k, "A*(1 - A)") for k in (3, 2, 1)}
    message, earned = findings(PARAMETERS, HANDED_IN, wrong)
    words = SLOPES["A*(1 - A)"]
    assert message == [("wrong-slope", f"DZ{k}", in_layer(words, k)) for k in (3, 2, 1)]
    assert earned == {"DW4", "DB4"}


def test_beside_it_a_mistake_of_a_part_is_named():
    wrong = {"DZ2": formula(2, "σ(Z)*σ(-Z)"), "DB2": "DZ2.mean(0)"}
    message, _ = findings(PARAMETERS, HANDED_IN, wrong)
    assert [(fault, where) for fault, where, _ in message] == [("wrong-slope", "DZ2"), ("mean-twice", "DB2")]


@pytest.mark.parametrize(("explain", "parts"), [(EVERYTHING, NETWORK.parts), (PARAMETERS, HANDED_IN)])
def test_a_function_of_no_family_is_said_to_be_one_of_z_alone(explain, parts):
    ((fault, where, hint),), _ = findings(explain, parts, {"DZ2": formula(2, NAMELESS)})
    assert (fault, where) == ("unrecognised", "DZ2")
    assert ON_ITS_OWN in hint


@pytest.mark.parametrize(
    "wrong",
    [
        "np.cos(DZ3@W3.T)",
        "(DZ3@W3.T)*(Z2 > 0) + 0.3*(DZ3@W3.T)*A1",
        "(DZ3@W3.T)*(Z2 > 0)*np.cos(9*A1)",
        "(DZ3@W3.T)*(Z2 > 0)*np.arange(1, 7)**0.5",
        "(DZ3@W3.T)*(Z2 > 0)*np.where(np.arange(6) == 2, 3, 1)",
        "(DZ3@W3.T)*(Z2 > np.median(Z2))",
        "(DZ3@W3.T)*(Z2 > 0)*np.sqrt(np.abs(Z2).mean(0))",
    ],
)
@pytest.mark.parametrize(("explain", "parts"), [(EVERYTHING, NETWORK.parts), (PARAMETERS, HANDED_IN)])
def test_what_is_no_function_of_one_number_is_not_called_one(explain, parts, wrong):
    message, _ = findings(explain, parts, {"DZ2": wrong})
    assert not any(fault == "wrong-slope" or "alone" in hint for fault, _, hint in message)


def test_noise_is_no_function():
    rng = np.random.default_rng(0)
    for _ in range(200):
        z, y = rng.standard_normal((2, 30))
        assert not list(fitted(z, np.maximum(z, 0), y))


def test_a_few_points_prove_no_function():
    z = np.linspace(-1, 1, 11)
    assert not list(fitted(z, np.maximum(z, 0), 1 - z**2))
