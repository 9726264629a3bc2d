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
from tests.autograder.nbgrader_bridge.classes import FEW, NETWORK, Run

pytestmark = pytest.mark.thorough  # class after class, and limits that are waited for

BLOWS = 12  # of the fifty and more that `python -m bench.faults` deals


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
    process = run.begin()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to everybody in the foreground
    message = classes.said(process, status=1)
    kept, expected = classes.stopped(folder, "interrupted.")
    assert message == expected
    run.assert_nothing_is_left()
    message = run.finish()
    assert f"Graded now: {9 - kept}. Graded before and not handed in again: {kept}." in message
    classes.assert_whole(folder)


def test_two_runs_do_not_get_in_each_others_way(few):
    first = Run(few, ("--jobs", "1"))
    process = first.start()
    assert classes.eventually(lambda: any("multiprocessing" in line for line in first.processes().values()))
    assert Run(few).finish(status=1) == (
        "Nothing was graded: Another `autograder` command is at work in this course. "
        "Wait for it, or end it first."
    )
    classes.said(process)
    classes.assert_whole(few, FEW)


@pytest.fixture
def disk(built, tmp_path):
    """A small file system of its own, in memory, with a course on it in which a few have handed in."""
    place = tmp_path / "mounted"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("only who may mount can fill a disk of a test's own")
    classes.hand_in_all(shutil.copytree(built, place / "course"), FEW)
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def run_on(disk):
    """A run whose temporary files lie elsewhere."""
    return Run(disk / "course", ("--jobs", "1"), {"TMPDIR": str(disk.parent)})


def fill(disk, but=0):
    """Leave no more than some bytes free."""
    (disk / "ballast").write_bytes(bytes(shutil.disk_usage(disk).free - but))


def test_a_full_disk_is_reported_and_with_room_again_the_same_command_goes_on(disk):
    folder = disk / "course"
    (folder / "submitted" / "amara" / NETWORK / "large.bin").write_bytes(bytes(4 << 20))
    fill(disk, but=1 << 20)  # room for the gradebook, and for a few folders
    message = run_on(disk).finish(status=1)
    assert message.startswith("Stopped: No space left on device: "), message
    assert "Run the same command again to grade the rest." in message
    assert not (folder / classes.STAGING).exists()
    for place in classes.graded_folders(folder):
        assert (place / f"{NETWORK}.ipynb").stat().st_size > 10_000

    (disk / "ballast").unlink()
    assert "Graded now:" in run_on(disk).finish()
    (folder / "autograded" / "amara" / NETWORK / "large.bin").unlink()
    classes.assert_whole(folder, FEW)


def remount(disk, rights):
    subprocess.run(["mount", "-o", f"remount,{rights}", str(disk)], check=True)


@pytest.mark.parametrize(
    ("spoil", "mend", "sentences"),
    [
        (
            fill,
            lambda disk: (disk / "ballast").unlink(),
            ("database or disk is full", "No space left on device"),
        ),
        (
            lambda disk: remount(disk, "ro"),
            lambda disk: remount(disk, "rw"),
            ("attempt to write a readonly database", "Read-only file system"),
        ),
    ],
    ids=["no room for the gradebook", "may not be written to"],
)
def test_a_course_that_nothing_can_be_written_to_is_reported(disk, spoil, mend, sentences):
    spoil(disk)
    message = run_on(disk).finish(status=1)
    assert any(sentence in message for sentence in sentences), message
    assert not classes.graded_folders(disk / "course")
    mend(disk)
    run_on(disk).finish()
    classes.assert_whole(disk / "course", FEW)


def test_a_gradebook_that_somebody_else_is_writing_to_is_reported(few):
    other = sqlite3.connect(few / "gradebook.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        message = Run(few, ("--jobs", "1")).finish(status=1)
    finally:
        other.close()
    assert message == (
        f"Stopped: The gradebook sqlite:///{few}/gradebook.db could not be written: database is locked. "
        "Another program is writing to it: wait for it, or end it.\n"
        "0 submissions are graded and kept. Run the same command again to grade the rest."
    )
    Run(few).finish()
    classes.assert_whole(few, FEW)


def test_a_gradebook_that_is_none_is_reported(few, autograder):
    (few / "gradebook.db").write_text("This is a shopping list, and it is long enough for a header.\n" * 20)
    sentence = f"The gradebook sqlite:///{few}/gradebook.db could not be opened: file is not a database."
    assert Run(few).finish(status=1) == f"Nothing was graded: {sentence}"
    before = classes.contents(few / "release")
    assert autograder("build", "--course", few, cwd=few).stderr == f"{sentence}\n"
    assert classes.contents(few / "release") == before


def configured(text):
    """Give a course this configuration alone."""
    return lambda folder: (folder / course.CONFIG).write_text(f"{text}\n")


DOES_NOT_RUN = "nbgrader_config.py does not run: "
NO_SUBMISSIONS = f"There are no submissions to {NETWORK}: nothing lies in submitted/STUDENT/{NETWORK}."
NOT_HERS = f"There are no submissions of zoe to {NETWORK}: nothing lies in submitted/zoe/{NETWORK}."
NO_COURSE = "is not a course folder: it has no nbgrader_config.py. Run this command in the course folder."
NO_DATABASE = 'c = get_config()\nc.CourseDirectory.db_url = "nosuchdatabase://here"'
NO_PLUGIN = "The gradebook nosuchdatabase://here could not be opened: Can't load plugin"
CIRCLE = "circle is not a folder: it is a link that leads in a circle."


@pytest.mark.parametrize(
    ("prepare", "arguments", "sentence"),
    [
        (configured("c = get_config("), "", f"{DOES_NOT_RUN}SyntaxError: '(' was never closed"),
        (configured("import nowhere"), "", f"{DOES_NOT_RUN}ModuleNotFoundError: No module named 'nowhere'"),
        (lambda folder: (folder / course.CONFIG).unlink(), "", NO_COURSE),
        (lambda folder: shutil.rmtree(folder / "submitted"), "", NO_SUBMISSIONS),
        (lambda folder: None, "--student zoe", NOT_HERS),
        (configured(NO_DATABASE), "", NO_PLUGIN),
        (lambda folder: (folder / "circle").symlink_to("circle"), "--course circle", CIRCLE),
    ],
    ids=["syntax", "import", "no-course", "no-submissions", "no-student", "no-database", "circle"],
)
def test_what_is_wrong_before_anything_is_graded_is_reported_in_a_sentence(few, prepare, arguments, sentence):
    prepare(few)
    message = Run(few, tuple(arguments.split())).finish(status=0 if "submissions to" in sentence else 1)
    assert sentence in message
    assert len(message.splitlines()) == 1
    assert "Run the same command" not in message
    assert not classes.graded_folders(few)


def test_an_assignment_that_nobody_knows_is_reported(folder, autograder):
    done = autograder("grade", "03-nowhere", cwd=folder)
    assert (done.returncode, done.said) == (
        1,
        "Nothing was graded: The gradebook knows no assignment 03-nowhere. `autograder build`, or `nbgrader "
        "generate_assignment 03-nowhere`, puts it there.",
    )
