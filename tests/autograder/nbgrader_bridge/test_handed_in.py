"""Which submissions there are, which are to be graded now, and how one is read: nbgrader's own rules."""

import os
from datetime import datetime

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_bridge import handed_in
from autograder.nbgrader_bridge.handed_in import Found
from autograder.notebook import UnreadableNotebook

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


def students(course, student="*"):
    return [found.student for found in handed_in.found(course, ASSIGNMENT, student)]


def test_submissions_are_found_by_student_with_their_times(course, submitted):
    folders = {student: submitted(student, when) for student, when in (("chiara", None), ("amara", WHEN))}
    assert handed_in.found(course, ASSIGNMENT) == [
        Found("amara", folders["amara"], datetime(2026, 5, 1, 12)),
        Found("chiara", folders["chiara"], None),
    ]


def test_only_this_assignment_s_folders_of_those_who_count(course, submitted, tmp_path):
    for student in ("amara", "bruno [2]", "staff", "tester"):
        submitted(student)
    submitted("chiara", assignment="c+.1")
    submitted("deniz", assignment="ccx1")
    (tmp_path / "submitted" / "emeka").mkdir()
    (tmp_path / "submitted" / "emeka" / ASSIGNMENT).write_text("a file")
    assert students(course) == ["amara", "bruno [2]"]
    assert students(course, "amara") == ["amara"]
    assert students(course, "nobody") == []


def graded(tmp_path, when):
    folder = tmp_path / "autograded" / "amara"
    folder.mkdir(parents=True)
    if when is not None:
        (folder / "timestamp.txt").write_text(when)
    return folder


@pytest.mark.parametrize(
    ("now", "before", "new"),
    [
        (WHEN, WHEN, False),
        ("2026-05-01 12:00:01 UTC", WHEN, True),
        ("2026-04-30 12:00:00 UTC", WHEN, False),
        (None, WHEN, False),
        (WHEN, None, False),
        ("when it was ready", WHEN, False),
    ],
)
def test_new_is_what_was_handed_in_since(course, submitted, tmp_path, now, before, new):
    submitted("amara", now)
    (submission,) = handed_in.found(course, ASSIGNMENT)
    assert handed_in.is_new(course, submission, graded(tmp_path, before)) is new


def test_what_was_never_graded_is_new_with_or_without_a_time(course, submitted, tmp_path):
    submitted("amara", "when it was ready")
    (submission,) = handed_in.found(course, ASSIGNMENT)
    assert handed_in.is_new(course, submission, tmp_path / "autograded" / "amara")


def read(course, names=("problem",), own=frozenset()):
    (submission,) = handed_in.found(course, ASSIGNMENT)
    return handed_in.read(submission, list(names), own)


def test_notebooks_are_read_as_they_are_and_the_student_s_own_files_with_them(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").write_bytes(b"\xff not yet looked into")
    (folder / "another.ipynb").write_text("not of this assignment")
    (folder / "data").mkdir()
    (folder / "data" / "mine.csv").write_text("1,2")
    (folder / "tests.py").write_text("assert True")
    found = read(course, ("problem", "second"), frozenset({"tests.py"}))
    assert found.student == "amara"
    assert found.notebooks == {"problem": b"\xff not yet looked into"}
    assert found.files == {"data/mine.csv": b"1,2"}


def test_a_missing_notebook_is_told_with_what_lies_there_instead(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").rename(folder / "problem(1).ipynb")
    with pytest.raises(UnreadableNotebook) as told:
        read(course, ("problem", "second"))
    assert str(told.value) == (
        "problem.ipynb and second.ipynb was expected in c++.1. "
        "There is problem(1).ipynb: rename it if that is the one."
    )


def test_an_empty_folder_is_told(course, submitted):
    (submitted("amara") / "problem.ipynb").unlink()
    with pytest.raises(
        UnreadableNotebook, match=r"problem\.ipynb was expected in c\+\+\.1\. There is no notebook\."
    ):
        read(course)


def linked_notebook(folder, elsewhere):
    (folder / "problem.ipynb").unlink()
    (folder / "problem.ipynb").symlink_to(elsewhere / "problem.ipynb")


def linked_folder(folder, elsewhere):
    folder.rename(folder.with_name("away"))
    folder.symlink_to(elsewhere)


def linked_student(folder, elsewhere):
    folder.parent.rename(folder.parent.with_name("away"))
    folder.parent.symlink_to(elsewhere.parent)


@pytest.mark.parametrize("link", [linked_notebook, linked_folder, linked_student])
def test_a_link_to_somebody_else_s_work_is_refused(course, submitted, link):
    elsewhere = submitted("zoe")
    link(submitted("amara"), elsewhere)
    found = [each for each in handed_in.found(course, ASSIGNMENT) if each.student == "amara"]
    with pytest.raises(UnreadableNotebook, match=r"is a link\. Hand in the"):
        handed_in.read(found[0], ["problem"], frozenset())


def test_a_notebook_that_is_no_ordinary_file_is_told_by_its_name(course, submitted):
    folder = submitted("amara")
    (folder / "problem.ipynb").unlink()
    os.mkfifo(folder / "problem.ipynb")
    with pytest.raises(UnreadableNotebook, match=r"^problem\.ipynb: "):
        read(course)
