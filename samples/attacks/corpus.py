"""Hostile submissions: texts -> submitted folders.

An attack is a small text in one of the rooms beside this file: a docstring that says what it tries, a line
`# covers:` with the words it stands for, and sections that begin with `# %%`:

    # %% exercise1, # %% exercise2    what stands in that exercise's cell; without it the stub stays
    # %% first, # %% last             a code cell before all others, after all others
    # %% tamper                       run here, not in the notebook: changes `notebook`, `cells`, `folder`
    # %% file NAME                    a file beside the notebook
    # %% instead                      run here: makes something else at `path`, where the notebook belongs

`# honest: exercise2` fills in a right answer, to see that honest work beside an attack still counts.
Words like `@CANARY@` stand for places that whoever runs the corpus makes up; see `canaries`.
"""

from __future__ import annotations

import ast
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from samples import samples

ASSIGNMENT = "01-error-backpropagation"
FOLDER = Path(__file__).parent
SECTION = re.compile(r"^# %% +(.+?) *$\n?", re.MULTILINE)
REMARK = re.compile(r"^# (covers|honest): (.+)$", re.MULTILINE)
EXERCISES = ("exercise1", "exercise2")
RIGHT = "matrix_products"

PHRASES = (
    *("tags", "patched allclose", "patched assert", "patched autograd", "patched utils"),
    *("patched IPython transformers", "patched hooks", "patched display", "patched kernel"),
    *("objects that equal everything", "inputs overwritten"),
    *("frames", "gc", "/proc", "files searched", "neighbours"),
    *("forged results on pipes", "exits", "signals to parents", "ignored signals", "input()"),
    *("forks", "threads", "memory", "files filled", "output", "tracebacks"),
    *("startup files", ".pth", "shadowed modules", "daemons", "gradebook", "network"),
    *("pickles", "__array__", "__float__", "generators", "huge strided arrays", "odd answers"),
    *("cells duplicated", "cells deleted", "cells retyped", "cells reordered", "inflated points"),
    *("no notebook", "scripts", "automatic differentiation by hand", "forged verdicts"),
)
"""What students try, one after the other: each attack covers some of these."""


@dataclass(frozen=True)
class Attack:
    """One hostile submission, and what the honest work in it deserves."""

    name: str
    room: str
    description: str
    covers: tuple[str, ...]
    sections: Mapping[str, str]
    marks: Mapping[str, float]
    """By exercise."""
    says: str
    """Part of a sentence that tells what happened, in the report or in the log."""

    @property
    def is_notebook(self) -> bool:
        """Whether a notebook is handed in at all."""
        return "instead" not in self.sections


@cache
def attacks() -> dict[str, Attack]:
    """All attacks, by name."""
    expected = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))
    paths = sorted(FOLDER.glob("*/*.py"), key=lambda path: path.stem)
    return {path.stem: _attack(path, expected[path.stem]) for path in paths}


def write(attack: Attack, released: Path, folder: Path, places: Mapping[str, str]) -> None:
    """Make the folder that is handed in.

    Parameters
    ----------
    attack : what to hand in.
    released : the notebook that students were given.
    folder : the submission's folder, as in submitted/STUDENT/ASSIGNMENT; made here.
    places : what stands for `@CANARY@` and its like, by these words without their signs.
    """
    folder.mkdir(parents=True)
    sections = {name: _placed(text, places) for name, text in attack.sections.items()}
    path = folder / f"{ASSIGNMENT}.ipynb"
    for name, text in sections.items():
        if name.startswith("file "):
            beside = folder / name.removeprefix("file ")
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(text, encoding="utf-8")
    if "instead" in sections:
        exec(sections["instead"], {"path": path})
        return
    notebook = _filled(nbformat.read(released, as_version=4), sections)
    if "tamper" in sections:
        exec(sections["tamper"], {"notebook": notebook, "folder": folder, "cells": _by_id(notebook)})
    # not by nbformat, which would refuse what students can well write
    path.write_text(json.dumps(notebook), encoding="utf-8")


def _attack(path: Path, expected: Mapping[str, str | float]) -> Attack:
    head, *pieces = SECTION.split(path.read_text(encoding="utf-8"))
    sections = dict(zip(pieces[::2], pieces[1::2], strict=True))
    remarks = dict(REMARK.findall(head))
    for exercise in _listed(remarks.get("honest", "")):
        sections[exercise] = samples(ASSIGNMENT)[RIGHT].cells[exercise]
    return Attack(
        name=path.stem,
        room=path.parent.name,
        description=ast.get_docstring(ast.parse(head)) or "",
        covers=tuple(_listed(remarks["covers"])),
        sections=sections,
        marks={exercise: float(expected[exercise]) for exercise in EXERCISES},
        says=str(expected["says"]),
    )


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _placed(text: str, places: Mapping[str, str]) -> str:
    for word, place in places.items():
        text = text.replace(f"@{word}@", place)
    return text


def _filled(notebook: NotebookNode, sections: Mapping[str, str]) -> NotebookNode:
    for name, cell in _by_id(notebook).items():
        if name in sections:
            cell.source = sections[name].strip()
    for name, place in (("first", 0), ("last", len(notebook.cells) + 1)):
        if name in sections:
            notebook.cells.insert(place, nbformat.v4.new_code_cell(sections[name].strip(), id=name))
    return notebook


def _by_id(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Cells that nbgrader knows, by its names for them."""
    return {cell.metadata.nbgrader.grade_id: cell for cell in notebook.cells if "nbgrader" in cell.metadata}
