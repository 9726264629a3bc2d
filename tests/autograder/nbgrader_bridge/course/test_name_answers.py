"""`autograder name`: what nobody knew is named once, and told to all who answer alike, now and later."""

import json
import shutil
import zipfile

import pytest

from autograder import assignments
from autograder.grading.secret import Keys
from autograder.marking.named_answers import FILE, from_json
from autograder.publishing import gradescope_run
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.downloads import zipped

UNKNOWN = "single_wrong_entry"
SENTENCE = "One entry of `DW3` is <not> what the others are."
ON_A_PAGE = "is &lt;not&gt; what the others are"


@pytest.fixture
def run(autograder, folder):
    def run(*arguments, status=0):
        done = autograder(*arguments, cwd=folder)
        assert done.returncode == status, done.said
        return done.said

    return run


def summed(folder):
    (one,) = json.loads((folder / "report" / "report.json").read_text())["assignments"]
    return one


@pytest.fixture
def group(run, folder, grade):
    """What the report calls the group of amara alone, whose answer nobody knew."""
    hand_in(folder, NETWORK, "amara", UNKNOWN)
    grade(folder)
    run("report")
    (one,) = summed(folder)["groups"]
    return one["group"]


def page(folder, student):
    return (folder / "autograded" / student / NETWORK / f"{NETWORK}.ipynb").read_text(encoding="utf-8")


@pytest.mark.thorough  # several runs
def test_a_group_is_named_once_and_told_now_and_later(run, folder, grade):
    for student, sample in {"amara": UNKNOWN, "bruno": UNKNOWN, "hana": "missing_relu_mask"}.items():
        hand_in(folder, NETWORK, student, sample)
    grade(folder)
    run("report")
    (group,) = summed(folder)["groups"]
    assert group["students"] == ["amara", "bruno"]
    assert len(group["examples"]) == 2
    assert "def exercise1" in group["examples"][0]
    said = run("name", group["group"], "--as", "one-wrong-entry", "--say", SENTENCE)
    assert "2 students have given this answer to exercise1" in said

    assert "Graded now: 2. Graded before and not handed in again: 1." in grade(folder)
    assert all(ON_A_PAGE in page(folder, student) for student in ("amara", "bruno"))
    assert "All 3 submissions" in grade(folder)  # they have been told

    hand_in(folder, NETWORK, "late", UNKNOWN)
    late = folder / "submitted" / "late" / NETWORK / f"{NETWORK}.ipynb"
    assert SENTENCE in run("check", late), "before the class is graded, too"
    elsewhere = shutil.copy(late, folder.parent / "elsewhere.ipynb")
    assert SENTENCE not in run("check", elsewhere), "it lies in no course"
    assert SENTENCE in run("check", elsewhere, "--course", folder)
    grade(folder)
    assert ON_A_PAGE in page(folder, "late")
    run("report")
    assert summed(folder)["groups"] == []
    named = {row["mistake"]: row["who"] for row in summed(folder)["mistakes"]}
    assert named["one-wrong-entry"] == ["amara", "bruno", "late"]


def test_names_of_another_course_are_reported_at_once(run, folder, grade, group):
    run("name", group, "--as", "one-wrong-entry", "--say", SENTENCE)
    for place in ("autograded", "autograder-logs"):  # as a course is that has the names alone
        shutil.rmtree(folder / place)
    grade(folder)
    assert ON_A_PAGE in page(folder, "amara")


@pytest.mark.thorough  # a container is played
def test_gradescope_s_container_knows_the_names(run, folder, group, fork_server):
    run("name", group, "--as", "one-wrong-entry", "--say", SENTENCE)
    wheel = folder / "backpropagation_course-1-py3-none-any.whl"
    wheel.write_bytes(zipped({"autograder/__init__.py": b""}))
    run("gradescope", NETWORK, "--wheel", wheel, "--to", "grader.zip")
    with zipfile.ZipFile(folder / "grader.zip") as archive:
        names = from_json(archive.read(FILE).decode())
        assert f'--names "$here/source/{FILE}"' in archive.read("run_autograder").decode()
    handed_in = folder / "submitted" / "amara" / NETWORK
    results = gradescope_run.results(assignments.load(NETWORK), handed_in, Keys.of("ab" * 16), names)
    assert SENTENCE in "".join(test["output"] for test in json.loads(results)["tests"])


@pytest.mark.parametrize(
    ("unknown", "name", "why"),
    [("nobody", "fine", "There is no group 'nobody'"), (None, "Not A Name", "is not a valid name")],
)
def test_what_cannot_be_named_is_a_sentence(run, folder, group, unknown, name, why):
    assert why in run("name", unknown or group, "--as", name, "--say", "Look again.", status=1)
    assert not (folder / FILE).exists()


def test_a_broken_file_of_names_grades_nobody_wrongly(run, folder, grade):
    hand_in(folder, NETWORK, "amara", UNKNOWN)
    (folder / FILE).write_text("{")
    assert "autograder-names.json cannot be read" in grade(folder, status=1)
    place = folder / "submitted" / "amara" / NETWORK / f"{NETWORK}.ipynb"
    assert "autograder-names.json cannot be read" in run("check", place)
