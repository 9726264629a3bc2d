"""Pictures of probabilities show what they are given, and say it in words."""

import matplotlib as mpl
import numpy
import torch

import utils
from utils.pictures import show_curves, show_digits, show_jacobian, show_simplex, show_units
from utils.pictures.picture import VERMILLION

PROBABILITIES = numpy.array([0.125, 0.25, 0.625])
JACOBIAN = numpy.diag(PROBABILITIES) - numpy.outer(PROBABILITIES, PROBABILITIES)


def test_a_jacobian_stands_beside_its_row_with_its_numbers_and_their_sums_the_first_class_topmost():
    picture = show_jacobian(PROBABILITIES, JACOBIAN)
    left, right = picture.axes
    assert [bar.get_width() for bar in left.patches] == list(PROBABILITIES)
    texts = [text.get_text() for text in right.texts]
    assert texts[:9] == [f"{v:.3g}".replace("-", "−") for v in JACOBIAN.ravel()]
    assert texts[9:12] == ["0", "0", "0"]
    assert "row 0: 0.109, −0.0312, −0.0781, sum 0" in picture.alt
    for bottom, top in (left.get_ylim(), right.get_ylim()):
        assert bottom > top


def test_a_diagonal_alone_has_sums_that_are_not_zero():
    picture = show_jacobian(torch.tensor(PROBABILITIES), numpy.diag(numpy.diag(JACOBIAN)))
    assert "sum 0.109" in picture.alt


def test_arrows_lead_against_the_gradient():
    P = numpy.array([[0.2, 0.5, 0.3], [1 / 3, 1 / 3, 1 / 3]])
    T = numpy.array([[0, 0, 1.0]] * 2)
    (axes,) = show_simplex(P, P - T, target=2).axes
    (arrows,) = [child for child in axes.get_children() if type(child).__name__ == "Quiver"]
    away = numpy.array([0.5, numpy.sqrt(3) / 2]) - numpy.column_stack([arrows.X, arrows.Y])
    along = numpy.column_stack([arrows.U, arrows.V])
    numpy.testing.assert_allclose(away[:, 0] * along[:, 1], away[:, 1] * along[:, 0], atol=1e-12)
    assert (away * along).sum(axis=1).min() > 0


def test_the_text_counts_the_arrows_that_lead_to_the_right_corner():
    P = numpy.array([[0.2, 0.5, 0.3], [0.3, 0.3, 0.4]])
    T = numpy.array([[0, 0, 1.0]] * 2)
    assert "2 of the arrows" in show_simplex(P, P - T, target=2).alt
    assert "0 of the arrows" in show_simplex(P, T - P, target=2).alt
    assert show_simplex(P[:0], P[:0], target=0).alt == "A triangle without points."


def test_curves_have_gaps_where_there_is_no_number():
    x = numpy.array([-1.0, 0.0, 1.0])
    picture = show_curves(x, {"one": x**2, "other": [numpy.nan, 1.0, numpy.inf]}, "x", "y")
    one, other = picture.axes[0].get_lines()
    numpy.testing.assert_array_equal(one.get_ydata(), x**2)
    assert numpy.isnan(other.get_ydata()).tolist() == [True, False, True]
    assert "other: from 1 at 0 to 1 at 0; no finite number at 2 of 3 places." in picture.alt
    assert "one: from 1 at -1 to 1 at 1." in picture.alt
    assert "no finite number anywhere" in show_curves([0.0, 1.0], {"it": [numpy.nan] * 2}, "x", "y").alt


def test_digits_are_drawn_row_by_row_under_what_they_are():
    X, t = utils.getdigits()
    picture = show_digits(X[:12], t[:12])
    drawn = [axes for axes in picture.axes if axes.images]
    assert len(drawn) == 12
    for axes, pixels, digit in zip(drawn, X, t, strict=False):
        numpy.testing.assert_array_equal(axes.images[0].get_array(), pixels.reshape(8, 8))
        assert axes.get_xlabel() == str(digit)
    assert picture.alt == "12 handwritten digits: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1."


def test_a_digit_that_is_misread_has_a_frame_and_an_exclamation_mark():
    X, t = utils.getdigits()
    P = numpy.full((2, 10), 0.05)
    P[:, 0] = 0.55
    right, wrong = [axes for axes in show_digits(X[:2], t[:2], P).axes if axes.images]
    assert right.get_xlabel() == "0 → 0\n55%"
    assert wrong.get_xlabel() == "1 → 0!\n55%"
    assert mpl.colors.to_hex(wrong.spines["top"].get_edgecolor()).upper() == VERMILLION
    assert mpl.colors.to_hex(right.spines["top"].get_edgecolor()).upper() != VERMILLION


def test_units_share_a_scale_and_tell_their_largest_pixel():
    columns = numpy.zeros((64, 2))
    columns[10, 0], columns[63, 1] = -2.0, 1.0
    picture = show_units(columns)
    one, other = [axes for axes in picture.axes if axes.images]
    assert one.images[0].get_clim() == other.images[0].get_clim() == (-2.0, 2.0)
    assert (one.get_xlabel(), other.get_xlabel()) == ("2", "1")
    assert "Unit 0: largest −2 in row 1, column 2. Unit 1: largest 1 in row 7, column 7." in picture.alt


def test_digits_are_new_at_every_call_and_of_the_right_types():
    X, t = utils.getdigits()
    assert (X.shape, X.dtype, X.min(), X.max()) == ((1797, 64), numpy.float64, 0, 1)
    assert (t.shape, t.dtype) == ((1797,), numpy.int64)
    assert set(t) == set(range(10))
    X[:], t[:] = -1, -1
    assert utils.getdigits()[0].min() == 0
    assert utils.getdigits()[1].min() == 0
