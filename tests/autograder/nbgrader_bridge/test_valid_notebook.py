"""A notebook gets the form that nbformat asks for; what nbgrader and Jupyter need beside the cells stays."""

import copy

import nbformat
import pytest

from autograder.nbgrader_bridge.sanitize_notebook import ValidNotebook, cell_metadata, make_valid

MARKED = {"grade": True, "grade_id": "a", "locked": True, "solution": False, "points": 1, "schema_version": 3}


def notebook():
    cell = nbformat.v4.new_code_cell("x", id="a", metadata={"nbgrader": MARKED, "collapsed": True})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "authors": [{"name": "Zoë"}]}
    return nbformat.v4.new_notebook(cells=[cell], metadata={**metadata, "title": "Mine"})


def test_a_valid_notebook_stays_as_it_is():
    found = notebook()
    make_valid(found)
    assert found == notebook()


def test_nbgrader_can_have_it_done_first():
    found = notebook()
    found.cells[0].metadata["tags"], found.cells[0]["id"] = ["x navbar-fixed-top"], "a.b"
    ValidNotebook().preprocess(found, {})
    assert found.cells[0].metadata == {"nbgrader": MARKED, "collapsed": True}
    nbformat.validate(found)


def test_ids_are_kept_where_they_can_be_and_are_never_the_same():
    found = notebook()
    found.cells += [copy.deepcopy(found.cells[0]) for _ in range(3)]
    make_valid(found)
    assert found.cells[0].id == "a"
    assert len({cell.id for cell in found.cells}) == 4


@pytest.mark.parametrize("words", ["python navbar-fixed-top", 'x"onload="x', "", "x" * 100])
def test_a_language_is_one_word_since_it_becomes_a_class(words):
    found = notebook()
    found.metadata.language_info = {"name": words}
    make_valid(found)
    assert "language_info" not in found.metadata


def test_of_a_cells_metadata_stays_how_it_is_shown():
    shown = {"collapsed": True, "scrolled": "auto", "editable": False, "jupyter": {"source_hidden": True}}
    assert cell_metadata({**shown, "tags": ["x"], "alt": "x", "magics_language": "x", "name": "x"}) == shown
    assert cell_metadata({"collapsed": 1, "scrolled": "x", "jupyter": []}) == {}
