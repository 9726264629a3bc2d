"""A notebook run in the sandbox: outputs where they belong, our marks in our test cells, and in no others."""

import re

import nbformat
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.submission.grade_notebook import grade_notebook
from autograder.publishing.build import write_source
from autograder.sandbox.protocol.limits import Limits
from samples import samples
from tests.autograder.nbgrader_bridge import others
from tests.autograder.nbgrader_bridge.classes import NETWORK

LIMITS = Limits(60, 60, 600)
SECRET = b"the same instances at every run."
LINE = f'from autograder.nbgrader_bridge.hidden_test import marks; marks("{NETWORK}", "exercise1", globals())'


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The instructor's own notebook, whose test cells are as nbgrader restores them."""
    folder = tmp_path_factory.mktemp("source")
    write_source(assignments.load(NETWORK), folder)
    return folder / f"{NETWORK}.ipynb"


def cell_of(notebook, grade_id):
    (cell,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id]
    return cell


def run(fork_server, notebook, files=None):
    return grade_notebook(notebook, "amara", SECRET, files or {}, fork_server, LIMITS)


def test_reasons_and_marks_stand_in_our_cells_outputs_in_the_others_and_counts_go_on(fork_server, source):
    sample = samples(NETWORK)["missing_relu_mask"]
    notebook = sample.notebook(source)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("print(open('mine.txt').read())"))
    executed = run(fork_server, notebook, {"mine.txt": b"beside it"})
    assert {result.exercise.name: result.score for result in executed.report.results} == sample.marks
    assert notebook.cells[0].outputs[0].text == "beside it\n"
    for name, marks in sample.marks.items():
        reasons, value = cell_of(notebook, f"{name}-marks").outputs
        assert value.data["text/plain"] == repr(float(marks))
        assert set(reasons.data) == {"text/plain", "text/html"}
    codes = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    assert [cell.execution_count for cell in codes] == list(range(1, len(codes) + 1))
    assert "DZ2" in cell_of(notebook, "exercise1-marks").outputs[0].data["text/plain"]


def graded(source, grade_id="test", **changed):
    return others.cell(grade_id, source, **{"grade": True, "locked": True, "points": 1} | changed)


def of(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def test_a_test_cell_of_somebody_else_s_runs_and_nothing_is_marked(fork_server):
    false, part = graded("assert x == 4"), graded("float(x)/2", "part")
    executed = run(fork_server, of(nbformat.v4.new_code_cell("x = 3"), false, part))
    assert executed.report is None
    assert [output.ename for output in false.outputs] == ["AssertionError"]
    assert part.outputs[0].data["text/plain"] == "1.5"


@pytest.mark.parametrize(
    "cell",
    [graded(LINE, locked=False, solution=True), graded(LINE, grade=False), nbformat.v4.new_code_cell(LINE)],
    ids=["a student's graded cell", "not graded", "no cell of nbgrader's"],
)
def test_our_line_marks_nothing_but_in_a_locked_test_cell(fork_server, cell):
    executed = run(fork_server, of(cell))
    assert executed.report is None
    assert cell.outputs
    assert {output.output_type for output in cell.outputs} == {"error"}, "in the box no grader can be asked"


@pytest.mark.parametrize("name", ["no-such-assignment", "../01_error_backpropagation"])
def test_an_assignment_that_is_not_found_is_an_error_and_no_mark_of_0(fork_server, name):
    cell = graded(LINE.replace(NETWORK, name))
    with pytest.raises(assignments.UnknownAssignment, match=re.escape(name)):
        run(fork_server, of(cell))


def test_what_is_live_in_a_student_s_text_is_taken_out_and_the_instructor_s_text_stays(fork_server):
    live = "Look: <script>alert(1)</script> and $x^2$"
    student_s = nbformat.v4.new_markdown_cell(live)
    instructor_s = others.cell("told", live, "markdown", locked=True)
    run(fork_server, of(student_s, instructor_s))
    assert "<script>" not in student_s.source
    assert "$x^2$" in student_s.source
    assert instructor_s.source == live
