"""Find the assignment's notebook among what a student has dropped, by the rules of `autograder collect`."""

from __future__ import annotations

from collections.abc import Collection

from autograder.collecting.people import File, Person
from autograder.nbgrader_bridge.arriving.arrivals import Arrival, Contents
from autograder.nbgrader_bridge.collecting.find_work import Work, find_work
from autograder.nbgrader_bridge.course.release import ReleasedAssignment
from autograder.plain_text import in_one_line


def of_dropped(
    arrival: Arrival, contents: Contents, released: ReleasedAssignment, given: Collection[str]
) -> Work:
    """Return the submission among the files, or the reason why there is none.

    given : sources of code cells as students were given them.
    """
    files = {name: File(name) for name in contents.files}
    one = Person({}, arrival.student, arrival.student, files=files)
    return find_work(one, contents.unpacked(), released, given)


def remarks(work: Work) -> list[str]:
    """List which file was taken for the notebook, and which files were not taken at all."""
    left_out = [f"{in_one_line(name, 200)} was left out: {why}." for name, why in work.left_out.items()]
    return [*(f"{note}." for note in work.notes), *left_out]
