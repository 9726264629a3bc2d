"""What lies beside a notebook is read as bytes: ordinary files, not too many, and no links."""

import os
from pathlib import Path

import pytest

from autograder.submissions.submission import (
    MAX_FILES,
    beside,
    files_in,
    names_in,
    without_own,
    without_those_in_the_way,
)
from samples.attacks.canaries import remove

ROOT = Path(__file__).parents[3]


def laid(folder, *names):
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    return folder


def test_files_and_folders_are_read_and_notebooks_and_caches_are_not(tmp_path):
    read = ("helper.py", "data/numbers.txt")
    laid(tmp_path, *read, "x.ipynb", "y.pyc", "__pycache__/z", ".ipynb_checkpoints/x")
    expected = {name: name.encode() for name in read}
    assert files_in(tmp_path) == beside(tmp_path / "x.ipynb").files == expected


def test_links_pipes_and_what_cannot_be_read_are_left_out_without_waiting(tmp_path):
    (tmp_path / "secret").write_text("outside")
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "elsewhere").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    (folder / "good").write_text("x")
    assert files_in(folder) == {"good": b"x"}


def test_too_much_is_left_out_and_the_rest_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submissions.submission.MAX_BYTES", 100)
    (tmp_path / "a_large").write_bytes(bytes(101))
    (tmp_path / "b_small").write_bytes(bytes(60))
    (tmp_path / "c_small").write_bytes(bytes(60))
    (tmp_path / "d_small").write_bytes(bytes(40))
    assert list(files_in(tmp_path)) == ["b_small", "d_small"]


def test_too_many_are_left_out(tmp_path):
    for n in range(MAX_FILES + 20):
        (tmp_path / f"{n:04}").touch()
    assert len(files_in(tmp_path)) == MAX_FILES


def test_the_courses_own_folders_need_not_be_sent_and_one_that_a_student_has_changed_is_sent_whole():
    own = {f"utils/{name}": data for name, data in files_in(ROOT / "utils").items()}
    assert without_own({**own, "helper.py": b"x"}) == {"helper.py": b"x"}
    changed = {**own, "utils/__init__.py": b"changed"}
    assert without_own(changed) == changed


NOBODYS = ("marks.csv", "source/01/solution.txt")
FOLDERS = {
    "flat, of several notebooks": (
        ["ben.ipynb", "marks.csv", "ana_helper.py", "ben/data.txt"],
        set(),
        ["ana_helper.py, ben, marks.csv", "other notebooks"],
    ),
    "of several notebooks, beside them the course's own alone": (
        ["02.ipynb", "utils/__init__.py", "files/a.npy", "__pycache__/x.pyc"],
        set(),
        [],
    ),
    "with folders below that hold other people's notebooks": (
        ["helper.py", "data/n.txt", "others/ben/ben.ipynb", "others/marks.csv"],
        {"helper.py", "data/n.txt"},
        ["others"],
    ),
    "a course's, by its settings": (["nbgrader_config.py", *NOBODYS], set(), ["course"]),
    "a course's, by its gradebook": (["gradebook.db", *NOBODYS], set(), ["course"]),
    "a course's, by its secret": ([".autograder-secret", *NOBODYS], set(), ["course"]),
}


@pytest.mark.parametrize(("names", "files", "words"), FOLDERS.values(), ids=FOLDERS)
def test_what_a_notebook_finds_beside_it_is_its_own_and_what_is_left_out_is_named(
    tmp_path, names, files, words
):
    result = beside(laid(tmp_path, "ana.ipynb", *names) / "ana.ipynb")
    assert set(result.files) == files
    assert all(word in result.left_out for word in words)
    assert bool(result.left_out) == bool(words)


def test_all_in_a_students_folder_of_nbgraders_is_the_students(tmp_path):
    names = ("01.ipynb", "scratch.ipynb", "helper.py", "old/x.ipynb")
    folder = laid(tmp_path / "submitted" / "ana" / "01", *names)
    assert beside(folder / "01.ipynb").files == files_in(folder) == {"helper.py": b"helper.py"}
    assert beside(folder / "01.ipynb").left_out == ""


def test_folders_nested_without_end_are_looked_into_as_far_as_is_sensible(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for depth in range(1100):
        if depth in (0, 5, 500, 1099):
            os.close(os.open("x", os.O_CREAT | os.O_WRONLY, dir_fd=here))
        os.mkdir("a", dir_fd=here)
        below = os.open("a", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    assert list(files_in(tmp_path)) == ["x", "a/a/a/a/a/x"]
    remove(tmp_path)


def test_names_that_no_system_takes_with_a_folder_above_are_left_out(tmp_path):
    (tmp_path / "good").touch()
    (tmp_path / ("n" * 255)).touch()
    folder = tmp_path
    for _ in range(5):
        folder = folder / ("f" * 250)
        folder.mkdir()
        (folder / "x").touch()
    assert sorted(map(len, files_in(tmp_path))) == [4, 252, 255, 503, 754]


def test_folders_without_number_come_to_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr("autograder.submissions.submission.MAX_NAMES", 50)
    for n in range(200):
        (tmp_path / f"{n:03}").mkdir()
    (tmp_path / "000" / "x").touch()
    assert len(names_in(tmp_path)) <= 50


def test_a_huge_file_with_nothing_in_it_is_not_read(tmp_path):
    with (tmp_path / "sparse").open("wb") as file:
        file.truncate(100 << 30)
    (tmp_path / "good").write_text("x")
    assert files_in(tmp_path) == {"good": b"x"}


def test_names_that_are_no_text_are_read_as_they_are(tmp_path):
    names = {os.fsdecode(b"\xfcbung.csv"), "two\nlines.csv"}
    for name in names:
        (tmp_path / name).write_text("1")
    assert set(files_in(tmp_path)) == names


def test_what_lies_in_the_way_of_the_assignments_own_files_is_left_out():
    own = {"utils/__init__.py": b"", "files/data.npz": b""}
    in_the_way = ["utils", "files/data.npz/x", "files/data.npz/y/z"]
    others = ["files/mine.npz", "utils.py", "x"]
    files = dict.fromkeys([*in_the_way, *others], b"")
    assert set(without_those_in_the_way(files, own)) == set(others)
