"""An assignment that is a notebook alone: its forward pass in a marked cell, its parts in that cell's header.

    # forward pass: exercise1
    # shapes: X (N, 3), W (3, 1), B (1), T (N, 1)
    # given: X, W, B, Y, T
    # hand in: DY 3 P, DW 2 P, DB 1 P
    Y = X @ W + B
    err = mean_squared_error(Y, T)

`title` and `lists` may stand there, too; `given` may be left out.
"""

from __future__ import annotations

import re
from pathlib import Path

from autograder.declare import NotDeclared, backward
from autograder.exercise import Assignment, Exercise
from autograder.forward_pass import ForwardPass
from autograder.notebook_text import is_forward_pass, read
from autograder.operations.operation import Shape

KEYS = ("forward pass", "title", "shapes", "lists", "given", "hand in")
HEADER = re.compile(rf"#\s*(?P<key>{'|'.join(KEYS)}):\s*(?P<value>.*)")
SHAPE = re.compile(r"(?P<name>\w+)\s*\((?P<sizes>[\w\s,]*)\)")
PART = re.compile(r"(?P<name>\w+)\s+(?P<marks>-?\d+(?:\.\d+)?)\s*P?\s*(?:,|$)")


def declared(path: Path, name: str) -> Assignment:
    """Read the declaration from a notebook.

    Raises
    ------
    NotDeclared
        A header lacks something, or cannot be read.
    """
    notebook = read(path)
    exercises = [_exercise(cell.source) for cell in notebook.cells if is_forward_pass(cell)]
    titles = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    title = re.search(r"^#\s+(.+)$", "\n".join(titles), re.MULTILINE)
    return Assignment(name, title[1].strip() if title else name, tuple(exercises))


def _exercise(source: str) -> Exercise:
    lines = source.splitlines()
    header = [line for line in lines if line.lstrip().startswith("#")]
    given = {
        result["key"]: result["value"].strip() for line in header if (result := HEADER.match(line.strip()))
    }
    name = given["forward pass"]
    for needed in ("shapes", "hand in"):
        if not given.get(needed):
            raise NotDeclared(f"the header of {name}'s forward pass has no line `# {needed}: …`.")
    shapes = _shapes(name, given["shapes"])
    marks = {result["name"]: float(result["marks"]) for result in PART.finditer(given["hand in"])}
    if PART.sub("", given["hand in"]).strip():
        raise NotDeclared(
            f"`# hand in: {given['hand in']}` of {name} cannot be read: write `# hand in: DW 2 P, DB 1 P`."
        )
    text = "\n".join(line for line in lines if line not in header and line.strip())
    forward = ForwardPass(text, upstream="", **shapes)
    return backward(
        name,
        forward,
        title=given.get("title", name),
        hand_in=tuple(marks),
        marks=marks,
        lists=given.get("lists", ""),
        given=given.get("given", ""),
    )


def _shapes(name: str, text: str) -> dict[str, Shape]:
    if SHAPE.sub("", text).replace(",", "").strip():
        raise NotDeclared(f"`# shapes: {text}` of {name} cannot be read: write `# shapes: X (N, 3), B (1)`.")
    return {
        result["name"]: tuple(int(s) if s.isdigit() else s for s in re.findall(r"\w+", result["sizes"]))
        for result in SHAPE.finditer(text)
    }
