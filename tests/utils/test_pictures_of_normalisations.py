"""Pictures of normalisations show what they are given, and say it in words."""

import numpy
import torch

from utils.pictures import show_circle, show_terms

DIRECT = numpy.array([[1.0, -2.0, 4.0], [0.5, 0.25, -1.5]])
MEAN = -DIRECT.mean(axis=1, keepdims=True) * numpy.ones((1, 3))
ROWS = numpy.array([[1.0, -1.0, 0.0], [-2.0, 1.0, 1.0]])
H = ROWS / ROWS.std(axis=1, keepdims=True)


def words(axes):
    return [text.get_text() for text in axes.texts]


def test_terms_stand_side_by_side_with_signs_numbers_and_sums():
    picture = show_terms({"directly": DIRECT, "through the mean": MEAN}, torch.tensor(DIRECT + MEAN), "yours")
    first, second, total = picture.axes
    assert [axes.get_title() for axes in picture.axes] == ["directly", "through the mean", "yours"]
    assert words(first)[:3] == ["1", "−2", "4"]
    assert words(first)[6:8] == ["3", "−0.75"]
    assert [words(axes)[-1] for axes in (first, second, total)] == ["", "+", "="]
    assert total.get_xlabel() == "they add up ✓"
    assert "yours: sums of rows 0, 0." in picture.alt
    assert "they add up" in picture.alt


def test_terms_that_do_not_add_up_say_by_how_much():
    picture = show_terms({"directly": DIRECT, "through the mean": MEAN}, DIRECT, "yours")
    assert picture.axes[-1].get_xlabel() == "✗ off by up to 1"
    assert "off by up to 1" in picture.alt


def test_normalised_rows_lie_on_the_circle():
    (axes,) = show_circle(H, {}).axes
    (dots,) = [line for line in axes.lines if line.get_marker() == "o"]
    numpy.testing.assert_allclose(numpy.hypot(*dots.get_data()), numpy.sqrt(3))
    assert words(axes)[2] == "feature 2\nlargest"


def test_arrows_along_the_circle_are_told_from_those_that_lead_off_it():
    outward, along = 0.7 * H, numpy.cross(H, numpy.ones(3))
    assert "yours: they lead along the circle" in show_circle(H, {"yours": along}).alt
    assert "off it: up to 1.21 along a radius, and 0 in the mean" in show_circle(H, {"x": outward}).alt
    assert "0.2 in the mean of a row" in show_circle(H, {"x": along + 0.2}).alt
    (axes,) = show_circle(H, {"yours": along, "others": outward}).axes
    assert len(axes.patches) == 2 * len(H)
    assert len({patch.get_linestyle() for patch in axes.patches}) == 2
