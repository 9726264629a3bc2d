"""An assignment of one's own from its folder to marks: every command knows it, and no student's code does."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, new
from autograder.nbgrader_bridge import course_folder as courses

ROOT = Path(__file__).parents[3]
NAME, FOLDER = "a-layer", "a_layer"
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
HALF = ("2*(Y-T)", "(Y-T)")


def run(*arguments, cwd, program=("-m", "autograder.cli")):
    bin = str(Path(sys.executable).parent)
    return subprocess.run(
        [sys.executable, *program, *map(str, arguments)],
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PATH": os.pathsep.join([bin, os.environ["PATH"]])},
        timeout=600,
        check=False,
        text=True,
    )


def hand_in(course, student, *changes, extra=""):
    """Hand in the solution with some changes."""
    notebook = nbformat.read(course / "source" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = HIDDEN.sub("", cell.source)
        for old, text in changes:
            cell.source = cell.source.replace(old, text)
    if extra:
        notebook.cells.append(nbformat.v4.new_code_cell(extra))
    folder = course / "submitted" / student / NAME
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / f"{NAME}.ipynb")
    return folder / f"{NAME}.ipynb"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with an assignment that lies elsewhere, and a picture and a file of its own."""
    folder = tmp_path_factory.mktemp("own")
    new.write(NAME, folder / "elsewhere")
    files = folder / "elsewhere" / FOLDER / "files"
    files.mkdir()
    (files / "layer.png").write_bytes(b"\x89PNG a picture")
    (files / "numbers.txt").write_text("1 2 3")
    text = folder / "elsewhere" / FOLDER / "notebook.py"
    text.write_text(
        text.read_text().replace("# A linear layer", "# ![a layer](files/layer.png)\n#\n# A linear layer")
    )
    done = run(
        "build", "--course", "course", "--assignments", "elsewhere", "--notebooks", "notebooks", cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return folder / "course"


def test_it_is_released_with_what_is_its_own(course):
    release = course / "release" / NAME
    assert (release / "files" / "layer.png").read_bytes() == b"\x89PNG a picture"
    assert (release / "files" / "numbers.txt").read_text() == "1 2 3"
    assert (release / "files" / "data.npz").is_file()
    notebook = nbformat.read(release / f"{NAME}.ipynb", as_version=4)
    assert "layer.png" in notebook.cells[0].attachments
    assert not any("len(Y)" in cell.source for cell in notebook.cells)
    assert (course.parent / "notebooks" / f"{NAME}.ipynb").read_bytes() == (
        release / f"{NAME}.ipynb"
    ).read_bytes()


def test_nothing_of_it_is_in_other_assignments_or_in_the_package(course):
    others = [path for path in (course / "release").iterdir() if path.name != NAME]
    assert len(others) == len(assignments.folders())
    assert not [path for path in others if (path / "files" / "layer.png").exists()]
    assert not (ROOT / "files" / "layer.png").exists()


def test_a_bundle_is_made_of_it(course, tmp_path):
    done = run("bundle", "--to", tmp_path, "--course", course, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / f"{NAME}.zip") as archive:
        assert f"{NAME}/files/numbers.txt" in archive.namelist()
    with zipfile.ZipFile(tmp_path / "01-error-backpropagation.zip") as archive:
        assert "01-error-backpropagation/files/numbers.txt" not in archive.namelist()


@pytest.mark.parametrize("where", [["--course", "course"], ["--assignments", f"elsewhere/{FOLDER}"]])
def test_a_notebook_is_checked(course, tmp_path, where):
    solution = shutil.copy(hand_in(course, f"amara-{where[0]}", HALF), tmp_path / f"{NAME}.ipynb")
    shutil.rmtree(course / "submitted")
    done = run("check", solution, "--json", *where, cwd=course.parent)
    (found,) = json.loads(done.stdout)
    assert found["assignment"] == NAME
    (fault,) = found["exercises"]["exercise1"]["faults"]
    assert fault["fault"] == "missing-factor-two"


def test_what_is_handed_in_brings_no_assignment_along(course, tmp_path):
    """A folder that looks like a course is none whose declarations are run, unless somebody says so."""
    theirs = tmp_path / "unpacked"
    shutil.copytree(course, theirs)
    new.write("evil", theirs / "assignments")
    (theirs / "assignments" / "evil" / "exercises.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    handed_in = hand_in(theirs, "amara")
    run("check", handed_in, cwd=theirs)
    assert not (tmp_path / "ran").exists()


def test_a_class_is_graded_by_both_programs_and_names_the_mistake(course, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    for student, changes in {"amara": [], "bruno": [HALF], "chiara": []}.items():
        hand_in(folder, student, *changes)
    done = run("grade", NAME, "--student", "[ab]*", cwd=folder)
    assert "Graded now: 2." in done.stdout, done.stdout + done.stderr
    done = run("autograde", NAME, "--student", "chiara", cwd=folder, program=("-m", "nbgrader"))
    assert done.returncode == 0, done.stderr
    marks = courses.marks(folder, NAME)
    assert marks == {
        "amara": {"exercise1-marks": 6},
        "bruno": {"exercise1-marks": 3},
        "chiara": {"exercise1-marks": 6},
    }
    graded = (folder / "autograded" / "bruno" / NAME / f"{NAME}.ipynb").read_text()
    assert "is half of what it should be" in graded


def test_a_class_is_graded_in_processes_of_their_own(course, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    for n in range(9):
        hand_in(folder, f"student{n}")
    done = run("grade", NAME, cwd=folder)
    assert "Graded now: 9." in done.stdout, done.stdout + done.stderr
    assert all(marks == {"exercise1-marks": 6} for marks in courses.marks(folder, NAME).values())


def test_where_it_is_not_found_nothing_is_graded_and_a_sentence_says_so(course, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    hand_in(folder, "amara")
    (folder / assignments.MEMORY).unlink()
    done = run("grade", NAME, cwd=folder)
    assert done.returncode == 1
    assert "Nothing was graded: There is no assignment named 'a-layer'" in done.stderr
    assert not (folder / "autograded").exists()
    done = run("grade", NAME, "--assignments", course.parent / "elsewhere", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_one_that_does_not_load_stops_no_other_build_and_is_not_graded(course, tmp_path):
    folder = tmp_path / "course"
    shutil.copytree(course, folder)
    (folder / assignments.MEMORY).unlink()
    shutil.copytree(course.parent / "elsewhere", folder / "assignments")
    new.write("another", folder / "assignments")
    declaration = folder / "assignments" / FOLDER / "exercises.py"
    declaration.write_text("ASSIGNMENT = 1 / 0\n")
    done = run("build", "--course", folder, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{declaration}, line 1: ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder / "release" / "another").is_dir()
    hand_in(folder, "amara")
    done = run("grade", NAME, cwd=folder)
    assert done.returncode == 1
    assert f"{declaration}, line 1: ZeroDivisionError" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_without_an_assignment_is_refused(tmp_path):
    done = run("build", "--assignments", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "holds no assignment" in " ".join(done.stderr.split())
    assert not (tmp_path / "course").exists()
