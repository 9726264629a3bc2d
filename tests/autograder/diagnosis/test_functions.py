"""A function in the place of another is found by fitting: its numbers may be any."""

import re
from dataclasses import replace

import numpy as np
import pytest

from autograder.diagnosis.functions import fitted
from tests.autograder.derivatives.sketched import SKETCHED

NETWORK = replace(SKETCHED["network"], sizes=[{"N": N} for N in (1, 5, 9, 17)])
EVERYTHING = list(NETWORK.right)
PARAMETERS = [part for part in EVERYTHING if part[1] in "WB"]  # and no gradient on the way
handed_in = pytest.mark.parametrize("parts", [EVERYTHING, PARAMETERS], ids=["everything", "parameters"])

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
    "np.where(Z > 0, 1, np.exp(Z))": "1 where Z is positive and exp(Z) elsewhere, the slope of ELU",
    "σ(Z)": "σ(Z), the slope of softplus",
    "(np.abs(Z) < 1)": "1 where -1 < Z < 1",
    "((Z > 0) & (Z < 2))": "1 where 0 < Z < 2",
    "σ(1.7*Z)": "σ(1.7·Z)",
    "np.exp(0.5*Z)": "exp(0.5·Z)",
    "1/Z": "1/Z",
    "(1 - A**2)*(Z > 0)": "1 - A², the slope of a hyperbolic tangent, where Z is positive",
}


def formula(layer, slope):
    """What a student writes for the gradient in front of a layer, with another slope."""
    above = {3: "DY@W4.T", 2: "DZ3@W3.T", 1: "DZ2@W2.T"}[layer]
    written = re.sub(r"σ\(([^()]*)\)", r"(1/(1+np.exp(-(\1))))", slope)
    return f"({above})*({in_layer(written, layer)})"


def in_layer(words, layer):
    return re.sub(r"(?<![A-Za-z])([ZA])(?![A-Za-z0-9])", rf"\g<1>{layer}", words)


@pytest.mark.parametrize(
    ("layer", "parts"),
    [(3, PARAMETERS), (2, PARAMETERS), (2, EVERYTHING)],
    ids=["last layer, parameters", "second layer, parameters", "second layer, everything"],
)
@pytest.mark.parametrize(("slope", "words"), SLOPES.items(), ids=SLOPES.values())
def test_the_slope_of_another_function_is_named(slope, words, layer, parts):
    where = f"DZ{layer}"
    message, lost = NETWORK.explained({where: formula(layer, slope)}, parts)
    factor = [("wrong-scale", where, "3")] if slope.startswith("3*") else []  # is named beside it
    assert message == [("wrong-slope", where, in_layer(words, layer)), *factor]
    assert lost == ({where} if where in parts else {f"DW{layer}", f"DB{layer}"})


def test_in_every_layer_it_is_named_in_every_layer():
    message, lost = NETWORK.explained({f"DZ{k}": formula(k, "A*(1 - A)") for k in (3, 2, 1)}, PARAMETERS)
    words = SLOPES["A*(1 - A)"]
    assert message == [("wrong-slope", f"DZ{k}", in_layer(words, k)) for k in (3, 2, 1)]
    assert lost == {*PARAMETERS} - {"DW4", "DB4"}


def test_beside_it_a_mistake_of_a_part_is_named():
    message, _ = NETWORK.explained({"DZ2": formula(2, "σ(Z)*σ(-Z)"), "DB2": "DZ2.mean(0)"}, PARAMETERS)
    assert [(fault, where) for fault, where, _ in message] == [("wrong-slope", "DZ2"), ("mean-twice", "DB2")]


@handed_in
def test_a_function_of_no_family_is_said_to_be_one_of_z_alone(parts):
    ((fault, where, hint),), _ = NETWORK.explained({"DZ2": formula(2, "0.3 + np.cos(Z/9)")}, parts)
    assert (fault, where) == ("unrecognised", "DZ2")
    assert "a number that depends on Z2 alone" in hint


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
@handed_in
def test_what_is_no_function_of_one_number_is_not_called_one(parts, wrong):
    message, _ = NETWORK.explained({"DZ2": wrong}, parts)
    assert not any(fault == "wrong-slope" or "alone" in hint for fault, _, hint in message)


def test_noise_is_no_function():
    rng = np.random.default_rng(0)
    for _ in range(200):
        z, y = rng.standard_normal((2, 30))
        assert not list(fitted(z, np.maximum(z, 0), y))


def test_a_few_points_prove_no_function():
    z = np.linspace(-1, 1, 11)
    assert not list(fitted(z, np.maximum(z, 0), 1 - z**2))
