"""Serve one submission: run its cells, call its functions, reply with messages and plain arrays.

This process holds no reference, no solution and no expected value. `server.main` forks and isolates it, and
it answers what `client.host` asks until the channel is closed.
"""

from __future__ import annotations

import contextlib
import io
import math
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

import numpy as np

import utils
from autograder.calling import function_call
from autograder.calling.call_faults import call_fault
from autograder.exercise import CLASS_DRIVERS, Answer, Convention, Failed, Opaque, Value
from autograder.sandbox.protocol import frames
from autograder.sandbox.protocol.channel import Channel
from autograder.sandbox.server.interpreter import CellRun, Interpreter
from autograder.sandbox.server.replies import answer_reply, fault_reply

FRESH_SECONDS = 0.2
HOLD_SECONDS = 0.01
"""How long a reply may wait for those after it: each one sent by itself wakes the grader once more."""

_Request: TypeAlias = Mapping[str, frames.Message]
_Reply: TypeAlias = dict[str, frames.Message]


class _Interruptible:
    """Let the grader's SIGINT interrupt what runs in this `with` statement, and nothing else.

    A signal that arrives just after the start was meant for what ran before.
    """

    def __init__(self) -> None:
        self.interrupted = False
        """Whether the last code to run was interrupted."""
        self._begun = math.inf

    def __enter__(self) -> None:
        if signal.getsignal(signal.SIGINT) != self.interrupt:  # whatever a cell has made of it
            signal.signal(signal.SIGINT, self.interrupt)
        self.interrupted = False
        self._begun = time.monotonic()

    def __exit__(self, *exception: object) -> None:
        self._begun = math.inf

    def interrupt(self, *_: object) -> None:
        """Handle the signal."""
        if time.monotonic() - self._begun > FRESH_SECONDS:
            self.interrupted = True
            raise KeyboardInterrupt


_STUDENTS_CODE = _Interruptible()


def serve(channel: Channel, interpreter: Interpreter) -> None:
    """Answer the grader's requests until it closes the channel. This process is isolated already."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed()
    np.random.seed(int.from_bytes(os.urandom(4)))
    interpreter.start()
    with contextlib.suppress(EOFError, ConnectionError):
        while True:
            request = channel.receive()
            hold = HOLD_SECONDS if isinstance(request, dict) and request.get("together") else 0.0
            sent = time.monotonic()
            for reply in answers(interpreter, request):
                channel.post(reply)
                if time.monotonic() >= sent + hold:  # what comes next may end the process
                    channel.flush()
                    sent = time.monotonic()
            channel.flush()


def answers(interpreter: Interpreter, request: frames.Message) -> Iterator[_Reply]:
    """Do what a request asks for, and reply."""
    assert isinstance(request, dict)
    return {"write_files": _write_files, "run": _run, "call": _call}[str(request["do"])](interpreter, request)


def _write_files(_: Interpreter, request: _Request) -> Iterator[_Reply]:
    """Write the submission's own files into the private folder; reply with the names of those that failed."""
    files, failed = request["files"], []
    assert isinstance(files, dict)
    if request["course_files"]:
        _link(set(files))
    else:
        _leave_out_ours()
    for name, content in files.items():
        path = Path.cwd() / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else b"")
        except (OSError, ValueError):
            failed.append(name)
    yield {"failed": failed}


def _link(written: set[str]) -> None:
    """Let a notebook find the course's own `utils` and `files` beside it if it brings none.

    `files` is a separate folder, in which a notebook may put a picture.
    """
    package = Path(utils.__file__).parent
    if not any(name.startswith(f"{package.name}/") for name in written):
        with contextlib.suppress(OSError):
            Path(package.name).symlink_to(package)
    with contextlib.suppress(OSError):
        Path("files").mkdir(exist_ok=True)
        for file in (package.parent / "files").iterdir():
            if f"files/{file.name}" not in written:
                Path("files", file.name).symlink_to(file)


def _leave_out_ours() -> None:
    """Let another course's notebook find its own files first, as a kernel does: many bring a `utils.py`."""
    ours = utils.__name__
    for name in [name for name in sys.modules if name == ours or name.startswith(f"{ours}.")]:
        del sys.modules[name]
    sys.path.insert(0, "")


def _run(interpreter: Interpreter, request: _Request) -> Iterator[_Reply]:
    """Run cells one after another; reply with each one's output, and its error in words, or None."""
    sources = request["sources"]
    assert isinstance(sources, list)
    for source in sources:
        try:
            with _STUDENTS_CODE:
                ran = interpreter.run_cell(str(source))
        except KeyboardInterrupt as interrupt:
            ran = CellRun(interrupt)
        if isinstance(ran.error, KeyboardInterrupt):
            error: str | None = "KeyboardInterrupt: the cell did not end in time."
        else:
            error = None if ran.error is None else function_call.describe(ran.error)
        reply: _Reply = {"messages": list(ran.messages), "interrupted": _STUDENTS_CODE.interrupted}
        if error is not None:  # missing entries are left out: `frames` is slower with a null
            reply["error"] = error
        if ran.count is not None:
            reply["count"] = ran.count
        yield reply
        if _STUDENTS_CODE.interrupted:  # the grader requests the rest again
            return


def _call(interpreter: Interpreter, request: _Request) -> Iterator[_Reply]:
    """Call one of the student's functions on one instance; the grader sends the next after the answer."""
    name, inputs = str(request["function"]), request["inputs"]
    leaves, state = request["leaves"], request["state"]
    function = interpreter.user_ns.get(name)
    if not callable(function):
        gone = "no class" if request["driver"] in CLASS_DRIVERS else "no function"
        details = () if function is None else (gone,)
        yield fault_reply(call_fault("missing", "answer", name, details))
        return
    assert isinstance(inputs, dict)
    assert isinstance(leaves, list)
    assert isinstance(state, list)
    convention = Convention(
        bool(request["tensors"]),
        bool(request["by_hand"]),
        tuple(map(str, leaves)),
        str(request["driver"]),
        tuple(map(str, state)),
        str(request["steps"]),
    )
    answer, after = _answer(function, convention, inputs, name)
    yield answer_reply(answer, after)


def _answer(
    function: Callable[..., object], convention: Convention, inputs: Mapping[str, Value], name: str
) -> tuple[Answer, Value]:
    try:
        quiet = io.StringIO()
        with contextlib.redirect_stdout(quiet), contextlib.redirect_stderr(quiet), _STUDENTS_CODE:
            return function_call.call_and_look(function, convention, inputs)
    except KeyboardInterrupt:
        return Failed(call_fault("timeout", "answer", name)), Opaque("None")
