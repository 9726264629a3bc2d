"""Which submissions there are, which are to be graded now, and how one is read: nbgrader's own rules."""

import os
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_bridge.submission import submissions
from autograder.nbgrader_bridge.submission.submissions import SubmissionFolder
from autograder.submissions.notebook import UnreadableNotebook

ASSIGNMENT = "c++.1"
NOTEBOOK = "problem.ipynb"
WHEN = "2026-05-01 12:00:00 UTC"
NEVER = "never graded"


@pytest.fixture
def course(tmp_path):
    settings = Config()
    settings.CourseDirectory.root = str(tmp_path)
    settings.CourseDirectory.student_id_exclude = "staff, tester"
    return CourseDirectory(config=settings)


@pytest.fixture
def submitted(tmp_path):
    """Hand in files, one notebook if nothing else is said; the submission's folder."""

    def hand_in(student="amara", files=(NOTEBOOK,), when=None, assignment=ASSIGNMENT):
        folder = tmp_path / "submitted" / student / assignment
        folder.mkdir(parents=True)
        for name in files:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"of {name}")
        if when is not None:
            (folder / "timestamp.txt").write_text(when)
        return folder

    return hand_in


def students(course, student="*"):
    return [result.student for result in submissions.find_submissions(course, ASSIGNMENT, student)]


def found(course):
    """The first submission that there is."""
    return submissions.find_submissions(course, ASSIGNMENT)[0]


def read(course, names=("problem",), own=()):
    return submissions.read_submission(found(course), names, own)


def test_submissions_are_found_by_student_with_their_times(course, submitted):
    chiara, amara = submitted("chiara"), submitted("amara", when=WHEN)
    assert submissions.find_submissions(course, ASSIGNMENT) == [
        SubmissionFolder("amara", amara, datetime(2026, 5, 1, 12)),
        SubmissionFolder("chiara", chiara, None, time_problem=""),
    ]


def test_only_this_assignment_s_folders_of_those_who_count(course, submitted, tmp_path):
    for student in ("amara", "bruno [2]", "staff", "tester"):
        submitted(student)
    submitted("chiara", assignment="c+.1")
    submitted("deniz", assignment="ccx1")
    (tmp_path / "submitted" / "emeka").mkdir()
    assert students(course) == ["amara", "bruno [2]"]
    assert students(course, "amara") == ["amara"]
    assert students(course, "nobody") == []


@pytest.mark.parametrize(
    ("now", "before", "new"),
    [
        (WHEN, WHEN, False),
        ("2026-05-01 12:00:01 UTC", WHEN, True),
        ("2026-04-30 12:00:00 UTC", WHEN, False),
        (None, WHEN, None),
        (WHEN, None, None),
        (None, None, None),
        ("when it was ready", WHEN, None),
        ("9" * 100_000, WHEN, None),
        ("", WHEN, None),
        ("when it was ready", NEVER, True),
    ],
)
def test_new_is_what_was_handed_in_since_and_without_a_time_its_content_has_to_tell(
    course, submitted, tmp_path, now, before, new
):
    submitted(when=now)
    graded = tmp_path / "autograded"
    if before != NEVER:
        graded.mkdir()
    if before == WHEN:
        (graded / "timestamp.txt").write_text(before)
    assert submissions.is_new(found(course), graded) is new


def huge(path):
    with path.open("wb") as file:
        file.truncate(1 << 34)


NO_TIMES = {
    "a pipe": os.mkfifo,
    "without an end": lambda path: path.symlink_to("/dev/zero"),
    "a folder": Path.mkdir,
    "huge": huge,
    "no text": lambda path: path.write_bytes(b"\xff\xfe2\x000\x00"),
    "beyond time": lambda path: path.write_text("9999-12-31 23:59:59 -2300"),
}


@pytest.mark.parametrize("what", NO_TIMES)
def test_a_timestamp_that_holds_no_time_is_noted_and_never_waited_for(course, submitted, what):
    NO_TIMES[what](submitted() / "timestamp.txt")
    submission = found(course)
    assert (submission.timestamp, submission.time_problem) == (None, submissions.NO_TIME)


UNREADABLE = {  # what lies in the place of the submission's folder (`.`) or of its notebook, and what is said
    "a file for a folder": (".", lambda path: path.write_text("a file"), "is a file, where"),
    "a link to nowhere": (".", lambda path: path.symlink_to("/nowhere"), "is a link"),
    "a link to itself": (".", lambda path: path.symlink_to(path.name), "is a link"),
    "a folder for a notebook": (NOTEBOOK, Path.mkdir, r"^problem\.ipynb: This is a folder"),
    "a pipe": (NOTEBOOK, os.mkfifo, r"^problem\.ipynb: "),
    "nothing": (
        NOTEBOOK,
        lambda path: None,
        r"^problem\.ipynb is missing, and there is no other notebook\.$",
    ),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_lies_in_the_place_of_work_is_reported_and_not_passed_over(course, submitted, tmp_path, what):
    name, make, message = UNREADABLE[what]
    path = submitted() / name
    path.rename(tmp_path / "away")
    make(path)
    with pytest.raises(UnreadableNotebook, match=message):
        read(course)


@pytest.mark.parametrize("linked", [".", ASSIGNMENT, f"{ASSIGNMENT}/{NOTEBOOK}"])
def test_a_link_to_somebody_else_s_work_is_refused(course, submitted, tmp_path, linked):
    theirs, here = (submitted(student).parent / linked for student in ("zoe", "amara"))
    here.rename(tmp_path / "away")
    here.symlink_to(theirs)
    with pytest.raises(UnreadableNotebook, match=r"is a link\. Hand in the"):
        read(course)


@pytest.mark.parametrize("student", ["amara\n  bruno: 30", os.fsdecode(b"amar\xe4"), "amara\x1b[2J", " "])
def test_a_students_name_that_is_no_text_is_reported_and_not_passed_over(course, submitted, student):
    submitted(student)
    with pytest.raises(UnreadableNotebook, match="not text that can be written down"):
        read(course)


NAMES = ["zo\u00eb", "amara\u00a0b", "\u0645\u06cc\u200c\u0646\u0627", "o'neill, j."]


@pytest.mark.parametrize("student", NAMES)
def test_a_name_in_any_script_is_a_name(course, submitted, student):
    submitted(student)
    assert read(course).student == student


def test_files_that_lie_where_the_assignments_have_to_be_are_left_out(course, submitted):
    """A file that is called like a folder, and in a folder that is called like a file."""
    submitted(files=[NOTEBOOK, "utils", "data.csv/deep/x", "mine.csv"])
    result = read(course, own=frozenset({"utils/__init__.py", "data.csv"}))
    assert result.files == {"mine.csv": b"of mine.csv"}


def test_notebooks_of_other_names_are_read_for_a_grader_to_choose(course, submitted):
    names = {"problem (7).ipynb", "hw/Problem.IPYNB", "problem.ipynb.txt", "problem.ipynb/problem.ipynb"}
    place = submitted(files=[*names, "hw/.ipynb_checkpoints/x.ipynb"])
    (place / "link.ipynb").symlink_to("problem (7).ipynb")
    result = read(course)
    assert (result.notebooks, set(result.others)) == ({}, names)


def test_notebooks_are_read_as_they_are_and_the_student_s_own_files_with_them(course, submitted):
    place = submitted(files=[NOTEBOOK, "another.ipynb", "data/mine.csv", "tests.py"])
    (place / NOTEBOOK).write_bytes(b"\xff not yet looked into")
    result = read(course, ("problem", "second"), frozenset({"tests.py"}))
    assert result.student == "amara"
    assert result.notebooks == {"problem": b"\xff not yet looked into"}
    assert result.files == {"data/mine.csv": b"of data/mine.csv"}


def test_a_missing_notebook_is_reported_with_what_lies_there_instead(course, submitted):
    (submitted(files=[]) / "problem(1).ipynb").symlink_to("/nowhere")
    with pytest.raises(UnreadableNotebook) as message:
        read(course, ("problem", "second"))
    assert str(message.value) == (
        "problem.ipynb and second.ipynb are missing. There is problem(1).ipynb: rename it if that is the one."
    )
