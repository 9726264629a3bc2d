"""For an afternoon's task a notebook alone is an assignment: as text, or as JupyterLab saves it."""

import jupytext
import nbformat
import numpy as np
import pytest

from autograder import assignments
from autograder.assignments import BrokenAssignment
from autograder.lint.checks import lint
from autograder.lint.remark import Level
from autograder.publishing import build

pytestmark = pytest.mark.usefixtures("nothing_of_this_stays")

NAME = "a-task"
TEXT = '''# %% [markdown]
# # An afternoon's task

# %%
# forward pass: exercise1
# shapes: X (N, 3), W (3, 1), B (1), T (N, 1)
# given: X, W, B, Y, T
# hand in: DY 3 P, DW 2 P, DB 1 P
Y = X @ W + B
err = mean_squared_error(Y, T)

# %% solution="exercise1"
def exercise1(X,W,B,Y,T):
    """The gradient of the error by Y, W and B."""
    ### BEGIN SOLUTION
    DY = 2*(Y-T)/len(Y)
    return DY,X.T.dot(DY),DY.sum(axis=0)
    ### END SOLUTION
    raise NotImplementedError("exercise1")

# %% marks="exercise1"
'''


def as_file(text, path):
    """As somebody writes it in JupyterLab: roles in comments, and outputs in it."""
    notebook = jupytext.reads(text, fmt="py:percent")
    for cell in notebook.cells:
        for role in ("solution", "marks"):
            if role in cell.metadata:
                cell.source = f"# {role}: {cell.metadata.pop(role)}\n{cell.source}"
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text="left behind")]
    notebook.cells[1].execution_count = 7
    nbformat.write(notebook, path)


@pytest.fixture(params=["py", "ipynb"])
def task(request, tmp_path):
    """A file with the assignment, beside a script, in a folder that is searched."""
    path = tmp_path / f"a_task.{request.param}"
    if request.param == "py":
        path.write_text(TEXT)
    else:
        as_file(TEXT, path)
    (tmp_path / "not_one.py").write_text("print('a script')\n")
    assignments.search(tmp_path)
    return path


def changed(folder, old, text):
    """The task with something else in it."""
    assert old in TEXT
    path = folder / "a_task.py"
    path.write_text(TEXT.replace(old, text))
    assignments.search(folder)
    return path


def test_it_is_found_in_a_folder_and_by_itself(task):
    for where in (task.parent, task):
        assignments.search(where)
        assert [name for name in assignments.folders() if not assignments.is_ours(name)] == [NAME]
        assignments.search()


def test_it_declares_what_its_header_says(task):
    assignment = assignments.load(NAME)
    (exercise,) = assignment.exercises
    assert assignment.title == "An afternoon's task"
    assert exercise.signature == "exercise1(X,W,B,Y,T)"
    assert {part.name: part.marks for part in exercise.parts} == {"DY": 3, "DW": 2, "DB": 1}
    for one in exercise.instances(1):
        X, Y, T = (one.inputs[name] for name in "XYT")
        np.testing.assert_allclose(exercise.reference(one)["DW"], X.T @ (2 * (Y - T) / len(Y)))


def test_students_get_neither_the_forward_pass_s_cell_nor_the_solution_s_comment(task):
    notebook = build.source_notebook(assignments.load(NAME))
    assert [cell.cell_type for cell in notebook.cells] == ["markdown", "code", "code"]
    _, answer, marks = notebook.cells
    assert answer.source.startswith("def exercise1")
    assert answer.metadata.nbgrader.solution
    assert marks.metadata.nbgrader.points == 6
    assert "left behind" not in nbformat.writes(notebook)


def test_lint_has_nothing_against_it(task):
    assert [r for r in lint(NAME, thorough=False) if r.level is Level.ERROR] == []


def test_a_wrong_signature_is_reported_at_its_line(tmp_path):
    path = changed(tmp_path, "def exercise1(X,W,B,Y,T)", "def exercise1(X,W,B,T,Y)")
    (error,) = [r for r in lint(NAME, thorough=False) if "signature" in r.sentence]
    line = 1 + path.read_text().splitlines().index("def exercise1(X,W,B,T,Y):")
    assert (error.file, error.line) == (path, line)


@pytest.mark.parametrize(
    ("old", "text", "sentence"),
    [
        ("# hand in: DY 3 P, DW 2 P, DB 1 P\n", "", "has no line `# hand in: …`"),
        ("DY 3 P, DW", "DY three, DW", "write `# hand in: DW 2 P, DB 1 P`"),
        ("X (N, 3)", "X [N, 3]", "write `# shapes: X (N, 3), B (1)`"),
        ("Y = X @ W", "Y = X @ V", "V is neither an input nor computed above"),
        ("DW 2 P", "DV 2 P", "the forward pass has no V"),
    ],
)
def test_a_header_that_cannot_be_read_is_a_sentence(tmp_path, old, text, sentence):
    path = changed(tmp_path, old, text)
    with pytest.raises(BrokenAssignment) as refused:
        assignments.load(NAME)
    assert sentence in str(refused.value)
    assert str(path) in str(refused.value)
