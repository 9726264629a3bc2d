"""List the cells of another course's assignment that would start a program, which the sandbox does not allow.

Such a cell works in a kernel. What is missing after it may cost marks, so a person has to look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils

from autograder.plain_text import in_one_line
from autograder.sandbox.protocol.requests import NOT_RUN

INSTALLS = re.compile(r"[!%]?(?:pip3?|conda|mamba)\b")
"""What installs packages: those that notebooks need are installed already, or the import says so."""
LONGEST = 80  # letters of a line that is quoted


def would_start_programs(cells: Iterable[NotebookNode]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """List cells for which the sandbox reported that a line was not run.

    Returns
    -------
    A flag for each of the student's own cells, a notice for each locked one: those are the assignment's.
    """
    flags: list[str] = []
    notices: list[str] = []
    for cell in cells:
        if cell.cell_type == "code" and (lines := list(_not_run(cell))):
            sentence = (
                f"a cell starts another program, which is not done while grading: {lines[0]}. What follows "
                "from it may have cost marks"
            )
            locked = nbgrader_utils.is_locked(cell)
            (notices if locked else flags).append(f"In the assignment, {sentence}." if locked else sentence)
    return tuple(dict.fromkeys(flags)), tuple(dict.fromkeys(notices))


def _not_run(cell: NotebookNode) -> Iterable[str]:
    for output in cell.outputs:
        if output.output_type == "stream":
            for line in output.text.splitlines():
                command = line.removeprefix(NOT_RUN)
                if command != line and not INSTALLS.match(command):
                    yield in_one_line(command, LONGEST)
