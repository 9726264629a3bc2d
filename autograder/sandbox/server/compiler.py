"""Compile cells as IPython does, but those that all submissions share only once, in advance."""

from __future__ import annotations
import __future__

import ast
import types
import zlib
from typing import Any

from IPython.core.compilerop import CachingCompiler

FUTURE = sum({getattr(__future__, name).compiler_flag for name in __future__.all_feature_names})
"""What a `from __future__ import` in one cell changes for those after it."""


class Compiler(CachingCompiler):  # type: ignore[misc]  # IPython is not followed
    """Name a cell's code as a kernel does, because tracebacks and warnings show the name.

    Precompiled cells need not be compiled again, in this process or its forks.
    """

    def __init__(self) -> None:
        super().__init__()
        self.flags: int  # codeop's, with what `__future__` adds
        self._plain = self.flags
        self._trees: dict[tuple[str, str], ast.Module] = {}
        self._codes: dict[int, types.CodeType] = {}

    def get_code_name(self, raw_code: str, transformed_code: str, number: int) -> str:
        """Name a cell's code by its source, whenever it runs."""
        del transformed_code, number
        return f"/tmp/ipykernel_1/{zlib.crc32(raw_code.encode('utf-8', 'replace'))}.py"

    def precompile(self, raw: str, cell: str) -> None:
        """Compile a cell, statement by statement as a shell does, and keep the result."""
        name = self.get_code_name(raw, cell, 0)
        if (cell, name) in self._trees:
            return
        codes = {}
        try:
            tree = self.ast_parse(cell, name)
            with self.extra_flags(ast.PyCF_ALLOW_TOP_LEVEL_AWAIT):
                for number, node in enumerate(tree.body, 1):
                    single = number == len(tree.body) and isinstance(node, ast.Expr)
                    program = ast.Interactive([node]) if single else ast.Module([node], [])
                    codes[id(node)] = self(program, name, "single" if single else "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        finally:
            self.flags = self._plain  # what a cell imports from `__future__` does not apply to others
        self._trees[cell, name] = tree  # kept, so that its statements keep their places in memory
        self._codes |= codes

    def ast_parse(self, source: str, filename: str = "<unknown>", symbol: str = "exec") -> ast.Module:
        """Parse a cell, unless it was precompiled."""
        known = self._trees.get((source, filename)) if self.flags == self._plain else None
        return known or super().ast_parse(source, filename, symbol)

    def __call__(self, source: Any, filename: str, symbol: str, **options: Any) -> Any:  # noqa: ANN401  as codeop
        """Compile a statement, unless it was precompiled."""
        if isinstance(source, (ast.Module, ast.Interactive)) and len(source.body) == 1:
            known = self._codes.get(id(source.body[0]))
            if known is not None:
                self.flags |= known.co_flags & FUTURE
                return known
        return super().__call__(source, filename, symbol, **options)
