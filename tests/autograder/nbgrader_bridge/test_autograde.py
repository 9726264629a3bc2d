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

from autograder import assignments
from autograder.grading import grade, secret
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.reporting import report
from autograder.sandbox.protocol.limits import Limits
from autograder.submissions.notebook import MAX_CODE, read
from samples import FOLDER
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.tables import thorough

DESCENT = "02-gradient-descent"
MARKS = tomllib.loads((FOLDER / "marks.toml").read_text("utf-8"))
SECONDS = 10  # for a cell that never ends; the imports of the other cells have to fit in, too
LIMITS = (
    *(f"c.Execute.timeout = {SECONDS}", "c.Execute.iopub_timeout = 30"),
    *("c.BoxedExecute.timeout = 2", "c.BoxedExecute.call_timeout = 1"),
)
ADDED_BACK = "It was added back by nbgrader.\n\n"

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
    (SANDBOXED, NETWORK, "deleted_test_cell"),
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


@pytest.fixture(scope="module", params=CLASS, ids="/".join)
def graded(request, built, tmp_path_factory):
    """One student, graded by nbgrader in a course folder of their own, with feedback."""
    where, assignment, student = request.param
    folder = shutil.copytree(built, tmp_path_factory.mktemp("graded") / "course")
    if where == KERNEL:
        classes.configure(folder, PLAIN)
    if student == "never_ends":
        classes.configure(folder, *LIMITS)
    sample = "matrix_products" if student.endswith("_test_cell") else student
    hand_in(folder, assignment, student, sample)
    path = classes.submitted(folder, student, assignment)
    if student in CHANGES:
        with classes.edited(path) as notebook:
            CHANGES[student](notebook)
    course.autograde(folder, assignment, student)
    page = course.generate_feedback(folder, assignment, student) / f"{assignment}.html"
    return SimpleNamespace(
        exercises=assignments.load(assignment).exercises,
        student=student,
        submitted=path,
        seeds=lambda exercise: seed(folder, assignment, student, exercise),
        marks=course.marks(folder, assignment)[student],
        expected=expected(assignment, sample),
        cells=classes.by_name(classes.autograded(folder, student, assignment)),
        page=page.read_text("utf-8"),
    )


def change_test_cell(notebook):
    """Let the first exercise's test cell give itself marks, and many."""
    test = classes.by_name(notebook)["exercise1-marks"]
    test.source = "print('all is well')\n200.0"
    test.metadata.nbgrader.points = 200


def delete_test_cell(notebook):
    notebook.cells.remove(classes.by_name(notebook)["exercise1-marks"])


def leave_one_attempt(notebook):
    """Leave one cell that tries the first exercise out: each waits for the time limit."""
    trying = [cell for cell in notebook.cells if 'utils.attempt("exercise1"' in cell.source]
    assert len(trying) > 2
    notebook.cells = [cell for cell in notebook.cells if cell not in trying[1:]]


CHANGES = {
    "changed_test_cell": change_test_cell,
    "deleted_test_cell": delete_test_cell,
    "never_ends": leave_one_attempt,
}


def seed(folder, assignment, student, exercise):
    """The seed of what a submission met: by the student, and by the code before the cell of the marks."""
    path = folder / "autograded" / student / assignment / f"{assignment}.ipynb"
    cells = read(path)
    place = next(n for n, cell in enumerate(cells) if cell.grade_id == f"{exercise}-marks")
    code = [cell.source for cell in cells[:place] if not cell.is_test]
    return secret.Keys.of().seeds(path, assignment).of(exercise, secret.fingerprint(code, {}))


def expected(assignment, sample):
    """The marks of a sample, by marks cell."""
    return {f"{exercise}-marks": marks for exercise, marks in MARKS[assignment][sample].items()}


def in_words(fragment):
    """HTML as its text alone, with single blanks."""
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", fragment)).split())


def hidden_numbers(exercise, seed):
    """Hidden inputs and true values that are no public ones, in six digits, as many as a report shows."""
    result = {True: set(), False: set()}
    for instance in exercise.instances(seed):
        for value in (*instance.inputs.values(), *exercise.reference(instance).values()):
            for array in value if isinstance(value, list) else [value]:
                result[instance.public] |= {f"{abs(number):.5e}" for number in np.ravel(array).tolist()}
    return result[False] - result[True]


def told_hidden_numbers(page, exercise, seed):
    """The numbers on a page, in six digits or more, that stand in hidden inputs or true values."""
    visible = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    result = re.findall(r"\d+\.?\d*(?:e[-+]?\d+)?", in_words(visible))
    long = {f"{float(n):.5e}" for n in result if len(re.sub(r"e.*|\D", "", n).lstrip("0")) >= 6}
    return long & hidden_numbers(exercise, seed)


def test_every_student_gets_the_marks_of_the_sample(graded):
    assert graded.marks == graded.expected


def test_the_grader_itself_gives_the_same_marks(graded, fork_server):
    limits = Limits(cell=2.0, call=1.0)
    marked = grade.grade_file(graded.submitted, assignments.load_all(), fork_server, limits)
    assert {result.exercise.marks_cell: result.score for result in marked.results} == graded.marks


def test_the_test_cells_are_the_instructors_own(graded):
    for exercise in graded.exercises:
        cell = graded.cells[exercise.marks_cell]
        added_back = f"# This cell (id:{exercise.marks_cell}) was missing from the submission. {ADDED_BACK}"
        assert cell.source.removeprefix(added_back).startswith(f"# {exercise.max_score:g} P")
        assert "hidden_test import marks" in cell.source
        assert cell.metadata.nbgrader.points == exercise.max_score


def test_the_reasons_stand_above_the_marks_which_are_a_plain_float_and_on_the_feedback_page(graded):
    for exercise in graded.exercises:
        reasons, text, *after = graded.cells[exercise.marks_cell].outputs
        marks = graded.marks[exercise.marks_cell]
        assert (text.output_type, text.data) == ("execute_result", {"text/plain": repr(marks)})
        # nbgrader writes its own error under a cell that it interrupted; the marks before it count
        interrupted = [["CellTimeoutError"]] if graded.student == "never_ends" else []
        assert [output.get("ename") for output in after] in ([], *interrupted)
        assert (reasons.output_type, set(reasons.data)) == ("display_data", {"text/plain", "text/html"})
        assert reasons.data["text/html"].startswith("<div")
        told = in_words(reasons.data["text/html"])
        assert f"{exercise.name}: {exercise.title}" in told
        assert f"{report.marks(marks)} of {report.marks(exercise.max_score)} P" in told
        assert all(part.name in told for part in exercise.parts)
        assert ("What to look at" in told) == (marks < exercise.max_score)
        assert TOLD.get(graded.student, {}).get(exercise.name, "") in told
        assert told in in_words(graded.page)


def test_the_feedback_page_tells_no_hidden_number(graded):
    for exercise in graded.exercises:
        assert told_hidden_numbers(graded.page, exercise, graded.seeds(exercise.name)) == set()


@pytest.mark.parametrize("assignment", [NETWORK, DESCENT])
def test_a_hidden_number_on_a_page_would_be_found(assignment):
    for exercise in assignments.load(assignment).exercises:
        number = next(n for n in sorted(hidden_numbers(exercise, 5)) if n[6] != "0")
        assert told_hidden_numbers(f"<p>the true value is -{float(number):.6g}.</p>", exercise, 5) == {number}


def test_a_file_that_is_no_notebook_is_reported_and_the_others_go_on(folder):
    class_ = {"amara": "first_exercise_only", "nils": "no_notebook", "zoe": "numpy_error_in_exercise2"}
    for student, sample in class_.items():
        hand_in(folder, NETWORK, student, sample)
    course.autograde(folder, NETWORK, "amara")
    with pytest.raises(course.CourseError, match=f"could not grade {NETWORK} of nils") as refused:
        course.autograde(folder, NETWORK, "nils")
    assert "Notebook does not appear to be JSON" in str(refused.value)
    course.autograde(folder, NETWORK, "zoe")
    marks = {"nils": expected(NETWORK, "no_notebook")} | course.marks(folder, NETWORK)
    assert marks == {student: expected(NETWORK, sample) for student, sample in class_.items()}
    assert not (folder / "autograded" / "nils" / NETWORK).exists()


@pytest.mark.parametrize(
    ("line", "message"),
    [(f"a = {'1 + ' * 30}1\n", "longer than 5 million characters"), ("a = 1\n", "more than 200,000 lines")],
    ids=["letters", "lines"],
)
def test_far_too_much_code_is_reported_and_not_run(folder, line, message):
    hand_in(folder, NETWORK, "amara", "matrix_products")
    with classes.edited(classes.submitted(folder, "amara")) as notebook:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(line * (MAX_CODE // len(line) + 1)))
    with pytest.raises(course.CourseError, match=message):
        course.autograde(folder, NETWORK, "amara")


def test_an_instructors_marks_and_comments_survive_a_regrade(folder):
    again = expected(NETWORK, "matrix_products")
    hand_in(folder, NETWORK, "hana", "missing_relu_mask")
    course.autograde(folder, NETWORK, "hana")
    with classes.opened(folder) as book:
        given = book.find_grade("exercise1-marks", NETWORK, NETWORK, "hana")
        assert given.auto_score == expected(NETWORK, "missing_relu_mask")["exercise1-marks"]
        given.manual_score = 13.5
        book.find_comment("exercise1", NETWORK, NETWORK, "hana").manual_comment = "We talked about this."
        book.db.commit()

    shutil.rmtree(folder / "submitted" / "hana")
    hand_in(folder, NETWORK, "hana", "matrix_products")
    course.autograde(folder, NETWORK, "hana")
    with classes.opened(folder) as book:
        kept, other = (book.find_grade(cell, NETWORK, NETWORK, "hana") for cell in again)
        assert (kept.auto_score, kept.manual_score, kept.score) == (again["exercise1-marks"], 13.5, 13.5)
        assert kept.needs_manual_grade
        assert (other.manual_score, other.score) == (None, again["exercise2-marks"])
        comment = book.find_comment("exercise1", NETWORK, NETWORK, "hana")
        assert comment.comment == "We talked about this."
    assert course.marks(folder, NETWORK)["hana"]["exercise1-marks"] == 13.5
    page = course.generate_feedback(folder, NETWORK, "hana") / f"{NETWORK}.html"
    assert "We talked about this." in in_words(page.read_text("utf-8"))


@pytest.mark.parametrize("what", ["a folder", "a notebook"])
def test_what_a_link_leads_to_is_not_marked(folder, what):
    """nbgrader follows it: to another's work, or to the solution."""
    hand_in(folder, NETWORK, "amara", "matrix_products")
    mallory = folder / "submitted" / "mallory" / NETWORK
    mallory.parent.mkdir()
    if what == "a folder":
        mallory.symlink_to(classes.submitted(folder, "amara").parent)
    else:
        mallory.mkdir()
        (mallory / f"{NETWORK}.ipynb").symlink_to(folder / "source" / NETWORK / f"{NETWORK}.ipynb")
    environment = dict(os.environ)
    with pytest.raises(course.CourseError, match=r"is a link\. Hand in the"):
        course.autograde(folder, NETWORK, "mallory")
    assert dict(os.environ) == environment  # nbgrader leaves it changed when a notebook is given up
    assert not (folder / "autograded" / "mallory" / NETWORK).exists()
    assert sum(course.marks(folder, NETWORK).get("mallory", {}).values()) == 0
