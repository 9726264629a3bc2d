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


def handed_in(folder: Path, assignment: str, sample: str) -> Path:
    """The file that a student with this sample's answers hands in."""
    if sample not in samples(assignment):
        return FOLDER / assignment / f"{sample}.ipynb"
    path = folder / f"{assignment}.ipynb"
    nbformat.write(samples(assignment)[sample].notebook(ROOT / "notebooks" / path.name), path)
    return path


def marks_cell(exercise: str, source: str = "") -> nbformat.NotebookNode:
    cell = nbformat.v4.new_code_cell(source)
    cell.metadata["nbgrader"] = {
        "grade": True,
        "solution": False,
        "locked": True,
        "grade_id": f"{exercise}-marks",
        "schema_version": 3,
        "points": 1.0,
        "task": False,
    }
    return cell


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
        assert not outcome.readable
        assert outcome.message
        assert outcome.score == sum(expected.values()) == 0
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


def test_a_test_cell_defines_nothing(tmp_path, marked):
    path = written(
        tmp_path / "x.ipynb",
        "import numpy\ndef exercise3(x): return 1.0",
        marks_cell("exercise3", "import numpy\n" + RIGHT_EXERCISE3),
        marks_cell("exercise9", "import numpy\n" + RIGHT_EXERCISE3),
    )
    assert scores(marked(path))["exercise3"] == 0.0


def test_a_notebook_without_metadata_is_recognised_by_its_functions(tmp_path, marked):
    path = written(tmp_path / "homework final (2).ipynb", "import numpy", RIGHT_EXERCISE3)
    result = marked(path)
    assert result.assignment is assignments.load(SECOND)
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 5.0}
    assert faults(result, "exercise1") == ["missing"]


def test_a_function_of_the_same_name_is_told_apart_by_its_parameters(tmp_path):
    path = written(tmp_path / "x.ipynb", "def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T): pass")
    cells = grade.read_all(path)
    assert grade.recognise(path, cells, assignments.load_all()) is assignments.load(FIRST)
    path = written(tmp_path / "y.ipynb", "def exercise1(theta, x, y):\n    pass")
    cells = grade.read_all(path)
    assert grade.recognise(path, cells, assignments.load_all()) is assignments.load(SECOND)


def test_a_notebook_with_an_assignments_name_is_that_assignments(tmp_path):
    path = written(tmp_path / f"{SECOND}.ipynb", "1 + 1")
    cells = grade.read_all(path)
    assert grade.recognise(path, cells, assignments.load_all()) is assignments.load(SECOND)


@pytest.mark.parametrize("cells", [(), ("1 + 1",), ("def exercise1(x): pass",), ("exercise1 = None",)])
def test_an_unknown_notebook_says_so(tmp_path, cells, marked):
    result = marked(written(tmp_path / "x.ipynb", *cells))
    assert not result.readable
    assert (result.score, result.max_score, result.results) == (0.0, 0.0, ())
    assert "exercise2(W,B,X,T)" in result.message
    assert "exercise3(x)" in result.message


def test_a_file_that_cannot_be_read_says_so(tmp_path, marked):
    result = marked(tmp_path / "nowhere.ipynb")
    assert not result.readable
    assert result.message == "There is no such file."


@pytest.mark.parametrize(
    ("body", "fault"),
    [("import os; os._exit(0)", "died"), ("while True: pass", "timeout")],
    ids=["kills the process", "never ends"],
)
def test_the_next_exercise_is_marked_when_one(tmp_path, body, fault, marked):
    path = written(
        tmp_path / "x.ipynb",
        "import numpy",
        f"def exercise1(theta,x,y): {body}"
        if "while" not in body
        else f"def exercise1(theta,x,y):\n    {body}",
        marks_cell("exercise1"),
        RIGHT_EXERCISE3,
        marks_cell("exercise3"),
    )
    result = marked(path, SHORT)
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 5.0}
    assert faults(result, "exercise1") == [fault]


def test_the_other_cells_count_when_a_cell_kills_the_process(tmp_path, marked):
    path = written(
        tmp_path / "x.ipynb", "import numpy", RIGHT_EXERCISE3, "import os; os.abort()", "later = exercise3"
    )
    assert scores(marked(path))["exercise3"] == 5.0


def test_the_other_cells_count_when_a_cell_never_ends(tmp_path, marked):
    path = written(
        tmp_path / "x.ipynb", "import numpy", "while True: pass", RIGHT_EXERCISE3, "raise ValueError('late')"
    )
    assert scores(marked(path, SHORT))["exercise3"] == 5.0


def test_an_exercise_is_marked_at_its_own_cell(tmp_path, marked):
    """What a later cell makes of the function's name, or of its helpers, does not count."""
    path = written(
        tmp_path / "x.ipynb",
        "import numpy\n" + RIGHT_EXERCISE3,
        marks_cell("exercise3"),
        "del numpy, exercise3",
    )
    assert scores(marked(path))["exercise3"] == 5.0
    path = written(
        tmp_path / "y.ipynb",
        "import numpy",
        marks_cell("exercise3"),
        RIGHT_EXERCISE3,
    )
    assert scores(marked(path))["exercise3"] == 0.0


def test_only_the_last_of_duplicated_test_cells_counts(tmp_path, marked):
    """As with nbgrader, which takes the id off the others."""
    path = written(
        tmp_path / "x.ipynb",
        "import numpy\n" + RIGHT_EXERCISE3,
        marks_cell("exercise3"),
        "def exercise3(x): return None",
        marks_cell("exercise3"),
    )
    assert scores(marked(path))["exercise3"] == 0.0


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


def test_a_helper_file_beside_the_notebook_is_found(tmp_path, marked):
    (tmp_path / "helper.py").write_text("import numpy\n" + RIGHT_EXERCISE3)
    path = written(tmp_path / "x.ipynb", "from helper import exercise3 as e", "def exercise3(x): return e(x)")
    assert scores(marked(path))["exercise3"] == 5.0


def test_a_file_beside_the_notebook_shadows_no_library(tmp_path, marked):
    for name in ("numpy", "json", "utils"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit")
    path = written(tmp_path / "x.ipynb", "import json, utils", "import numpy", RIGHT_EXERCISE3)
    assert scores(marked(path))["exercise3"] == 5.0


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


@pytest.mark.parametrize(
    "reply",
    [
        b'{"object": 5}',
        b'{"object": {"value": "abc", "faults": []}}',
        b'{"object": {"value": {"object": {}}, "faults": []}}',
        b'{"object": {"value": [["abc"]], "faults": []}}',
        b'{"object": {"value": 1' + 400 * b"0" + b', "faults": []}}',
        b'{"object": {"value": ' + 300 * b"[" + 300 * b"]" + b', "faults": []}}',
        b'{"object": {"faults": []}}',
        b'{"object": {"value": 1.0, "faults": [["a", "b"]]}}',
        b'{"object": {"value": 1.0, "faults": [[[], {}, null]]}}',
    ],
    ids=[
        "no object",
        "text for a value",
        "an object for a value",
        "text in lists",
        "a number beyond all floats",
        "deep lists",
        "no value and no fault",
        "a fault of two words",
        "a fault of garbage",
    ],
)
def test_a_forged_reply_earns_nothing_and_stops_nothing(tmp_path, reply, marked):
    path = written(tmp_path / "x.ipynb", FORGER.format(reply=reply))
    result = marked(path, Limits(cell=2.0, call=0.5))
    assert scores(result) == {"exercise1": 0.0, "exercise2": 0.0, "exercise3": 0.0}
    json.dumps(report.as_json(result), allow_nan=False)
    report.as_text(result).encode()
