"""Read the parameters of functions and classes from a notebook's cells, in bounded time, whatever is there.

A cell is parsed as Python, after removing prompts, magics and common indentation. If that fails, or if the
cell is far too long, only the head of the function or class is read.
"""

from __future__ import annotations

import ast
import io
import itertools
import re
import textwrap
import tokenize
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LONGEST = 100_000  # characters of a cell that is parsed
MOST = 400_000  # characters of all cells that are parsed
HEAD = 5_000  # characters of a function's head
HEADS = 20  # functions, and lambdas, that are looked at in a cell that cannot be parsed
LAMBDAS = 20_000  # of any name, of which those are sought; more than a cell that is parsed has room for
TARGET = 200  # characters between a name and the lambda that it stands for: an annotation

PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.(?!\.)|In ?\[\d*\]:|\.{3,}:) ?", re.MULTILINE)
LAMBDA = re.compile(r"=[ \t(]*lambda\b")
MAGIC = re.compile(r"^([ \t]*)[%!?].*$", re.MULTILINE)

UNPARSABLE = (SyntaxError, ValueError, RecursionError, MemoryError, SystemError)
"""What the parser raises; the last if it has lost count of its own depth (CPython 3.11)."""

Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Defined = Function | ast.ClassDef


class Head(NamedTuple):
    """Where a definition begins."""

    position: int
    keyword: str
    """`def`, `class` or `lambda`."""
    name: str
    end: int
    """Where what follows the name, or `lambda`, begins."""


@dataclass(frozen=True)
class Definition:
    """A function or class of an exercise's name."""

    names: tuple[str, ...]
    """Of all its parameters; a class's are those of `__init__`, without the object itself."""
    fewest: int
    """Arguments that a call by position needs."""
    most: int | None
    """The most arguments that it accepts; None if there is no limit."""
    used: frozenset[str]
    """Names in the function, parameters included."""
    is_class: bool = False

    def takes(self, count: int) -> bool:
        """Return whether it can be called with this many positional arguments."""
        return self.fewest <= count and (self.most is None or count <= self.most)


def definitions(sources: Iterable[str], names: Collection[str]) -> Mapping[str, list[Definition]]:
    """Find what cells define under these names: by `def`, by a lambda, or by `class`."""
    result: dict[str, list[Definition]] = defaultdict(list)
    if not names:
        return result
    remaining = MOST
    for source in sources:
        heads = _heads(source, names)
        if not heads:
            continue
        tree = None
        if len(source) <= min(LONGEST, remaining):
            remaining -= len(source)
            tree = _parsed(source)
        pairs = _in_tree(tree) if tree is not None else _by_heads(source, heads)
        for name, function in pairs:
            if name in names:
                result[name].append(_definition(function))
    return result


def _parsed(source: str) -> ast.Module | None:
    for text in (source, _plain(source)):
        try:
            return ast.parse(text)
        except UNPARSABLE:
            continue
    return None


def _plain(source: str) -> str:
    """Return a cell without prompts, magics, and common indentation."""
    return textwrap.dedent(MAGIC.sub(r"\1pass", PROMPT.sub("", source))).strip()


def _in_tree(tree: ast.Module) -> Iterator[tuple[str, Defined]]:
    """Yield what a cell defines for the whole notebook, in any block, but not inside functions or classes."""
    remaining: list[ast.AST] = list(reversed(tree.body))
    while remaining:
        node = remaining.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield node.name, node
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and isinstance(node.value, ast.Lambda):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, (ast.stmt, ast.excepthandler, ast.match_case)):
            remaining += reversed(list(ast.iter_child_nodes(node)))


def _heads(source: str, names: Collection[str]) -> list[Head]:
    """Return where functions and classes of these names seem to be defined: the first `HEADS` either way."""
    one = "|".join(map(re.escape, sorted(names)))
    by_keyword = re.compile(rf"\b(def|class)[ \t]+({one})[ \t]*(?=[(:])")
    before_lambda = re.compile(rf"\b({one})\b[^\n=(]*\Z")
    keywords = (Head(match.start(), match[1], match[2], match.end()) for match in by_keyword.finditer(source))
    # Looked for from the lambda backwards: a cell may be full of names, and each would be followed to an end.
    lambdas = (
        Head(match.start(), "lambda", named[1], match.end())
        for match in itertools.islice(LAMBDA.finditer(source), LAMBDAS)
        if (named := before_lambda.search(_same_statement(source, match.start())))
    )
    return sorted([*itertools.islice(keywords, HEADS), *itertools.islice(lambdas, HEADS)])


def _same_statement(source: str, end: int) -> str:
    """Return what stands before a sign of equality, back to what no assignment's target has."""
    return re.split(r"[\n=(]", source[max(end - TARGET, 0) : end])[-1]


def _by_heads(source: str, heads: Iterable[Head]) -> Iterator[tuple[str, Defined]]:
    """Read functions and classes of a cell that cannot be parsed, from their heads."""
    for _, keyword, name, start in heads:
        if keyword == "class":
            yield name, ast.parse(f"class {name}: pass").body[0]  # type: ignore[misc]  # it is
            continue
        head = _head(PROMPT.sub("", source[start : start + HEAD]), ":" if keyword == "lambda" else ")")
        try:
            if keyword == "lambda":
                yield name, ast.parse(f"lambda {head}: 0", mode="eval").body  # type: ignore[misc]  # it is
            else:
                yield name, ast.parse(f"def {name}{head}: pass").body[0]  # type: ignore[misc]  # it is
        except UNPARSABLE:
            continue


def _head(text: str, end: str) -> str:
    """Return the beginning of a text up to the character that ends it, outside any brackets."""
    pieces, depth = [], 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type in (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE):
                continue
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(token.string, 0)
            if token.string == end and depth == 0 and end == ":":
                break
            pieces.append(token.string)
            if token.string == end and depth == 0:
                break
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    return " ".join(pieces)


def _definition(defined: Defined) -> Definition:
    return _class(defined) if isinstance(defined, ast.ClassDef) else _function(defined)


def _class(defined: ast.ClassDef) -> Definition:
    methods = [each for each in defined.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))]
    used = {node.id for node in ast.walk(defined) if isinstance(node, ast.Name)}
    made = next((_function(each) for each in methods if each.name == "__init__"), None)
    return Definition(
        names=made.names[1:] if made else (),
        fewest=max(made.fewest - 1, 0) if made else 0,
        most=made.most - 1 if made and made.most else None,  # it may inherit one that takes anything
        used=frozenset(used | {each.name for each in methods}),
        is_class=True,
    )


def _function(function: Function) -> Definition:
    given = function.args
    positional = [argument.arg for argument in (*given.posonlyargs, *given.args)]
    required = len(positional) - len(given.defaults)
    others = [argument.arg for argument in given.kwonlyargs]
    used = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return Definition(
        names=tuple(positional + others),
        fewest=required,
        most=None if given.vararg else len(positional),
        used=frozenset({*used, *positional, *others}),
    )
