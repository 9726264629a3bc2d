"""Honest styles of writing: texts -> submitted notebooks that earn full marks.

A file in `styles/` holds the styles of one kind, each below a line `#### name: what the student does`, or
`#### 02 name: …` for another assignment than the first. Its sections begin with `# %%`:

    # %% exercise1            what stands in that exercise's cell; without it a right answer stands there
    # %% before               a code cell before all others; several keep their order
    # %% after exercise1      a code cell right after that exercise's
    # %% file NAME            a file beside the notebook
    # %% retype exercise1     the cell's type becomes the one that follows
    # %% metadata exercise1   JSON that is added to the cell's metadata

A line `@STEPS@` in a function stands for lines that compute the lists DW and DB as the sheet wants them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from samples import samples

FOLDER = Path(__file__).parent / "styles"
STYLE = re.compile(r"^#### (?:(\d\d) )?(\w+): (.+)$\n", re.MULTILINE)
SECTION = re.compile(r"^# %% +(.+?) *$\n?", re.MULTILINE)
STEPS_LINE = re.compile(r"^( *)@STEPS@$", re.MULTILINE)
ASSIGNMENTS = {
    None: "01-error-backpropagation",
    "02": "02-gradient-descent",
    "03": "03-softmax-and-cross-entropy",
    "04": "04-an-engine-of-your-own",
    "05": "05-normalisation",
    "08": "08-attention",
}
RIGHT = {  # a sample that earns full marks
    "01-error-backpropagation": "matrix_products",
    "02-gradient-descent": "loops",
    "03-softmax-and-cross-entropy": "fancy_indexing",
    "04-an-engine-of-your-own": "tables",
    "05-normalisation": "one_expression",
    "08-attention": "matrix_products",
}
STEPS = """\
DY = 2*(Y-T)/len(Y)
DZ3 = DY@W[3].T*(Z3 > 0)
DZ2 = DZ3@W[2].T*(Z2 > 0)
DZ1 = DZ2@W[1].T*(Z1 > 0)
DW = [X.T@DZ1,A1.T@DZ2,A2.T@DZ3,A3.T@DY]
DB = [DZ1.sum(axis=0),DZ2.sum(axis=0),DZ3.sum(axis=0),DY.sum(axis=0)]"""


@dataclass(frozen=True)
class Style:
    """One way to write a right submission."""

    name: str
    kind: str
    assignment: str
    description: str
    sections: tuple[tuple[str, str], ...]

    def hand_in(self, released: Path, folder: Path) -> None:
        """Write the notebook, and what lies beside it, into a folder; made here.

        released : the notebook that students were given.
        """
        folder.mkdir(parents=True)
        notebook = nbformat.read(released, as_version=4)
        cells = {
            cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata
        }
        for name, answer in samples(self.assignment)[RIGHT[self.assignment]].cells.items():
            cells[name].source = answer
        before = 0
        for number, (title, text) in enumerate(self.sections):
            what, _, where = title.partition(" ")
            if what == "before":
                notebook.cells.insert(before, _cell(text, f"before-{number}"))
                before += 1
            elif what == "after":
                place = next(n for n, cell in enumerate(notebook.cells) if cell is cells[where])
                notebook.cells.insert(place + 1, _cell(text, f"after-{number}"))
            elif what == "file":
                path = folder / where
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            elif what == "retype":
                _retype(cells[where], text.strip())
            elif what == "metadata":
                cells[where].metadata.update(json.loads(text))
            else:
                cells[what].source = text.rstrip("\n")
        (folder / released.name).write_text(json.dumps(notebook), encoding="utf-8")


@cache
def styles() -> dict[str, Style]:
    """All styles, by name."""
    result: dict[str, Style] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        _, *pieces = STYLE.split(path.read_text(encoding="utf-8"))
        for number, name, description, text in zip(*(pieces[n::4] for n in range(4)), strict=True):
            assert name not in result, name
            result[name] = Style(name, path.stem, ASSIGNMENTS[number], description, _sections(text))
    return result


def _sections(text: str) -> tuple[tuple[str, str], ...]:
    _, *pieces = SECTION.split(STEPS_LINE.sub(_steps, text))
    return tuple(
        (title, body.removesuffix("\n")) for title, body in zip(pieces[::2], pieces[1::2], strict=True)
    )


def _steps(line: re.Match[str]) -> str:
    return "\n".join(f"{line[1]}{step}" for step in STEPS.splitlines())


def _cell(source: str, name: str) -> NotebookNode:
    return nbformat.v4.new_code_cell(source.rstrip("\n"), id=name)


def _retype(cell: NotebookNode, kind: str) -> None:
    cell.cell_type = kind
    if kind != "code":
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
