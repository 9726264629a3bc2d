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
WHEN = "2026-05-01 12:00:00 UTC"


@pytest.fixture
def course(tmp_path):
    settings = Config()
    settings.CourseDirectory.root = str(tmp_path)
    settings.CourseDirectory.student_id_exclude = "staff, tester"
    return CourseDirectory(config=settings)


@pytest.fixture
def submitted(tmp_path):
    """Hand in one notebook; the submission's folder."""

    def hand_in(student, when=None, assignment=ASSIGNMENT):
        folder = tmp_path / "submitted" / student / assignment
        folder.mkdir(parents=True)
        (folder / "problem.ipynb").write_text("{}")
        if when is not None:
            (folder / "timestamp.txt").write_text(when)
        return folder

    return hand_in


def found(course):
    """The one submission that there is."""
    (submission,) = submissions.find_submissions(course, ASSIGNMENT)
    return submission


def read(course, names=("problem",), own=frozenset()):
    return submissions.read_submission(found(course), list(names), own)


def students(course, student="*"):
    return [result.student for result in submissions.find_submissions(course, ASSIGNMENT, student)]


def test_submissions_are_found_by_student_with_their_times(course, submitted):
    folders = {student: submitted(student, when) for student, when in (("chiara", None), ("amara", WHEN))}
    assert submissions.find_submissions(course, ASSIGNMENT) == [
        SubmissionFolder("amara", folders["amara"], datetime(2026, 5, 1, 12)),
        SubmissionFolder("chiara", folders["chiara"], None, time_problem=""),
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
    ],
)
def test_new_is_what_was_handed_in_since_and_without_a_time_its_content_has_to_tell(
    course, submitted, tmp_path, now, before, new
):
    submitted("amara", now)
    graded = tmp_path / "autograded" / "amara"
    graded.mkdir(parents=True)
    if before is not None:
        (graded / "timestamp.txt").write_text(before)
    assert submissions.is_new(found(course), graded) is new


def test_what_was_never_graded_is_new_with_or_without_a_time(course, submitted, tmp_path):
    submitted("amara", "when it was ready")
    assert submissions.is_new(found(course), tmp_path / "autograded" / "amara")


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
    NO_TIMES[what](submitted("amara") / "timestamp.txt")
    submission = found(course)
    assert (submission.timestamp, submission.time_problem) == (None, submissions.NO_TIME)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        pytest.param(lambda place: place.write_text("a file"), "is a file, where", id="a file"),
        pytest.param(lambda place: place.symlink_to("/nowhere"), "is a link", id="a link to nowhere"),
        pytest.param(lambda place: place.symlink_to(place.name), "is a link", id="a link to itself"),
    ],
)
def test_what_lies_in_a_folders_place_is_reported_and_not_passed_over(course, tmp_path, make, message):
    place = tmp_path / "submitted" / "emeka" / ASSIGNMENT
    place.parent.mkdir(parents=True)
    make(place)
    with pytest.raises(UnreadableNotebook, match=message):
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
    place = submitted("amara")
    (place / "utils").write_text("a file")
    (place / "data.csv" / "deep").mkdir(parents=True)
    (place / "data.csv" / "deep" / "x").write_text("in a folder that is called like a file")
    (place / "mine.csv").write_text("1")
    result = read(course, own=frozenset({"utils/__init__.py", "data.csv"}))
    assert result.files == {"mine.csv": b"1"}


def test_notebooks_of_other_names_are_read_for_a_grader_to_choose(course, submitted):
    place = submitted("amara")
    (place / "problem.ipynb").unlink()
    (place / "hw" / ".ipynb_checkpoints").mkdir(parents=True)
    names = {"problem (7).ipynb", "hw/Problem.IPYNB", "problem.ipynb.txt"}
    for name in (*names, "hw/.ipynb_checkpoints/x.ipynb"):
        (place / name).write_text(name)
    (place / "link.ipynb").symlink_to("problem (7).ipynb")
    result = read(course)
    assert (result.notebooks, set(result.others)) == ({}, names)


def test_a_folder_called_like_the_notebook_is_looked_into(course, submitted):
    place = submitted("amara")
    (place / "problem.ipynb").unlink()
    (place / "problem.ipynb").mkdir()
    with pytest.raises(UnreadableNotebook, match=r"problem\.ipynb: This is a folder"):
        read(course)
    (place / "problem.ipynb" / "problem.ipynb").write_text("{}")
    assert set(read(course).others) == {"problem.ipynb/problem.ipynb"}


def test_notebooks_are_read_as_they_are_and_the_student_s_own_files_with_them(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").write_bytes(b"\xff not yet looked into")
    (folder / "another.ipynb").write_text("not of this assignment")
    (folder / "data").mkdir()
    (folder / "data" / "mine.csv").write_text("1,2")
    (folder / "tests.py").write_text("assert True")
    result = read(course, ("problem", "second"), frozenset({"tests.py"}))
    assert result.student == "amara"
    assert result.notebooks == {"problem": b"\xff not yet looked into"}
    assert result.files == {"data/mine.csv": b"1,2"}


def test_a_missing_notebook_is_reported_with_what_lies_there_instead(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").unlink()
    (folder / "problem(1).ipynb").symlink_to("/nowhere")
    with pytest.raises(UnreadableNotebook) as message:
        read(course, ("problem", "second"))
    assert str(message.value) == (
        "problem.ipynb and second.ipynb is missing. There is problem(1).ipynb: rename it if that is the one."
    )


def test_an_empty_folder_is_reported(course, submitted):
    (submitted("amara") / "problem.ipynb").unlink()
    with pytest.raises(UnreadableNotebook, match=r"^problem\.ipynb is missing, and there is no other note"):
        read(course)


@pytest.mark.parametrize(
    "linked", [".", ASSIGNMENT, f"{ASSIGNMENT}/problem.ipynb"], ids=["student", "submission", "notebook"]
)
def test_a_link_to_somebody_else_s_work_is_refused(course, submitted, tmp_path, linked):
    theirs, here = (submitted(student).parent / linked for student in ("zoe", "amara"))
    here.rename(tmp_path / "away")
    here.symlink_to(theirs)
    submission, _ = submissions.find_submissions(course, ASSIGNMENT)
    with pytest.raises(UnreadableNotebook, match=r"is a link\. Hand in the"):
        submissions.read_submission(submission, ["problem"], frozenset())


def test_a_notebook_that_is_no_ordinary_file_is_reported_by_its_name(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").unlink()
    os.mkfifo(folder / "problem.ipynb")
    with pytest.raises(UnreadableNotebook, match=r"^problem\.ipynb: "):
        read(course)
