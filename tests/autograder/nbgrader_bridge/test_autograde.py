"""A class graded by nbgrader, in the sandbox and in its own kernels: marks, reasons, and what stays."""

import html
import os
import re
import shutil
import tomllib
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest
from nbgrader.api import Gradebook

from autograder import assignments
from autograder.grading import grade, secret
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.reporting import report
from autograder.sandbox.protocol.limits import Limits
from autograder.submissions.notebook import MAX_CODE, read
from samples import FOLDER
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.tables import thorough

NETWORK, DESCENT = "01-error-backpropagation", "02-gradient-descent"
SECONDS = 10  # for a cell that never ends; the imports of the other cells have to fit in, too

SANDBOXED, KERNEL = "in the sandbox", "in a kernel"  # the others in a kernel: test_parity.py
CLASS = [
    (SANDBOXED, NETWORK, "matrix_products"),
    (SANDBOXED, NETWORK, "prints_and_warns"),
    (SANDBOXED, NETWORK, "missing_relu_mask"),
    (SANDBOXED, NETWORK, "detached"),
    (SANDBOXED, NETWORK, "raises"),
    (SANDBOXED, NETWORK, "empty"),
    thorough((SANDBOXED, NETWORK, "never_ends")),
    (SANDBOXED, NETWORK, "changed_test_cell"),
    (SANDBOXED, DESCENT, "empty"),
    thorough((KERNEL, NETWORK, "never_ends")),
    thorough((KERNEL, NETWORK, "changed_test_cell")),
]

# What a student is told of an exercise, in part: where the answer is missing, and not where it is wrong.
TOLD = {
    "empty": {"exercise1": "NotImplementedError", "exercise2": "NotImplementedError"},
    "raises": {"exercise1": "ValueError", "exercise2": "NameError"},
    "never_ends": {"exercise1": "did not come back in time"},
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A course folder without submissions."""
    return classes.built(tmp_path_factory.mktemp("course"), NETWORK, DESCENT, whole=True)


@pytest.fixture
def folder(built, tmp_path):
    """A course folder of a test's own."""
    return shutil.copytree(built, tmp_path / "course")


@pytest.fixture(scope="module", params=CLASS, ids="/".join)
def graded(request, built, tmp_path_factory):
    """One student, graded in a course folder of their own."""
    where, assignment, student = request.param
    folder = shutil.copytree(built, tmp_path_factory.mktemp("graded") / "course")
    if where == KERNEL:
        with (folder / course.CONFIG).open("a") as config:
            config.write(PLAIN)
    sample = "matrix_products" if student == "changed_test_cell" else student
    hand_in(folder, assignment, student, sample)
    if student == "changed_test_cell":
        change_test_cell(submission(folder, assignment, student))
    if student == "never_ends":
        shorten_the_wait(folder, submission(folder, assignment, student))
    return graded_by_nbgrader(folder, assignment, student, sample)


@pytest.fixture(scope="module")
def without_test_cell(built, tmp_path_factory):
    """A right notebook, graded, whose first exercise has lost its test cell."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("graded") / "course")
    hand_in(folder, NETWORK, "amara", "matrix_products")
    path = submission(folder, NETWORK, "amara")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells = [cell for cell in notebook.cells if grade_id(cell) != "exercise1-marks"]
    nbformat.write(notebook, path)
    return graded_by_nbgrader(folder, NETWORK, "amara", "matrix_products")


def change_test_cell(path):
    """Let the first exercise's test cell give itself marks, and many."""
    notebook = nbformat.read(path, as_version=4)
    (test,) = [cell for cell in notebook.cells if grade_id(cell) == "exercise1-marks"]
    test.source = "print('all is well')\n200.0"
    test.metadata.nbgrader.points = 200
    nbformat.write(notebook, path)


def shorten_the_wait(folder, path):
    """Give a cell little time, and leave one cell that tries the first exercise out."""
    config = folder / course.CONFIG
    limits = f"c.Execute.timeout = {SECONDS}\nc.Execute.iopub_timeout = 30\n"
    limits += "c.BoxedExecute.timeout = 2\nc.BoxedExecute.call_timeout = 1\n"
    config.write_text(f"{config.read_text()}\n{limits}")
    notebook = nbformat.read(path, as_version=4)
    trying = [cell for cell in notebook.cells if 'utils.attempt("exercise1"' in cell.source]
    assert len(trying) > 2
    notebook.cells = [cell for cell in notebook.cells if cell not in trying[1:]]
    nbformat.write(notebook, path)


def submission(folder, assignment, student):
    return folder / "submitted" / student / assignment / f"{assignment}.ipynb"


def graded_by_nbgrader(folder, assignment, student, sample):
    """Autograde one student and write the feedback: marks, cells of the autograded notebook, the page."""
    course.autograde(folder, assignment, student)
    page = course.generate_feedback(folder, assignment, student) / f"{assignment}.html"
    notebook = nbformat.read(
        folder / "autograded" / student / assignment / f"{assignment}.ipynb", as_version=4
    )
    return SimpleNamespace(
        assignment=assignments.load(assignment),
        student=student,
        submitted=submission(folder, assignment, student),
        seeds=lambda exercise: seed(folder, assignment, student, exercise),
        marks=course.marks(folder, assignment)[student],
        expected=expected(assignment, sample),
        cells={grade_id(cell): cell for cell in notebook.cells},
        page=page.read_text("utf-8"),
    )


def seed(folder, assignment, student, exercise):
    """The seed of what a submission met: by the student, and by the code before the cell of the marks."""
    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    cells = read(path)
    place = next(n for n, cell in enumerate(cells) if cell.grade_id == f"{exercise}-marks")
    code = [cell.source for cell in cells[:place] if not cell.is_test]
    return secret.Keys.of().seeds(path, assignment).of(exercise, secret.fingerprint(code, {}))


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def expected(assignment, sample):
    """The marks of a sample, by marks cell."""
    table = tomllib.loads((FOLDER / "marks.toml").read_text("utf-8"))[assignment][sample]
    return {f"{exercise}-marks": marks for exercise, marks in table.items()}


def shown(cell):
    """What stands under a cell: the kinds of its outputs, the reasons as HTML, the marks as text."""
    reasons, marks, *after = cell.outputs
    assert (reasons.output_type, marks.output_type) == ("display_data", "execute_result")
    # nbgrader writes its own error under a cell that it interrupted; the marks before it count
    assert [output.get("ename") for output in after] in ([], ["CellTimeoutError"])
    assert set(reasons.data) == {"text/plain", "text/html"}
    assert set(marks.data) == {"text/plain"}
    return reasons.data["text/html"], marks.data["text/plain"]


def in_words(fragment):
    """HTML as its text alone, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", fragment)).split())


def own_marks(path, fork_server):
    """What the grader itself gives for a file, by marks cell."""
    marked = grade.grade_file(path, assignments.load_all(), fork_server, Limits(cell=2.0, call=1.0))
    return {result.exercise.marks_cell: result.score for result in marked.results}


def entries(values):
    """Every number in arrays, plain numbers, and lists of them."""
    for value in values:
        if isinstance(value, list):
            yield from entries(value)
        else:
            yield from (abs(float(entry)) for entry in np.asarray(value).flat)


def written(number):
    """A number as it is compared: six digits, as many as a report shows."""
    return f"{number:.5e}"


def numbers_of(instances, exercise):
    """Every input and every true value."""
    values = [v for i in instances for v in (*i.inputs.values(), *exercise.reference(i).values())]
    return {written(number) for number in entries(values)}


def told_hidden_numbers(page, exercise, seed):
    """The numbers on a page, in six digits or more, that stand in hidden inputs or true values."""
    visible = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    result = re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", in_words(visible))
    long = {written(float(n)) for n in result if len(re.sub(r"e.*|\D", "", n).lstrip("0")) >= 6}
    instances = exercise.instances(seed)
    public = numbers_of([i for i in instances if i.public], exercise)
    return long & (numbers_of([i for i in instances if not i.public], exercise) - public)


def test_every_student_gets_the_marks_of_the_sample(graded):
    assert graded.marks == graded.expected


def test_the_grader_itself_gives_the_same_marks(graded, fork_server):
    assert own_marks(graded.submitted, fork_server) == graded.marks


def test_the_test_cells_are_the_instructors_own(graded):
    for exercise in graded.assignment.exercises:
        cell = graded.cells[exercise.marks_cell]
        assert cell.source.startswith(f"# {exercise.max_score:g} P")
        assert "hidden_test import marks" in cell.source
        assert cell.metadata.nbgrader.points == exercise.max_score


def test_the_reasons_stand_above_the_marks(graded):
    for exercise in graded.assignment.exercises:
        cell = graded.cells[exercise.marks_cell]
        reasons, _ = shown(cell)
        assert len(cell.outputs) == 2 or graded.student == "never_ends"
        marks = graded.marks[exercise.marks_cell]
        assert reasons.startswith("<div")
        assert f"{exercise.name}: {exercise.title}" in in_words(reasons)
        assert f"{report.marks(marks)} of {report.marks(exercise.max_score)} P" in in_words(reasons)
        assert all(part.name in in_words(reasons) for part in exercise.parts)
        assert ("What to look at" in reasons) == (marks < exercise.max_score)
        assert TOLD.get(graded.student, {}).get(exercise.name, "") in in_words(reasons)


def test_the_last_output_is_the_text_of_a_plain_float(graded):
    for exercise in graded.assignment.exercises:
        _, text = shown(graded.cells[exercise.marks_cell])
        assert re.fullmatch(r"\d+\.\d+", text)
        assert float(text) == graded.marks[exercise.marks_cell]


def test_the_feedback_page_tells_the_reasons(graded):
    page = in_words(graded.page)
    for exercise in graded.assignment.exercises:
        reasons, _ = shown(graded.cells[exercise.marks_cell])
        assert in_words(reasons) in page


def test_the_feedback_page_tells_no_hidden_number(graded):
    for exercise in graded.assignment.exercises:
        assert told_hidden_numbers(graded.page, exercise, graded.seeds(exercise.name)) == set()


@pytest.mark.parametrize("assignment", [NETWORK, DESCENT])
def test_a_hidden_number_on_a_page_would_be_found(assignment):
    for exercise in assignments.load(assignment).exercises:
        hidden = [i for i in exercise.instances(5) if not i.public]
        truth = (n for i in hidden for n in entries(exercise.reference(i).values()))
        message = next(f"{n:.6g}" for n in truth if len(re.sub(r"e.*|\D", "", f"{n:.6g}").lstrip("0")) == 6)
        assert told_hidden_numbers(f"<p>the true value is -{message}.</p>", exercise, 5)


def test_a_deleted_test_cell_leaves_the_other_exercise_its_marks(without_test_cell):
    assert without_test_cell.marks["exercise2-marks"] == without_test_cell.expected["exercise2-marks"]
    shown(without_test_cell.cells["exercise2-marks"])


def test_the_grader_itself_does_without_a_deleted_test_cell(without_test_cell, fork_server):
    assert own_marks(without_test_cell.submitted, fork_server) == without_test_cell.expected


def test_a_deleted_test_cell_costs_a_right_answer_nothing(without_test_cell):
    assert without_test_cell.marks == without_test_cell.expected


def test_a_file_that_is_no_notebook_is_reported_and_the_others_go_on(folder):
    class_ = {"amara": "first_exercise_only", "nils": "no_notebook", "zoe": "numpy_error_in_exercise2"}
    for student, sample in class_.items():
        hand_in(folder, NETWORK, student, sample)
    course.autograde(folder, NETWORK, "amara")
    with pytest.raises(course.CourseError, match=f"could not grade {NETWORK} of nils") as refused:
        course.autograde(folder, NETWORK, "nils")
    assert "Notebook does not appear to be JSON" in str(refused.value)
    course.autograde(folder, NETWORK, "zoe")
    marks = course.marks(folder, NETWORK)
    assert marks["amara"] == expected(NETWORK, class_["amara"])
    assert marks["zoe"] == expected(NETWORK, class_["zoe"])
    assert marks.get("nils", expected(NETWORK, "no_notebook")) == expected(NETWORK, "no_notebook")
    assert not (folder / "autograded" / "nils" / NETWORK).exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [(f"a = {'1 + ' * 30}1\n", "longer than 5 million characters"), ("a = 1\n", "more than 200,000 lines")],
    ids=["letters", "lines"],
)
def test_far_too_much_code_is_reported_and_not_run(folder, line, message):
    hand_in(folder, NETWORK, "amara", "matrix_products")
    path = submission(folder, NETWORK, "amara")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(line * (MAX_CODE // len(line) + 1)))
    nbformat.write(notebook, path)
    with pytest.raises(course.CourseError, match=message):
        course.autograde(folder, NETWORK, "amara")


def test_an_instructors_marks_and_comments_survive_a_regrade(folder):
    first, second = "missing_relu_mask", "matrix_products"
    hand_in(folder, NETWORK, "hana", first)
    course.autograde(folder, NETWORK, "hana")
    with gradebook(folder) as book:
        given = book.find_grade("exercise1-marks", NETWORK, NETWORK, "hana")
        assert given.auto_score == expected(NETWORK, first)["exercise1-marks"]
        given.manual_score = 13.5
        book.find_comment("exercise1", NETWORK, NETWORK, "hana").manual_comment = "We talked about this."
        book.db.commit()

    shutil.rmtree(folder / "submitted" / "hana")
    hand_in(folder, NETWORK, "hana", second)
    course.autograde(folder, NETWORK, "hana")
    with gradebook(folder) as book:
        kept = book.find_grade("exercise1-marks", NETWORK, NETWORK, "hana")
        assert (kept.manual_score, kept.score) == (13.5, 13.5)
        assert kept.auto_score == expected(NETWORK, second)["exercise1-marks"]
        assert kept.needs_manual_grade
        other = book.find_grade("exercise2-marks", NETWORK, NETWORK, "hana")
        assert (other.manual_score, other.score) == (None, expected(NETWORK, second)["exercise2-marks"])
        comment = book.find_comment("exercise1", NETWORK, NETWORK, "hana")
        assert comment.comment == "We talked about this."
    assert course.marks(folder, NETWORK)["hana"]["exercise1-marks"] == 13.5
    page = course.generate_feedback(folder, NETWORK, "hana") / f"{NETWORK}.html"
    assert "We talked about this." in in_words(page.read_text("utf-8"))


def gradebook(folder):
    return Gradebook(f"sqlite:///{folder / 'gradebook.db'}", course.COURSE_ID)


@pytest.mark.parametrize("what", ["a folder", "a notebook"])
def test_what_a_link_leads_to_is_not_marked(folder, what):
    """nbgrader follows it: to another's work, or to the solution."""
    hand_in(folder, NETWORK, "amara", "matrix_products")
    mallory = folder / "submitted" / "mallory" / NETWORK
    mallory.parent.mkdir()
    if what == "a folder":
        mallory.symlink_to(submission(folder, NETWORK, "amara").parent)
    else:
        mallory.mkdir()
        (mallory / f"{NETWORK}.ipynb").symlink_to(folder / "source" / NETWORK / f"{NETWORK}.ipynb")
    environment = dict(os.environ)
    with pytest.raises(course.CourseError, match=r"is a link\. Hand in the"):
        course.autograde(folder, NETWORK, "mallory")
    assert dict(os.environ) == environment  # nbgrader leaves it changed when a notebook is given up
    assert not (folder / "autograded" / "mallory" / NETWORK).exists()
    assert sum(course.marks(folder, NETWORK).get("mallory", {}).values()) == 0
