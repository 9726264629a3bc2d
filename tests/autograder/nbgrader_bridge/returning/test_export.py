"""`autograder export`: a collected class gets marks and feedback back in the form that it came in."""

import csv
import html
import io
import json
import re
import zipfile
from contextlib import closing

import pytest

from autograder.collecting.download import open_download
from autograder.collecting.systems import sort
from tests.autograder.nbgrader_bridge import classes, downloads
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.downloads import work, zipped
from tests.tables import first_every_day

METADATA = """---
submission_11:
  :submitters:
  - :name: Anna Maier
    :sid: '77'
    :email: anna@uni.edu
  :created_at: 2026-05-04 12:00:00 Z
"""
DOWNLOADS = {  # the notebook's name, and whose it is
    "moodle": ("Anna_101_assignsubmission_file_/work.ipynb", "101"),
    "canvas": ("annamaier_101_9001_work.ipynb", "101"),
    "ilias": ("A/Maier_Anna_amaier_101/20260504120000_work.ipynb", "amaier"),
    "gradescope": ("e/submission_11/work.ipynb", "anna@uni.edu"),
    "plain": ("amara/work.ipynb", "amara"),
}


def download(system):
    files = {DOWNLOADS[system][0]: work("transposed")}
    return zipped(files | ({"e/submission_metadata.yml": METADATA} if system == "gradescope" else {}))


@pytest.fixture
def collected(autograder, folder, tmp_path, grade):
    """Collect a download and grade it."""

    def collected(content, *arguments):
        path = tmp_path / "download.zip"
        path.write_bytes(content)
        done = autograder("collect", path, "--assignment", NETWORK, *arguments, cwd=folder)
        assert done.returncode == 0, done.said
        grade(folder)

    return collected


@pytest.fixture
def export(autograder, folder):
    def export(*arguments, status=0):
        done = autograder("export", NETWORK, *arguments, cwd=folder)
        assert done.returncode == status, done.said
        return done.said

    return export


def out(folder):
    return folder / "export" / NETWORK


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("system", first_every_day(DOWNLOADS))
def test_what_came_from_a_system_goes_back_to_it(collected, export, folder, system):
    student = DOWNLOADS[system][1]
    collected(download(system))
    said = export()
    assert "the marks of 1" in said
    line = rows(out(folder) / "grades.csv")[1 if system == "canvas" else 0]
    assert "25" in line.values()
    if system in ("moodle", "ilias", "canvas"):
        with closing(open_download(out(folder) / "feedback.zip")) as opened:
            (name,), result = opened.names, sort(opened, NETWORK, system=system)
        assert [one.id for one in result.people] == [student]
        assert name.endswith(f"{NETWORK}.html")
    else:
        assert (out(folder) / "feedback" / student / f"{NETWORK}.html").is_file()
    if system == "gradescope":
        results = json.loads((out(folder) / "results" / "submission_11" / "results.json").read_text())
        assert results["score"] == 25
        assert sum(test["score"] for test in results["tests"]) == 25


@pytest.mark.thorough  # a whole class
def test_everybody_of_a_moodle_class_is_accounted_for(collected, export, folder, tmp_path):
    content, roster = downloads.moodle()
    (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
    collected(content, "--roster", tmp_path / "roster.csv")
    said = export("--roster", tmp_path / "roster.csv", "--parts")
    lines = rows(out(folder) / "grades.csv")
    grades = {line["Username"]: line["Grade"] for line in lines}
    assert grades == {
        **{"s101": "30", "s102": "30", "s103": "30", "s104": "25", "s109": "19.5"},
        **{f"s{number}": "-" for number in (105, 106, 107, 108, 110)},
    }
    assert "Without marks: 5.\n  s105\n  s106\n  s107\n  s108\n  s110" in said
    with zipfile.ZipFile(out(folder) / "feedback.zip") as archive:
        assert len(archive.namelist()) == 5
    assert next(line for line in lines if line["Username"] == "s109")["exercise1 DW2"] == "0"


def test_a_mark_by_hand_is_what_is_exported(collected, export, folder):
    collected(download("plain"))
    with classes.opened(folder) as gradebook:
        grade = gradebook.find_grade("exercise1-marks", NETWORK, NETWORK, "amara")
        grade.manual_score = 17.5
        gradebook.db.commit()
    export("--parts")
    (line,) = rows(out(folder) / "grades.csv")
    assert (line["score"], line["exercise1"], line["exercise2"]) == ("27.5", "17.5", "10")


def test_pages_need_no_network_and_hold_what_nbgrader_s_hold(collected, export, folder):
    from autograder.nbgrader_bridge.course import course_folder as course

    collected(download("plain"))
    export()
    ours = (out(folder) / "feedback" / "amara" / f"{NETWORK}.html").read_text(encoding="utf-8")
    assert not re.search(r"<script|<link|src=[\"']?https?:|url\(https?:", ours)
    assert "$$" not in ours
    assert "<math" in ours
    page = course.generate_feedback(folder, NETWORK, "amara") / f"{NETWORK}.html"
    theirs = page.read_text(encoding="utf-8")
    assert len(ours) < 0.42 * len(theirs)
    assert words(ours) == words(theirs)


def words(page):
    """What is read on a page, without formulas."""
    page = re.sub(r"</?span\b[^>]*>", "", page)  # the colours of code, which cut no word
    page = re.sub(
        r"<(style|script|math|head)\b.*?</\1>|<a class=\"anchor-link\".*?</a>", " ", page, flags=re.DOTALL
    )
    page = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|<[^>]*>", " ", page, flags=re.DOTALL)
    return html.unescape(page).split()


def test_feedback_lies_where_nbgrader_looks_for_it(collected, export, folder):
    collected(download("gradescope"))
    export()
    here = folder / "feedback" / "anna@uni.edu" / NETWORK
    assert {path.name for path in here.iterdir()} == {f"{NETWORK}.html", "timestamp.txt"}
    assert not (folder / ".autograder-staging").exists()


@pytest.fixture
def exchanged(folder, grade):
    """A graded submission that came through nbgrader's exchange, and from no course server."""
    classes.hand_in_all(folder, {"amara": "matrix_products"})
    submitted = folder / "submitted" / "amara" / NETWORK
    (submitted / "submission_secret.txt").write_text("a secret of the exchange's")
    grade(folder)
    return submitted


def test_what_came_through_the_exchange_can_go_back_through_it(export, folder, exchanged):
    """nbgrader finds a page's way by the secret and the time that it was handed in with."""
    export()
    for name in ("submission_secret.txt", "timestamp.txt"):
        assert (folder / "feedback" / "amara" / NETWORK / name).read_text() == (exchanged / name).read_text()


def test_work_that_was_not_collected_has_no_way_back_and_is_listed(export, folder, exchanged):
    said = export("--as", "moodle")
    assert "Without feedback: 1.\n  amara: it was not collected from a download" in said
    export("--as", "plain", "--to", folder / "elsewhere")
    assert (folder / "elsewhere" / "feedback" / "amara" / f"{NETWORK}.html").is_file()


def test_without_feedback_only_marks_are_written(export, folder, exchanged):
    export("--no-feedback")
    assert [path.name for path in out(folder).iterdir()] == ["grades.csv"]
    assert not (folder / "feedback").exists()


@pytest.mark.parametrize(
    ("arguments", "status", "why"),
    [(("--as", "blackboard"), 2, "--as takes canvas"), (("--roster", "nowhere.csv"), 1, "cannot be read")],
)
def test_what_cannot_be_exported_is_a_sentence(export, arguments, status, why):
    assert why in export(*arguments, status=status)
