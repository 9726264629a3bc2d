"""What is known of a released assignment: what nbgrader's gradebook says, the same after a journey."""

import pytest
from nbgrader.api import MissingEntry

from autograder.nbgrader_bridge.course.release import ReleasedAssignment
from tests.autograder.nbgrader_bridge import classes, rows


@pytest.fixture(scope="module")
def gradebook(tmp_path_factory):
    """nbgrader's own, with one assignment of two notebooks."""
    with rows.released(tmp_path_factory.mktemp("released")) as opened:
        yield opened


@pytest.fixture(scope="module")
def released(gradebook):
    return ReleasedAssignment.from_gradebook(gradebook, rows.ASSIGNMENT)


def test_cells_are_those_of_the_gradebook_in_their_kinds(released):
    notebook = released.notebooks["problem"]
    cells = notebook.source_cells
    assert {cell.name: (cell.grade, cell.solution, cell.task, cell.max_score) for cell in cells} == {
        "answer": (False, True, False, 0.0),
        "test": (True, False, False, 2.0),
        "test2": (True, False, False, 3.5),
        "by-hand": (True, True, False, 4.0),
        "draw": (False, False, True, 1.5),
        "told": (False, False, False, 0.0),
    }
    assert {cell.name for cell in cells if cell.locked} == {"test", "test2", "draw", "told"}
    assert notebook.grade_cells == tuple(cell for cell in cells if cell.grade)
    assert notebook.solution_cells == tuple(cell for cell in cells if cell.solution)
    assert notebook.task_cells == tuple(cell for cell in cells if cell.task)


def test_it_answers_as_the_gradebook_does(gradebook, released):
    for notebook in ("problem", "second"):
        theirs = gradebook.find_notebook(notebook, rows.ASSIGNMENT)
        ours = released.find_notebook(notebook, rows.ASSIGNMENT)
        assert (ours.name, ours.kernelspec) == (theirs.name, theirs.kernelspec)
        for cell in theirs.source_cells:
            result = released.find_source_cell(cell.name, notebook, rows.ASSIGNMENT)
            assert (result.name, result.cell_type, result.locked) == (cell.name, cell.cell_type, cell.locked)
            assert result.source == (cell.source or "")
            assert result.grade or result.checksum == (cell.checksum or ""), "of its points: see below"
        for cell in theirs.grade_cells:
            assert released.find_graded_cell(cell.name, notebook, rows.ASSIGNMENT).max_score == cell.max_score


def test_a_marks_cells_checksum_is_nbgraders_own_for_the_points_of_the_gradebook(built):
    with classes.opened(built) as book:
        released = ReleasedAssignment.from_gradebook(book, classes.NETWORK)
        cells = book.find_notebook(classes.NETWORK, classes.NETWORK).source_cells
        theirs = {cell.name: cell.checksum for cell in cells}
    ours = {cell.name: cell.checksum for cell in released.notebooks[classes.NETWORK].source_cells}
    assert ours == theirs


@pytest.mark.parametrize(
    "asked",
    ["nothing problem ps1", "test second ps1", "test third ps1", "test problem ps2"],
)
def test_what_is_not_there_is_refused_as_by_the_gradebook(gradebook, released, asked):
    for book in (gradebook, released):
        with pytest.raises(MissingEntry):
            book.find_source_cell(*asked.split())
    with pytest.raises(MissingEntry):
        ReleasedAssignment.from_gradebook(gradebook, "ps2")


def test_it_is_the_same_after_a_journey_as_text(released):
    assert ReleasedAssignment.from_json(released.to_json()) == released
