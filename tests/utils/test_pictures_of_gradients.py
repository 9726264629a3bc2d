"""Pictures of gradients show what they are given, tell what is malformed, and never raise."""

import math
import re
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy
import pytest
import torch
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex

from utils.pictures import show_gradient_sizes, show_gradients, show_network
from utils.pictures.network import LOOKS
from utils.pictures.picture import BLUE, SIGNED, VERMILLION

WIDTHS = (4, 6, 6, 6, 1)
SHAPES = list(pairwise(WIDTHS))


@pytest.fixture
def gradient():
    rng = numpy.random.default_rng(5)
    return [rng.standard_normal(shape) for shape in SHAPES], [rng.standard_normal(n) for n in WIDTHS[1:]]


@pytest.fixture
def activations():
    rng = numpy.random.default_rng(6)
    layers = [rng.standard_normal((7, n)) for n in WIDTHS]
    return [layers[0], *(numpy.maximum(0, layer) for layer in layers[1:-1]), layers[-1]]


def texts(picture):
    return [text.get_text() for axes in picture.axes for text in axes.texts]


def copies(gradient):
    return [[array.copy() for array in part] for part in gradient]


# the network


def lines(picture):
    return [c for c in picture.axes[0].collections if isinstance(c, LineCollection)]


def test_edges_tell_sign_by_dashes_and_colour_and_size_by_width(activations, gradient):
    DW = gradient[0]
    positive, negative = lines(show_network(activations, DW))[:2]
    assert len(positive.get_segments()) == (DW[0] > 0).sum()
    assert len(negative.get_segments()) == (DW[0] < 0).sum()
    assert to_hex(positive.get_color()[0]).upper() == BLUE
    assert to_hex(negative.get_color()[0]).upper() == VERMILLION
    assert positive.get_linestyle()[0][1] is None  # a line without gaps
    assert negative.get_linestyle()[0][1] is not None
    widths = numpy.concatenate([positive.get_linewidth(), negative.get_linewidth()])
    sizes = numpy.concatenate([numpy.sort(DW[0][DW[0] > 0]), numpy.sort(-DW[0][DW[0] < 0])])
    assert (numpy.argsort(widths) == numpy.argsort(sizes)).all()
    assert LOOKS[1]["linestyle"] != LOOKS[-1]["linestyle"]


def test_units_show_the_mean_and_who_is_off(activations, gradient):
    for layer in activations[1:4]:
        layer += 1
    activations[2][:, 3] = 0
    shown = texts(show_network(activations, gradient[0]))
    assert shown.count("off") == 1
    assert f"{activations[1][:, 0].mean():.2f}" in shown
    one = [layer[:1] for layer in activations]
    one[1] = numpy.array([[0.0, 0, 1, 2, 3, 4]])
    for point in (one, [layer[0] for layer in one]):
        assert texts(show_network(point, gradient[0])).count("off") == 3


def test_the_network_has_its_numbers_in_words(activations, gradient):
    gradient[0][1][2, 3] = -77.0
    alt = show_network(activations, gradient[0]).alt
    assert alt.startswith("The network 4-6-6-6-1, mean of 7 data points.")
    assert "DW2: largest −77 at [2, 3]." in alt


def test_tensors_are_drawn_too(activations, gradient):
    plain = show_network(activations, gradient[0]).alt
    watched = [torch.tensor(layer, requires_grad=True) for layer in activations]
    assert show_network(watched, [torch.tensor(array) for array in gradient[0]]).alt == plain


# heat maps


def cells(picture):
    (result,) = (c for c in picture.axes[0].collections if isinstance(c, PolyCollection))
    return result


def test_every_entry_is_a_cell_three_times(gradient):
    entries = sum(array.size for part in gradient for array in part)
    picture = show_gradients(gradient, gradient)
    assert len(cells(picture).get_paths()) == 3 * entries
    assert "DW1: ✓\nDB1: ✓" in texts(picture)
    assert len(picture.axes[0].patches) == 0


def test_the_largest_difference_is_framed_and_told(gradient):
    given = copies(gradient)
    given[0][2][4, 5] += numpy.abs(gradient[0][2]).max() / 2
    picture = show_gradients(given, gradient)
    assert "DW3 differs most at [4, 5], by 50% of the largest true entry." in picture.alt
    assert "DW3: 50%\nDB3: ✓" in texts(picture)
    assert len(picture.axes[0].patches) == 1


def test_a_thousandth_is_a_difference_and_rounding_is_none(gradient):
    far, near = copies(gradient), copies(gradient)
    far[1][0] *= 1.001
    near[1][0] *= 1 + 1e-6
    assert "DB1 differs most" in show_gradients(far, gradient).alt
    assert "DB1 agrees." in show_gradients(near, gradient).alt


def test_negative_entries_have_a_dash_so_that_colour_is_not_needed(gradient):
    picture = show_gradients(gradient, gradient)
    dashes, crosses = [c for c in picture.axes[0].collections if not isinstance(c, PolyCollection)]
    negative = sum(int((array < -1e-4 * abs(array).max()).sum()) for part in gradient for array in part)
    assert len(dashes.get_offsets()) == 2 * negative  # in the given one and in the true one
    assert len(crosses.get_offsets()) == 0


def test_two_hues_of_one_size_are_equally_dark():
    def grey(position):
        red, green, blue, _ = SIGNED(position)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    for size in (0.1, 0.25, 0.5):
        assert grey(0.5 - size) == pytest.approx(grey(0.5 + size), abs=0.03)


RIGHT = """
    DY = 2*(Y-T)/len(Y)
    D3 = (DY@W[3].T)*(Z3>0)
    D2 = (D3@W[2].T)*(Z2>0)
    D1 = (D2@W[1].T)*(Z1>0)
    return [X.T@D1, A1.T@D2, A2.T@D3, A3.T@DY], [D1.sum(0), D2.sum(0), D3.sum(0), DY.sum(0)]
"""


def exercise1(body):
    names = {"numpy": numpy}
    exec(f"def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):\n{body}", names)
    return names["exercise1"]


def test_a_right_function_agrees_with_what_is_measured():
    alt = show_gradients(exercise1(RIGHT)).alt
    assert [f"D{kind}{k} agrees." in alt for kind in "WB" for k in (1, 2, 3, 4)] == [True] * 8


def test_a_missing_mask_fills_columns_that_should_be_empty():
    picture = show_gradients(exercise1(RIGHT.replace("*(Z2>0)", "")))
    assert picture.alt.startswith("Heat maps of a gradient of 1 data point.")
    assert "DW3 agrees." in picture.alt
    told = re.search(r"DW2 differs most .* in columns ([\d, ]+) alone, of units that are off\.", picture.alt)
    both = f"DW2: columns {told[1]}:\nunits that are off\nDB2: entries {told[1]}:\nunits that are off"
    assert both in texts(picture)
    assert "N = 1" in texts(picture)


@pytest.mark.parametrize(
    ("right", "wrong", "times", "size"),
    [
        ("/len(Y)", "", "N", 5),
        ("/len(Y)", "/len(Y)**2", "1/N", 5),
        ("2*", "", "0.5", 1),
        ("Y-T", "T-Y", "−1", 1),
        ("2*", "3e5*", "1.5e+05", 1),
    ],
)
def test_a_factor_is_reported_and_leaves_the_pattern(right, wrong, times, size):
    picture = show_gradients(exercise1(RIGHT.replace(right, wrong)))
    assert f"N = {size}" in texts(picture)
    for layer in (1, 2, 3):
        assert f"DW{layer} is {times} times the true one everywhere." in picture.alt
    assert f"DW3: {times} times\neverywhere\nDB3: {times} times\neverywhere" in texts(picture)
    darkest = [SIGNED(0.0), SIGNED(1.0)]
    first = cells(picture).get_facecolors()[: 3 * (24 + 6)]  # DW1 and DB1: yours, true, their difference
    assert 2 <= sum(tuple(colour) in darkest for colour in first) <= 4, "the largest alone"


def test_what_differs_in_rows_or_in_a_single_entry(gradient):
    given = copies(gradient)
    given[0][1][2] += 1
    given[1][1][3] += 1
    picture = show_gradients(given, gradient)
    assert "It differs in row 2 alone." in picture.alt
    assert any(text.startswith("DW2: row 2\nDB2: ") and text.endswith("%") for text in texts(picture))


def test_the_gradient_that_pytorch_finds_is_drawn_too():
    def exercise2(W, B, X, T):
        A = X
        for k in range(3):
            A = torch.relu(A @ W[k] + B[k])
        return ((A @ W[3].detach() + B[3] - T) ** 2).mean()

    alt = show_gradients(exercise2).alt
    assert "W1 agrees." in alt
    assert "W4 is None." in alt


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("    raise NotImplementedError('exercise1')", "exercise1 is not written yet."),
        ("    return W.nothing", "exercise1 stopped with AttributeError"),
        ("    raise SystemExit", "exercise1 stopped with SystemExit"),
        ("    pass", "exercise1 returned None, where two lists"),
    ],
)
def test_a_function_without_an_answer_is_reported(body, sentence, capsys):
    assert show_gradients(exercise1(body)) is None
    assert capsys.readouterr().out.startswith(sentence)


@pytest.mark.parametrize("given", [3, "exercise1", lambda x: x])
def test_what_is_no_task_is_reported(given, capsys):
    assert show_gradients(given) is None
    assert capsys.readouterr().out


# sizes


def test_sizes_are_root_mean_squares_and_biases_differ_in_marker_and_dashes(gradient):
    (axes,) = show_gradient_sizes(*gradient).axes
    assert axes.get_yscale() == "log"
    weights, biases = axes.get_lines()
    for part, line in zip(gradient, (weights, biases), strict=True):
        numpy.testing.assert_allclose(line.get_ydata(), [math.sqrt((a**2).mean()) for a in part])
    assert weights.get_marker() != biases.get_marker()
    assert weights.get_linestyle() != biases.get_linestyle()


def test_a_gradient_of_zeros_is_written_where_a_logarithm_has_no_place(gradient):
    gradient[0][1][:] = 0
    picture = show_gradient_sizes(*gradient)
    assert "0" in texts(picture)
    assert "layer 2: 0" in picture.alt


# whatever students give


def as_written(value):
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


class Odd:
    def __array__(self, *_, **__):
        raise RuntimeError("no array")


@pytest.mark.parametrize(
    "whole",
    [None, 3, "DW", [], [1.0], {}, [None] * 4, numpy.ones(4), [numpy.ones(3)] * 3, object(), Odd()],
    ids=as_written,
)
def test_what_is_no_gradient_is_reported_in_a_sentence(whole, activations, gradient, capsys):
    for show, given in (
        (show_network, (activations, whole)),
        (show_gradients, (whole, gradient)),
        (show_gradients, ((whole, gradient[1]), gradient)),
        (show_gradient_sizes, (whole, gradient[1])),
        (show_gradient_sizes, (gradient[0], whole)),
    ):
        picture = show(*given)
        message = capsys.readouterr().out if picture is None else picture.alt
        assert message.rstrip().endswith((".", "?"))
        if picture is not None:
            picture._repr_mimebundle_()


@pytest.mark.parametrize(
    ("array", "sentence"),
    [
        (None, "DW2 is missing"),
        ("x", "DW2 should be an array of numbers, but is a str."),
        (Odd(), "DW2 should be an array of numbers, but is an Odd."),
        ([[1], [2, 3]], "DW2 should be an array of numbers, but is a list."),
        (numpy.ones((6, 4)), "DW2 has the shape (6, 4), but should have (6, 6)."),
        (numpy.zeros((0,)), "DW2 has the shape (0,)"),
        (1.0, "DW2 has the shape (), but should have (6, 6)."),
        (numpy.where(numpy.eye(6), numpy.nan, 1.0), "DW2 is not a finite number at [0, 0]."),
        (numpy.full((6, 6), -math.inf), "DW2 is not a finite number at [0, 0]."),
    ],
    ids=as_written,
)
def test_a_malformed_array_is_reported_and_the_others_are_drawn(array, sentence, activations, gradient):
    given = copies(gradient)
    given[0][1] = array
    for picture in (show_network(activations, given[0]), show_gradients(given, gradient)):
        assert sentence in picture.alt
        picture._repr_mimebundle_()
    assert "DW1 agrees." in picture.alt
    assert "DW2: ×" in "\n".join(texts(picture))


def test_sizes_of_malformed_arrays_are_left_out(gradient):
    DW, DB = gradient
    picture = show_gradient_sizes([DW[0], "x", numpy.full((6, 6), math.nan), numpy.zeros(0)], [*DB, 1e300])
    for sentence in ("DW2 should be an array", "DW3 is not a finite", "DW4 is an empty array"):
        assert sentence in picture.alt
    picture._repr_mimebundle_()


def test_huge_numbers_are_drawn_without_a_warning(activations, gradient):
    DW, DB = ([1e300 * array for array in part] for part in gradient)
    show_network(activations, DW)._repr_mimebundle_()
    show_gradients((DW, DB), gradient)._repr_mimebundle_()
    show_gradient_sizes(DW, DB)._repr_mimebundle_()


def test_what_is_given_stays_as_it_was(activations, gradient):
    before = copies([activations, *gradient])
    show_network(activations, gradient[0])
    show_gradients(gradient, gradient)
    show_gradient_sizes(*gradient)
    for old, new in zip(before, [activations, *gradient], strict=True):
        for one, two in zip(old, new, strict=True):
            numpy.testing.assert_array_equal(one, two)


def test_nothing_is_called_or_drawn_while_marks_are_decided(monkeypatch, activations, gradient):
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert show_network(activations, gradient[0]) is None
    assert show_gradients(exercise1("    raise KeyboardInterrupt")) is None
    assert show_gradient_sizes(*gradient) is None
    assert plt.get_fignums() == []
