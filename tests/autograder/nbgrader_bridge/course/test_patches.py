"""Other people's libraries are changed in one place, and only in the versions that a change was made for."""

import re
import subprocess
from pathlib import Path

import pytest
from nbgrader import api, dbutil
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder import patches


def test_a_change_is_made_only_in_the_versions_it_was_made_for(monkeypatch):
    made = []
    versions = ("0.9", "0", "0.9.6", "0.8", "0.9.60", "1")
    changes = [
        patches.made_for("nbgrader", known)(lambda known=known: made.append(known)) for known in versions
    ]
    monkeypatch.setattr(patches, "version", lambda _: "0.9.6")
    for change in 2 * changes:  # once in a process is enough
        change()
    assert made == ["0.9", "0", "0.9.6"]


@pytest.fixture
def no_other_program(monkeypatch):
    """No other program can be started: a new gradebook needs none."""
    monkeypatch.setattr(subprocess, "Popen", None)
    patches.read_schema_version_here(api, dbutil.ALEMBIC_DIR)


def test_a_new_gradebook_knows_the_newest_version_of_nbgraders_tables(tmp_path, no_other_program):
    """As `nbgrader db upgrade` reads it, which would change them otherwise."""
    files = "".join(path.read_text() for path in Path(dbutil.ALEMBIC_DIR).glob("versions/*.py"))
    versions = set(re.findall(r"^revision = '(\w+)'", files, re.MULTILINE))
    older = set(re.findall(r"^down_revision = '(\w+)'", files, re.MULTILINE))
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "course") as book:
        in_book = set(book.db.scalars(text("SELECT version_num FROM alembic_version")))
    assert in_book == versions - older


def test_gradebooks_of_one_address_share_an_engine_and_stay_usable(tmp_path, no_other_program):
    patches.share_engines(api)
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url, "course") as first:
        first.add_student("amara")
    with Gradebook(url, "course") as second:
        assert [student.id for student in second.students] == ["amara"]
    assert second.engine is first.engine
    with Gradebook(f"sqlite:///{tmp_path}/other.db", "course") as other:
        assert other.engine is not first.engine
        assert other.students == []
