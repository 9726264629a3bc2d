"""Whatever earns full marks in a plain kernel earns them in every way of grading, and no flag."""

import json
import os
import re

import pytest

from autograder import assignments
from autograder.nbgrader_bridge import course_folder as courses
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.honest.style import ASSIGNMENTS, styles
from tests.process import python

LIMITS = "\nc.BoxedExecute.timeout = 60\nc.Execute.timeout = 60\nc.ExecutePreprocessor.timeout = 60\n"
NAMES = list(styles())
WAYS = ["grade", *(pytest.param(way, marks=pytest.mark.thorough) for way in ("check", "autograde", "plain"))]
ALIKE = re.compile(r"is the same as in")  # all styles share steps; that they are alike is no fault of theirs
FEWEST = 60


def student(name):
    return name.replace("_", "-")


def built(folder, extra=""):
    """A course in which every style is a student's, whose name is the style's."""
    classes.built(folder, *ASSIGNMENTS.values())
    with (folder / courses.CONFIG).open("a") as config:
        config.write(LIMITS + extra)
    for style in styles().values():
        released = folder / "release" / style.assignment / f"{style.assignment}.ipynb"
        style.hand_in(released, folder / "submitted" / student(style.name) / style.assignment)
    return folder


def run(folder, *command):
    # where pytest's variable is set, a kernel leaves its streams without descriptors
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return python("-m", *command, cwd=folder, status=None, timeout=1700, environment=environment)


def by_check(folder):
    paths = {n: f"submitted/{student(n)}/{s.assignment}/{s.assignment}.ipynb" for n, s in styles().items()}
    done = run(folder, "autograder.cli", "check", "--json", "--cell-seconds", "60", *paths.values())
    assert done.returncode == 0, done.stderr[-2000:]
    seen = {}
    for name, marked in zip(paths, json.loads(done.stdout), strict=True):
        marks = {exercise: result["score"] for exercise, result in marked["exercises"].items()}
        faults = [fault["message"] for result in marked["exercises"].values() for fault in result["faults"]]
        seen[name] = {"marks": marks, "flags": marked["flags"], "faults": [marked["message"], *faults]}
    return seen


def in_the_course(folder, *command):
    """Grade both assignments by a command; marks from the gradebook, and what was printed of a student."""
    seen = {name: {"marks": {}, "flags": [], "faults": []} for name in NAMES}
    for assignment in ASSIGNMENTS.values():
        done = run(folder, *command, assignment)
        assert done.returncode == 0, done.stderr[-3000:]
        warned = warnings_of_nbgrader(done.stderr)
        logs = "\n".join(log.read_text("utf-8") for log in folder.glob("autograder-logs/*.txt"))
        given = courses.marks(folder, assignment)
        for name, style in styles().items():
            if style.assignment == assignment:
                marks = given.get(student(name), {})
                lines = [line for line in logs.splitlines() if re.search(rf"\b{student(name)}\b", line)]
                lines += warned.get(student(name), [])
                seen[name] = {
                    "marks": {cell.removesuffix("-marks"): score for cell, score in marks.items()},
                    "flags": lines,
                    "faults": [],
                }
    return seen


def warnings_of_nbgrader(log):
    """What nbgrader's log warns an instructor of, by student."""
    warned, student = {}, ""
    for line in log.splitlines():
        if named := re.search(r"submitted/([^/]+)/", line):
            student = named[1]
        if "For the instructor" in line:
            warned.setdefault(student, []).append(line)
    return warned


def graded(way, folder):
    built(folder, PLAIN if way == "plain" else "")
    if way == "check":
        return by_check(folder)
    if way == "grade":
        return in_the_course(folder, "autograder.cli", "grade", "--cell-seconds", "60")
    return in_the_course(folder, "nbgrader", "autograde", "--create")


@pytest.fixture(scope="module", params=WAYS)
def way(request, tmp_path_factory):
    """The whole class, graded in one way."""
    return graded(request.param, tmp_path_factory.mktemp(f"honest-{request.param}"))


def test_there_are_many_styles():
    assert len(NAMES) >= FEWEST


def test_an_honest_style_earns_full_marks_and_no_flag(way):
    full = {
        assignment: {e.name: e.max_score for e in assignments.load(assignment).exercises}
        for assignment in ASSIGNMENTS.values()
    }
    wrong = {
        n: way[n]["faults"] for n, style in styles().items() if way[n]["marks"] != full[style.assignment]
    }
    assert wrong == {}
    flags = {n: [flag for flag in way[n]["flags"] if not ALIKE.search(flag)] for n in NAMES}
    assert {n: result for n, result in flags.items() if result} == {}
