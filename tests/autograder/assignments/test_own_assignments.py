"""An assignment of one's own from its folder to marks: every command knows it, and no student's code does."""

import json
import os
import re
import shutil
import zipfile
from pathlib import Path

import nbformat
import pytest

from autograder import assignments, new
from autograder.assignments import finding
from autograder.nbgrader_bridge.course import course_folder as courses
from autograder.nbgrader_bridge.course import release
from autograder.nbgrader_bridge.whole_class import grading_process
from autograder.sandbox.protocol.limits import Limits
from tests.autograder.nbgrader_bridge.dask_cluster import opened
from tests.process import python

pytestmark = pytest.mark.usefixtures("nothing_of_this_stays")

ROOT = Path(__file__).parents[3]
NAME, FOLDER = "a-layer", "a_layer"
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS.*?### END HIDDEN TESTS", re.DOTALL)
HALF = ("2*(Y-T)", "(Y-T)")


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
def course(tmp_path_factory, autograder):
    """A course with an assignment that lies elsewhere, and a picture and a file of its own."""
    folder = tmp_path_factory.mktemp("own")
    new.write(NAME, folder / "elsewhere")
    files = folder / "elsewhere" / FOLDER / "files"
    files.mkdir()
    (files / "layer.png").write_bytes(b"\x89PNG a picture")
    (files / "numbers.txt").write_text("1 2 3")
    text = folder / "elsewhere" / FOLDER / "notebook.py"
    picture = "# ![a layer](files/layer.png)\n#\n# A linear layer"
    text.write_text(text.read_text().replace("# A linear layer", picture))
    places = ("--course", "course", "--assignments", "elsewhere", "--notebooks", "notebooks")
    done = autograder("build", *places, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder / "course"


@pytest.fixture
def folder(course, tmp_path):
    """A copy of the course, for one class."""
    return shutil.copytree(course, tmp_path / "course")


def hand_in_all(folder):
    """Hand in the solution twice, and a mistake once."""
    for student, changes in {"amara": [], "bruno": [HALF], "chiara": []}.items():
        hand_in(folder, student, *changes)


def graded(folder):
    """The marks of each student."""
    return {student: marks["exercise1-marks"] for student, marks in courses.marks(folder, NAME).items()}


def test_it_is_released_with_what_is_its_own(course):
    release = course / "release" / NAME
    assert (release / "files" / "layer.png").read_bytes() == b"\x89PNG a picture"
    assert (release / "files" / "numbers.txt").read_text() == "1 2 3"
    assert (release / "files" / "data.npz").is_file()
    notebook = nbformat.read(release / f"{NAME}.ipynb", as_version=4)
    assert "layer.png" in notebook.cells[0].attachments
    assert not any("len(Y)" in cell.source for cell in notebook.cells)
    for_students = course.parent / "notebooks" / f"{NAME}.ipynb"
    assert for_students.read_bytes() == (release / f"{NAME}.ipynb").read_bytes()


def test_nothing_of_it_is_in_other_assignments_or_in_the_package(course):
    others = [path for path in (course / "release").iterdir() if path.name != NAME]
    assert len(others) == len(assignments.folders())
    assert not [path for path in others if (path / "files" / "layer.png").exists()]
    assert not (ROOT / "files" / "layer.png").exists()


HALF_WRITTEN = """
import utils

def exercise1(X, W, B, Y, T):
    DY = (Y - T) / len(Y)
    return DY, X.T.dot(DY), DY.sum(axis=0)

print(utils.check(exercise1))
"""


@pytest.mark.thorough  # a release and a bundle are built
def test_a_bundle_is_made_of_it_where_its_self_check_names_the_mistake_as_in_the_release(
    course, tmp_path, autograder
):
    """Its numbers are made by the build; neither folder knows anything of the other assignments' folders."""
    done = autograder("bundle", "--to", tmp_path, "--course", course, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(tmp_path / f"{NAME}.zip") as archive:
        assert f"{NAME}/files/numbers.txt" in archive.namelist()
        archive.extractall(tmp_path)
    with zipfile.ZipFile(tmp_path / "01-error-backpropagation.zip") as archive:
        assert "01-error-backpropagation/files/numbers.txt" not in archive.namelist()
    for folder in (course / "release" / NAME, tmp_path / NAME):
        assert (folder / "files" / "checks" / f"{NAME}.npz").is_file()
        environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        message = python("-c", HALF_WRITTEN, cwd=folder, environment=environment).stdout
        assert "is half of what it should be" in " ".join(message.split()), message


@pytest.mark.parametrize("where", [["--course", "course"], ["--assignments", f"elsewhere/{FOLDER}"]])
def test_a_notebook_is_checked(course, tmp_path, where, autograder):
    solution = shutil.copy(hand_in(course, f"amara-{where[0]}", HALF), tmp_path / f"{NAME}.ipynb")
    shutil.rmtree(course / "submitted")
    done = autograder("check", solution, "--json", *where, cwd=course.parent)
    (result,) = json.loads(done.stdout)
    assert result["assignment"] == NAME
    (fault,) = result["exercises"]["exercise1"]["faults"]
    assert fault["fault"] == "missing-factor-two"


def test_what_is_handed_in_brings_no_assignment_along(course, tmp_path, autograder):
    """A folder that looks like a course is none whose declarations are run, unless somebody says so."""
    theirs = tmp_path / "unpacked"
    shutil.copytree(course, theirs)
    new.write("evil", theirs / "assignments")
    (theirs / "assignments" / "evil" / "exercises.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    handed_in = hand_in(theirs, "amara")
    autograder("check", handed_in, cwd=theirs)
    assert not (tmp_path / "ran").exists()


def test_a_class_is_graded_by_both_programs_and_names_the_mistake(folder, autograder):
    hand_in_all(folder)
    done = autograder("grade", NAME, "--student", "[ab]*", cwd=folder)
    assert "Graded now: 2." in done.stdout, done.stdout + done.stderr
    courses.autograde(folder, NAME, "chiara")
    assert graded(folder) == {"amara": 6, "bruno": 3, "chiara": 6}
    notebook = (folder / "autograded" / "bruno" / NAME / f"{NAME}.ipynb").read_text()
    assert "is half of what it should be" in notebook


def test_a_class_is_graded_in_processes_of_their_own(folder, autograder):
    for n in range(9):
        hand_in(folder, f"student{n}")
    done = autograder("grade", NAME, cwd=folder)
    assert "Graded now: 9." in done.stdout, done.stdout + done.stderr
    assert set(graded(folder).values()) == {6}


@pytest.mark.parametrize("there", ["gone", "another"])
def test_a_machine_without_its_folder_reads_what_it_was_sent(tmp_path, there):
    """As a cluster's machines are, that share no disk with the course's, or have an older one."""
    elsewhere = tmp_path / "elsewhere"
    declaration, _ = new.write(NAME, elsewhere)
    assignments.search(elsewhere)
    sent = assignments.files_of([NAME])
    assert set(sent) == {f"{FOLDER}/exercises.py", f"{FOLDER}/notebook.py"}
    if there == "gone":
        shutil.rmtree(elsewhere)
    else:
        declaration.write_text(declaration.read_text().replace('"DW": 2', '"DW": 20'))
    line = f'import marks; marks("{NAME}", "exercise1", globals())'
    cell = release.ReleasedCell("exercise1-marks", "code", line, "", True, True, False, False, 6)
    released = release.ReleasedAssignment(NAME, {NAME: release.ReleasedNotebook(NAME, None, (cell,))})
    run = release.GradingContext(released, b"", {}, Limits(), {}, (), [str(elsewhere)], sent)
    assignments.search()
    grading_process.load_assignments(run.to_bytes())
    assert sum(part.marks for part in assignments.load(NAME).exercises[0].parts) == 6


def test_what_is_too_large_to_be_sent_is_refused_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(finding, "LARGEST", 100)
    new.write(NAME, tmp_path)
    assignments.search(tmp_path)
    with pytest.raises(assignments.BrokenAssignment, match=r"other machines are sent at most"):
        assignments.files_of([NAME])


@pytest.mark.thorough
def test_a_class_is_graded_on_a_cluster_whose_machines_do_not_have_it(folder, course, tmp_path, autograder):
    """The workers see the folder that the course remembers under a name that is gone."""
    shutil.copytree(course.parent / "elsewhere", tmp_path / "elsewhere")
    (folder / assignments.MEMORY).write_text("../elsewhere\n")
    hand_in_all(folder)
    hidden = "import pathlib, sys; real = pathlib.Path.is_file; gone = sys.argv.pop(1); "
    hidden += "pathlib.Path.is_file = lambda p: not str(p).startswith(gone) and real(p); "
    hidden += "import dask.__main__; dask.__main__.main()"
    with opened(tmp_path / "cluster") as cluster:
        cluster.start_scheduler()
        cluster.start_worker("one", "-c", hidden, str(tmp_path / "elsewhere"))
        done = autograder("grade", NAME, "--cluster", cluster.address, cwd=folder)
    assert "Graded now: 3." in done.stdout, done.stdout + done.stderr
    assert graded(folder) == {"amara": 6, "bruno": 3, "chiara": 6}


def test_where_it_is_not_found_nothing_is_graded_and_a_sentence_says_so(folder, course, autograder):
    hand_in(folder, "amara")
    (folder / assignments.MEMORY).unlink()
    done = autograder("grade", NAME, cwd=folder)
    assert done.returncode == 1
    assert "Nothing was graded: There is no assignment named 'a-layer'" in done.stderr
    assert not (folder / "autograded").exists()
    done = autograder("grade", NAME, "--assignments", course.parent / "elsewhere", cwd=folder)
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough  # a course is built
def test_one_that_does_not_load_stops_no_other_build_and_is_not_graded(folder, course, autograder):
    (folder / assignments.MEMORY).unlink()
    shutil.copytree(course.parent / "elsewhere", folder / "assignments")
    new.write("another", folder / "assignments")
    declaration = folder / "assignments" / FOLDER / "exercises.py"
    declaration.write_text("ASSIGNMENT = 1 / 0\n")
    hand_in(folder, "amara")
    for command in (["build", "--course", folder], ["grade", NAME]):
        done = autograder(*command, cwd=folder)
        assert done.returncode == 1
        assert f"{declaration}, line 1: ZeroDivisionError" in done.stderr
        assert "Traceback" not in done.stderr
    assert (folder / "release" / "another").is_dir()


def test_a_folder_without_an_assignment_is_refused(tmp_path, autograder):
    done = autograder("build", "--assignments", tmp_path, cwd=tmp_path)
    assert done.returncode == 2
    assert "contains no assignment" in " ".join(done.stderr.split())
    assert not (tmp_path / "course").exists()
