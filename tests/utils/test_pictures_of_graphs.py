"""Pictures of a graph with its gradients, and of two classes of points, show and say what they are given."""

import numpy

from utils.pictures import show_boundary, show_tape
from utils.pictures.flip_book import FlipBook

PARENTS = numpy.array([[-1, -1], [-1, -1], [0, 1], [2, 0], [3, 2]])
SLOPES = numpy.array([[0.0, 0], [0, 0], [-5, 3], [1, 1], [-15, -12]])
GRADIENTS = numpy.array([120.0, -81, -27, -15, 1])


def shown(picture):
    return [text.get_text() for text in picture.axes[0].texts]


def test_pages_go_from_the_last_node_to_the_first_and_show_what_arrives():
    picture = show_tape(PARENTS, SLOPES, GRADIENTS, "abcde")
    assert isinstance(picture, FlipBook)
    assert picture.pages == 5
    assert "135 − 15 = 120" in shown(picture)
    picture.turn(1)
    assert "−15 − 12 = −27" not in shown(picture)
    words, alt = picture.turn(2)
    assert words == "3 of 5: node c"
    assert "−15 − 12 = −27" in shown(picture)
    assert alt == "At node c arrives 1 times −15 from d, −12 times 1 from e. Its gradient: −27."


def test_a_gradient_that_is_not_the_sum_of_what_arrives_is_marked():
    wrong = GRADIENTS.copy()
    wrong[2] = -12.0
    assert "−15 − 12 ≠ −12" in shown(show_tape(PARENTS, SLOPES, wrong))


def test_without_gradients_there_is_one_page_and_with_too_few_a_sentence(capsys):
    assert show_tape(PARENTS, SLOPES).pages == 1
    assert show_tape(PARENTS, SLOPES, GRADIENTS[:3]) is None
    assert "should have the shape (5,)" in capsys.readouterr().out


POINTS = numpy.array([[0.0, 1], [1, 1], [0, -1], [1, 2]])
CLASSES = numpy.array([1, 1, -1, -1])


def test_a_boundary_tells_how_many_points_lie_on_the_wrong_side():
    picture = show_boundary(POINTS, CLASSES, lambda X: X[:, 1], POINTS)
    assert "2 circles and 2 triangles" in picture.alt
    assert "1 of the points lie on the wrong side, with an arrow at each point." in picture.alt
    assert show_boundary(POINTS, CLASSES).alt == "2 circles and 2 triangles in the plane."
