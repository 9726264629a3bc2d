"""Assignments outside this repository hold solutions, too: a submission neither reads nor imports them."""

import pytest

from autograder import new
from autograder.sandbox.isolation import landlock
from autograder.sandbox.isolation.layers import Layer
from tests.autograder.sandbox.inside import attempt


@pytest.fixture
def own(tmp_path):
    new.write("a-layer", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    "source",
    [
        "open({folder!r} + '/a_layer/notebook.py').read()",
        "open({folder!r} + '/a_layer/exercises.py').read()",
        "__import__('os').listdir({folder!r})",
        "sys.path.insert(0, {folder!r}); import a_layer.exercises",
    ],
)
def test_a_folder_elsewhere_is_closed(worker, needs, own, source):
    needs(Layer.FILES)
    assert (own / "a_layer" / "notebook.py").read_text()
    assert "Error" in str(attempt(worker, source.format(folder=str(own))))


def test_an_installed_package_that_brings_assignments_is_closed(tmp_path, monkeypatch):
    packages = tmp_path / "site-packages"
    for name in ("a_course", "another", "a_course-1.dist-info"):
        (packages / name).mkdir(parents=True)
    (packages / "a_course.pth").touch()
    (packages / "a_course-1.dist-info" / "METADATA").write_text("Name: a-course\nVersion: 1\n")
    (packages / "a_course-1.dist-info" / "entry_points.txt").write_text(
        f"[{landlock.ASSIGNMENTS}]\nhomework = a_course.homework\n"
    )
    monkeypatch.syspath_prepend(str(packages))
    monkeypatch.setattr(landlock, "_packages", lambda: {packages})
    readable = {path.name for path in landlock._folders() if path.parent == packages}
    assert readable == {"another", "a_course-1.dist-info"}
