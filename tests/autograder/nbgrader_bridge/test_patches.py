"""Other people's libraries are changed in one place, and only in the versions that a change was made for."""

import os
import sys
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.nbgrader_bridge import patches


def test_a_change_is_made_only_in_the_versions_it_was_made_for(monkeypatch):
    made = []
    versions = ("0.9", "0", "0.9.6", "0.8", "0.9.60", "1")
    changes = tuple(("nbgrader", known, lambda known=known: made.append(known)) for known in versions)
    monkeypatch.setattr(patches, "CHANGES", changes)
    monkeypatch.setattr(patches, "version", lambda _: "0.9.6")
    patches.apply.__wrapped__()
    assert made == ["0.9", "0", "0.9.6"]


def test_gradebooks_of_one_address_share_an_engine_and_stay_usable(tmp_path, monkeypatch):
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    monkeypatch.setenv("PATH", programs)  # it calls `alembic` by its name
    patches.apply()
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url, "course") as first:
        first.add_student("amara")
    with Gradebook(url, "course") as second:
        assert [student.id for student in second.students] == ["amara"]
    assert second.engine is first.engine
    with Gradebook(f"sqlite:///{tmp_path}/other.db", "course") as other:
        assert other.engine is not first.engine
        assert other.students == []
