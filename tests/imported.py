"""What every module of ours imports, read off its text."""

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
FILES = [
    path
    for package in ("autograder", "utils")
    for path in sorted((ROOT / package).rglob("*.py"))
    if not path.match("assignments/*/notebook.py")  # the notebook's text, not a module
]


@dataclass(frozen=True)
class Import:
    """One module that a file imports."""

    name: str
    inside: bool = False
    """Within a function: only when it is called."""
    checking: bool = False
    """Within `if TYPE_CHECKING`: never when running."""
    star: bool = False


def module(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(path): path for path in FILES}


@cache
def imports(name):
    """All that a module imports."""
    return frozenset(_imports(ast.parse(MODULES[name].read_text(encoding="utf-8")), name))


def _imports(node, name, inside=False, checking=False):
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, inside, checking) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            base = child.module or ""
            if child.level:
                package = name if MODULES[name].name == "__init__.py" else name.rpartition(".")[0]
                above = package.split(".")[: len(package.split(".")) - child.level + 1]
                base = ".".join([*above, *([base] if base else [])])
            for alias in child.names:
                whole = f"{base}.{alias.name}"
                yield Import(whole if whole in MODULES else base, inside, checking, alias.name == "*")
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _imports(child, name, inside or function, checking or only)


def ours(name):
    """Modules of ours that a module imports, itself apart."""
    return {i.name for i in imports(name) if i.name.split(".")[0] in ("autograder", "utils")} - {name}


def under(name, *packages):
    return any(name == package or name.startswith(package + ".") for package in packages)


def violations(forbidden):
    """Every import that is forbidden, with its module."""
    return [(name, i) for name in MODULES for i in imports(name) if forbidden(name, i)]
