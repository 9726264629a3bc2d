"""Gather the results of a course's classes, and write the report."""

from __future__ import annotations

import ast
import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.nbgrader_bridge.collecting.collected import Collected
from autograder.nbgrader_bridge.course.class_log import HEADINGS, ClassLog, GradedBefore
from autograder.nbgrader_bridge.course.course_folder import open_course
from autograder.nbgrader_bridge.course.errors import CourseError
from autograder.nbgrader_bridge.course.name_answers import graded_assignments
from autograder.nbgrader_bridge.course.results import Results
from autograder.nbgrader_bridge.submission.submissions import find_submissions
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.reporting import page, statistics
from autograder.reporting.anonymous import anonymous
from autograder.reporting.groups import groups
from autograder.reporting.records import ClassRecord, SameCode, StudentRecord
from autograder.submissions import notebook
from autograder.submissions.notebook import UnreadableNotebook
from autograder.whole_files import write_whole

EXAMPLES, LONGEST = 2, 6000  # of a group's code, and letters of each
MOST = 5  # mistakes of an assignment that are printed


@dataclass(frozen=True)
class Options:
    """Hold the options of `autograder report`."""

    to: Path
    assignments: tuple[str, ...] = ()
    """All that were graded, if empty."""
    anonymous: bool = False


@dataclass
class Report:
    """Hold what was written."""

    files: list[Path] = field(default_factory=list)
    classes: list[statistics.Data] = field(default_factory=list)


def summed(course: Path, assignments: Sequence[str] = (), *, without_names: bool = False) -> statistics.Data:
    """Sum up a course: the content of the report, as plain data.

    assignments : names; all that were graded if there are none.

    Raises
    ------
    CourseError, GradebookError, OSError
        The course, the gradebook or the disk cannot be used.
    """
    with open_course(course) as (directory, config):
        root = Path(directory.root)
        names = assignments or graded_assignments(root)
        if not names:
            raise CourseError(
                "Nothing has been graded in this course: run `autograder grade ASSIGNMENT` first."
            )
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            records = [_record(directory, writer, name) for name in names]
        title = str(directory.course_id or root.name)
    if without_names:
        records = anonymous(records)
    return {
        "course": title,
        "assignments": [statistics.of_class(record) for record in records],
        "over_time": statistics.over_time(records),
    }


def report(course: Path, options: Options) -> Report:
    """Write the report of a course into a folder: a page, JSON, and two tables.

    Raises
    ------
    CourseError, GradebookError, OSError
        The course, the gradebook or the disk cannot be used.
    """
    data = summed(course, options.assignments, without_names=options.anonymous)
    classes = data["assignments"]
    done = Report(classes=classes)
    options.to.mkdir(parents=True, exist_ok=True)
    for name, text in {
        "report.html": page.as_html(data["course"], classes, data["over_time"]),
        "report.json": json.dumps(data, indent=1, ensure_ascii=False) + "\n",
        "parts.csv": page.parts_as_csv(classes),
        "mistakes.csv": page.mistakes_as_csv(classes),
    }.items():
        path = options.to / name
        write_whole(path, text)
        done.files.append(path)
    return done


def _record(directory: CourseDirectory, writer: GradebookWriter, assignment: str) -> ClassRecord:
    """Gather everything that is known about a class's submissions to an assignment."""
    root = Path(directory.root)
    released = writer.read_release(assignment)
    due = writer.read_due(assignment)
    results, log = Results(root, assignment), ClassLog(root, assignment)
    origins = Collected(root, assignment).students
    submitted = {one.student: one for one in find_submissions(directory, assignment)}
    recorded = {
        student: one
        for student, one in writer.read_marks(assignment).items()
        if _place(directory, student, assignment).exists()
    }
    students = []
    for student in sorted({*submitted, *recorded}):
        marks, submission, origin = recorded.get(student), submitted.get(student), origins.get(student)
        time = submission.timestamp if submission is not None else None
        students.append(
            StudentRecord(
                student,
                marks.total if marks is not None else None,
                marks.penalty if marks is not None else 0.0,
                results.exercises(student) if marks is not None else {},
                time.replace(tzinfo=UTC) if time is not None else None,
                origin.late if origin is not None else False,
                {kind: text for kind in HEADINGS if (text := log.entry(student).text(kind))},
            )
        )
    unknown = groups({one.student: one.exercises for one in students})
    result = [
        replace(
            group,
            examples=tuple(
                function_source(_place(directory, student, assignment), group.exercise)[:LONGEST]
                for student in group.students[:EXAMPLES]
            ),
        )
        for group in unknown
    ]
    same = _same_code(directory, root, assignment, set(recorded))
    return ClassRecord(
        assignment,
        sum(released.maxima.values()),
        students,
        due.replace(tzinfo=UTC) if due is not None else None,
        same,
        result,
        dict(HEADINGS),
    )


def _same_code(directory: CourseDirectory, root: Path, assignment: str, graded: set[str]) -> list[SameCode]:
    """List who has the same function as others, and how many of its lines are identical to the letter."""
    shapes: Mapping[tuple[str, str], list[str]] = defaultdict(list)
    for student, one in sorted(GradedBefore(root, assignment).by_student.items()):
        if student in graded:
            for shape in one.shapes.items():
                shapes[shape].append(student)
    groups = [(exercise, students) for (exercise, _), students in shapes.items() if len(students) > 1]
    groups.sort(key=lambda group: (-len(group[1]), group[0], group[1]))
    same = []
    for exercise, students in groups:
        first, second = (_lines(_place(directory, student, assignment), exercise) for student in students[:2])
        shared = sum((Counter(first) & Counter(second)).values())
        same.append(SameCode(exercise, tuple(students), shared, min(len(first), len(second))))
    return same


def _lines(folder: Path, exercise: str) -> list[str]:
    """Return a function's lines as written, without trailing blanks, empty lines and comments."""
    result = function_source(folder, exercise)
    lines = (line.strip() for line in result.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def function_source(folder: Path, exercise: str) -> str:
    """Find the last definition of a function, or class, in a graded submission; empty if there is none."""
    result = ""
    for path in sorted(folder.glob("*.ipynb")):
        try:
            sources = [cell.source for cell in notebook.read(path)]
        except UnreadableNotebook:
            continue
        for source in sources:
            if exercise in source:
                result = _defined(source, exercise) or result
    return result


def _defined(source: str, exercise: str) -> str:
    try:
        nodes = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for node in reversed(nodes):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == exercise:
            return ast.get_source_segment(source, node) or ""
    return ""


def _place(directory: CourseDirectory, student: str, assignment: str) -> Path:
    return Path(directory.format_path(directory.autograded_directory, student, assignment))


def lines(done: Report) -> list[str]:
    """Summarise the report in a few lines, and say where it is."""
    printed: list[str] = []
    for one in done.classes:
        printed.append(f"{one['assignment']}: {one['graded']} of {one['students']} graded.")
        printed += [
            f"  {row['students']:>4} × {row['mistake']} at {row['where']} ({row['exercise']})"
            for row in one["mistakes"][:MOST]
        ]
    return [*printed, *(f"wrote {path}" for path in done.files)]
