"""Landlock: a submission reads Python, `utils` and its own files, and writes in its private folder alone."""

from pathlib import Path

import pytest

from autograder.sandbox.isolation.landlock import _folders, _other_packages, _packages, _without
from autograder.sandbox.isolation.layers import Layer
from tests.autograder.sandbox.inside import alone, attempt

ROOT = Path(__file__).parents[4]

FORBIDDEN = {
    "a system's file": "open('/etc/hostname').read()",
    "passwords": "open('/etc/shadow').read()",
    "etc": "__import__('os').listdir('/etc')",
    "the root": "__import__('os').listdir('/')",
    "home": "__import__('os').listdir('/root')",
    "homes": "__import__('os').listdir('/home')",
    "processes": "__import__('os').listdir('/proc')",
    "own environment": "open('/proc/self/environ').read()",
    "the parent's memory": "open('/proc/1/mem', 'rb')",
    "temporary files": "__import__('os').listdir('/tmp')",
    "what lies above": "__import__('os').listdir('../..')",
    "the repository": f"__import__('os').listdir({str(ROOT)!r})",
    "its history": f"open({str(ROOT / '.git' / 'HEAD')!r}).read()",
    "the grader": f"open({str(ROOT / 'autograder' / 'mark.py')!r}).read()",
    "the solutions": f"__import__('os').listdir({str(ROOT / 'autograder' / 'assignments')!r})",
    "the tests": f"open({str(Path(__file__))!r}).read()",
    "a way around": "open('/usr/lib/../../etc/hostname').read()",
    "writing to the course": f"open({str(ROOT / 'utils' / 'written')!r}, 'w')",
    "writing to Python": "open(__import__('os').__file__, 'a')",
    "writing to packages": "open(__import__('numpy').__path__[0] + '/written', 'w')",
    "writing above": "open('../written', 'w')",
    "writing to /tmp": "open('/tmp/written', 'w')",
    "writing to memory": "open('/dev/shm/written', 'w')",
    "a link made outside": "__import__('os').link(__import__('os').__file__, '/tmp/link')",
    "a file removed": f"__import__('os').remove({str(ROOT / 'README.md')!r})",
    "a folder made": "__import__('os').mkdir('/tmp/folder')",
    "a terminal": "open('/dev/tty')",
}
ALLOWED = {
    "its folder": "open('a', 'w').write('x'); assert open('a').read() == 'x'",
    "folders in it": "__import__('os').makedirs('b/c'); open('b/c/d', 'w').close()",
    "temporary files": "import tempfile; tempfile.NamedTemporaryFile().write(b'x')",
    "a package": "import numpy.polynomial",
    "the standard library": "import sqlite3, html.parser, xml.etree.ElementTree",
    "nothing": "open('/dev/null', 'w').write('x'); open('/dev/urandom', 'rb').read(4)",
}
COURSE = {"utils": "import utils; utils.getdata(); utils.getparams()"}


@pytest.mark.parametrize("source", FORBIDDEN.values(), ids=FORBIDDEN)
def test_what_is_not_its_own_is_neither_read_nor_written(worker, needs, source):
    needs(Layer.FILES)
    assert "Error" in str(attempt(worker, source))


@pytest.mark.parametrize("source", (ALLOWED | COURSE).values(), ids=ALLOWED | COURSE)
def test_what_an_honest_notebook_reads_and_writes_is_there(worker, source):
    assert attempt(worker, source) is None


def test_landlock_alone_holds_all_of_that(needs, tmp_path):
    needs(Layer.FILES)
    (tmp_path / "own").mkdir()
    imports = "from pathlib import Path; from autograder.sandbox.isolation.landlock import Readable\n"
    enter = f"{imports}Readable(Path.cwd()).enter()"
    result = alone(enter, FORBIDDEN, tmp_path / "own")
    assert [name for name, error in result.items() if error is None] == []
    result = alone(enter, ALLOWED, tmp_path / "own")
    assert {name: error for name, error in result.items() if error is not None} == {}


def test_a_symbolic_link_leads_nowhere_that_is_not_allowed(worker, needs):
    needs(Layer.FILES)
    assert attempt(worker, "os.symlink('/etc/hostname', 'link')") is None
    assert "PermissionError" in str(attempt(worker, "open('link').read()"))


@pytest.mark.parametrize(
    "name", ["autograder.assignments", "autograder.grading.grade", "nbgrader", "autograder.reference"]
)
def test_the_grader_and_its_solutions_cannot_be_imported(worker, needs, name):
    needs(Layer.FILES)
    assert "Error" in str(attempt(worker, f"import {name}"))


# The packages of another interpreter


def test_in_a_virtual_environment_the_interpreters_own_packages_are_left_out(tmp_path):
    base, own = tmp_path / "lib" / "python3.11", tmp_path / "lib" / "python3.11" / "site-packages"
    (own / "nbgrader").mkdir(parents=True)
    (base / "json").mkdir()
    (tmp_path / "lib" / "a.so").touch()
    left = set(_without(tmp_path / "lib", {own}))
    assert left == {base / "json", tmp_path / "lib" / "a.so"}
    assert set(_without(base, set())) == {base}
    assert set(_without(own, {own})) == set()


def test_no_folder_of_packages_is_given_as_a_whole_and_no_other_interpreters_at_all():
    given = {folder.resolve() for folder in _folders()}
    for packages in _other_packages() | _packages():
        assert not any(packages.is_relative_to(folder) for folder in given), packages
    for packages in _other_packages() - _packages():
        assert not any(folder.is_relative_to(packages) for folder in given), packages


def test_the_names_of_all_packages_are_reported_and_the_contents_of_ours_are_not(worker, needs):
    needs(Layer.FILES)
    folder = "os.path.dirname(os.path.dirname(__import__('numpy').__file__))"
    assert attempt(worker, f"assert {{'numpy', 'nbgrader'}} <= set(os.listdir({folder}))") is None
    assert "PermissionError" in str(attempt(worker, f"open({folder} + '/nbgrader/__init__.py')"))
