"""Whatever gives out while a class is graded: a sentence, nothing lost, and the same command finishes it."""

import os
import shutil
import signal
import sqlite3
import subprocess
from itertools import islice

import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from autograder.sandbox.client.fork_server import ForkServer, ForkServerGone
from autograder.sandbox.client.host import Worker, WorkerGone
from tests.autograder.nbgrader_bridge import classes, faults
from tests.autograder.nbgrader_bridge.classes import CLASS, NETWORK, Run
from tests.process import python

pytestmark = pytest.mark.thorough  # class after class, and limits that are waited for

BLOWS = 12  # of the fifty and more that `python -m bench.faults` deals
FEW = {student: CLASS[student] for student in ("amara", "goran", "hana", "nils")}


@pytest.fixture(scope="module")
def whole(built, tmp_path_factory):
    """A whole class has handed in; and the seconds of processor time that it takes to be graded."""
    place = tmp_path_factory.mktemp("whole")
    folder = classes.handed_in_whole(built, place / "course")
    return folder, faults.measured(folder, place / "undisturbed")


@pytest.mark.parametrize("blow", list(islice(faults.blows(seed=4), BLOWS)), ids=str)
def test_killed_at_a_random_moment_and_started_again_all_are_graded_once(whole, tmp_path, blow):
    course_folder, seconds = whole
    faults.strike(course_folder, tmp_path / "course", blow, seconds)


def test_a_warm_process_that_is_killed_is_not_taken_for_the_submissions_doing():
    with ForkServer() as fork_server:
        with Worker(fork_server) as worker:
            worker.run("1")
            os.kill(fork_server._process.pid, signal.SIGKILL)
            with pytest.raises(ForkServerGone):
                worker.run("import time; time.sleep(60)")
        with Worker(fork_server) as worker:
            assert worker.run("1").error is None, "it is started again"
            with pytest.raises(WorkerGone):
                worker.run("import os; os._exit(1)")


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(folder):
    classes.hand_in_all(folder)
    run = Run(folder, ("--jobs", "1"))
    process = run.start()
    assert classes.eventually(lambda: bool(classes.graded_folders(folder)), classes.SECONDS)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody in the foreground
    message = classes.said(process, status=1)
    kept, expected = classes.stopped(folder, "interrupted.")
    assert message == expected
    run.assert_nothing_is_left()
    message = run.finish()
    assert f"Graded now: {9 - kept}. Graded before and not handed in again: {kept}." in message
    classes.assert_whole(folder)


def test_two_runs_do_not_get_in_each_others_way(folder):
    classes.hand_in_all(folder, FEW)
    first = Run(folder, ("--jobs", "1"))
    process = first.start()
    assert classes.eventually(lambda: any("multiprocessing" in line for line in first.processes().values()))
    message = Run(folder).finish(status=1)
    assert message == (
        "Nothing was graded: Another `autograder` command is at work in this course. "
        "Wait for it, or end it first."
    )
    classes.said(process)
    classes.assert_whole(folder, FEW)


@pytest.fixture
def mount(tmp_path):
    """Mount an empty file system of some size in memory; gone after the test."""
    mounted = []

    def mounted_at(size):
        place = tmp_path / "mounted"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
        if subprocess.run(command, capture_output=True, check=False).returncode:
            assert "CI" not in os.environ, "here this test may not be left out"
            pytest.skip("only who may mount can fill a disk of a test's own")
        mounted.append(place)
        return place

    yield mounted_at
    for place in mounted:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_reported_and_with_room_again_the_same_command_goes_on(built, mount):
    folder = shutil.copytree(built, mount("64m") / "course")
    classes.hand_in_all(folder, FEW)
    (folder / "submitted" / "amara" / NETWORK / "large.bin").write_bytes(bytes(4 << 20))
    ballast = folder.parent / "ballast"
    left = shutil.disk_usage(folder).free
    ballast.write_bytes(bytes(left - (1 << 20)))  # room for the gradebook, and for a few folders

    run = Run(folder, ("--jobs", "1"), {"TMPDIR": str(folder.parents[1])})
    message = run.finish(status=1)
    assert message.startswith("Stopped: No space left on device: "), message
    assert "Run the same command again to grade the rest." in message
    assert not (folder / classes.STAGING).exists()
    for place in classes.graded_folders(folder):
        assert (place / f"{NETWORK}.ipynb").stat().st_size > 10_000

    ballast.unlink()
    assert "Graded now:" in run.finish()
    (folder / "autograded" / "amara" / NETWORK / "large.bin").unlink()
    classes.assert_whole(folder, FEW)


def test_a_disk_without_room_for_the_gradebook_is_reported(built, mount):
    folder = shutil.copytree(built, mount("64m") / "course")
    classes.hand_in_all(folder, FEW)
    ballast = folder.parent / "ballast"
    ballast.write_bytes(bytes(shutil.disk_usage(folder).free))
    run = Run(folder, ("--jobs", "1"), {"TMPDIR": str(folder.parents[1])})
    message = run.finish(status=1)
    assert "database or disk is full" in message or "No space left on device" in message
    assert not classes.graded_folders(folder)
    ballast.unlink()
    run.finish()
    classes.assert_whole(folder, FEW)


def test_a_course_that_may_not_be_written_to_is_reported(built, mount):
    place = mount("64m")
    folder = shutil.copytree(built, place / "course")
    classes.hand_in_all(folder, FEW)
    subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
    run = Run(folder, ("--jobs", "1"), {"TMPDIR": str(place.parent)})
    message = run.finish(status=1)
    assert "attempt to write a readonly database" in message or "Read-only file system" in message
    subprocess.run(["mount", "-o", "remount,rw", str(place)], check=True)
    run.finish()
    classes.assert_whole(folder, FEW)


def test_a_gradebook_that_somebody_else_is_writing_to_is_reported(folder):
    classes.hand_in_all(folder, FEW)
    other = sqlite3.connect(folder / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        message = Run(folder, ("--jobs", "1")).finish(status=1)
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert message == (
        f"Stopped: The gradebook sqlite:///{folder}/gradebook.db could not be written: database is locked. "
        "Another program is writing to it: wait for it, or end it.\n"
        "0 submissions are graded and kept. Run the same command again to grade the rest."
    )
    Run(folder).finish()
    classes.assert_whole(folder, FEW)


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_gradebook_that_is_none_is_reported(folder, autograder):
    classes.hand_in_all(folder, FEW)
    (folder / "gradebook.db").write_text(
        "This is a shopping list, and it is long enough for a header.\n" * 20
    )
    sentence = f"The gradebook sqlite:///{folder}/gradebook.db could not be opened: file is not a database."
    assert Run(folder).finish(status=1) == f"Nothing was graded: {sentence}"
    before = contents(folder / "release")
    assert autograder("build", "--course", folder, cwd=folder).stderr == f"{sentence}\n"
    assert contents(folder / "release") == before


@pytest.mark.parametrize(
    ("prepare", "arguments", "sentence"),
    [
        (
            lambda folder: (folder / course.CONFIG).write_text("c = get_config(\n"),
            (),
            "nbgrader_config.py does not run: SyntaxError: '(' was never closed",
        ),
        (
            lambda folder: (folder / course.CONFIG).write_text("import no_such_module\n"),
            (),
            "nbgrader_config.py does not run: ModuleNotFoundError: No module named 'no_such_module'",
        ),
        (
            lambda folder: (folder / course.CONFIG).unlink(),
            (),
            "is not a course folder: it has no nbgrader_config.py. Run this command in the course folder.",
        ),
        (
            lambda folder: shutil.rmtree(folder / "submitted"),
            (),
            f"There are no submissions to {NETWORK}: nothing lies in submitted/STUDENT/{NETWORK}.",
        ),
        (
            lambda folder: None,
            ("--student", "zoe"),
            f"There are no submissions of zoe to {NETWORK}: nothing lies in submitted/zoe/{NETWORK}.",
        ),
        (
            lambda folder: (folder / course.CONFIG).write_text(
                'c = get_config()\nc.CourseDirectory.db_url = "nosuchdatabase://here"\n'
            ),
            (),
            "The gradebook nosuchdatabase://here could not be opened: Can't load plugin",
        ),
        (
            lambda folder: (folder / "circle").symlink_to("circle"),
            ("--course", "circle"),
            "circle is not a folder: it is a link that leads in a circle.",
        ),
    ],
    ids=["syntax", "import", "no-course", "no-submissions", "no-student", "no-database", "circle"],
)
def test_what_is_wrong_before_anything_is_graded_is_reported_in_a_sentence(
    folder, prepare, arguments, sentence
):
    classes.hand_in_all(folder, FEW)
    prepare(folder)
    message = Run(folder, arguments).finish(status=0 if "submissions to" in sentence else 1)
    assert sentence in message
    assert len(message.splitlines()) == 1
    assert "Run the same command" not in message
    assert not classes.graded_folders(folder)


def test_an_assignment_that_nobody_knows_is_reported(folder):
    done = python("-m", "autograder.cli", "grade", "03-nowhere", cwd=folder, status=1)
    assert done.stderr.strip() == (
        "Nothing was graded: The gradebook knows no assignment 03-nowhere. `autograder build`, or `nbgrader "
        "generate_assignment 03-nowhere`, puts it there."
    )


def test_the_processes_of_a_run_keep_nothing_in_the_temporary_folder(folder):
    classes.hand_in_all(folder, FEW)
    run = Run(folder)
    run.finish()
    run.assert_nothing_is_left()
