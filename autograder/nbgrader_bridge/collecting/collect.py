"""Put a download's submissions into submitted/, where nbgrader's own collect would have put them.

nbgrader's `zip_collect` does the same for file names of a single form, which the instructor specifies. If
the course has set a collector plugin (`c.FileNameCollectorPlugin.named_regexp`,
`c.ZipCollectApp.collector_plugin`), it is used here; nbgrader's extractor is not, because it unpacks archives
unchecked, nor is its loop, which ends at the first file that it cannot place.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.apps.zipcollectapp import ZipCollectApp
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder import assignments
from autograder.collecting import systems
from autograder.collecting.download import Download, open_download, read_all
from autograder.collecting.people import Person, Sorted
from autograder.collecting.roster import LATE, TIME, Roster, Student
from autograder.collecting.times import read_time
from autograder.nbgrader_bridge.collecting.collected import Collected, Origin
from autograder.nbgrader_bridge.collecting.find_work import Work, find_work
from autograder.nbgrader_bridge.course.course_folder import open_course, working_in
from autograder.nbgrader_bridge.course.course_lock import locked
from autograder.nbgrader_bridge.course.errors import CannotGrade, CourseError, isolate_submission
from autograder.nbgrader_bridge.course.release import released_cells
from autograder.nbgrader_bridge.course.times import LONG_AGO, time_zone
from autograder.nbgrader_bridge.submission.submissions import is_unprintable, read_timestamp
from autograder.nbgrader_bridge.whole_class.autograded_folder import AutogradedFolder
from autograder.nbgrader_bridge.whole_class.gradebook import GradebookWriter
from autograder.nbgrader_names import TIMESTAMP
from autograder.plain_text import in_one_line, under_heading
from autograder.submissions.submission import MAX_BYTES, names_in, read_ordinary

FORM = "%Y-%m-%d %H:%M:%S.%f %Z"  # of nbgrader's timestamps
UNPLACED = "It could not be written"
NO_TIMES = ("", "-", "–", "never", "nie")


@dataclass(frozen=True)
class Options:
    """Hold the options of `autograder collect`."""

    download: Path
    assignment: str
    roster: Roster | None = None
    system: str = ""
    """The course server it comes from, if somebody has said so."""
    zone: str = ""
    """The zone of times that name none; nbgrader's setting if empty."""
    dry_run: bool = False
    assignments: tuple[Path, ...] = ()
    """Folders with assignments, beside those that the course knows."""


@dataclass
class Collection:
    """Hold what became of everybody in a download."""

    system: str = ""
    placed: dict[str, str] = field(default_factory=dict)
    """By student, from which file."""
    renewed: set[str] = field(default_factory=set)
    """Those of them whose older submission was replaced."""
    late: set[str] = field(default_factory=set)
    unchanged: list[str] = field(default_factory=list)
    """Students whose submission is in its place already."""
    not_replaced: dict[str, str] = field(default_factory=dict)
    """By student, why what is in submitted/ was left as it is."""
    refused: dict[str, str] = field(default_factory=dict)
    """By what the download calls a person, why nothing of theirs was placed."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """By student, what an instructor should know."""
    left_out: dict[str, str] = field(default_factory=dict)
    """By file, why it was not placed."""
    missing: list[str] = field(default_factory=list)
    """Students in the roster who are not in the download."""


def collect(course: Path, options: Options) -> Collection:
    """Collect a download into a course's submitted/; with `dry_run`, only return what would be done.

    Raises
    ------
    UnusableDownload, CourseError, GradebookError, OSError
        The download, the course, or the disk cannot be used. What was placed before is kept.
    """
    with (
        open_course(course) as (directory, config),
        locked(Path(directory.root)),
        contextlib.ExitStack() as opened,
    ):
        assignments.search(*options.assignments, *assignments.folders_of_course(Path(directory.root)))
        download = opened.enter_context(contextlib.closing(open_download(options.download)))
        by_person = _sorted(download, config, options, Path(directory.root))
        collection = Collection(by_person.system, left_out={**download.left_out, **by_person.left_out})
        with GradebookWriter(directory.db_url, directory.course_id, config) as writer:
            released = writer.read_release(options.assignment)
        given = released_cells(
            Path(directory.format_path(directory.release_directory, ".", options.assignment))
        )
        collector = _Collector(directory, config, options, download, collection)
        try:
            for student, one in collector.by_student(by_person).items():
                unpacked = read_all(download, {own: file.name for own, file in one.files.items()})
                work = find_work(one, unpacked, released, given)
                collector.place(student, one, work)
        finally:
            collector.close()
        if options.roster is not None:
            listed = {
                *collection.placed,
                *collection.not_replaced,
                *collection.unchanged,
                *collector.refused_students,
            }
            collection.missing = [one.id for one in options.roster.students if one.id not in listed]
        if not options.dry_run:
            Collected(Path(directory.root), options.assignment).report(lines(collection, options))
        return collection


def _sorted(download: Download, config: Config, options: Options, course: Path) -> Sorted:
    """Sort a download by person: by the course's own plugin, if it has one, or by the system's form."""
    own = config.get("FileNameCollectorPlugin", {}).get("named_regexp") or config.get(
        "ZipCollectApp", {}
    ).get("collector_plugin")
    if options.system or not own:
        return systems.sort(download, options.assignment, options.roster, options.system)
    with working_in(course):
        try:
            plugin: Any = ZipCollectApp(config=config).collector_plugin(config=config)
            return systems.by_names(download, plugin.collect)
        except Exception as error:  # it is a program
            raise CourseError(
                f"The course's collector plugin failed: {type(error).__name__}: {error}"
            ) from None


@dataclass
class _Collector:
    """Find out which student each person is, and put what they have handed in into its place."""

    directory: CourseDirectory
    config: Config
    options: Options
    download: Download
    collection: Collection
    refused_students: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        root = Path(self.directory.root)
        self._collected = Collected(root, self.options.assignment)
        self._zone = time_zone(self.options.zone or self.config.get("Exchange", {}).get("timezone", "UTC"))
        self._folder: AutogradedFolder | None = None
        excluded = self.directory.student_id_exclude.split(",")
        self._excluded = {name.strip() for name in excluded} | {".", ".."}
        self._rows = _rows(self.options.roster)

    def by_student(self, by_person: Sorted) -> dict[str, Person]:
        """Find out who is who; of two submissions of one student the newer counts."""
        result: dict[str, Person] = {}
        for one in by_person.people:
            student, why = self._student(one)
            if why:
                self.collection.refused[one.label] = why
                continue
            before = result.get(student)
            if before is not None:
                old, new = sorted((before, one), key=lambda each: self._time(student, each) or LONG_AGO)
                self.collection.refused[old.label] = f"{student} has handed in again, as {new.label}"
                one = new
            result[student] = one
        return result

    def _student(self, one: Person) -> tuple[str, str]:
        """Return the student's id, or why there is none."""
        student = one.id
        if self.options.roster is not None:
            known, why = self.options.roster.find(one.keys)
            if known is None:
                return "", why
            student = known.id
        if is_unprintable(student) or "/" in student or student.startswith(".") or student in self._excluded:
            return "", f"{in_one_line(student)!r} cannot be the name of a folder in submitted/"
        return student, ""

    def place(self, student: str, one: Person, work: Work) -> None:
        """Put a student's work into its place, unless something newer or somebody's change is there."""
        for name, why in work.left_out.items():
            self.collection.left_out[f"{one.label}/{in_one_line(name, 200)}"] = why
        if not work.notebooks:
            self.collection.refused[one.label] = work.problem
            self.refused_students.add(student)
            return
        files = work.submitted
        time = self._time(student, one, work.time)
        if time is not None:
            files[TIMESTAMP] = time.strftime(FORM).encode()
        origin = Origin(
            self.collection.system,
            one.label,
            work.source,
            one.name,
            {kind: values[0] for kind, values in one.keys.items() if values and values[0]},
            time.isoformat() if time else "",
            work.order,
            work.changed.isoformat() if work.changed else "",
            one.late or self._says_late(student),
            _fingerprints(files),
        )
        if origin.late:
            self.collection.late.add(student)
        place = Path(
            self.directory.format_path(self.directory.submitted_directory, student, self.options.assignment)
        )
        state, why = self._compared(student, place, origin, time)
        if state == "same":
            self.collection.unchanged.append(student)
            return
        if state == "keep":
            self.collection.not_replaced[student] = why
            return
        notes = [*work.notes, *self._time_note(student, one, work.time, time)]
        try:
            if not self.options.dry_run:
                with isolate_submission(UNPLACED, place.parent.parent):
                    self._write(place, files)
                self._collected.remember(student, origin)
        except CannotGrade as reason:
            self.collection.refused[one.label] = str(reason)
            self.refused_students.add(student)
            return
        self.collection.placed[student] = work.source
        if state == "older":
            self.collection.renewed.add(student)
        if notes:
            self.collection.notes[student] = notes

    def _write(self, place: Path, files: Mapping[str, bytes]) -> None:
        if self._folder is None:
            groupshared = bool(self.directory.groupshared)
            permissions = 0o664 if groupshared else 0o644
            self._folder = AutogradedFolder(Path(self.directory.root), permissions, groupshared=groupshared)
        self._folder.put(place, {}, files, {})

    def _compared(self, student: str, place: Path, new: Origin, time: datetime | None) -> tuple[str, str]:
        """Compare with what is in submitted/: `none`, `same`, `older`, or `keep` and why."""
        if not place.exists() and not place.is_symlink():
            return "none", ""
        there = {
            name: _fingerprint(content)
            for name in names_in(place)
            if (content := read_ordinary(place / name, MAX_BYTES)) is not None
        }
        if _without_time(there) == _without_time(new.files) and (
            time is None or there.get(TIMESTAMP) == new.files[TIMESTAMP]
        ):
            return "same", ""
        before = self._collected.students.get(student)
        if before is None or there != before.files:
            who = "was not collected by this command" if before is None else "has been changed since"
            return "keep", f"what is in {_shown(place)} {who}; remove it to have this one collected"
        standing, _ = read_timestamp(place)
        if time is not None and standing is not None:
            newer = time > standing.replace(tzinfo=UTC)  # nbgrader leaves the zone out
        elif new.order and before.order:
            newer = new.order > before.order
        elif new.changed and before.changed:
            newer = new.changed > before.changed
        else:
            return (
                "keep",
                f"it is unknown whether it is newer than {_shown(place)}; remove that to collect it",
            )
        return ("older", "") if newer else ("keep", f"what is in {_shown(place)} is as new, or newer")

    def _time(self, student: str, one: Person, of_file: str = "") -> datetime | None:
        """Return when something was handed in, in UTC, if the system says so."""
        texts = (of_file, one.time, self._rows.get(student, {}).get(TIME, ""))
        times = (read_time(text, self._zone) for text in texts if text.strip().lower() not in NO_TIMES)
        return next((time for time in times if time is not None), None)

    def _time_note(self, student: str, one: Person, of_file: str, time: datetime | None) -> list[str]:
        texts = (of_file, one.time, self._rows.get(student, {}).get(TIME, ""))
        given_times = [text for text in texts if text.strip().lower() not in NO_TIMES]
        if time is None and given_times:
            return [f"when it was handed in cannot be read: {in_one_line(given_times[0])}"]
        return []

    def _says_late(self, student: str) -> bool:
        """Return whether the roster gives a lateness other than none."""
        return bool(self._rows.get(student, {}).get(LATE, "").strip("0: "))

    def close(self) -> None:
        """Remove half-written files from the course's folder."""
        if self._folder is not None:
            self._folder.close()


def lines(collection: Collection, options: Options) -> list[str]:
    """List what became of everybody and of every file, for people to read."""
    would = "would be " if options.dry_run else ""
    title = systems.TITLES[collection.system]
    printed = [f"{options.download.name}: {title}."]

    def paired(entries: Mapping[str, str]) -> list[str]:
        return [f"{in_one_line(name, 200)}: {why}" for name, why in sorted(entries.items())]

    def marked(student: str) -> str:
        words = ["newer"] * (student in collection.renewed) + ["late"] * (student in collection.late)
        return f"{student} ({', '.join(words)})" if words else student

    placed = {marked(student): in_one_line(file, 200) for student, file in collection.placed.items()}
    printed += under_heading(f"{would}placed".capitalize(), paired(placed))
    if collection.unchanged:
        printed.append(f"In place already: {len(collection.unchanged)}.")
        printed.append(f"  {', '.join(sorted(collection.unchanged))}")
    notes = {who: "; ".join(each) for who, each in collection.notes.items()}
    printed += under_heading("Left as they are in submitted/", paired(collection.not_replaced))
    printed += under_heading("Nothing placed", paired(collection.refused))
    printed += under_heading("Worth a look", paired(notes))
    printed += under_heading("Files not placed", _grouped(collection.left_out))
    if options.roster is not None and collection.missing:
        printed.append(f"In the roster, but not in the download: {len(collection.missing)}.")
        printed.append(f"  {', '.join(map(in_one_line, collection.missing))}")
    return printed


def _grouped(left_out: Mapping[str, str]) -> list[str]:
    """List files by reason; if many share one, some of them and their number."""
    counts = Counter(left_out.values())
    printed: list[str] = []
    shown: Counter[str] = Counter()
    for name, why in sorted(left_out.items(), key=lambda item: (item[1], item[0])):
        shown[why] += 1
        if shown[why] <= FEW or counts[why] <= FEW + 1:
            printed.append(f"{in_one_line(name, 200)}: {why}")
        elif shown[why] == FEW + 1:
            printed.append(f"… and {counts[why] - FEW} more: {why}")
    return printed


FEW = 10  # files with one reason that are listed by name


def _rows(roster: Roster | None) -> dict[str, Mapping[str, str]]:
    students: Sequence[Student] = roster.students if roster is not None else ()
    return {one.id: one.keys for one in students}


def _fingerprints(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: _fingerprint(content) for name, content in files.items()}


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _without_time(files: Mapping[str, str]) -> dict[str, str]:
    return {name: content for name, content in files.items() if name != TIMESTAMP}


def _shown(place: Path) -> str:
    return "/".join(place.parts[-3:])
