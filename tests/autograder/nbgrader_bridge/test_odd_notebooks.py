"""What stands beside the cells of a notebook never keeps a student from marks or feedback."""

import json
import shutil
from itertools import cycle

import nbformat
import pytest

from tests import command
from tests.autograder.nbgrader_bridge import classes, others
from tests.autograder.nbgrader_bridge.others import ASSIGNMENT, RIGHT

TEXT = "My own words: grüße 你好"
WIDGETS = "application/vnd.jupyter.widget-state+json"
COLAB = {
    "colab": {"provenance": [], "toc_visible": True, "collapsed_sections": ["x"], "gpuType": "T4"},
    "accelerator": "GPU",
    "kernelspec": {"name": "python3", "display_name": "Python 3"},
    "language_info": {"name": "python"},
    "widgets": {WIDGETS: {"1d2c": {"model_module": "@jupyter-widgets/controls", "state": {}}}},
}


def _top(**entries):
    return lambda nb: nb.update(entries)


def _notebook(**metadata):
    return lambda nb: nb["metadata"].update(metadata)


def _cells(**metadata):
    return lambda nb: [cell["metadata"].update(metadata) for cell in nb["cells"]]


def _ids(*ids):
    return lambda nb: [cell.update(id=name) for cell, name in zip(nb["cells"], cycle(ids), strict=False)]


def _in_cells(kind, **entries):
    return lambda nb: [cell.update(entries) for cell in nb["cells"] if cell["cell_type"] == kind]


def _without_ids(nb):
    nb["nbformat_minor"] = 4
    for cell in nb["cells"]:
        del cell["id"]


PNG = "iVBORw0KGgo="
ODD = {
    "as_released": lambda nb: None,
    "colab": lambda nb: nb.update(metadata=COLAB, nbformat_minor=0),
    "colab_cells": _cells(id="lTqK3v", outputId="x", colab={"base_uri": "https://x/"}, cellView="form"),
    "widgets_null": _notebook(widgets=None),
    "widgets_empty": _notebook(widgets={}),
    "widgets_list": _notebook(widgets=[1]),
    "widgets_text_state": _notebook(widgets={WIDGETS: {"state": "text"}}),
    "language_null": _notebook(language_info=None),
    "language_text": _notebook(language_info="python"),
    "language_without_name": _notebook(language_info={"version": "3.11"}),
    "language_numbers": _notebook(language_info={"name": 3, "pygments_lexer": 4}),
    "lexer_null": _notebook(language_info={"name": "python", "pygments_lexer": None}),
    "lexer_odd": _notebook(language_info={"name": "python", "pygments_lexer": 'x" onclick="x'}),
    "mode_odd": _notebook(language_info={"name": "python", "codemirror_mode": [3]}),
    "title_number": _notebook(title=7),
    "title_list": _notebook(title=["a", "b"]),
    "title_null": _notebook(title=None),
    "authors_text": _notebook(authors="Ana and Ben"),
    "authors_names": _notebook(authors=["Ana", {"name": 3}, None]),
    "kernel_missing": lambda nb: nb["metadata"].pop("kernelspec", None),
    "kernel_null": _notebook(kernelspec=None),
    "kernel_text": _notebook(kernelspec="python3"),
    "kernel_numbers": _notebook(kernelspec={"name": 3, "display_name": None}),
    "toc": _notebook(toc={"base_numbering": 1, "toc_position": {}}, celltoolbar=5, orig_nbformat="x"),
    "orig_format_zero": _notebook(orig_nbformat=0),
    "metadata_null": _top(metadata=None),
    "metadata_list": _top(metadata=[]),
    "vscode": _cells(vscode={"languageId": "python"}, execution={"iopub.status.busy": 3}),
    "id_dot": _ids("a.b", "c.d", "e.f", "g.h", "i.j", "k.l", "m.n", "o.p"),
    "id_blank": _ids("a b", " ", "c d"),
    "id_umlaut": _ids("für", "über"),
    "id_long": _ids("x" * 65, "y" * 65),
    "id_empty": _ids("", "same", "same"),
    "id_number": _ids(3, None, 4.5, True),
    "id_list": _ids([], {}),
    "id_markup": _ids('x" onclick="x', "<b>"),
    "no_ids": _without_ids,
    "tags_text": _cells(tags="hide_input"),
    "tags_numbers": _cells(tags=[1, None, "a,b"]),
    "tags_twice": _cells(tags=["a", "a"]),
    "name_number": _cells(name=3),
    "collapsed_text": _cells(collapsed="yes", scrolled="perhaps", editable="no", deletable=1),
    "jupyter_text": _cells(jupyter="x"),
    "jupyter_odd": _cells(jupyter={"source_hidden": "x", "outputs_hidden": []}),
    "slideshow": _cells(slideshow={"slide_type": 3}, format=3, hide_input=True),
    "format_number": lambda nb: nb["cells"].append(
        {"cell_type": "raw", "id": "r", "metadata": {"format": 3, "raw_mimetype": 5}, "source": "raw"}
    ),
    "minor_odd": _top(nbformat_minor=99),
    "minor_text": _top(nbformat_minor="5"),
    "minor_negative": _top(nbformat_minor=-1),
    "format_text": _top(nbformat="4"),
    "format_missing": lambda nb: nb.pop("nbformat"),
    "more_at_the_top": _top(signature="x", worksheets=[], comment={"a": 1}),
    "outputs_null": _in_cells("code", outputs=None),
    "outputs_odd": _in_cells("code", outputs=[3, "x", {"output_type": "display_data"}, {}]),
    "outputs_missing": lambda nb: [cell.pop("outputs", None) for cell in nb["cells"]],
    "count_text": _in_cells("code", execution_count="7"),
    "count_huge": _in_cells("code", execution_count=10**40),
    "count_negative": _in_cells("code", execution_count=-3),
    "prompt_number": _in_cells("code", prompt_number=3, input="x", language="python", collapsed=True),
    "attachments_in_code": _in_cells("code", attachments={"a.png": {"image/png": PNG}}),
    "attachments_null": _in_cells("markdown", attachments=None),
    "attachments_odd": _in_cells("markdown", attachments={"a": "x", "b": {}, "c": {"image/png": [1]}}),
    "text_with_outputs": _in_cells("markdown", outputs=[], execution_count=None),
    "source_lines": lambda nb: [c.update(source=c["source"].splitlines(keepends=True)) for c in nb["cells"]],
}
BEFORE_US = {
    *("metadata_null", "metadata_list", "minor_text", "format_text", "format_missing", "outputs_null"),
    *("outputs_odd", "id_list", "attachments_null", "attachments_odd"),
}
"""What nbgrader itself stumbles over in `nbgrader autograde` before anything of ours is asked."""


def hand_in(folder, student, change):
    released = json.loads((folder / "release" / ASSIGNMENT / "problem1.ipynb").read_text("utf-8"))
    released["cells"].insert(1, {"cell_type": "markdown", "id": "own", "metadata": {}, "source": TEXT})
    for cell in released["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = RIGHT.get(name, "".join(cell["source"]))
    change(released)
    submitted = folder / "submitted" / student / ASSIGNMENT
    submitted.mkdir(parents=True)
    (submitted / "problem1.ipynb").write_text(json.dumps(released), encoding="utf-8")


@pytest.fixture(scope="module")
def handed_in(tmp_path_factory):
    """A course in which the whole class has handed in."""
    folder = tmp_path_factory.mktemp("odd") / "course"
    others.build(folder)
    for student, change in ODD.items():
        hand_in(folder, student, change)
    return folder


@pytest.fixture(scope="module")
def ours(handed_in, tmp_path_factory, fork_server):
    """The whole class, graded by `autograder grade`; feedback by nbgrader, for all at once."""
    folder = shutil.copytree(handed_in, tmp_path_factory.mktemp("ours") / "course")
    said = command.grade(fork_server, folder, ASSIGNMENT)
    return folder, said, classes.nbgrader(folder, "generate_feedback", ASSIGNMENT, status=None)


@pytest.mark.thorough  # a class of odd notebooks, with feedback
def test_each_notebook_is_valid_and_has_its_feedback(ours):
    folder, said, log = ours
    assert [student for student in ODD if student in said.partition("Not graded")[2]] == [], said
    for student in ODD:
        path = folder / "autograded" / student / ASSIGNMENT / "problem1.ipynb"
        nbformat.validate(nbformat.read(path, as_version=4))
    assert without_page(folder, ODD) == [], log[-3000:]


def without_page(folder, students):
    """Students without feedback that holds their own words."""
    pages = {student: folder / "feedback" / student / ASSIGNMENT / "problem1.html" for student in students}
    return [who for who, page in pages.items() if not (page.is_file() and TEXT in page.read_text("utf-8"))]


@pytest.mark.thorough  # a class of odd notebooks
def test_every_right_answer_has_full_marks(ours):
    with others.gradebook(ours[0]) as book:
        result = {s.student.id: s.score for s in book.assignment_submissions(ASSIGNMENT)}
    assert result == dict.fromkeys(ODD, result["as_released"])
    assert result["as_released"] >= 7


@pytest.mark.thorough  # nbgrader takes a second for each
def test_nbgraders_own_autograde_with_our_preprocessors_makes_a_page_too(handed_in, tmp_path):
    folder = shutil.copytree(handed_in, tmp_path / "course")
    said = classes.nbgrader(folder, "autograde", ASSIGNMENT, "--create", status=None)
    said += classes.nbgrader(folder, "generate_feedback", ASSIGNMENT, status=None)
    assert without_page(folder, sorted(set(ODD) - BEFORE_US)) == [], said[-6000:]
