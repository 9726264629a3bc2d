"""What is right but worth an instructor's look: flags, which cost nothing."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import islice

import numpy as np

from autograder.exercise import Answers, Array

OTHER_AUTODIFF = ("jax", "autograd", "tensorflow", "sympy", "casadi", "tinygrad", "pytensor", "mxnet")
IMPORT = re.compile(rf"^[ \t]*(?:import|from)[ \t]+({'|'.join(OTHER_AUTODIFF)})\b", re.MULTILINE)
ROUNDING = 1e-11  # relative: an analytic gradient in double precision is far closer than this
LONGEST = 200_000  # characters of a cell that are parsed
FEW = 3  # names that a flag tells; a class may have hundreds of the same
LETTERS = 32  # of a shape's fingerprint
SMALLEST = 100  # nodes of a function's syntax tree; shorter ones are alike by chance


def other_autodiff(sources: Sequence[str]) -> tuple[str, ...]:
    """Flags for libraries that differentiate and are not PyTorch."""
    names = sorted({name for source in sources for name in IMPORT.findall(source)})
    return tuple(f"imports {name}, which can differentiate automatically" for name in names)


def looks_numerical(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Whether a right answer has the rounding of numerical differentiation.

    Such an answer is further from the truth than double precision explains on every instance, and its
    entries are no single precision numbers either.
    """
    return all(_off_by_rounding(answer, truth) for answer, truth in zip(answers, truths, strict=True))


def _off_by_rounding(answer: Mapping[str, Array | None], truth: Mapping[str, Array]) -> bool:
    worst, single = 0.0, True
    for part, expected in truth.items():
        given = answer[part]
        if given is None:
            return False
        size = float(np.abs(expected).max(initial=0.0)) or 1.0
        worst = max(worst, float(np.abs(given - expected).max(initial=0.0)) / size)
        single = single and bool(np.array_equal(given, given.astype(np.float32)))
    return worst > ROUNDING and not single


def twins(notebooks: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Flags for functions that are the same in two notebooks, up to names, comments and layout.

    notebooks : the shapes of each one's functions, as `shapes` finds them.
    """
    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for notebook, found in notebooks.items():
        for shape in found.items():
            same[shape].append(notebook)
    flags: dict[str, list[str]] = defaultdict(list)
    for (function, _), alike in sorted(same.items()):
        for notebook in alike if len(alike) > 1 else ():
            flags[notebook].append(f"{function} is the same as in {_others(notebook, alike)}, up to renaming")
    return {notebook: tuple(found) for notebook, found in flags.items()}


def _others(notebook: str, alike: Sequence[str]) -> str:
    """All but one, by name if they are few, else by their number and some of their names."""
    count = len(alike) - 1
    names = ", ".join(islice((other for other in alike if other != notebook), FEW))
    return names if count <= FEW else f"{count} others ({names} …)"


def shapes(sources: Sequence[str], exercises: Sequence[str]) -> dict[str, str]:
    """What is left of each exercise's last definition without names, comments and layout, in a few letters.

    Parameters
    ----------
    sources : of a notebook's cells.
    exercises : names of the functions.
    """
    found = {}
    for source in sources:
        if len(source) > LONGEST or not any(name in source for name in exercises):
            continue
        try:
            statements = ast.parse(source).body
            for node in statements:
                if isinstance(node, ast.FunctionDef) and node.name in exercises:
                    name, shape = node.name, _anonymous(node)
                    if shape is not None:
                        found[name] = hashlib.sha256(shape.encode("utf-8", "replace")).hexdigest()[:LETTERS]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue  # a cell with magics, or one that is no Python
    return found


def _anonymous(function: ast.FunctionDef) -> str | None:
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    nodes = list(ast.walk(function))
    if len(nodes) < SMALLEST:
        return None
    numbers: dict[str, str] = {}
    for node in nodes:
        for field in ("id", "arg", "name"):
            name = getattr(node, field, None)
            if isinstance(name, str):
                setattr(node, field, numbers.setdefault(name, f"v{len(numbers)}"))
    return ast.dump(function)
