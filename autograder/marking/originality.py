"""Flag what is right but worth an instructor's look; a flag costs nothing."""

from __future__ import annotations

import ast
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from autograder.exercise import Answers, Array

OTHER_AUTODIFF = ("jax", "autograd", "tensorflow", "sympy", "casadi", "tinygrad", "pytensor", "mxnet")
IMPORT = re.compile(rf"^[ \t]*(?:import|from)[ \t]+({'|'.join(OTHER_AUTODIFF)})\b", re.MULTILINE)
TRACING_MODULES = (
    *("torch.fx", "torch.export", "torch.jit", "torch._dynamo", "torch._functorch", "functorch.compile"),
    *("torch._C", "torch.utils._python_dispatch", "torch._subclasses", "ctypes", "cffi"),
)
TRACING_NAMES = frozenset(
    (
        *("make_fx", "symbolic_trace", "aot_function", "aot_module", "aot_export_module"),
        *("TorchDispatchMode", "__torch_dispatch__"),  # sees each plain operation of a backward pass
    )
)
"""Tools that can turn a gradient into plain operations to be called later, or that reach around PyTorch."""
TRACING = re.compile(
    r"fx|export|jit|_dynamo|_functorch|functorch|ctypes|cffi|symbolic_trace|aot_|backend|\b_C\b|_dispatch|Dispatch"
    r"|_subclasses"
)
"""Cells without these letters need no closer look."""
RENAMED = re.compile(r"\bimport[ \t]+((?:functorch|torch|importlib)[\w.]*)[ \t]+as[ \t]+(\w+)")
IMPORTING = ("import_module", "__import__")
MAGIC = re.compile(r"^\s*[%!].*$", re.MULTILINE)
ROUNDING = 1e-11  # relative: an analytic gradient in double precision is far closer than this
FINE = 5e-9  # relative: with single precision in it, an answer is off by more than this somewhere
ONE_SIDED = 0.75  # of many entries: two in three are off to one side in single precision, at the most
RELATED = 0.13  # rank correlation of entries and how far they are off, less what one side has more than half:
# 0.14 to 0.7 in single precision, and no more than this in nine of ten answers by differences
ENOUGH, MANY = 16, 100  # entries that tell something by their signs, and that do so though some differ
LONGEST = 200_000  # characters of a cell that are parsed
FEW = 3  # names that a flag tells; a class may have hundreds of the same
LETTERS = 32  # of a shape's fingerprint
SMALLEST = 100  # nodes of a function's syntax tree; shorter ones are alike by chance
NAMES = ("id", "arg", "name")  # fields of a syntax tree with a name that its author chose
BEGIN, END = "(", ";"  # of a node, and of each field of it


def other_autodiff(sources: Sequence[str]) -> tuple[str, ...]:
    """Flag imports of libraries that differentiate and are not PyTorch."""
    names = sorted({name for source in sources for name in IMPORT.findall(source)})
    return tuple(f"imports {name}, which can differentiate automatically" for name in names)


def tracers(sources: Sequence[str]) -> tuple[str, ...]:
    """Flag tools with which a gradient can be prepared before an exercise by hand is called.

    sources : of the cells before it.
    """
    renamed = {own: module for source in sources for module, own in RENAMED.findall(source)}
    names = {
        name
        for source in sources
        if TRACING.search(source)
        for name in _dotted(source, renamed)
        if _is_tracing(name)
    }
    return tuple(
        f"uses {name} before an exercise by hand: look whether a gradient was prepared with it"
        for name in sorted(names)
    )


def _is_tracing(name: str) -> bool:
    in_module = any(name == module or name.startswith(f"{module}.") for module in TRACING_MODULES)
    return in_module or name.rpartition(".")[2] in TRACING_NAMES or name == "torch.compile(backend)"


def _dotted(source: str, renamed: Mapping[str, str]) -> Iterator[str]:
    """List names that a cell imports, uses or defines, with the modules that they are written with.

    renamed : modules by their aliases in the notebook.
    """
    try:
        tree = ast.parse(MAGIC.sub("", source[:LONGEST]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.FunctionDef):
            yield node.name
        elif isinstance(node, (ast.Name, ast.Attribute)):
            yield _written(node, renamed)
        elif isinstance(node, ast.Call):
            called = _written(node.func, renamed)
            values = [word.value for word in node.args if isinstance(word, ast.Constant)]
            words = [value for value in values if isinstance(value, str)]
            if any(word.arg == "backend" for word in node.keywords):
                yield f"{called}(backend)"
            if called.rpartition(".")[2] in IMPORTING and words:
                yield words[0]
            if called == "getattr" and len(node.args) > 1 and words:
                yield f"{_written(node.args[0], renamed)}.{words[0]!s}"


def _written(node: ast.AST, renamed: Mapping[str, str]) -> str:
    """Write out an expression such as `torch.jit.script`; for others, only the attributes at their end."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(renamed.get(node.id, node.id))
    return ".".join(reversed(parts))


def looks_numerical(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether a right answer has the rounding of numerical differentiation.

    Such an answer is off by more than double precision explains, on every instance. So is one with single
    precision in it, somewhere; but that is off by 1e-8 and more of what it rounds, and to either side.
    Differences of the error's values are off by less; or by as much in small entries as in large ones, as
    the rounding of the values is shared out by one step; or all to one side, as the error is convex.
    """
    roundings = [_roundings(answer, truth) for answer, truth in zip(answers, truths, strict=True)]
    if not all(len(rounding.off) for rounding in roundings):
        return False
    if max(rounding.worst for rounding in roundings) < FINE:
        return True
    off = np.concatenate([rounding.off for rounding in roundings])
    share = float(np.mean(off > 0))
    one_sided = max(share, 1 - share)
    if one_sided >= (ONE_SIDED if len(off) >= MANY else 1.0) and len(off) >= ENOUGH:
        return True
    related = [_rank_correlation(np.abs(r.off), np.abs(r.true)) for r in roundings if len(r.off) >= ENOUGH]
    return bool(related) and float(np.mean(related)) - (one_sided - 0.5) < RELATED


@dataclass(frozen=True)
class _Roundings:
    """Hold how far entries are off on one instance, in parts that neither precision explains as it stands."""

    worst: float
    """Relative to the largest entry of the part."""
    off: Array
    true: Array


def _roundings(answer: Mapping[str, Array | None], truth: Mapping[str, Array]) -> _Roundings:
    worst, off, true = 0.0, [np.zeros(0)], [np.zeros(0)]
    for part, expected in truth.items():
        given = answer[part]
        if given is None or given.shape != expected.shape:
            continue
        size = float(np.abs(expected).max(initial=0.0)) or 1.0
        furthest = float(np.abs(given - expected).max(initial=0.0)) / size
        if furthest <= ROUNDING or np.array_equal(given, given.astype(np.float32)):
            continue
        worst = max(worst, furthest)
        alive = expected != 0  # a unit that is off has the gradient 0 in any precision
        off.append((given - expected)[alive])
        true.append(expected[alive])
    return _Roundings(worst, np.concatenate(off), np.concatenate(true))


def _rank_correlation(one: Array, other: Array) -> float:
    """Compute Spearman's rank correlation, for numbers of which no two are equal."""
    ranks, others = (np.argsort(np.argsort(numbers)) for numbers in (one, other))
    return float(np.corrcoef(ranks, others)[0, 1])


def twins(notebooks: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    """Flag functions that are the same in two notebooks, up to names, comments and layout.

    notebooks : the shapes of each one's functions, as `shapes` finds them.
    """
    same: dict[tuple[str, str], list[str]] = defaultdict(list)
    for notebook, functions in notebooks.items():
        for shape in functions.items():
            same[shape].append(notebook)
    flags: dict[str, list[str]] = defaultdict(list)
    for (function, _), alike in sorted(same.items()):
        for notebook in alike if len(alike) > 1 else ():
            flags[notebook].append(f"{function} is the same as in {_others(notebook, alike)}, up to renaming")
    return {notebook: tuple(texts) for notebook, texts in flags.items()}


def _others(notebook: str, alike: Sequence[str]) -> str:
    """Name all but one if they are few; else give their number and some of their names."""
    count = len(alike) - 1
    names = ", ".join(islice((other for other in alike if other != notebook), FEW))
    return names if count <= FEW else f"{count} others ({names} …)"


def shapes(sources: Sequence[str], exercises: Sequence[str]) -> dict[str, str]:
    """Fingerprint each exercise's last definition, without names, comments and layout.

    Parameters
    ----------
    sources : of a notebook's cells.
    exercises : names of the functions and classes.
    """
    fingerprints = {}
    defines = (
        re.compile(rf"\b(?:def|class)[\s\\]+(?:{'|'.join(map(re.escape, exercises))})\b")
        if exercises
        else None
    )
    for source in sources:
        if defines is None or len(source) > LONGEST or not defines.search(source):
            continue
        try:
            statements = ast.parse(source).body
            for node in statements:
                if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name in exercises:
                    name, shape = node.name, _anonymous(node)
                    if shape is not None:
                        digest = hashlib.sha256(shape.encode("utf-8", "replace")).hexdigest()
                        fingerprints[name] = digest[:LETTERS]
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            continue  # a cell with magics, or one that is no Python
    return fingerprints


def _anonymous(function: ast.FunctionDef | ast.ClassDef) -> str | None:
    """Write out a definition, as `ast.dump` does, with numbers in place of its own names."""
    if ast.get_docstring(function) is not None:
        function.body = function.body[1:]
    own = _in_order(function) if isinstance(function, ast.ClassDef) else frozenset()
    written: list[str] = []
    _write(function, own, {}, written)
    return None if written.count(BEGIN) < SMALLEST else " ".join(written)


def _in_order(defined: ast.ClassDef) -> frozenset[str]:
    """Sort a class's methods by their structure, without docstrings; return the attributes that are its own.

    Those names are the student's, like those of variables; numpy's are not.
    """
    methods = [node for node in defined.body if isinstance(node, ast.FunctionDef)]
    others = [node for node in defined.body if not isinstance(node, ast.FunctionDef)]
    for method in methods:
        if ast.get_docstring(method) is not None:
            method.body = method.body[1:]
    by_form = sorted(methods, key=lambda method: [type(node).__name__ for node in ast.walk(method)])
    defined.body = [*others, *by_form]
    attributes = [node for node in ast.walk(defined) if isinstance(node, ast.Attribute)]
    set_here = {node.attr for node in attributes if isinstance(node.ctx, ast.Store)}
    return frozenset(set_here | {method.name for method in methods})


def _write(node: ast.AST, own: frozenset[str], numbers: dict[str, str], written: list[str]) -> None:
    """Write out a node field by field, in one go: this is done for every submission."""
    kind = type(node)
    written += (kind.__name__, BEGIN)
    for field in kind._fields:
        value = getattr(node, field, None)
        for item in value if type(value) is list else (value,):
            if isinstance(item, ast.AST):
                _write(item, own, numbers, written)
            elif type(item) is str and (field in NAMES or (field == "attr" and item in own)):
                written.append(numbers.setdefault(item, f"v{len(numbers)}"))
            else:
                written.append(repr(item))
        written.append(END)
