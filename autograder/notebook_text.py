"""Read an assignment's notebook as its author writes it: Jupytext's percent format, or a notebook file.

Cells have roles: one is the exercise's answer (`solution`), one is where it is marked (`marks`), and in an
assignment that is a notebook alone, one holds its forward pass. In the percent format the roles are in a
cell's first line, `# %% solution="exercise1"`; in a notebook file in the cell's first comment,
`# solution: exercise1`.

jupytext and nbformat are imported when a text is read: they bring a web server, which takes every command a
third of a second, and to find assignments needs neither.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbformat import NotebookNode

ROLE = re.compile(r"#\s*(?P<role>solution|marks):\s*(?P<name>\w+)[ \t]*(?:\n|\Z)")
FORWARD = re.compile(r"#\s*forward pass:\s*(?P<name>\w+)")


def read(path: Path) -> NotebookNode:
    """Read a notebook's text; the roles of its cells are in their metadata."""
    if path.suffix == ".py":
        import jupytext

        return jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    import nbformat

    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        result = ROLE.match(cell.source) if cell.cell_type == "code" else None
        if result:
            cell.metadata[result["role"]] = result["name"]
            cell.source = cell.source[result.end() :]
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook


def as_text(path: Path) -> str:
    """Return a notebook in the percent format, whatever its own format is."""
    if path.suffix == ".py":
        return path.read_text(encoding="utf-8")
    import jupytext

    return str(jupytext.writes(read(path), fmt="py:percent"))


def holds_forward_pass(path: Path) -> bool:
    """Return whether a file is a notebook with a forward pass in a cell of its own."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    return re.search(rf'^[ \t"]*{FORWARD.pattern}', text, re.MULTILINE) is not None


def is_forward_pass(cell: NotebookNode) -> bool:
    """Return whether a cell holds a forward pass: it is a declaration, not code for students."""
    return cell.cell_type == "code" and FORWARD.match(cell.source) is not None
