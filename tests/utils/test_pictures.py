"""Pictures show what they are given, once, and to everybody."""

import base64
import math
from pathlib import Path

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy
import pytest
import torch
from matplotlib.colors import to_rgb

from utils.pictures import GROUND, LINES, show_fit, show_losses
from utils.pictures.picture import SIGNED, ink_on

ROOT = Path(__file__).parents[2]
X = numpy.linspace(-math.pi, math.pi, 50)
Y = numpy.sin(X)
THETA = numpy.array([0.0116, 0.8104, -0.002, -0.0867])


def curves(axes):
    return {line.get_label(): line.get_ydata() for line in axes.get_lines()}


def luminance(colour):
    """Give how light a colour is, as WCAG reckons it."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_fit_shows_data_curve_and_residual():
    above, below = show_fit(X, Y, THETA).axes
    data, fit = above.get_lines()
    prediction = sum(coefficient * X**k for k, coefficient in enumerate(THETA))
    numpy.testing.assert_array_equal(data.get_ydata(), Y)
    numpy.testing.assert_allclose(fit.get_ydata(), prediction)
    numpy.testing.assert_allclose(below.get_lines()[-1].get_ydata(), prediction - Y)
    assert fit.get_label() == "model: 0.0116 + 0.8104 x − 0.0020 x² − 0.0867 x³"


def test_fit_joins_unsorted_points_from_left_to_right():
    order = numpy.random.default_rng(0).permutation(len(X))
    above, _ = show_fit(X[order], Y[order], THETA).axes
    for line in above.get_lines():
        numpy.testing.assert_array_equal(line.get_xdata(), X)


@pytest.mark.parametrize(
    "kind",
    [
        *(numpy.float32, list, lambda v: torch.tensor(v, dtype=torch.float32)),
        lambda v: torch.tensor(v, requires_grad=True),
    ],
    ids=["float32", "list", "tensor", "tensor that is differentiated"],
)
def test_arrays_lists_and_tensors_give_the_same_picture(kind):
    plain = show_fit(X, Y, THETA)
    other = show_fit(kind(X), kind(Y), kind(THETA))
    for expected, got in zip(plain.axes, other.axes, strict=True):
        for one, two in zip(expected.get_lines(), got.get_lines(), strict=True):
            numpy.testing.assert_allclose(one.get_ydata(), two.get_ydata(), atol=1e-6)


def test_inputs_stay_as_they_were():
    x, theta = X[::-1].copy(), torch.tensor(THETA, requires_grad=True)
    show_fit(x, Y, theta)
    numpy.testing.assert_array_equal(x, X[::-1])
    assert theta.requires_grad


@pytest.mark.parametrize(
    "run",
    [
        *([4.0, 0.5], numpy.array([4.0, 0.5]), torch.tensor([4.0, 0.5])),
        [torch.tensor(4.0, requires_grad=True), torch.tensor(0.5)],
    ],
    ids=["list", "array", "tensor", "tensors that are differentiated"],
)
def test_losses_are_drawn_by_label_on_a_logarithmic_scale_above_the_optimum(run):
    (axes,) = show_losses({"slow": [4.0, 2.0, 1.0], "fast": run}, optimum=0.25).axes
    assert axes.get_yscale() == "log"
    labels = ["slow", "fast", "least loss possible: 0.25"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == labels
    drawn = [list(curves(axes)[label]) for label in labels]
    assert drawn == [[4.0, 2.0, 1.0], [4.0, 0.5], [0.25, 0.25]]


def test_losses_are_called_what_the_notebook_calls_them():
    (loss,), (err,) = (show_losses({"run": [4.0, 2.0]}, **name).axes for name in ({}, {"name": "err"}))
    assert loss.get_ylabel() == "loss L (logarithmic scale)"
    assert err.get_ylabel() == "err (logarithmic scale)"


def test_numbers_stand_out_from_every_colour_of_a_heat_map():
    def contrast(size):
        inks = (SIGNED(0.5 + 0.5 * size), to_rgb(ink_on(size)))
        low, high = sorted(luminance(ink[:3]) + 0.05 for ink in inks)
        return high / low

    assert min(map(contrast, numpy.linspace(-1, 1, 201))) > 3.7


def test_what_a_logarithm_cannot_hold_is_a_gap():
    picture = show_losses({"run": [4.0, 0.0, math.inf, math.nan, 2.0], "none": [], "nan": [math.nan]})
    drawn = curves(picture.axes[0])["run"]
    numpy.testing.assert_array_equal(numpy.isnan(drawn), [False, True, True, True, False])
    picture._repr_mimebundle_()


def test_no_runs_give_an_empty_picture():
    assert show_losses({}).axes[0].get_legend() is None


def test_a_fit_that_diverged_can_be_drawn():
    for theta in ([1e200, 1e308, 1e308, 1e308], [math.nan] * 4, [math.inf] * 4):
        show_fit(X, Y, theta)._repr_mimebundle_()


def test_a_notebook_gets_an_image_and_its_alternative_text():
    picture = show_losses({"run": [4.0, 1.0, 2.0]}, optimum=0.5)
    shown = picture._repr_mimebundle_()
    assert shown["text/plain"] == picture.alt
    assert shown["text/html"].startswith(f'<img alt="{picture.alt}"')
    png = base64.b64decode(shown["text/html"].split("base64,")[1].removesuffix('">'))
    assert png.startswith(b"\x89PNG")
    assert "run: from 4, lowest 1 at step 1, to 2 at step 2." in picture.alt
    assert "0.5" in picture.alt


def test_a_label_is_text_and_never_html():
    page = show_losses({'"><script>': [4.0, 1.0]})._repr_mimebundle_()["text/html"]
    assert page.count("<") == page.count(">") == 1


def test_a_notebook_shows_a_picture_once():
    """In a real kernel: as a cell's value, inside a block, twice in a cell, not at all."""
    picture = "show_losses({'run': [4.0, 2.0]})"
    sources = [
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from utils.pictures import show_losses",
        f"if True:\n    {picture}",
        picture,
        f"{picture}\n{picture}",
        "None",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(s) for s in sources])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()
    shown = [[output.output_type for output in cell.outputs] for cell in notebook.cells]
    once, value = "display_data", "execute_result"
    assert shown == [[], [once], [value], [value, once], []]
    for output in (output for cell in notebook.cells for output in cell.outputs):
        assert set(output.data) == {"text/html", "text/plain", "image/png"}
        assert output.data["text/plain"].startswith("Loss by step")
        assert "alt=" in output.data["text/html"]


def test_pictures_look_the_same_in_every_theme():
    plain = show_fit(X, Y, THETA)._repr_mimebundle_()["text/html"]
    with plt.style.context("dark_background"), mpl.rc_context({"savefig.transparent": True}):
        dark = show_fit(X, Y, THETA)._repr_mimebundle_()["text/html"]
        assert mpl.rcParams["axes.facecolor"] == "black"  # and the reader's own style stays
    assert plain == dark


def test_lines_differ_in_dashes_and_not_only_in_colour_and_stand_out_from_the_ground():
    assert len({str(line["linestyle"]) for line in LINES}) == len(LINES)
    ground = luminance(GROUND)
    for line in LINES:  # 3 : 1 is what WCAG asks of graphics
        assert (ground + 0.05) / (luminance(line["color"]) + 0.05) >= 3.0
