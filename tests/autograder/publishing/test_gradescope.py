"""Gradescope's zip, tried in the folders that its documentation names: its scripts run, and write results."""

import io
import json
import os
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder import assignments
from autograder.publishing import gradescope, gradescope_run
from samples import samples
from tests.autograder.nbgrader_bridge.downloads import work
from tests.autograder.sandbox.container import confined

NAME, OTHER = "01-error-backpropagation", "02-gradient-descent"
ROOT = Path(__file__).parents[3]
SECRET = b"a secret of a course's, long enough"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """A file that is called like the wheel; what is in it is this repository's business."""
    path = tmp_path_factory.mktemp("dist") / "backpropagation_course-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("autograder/__init__.py", "")
    return path


@pytest.fixture
def autograder_folder(wheel, tmp_path):
    """`/autograder`, as Gradescope lays it out, with our own Python where `setup.sh` would have put one."""
    folder = tmp_path / "autograder"
    content = gradescope.make(NAME, wheel, SECRET)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for entry in archive.infolist():
            Path(archive.extract(entry, folder / "source")).chmod(stat.S_IMODE(entry.external_attr >> 16))
    shutil.copy(folder / "source" / "run_autograder", folder / "run_autograder")
    (folder / "submission").mkdir()
    python = folder / "venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexport PYTHONPATH="{ROOT}"\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    return folder


def results_in(folder):
    return json.loads((folder / "results" / "results.json").read_text(encoding="utf-8"))


def output(results):
    """All that its tests say."""
    return "".join(test["output"] for test in results["tests"])


@pytest.mark.thorough  # a container is played
def test_a_submission_is_graded_part_by_part(autograder_folder):
    (autograder_folder / "submission" / "my work (7).ipynb").write_bytes(work("missing_relu_mask"))
    environment = {"PATH": os.environ["PATH"], "HOME": str(autograder_folder)}
    command = autograder_folder / "run_autograder"
    subprocess.run([command], cwd="/", env=environment, timeout=300, check=True)
    results = results_in(autograder_folder)
    assert results["score"] == 19.5
    tests = {test["name"]: test for test in results["tests"]}
    assert sum(test["max_score"] for test in tests.values()) == 30
    assert tests["exercise1 DW2"]["status"] == "failed"
    assert tests["exercise1 DW1"]["output"] == "carried-forward"
    assert "units that are off" in output(results)
    assert not (autograder_folder / "source" / "secret").exists()  # no student's code finds it there


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "There is no notebook. Hand in"),
        ({"work.zip": b"PK", "a.pdf": b""}, "There is no notebook, but a.pdf, work.zip. Hand in"),
        ({"work.ipynb": b"no notebook"}, "does not hold JSON"),
        ({"a.ipynb": b"{}", "b.ipynb": b"{}"}, "None of a.ipynb, b.ipynb is"),
        ({f"{NAME}.ipynb": work("loops", OTHER)}, f"is the notebook of {OTHER}"),
    ],
)
def test_what_cannot_be_marked_gets_nothing_and_a_sentence(tmp_path, fork_server, files, why):
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    keys = gradescope_run.Keys.of("ab" * 16)
    results = json.loads(gradescope_run.results(assignments.load(NAME), tmp_path, keys))
    assert (results["score"], results["tests"][0]["max_score"]) == (0, 30)
    assert why in results["tests"][0]["output"]


@pytest.mark.thorough  # an endless loop runs into its time limit
@pytest.mark.parametrize("sample", ["missing_relu_mask", "never_ends"])
def test_in_a_container_an_ordinary_user_without_a_network_grades_all_the_same(autograder_folder, sample):
    """Behind Docker's usual profile, one layer of the sandbox is missing."""
    if os.geteuid() != 0:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("only root can make a container's places")
    autograder_folder.parent.chmod(0o755)
    (autograder_folder / "submission" / "work.ipynb").write_bytes(work(sample))
    (autograder_folder / "submission_metadata.json").write_text('{"id": 1, "users": []}')
    profile = autograder_folder.parent / "profile.json"
    ours = json.loads((ROOT / "autograder" / "sandbox" / "container" / "seccomp.json").read_text())
    profile.write_text(json.dumps(confined.usual(ours)))
    done = confined.run([autograder_folder / "run_autograder"], profile, autograder_folder, network=False)
    assert done.returncode == 0, done.stderr
    results = results_in(autograder_folder)
    assert results["score"] == sum(samples(NAME)[sample].marks.values())
    assert sum(test["max_score"] for test in results["tests"]) == 30
    if sample == "never_ends":
        assert "did not come back in time" in output(results)


def test_of_several_notebooks_the_assignment_s_newest_is_taken(tmp_path):
    for n, (name, sample) in enumerate({"old.ipynb": "empty", "new.ipynb": "einsum"}.items()):
        (tmp_path / name).write_bytes(work(sample))
        os.utime(tmp_path / name, (n, n))
    (tmp_path / "other.ipynb").write_bytes(work("loops", OTHER))
    result, _ = gradescope_run.find(assignments.load(NAME), tmp_path)
    assert result == tmp_path / "new.ipynb"


def test_the_zip_holds_scripts_that_run_and_a_key_of_its_own(wheel):
    with zipfile.ZipFile(io.BytesIO(gradescope.make(NAME, wheel, SECRET))) as archive:
        modes = {entry.filename: stat.S_IMODE(entry.external_attr >> 16) for entry in archive.infolist()}
        contents = {name: archive.read(name) for name in archive.namelist()}
    assert modes["setup.sh"] == modes["run_autograder"] == 0o755
    assert modes["secret"] == 0o600
    assert SECRET not in b"".join(contents.values())
    assert contents["secret"] not in gradescope.make(OTHER, wheel, SECRET)
    for name in ("setup.sh", "run_autograder"):
        subprocess.run(["bash", "-n"], input=contents[name], check=True)
    assert b"numpy==" in contents["setup.sh"]


@pytest.fixture
def folder(tmp_path):
    """A course's, with its settings alone."""
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()")
    return tmp_path


def test_the_command_writes_it(autograder, folder, wheel):
    done = autograder("gradescope", NAME, "--wheel", wheel, cwd=folder)
    assert done.returncode == 0, done.said
    path = folder / f"{NAME}-gradescope.zip"
    assert zipfile.is_zipfile(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (folder / ".autograder-secret").exists()


@pytest.mark.parametrize(
    ("name", "other", "why"),
    [
        ("99-nothing", "", "There is no assignment named '99-nothing'"),
        (NAME, "other.whl", "is not a wheel of this course"),
    ],
)
def test_what_cannot_be_made_is_a_sentence(autograder, folder, wheel, name, other, why):
    done = autograder("gradescope", name, "--wheel", other or wheel, cwd=folder)
    assert done.returncode == 1
    assert why in done.stderr
