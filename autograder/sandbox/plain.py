"""Cells in plain Python: for the world in which only the answers of functions matter, and nobody looks.

IPython's own syntax has been translated before; what it leads to, `get_ipython()` and `display`, is here
and does next to nothing.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import os
import sys
import types
import zlib
from collections.abc import Iterator
from typing import Any

from autograder.sandbox import standin
from autograder.sandbox.interpreter import CellRun

RUNNING = ("time", "timeit", "capture", "prun")  # cell magics that run their cell


class Plain:
    """An interpreter without IPython."""

    def __init__(self) -> None:
        module = types.ModuleType("__main__")
        self.user_ns: dict[str, Any] = module.__dict__
        sys.modules["__main__"] = module
        self._count = 0
        self._learned: dict[str, types.CodeType] = {}

    @contextlib.contextmanager
    def rehearsal(self) -> Iterator[None]:
        """Forget what is run meanwhile, and print nothing of it."""
        before = dict(self.user_ns)
        with contextlib.redirect_stdout(_Silence()), contextlib.redirect_stderr(_Silence()):
            yield
        self.user_ns.clear()
        self.user_ns.update(before)
        self._count = 0
        standin.forget()

    def learn(self, source: str) -> None:
        """Compile a cell before it comes."""
        with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
            self._learned[source] = _compiled(source)

    def start(self) -> None:
        """Swallow what is printed; give the names that every notebook has."""
        sys.stdout = sys.stderr = _Silence()
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        stub = _GetIPython(self)
        vars(builtins).update(get_ipython=lambda: stub, display=lambda *objects, **options: None)

    def run(self, source: str) -> CellRun:
        """Run a cell that is plain Python by now."""
        self._count += 1
        linecache.cache[_name(source)] = (len(source), None, source.splitlines(keepends=True), _name(source))
        try:
            exec(self._learned.get(source) or _compiled(source), self.user_ns)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit and friends end a cell, and nothing else
            return CellRun(error, self._count)
        return CellRun(None, self._count)


def _name(source: str) -> str:
    return f"<ipython-input-{zlib.crc32(source.encode('utf-8', 'replace'))}>"


def _compiled(source: str) -> types.CodeType:
    return compile(source, _name(source), "exec", dont_inherit=True)


class _Silence(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)

    def writable(self) -> bool:
        return True


class _GetIPython:
    """What `get_ipython()` gives: magics that do nothing, but for those that run a cell."""

    def __init__(self, interpreter: Plain) -> None:
        self.user_ns = interpreter.user_ns
        self._interpreter = interpreter

    def run_cell_magic(self, name: str, line: str, cell: str) -> None:
        del line
        if name in RUNNING:
            error = self._interpreter.run(cell).error
            if error is not None:
                raise error

    def run_line_magic(self, name: str, line: str, *_: object) -> None:
        if name in RUNNING and line.strip():
            self.run_cell_magic(name, "", line)

    def getoutput(self, *_: object, **__: object) -> list[str]:
        return []

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  whatever a notebook asks of IPython
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_, **__: None
