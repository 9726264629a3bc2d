"""A forward pass is read as a sheet writes it, and what cannot be read is told to its author."""

import numpy as np
import pytest
import torch

from autograder.forward_pass import ForwardPass, NotAForwardPass
from autograder.reference import truth

SHAPES = {"X": ("N", 3), "W": (3, 2), "B": (2,), "T": ("N", 2)}
LINES = "Z = X @ W + B\nA = relu(Z)\nerr = mean_squared_error(A, T)"


@pytest.fixture
def layer():
    return ForwardPass(LINES, **SHAPES)


def inputs(N=5):
    rng = np.random.default_rng(3)
    return {
        name: rng.standard_normal([N if size == "N" else size for size in shape])
        for name, shape in SHAPES.items()
    }


def test_every_quantity_has_its_shape_and_is_computed(layer):
    assert {name: layer.shapes[name] for name in ("Z", "A", "err")} == {
        "Z": ("N", 2),
        "A": ("N", 2),
        "err": (),
    }
    given = inputs()
    values, _ = truth(layer, given, ["W"])
    Z = given["X"] @ given["W"] + given["B"]
    np.testing.assert_allclose(values["Z"], Z)
    np.testing.assert_allclose(values["A"], np.maximum(0, Z))
    np.testing.assert_allclose(values["err"], ((np.maximum(0, Z) - given["T"]) ** 2).mean())


def test_lines_are_written_as_on_the_sheet(layer):
    assert [layer.formula(name) for name in ("Z", "A", "err")] == [
        "Z = X·W + B",
        "A = max(0, Z)",
        "err = mean((A - T)²)",
    ]
    assert list(layer.line("Z")) == ["X", "W", "B"]


def test_a_sum_within_a_product_has_brackets():
    sums = ForwardPass("Y = (X + C) @ W", X=("N", 3), C=("N", 3), W=(3, 2))
    assert sums.formula("Y") == "Y = (X + C)·W"


def test_intermediate_quantities_have_gradients_too(layer):
    given = inputs()
    values, gradients = truth(layer, given, ["A", "Z", "W"])
    upstream = 2 * (values["A"] - given["T"]) / values["A"].size
    np.testing.assert_allclose(gradients["A"], upstream)
    np.testing.assert_allclose(gradients["Z"], upstream * (values["Z"] > 0))
    np.testing.assert_allclose(gradients["W"], given["X"].T @ gradients["Z"])


def test_an_output_that_is_no_number_gets_its_upstream_gradient():
    product = ForwardPass("Y = X @ W", X=("N", 3), W=(3, 2))
    given = {**inputs(), "DY": np.arange(10.0).reshape(5, 2)}
    np.testing.assert_allclose(truth(product, given, ["W"])[1]["W"], given["X"].T @ given["DY"])


def test_a_computation_is_replaced_by_the_quantity_it_computes(layer):
    values, _ = truth(layer, inputs(), ["W"], {"A": torch.sigmoid})
    np.testing.assert_allclose(values["A"], 1 / (1 + np.exp(-values["Z"])))


def test_a_batch_is_computed_at_once(layer):
    one, other = inputs(), {name: 2 * array for name, array in inputs().items()}
    both = {name: torch.tensor(np.stack([one[name], other[name]])) for name in SHAPES}
    both["B"] = both["B"][:, None]
    together = layer.run(both)["err"].numpy()
    np.testing.assert_allclose(together, [truth(layer, given, ["W"])[0]["err"] for given in (one, other)])


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Z = X @", "cannot be read"),
        ("Z", "names one quantity"),
        ("X = X @ W", "X is there already"),
        ("Z = X @ V", "V is neither an input nor computed above"),
        ("Z = softplus(X)", "`softplus(X)` is none of"),
        ("Z = X - B", "`X - B` is none of"),
        ("Z = relu(X, W)", "relu"),
        ("Z = W @ X", "as many columns on the left as rows on the right"),
        ("Z = X @ W\nY = Z + X", "do not go together"),
        ("err = mean_squared_error(X, T)", "different shapes"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(text, why):
    with pytest.raises(NotAForwardPass) as told:
        ForwardPass(text, **SHAPES)
    assert str(told.value).startswith(f"Line {len(text.splitlines())} of the forward pass, ")
    assert why in str(told.value)
