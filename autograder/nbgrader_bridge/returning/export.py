"""Export marks and feedback: from the gradebook and autograded/ to files for a course server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from autograder.collecting.roster import Roster
from autograder.exporting import gradebooks
from autograder.exporting.feedback_files import ZIPPED, name_for, zipped
from autograder.exporting.gradebooks import GRADEBOOKS, Class, Marked, Part
from autograder.nbgrader_bridge.collecting.collected import Collected, Origin
from autograder.nbgrader_bridge.course.course_folder import open_course
from autograder.nbgrader_bridge.course.course_lock import locked
from autograder.nbgrader_bridge.course.results import Results
from autograder.nbgrader_bridge.returning.feedback import Feedback, write_feedback
from autograder.nbgrader_bridge.submission.submissions import find_submissions
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.nbgrader_bridge.whole_class.gradebook_rows import RecordedMarks
from autograder.plain_text import in_one_line, under_heading
from autograder.reporting.records import RecordedExercise
from autograder.whole_files import write_whole

GRADES = "grades.csv"
FEEDBACK = "feedback.zip"


@dataclass(frozen=True)
class Options:
    """Hold the options of `autograder export`."""

    assignment: str
    to: Path
    system: str = ""
    """The format that is wanted; that of the collected download if empty."""
    roster: Roster | None = None
    with_parts: bool = False
    with_feedback: bool = True
    passed: float | None = None
    column: str = ""


@dataclass
class Export:
    """Hold what was written, and about whom."""

    system: str
    files: dict[str, str] = field(default_factory=dict)
    """Of each file, what is in it."""
    remarks: list[str] = field(default_factory=list)
    without_marks: list[str] = field(default_factory=list)
    by_hand: dict[str, str] = field(default_factory=dict)
    """By student, what waits for a mark by hand."""
    without_feedback: dict[str, str] = field(default_factory=dict)
    """By student, why there is no page to return."""


def export(course: Path, options: Options) -> Export:
    """Write a class's marks, and its feedback, into a folder.

    Raises
    ------
    CourseError, GradebookError, gradebooks.CannotExport, OSError
        The course, the server's list or the disk cannot be used.
    """
    with open_course(course) as (directory, config), locked(Path(directory.root)):
        origins = Collected(Path(directory.root), options.assignment).students
        done = Export(options.system or _system(origins))
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            released = writer.read_release(options.assignment)
            recorded = {
                student: one
                for student, one in writer.read_marks(options.assignment).items()
                if _is_graded(directory, student, options.assignment)
            }
            marked = _class(directory, options, origins, recorded, released.maxima)
            options.to.mkdir(parents=True, exist_ok=True)
            text = GRADEBOOKS[done.system](marked)
            write_whole(options.to / GRADES, text.encode("utf-8-sig" if done.system == "plain" else "utf-8"))
            count = sum(one.total is not None for one in marked.students)
            done.files[GRADES] = f"the marks of {count}"
            done.remarks += gradebooks.remarks(marked)
            done.without_marks = [one.student for one in marked.students if one.total is None]
            done.by_hand = {s: ", ".join(one.by_hand) for s, one in sorted(recorded.items()) if one.by_hand}
            if done.system == "gradescope":
                _write_results(options.to, marked, done)
            if options.with_feedback:
                pages = write_feedback(directory, config, writer, options.assignment, recorded)
                _write_feedback(options.to, marked, pages, done)
        return done


def _class(
    directory: CourseDirectory,
    options: Options,
    origins: Mapping[str, Origin],
    recorded: Mapping[str, RecordedMarks],
    maxima: Mapping[str, float],
) -> Class:
    """Gather everybody who is in the server's list, has handed in, or has marks."""
    results = Results(Path(directory.root), options.assignment)
    listed = {one.id: one for one in options.roster.students} if options.roster is not None else {}
    submitted = {one.student for one in find_submissions(directory, options.assignment)}
    students = []
    for student in [*listed, *sorted({*submitted, *recorded} - set(listed))]:
        origin, known, own = origins.get(student), listed.get(student), recorded.get(student)
        name = known.name if known is not None and known.name else origin.name if origin is not None else ""
        keys = {**(origin.keys if origin is not None else {}), **(known.keys if known is not None else {})}
        students.append(
            Marked(
                student,
                own.total if own is not None else None,
                name,
                keys,
                origin.label if origin is not None else "",
                origin.source if origin is not None else "",
                own.penalty if own is not None else 0.0,
                own.scores if own is not None else {},
                _parts(results.exercises(student), own, maxima) if own is not None else {},
            )
        )
    return Class(
        options.assignment,
        sum(maxima.values()),
        students,
        maxima,
        options.roster,
        options.with_parts,
        options.passed,
        options.column,
    )


def _parts(
    exercises: Mapping[str, RecordedExercise], recorded: RecordedMarks, maxima: Mapping[str, float]
) -> dict[str, Part]:
    """Return the marks of each part in the gradebook's points; a mark by hand is a part of its own."""
    parts: dict[str, Part] = {}
    for cell, score in recorded.scores.items():
        name = cell.removesuffix("-marks")
        exercise = exercises.get(name)
        points = maxima.get(cell, 0.0)
        factor = points / exercise.max_score if exercise is not None and exercise.max_score else 1.0
        if exercise is None or score is None or abs(exercise.score * factor - score) > 1e-6:
            parts[name] = Part(score or 0.0, points, "marked by hand" if exercise is not None else "")
            continue
        faults = {fault.where: fault.message for fault in exercise.faults}
        for part, one in exercise.parts.items():
            output = "\n".join(filter(None, (one.verdict, faults.get(part, ""))))
            parts[f"{name} {part}"] = Part(
                round(one.score * factor, 9), round(one.max_score * factor, 9), output
            )
    return parts


def _write_results(to: Path, marked: Class, done: Export) -> None:
    """Write `results.json` of each submission; a team's is written once."""
    count = 0
    for one in marked.students:
        if one.total is not None and one.label:
            folder = to / "results" / one.label.partition(" ")[0]
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / "results.json", gradebooks.gradescope(one).encode())
            count += 1
    done.files["results/SUBMISSION/results.json"] = f"the marks of {count}, by part"


def _write_feedback(to: Path, marked: Class, pages: Iterable[Feedback], done: Export) -> None:
    """Put the pages into the zip that the server takes, or into a folder for each student."""
    files: dict[str, bytes] = {}
    known = {one.student: one for one in marked.students}
    for one in pages:
        if one.problem or not one.pages:
            done.without_feedback[one.student] = one.problem or "no notebook was graded"
            continue
        for page, content in one.pages.items():
            name = name_for(done.system, known[one.student], page)
            if name is None:
                done.without_feedback[one.student] = (
                    "it was not collected from a download, so the course server could not know whose it is"
                )
            else:
                files[name] = content
    if done.system in ZIPPED:
        write_whole(to / FEEDBACK, zipped(files))
        done.files[FEEDBACK] = f"{len(files)} pages"
        return
    for name, content in files.items():
        (to / "feedback" / name).parent.mkdir(parents=True, exist_ok=True)
        write_whole(to / "feedback" / name, content)
    done.files["feedback/STUDENT/"] = f"{len(files)} pages"


def lines(done: Export, options: Options) -> list[str]:
    """List what was written, and for whom nothing was."""
    files_written = [f"wrote {options.to / name}: {what}" for name, what in done.files.items()]
    by_hand = [f"{in_one_line(student)}: {cells}" for student, cells in done.by_hand.items()]
    without_feedback = [f"{in_one_line(student)}: {why}" for student, why in done.without_feedback.items()]
    return [
        *files_written,
        *done.remarks,
        *under_heading("Without marks", [in_one_line(student) for student in done.without_marks]),
        *under_heading("Wait for a mark by hand", by_hand),
        *under_heading("Without feedback", without_feedback),
    ]


def _system(origins: Mapping[str, Origin]) -> str:
    """Return the system that most submissions came from."""
    counts = Counter(origin.system for origin in origins.values())
    return counts.most_common(1)[0][0] if counts else "plain"


def _is_graded(directory: CourseDirectory, student: str, assignment: str) -> bool:
    return Path(directory.format_path(directory.autograded_directory, student, assignment)).exists()
