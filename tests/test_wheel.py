"""Both wheels, built and installed elsewhere: one needs no repository, the student's holds no solution.

What others wrote is not installed again: the environments see it where the tests have it, by a `.pth` file of
their own. Such files of the folder that it names are not read, so the repository stays out of sight.
"""

import ast
import email
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

import autograder
from autograder import assignments
from samples import FOLDER as SAMPLES
from tests.autograder.publishing.test_build import SHOWN, readable, solution_lines

ROOT = Path(autograder.__file__).parents[1]
NETWORK = "01-error-backpropagation"
OTHERS = Path(np.__file__).parents[1]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """Both, as `make wheels` builds them."""
    folder = tmp_path_factory.mktemp("dist")
    for project in (ROOT, ROOT / "wheels" / "student"):
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
        subprocess.run(build, cwd=project, check=True, capture_output=True)
    (course,) = folder.glob("backpropagation_course-*.whl")
    (student,) = folder.glob("backpropagation_course_student-*.whl")
    return SimpleNamespace(course=course, student=student)


def tracked(*folders):
    """What git has in these folders."""
    git = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders]
    listed = subprocess.run(git, cwd=ROOT, check=True, capture_output=True, text=True)
    return {name for name in listed.stdout.split("\0") if name}


def contents(wheel):
    """A wheel's files, those about itself apart."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}


def about(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(archive.read(name))


def test_the_courses_wheel_holds_one_package_with_the_students_material_in_it(wheels):
    result = contents(wheels.course)
    assert {name.partition("/")[0] for name in result} == {"autograder"}
    inside = {f"autograder/_student/{name}" for name in tracked("utils", "files", "notebooks")}
    assert set(result) == inside | tracked("autograder")


def test_the_students_wheel_holds_the_material_and_nothing_else(wheels):
    result = set(contents(wheels.student))
    share = f"{wheels.student.name.removesuffix('-py3-none-any.whl')}.data/data/share/backpropagation-course/"
    expected = {name.replace("files/", "utils/files/", 1) for name in tracked("files")} | tracked("utils")
    assert result == expected | {share + name for name in tracked("notebooks")} | {f"{share}LICENSE"}


def test_the_students_wheel_holds_no_solution_and_no_grader(wheels, tmp_path):
    with zipfile.ZipFile(wheels.student) as archive:
        archive.extractall(tmp_path)
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".ipynb" for path in paths)
    lines = solution_lines() - SHOWN
    for path in paths:
        text = readable(path)
        assert not [line for line in lines if line in text], path.name
    for path in tmp_path.rglob("*.py"):
        nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
        imported = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        imported |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
        assert not [name for name in imported if name.partition(".")[0] == "autograder"]
    grader = {path.name for path in (ROOT / "autograder").rglob("*.py")} - {"__init__.py"}
    same = {path.name for path in (ROOT / "utils").rglob("*.py")}
    assert not {path.name for path in paths} & (grader - same)


@pytest.mark.parametrize("which", ["course", "student"])
def test_a_wheel_says_what_it_is(wheels, which):
    wheel = getattr(wheels, which)
    said = about(wheel)
    assert said["Version"] == autograder.__version__
    assert said["Author"]
    assert said["Keywords"]
    assert "Typing :: Typed" in said.get_all("Classifier")
    assert said["License-Expression"] == "BSD-3-Clause"
    assert [name for name in contents(wheel) if name.endswith("py.typed")]
    pinned = [line for line in said.get_all("Requires-Dist") if "==" in line.partition(";")[0]]
    assert not pinned, "versions are the lock's business"


class Elsewhere:
    """An environment with a wheel in it that cannot be written to, and an empty folder to run commands in."""

    def __init__(self, folder, wheel):
        self.environment, self.folder = folder / "environment", folder / "empty"
        self.home = folder / "home"
        for made in (self.folder, self.home):
            made.mkdir()
        venv.create(self.environment, with_pip=False)
        self.programs = self.environment / "bin"
        pip = [sys.executable, "-m", "pip", "--python", self.programs / "python", "install", "--no-index"]
        subprocess.run([*pip, "--no-deps", wheel], check=True, capture_output=True)
        (packages,) = self.environment.glob("lib/python*/site-packages")
        (packages / "others.pth").write_text(f"{OTHERS}\n")
        if os.geteuid():
            subprocess.run(["chmod", "-R", "a-w", self.environment], check=True)

    def run(self, *command, status=0):
        """Run a command of the environment's; what it printed."""
        name, *arguments = map(str, command)
        done = subprocess.run(
            [*self._protected(), self.programs / name, *arguments],
            cwd=self.folder,
            # by their names nbgrader and Jupyter call programs that came with what others wrote
            env={"PATH": f"{OTHERS.parents[2] / 'bin'}:{os.defpath}", "HOME": str(self.home)},
            capture_output=True,
            text=True,
        )
        assert done.returncode == status, done.stderr
        return done.stdout

    def _protected(self):
        """Root may write where nobody may, but not to what is mounted without that."""
        if os.geteuid():
            return []
        mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
        return ["unshare", "--mount", "sh", "-c", mount, self.environment]


@pytest.fixture(scope="module")
def student(wheels, tmp_path_factory):
    return Elsewhere(tmp_path_factory.mktemp("student"), wheels.student)


def test_a_students_image_has_utils_and_no_grader(student):
    code = (
        "import importlib.util, utils; print(utils.__file__); X, T = utils.getdata(); print(*X.shape); "
        "print(len(utils.getdigits()[0])); print(importlib.util.find_spec('autograder'))\n"
        "def exercise1(W, B, X, T): raise NotImplementedError\nprint(utils.check(exercise1))"
    )
    file, *printed = student.run("python", "-c", code).splitlines()
    assert Path(file).is_relative_to(student.environment)
    assert printed[:3] == ["64 4", "1797", "None"]
    assert "exercise1" in "\n".join(printed[3:])
    notebooks = student.environment / "share" / "backpropagation-course" / "notebooks"
    assert {path.stem for path in notebooks.iterdir()} == set(assignments.folders())


@pytest.fixture(scope="module")
def course(wheels, tmp_path_factory):
    """The course, installed; a course folder is built in the empty folder, and somebody has handed in."""
    elsewhere = Elsewhere(tmp_path_factory.mktemp("course"), wheels.course)
    elsewhere.built = elsewhere.run("autograder", "build")
    submitted = elsewhere.folder / "course" / "submitted" / "amara" / NETWORK
    submitted.mkdir(parents=True)
    elsewhere.notebook = submitted / f"{NETWORK}.ipynb"
    elsewhere.notebook.write_bytes((SAMPLES / NETWORK / "filled_in_sheet.ipynb").read_bytes())
    return elsewhere


@pytest.mark.thorough
def test_the_environment_is_what_it_should_be(course):
    code = (
        "import sys, autograder, utils; from importlib.util import find_spec; "
        "print(autograder.__file__, utils.__file__, *sys.path, sep='\\n'); "
        "print(find_spec('tests'), find_spec('samples'), find_spec('bench'))"
    )
    *paths, last = course.run("python", "-c", code).splitlines()
    assert Path(paths[0]).is_relative_to(course.environment)
    assert Path(paths[1]).is_relative_to(Path(paths[0]).parent / "_student")
    assert str(ROOT) not in paths
    assert last == "None None None"
    course.run("python", "-c", f"open({paths[0]!r}, 'a')", status=1)


@pytest.mark.thorough
def test_build_makes_the_course_that_the_repository_makes(course):
    assert course.built.count("released ") == len(assignments.folders())
    for name in assignments.folders():
        release = course.folder / "course" / "release" / name
        assert (release / f"{name}.ipynb").read_bytes() == (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
        for path in tracked("utils", "files"):
            assert (release / path).read_bytes() == (ROOT / path).read_bytes()


@pytest.mark.thorough
def test_new_writes_an_assignment_that_lint_finds_right(course):
    course.run("autograder", "new", "04-own")
    said = course.run("autograder", "lint", "--assignments", "assignments", "--pairs", "2", "04-own")
    assert "04-own: errors: 0" in said


@pytest.mark.thorough
def test_check_marks_a_notebook(course):
    assert f"{NETWORK}.ipynb: 30 of 30 P" in course.run("autograder", "check", course.notebook)


@pytest.mark.thorough
def test_a_submission_reads_utils_and_no_solution(course):
    """They lie in one package: what a notebook may read of it is named one by one."""
    (package,) = course.environment.glob("lib/python*/site-packages/autograder")
    solution = package / "assignments" / "01_error_backpropagation" / "notebook.py"
    assert "BEGIN SOLUTION" in solution.read_text(encoding="utf-8")
    notebook = nbformat.read(course.notebook, as_version=4)
    code = f"open(utils.__file__).read()\ntry:\n    open({str(solution)!r})\n    del exercise1, exercise2\n"
    notebook.cells.append(nbformat.v4.new_code_cell(f"{code}except PermissionError:\n    pass"))
    nbformat.write(notebook, course.folder / "curious.ipynb")
    assert "curious.ipynb: 30 of 30 P" in course.run("autograder", "check", "curious.ipynb")


@pytest.mark.thorough
def test_grade_grades_a_class(course):
    said = course.run("autograder", "grade", NETWORK, "--course", "course")
    assert "Graded now: 1." in said
    assert (course.folder / "course" / "autograded" / "amara" / NETWORK / f"{NETWORK}.ipynb").is_file()


@pytest.mark.thorough
def test_bundle_writes_what_students_need(course):
    course.run("autograder", "bundle", "--to", "zips")
    for name in assignments.folders():
        with zipfile.ZipFile(course.folder / "zips" / f"{name}.zip") as archive:
            result = {path.partition("/")[2]: archive.read(path) for path in archive.namelist()}
        assert tracked("utils", "files") | {"LICENSE", f"{name}.ipynb"} < set(result)
        assert result["LICENSE"] == (ROOT / "LICENSE").read_bytes()
        assert b"torch>=" in result["requirements.txt"]
