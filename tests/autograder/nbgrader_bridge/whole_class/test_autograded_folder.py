"""A submission's folder is written whole or not at all."""

import stat

import pytest

from autograder.nbgrader_bridge.whole_class.autograded_folder import STAGING, AutogradedFolder
from tests.autograder.nbgrader_bridge.classes import contents


@pytest.fixture
def autograded(tmp_path):
    return AutogradedFolder(tmp_path, 0o444, groupshared=False)


def test_a_folder_is_put_with_its_rights_and_what_was_there_goes(autograded, tmp_path):
    place = tmp_path / "autograded" / "amara" / "ps1"
    autograded.put(place, {"x.ipynb": b"old"}, {"gone.txt": b"x"}, {})
    autograded.put(place, {"x.ipynb": b"new"}, {"data/a.txt": b"a", "timestamp.txt": b"t"}, {})
    assert contents(place) == {"x.ipynb": b"new", "data/a.txt": b"a", "timestamp.txt": b"t"}
    assert {stat.S_IMODE(p.stat().st_mode) for p in place.rglob("*") if p.is_file()} == {0o444}
    autograded.close()
    assert not (tmp_path / STAGING).exists()


def test_the_notebook_that_was_graded_wins_over_a_file_of_its_name(autograded, tmp_path):
    autograded.put(tmp_path / "place", {"x.ipynb": b"graded"}, {"x.ipynb": b"handed in"}, {})
    assert contents(tmp_path / "place") == {"x.ipynb": b"graded"}


def test_the_assignments_own_files_are_there_for_everybody_and_one_on_disk(autograded, tmp_path):
    students = {"amara": b"amara's", "bruno": b"bruno's"}
    for student, own in students.items():
        autograded.put(tmp_path / student, {"x.ipynb": own}, {"own.txt": own}, {"files/data": b"data"})
    autograded.close()
    for student, own in students.items():
        assert contents(tmp_path / student) == {"x.ipynb": own, "own.txt": own, "files/data": b"data"}
    one, other = ((tmp_path / student / "files" / "data").stat() for student in students)
    assert one.st_ino == other.st_ino
    assert stat.S_IMODE(one.st_mode) == 0o444


def test_a_groups_course_lets_the_group_write_and_nobody_shares_a_file(tmp_path):
    autograded = AutogradedFolder(tmp_path, 0o664, groupshared=True)
    for student in ("amara", "bruno"):
        autograded.put(tmp_path / student, {"x.ipynb": b"x"}, {"data/a.txt": b"a"}, {"data/all": b"data"})
        assert stat.S_IMODE((tmp_path / student / "x.ipynb").stat().st_mode) == 0o664
        for folder in (tmp_path / student, tmp_path / student / "data"):
            assert stat.S_IMODE(folder.stat().st_mode) & 0o2070 == 0o2070
    one, other = ((tmp_path / student / "data" / "all").stat() for student in ("amara", "bruno"))
    assert one.st_ino != other.st_ino


def test_a_disk_that_is_full_leaves_what_was_there(autograded, tmp_path, monkeypatch):
    place = tmp_path / "place"
    autograded.put(place, {"x.ipynb": b"old"}, {}, {})

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        autograded.put(place, {"x.ipynb": b"new"}, {}, {})
    monkeypatch.undo()
    autograded.close()
    assert contents(place) == {"x.ipynb": b"old"}
    assert not (tmp_path / STAGING).exists()


def test_what_an_earlier_run_left_half_written_is_cleared(tmp_path):
    half = tmp_path / STAGING / "new" / "locked"
    half.mkdir(parents=True)
    (half / "x").touch()
    half.chmod(0o500)
    AutogradedFolder(tmp_path, 0o444, groupshared=False)
    assert not (tmp_path / STAGING).exists()
