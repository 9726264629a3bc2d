"""What needs a person, put into the list and flagged in formgrader where `nbgrader autograde` grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from nbgrader.converters import Autograde

from autograder.nbgrader_bridge.class_log import ClassLog, Needs
from autograder.nbgrader_bridge.handed_in import when_handed_in
from autograder.nbgrader_bridge.ledger import ALIKE, Ledger


@dataclass(frozen=True)
class Noted:
    """What is told of one notebook of a submission."""

    student: str
    assignment: str
    notebook: str
    flags: Sequence[str]
    faults: Sequence[str]
    notices: Sequence[str]


def note(converter: Autograde, noted: Noted) -> None:
    """Write it down as `autograder grade` does; equal code is looked for by that alone.

    Raises
    ------
    LedgerError, OSError
        The gradebook or the disk does not take it.
    """
    course = converter.coursedir
    log = ClassLog(Path(course.root), noted.assignment)
    before = log.of(noted.student)
    submitted = course.format_path(course.submitted_directory, noted.student, noted.assignment)
    _, time = when_handed_in(Path(submitted))
    needs = replace(
        before, problem="", ended=noted.faults, penalty="", time=time, flags=noted.flags, renamed=()
    )
    if needs == before == Needs() and not noted.notices:
        return
    flags, ours = [*noted.flags, *[ALIKE] * bool(before.alike)], before.flagged.get(noted.notebook)
    flagged = {name: why for name, why in before.flagged.items() if name != noted.notebook}
    if flags or ours is not None:
        with Ledger(course.db_url, course.course_id, converter.config) as ledger:
            if ledger.flag(noted.assignment, noted.student, noted.notebook, flags, ours):
                flagged[noted.notebook] = flags
    log.update({noted.student: replace(needs, flagged=flagged)}, noted.notices)
