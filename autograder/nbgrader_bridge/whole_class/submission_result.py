"""Summarise what became of one submission, in texts of one line each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from autograder.nbgrader_bridge.submission.grade_submission import GradedSubmission
from autograder.plain_text import in_one_line

LONGEST = 2000  # letters of what is reported of a submission


@dataclass(frozen=True)
class SubmissionResult:
    """Hold what became of one submission."""

    student: str
    scores: Mapping[str, float | None] = field(default_factory=dict)
    """By marks cell."""
    problem: str = ""
    """Why it was not graded."""
    flags: tuple[str, ...] = ()
    """What is right, but worth an instructor's look."""
    renamed: tuple[str, ...] = ()
    """Which file was graded in place of a notebook that is missing."""
    endings: tuple[str, ...] = ()
    """What ended an exercise as a whole."""
    notices: tuple[str, ...] = ()
    """What the instructor should know about the course."""

    @classmethod
    def of(cls, graded: GradedSubmission) -> SubmissionResult:
        """Sum up a graded submission, in texts of one line each, whatever was handed in."""
        notebooks = graded.notebooks.values()
        return cls(
            graded.student,
            graded.scores,
            line_of(graded.problem),
            tuple(line_of(flag) for one in notebooks for flag in one.flags),
            tuple(line_of(one.renamed) for one in notebooks if one.renamed),
            tuple(line_of(ending) for one in notebooks for ending in one.endings),
            tuple(notice for one in notebooks for notice in one.notices),
        )


def line_of(text: str) -> str:
    """Put a text on one line, cut off if it is too long to be read."""
    return in_one_line(" ".join(text.split()), LONGEST)
