"""The gradebook as we write it: many submissions at once, all or none; a person's marks stay."""

import shutil
import sqlite3
from datetime import datetime, timedelta

import pytest
from nbgrader.api import Gradebook
from traitlets.config import Config

from autograder.nbgrader_bridge.course.errors import GradebookError
from autograder.nbgrader_bridge.submission.grade_submission import GradedNotebook, GradedSubmission
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookEntry, GradebookWriter
from tests.autograder.nbgrader_bridge import rows
from tests.autograder.nbgrader_bridge.rows import ASSIGNMENT

DUE = datetime.fromisoformat(rows.DUE)  # naive, in UTC, as nbgrader's are
LATE_COSTS = Config({"LateSubmissionPlugin": {"penalty_method": "zero"}})


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """A folder with a gradebook that knows the assignment and nobody."""
    folder = tmp_path_factory.mktemp("released")
    with rows.released(folder):
        return folder


@pytest.fixture
def url(released, tmp_path):
    """Where a test's own copy of it is."""
    return rows.url(shutil.copytree(released, tmp_path, dirs_exist_ok=True))


@pytest.fixture
def writer(url):
    with GradebookWriter(url, "course", Config()) as opened:
        yield opened


def problem(**marked):
    """The first notebook, graded: `test` 2 of 2, `test2` 1.5 of 3.5, and what people have to look at."""
    result = {"test": 2.0, "test2": 1.5, "by-hand": None, "draw": None} | marked
    return GradedNotebook(b"", result, {"answer": None, "by-hand": "No response.", "draw": None})


def entry(student, when=DUE, notebooks=None, why=""):
    result = {"problem": problem()} if notebooks is None else notebooks
    return GradebookEntry(GradedSubmission(student, result, why), when)


def read(url, student="amara", notebook="problem"):
    """What nbgrader reads of a notebook: marks by cell (automatic, by hand, to be looked at), its penalty."""
    with Gradebook(url) as book:
        result = book.find_submission_notebook(notebook, ASSIGNMENT, student)
        grades = {g.name: (g.auto_score, g.manual_score, g.needs_manual_grade) for g in result.grades}
        comments = {comment.name: comment.comment for comment in result.comments}
        return grades, comments, result.late_submission_penalty


def students(url):
    with Gradebook(url) as book:
        return sorted(result.student.id for result in book.assignment_submissions(ASSIGNMENT))


def test_students_and_submissions_are_made_when_they_are_missing(url, writer):
    writer.write(ASSIGNMENT, [entry("chiara"), entry("amara", None)])
    assert students(url) == ["amara", "chiara"]
    with Gradebook(url) as book:
        assert book.find_submission(ASSIGNMENT, "chiara").timestamp == DUE
        assert book.find_submission(ASSIGNMENT, "amara").timestamp is None


def test_marks_and_comments_are_those_given(url, writer):
    writer.write(ASSIGNMENT, [entry("amara")])
    grades, comments, penalty = read(url)
    assert grades == {
        "test": (2.0, None, False),
        "test2": (1.5, None, False),
        "by-hand": (None, None, True),
        "draw": (None, None, True),
    }
    assert comments == {"answer": None, "by-hand": "No response.", "draw": None}
    assert penalty is None


def test_a_notebook_that_was_not_handed_in_scores_nothing_and_waits_for_nobody(url, writer):
    writer.write(ASSIGNMENT, [entry("amara")])
    assert read(url, notebook="second")[0] == {"other": (0, None, False)}


def test_somebody_whose_submission_could_not_be_graded_has_a_row_and_no_marks(url, writer):
    writer.write(ASSIGNMENT, [entry("amara", notebooks={}, why="no notebook"), entry("bruno")])
    assert students(url) == ["amara", "bruno"]
    assert {cell: marks[0] for cell, marks in read(url)[0].items()} == dict.fromkeys(problem().scores)
    assert read(url, "bruno")[0]["test"][0] == 2.0


def test_what_a_person_gave_stays_and_asks_to_be_looked_at_again(url, writer):
    writer.write(ASSIGNMENT, [entry("amara")])
    with Gradebook(url) as book:
        for cell, given in (("test", 0.5), ("by-hand", 3.0)):
            grade = book.find_grade(cell, "problem", ASSIGNMENT, "amara")
            grade.manual_score, grade.needs_manual_grade = given, False
        book.find_comment("answer", "problem", ASSIGNMENT, "amara").manual_comment = "Well done."
        book.db.commit()
    again = problem(test=1.0)
    writer.write(ASSIGNMENT, [entry("amara", DUE + timedelta(hours=-1), {"problem": again})])
    grades, comments, _ = read(url)
    assert grades["test"] == (1.0, 0.5, True)
    assert grades["by-hand"] == (None, 3.0, True)
    assert grades["test2"] == (1.5, None, False)
    assert comments["answer"] == "Well done."


def test_a_time_that_is_not_known_leaves_the_one_before(url, writer):
    writer.write(ASSIGNMENT, [entry("amara", DUE)])
    writer.write(ASSIGNMENT, [entry("amara", None)])
    with Gradebook(url) as book:
        assert book.find_submission(ASSIGNMENT, "amara").timestamp == DUE


def test_late_work_costs_what_the_course_s_own_rule_says_and_nothing_once_it_is_in_time(url):
    both = {"problem": problem(), "second": GradedNotebook(b"", {}, {})}
    late = entry("amara", DUE + timedelta(hours=2), both)
    with GradebookWriter(url, "course", LATE_COSTS) as writer:
        writer.write(ASSIGNMENT, [late, entry("bruno")])
        assert read(url)[2] == 3.5, "the rule takes all of the score, the one of this very run"
        assert read(url, notebook="second")[2] == 0
        assert read(url, "bruno")[2] is None
        writer.write(ASSIGNMENT, [entry("amara", DUE)])
    assert read(url)[2] is None


@pytest.mark.parametrize(
    ("broken", "error"),
    [(problem(test="two points"), GradebookError), (1, AttributeError)],
    ids=["marks", "any"],
)
def test_entries_are_written_all_or_none_whatever_happens_between_them(url, writer, broken, error):
    writer.write(ASSIGNMENT, [entry("amara")])
    worse = entry("amara", notebooks={"problem": problem(test=0.0)})
    with pytest.raises(error) as message:
        writer.write(ASSIGNMENT, [worse, entry("chiara", notebooks={"problem": broken})])
    if error is GradebookError:
        assert "gradebook.db could not be written: " in str(message.value)
        assert len(str(message.value).splitlines()) == 1
    assert students(url) == ["amara"]
    assert read(url)[0]["test"][0] == 2.0
    writer.write(ASSIGNMENT, [entry("chiara")])
    assert students(url) == ["amara", "chiara"], "the writer can be written to after it"


def test_a_gradebook_that_another_program_holds_is_reported(url, tmp_path):
    with GradebookWriter(f"{url}?timeout=0.1", "course", Config()) as writer:
        holder = sqlite3.connect(tmp_path / "gradebook.db")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(GradebookError) as message:
            writer.write(ASSIGNMENT, [entry("amara")])
        holder.close()
        assert str(message.value).endswith(
            "database is locked. Another program is writing to it: wait for it, or end it."
        )
        writer.write(ASSIGNMENT, [entry("amara")])
    assert students(url) == ["amara"]


def test_what_was_released_is_read_and_an_assignment_that_it_does_not_know_is_reported(writer):
    assert writer.read_release(ASSIGNMENT).notebooks.keys() == {"problem", "second"}
    with pytest.raises(GradebookError, match=r"knows no assignment ps2\. `autograder build`"):
        writer.read_release("ps2")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////no/such/folder/gradebook.db",
        "postgresql+psycopg://me:hidden@127.0.0.1:1/grades",
        "nosuch://me:hidden@here/grades",
        "no address",
    ],
)
def test_a_gradebook_that_cannot_be_opened_is_reported_in_one_line_without_its_password(url):
    with pytest.raises(GradebookError) as message:
        GradebookWriter(url, "course", Config())
    said = str(message.value)
    assert "could not be opened: " in said
    assert "hidden" not in said
    assert len(said.splitlines()) == 1


def test_a_submission_s_scores_are_those_of_all_its_notebooks():
    other = GradedNotebook(b"", {"other": 1.0}, {})
    scores = GradedSubmission("amara", {"problem": problem(), "second": other}).scores
    assert scores == {"test": 2.0, "test2": 1.5, "by-hand": None, "draw": None, "other": 1.0}
