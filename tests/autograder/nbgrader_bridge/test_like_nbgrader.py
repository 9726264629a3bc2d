"""`autograder grade` keeps what nbgrader keeps: the gradebook, row by row, and the folders are the same."""

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import nbformat
import pytest

from autograder.sandbox.client.host import Worker
from autograder.sandbox.isolation.layers import Layer
from tests.autograder import refusing
from tests.autograder.nbgrader_bridge import others
from tests.autograder.nbgrader_bridge.others import AGAIN, ASSIGNMENT, CLASS, IN_TIME, RIGHT, Member
from tests.process import python

pytestmark = pytest.mark.thorough  # a class in nbgrader's own kernels, twice

ROOT = Path(__file__).parents[3]
KERNELS_OWN = re.compile(
    r"ERROR:tornado\.general:Uncaught exception in ZMQStream callback\n"
    r"Traceback .*\n(?: .*\n)*zmq\.error\.ZMQError: .*\n"
)
"""What a kernel that is ended on a busy machine may say of its own sockets, and nothing else."""

PLAIN, SANDBOXED, OURS = "plain nbgrader", "nbgrader in the sandbox", "autograder grade"


WIDE = os.environ | {"COLUMNS": "150"}


def command(folder, *arguments, module="nbgrader"):
    done = python("-m", module, *arguments, cwd=folder, status=None, environment=WIDE)
    assert "Traceback" not in KERNELS_OWN.sub("", done.stderr), done.stderr
    return done


def grade(way, folder, *arguments):
    if way == OURS:
        done = command(folder, "grade", ASSIGNMENT, *arguments, module="autograder.cli")
    else:
        done = command(folder, "autograde", ASSIGNMENT, "--create", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def a_person_marks(folder):
    """Marks and comments by hand, between two gradings."""
    with others.gradebook(folder) as book:
        by_hand = book.find_grade("by-hand", "problem2", ASSIGNMENT, "amara")
        by_hand.manual_score = 0.5
        why = book.find_grade("why", "problem2", ASSIGNMENT, "freya")
        why.manual_score, why.extra_credit, why.needs_manual_grade = 2.5, 0.25, False
        tested = book.find_grade("squares-small", "problem1", ASSIGNMENT, "deniz")
        tested.manual_score = 1.0
        comment = book.find_comment("squares", "problem1", ASSIGNMENT, "deniz")
        comment.manual_comment = "We talked about this."
        book.db.commit()


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The same class, graded in each way: once, then some hand in again, and once more."""
    start = tmp_path_factory.mktemp("others") / "course"
    others.build(start)
    for student, member in CLASS.items():
        others.hand_in(start, student, member)
    folders, first, second = {}, {}, {}
    for way in (PLAIN, SANDBOXED, OURS):
        folder = folders[way] = shutil.copytree(start, tmp_path_factory.mktemp("graded") / "course")
        if way == PLAIN:
            with (folder / "nbgrader_config.py").open("a") as config:
                config.write(others.PLAIN)
        grade(way, folder)
        first[way] = others.rows(folder)
        a_person_marks(folder)
        for student in ("amara", "freya", "deniz"):
            others.hand_in(folder, student, Member(RIGHT | {"why": "Because of it."}, AGAIN))
        # changed without a new time: not graded again
        others.hand_in(folder, "goran", Member({}, IN_TIME))
        grade(way, folder)
        second[way] = others.rows(folder)
    return folders, first, second


@pytest.mark.parametrize("way", [SANDBOXED, OURS])
def test_the_gradebook_is_the_same_row_by_row(graded, way):
    _, first, _ = graded
    assert len(first[PLAIN]) > 100
    assert first[way].keys() == first[PLAIN].keys()
    for row, values in first[PLAIN].items():
        assert first[way][row] == values, row


@pytest.mark.parametrize("way", [SANDBOXED, OURS])
def test_it_is_the_same_after_some_handed_in_again_and_a_person_marked(graded, way):
    _, _, second = graded
    assert second[way].keys() == second[PLAIN].keys()
    for row, values in second[PLAIN].items():
        assert second[way][row] == values, row


def test_the_class_has_the_cases_that_it_is_about(graded):
    """In plain nbgrader itself, so that the comparison is one of something."""
    _, first, second = graded
    rows, again = first[PLAIN], second[PLAIN]
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


@pytest.mark.parametrize("way", [SANDBOXED, OURS])
def test_the_graded_folders_hold_the_same_files_with_the_same_rights(graded, way):
    folders, _, _ = graded
    assert files(folders[way]) == files(folders[PLAIN])
    assert set(files(folders[way]).values()) == {0o444}
    for student in CLASS:
        place = folders[way] / "autograded" / student / ASSIGNMENT
        assert (place / "data.txt").read_text() == "the instructor's"
        assert (place / "own.txt").read_text() == "the student's"


@pytest.mark.parametrize("way", [SANDBOXED, OURS])
def test_the_graded_notebooks_hold_the_same_cells_and_outputs(graded, way):
    folders, _, _ = graded
    for path in sorted(folders[PLAIN].glob("autograded/*/*/*.ipynb")):
        real, mine = (
            nbformat.read(folder / path.relative_to(folders[PLAIN]), as_version=4)
            for folder in (folders[PLAIN], folders[way])
        )
        assert [cell.source for cell in mine.cells] == [cell.source for cell in real.cells], path
        for own, cell in zip(mine.cells, real.cells, strict=True):
            assert own.metadata.get("nbgrader") == cell.metadata.get("nbgrader"), path
            if cell.cell_type == "code":
                assert [o.output_type for o in own.outputs] == [o.output_type for o in cell.outputs], (
                    cell.source
                )
                assert own.execution_count == cell.execution_count


def test_who_is_graded_is_not_graded_again_unless_forced(graded):
    folders, _, _ = graded
    assert "are graded, and none was handed in again since" in grade(OURS, folders[OURS])
    before = others.rows(folders[OURS])
    assert "Graded now: 1" in grade(OURS, folders[OURS], "--force", "--student", "amara")
    assert others.rows(folders[OURS]) == before


def test_feedback_and_export_work_on_what_was_graded(graded):
    folders, _, _ = graded
    assert command(folders[OURS], "generate_feedback", ASSIGNMENT).returncode == 0
    pages = sorted(path.parts[-3] for path in folders[OURS].glob("feedback/*/*/problem1.html"))
    assert pages == sorted(CLASS)
    assert command(folders[OURS], "export").returncode == 0
    assert "amara" in (folders[OURS] / "grades.csv").read_text()


def test_the_log_names_who_was_not_graded_and_why(graded):
    folders, _, _ = graded
    folder = folders[OURS]
    broken = folder / "submitted" / "zoe" / ASSIGNMENT
    broken.mkdir(parents=True)
    (broken / "problem1.ipynb").write_text("no notebook")
    message = grade(OURS, folder)
    assert "zoe: problem1.ipynb: The file is not a notebook" in message
    assert "zoe" in (folder / "autograder-logs" / f"{ASSIGNMENT}.txt").read_text()
    assert not (folder / "autograded" / "zoe").exists()
    assert ("student", "zoe") in others.rows(folder)


# Where a layer of the sandbox is missing


def graded_without(layer, folder, *words):
    """Grade a student anew where the kernel refuses what a layer needs."""
    return subprocess.run(
        refusing.command(layer, "-m", *words, ASSIGNMENT, "--force", "--student", "amara"),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env=os.environ | {"COLUMNS": "150", "PYTHONPATH": str(ROOT)},
    )


@pytest.fixture
def whole(fork_server):
    with Worker(fork_server) as worker:
        if worker.missing_layers:
            assert "CI" not in os.environ, "here this test may not be left out"
            pytest.skip(f"this machine lacks layers by itself: {worker.missing_layers}")


def test_grade_says_which_layer_is_missing_and_grades_all_the_same(graded, whole):
    folder = graded[0][OURS]
    before = others.rows(folder)
    done = graded_without(Layer.NAMESPACES, folder, "autograder.cli", "grade")
    assert done.returncode == 0, done.stderr
    assert "Layers of the sandbox were missing: namespaces. `autograder doctor`" in done.stdout
    assert others.rows(folder) == before


def test_nbgraders_own_autograde_says_so_in_its_log(graded, whole):
    folder = graded[0][SANDBOXED]
    done = graded_without(Layer.FILES, folder, "nbgrader", "autograde")
    assert done.returncode == 0, done.stderr
    assert "The sandbox lacks a layer, files" in done.stderr


def test_where_the_course_requires_every_layer_nothing_runs_without_one(graded, whole):
    folder = graded[0][SANDBOXED]
    required = "--BoxedExecute.require_sandbox=True"
    done = graded_without(Layer.SYSTEM_CALLS, folder, "nbgrader", "autograde", required)
    assert done.returncode != 0
    assert "Nothing was run" in done.stderr
