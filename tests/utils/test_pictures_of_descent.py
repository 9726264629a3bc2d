"""A loss surface with the path on it, and a fit with pages to turn, in a notebook and where no kernel is."""

import base64
import html
import io
import json
import re

import numpy
import pytest
import torch
from matplotlib.image import imread

from utils.pictures import show_descent, show_loss_surface

X = numpy.linspace(-3.0, 3.0, 40)
Y = numpy.sin(X)
THETAS = {0: [0.3, -2.0, 0.0, 0.3], 10: [0.1, -1.0, 0.0, 0.2], 50: [0.0, 0.8, 0.0, -0.09]}
LOSSES = numpy.geomspace(500.0, 0.2, 51)


# the loss surface


def bowl(theta):
    return 1.0 + theta[0] ** 2 + 10 * theta[1] ** 2 + theta[2] ** 2


PATH = [numpy.array([4.0, 1.0, 0.0]), numpy.array([2.0, 0.2, 0.0]), numpy.array([1.0, 0.0, 0.0])]


def path_drawn(picture):
    return numpy.array(picture.axes[0].get_lines()[0].get_data())


def test_the_path_is_drawn_in_the_directions_that_are_given():
    picture = show_loss_surface(bowl, PATH, directions=([0, 2.0, 0], [1.0, 0, 0]), names=("second", "first"))
    numpy.testing.assert_allclose(path_drawn(picture), [[1.0, 0.2, 0.0], [3.0, 1.0, 0.0]], atol=1e-12)
    axes = picture.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("second", "first")


def test_without_directions_the_plane_holds_a_path_of_two_whose_start_and_end_have_their_losses():
    picture = show_loss_surface(bowl, PATH)
    drawn = numpy.linalg.norm(numpy.diff(path_drawn(picture)), axis=0)
    numpy.testing.assert_allclose(drawn, numpy.linalg.norm(numpy.diff(PATH, axis=0), axis=1))
    assert "holds 100% of the path" in picture.alt
    assert {"start: 27", "end: 2"} <= {text.get_text() for text in picture.axes[0].texts}
    assert "3 points, from a loss of 27 to 2." in picture.alt


def test_a_path_that_leaves_the_plane_is_reported():
    away = [numpy.array([3.0, 0.0, 4.0]), PATH[-1]]
    picture = show_loss_surface(bowl, away, directions=([1.0, 0, 0], [0, 1.0, 0]))
    assert "holds 20% of the path" in picture.alt  # 2² of 2² + 4²


@pytest.mark.parametrize("steps", [PATH[-1:] * 2, [PATH[0], PATH[0] / 2]], ids=["still", "straight"])
def test_a_path_that_never_turns_can_be_drawn(steps):
    show_loss_surface(bowl, steps)._repr_mimebundle_()


def test_the_loss_gets_parameters_in_their_own_form():
    seen = []

    def loss(parameters):
        W, B = parameters
        seen.append(([w.shape for w in W], [b.shape for b in B], type(W), W[0].dtype))
        return float((W[0] ** 2).sum() + (W[1] ** 2).sum() + (B[0] ** 2).sum())

    rng = numpy.random.default_rng(3)
    points = [
        ([rng.standard_normal((2, 3)), torch.ones(3, 1)], [numpy.float32(rng.standard_normal(3))])
        for _ in range(4)
    ]
    show_loss_surface(loss, points, grid=5)
    assert set(map(str, seen)) == {str(([(2, 3), (3, 1)], [(3,)], list, numpy.dtype("float64")))}
    assert len(seen) == 5 * 5 + 2


@pytest.mark.parametrize(
    "loss",
    [lambda theta: 3.0, lambda theta: -bowl(theta), lambda theta: numpy.inf if theta[0] > 2 else bowl(theta)],
    ids=["flat", "negative", "infinite in places"],
)
def test_losses_of_every_kind_can_be_drawn(loss):
    show_loss_surface(loss, PATH)._repr_mimebundle_()


# pages to turn


def book_of(picture):
    """What a notebook gets: its HTML, and the pages in it."""
    page = picture._repr_mimebundle_()["text/html"]
    return page, json.loads(html.unescape(re.search(r'data-pages="([^"]*)"', page)[1]))


def pixels(address):
    return imread(io.BytesIO(base64.b64decode(address.split("base64,")[1])), format="png")


def test_there_is_a_page_for_each_step_with_its_words():
    _, pages = book_of(show_descent(X, Y, THETAS, LOSSES))
    loss = sum((sum(c * X**k for k, c in enumerate(THETAS[10])) - Y) ** 2)
    assert [page["words"].split(",")[0] for page in pages] == [f"after {step} steps" for step in THETAS]
    assert pages[1]["words"] == f"after 10 steps, loss {loss:.6g}"
    assert pages[2]["alt"].startswith("After 50 steps, loss")
    assert "y = 0.0000 + 0.8000 x" in pages[2]["alt"]


def test_pages_differ_and_are_transparent_where_nothing_moves():
    _, pages = book_of(show_descent(X, Y, THETAS, LOSSES))
    sheets = [pixels(page["source"]) for page in pages]
    assert all(0.8 < (sheet[..., 3] == 0).mean() < 1 for sheet in sheets)
    assert not (sheets[0] == sheets[1]).all()
    assert not (sheets[1] == sheets[2]).all()


def test_without_a_script_the_last_page_stands_there_whole():
    page, pages = book_of(show_descent(X, Y, THETAS, LOSSES))
    (still,) = re.findall(r'<img [^>]*src="([^"]*)"', page)
    ground = re.search(r'data-ground="([^"]*)"', page)[1]
    whole, below, sheet = pixels(still), pixels(ground), pixels(pages[-1]["source"])
    moving = sheet[..., 3] > 0
    assert (whole[..., :3] == below[..., :3])[~moving].all()
    assert not (whole == below).all()
    assert (whole[..., 3] == 1).all()
    numpy.testing.assert_allclose(whole[sheet[..., 3] == 1], sheet[sheet[..., 3] == 1], atol=0.02)


def test_the_book_has_alternative_text_a_name_for_its_slider_and_all_that_it_needs():
    picture = show_descent(X, Y, THETAS, LOSSES)
    page, _ = book_of(picture)
    assert f'alt="{picture.alt}"' in page
    assert 'data-label="steps of the descent"' in page
    assert "aria-valuetext" in page
    assert "3 pages to turn" in picture.alt
    assert "After 50 steps" in picture.alt
    assert "http" not in page
    assert page.count("<script>") == page.count("</script>") == 1


def test_the_printed_picture_shows_the_last_page():
    picture = show_descent(X, Y, THETAS, LOSSES)
    picture._repr_mimebundle_()
    file = io.BytesIO()
    picture.savefig(file, format="png")  # what a notebook does for its image/png
    curve = picture.axes[0].get_lines()[1]
    numpy.testing.assert_allclose(curve.get_ydata(), sum(c * X**k for k, c in enumerate(THETAS[50])))
    assert curve.get_visible()
    picture._drawn()
    assert picture.dpi == 100


def test_a_book_stays_small_however_many_steps_are_given():
    many = {step: numpy.array([0.1, step / 500, 0.0, -0.1]) for step in range(0, 1000, 10)}
    page, pages = book_of(show_descent(X, Y, many, numpy.geomspace(500.0, 0.2, 1000)))
    assert len(pages) <= 12
    assert pages[0]["words"].startswith("after 0 steps")
    assert pages[-1]["words"].startswith("after 990 steps")
    assert len(page) < 450_000


def test_tensors_and_lists_give_the_same_book():
    plain = show_descent(X, Y, THETAS, LOSSES).alt
    tensors = {step: torch.tensor(theta, dtype=torch.float64) for step, theta in THETAS.items()}
    assert show_descent(torch.tensor(X), torch.tensor(Y), tensors, list(LOSSES)).alt == plain


def test_a_descent_that_diverged_can_be_drawn():
    thetas = {0: [0.0] * 4, 5: [1e200, 1e308, 1e308, 1e308], 9: [numpy.nan] * 4}
    book_of(show_descent(X, Y, thetas, [1.0, numpy.inf, numpy.nan, 0.0, 1e300]))
