"""Feedback is called so that each system's own rule, as its source has it, finds whose it is."""

import io
import re
import zipfile

import pytest

from autograder.exporting.feedback_files import name_for, zipped
from autograder.exporting.gradebooks import Marked

PAGE = "01-error-backpropagation.html"


def moodle_s_rule(name):
    """The first folder that has a number second, and names of plugins third and fourth, between `_`."""
    for part in name.split("/"):
        info = part.split("_", 4)
        if len(info) > 4 and info[1].isdigit() and (info[2], info[3]) == ("assignsubmission", "file"):
            return info[1]
    return None


def canvas_s_rule(name):
    """The first two numbers between `_`: user and attachment."""
    return [part for part in name.split("_") if re.fullmatch(r"\d+", part)][:2]


def ilias_s_rule(name):
    """A folder of multi-feedback; in it a folder for each user, whose number stands last."""
    around, *_, folder, file = name.split("/")
    return folder.split("_")[-1] if around.startswith("multi_feedback") and file else None


@pytest.mark.parametrize("who", ["Anna Maier", "Anna-Maria von und zu", "Participant", "Öz, Cem"])
def test_moodle_finds_the_participant(who):
    name = name_for("moodle", Marked("a", 1.0, label=f"{who}_101_assignsubmission_file"), PAGE)
    assert moodle_s_rule(name) == "101"
    assert name.endswith(f"/{PAGE}")


@pytest.mark.parametrize(
    "rest", ["_101_9001_work.ipynb", "_LATE_101_9001_work_2-1.ipynb", "_101_9001_3_4_5.ipynb"]
)
def test_canvas_finds_user_and_attachment(rest):
    name = name_for("canvas", Marked("a", 1.0, source=f"maieranna{rest}"), PAGE)
    assert canvas_s_rule(name) == ["101", "9001"]
    assert name.endswith(f"_{PAGE}")
    assert "/" not in name


@pytest.mark.parametrize("label", ["Maier_Anna_a_101", "Team_3/Maier_Anna_a_101"])
def test_ilias_gets_the_folder_that_it_gave(label):
    name = name_for("ilias", Marked("a", 1.0, label=label), PAGE)
    assert ilias_s_rule(name) == "101"
    assert name.endswith(f"{label}/{PAGE}")
    assert name_for("ilias", Marked("b", 1.0, label="Team 3 b"), PAGE) is None, "its number is not known"


@pytest.mark.parametrize("system", ["moodle", "canvas", "ilias"])
def test_what_did_not_come_from_there_has_no_name(system):
    assert name_for(system, Marked("amaier", 1.0), PAGE) is None
    assert name_for("plain", Marked("amaier", 1.0), PAGE) == f"amaier/{PAGE}"


def test_the_same_feedback_is_the_same_zip():
    one, other = (zipped({"a/b.html": b"<p>", "c.html": b""}) for _ in range(2))
    assert one == other
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert archive.read("a/b.html") == b"<p>"
        assert archive.testzip() is None
