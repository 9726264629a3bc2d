"""The student's side of the pipe: runs cells, calls functions, hands out plain arrays.

Holds no reference, no solution and no expected value. Started by `host` as
`python -m autograder.sandbox.worker READ_FD WRITE_FD NOTEBOOK_FOLDER`.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from IPython.core.interactiveshell import InteractiveShell

from autograder import calling
from autograder.exercise import Convention, Failed, Fault, Opaque, Returned, Value
from autograder.sandbox import frames

MAX_WORDS = 2000  # characters of a message from the student's side
INTERRUPTED = Fault("timeout", "answer", "The function did not come back in time.")


def main(read_fd: int, write_fd: int, folder: str) -> None:
    """Answer the host's requests until it closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.path.append(folder)  # last, so that a helper file is found and a library is never shadowed
    shell = _shell()
    with open(read_fd, "rb") as requests, open(write_fd, "wb") as replies:
        for request in _requests(requests):
            reply = _run(shell, request) if request["do"] == "run" else _call(shell, request)
            replies.write(frames.encode(reply))
            replies.flush()


class _Shell(InteractiveShell):  # type: ignore[misc]  # IPython is not followed
    """A shell without windows: `%matplotlib inline` and its like find nothing to switch on."""

    def enable_gui(self, gui: str | None = None) -> None:
        del gui


def _shell() -> InteractiveShell:
    shell = _Shell.instance(history_length=0)
    shell.history_manager.enabled = False
    for installer in (
        "pip",
        "conda",
        "mamba",
        "uv",
    ):  # a notebook must not change the instructor's machine
        shell.register_magic_function(lambda line: None, magic_name=installer)
    return shell


def _requests(stream: BinaryIO) -> Iterator[dict[str, frames.Message]]:
    while prefix := stream.read(frames.LENGTHS.size):
        header, body = frames.lengths(prefix)
        request = frames.decode(stream.read(header), stream.read(body))
        assert isinstance(request, dict)
        yield request


def _run(shell: InteractiveShell, request: dict[str, frames.Message]) -> frames.Message:
    """Run one cell as a kernel would; reply with its error in words, or None."""
    try:
        with _interruptible():
            result = shell.run_cell(str(request["source"]), store_history=False)
    except KeyboardInterrupt:
        return {"error": "KeyboardInterrupt: the cell did not end in time."}
    error = result.error_before_exec or result.error_in_exec
    return {"error": None if error is None else calling.describe(error)}


def _call(shell: InteractiveShell, request: dict[str, frames.Message]) -> frames.Message:
    """Call one of the student's functions; reply with the answer's plain arrays."""
    name, inputs = str(request["function"]), request["inputs"]
    function = shell.user_ns.get(name)
    if not callable(function):
        what = "is not defined" if function is None else "is no function any more"
        return _fault(Fault("missing", "answer", f"`{name}` {what} after the notebook's cells ran."))
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
        return _fault(INTERRUPTED)
    if isinstance(answer, Failed):
        return _fault(answer.fault)
    return {"value": answer.value, "faults": [_words(fault) for fault in answer.faults]}


def answer_from(reply: frames.Message) -> Returned | Failed:
    """Read a reply of `_call`: for the host, beside what wrote it.

    Raises
    ------
    KeyError, TypeError, ValueError
        The reply has another form.
    """
    if not isinstance(reply, dict):
        raise TypeError(type(reply).__name__)
    faults = reply["faults"]
    if not isinstance(faults, list):
        raise TypeError(type(faults).__name__)
    read = tuple(_fault_from(fault) for fault in faults)
    if "value" not in reply:
        return Failed(read[0])
    return Returned(_value_from(reply["value"], calling.MAX_DEPTH + 2), read)


def _value_from(message: frames.Message, depth: int) -> Value:
    """Take only arrays, words for what is none, and lists of these, as `calling.plain` makes them."""
    if isinstance(message, (np.ndarray, Opaque)):
        return message
    if isinstance(message, list) and depth > 0:
        return [_value_from(item, depth - 1) for item in message]
    raise TypeError(type(message).__name__)


def _fault_from(words: frames.Message) -> Fault:
    if not isinstance(words, list):
        raise TypeError(type(words).__name__)
    fault, where, message = (calling.printable(str(word), MAX_WORDS) for word in words)
    return Fault(fault, where, message)


def _fault(fault: Fault) -> frames.Message:
    return {"faults": [_words(fault)]}


def _words(fault: Fault) -> frames.Message:
    return [fault.fault, fault.where, fault.message]


@contextlib.contextmanager
def _interruptible() -> Iterator[None]:
    """Let the host's SIGINT raise KeyboardInterrupt, here and nowhere else."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
    os._exit(0)  # threads that a notebook left behind do not keep the process
