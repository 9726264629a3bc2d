"""A notebook gets the form that nbformat asks for; what nbgrader and Jupyter need beside the cells stays."""

import copy

import nbformat
import pytest

from autograder.nbgrader_bridge.submission.sanitize_notebook import ValidNotebook, cell_metadata, make_valid

MARKED = {"grade": True, "grade_id": "a", "locked": True, "solution": False, "points": 1, "schema_version": 3}


def notebook():
    cell = nbformat.v4.new_code_cell("x", id="a", metadata={"nbgrader": MARKED, "collapsed": True})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}, "authors": [{"name": "Zoë"}]}
    return nbformat.v4.new_notebook(cells=[cell], metadata={**metadata, "title": "Mine"})


def test_a_valid_notebook_stays_as_it_is():
    result = notebook()
    make_valid(result)
    assert result == notebook()


def test_nbgrader_can_have_it_done_first():
    result = notebook()
    result.cells[0].metadata["tags"], result.cells[0]["id"] = ["x navbar-fixed-top"], "a.b"
    ValidNotebook().preprocess(result, {})
    assert result.cells[0].metadata == {"nbgrader": MARKED, "collapsed": True}
    nbformat.validate(result)


def test_ids_are_kept_where_they_can_be_and_are_never_the_same():
    result = notebook()
    result.cells += [copy.deepcopy(result.cells[0]) for _ in range(3)]
    make_valid(result)
    assert result.cells[0].id == "a"
    assert len({cell.id for cell in result.cells}) == 4


@pytest.mark.parametrize("words", ["python navbar-fixed-top", 'x"onload="x', "", "x" * 100])
def test_a_language_is_one_word_since_it_becomes_a_class(words):
    result = notebook()
    result.metadata.language_info = {"name": words}
    make_valid(result)
    assert "language_info" not in result.metadata


def test_of_a_cells_metadata_stays_how_it_is_shown():
    shown = {"collapsed": True, "scrolled": "auto", "editable": False, "jupyter": {"source_hidden": True}}
    assert cell_metadata({**shown, "tags": ["x"], "alt": "x", "magics_language": "x", "name": "x"}) == shown
    assert cell_metadata({"collapsed": 1, "scrolled": "x", "jupyter": []}) == {}
