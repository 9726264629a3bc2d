"""Give a group of unexplained answers a name, and find out who is to be graded again because of it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from autograder.marking.named_answers import (
    UNKNOWN,
    NamedAnswer,
    UnusableNames,
    add,
    find,
    read_names,
    write_names,
)
from autograder.nbgrader_bridge.course.class_log import LOG_FOLDER
from autograder.nbgrader_bridge.course.course_folder import load_settings, root_of
from autograder.nbgrader_bridge.course.course_lock import locked
from autograder.nbgrader_bridge.course.errors import CourseError
from autograder.nbgrader_bridge.course.results import SUFFIX, Results
from autograder.reporting.groups import groups
from autograder.reporting.records import AnswerGroup


@dataclass(frozen=True)
class Named:
    """Hold a group that has been given a name."""

    assignment: str
    group: AnswerGroup


def name_group(course: Path, group: str, name: str, sentence: str) -> Named:
    """Give a group of the report a name and a sentence.

    Raises
    ------
    CourseError
        There is no such group, or it cannot have this name.
    """
    root = root_of(load_settings(course))
    with locked(root):
        for assignment in graded_assignments(root):
            results = Results(root, assignment)
            for one in groups({student: results.exercises(student) for student in results.by_student}):
                if one.group == group:
                    try:
                        new = NamedAnswer(assignment, one.exercise, name, sentence, one.behaviour)
                        write_names(root, add(read_names(root), new))
                    except UnusableNames as reason:
                        raise CourseError(str(reason)) from None
                    return Named(assignment, one)
    raise CourseError(f"There is no group {group!r}. The report lists them under *Unexplained answers*.")


def graded_assignments(root: Path) -> tuple[str, ...]:
    """List the assignments for which anything was graded."""
    files = (root / LOG_FOLDER).glob(f"*{SUFFIX}")
    return tuple(sorted(path.name.removesuffix(SUFFIX) for path in files))


def untold(root: Path, assignment: str) -> set[str]:
    """List the students whose answers have been given a name since they were graded.

    Raises
    ------
    CourseError
        The file with the names cannot be read.
    """
    try:
        names = read_names(root)
    except UnusableNames as reason:
        raise CourseError(str(reason)) from None
    if not names:
        return set()
    results = Results(root, assignment)
    return {
        student
        for student in results.by_student
        for exercise, one in results.exercises(student).items()
        if any(fault.fault == UNKNOWN for fault in one.faults)
        and find(names, assignment, exercise, one.behaviour) is not None
    }
