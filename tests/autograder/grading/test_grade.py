"""From a notebook file to its report, each submission in a process of its own."""

import json
import tomllib
from pathlib import Path

import nbformat
import pytest

from autograder import assignments
from autograder.exercise import Report, Verdict
from autograder.grading import grade
from autograder.publishing import build
from autograder.reporting import report
from autograder.sandbox.protocol.limits import USUAL, Limits
from samples import FOLDER, samples
from tests.autograder.notebook_files import written

ROOT = Path(__file__).parents[3]
FIRST, SECOND = "01-error-backpropagation", "02-gradient-descent"
MARKS = tomllib.loads((FOLDER / "marks.toml").read_text(encoding="utf-8"))
SHORT = Limits(cell=0.8, call=0.5)  # for what never ends

RIGHT_EXERCISE3 = """
def exercise3(x):
    V = numpy.vander(x, 4, increasing=True)
    return 2/numpy.linalg.eigvalsh(2*V.T @ V).max()
"""


@pytest.fixture
def marked(fork_server):
    """The report on a file."""

    def report_on(path: Path, limits: Limits = USUAL) -> Report:
        return grade.grade_file(path, assignments.load_all(), fork_server, limits)

    return report_on


@pytest.fixture
def scored(tmp_path, marked):
    """The marks for exercise 3 of a notebook of these cells."""

    def score_of(*cells: str | nbformat.NotebookNode, limits: Limits = USUAL) -> float:
        return scores(marked(written(tmp_path / "x.ipynb", *cells), limits))["exercise3"]

    return score_of


def handed_in(folder: Path, assignment: str, sample: str) -> Path:
    """The file that a student with this sample's answers hands in."""
    if sample not in samples(assignment):
        return FOLDER / assignment / f"{sample}.ipynb"
    path = folder / f"{assignment}.ipynb"
    nbformat.write(samples(assignment)[sample].notebook(ROOT / "notebooks" / path.name), path)
    return path


def marks_cell(exercise: str, source: str = "") -> nbformat.NotebookNode:
    about = {"grade": True, "solution": False, "locked": True, "task": False, "schema_version": 3}
    about |= {"grade_id": f"{exercise}-marks", "points": 1.0}
    return nbformat.v4.new_code_cell(source, metadata={"nbgrader": about})


def scores(outcome: Report) -> dict[str, float]:
    return {result.exercise.name: result.score for result in outcome.results}


def faults(outcome: Report, exercise: str) -> list[str]:
    (result,) = (result for result in outcome.results if result.exercise.name == exercise)
    return [fault.fault for fault in result.faults]


def test_every_sample_has_its_marks_and_every_mark_its_sample():
    for assignment, table in MARKS.items():
        files = [path for path in (FOLDER / assignment).iterdir() if path.suffix in (".py", ".ipynb")]
        assert sorted(table) == sorted(path.stem for path in files)


EVERY_DAY = 10  # in `make test`, every tenth of an assignment's samples, with the first
SLOW = {(assignment, "loops") for assignment in MARKS if assignment > FIRST}  # they train, entry by entry
SLOW |= {("03-softmax-and-cross-entropy", "targets_as_columns")}  # and so does this one, in arrays too large


def parameters():
    for assignment, table in MARKS.items():
        for place, sample in enumerate(table):
            rare = place % EVERY_DAY > 0 or (assignment, sample) in SLOW
            marks = [pytest.mark.thorough] if rare else []
            yield pytest.param(assignment, sample, marks=marks, id=f"{assignment}-{sample}")


@pytest.mark.parametrize(("assignment", "sample"), [*parameters()])
def test_a_sample_earns_exactly_its_marks(assignment, sample, tmp_path, marked):
    path = handed_in(tmp_path, assignment, sample)
    outcome = marked(path, SHORT if sample == "never_ends" else USUAL)
    expected = MARKS[assignment][sample]
    if sample == "no_notebook":
        assert (outcome.readable, outcome.score) == (False, sum(expected.values())) == (False, 0)
        assert outcome.message
        return
    assert scores(outcome) == expected
    assert outcome.assignment is not None
    assert outcome.assignment.name == assignment
    assert outcome.notebook == str(path)
    for result in outcome.results:
        whole = result.score == result.exercise.max_score
        assert bool(result.faults) != whole, "what loses marks is told, and nothing else"
        if whole:
            assert {part.verdict for part in result.parts} == {Verdict.CORRECT}
        for part in result.parts:
            assert type(part.score) is float
            assert 0 <= part.score <= part.part.marks
    json.dumps(report.as_json(outcome), allow_nan=False)


def test_the_solution_earns_full_marks_and_hidden_tests_are_not_run(tmp_path, marked):
    """nbgrader's own source, with its hidden tests in the test cells, handed in as it is."""
    assignment = assignments.load(FIRST)
    source = build.source_notebook(assignment)
    for cell in source.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            assert "BEGIN HIDDEN TESTS" in cell.source
            cell.source = "exercise1 = exercise2 = None\n" + cell.source
    nbformat.write(source, tmp_path / "solution.ipynb")
    result = marked(tmp_path / "solution.ipynb")
    assert result.assignment is assignment
    assert result.score == result.max_score == 30.0


ENDLESS = ("import numpy", "while True: pass", RIGHT_EXERCISE3, "raise ValueError('late')")
DEADLY = ("import numpy", RIGHT_EXERCISE3, "import os; os.abort()", "later = exercise3")
MARKS_CELL, WHOLE = marks_cell("exercise3"), "import numpy\n" + RIGHT_EXERCISE3


@pytest.mark.parametrize(
    ("cells", "score"),
    [
        pytest.param(DEADLY, 5.0, id="a cell kills the process, and the other cells count"),
        pytest.param(ENDLESS, 5.0, id="a cell never ends, and the other cells count"),
        pytest.param(
            ("def exercise3(x): return 1.0", *(marks_cell(f"exercise{n}", WHOLE) for n in (3, 9))),
            0.0,
            id="a test cell defines nothing",
        ),
        # What a later cell makes of the function's name, or of its helpers, does not count.
        pytest.param((WHOLE, MARKS_CELL, "del numpy, exercise3"), 5.0, id="marked at its own cell"),
        pytest.param(("import numpy", MARKS_CELL, RIGHT_EXERCISE3), 0.0, id="defined after its own cell"),
        # As with nbgrader, which takes the id off the others.
        pytest.param(
            (WHOLE, marks_cell("exercise3"), "def exercise3(x): return None", MARKS_CELL),
            0.0,
            id="only the last of duplicated test cells counts",
        ),
    ],
)
def test_an_exercise_is_marked_where_its_test_cell_stands_whatever_other_cells_do(scored, cells, score):
    assert scored(*cells, limits=SHORT) == score


def test_a_notebook_without_metadata_is_recognised_by_its_functions(tmp_path, marked):
    path = written(tmp_path / "homework final (2).ipynb", "import numpy", RIGHT_EXERCISE3)
    result = marked(path)
    assert result.assignment is assignments.load(SECOND)
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 5.0}
    assert faults(result, "exercise1") == ["missing"]


@pytest.mark.parametrize(
    ("name", "cell", "assignment"),
    [
        ("x", "def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T): pass", FIRST),
        ("x", "def exercise1(theta, x, y):\n    pass", SECOND),
        (SECOND, "1 + 1", SECOND),
    ],
)
def test_a_notebook_is_recognised_by_its_functions_parameters_or_its_name(tmp_path, name, cell, assignment):
    path = written(tmp_path / f"{name}.ipynb", cell)
    known = grade.recognise(path, grade.read_all(path), assignments.load_all())
    assert known is assignments.load(assignment)


@pytest.mark.parametrize("cells", [(), ("1 + 1",), ("def exercise1(x): pass",), ("exercise1 = None",)])
def test_an_unknown_notebook_says_so(tmp_path, cells, marked):
    result = marked(written(tmp_path / "x.ipynb", *cells))
    assert not result.readable
    assert (result.score, result.max_score, result.results) == (0.0, 0.0, ())
    assert "exercise2(W,B,X,T)" in result.message
    assert "exercise3(x)" in result.message


def test_a_file_that_cannot_be_read_says_so(tmp_path, marked):
    result = marked(tmp_path / "nowhere.ipynb")
    assert (result.readable, result.message) == (False, "There is no such file.")


@pytest.mark.parametrize(
    ("body", "fault"),
    [("import os; os._exit(0)", "died"), ("\n    while True: pass", "timeout")],
    ids=["kills the process", "never ends"],
)
def test_the_next_exercise_is_marked_when_one(tmp_path, body, fault, marked):
    first = ("import numpy", f"def exercise1(theta,x,y): {body}", marks_cell("exercise1"))
    result = marked(written(tmp_path / "x.ipynb", *first, RIGHT_EXERCISE3, MARKS_CELL), SHORT)
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 5.0}
    assert faults(result, "exercise1") == [fault]


@pytest.mark.parametrize("kind", ["markdown", "raw"])
def test_an_answers_cell_that_was_turned_into_text_is_code_again(kind, tmp_path, marked):
    path = handed_in(tmp_path, FIRST, "matrix_products")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader"):
            cell.cell_type = kind
            cell.pop("outputs", None)
            cell.pop("execution_count", None)
    path = path.rename(tmp_path / "my homework.ipynb")
    nbformat.write(notebook, path)
    assert scores(marked(path)) == {"exercise1": 20.0, "exercise2": 10.0}


def test_a_missing_function_is_reported_with_the_error_that_explains_it(tmp_path, marked):
    path = written(tmp_path / "02-gradient-descent.ipynb", "import numppy\ndef exercise3(x): return 1.0")
    (fault,) = marked(path).results[2].faults
    assert fault.fault == "missing"
    assert "numppy" in fault.message


def test_a_helper_file_beside_the_notebook_is_found(tmp_path, scored):
    (tmp_path / "helper.py").write_text(WHOLE)
    assert scored("from helper import exercise3 as e", "def exercise3(x): return e(x)") == 5.0


def test_a_file_beside_the_notebook_shadows_no_library(tmp_path, scored):
    for name in ("numpy", "json", "utils"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit")
    assert scored("import json, utils", WHOLE) == 5.0


FORGER = """
import os, struct, time
def exercise3(x):
    header = {reply!r}
    for fd in range(3, 30):
        try:
            for _ in range(50): os.write(fd, struct.pack(">QQ", len(header), 0) + header)
        except OSError: pass
    time.sleep(60)
"""


FORGED = {
    "no object": "5",
    "text for a value": '{"value": "abc", "faults": []}',
    "an object for a value": '{"value": {"object": {}}, "faults": []}',
    "text in lists": '{"value": [["abc"]], "faults": []}',
    "a number beyond all floats": '{"value": 1' + 400 * "0" + ', "faults": []}',
    "deep lists": '{"value": ' + 300 * "[" + 300 * "]" + ', "faults": []}',
    "no value and no fault": '{"faults": []}',
    "a fault of two words": '{"value": 1.0, "faults": [["a", "b"]]}',
    "a fault of garbage": '{"value": 1.0, "faults": [[[], {}, null]]}',
}


@pytest.mark.parametrize("content", FORGED.values(), ids=FORGED)
def test_a_forged_reply_earns_nothing_and_stops_nothing(tmp_path, content, marked):
    forger = FORGER.format(reply=f'{{"object": {content}}}'.encode())
    result = marked(written(tmp_path / "x.ipynb", forger), Limits(cell=2.0, call=0.5))
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 0.0}
    json.dumps(report.as_json(result), allow_nan=False)
    report.as_text(result).encode()
