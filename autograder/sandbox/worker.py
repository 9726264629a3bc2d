"""The student's side of the line: runs cells, calls functions, hands out messages and plain arrays.

Holds no reference, no solution and no expected value. `zygote` forks it into its box, and it answers what
`host` asks until the line is closed.
"""

from __future__ import annotations

import contextlib
import io
import os
import random
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

import numpy as np

import utils
from autograder import calling
from autograder.exercise import Convention, Failed, Fault
from autograder.sandbox import frames
from autograder.sandbox.interpreter import CellRun, Interpreter
from autograder.sandbox.replies import fault_reply, words

INTERRUPTED = Fault("timeout", "answer", "The function did not come back in time.")


def serve(requests: BinaryIO, replies: BinaryIO, interpreter: Interpreter) -> None:
    """Answer the host's requests until it closes the line. The process is in its box already."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed()
    np.random.seed()
    sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115  for good
    interpreter.start()
    for request in _requests(requests):
        answer = {"lay": _lay, "run": _run, "call": _call}[str(request["do"])]
        replies.write(frames.encode(answer(interpreter, request)))
        replies.flush()


def _requests(stream: BinaryIO) -> Iterator[dict[str, frames.Message]]:
    while prefix := stream.read(frames.LENGTHS.size):
        header, body = frames.lengths(prefix)
        request = frames.decode(stream.read(header), stream.read(body))
        assert isinstance(request, dict)
        yield request


def _lay(_: Interpreter, request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Lay the submission's own files into the private folder; those that do not fit are told."""
    files, failed = request["files"], []
    assert isinstance(files, dict)
    _link(set(files))
    for name, content in files.items():
        path = Path.cwd() / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else b"")
        except (OSError, ValueError):
            failed.append(name)
    return {"failed": failed}


def _link(laid: set[str]) -> None:
    """Let a notebook find the course's own `utils` and `files` beside it, where it brings none."""
    package = Path(utils.__file__).parent
    for folder in (package, package.parent / "files"):
        if folder.is_dir() and not any(name.startswith(f"{folder.name}/") for name in laid):
            with contextlib.suppress(OSError):
                Path(folder.name).symlink_to(folder)


def _run(interpreter: Interpreter, request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Run one cell; reply with what it put out, and its error in words, or None."""
    try:
        with _interruptible():
            ran = interpreter.run(str(request["source"]))
    except KeyboardInterrupt as interrupt:
        ran = CellRun(interrupt)
    if isinstance(ran.error, KeyboardInterrupt):
        told: str | None = "KeyboardInterrupt: the cell did not end in time."
    else:
        told = None if ran.error is None else calling.describe(ran.error)
    return {"error": told, "count": ran.count, "messages": list(ran.messages), "python": ran.python}


def _call(interpreter: Interpreter, request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Call one of the student's functions; reply with the answer's plain arrays."""
    name, inputs = str(request["function"]), request["inputs"]
    function = interpreter.user_ns.get(name)
    if not callable(function):
        what = "is not defined" if function is None else "is no function any more"
        return fault_reply(Fault("missing", "answer", f"`{name}` {what} after the notebook's cells ran."))
    leaves = request["leaves"]
    assert isinstance(inputs, dict)
    assert isinstance(leaves, list)
    convention = Convention(
        bool(request["tensors"]), bool(request["by_hand"]), tuple(str(leaf) for leaf in leaves)
    )
    try:
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), _interruptible():
            answer = calling.call(function, convention, inputs)
    except KeyboardInterrupt:
        return fault_reply(INTERRUPTED)
    if isinstance(answer, Failed):
        return fault_reply(answer.fault)
    return {"value": answer.value, "faults": [words(fault) for fault in answer.faults]}


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let the host's SIGINT raise KeyboardInterrupt, here and nowhere else."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
