"""docs/running-a-course.md, word by word: a week of a course, with everybody accounted for at each step."""

import csv
import json
import shlex
import shutil
from pathlib import Path

import pytest

from tests import readme
from tests.autograder.nbgrader_bridge import classes, downloads
from tests.process import python

ROOT = Path(__file__).parents[1]
DOC = ROOT / "docs" / "running-a-course.md"


def correct_by_hand(folder):
    """Give a mark by hand, as formgrader does."""
    with classes.opened(folder) as gradebook:
        grade = gradebook.find_grade("exercise1-marks", classes.NETWORK, classes.NETWORK, "s104")
        grade.manual_score = 17.5
        gradebook.db.commit()


def expanded(word, folder):
    """What a shell makes of a word with a star in it."""
    return [path.relative_to(folder) for path in folder.glob(word)] if "*" in word else [word]


def late_work(autograder, folder):
    """Somebody hands in late what no known mistake explains; give the name of its group in the report."""
    name = f"Jan J_110_assignsubmission_file_/{classes.NETWORK}.ipynb"
    late = downloads.zipped({name: downloads.work("single_wrong_entry")})
    (folder / "downloads" / "late.zip").write_bytes(late)
    roster = ("--assignment", classes.NETWORK, "--roster", "downloads/roster.csv")
    collect = ("collect", "downloads/late.zip", *roster)
    for command in (collect, ("grade", classes.NETWORK), ("report",)):
        assert autograder(*command, cwd=folder).returncode == 0
    (summed,) = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))["assignments"]
    (group,) = summed["groups"]
    assert group["students"] == ["s110"]
    return group["group"]


@pytest.fixture(scope="module")
def week(autograder, tmp_path_factory):
    """The course after the week, and what each command printed."""
    folder = classes.built(tmp_path_factory.mktemp("week") / "course")
    content, roster = downloads.moodle()
    (folder / "downloads").mkdir()
    (folder / "downloads" / "moodle.zip").write_bytes(content)
    (folder / "downloads" / "roster.csv").write_text(roster, encoding="utf-8")
    printed = []
    for line, lines in readme.commands(DOC):
        words = shlex.split(line)
        if "--student" in words:
            correct_by_hand(folder)
        if words[1] == "gradescope":
            build = ("hatchling", "build", "--target", "wheel", "--directory", folder / "dist")
            python("-m", *build, cwd=ROOT)  # as `make wheels` does
        if words[1] == "name":
            words[words.index("GROUP")] = late_work(autograder, folder)
        words = [found for word in words for found in expanded(word, folder)]
        if words[0] == "autograder":
            done = autograder(*words[1:], cwd=folder)
        else:
            assert words[0] == "nbgrader", line
            done = python("-m", *words, cwd=folder, status=None)
        assert done.returncode == 0, done.stdout + done.stderr
        printed.append((line, lines, done.stdout))
    yield folder, printed
    shutil.rmtree(folder)


def test_every_command_prints_what_the_document_shows(week):
    _, printed = week
    assert len(printed) > 2
    for line, lines, said in printed:
        readme.hold_printed(line, lines, said)


def test_everybody_is_accounted_for_at_each_step(week):
    folder, printed = week
    collected = next(said for line, _, said in printed if "collect" in line and "--dry-run" not in line)
    for number in range(101, 111):
        assert f"s{number}" in collected or f"_{number}_" in collected
    placed = {path.name for path in (folder / "submitted").iterdir()}
    graded = {path.name for path in (folder / "autograded").iterdir()}
    log = (folder / "autograder-logs" / f"{classes.NETWORK}.txt").read_text(encoding="utf-8")
    assert placed - graded == {"s107"}
    summed = json.loads((folder / "report" / "report.json").read_text(encoding="utf-8"))["assignments"][0]
    assert (summed["students"], summed["graded"]) == (len(placed), len(graded))
    assert [row["student"] for row in summed["needs"] if row["kind"] == "Not graded"] == ["s107"]
    exported = next(said for line, _, said in printed if line.startswith("autograder export"))
    with (folder / "export" / classes.NETWORK / "grades.csv").open(encoding="utf-8") as file:
        marked = {row["Username"]: row["Grade"] for row in csv.DictReader(file) if row["Grade"] != "-"}
    assert set(marked) == graded
    assert marked["s104"] == "27.5"  # the mark by hand, although it was graded again
    with (folder / "export" / "all.csv").open(encoding="utf-8") as file:
        theirs = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert {student: theirs[student] for student in graded} == {s: float(m) for s, m in marked.items()}
    without = {f"s{number}" for number in range(101, 111)} - graded
    listed = "".join(f"\n  {student}" for student in sorted(without))
    assert f"Without marks: 4.{listed}\n" in exported
    page = folder / "feedback" / "s110" / classes.NETWORK / f"{classes.NETWORK}.html"
    assert "Which line of yours touches one entry alone?" in page.read_text(encoding="utf-8"), "it was named"
    assert "Wait for a mark by hand: 1.\n  s104: exercise1-marks\n" in exported  # it was over other work
    assert "Not graded: 1.\n  s107: " in log
