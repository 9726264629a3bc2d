"""Find the user's own assignments for a command; say on stderr what is wrong with them."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from autograder import assignments
from autograder.plain_text import for_terminal


def refuse_without_assignments(folders: Sequence[Path]) -> None:
    """End the command if a folder that was named contains no assignment."""
    empty = [folder for folder in folders if not assignments.holds_any(folder)]
    for folder in empty[:1]:
        print(
            f"{folder} contains no assignment: neither it nor a folder in it has an `exercises.py`. "
            f"`autograder new NAME --to {folder}` creates one.",
            file=sys.stderr,
        )
        raise typer.Exit(2)


def search(folders: Sequence[Path], *courses: Path) -> None:
    """Look for assignments in these folders from now on, and in those that courses remember."""
    refuse_without_assignments(folders)
    of_courses = (folder for course in courses for folder in assignments.folders_of_course(course))
    assignments.search(*folders, *of_courses)
    for course in courses:
        for line in assignments.lost(course):
            print(
                f"{course} was built with assignments in {line}, but there is no such folder: correct "
                f"{course / assignments.MEMORY}.",
                file=sys.stderr,
            )


def report_broken() -> bool:
    """Report assignments that do not load, and return whether there are any; the others remain usable."""
    broken = assignments.broken()
    for sentence in broken.values():
        print(sentence, file=sys.stderr)
    return bool(broken)


def with_errors() -> list[str]:
    """Lint the user's own assignments; report what is wrong with them, and list those with errors."""
    from autograder.lint.checks import lint
    from autograder.lint.remark import Level

    names = []
    for assignment in assignments.load_all():
        if not assignments.is_ours(assignment.name):  # the course's own are linted by the tests
            errors = [r for r in lint(assignment.name, thorough=False) if r.level is Level.ERROR]
            for remark in errors:
                print(for_terminal(str(remark)), file=sys.stderr)
            if errors:
                print(f"{assignment.name} is left out until this is fixed.", file=sys.stderr)
                names.append(assignment.name)
    return names
