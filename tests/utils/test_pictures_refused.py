"""What cannot be drawn is refused with a sentence, and nothing is drawn while marks are decided."""

import re

import matplotlib.pyplot as plt
import numpy
import pytest

from utils import pictures

X = numpy.linspace(-3.0, 3.0, 40)
THETA = numpy.array([0.3, -2.0, 0.0, 0.3])
LOSSES = numpy.geomspace(500.0, 0.2, 51)
PATH = [numpy.array([4.0, 1.0, 0.0]), numpy.array([2.0, 0.2, 0.0])]


def ones(*shape):
    return numpy.ones(shape)


def shape(name, wanted, given):
    return re.escape(f"{name} should have the shape {wanted}, but has {given}")


def square(theta):
    return float((theta**2).sum())


@pytest.mark.parametrize(
    ("show", "given", "sentence"),
    [
        ("show_fit", (X, X[1:], THETA), "belong together"),
        ("show_fit", (X, X, THETA[None]), r"theta .* \(1, 4\)"),
        ("show_losses", ({"run": ones(2, 2)},), r"'run' .* \(2, 2\)"),
        ("show_loss_surface", (square, PATH[:1]), "two points"),
        ("show_loss_surface", (square, [[1.0], [0.0]]), "two parameters"),
        ("show_loss_surface", (lambda theta: numpy.nan, PATH), "nowhere"),
        ("show_descent", (X, X[1:], {0: THETA}, LOSSES), "belong together"),
        ("show_descent", (X, X, {}, LOSSES), "no step"),
        ("show_descent", (X, X, {0: THETA}, []), "no step"),
        ("show_descent", (X, X, {0: [[1.0]]}, LOSSES), r"thetas\[0\]"),
        ("show_maps", ({"P": ones(3, 3), "S": ones(2, 3)}, "abc", "abc"), shape("S", "(3, 3)", "(2, 3)")),
        ("show_looks", (ones(3, 3), "ab"), shape("P", "(2, 2)", "(3, 3)")),
        ("show_terms", ({"a": ones(2, 3)}, ones(1, 3), "sum"), r"a should have the shape \(1, 3\) of sum"),
        ("show_circle", (ones(2, 4), {}), shape("H", "(N, 3)", "(2, 4)")),
        ("show_circle", (ones(2, 3), {"yours": ones(1, 3)}), "yours should have the shape"),
        ("show_jacobian", (ones(3), ones(2, 3)), shape("J", "(3, 3)", "(2, 3)")),
        ("show_simplex", (ones(2, 4), ones(2, 4), 0), "P should have the shape"),
        ("show_simplex", (ones(2, 3), ones(1, 3), 0), "D should have the shape"),
        ("show_simplex", (ones(2, 3), ones(2, 3), 3), "target should be 0, 1 or 2"),
        ("show_curves", ([0.0, 1.0], {"it": ones(3)}, "x", "y"), "'it' has 3 values for 2 places"),
        ("show_units", (ones(10, 2),), "64 rows, one a pixel"),
        ("show_tape", (-ones(5, 2).astype(int), ones(3, 2)), "parents and slopes have the shapes"),
        ("show_boundary", (ones(4, 1), ones(4)), r"X should have the shape \(4, 2\)"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_sentence(show, given, sentence):
    with pytest.raises(ValueError, match=sentence):
        getattr(pictures, show)(*given)


def test_nothing_is_drawn_while_marks_are_decided(monkeypatch):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")

    def never(theta):
        raise AssertionError(theta)

    assert pictures.show_loss_surface(never, PATH) is None
    assert pictures.show_descent(X, X, {0: THETA}, LOSSES) is None
    assert pictures.show_fit(X, X, THETA) is None
    assert pictures.show_losses({"run": LOSSES}) is None
    assert plt.get_fignums() == []
