"""Assignments of one's own: found where they lie, loaded, and refused in a sentence where they cannot be."""

import importlib.metadata
import sys

import numpy as np
import pytest

from autograder import assignments, new
from autograder.assignments import BrokenAssignment, UnknownAssignment
from autograder.sandbox.isolation.landlock import ASSIGNMENTS as GROUP

pytestmark = pytest.mark.usefixtures("nothing_of_this_stays")

NAME = "a-layer"
OURS = tuple(assignments.folders())


@pytest.fixture
def own(tmp_path):
    """A folder with one assignment in it."""
    new.write(NAME, tmp_path / "own")
    return tmp_path / "own"


@pytest.fixture
def found(own):
    """The same, looked for."""
    assignments.search(own)
    return own


def changed(folder, old, text):
    path = folder / "a_layer" / "exercises.py"
    before = path.read_text(encoding="utf-8")
    assert old in before
    path.write_text(before.replace(old, text), encoding="utf-8")
    return path


def test_a_folder_of_ones_own_is_found_beside_ours_and_forgotten_again(own):
    assert all(assignments.is_ours(name) for name in OURS)
    assignments.search(own)
    assert list(assignments.folders()) == [*OURS, NAME]
    assert assignments.folders()[NAME] == own / "a_layer"
    assert not assignments.is_ours(NAME)
    assert [one.name for one in assignments.load_all()] == [*OURS, NAME]
    assignments.search()
    assert tuple(assignments.folders()) == OURS


def test_an_assignments_own_folder_may_be_named_and_one_folder_twice_is_one(own):
    assignments.search(own / "a_layer", own)
    assert list(assignments.folders()) == [*OURS, NAME]
    assert assignments.load(NAME).max_score == 6


def test_it_imports_what_lies_beside_it(own):
    (own / "a_layer" / "sizes.py").write_text("SIZES = (4, 5)\n")
    changed(own, "SIZES = (1, 4, 7)", "from .sizes import SIZES")
    assignments.search(own)
    (exercise,) = assignments.load(NAME).exercises
    assert [one.sizes["N"] for one in exercise.instances(1)] == [4, 5]


def test_its_own_truth_is_true_and_it_knows_where_it_was_declared(found):
    (exercise,) = assignments.load(NAME).exercises
    assert assignments.folder_of(exercise) == found / "a_layer"
    for one in exercise.instances(1):
        X, Y, T = (one.inputs[name] for name in "XYT")
        np.testing.assert_allclose(exercise.reference(one)["DW"], X.T @ (2 * (Y - T) / len(Y)))


def test_a_name_that_is_none_is_a_sentence_with_where_it_was_looked_for(found):
    with pytest.raises(UnknownAssignment) as refused:
        assignments.load("a-lair")
    assert all(words in str(refused.value) for words in (str(found), NAME, "--assignments DIR"))


def test_one_that_is_written_meanwhile_is_found(found):
    assert list(assignments.folders()) == [*OURS, NAME]
    new.write("another", found)
    assert assignments.load("another").name == "another"


IMPORT = "from autograder.declare"
BROKEN = {
    # what is changed in the declaration; the line that is reported, by its text, and the sentence
    "raises": (
        "SIZES = (1, 4, 7)",
        "SIZES = 1 / 0",
        "SIZES = 1 / 0",
        "ZeroDivisionError: division by zero. Correct",
    ),
    "is no Python": (
        IMPORT,
        f"import numpy\ndef (\n{IMPORT}",
        "def (",
        "SyntaxError: invalid syntax. Correct it",
    ),
    "ends the program": (IMPORT, f"import numpy\nraise SystemExit(3)\n{IMPORT}", "raise S", "SystemExit: 3."),
    "has a forward pass that cannot be read": (
        *("Y = X @ W + B", "Y = X @ V + B", "LAYER = ForwardPass("),
        "V is neither an input nor computed above",
    ),
    "imports what lies beside without a dot": (
        *("SIZES = (1, 4, 7)", "from sizes import SIZES", "from sizes"),
        "a module beside is imported with a dot: `from .sizes import …`",
    ),
    "declares nothing": ("ASSIGNMENT = ", "ASSIGNEMENT = ", "", "has no ASSIGNMENT"),
    "declares something else": (
        "ASSIGNMENT = ",
        "ASSIGNMENT = 1, ",
        "",
        "has an ASSIGNMENT that is not an Assignment",
    ),
    "declares another": (
        *('name="a-layer"', 'name="b-layer"', ""),
        "declares itself as b-layer, but lies in the folder a_layer",
    ),
}


@pytest.mark.parametrize(("old", "text", "at", "words"), BROKEN.values(), ids=BROKEN)
def test_one_that_cannot_be_loaded_is_reported_with_its_line_and_stops_no_other(own, old, text, at, words):
    (own / "a_layer" / "sizes.py").write_text("SIZES = (4, 5)\n")
    path = changed(own, old, text)
    assignments.search(own)
    assert [one.name for one in assignments.load_all()] == list(OURS)
    with pytest.raises(BrokenAssignment):
        assignments.load_all(strict=True)
    ((name, sentence),) = assignments.broken().items()
    assert name == NAME
    assert words in sentence
    if at:
        lines = path.read_text().splitlines()
        assert f"{path}, line {1 + [at in line for line in lines].index(True)}: " in sentence


def test_two_of_one_name_are_refused_and_both_named(own, tmp_path):
    new.write(NAME, tmp_path / "others")
    assignments.search(own, tmp_path / "others")
    ((name, sentence),) = assignments.broken().items()
    assert name == NAME
    assert str(own / "a_layer") in sentence
    assert str(tmp_path / "others" / "a_layer") in sentence
    assert [one.name for one in assignments.load_all()] == list(OURS)


def test_one_that_is_named_as_ours_is_refused_and_does_not_take_its_place(tmp_path):
    new.write(OURS[0], tmp_path)
    assignments.search(tmp_path)
    with pytest.raises(BrokenAssignment, match="Rename one"):
        assignments.load(OURS[0])


# A course


def test_a_course_has_its_folder_and_remembers_others(own, tmp_path):
    course = tmp_path / "course"
    new.write("in-the-course", course / "assignments")
    assert assignments.folders_of_course(course) == (course / "assignments",)
    assignments.remember(course, [own, course / "assignments"])
    assignments.remember(course, [own])
    assert assignments.folders_of_course(course) == (course / "assignments", own)
    assert (course / assignments.MEMORY).read_text() == f"{own}\n"
    own.rename(tmp_path / "elsewhere")
    assert assignments.folders_of_course(course) == (course / "assignments",)
    assert assignments.lost(course) == (str(own),)


def test_a_course_without_any_has_none(tmp_path):
    assert assignments.folders_of_course(tmp_path) == ()
    (tmp_path / assignments.MEMORY).write_bytes(b"\xff\xfe\x00")
    assert assignments.folders_of_course(tmp_path) == ()


# An installed package


def test_an_installed_package_brings_its_own(tmp_path, monkeypatch):
    package = tmp_path / "a_course_of_mine"
    new.write(NAME, package / "homework")
    (package / "homework" / "a_layer" / "sizes.py").write_text("SIZES = (4, 5)\n")
    imported = "from a_course_of_mine.homework.a_layer.sizes import SIZES"
    changed(package / "homework", "SIZES = (1, 4, 7)", imported)
    for folder in (package, package / "homework"):
        (folder / "__init__.py").touch()
    info = tmp_path / "a_course_of_mine-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: a-course-of-mine\nVersion: 1\n")
    (info / "entry_points.txt").write_text(f"[{GROUP}]\nhomework = a_course_of_mine.homework\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert any(point.name == "homework" for point in importlib.metadata.entry_points(group=GROUP))
    assignments.search(tmp_path)  # whatever else: it is looked for anew
    assignments.search()
    try:
        assert list(assignments.folders()) == [*OURS, NAME]
        (exercise,) = assignments.load(NAME).exercises
        assert [one.sizes["N"] for one in exercise.instances(1)] == [4, 5]
    finally:
        monkeypatch.undo()
        for name in [name for name in sys.modules if name.startswith("a_course_of_mine")]:
            del sys.modules[name]
        assignments.search(tmp_path)
