"""Pictures of attention show what they are given, and say it in words."""

import numpy
import torch

import utils
from utils.pictures import show_looks, show_maps

WORDS = ["one", "two", "three"]
P = numpy.array([[1.0, 0, 0], [0.25, 0.75, 0], [0.125, 0.25, 0.625]])
M = numpy.tri(3, dtype=bool)


def test_maps_have_their_numbers_their_sums_and_hatched_cells():
    picture = show_maps({"P": P, "DS": torch.tensor(P - P.mean(axis=1, keepdims=True))}, WORDS, WORDS, M)
    left, right = picture.axes
    numbers, others = ([text.get_text() for text in axes.texts] for axes in (left, right))
    assert numbers == ["1.00", "0.25", "0.75", "0.12", "0.25", "0.62", "1.00", "1.00", "1.00", "sum"]
    assert others[-4:] == ["0", "0", "0", "sum"]
    assert sum(cell.get_hatch() is not None for cell in left.patches) == 3
    assert [label.get_text() for label in left.get_yticklabels()] == WORDS
    assert "P, row by row. one: 1, 0, 0, sum 1; two: 0.25, 0.75, 0, sum 1" in picture.alt


def test_maps_may_share_a_scale_and_leave_sums_out():
    picture = show_maps({"P": P / 2}, WORDS, WORDS, sums=False, largest=1)
    (axes,) = picture.axes
    assert axes.texts[0].get_text() == "0.50"
    assert "sum" not in picture.alt
    (own,) = show_maps({"P": P / 2}, WORDS, WORDS).axes
    assert not numpy.allclose(own.images[0].get_array()[0, 0], axes.images[0].get_array()[0, 0])


def test_looks_are_lines_as_wide_as_they_are_strong():
    picture = show_looks(P, WORDS)
    (axes,) = picture.axes
    looks = [line for line in axes.lines if len(line.get_xdata()) == 2]
    assert len(looks) == 6
    assert sorted({round(line.get_linewidth() / 9, 3) for line in looks}) == [0.125, 0.25, 0.625, 0.75, 1.0]
    assert "two looks at one 0.25, two 0.75" in picture.alt


def test_the_zen_is_letters_alone_and_printed_to_nobody(capsys):
    zen = utils.getzen()
    assert zen == utils.getzen()
    assert len(zen) == 677
    assert zen.startswith("thezenofpythonbytimpetersbeautifulisbetterthanugly")
    assert set(zen) <= set("abcdefghijklmnopqrstuvwxyz")
    assert capsys.readouterr().out == ""
