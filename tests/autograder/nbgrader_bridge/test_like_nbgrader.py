"""`autograder grade` keeps what nbgrader keeps: the gradebook, row by row, and the folders are the same."""

import os
import shutil
import stat
from types import SimpleNamespace

import nbformat
import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation.layers import Layer
from tests import command
from tests.autograder import refusing
from tests.autograder.nbgrader_bridge import classes, others
from tests.autograder.nbgrader_bridge.others import AGAIN, ASSIGNMENT, CLASS, RIGHT, Member
from tests.process import ROOT, python

pytestmark = pytest.mark.thorough  # a class in nbgrader's own kernels, twice

PLAIN, SANDBOXED, OURS = "plain nbgrader", "nbgrader in the sandbox", "autograder grade"
other_ways = pytest.mark.parametrize("way", [SANDBOXED, OURS])


@pytest.fixture(scope="module")
def grade(fork_server):
    """Grade the class, or who is handed in anew, in one of these ways; what was said."""

    def grade(way, folder, *arguments):
        if way == OURS:
            return command.grade(fork_server, folder, ASSIGNMENT, *arguments)
        return classes.nbgrader(folder, "autograde", ASSIGNMENT, "--create", *arguments)

    return grade


def a_person_marks(folder):
    """Marks and comments by hand, between two gradings."""
    with others.gradebook(folder) as book:
        book.find_grade("by-hand", "problem2", ASSIGNMENT, "amara").manual_score = 0.5
        why = book.find_grade("why", "problem2", ASSIGNMENT, "freya")
        why.manual_score, why.extra_credit, why.needs_manual_grade = 2.5, 0.25, False
        book.find_grade("squares-small", "problem1", ASSIGNMENT, "deniz").manual_score = 1.0
        comment = book.find_comment("squares", "problem1", ASSIGNMENT, "deniz")
        comment.manual_comment = "We talked about this."
        book.db.commit()


@pytest.fixture(scope="module")
def graded(tmp_path_factory, grade):
    """The same class, graded in each way: at first; then some hand in again, and it is graded once more."""
    start = tmp_path_factory.mktemp("others") / "course"
    others.build(start)
    for student, member in CLASS.items():
        others.hand_in(start, student, member)
    result = SimpleNamespace(folders={}, first={}, again={})
    for way in (PLAIN, SANDBOXED, OURS):
        folder = shutil.copytree(start, tmp_path_factory.mktemp("graded") / "course")
        if way == PLAIN:
            classes.configure(folder, others.PLAIN)
        grade(way, folder)
        result.folders[way], result.first[way] = folder, others.rows(folder)
        a_person_marks(folder)
        for student in ("amara", "freya", "deniz"):
            others.hand_in(folder, student, Member(RIGHT | {"why": "Because of it."}, AGAIN))
        others.hand_in(folder, "goran", Member({}))  # changed without a new time: not graded again
        grade(way, folder)
        result.again[way] = others.rows(folder)
    return result


@other_ways
@pytest.mark.parametrize("when", ["first", "again"])
def test_the_gradebook_is_the_same_row_by_row_also_after_some_handed_in_again(graded, way, when):
    rows = getattr(graded, when)
    assert len(rows[PLAIN]) > 100
    assert rows[way] == rows[PLAIN]


def test_the_class_has_the_cases_that_it_is_about(graded):
    """In plain nbgrader itself, so that the comparison is one of something."""
    rows, again = graded.first[PLAIN], graded.again[PLAIN]
    assert ("student", "amara") in rows, "students are created"
    assert rows["bruno", "problem1"]["late_submission_penalty"] == rows["bruno", "problem1"]["score"] > 0
    assert rows["chiara", "problem2", "grade", "answer-told"]["auto_score"] == 0, "not handed in"
    assert not rows["chiara", "problem2", "grade", "why"]["needs_manual_grade"]
    assert rows["deniz", "problem1", "comment", "squares"]["auto_comment"] == "No response."
    assert rows["amara", "problem1", "comment", "squares"]["auto_comment"] is None
    assert rows["amara", "problem2", "grade", "why"]["needs_manual_grade"]
    assert rows["amara", "problem1", "grade", "mean-partial"]["auto_score"] == 4
    assert rows["bruno", "problem1", "grade", "mean-partial"]["auto_score"] == 3
    assert rows["emeka",]["timestamp"] is None
    assert again["freya", "problem2", "grade", "why"]["manual_score"] == 2.5
    assert again["freya", "problem2", "grade", "why"]["needs_manual_grade"]
    assert again["deniz", "problem1", "grade", "squares-small"]["needs_manual_grade"]
    assert again["deniz", "problem1", "comment", "squares"]["comment"] == "We talked about this."
    assert again["goran", "problem1", "grade", "squares-small"]["auto_score"] == 1, "not graded again"
    assert again["freya",]["timestamp"] > rows["freya",]["timestamp"]


def files(folder):
    return {
        path.relative_to(folder).as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (folder / "autograded").rglob("*")
        if path.is_file()
    }


@other_ways
def test_the_graded_folders_hold_the_same_files_with_the_same_rights(graded, way):
    assert files(graded.folders[way]) == files(graded.folders[PLAIN])
    assert set(files(graded.folders[way]).values()) == {0o444}
    for student in CLASS:
        place = graded.folders[way] / "autograded" / student / ASSIGNMENT
        assert (place / "data.txt").read_text() == "the instructor's"
        assert (place / "own.txt").read_text() == "the student's"


def kept(path):
    """What is compared of a graded notebook's cells."""
    return [
        (
            *(cell.source, cell.metadata.get("nbgrader"), cell.get("execution_count")),
            [output.output_type for output in cell.get("outputs", [])],
        )
        for cell in nbformat.read(path, as_version=4).cells
    ]


@other_ways
def test_the_graded_notebooks_hold_the_same_cells_and_outputs(graded, way):
    plain = graded.folders[PLAIN]
    for path in sorted(plain.glob("autograded/*/*/*.ipynb")):
        assert kept(graded.folders[way] / path.relative_to(plain)) == kept(path), path


def test_who_is_graded_is_not_graded_again_unless_forced(graded, grade):
    folder = graded.folders[OURS]
    assert "are graded, and none was handed in again since" in grade(OURS, folder)
    before = others.rows(folder)
    assert "Graded now: 1" in grade(OURS, folder, "--force", "--student", "amara")
    assert others.rows(folder) == before


def test_feedback_and_export_work_on_what_was_graded(graded):
    folder = graded.folders[OURS]
    classes.nbgrader(folder, "generate_feedback", ASSIGNMENT)
    assert sorted(path.parts[-3] for path in folder.glob("feedback/*/*/problem1.html")) == sorted(CLASS)
    classes.nbgrader(folder, "export")
    assert "amara" in (folder / "grades.csv").read_text()


def test_the_log_names_who_was_not_graded_and_why(graded, grade):
    folder = graded.folders[OURS]
    broken = folder / "submitted" / "zoe" / ASSIGNMENT
    broken.mkdir(parents=True)
    (broken / "problem1.ipynb").write_text("no notebook")
    assert "zoe: problem1.ipynb: The file is not a notebook" in grade(OURS, folder)
    assert "zoe" in classes.log(folder, ASSIGNMENT)
    assert not (folder / "autograded" / "zoe").exists()
    assert ("student", "zoe") in others.rows(folder)


GRADE, AUTOGRADE = ("autograder.cli", "grade"), ("nbgrader", "autograde")
REQUIRED = "--BoxedExecute.require_sandbox=True"


@pytest.mark.parametrize(
    ("way", "layer", "words", "said"),
    [
        (OURS, Layer.NAMESPACES, GRADE, "sandbox were missing: namespaces. `autograder doctor`"),
        (SANDBOXED, Layer.FILES, AUTOGRADE, "The sandbox lacks a layer, files"),
        (SANDBOXED, Layer.SYSTEM_CALLS, (*AUTOGRADE, REQUIRED), "Nothing was run"),
    ],
    ids=["grade says so", "nbgrader's log says so", "where all are required, nothing runs"],
)
def test_a_layer_that_the_kernel_refuses_is_named(graded, fork_server, way, layer, words, said):
    with Worker(fork_server) as worker:
        if worker.missing_layers:
            assert "CI" not in os.environ, "here this test may not be left out"
            pytest.skip(f"this machine lacks layers by itself: {worker.missing_layers}")
    folder = graded.folders[way]
    before = others.rows(folder)
    _, *program = refusing.command(layer, "-m", *words, ASSIGNMENT, "--force", "--student", "amara")
    settings = classes.with_our_programs() | {"PYTHONPATH": str(ROOT)}
    done = python(*program, cwd=folder, status=None, environment=settings)
    assert said in done.stdout + done.stderr
    assert (done.returncode == 0) == (REQUIRED not in words), done.stderr
    if done.returncode == 0:
        assert others.rows(folder) == before
