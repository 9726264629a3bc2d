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
        ("Z = Q(X)", "Q is not an operation; there are relu, "),
        ("Z = softmin(X)", "did you mean softmax? There are relu, "),
        ("Z = X.mean()", "write mean(…)"),
        ("Z = np.exp(X)", "write exp(…)"),
        ("Z = X / (N - 1)", "`N - 1` is not a factor"),
        ("Z = X / 0", "nothing is divided by 0"),
        ("Z = X * (2 / 0)", "nothing is divided by 0"),
        ("Z = X * 1e999", "a finite number"),
        ("Z = X", "use X below"),
        ("Z = power(X)", "power needs exponent=, a number"),
        ("Z = leaky_relu(X, 'a')", "slope= is a number, not 'a'"),
        ("Z = sum(X, keepdims=1)", "keepdims= is True or False, not 1"),
        ("Z = relu()", "relu takes 1 quantity, and here are 0"),
        ("Z = softmax(X, X, X)", "softmax takes 1 quantity, and here are 3"),
        ("Z = where(X, X)", "where takes 3 quantities, and here are 2"),
        ("Z = X @ W * True", "`True` is not an operation"),
        ("Z = X % B", "`X % B` is not an operation"),
        ("Z = relu(X, W)", "relu takes 1 quantity, and here are 2"),
        ("Z = W @ X", "as many columns on the left as rows on the right"),
        ("Z = X @ W\nY = Z + X", "do not go together"),
        ("err = mean_squared_error(X, T)", "different shapes"),
    ],
)
def test_what_cannot_be_read_is_reported_with_its_line(text, why):
    with pytest.raises(NotAForwardPass) as message:
        ForwardPass(text, **SHAPES)
    assert str(message.value).startswith(f"Line {len(text.splitlines())} of the forward pass, ")
    assert why in str(message.value)


ATTENTION = """
    # four lines
    R = Q @ K.T
    S = R / sqrt(d)
    P = softmax(S, axis=1, where=M)
    O = P @ V
"""
HEAD = {"Q": ("T", "d"), "K": ("T", "d"), "V": ("T", "e"), "M": ("T", "T")}


@pytest.mark.parametrize(
    ("line", "formula"),
    [
        ("V = A / sqrt(D)", "V = A/√D"),
        ("V = 2 * A / N", "V = 2·A/N"),
        ("V = 1 - A", "V = -A + 1"),
        ("V = A - (B - A)", "V = A - (B - A)"),
        ("V = A - B - A", "V = A - B - A"),
        ("V = A / (A * B)", "V = A/(A ∘ B)"),
        ("V = (A + B).T", "V = (A + B)ᵀ"),
        ("V = mean((A - B) ** 2, axis=1)", "V = mean((A - B)² over D)"),
        ("V = sum(A)", "V = sum(A)"),
        ("V = sum(A, axis=(0, 1))", "V = sum(A)"),
        ("V = softmax(A, axis=0)", "V = softmax(A over N)"),
        ('V = softmax(A, axis="D", where=B)', "V = softmax(A over D, where B)"),
        ("V = A ** 3", "V = A^3"),
        ("V = sqrt(A + 1e-5)", "V = √(A + 1e-05)"),
        ("V = leaky_relu(A, 0.1)", "V = leaky_relu(A, slope 0.1)"),
        ("V = A @ A.T", "V = A·Aᵀ"),
    ],
)
def test_signs_numbers_and_functions_are_written_as_on_the_sheet(line, formula):
    assert ForwardPass(line, A=("N", "D"), B=("N", "D")).formula("V") == formula


def test_attention_is_its_forward_pass():
    attention = ForwardPass(ATTENTION, upstream="O", **HEAD)
    assert attention.output == "O"
    assert attention.shapes["S"] == ("T", "T")
    assert attention.nodes["P"].operands == ("S", "M")
    assert attention.nodes["P"].keywords == {"axis": (-1,)}
    assert attention.nodes["S"].keywords["by"].powers == {"d": -0.5}
    rng = np.random.default_rng(1)
    given = {name: rng.standard_normal((5, 3)) for name in "QK"} | {"V": rng.standard_normal((5, 2))}
    given |= {"M": np.tril(np.ones((5, 5), dtype=bool)), "DO": rng.standard_normal((5, 2))}
    values, gradients = truth(attention, given, ["Q", "V"])
    powers = np.exp(given["Q"] @ given["K"].T / np.sqrt(3)) * given["M"]
    P = powers / powers.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(values["O"], P @ given["V"])
    np.testing.assert_allclose(gradients["V"], P.T @ given["DO"])
    assert gradients["Q"].shape == (5, 3)


def test_a_quantity_without_a_name_is_computed_from_those_that_are_known():
    attention = ForwardPass(ATTENTION, upstream="O", **HEAD)
    (inner,) = [name for name, node in attention.nodes.items() if node.is_inner]
    K = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(attention.value(inner, {"K": K}), K.T)
    np.testing.assert_allclose(attention.value("S", {"R": K}, {"d": 4}), K / 2)
    with pytest.raises(KeyError, match="Q"):
        attention.value("R", {"K": K})


def test_a_factor_of_a_factor_is_one():
    scaled = ForwardPass("V = -2 * A / N / sqrt(D)", A=("N", "D"))
    assert list(scaled.nodes) == ["V"]
    assert scaled.nodes["V"].keywords["by"].value({"N": 5, "D": 4}) == -0.2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("V = A * D", "D is both a quantity and a dimension"),
        ("V = A + N @ A", "@ takes two matrices"),
        ("V = relu(N)", "N is a dimension"),
        ("V = 2 * N", "has no quantity in it"),
        ("V = A ** D", "both a quantity and a dimension"),
        ("V = A ** N", "an exponent is a number"),
        ('V = sum(A, axis="T")', "no axis of ('N', 'D') is called 'T'"),
        ('V = sum(A @ A.T, axis="N")', "2 axes of"),
        ("V = sum(A, axis=2)", "there is no axis 2"),
        ("V = sum(A, axis=A)", "axis= is a number, a dimension's name"),
        ("V = sum(A, 0, True, 3)", "sum takes no number there"),
        ("V = relu(A, 3)", "relu takes no number there"),
        ("V = relu(A, slope=3)", "relu has no keyword slope=, it takes none"),
        ("V = max(A, where=A)", "max has no keyword where="),
        ("V = softmax(A, where=D)", "a mask of another shape"),
        ("V = B.T", "only what has rows and columns"),
        ("V = B @ A", "needs a matrix"),
        ("V = A @ B", "as many columns on the left"),
        ("V = A - B", "do not go together"),
        ('V = reshape(A, ("N", "H", 2))', "no input has the dimension H"),
        ('V = reshape(A, ("N", -1))', "sizes and names of dimensions in brackets"),
        ("V = reshape(C, (2, 4))", "another number of entries"),
        ("V = concatenate(A, D, 0)", "have as many axes"),
        ("V = concatenate(A, A @ A.T, 0)", "the same length along other axes"),
        ("V = gather(B, A)", "rows are taken from a matrix"),
        ("V = powers(B, 0)", "the degree is a whole number"),
        ("V = cross_entropy_of_probabilities(A, B)", "whole numbers (N,), or (N, C)"),
        ("V = A = A", "a line names one quantity"),
        ("V = A", "it computes nothing"),
        ("", "has no line"),
    ],
)
def test_what_has_no_meaning_is_reported_with_what_to_do(text, why):
    with pytest.raises(NotAForwardPass) as message:
        ForwardPass(text, A=("N", "D"), B=("E",), C=(2, 3), D=("N", "N", "D"))
    assert why in str(message.value)


@pytest.mark.parametrize(
    ("upstream", "why"), [("W", "No line of the forward pass computes W"), ("err", "a single number")]
)
def test_an_upstream_gradient_belongs_to_what_is_computed_and_no_number(upstream, why):
    with pytest.raises(NotAForwardPass, match=why):
        ForwardPass(LINES, upstream=upstream, **SHAPES)
