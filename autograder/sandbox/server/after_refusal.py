"""Continue after a statement that failed because the sandbox refuses what a kernel would allow.

With another program, a file elsewhere or the network, the statement would have worked, and the rest of the
cell would have run. Here the names that it would have defined are missing; a function defined after it need
not be.
"""

from __future__ import annotations

import ast
import errno
import socket
from types import TracebackType

try:  # here, in the fork server: it takes longer to import than most notebooks to run
    import psutil  # type: ignore[import-untyped]

    DENIED: tuple[type[BaseException], ...] = (psutil.AccessDenied, socket.gaierror)
except ImportError:
    DENIED = (socket.gaierror,)

REFUSED = (errno.EPERM, errno.EACCES, errno.EROFS)
MOST = 20  # statements of a cell that may fail, one after the other


def was_refused(error: BaseException) -> bool:
    """Return whether an error comes from what the sandbox refuses, directly or indirectly."""
    visited: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in visited:
        visited.add(id(cause))
        if isinstance(cause, DENIED) or (isinstance(cause, OSError) and cause.errno in REFUSED):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def rest_of(cell: str, name: str, traceback: TracebackType | None) -> str:
    """Return what follows the statement of a cell that failed; empty if nothing does.

    cell : as Python.
    name : of the cell's code.
    """
    while traceback is not None and traceback.tb_frame.f_code.co_filename != name:
        traceback = traceback.tb_next
    if traceback is None:
        return ""
    try:
        statements = ast.parse(cell).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    line = traceback.tb_lineno
    last = next((s for s in statements if (s.end_lineno or s.lineno) >= line), None)
    if last is None or last is statements[-1]:
        return ""
    lines = cell.encode("utf-8", "surrogatepass").split(b"\n")[(last.end_lineno or last.lineno) - 1 :]
    lines[0] = lines[0][last.end_col_offset :].lstrip(b" \t;")
    return b"\n".join(lines).decode("utf-8", "surrogatepass")
