"""A submission behind a folder that cannot be opened is a row with a sentence, and not a student less."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_bridge.submission import submissions
from autograder.submissions.notebook import UnreadableNotebook

NOBODY = 65534


@pytest.fixture
def course():
    """Three who handed in, in a folder that any user can reach."""
    root = Path(tempfile.mkdtemp(dir="/tmp"))
    root.chmod(0o755)
    for student in ("amara", "chiara", "deniz"):
        folder = root / "submitted" / student / "sheet"
        folder.mkdir(parents=True)
        (folder / "problem.ipynb").write_text("{}")
    settings = Config()
    settings.CourseDirectory.root = str(root)
    yield CourseDirectory(config=settings)
    subprocess.run(["chmod", "-R", "u+rwx", root], check=True)
    shutil.rmtree(root)


def seen(course):
    """Who is found, and why they cannot be read, by an ordinary user: one who may do everything sees all."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        try:
            if os.getuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            message = {}
            for result in submissions.find_submissions(course, "sheet"):
                try:
                    submissions.read_submission(result, ["problem"], frozenset())
                    message[result.student] = ""
                except UnreadableNotebook as reason:
                    message[result.student] = str(reason)
            os.write(writing, json.dumps(message).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading) as answer:
        return json.loads(answer.read() or "null")


@pytest.mark.parametrize("place", ["chiara", "chiara/sheet"], ids=["the student's", "the submission's"])
@pytest.mark.parametrize("mode", [0o000, 0o404], ids=["not at all", "listed only"])
def test_a_folder_that_cannot_be_opened_is_reported_with_what_to_do(course, place, mode):
    (Path(course.root) / "submitted" / place).chmod(mode)
    message = seen(course)
    assert list(message) == ["amara", "chiara", "deniz"]
    assert message["amara"] == message["deniz"] == ""
    name = Path("submitted") / place if place == "chiara" else place
    assert message["chiara"].startswith(f"The folder {name} cannot be opened")
    assert "chmod" in message["chiara"]


def test_where_all_can_be_opened_nobody_is_told_anything(course):
    assert seen(course) == {"amara": "", "chiara": "", "deniz": ""}
