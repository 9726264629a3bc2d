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

from autograder import calling
from autograder.exercise import Convention, Failed, Fault
from autograder.sandbox import frames, shell
from autograder.sandbox.replies import fault_reply, words
from autograder.sandbox.shell import Recorder, Shell

INTERRUPTED = Fault("timeout", "answer", "The function did not come back in time.")


def serve(requests: BinaryIO, replies: BinaryIO, prepared: Shell, recorder: Recorder) -> None:
    """Answer the host's requests until it closes the line. The process is in its box already."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    random.seed()
    np.random.seed()  # noqa: NPY002  what students draw from; a fork has its parent's
    sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115  for good
    sys.stdout, sys.stderr = shell.stream("stdout", recorder), shell.stream("stderr", recorder)
    descriptors = shell.Descriptors()
    for request in _requests(requests):
        if request["do"] == "lay":
            reply = _lay(request)
        elif request["do"] == "run":
            reply = _run(prepared, request)
            descriptors.drain(recorder)
            reply["messages"] = _joined(recorder)
        else:
            reply = _call(prepared, request)
        replies.write(frames.encode(reply))
        replies.flush()


def _requests(stream: BinaryIO) -> Iterator[dict[str, frames.Message]]:
    while prefix := stream.read(frames.LENGTHS.size):
        header, body = frames.lengths(prefix)
        request = frames.decode(stream.read(header), stream.read(body))
        assert isinstance(request, dict)
        yield request


def _lay(request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Lay the submission's own files into the private folder; those that do not fit are told."""
    files, failed = request["files"], []
    assert isinstance(files, dict)
    for name, content in files.items():
        path = Path.cwd() / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else b"")
        except (OSError, ValueError):
            failed.append(name)
    return {"failed": failed}


def _run(prepared: Shell, request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Run one cell as a kernel would; reply with its error in words, or None."""
    # a kernel runs a cell that is a comment, too, but counts none that is empty
    source = str(request["source"])
    error: BaseException | None
    try:
        with _interruptible():
            result = prepared.run_cell(source, store_history=bool(source.strip()))
        error = result.error_before_exec or result.error_in_exec
    except KeyboardInterrupt as interrupt:
        error = interrupt
    if isinstance(error, KeyboardInterrupt):
        told: str | None = "KeyboardInterrupt: the cell did not end in time."
    else:
        told = None if error is None else calling.describe(error)
    return {"error": told, "count": prepared.execution_count - 1 if source.strip() else None}


def _joined(recorder: Recorder) -> list[frames.Message]:
    messages = recorder.take()
    for message in messages:
        if "pieces" in message["content"]:
            message["content"]["text"] = calling.printable("".join(message["content"].pop("pieces")), 1 << 30)
    return list(messages)


def _call(prepared: Shell, request: Mapping[str, frames.Message]) -> dict[str, frames.Message]:
    """Call one of the student's functions; reply with the answer's plain arrays."""
    name, inputs = str(request["function"]), request["inputs"]
    function = prepared.user_ns.get(name)
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
