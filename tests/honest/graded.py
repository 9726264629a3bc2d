"""Classes of honest styles, graded in one way or another, and what is said of each."""

import json
import os
import re
from itertools import islice

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as courses
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.others import PLAIN
from tests.honest.style import ASSIGNMENTS, styles
from tests.process import python
from tests.warm_kernels import warm_kernels, without_pytest

LIMITS = "\nc.BoxedExecute.timeout = 60\nc.Execute.timeout = 60\nc.ExecutePreprocessor.timeout = 60\n"
STYLES = styles()
QUICK = (ASSIGNMENTS[None], ASSIGNMENTS["02"])
"""Their notebooks train nothing: the others take up to a minute."""
TRAINING = "grade, notebooks that train"
SOME = "grade, some styles"
EVERY = 16  # of the styles, in some of them
NBGRADER = ("nbgrader", "autograde", "--create")
ALIKE = re.compile(r"is the same as in")  # all styles share steps; that they are alike is no fault of theirs


def tried(way):
    """The styles that are graded in this way, by name."""
    if way == SOME:
        return dict(islice(of_quick().items(), 0, None, EVERY))
    return of_quick() if way != TRAINING else {n: s for n, s in STYLES.items() if n not in of_quick()}


def of_quick():
    return {name: style for name, style in STYLES.items() if style.assignment in QUICK}


def student(name):
    return name.replace("_", "-")


def built(folder, chosen, extra=""):
    """A course in which each of these styles is a student's, whose name is the style's."""
    classes.built(folder, *dict.fromkeys(style.assignment for style in chosen.values()))
    with (folder / courses.CONFIG).open("a") as config:
        config.write(LIMITS + extra)
    for style in chosen.values():
        released = folder / "release" / style.assignment / f"{style.assignment}.ipynb"
        style.hand_in(released, folder / "submitted" / student(style.name) / style.assignment)
    return folder


def run(folder, *command, environment=os.environ):
    environment = without_pytest(environment)
    return python("-m", *command, cwd=folder, status=None, timeout=1700, environment=environment)


def by_check(folder, chosen):
    paths = {n: f"submitted/{student(n)}/{s.assignment}/{s.assignment}.ipynb" for n, s in chosen.items()}
    done = run(folder, "autograder.cli", "check", "--json", "--cell-seconds", "60", *paths.values())
    assert done.returncode == 0, done.stderr[-2000:]
    seen = {}
    for name, marked in zip(paths, json.loads(done.stdout), strict=True):
        marks = {exercise: result["score"] for exercise, result in marked["exercises"].items()}
        faults = [fault["message"] for result in marked["exercises"].values() for fault in result["faults"]]
        seen[name] = {"marks": marks, "flags": marked["flags"], "faults": [marked["message"], *faults]}
    return seen


def in_the_course(folder, chosen, *command, environment=os.environ):
    """Grade all assignments by a command; marks from the gradebook, and what was printed of a student."""
    seen = {name: {"marks": {}, "flags": [], "faults": []} for name in chosen}
    for assignment in dict.fromkeys(style.assignment for style in chosen.values()):
        done = run(folder, *command, assignment, environment=environment)
        assert done.returncode == 0, done.stderr[-3000:]
        warned = warnings_of_nbgrader(done.stderr)
        logs = "\n".join(log.read_text("utf-8") for log in folder.glob("autograder-logs/*.txt"))
        given = courses.marks(folder, assignment)
        for name, style in chosen.items():
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
    chosen = tried(way)
    built(folder, chosen, PLAIN if way == "plain" else "")
    if way == "check":
        return by_check(folder, chosen)
    if way in ("grade", TRAINING, SOME):
        return in_the_course(folder, chosen, "autograder.cli", "grade", "--cell-seconds", "60")
    if way == "autograde":
        return in_the_course(folder, chosen, *NBGRADER)
    with warm_kernels() as environment:
        return in_the_course(folder, chosen, *NBGRADER, environment=environment)


def lost_and_flagged(chosen, seen):
    """Give the styles that have not full marks, with what is told of them, and those that are flagged."""
    wrong, flagged = {}, {}
    for name, style in chosen.items():
        exercises = assignments.load(style.assignment).exercises
        if seen[name]["marks"] != {exercise.name: exercise.max_score for exercise in exercises}:
            wrong[name] = seen[name]["faults"]
        if flags := [flag for flag in seen[name]["flags"] if not ALIKE.search(flag)]:
            flagged[name] = flags
    return wrong, flagged
