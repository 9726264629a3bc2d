"""Record what a cell outputs, through Python or past it, as a kernel's messages, up to a limit."""

from __future__ import annotations

import io
import json
import os
import tempfile
from collections.abc import Mapping
from typing import Any

from autograder.json_items import count_items

MAX_TEXT = 1_000_000  # characters that a cell's streams may hold
MAX_DISPLAYS = 4_000_000  # characters of all displays of a cell
MAX_ITEMS = 300_000  # values in all displays of a cell; a frame may not hold many more
CUT = "\n… cut here: a cell may print {} characters.\n"


class Recorder:
    """Collect what a cell has output so far."""

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self._text = self._displays = self._items = 0

    def take(self) -> list[dict[str, Any]]:
        """Return all messages since the last time."""
        taken, self.messages = self.messages, []
        self._text = self._displays = self._items = 0
        return taken

    def stream(self, name: str, text: str) -> None:
        """Add text to a stream; pieces of one stream that follow each other are one message."""
        remaining = MAX_TEXT - self._text
        if remaining < 0 or not text:
            return
        self._text += len(text)
        if len(text) > remaining:
            text, self._text = text[:remaining] + CUT.format(f"{MAX_TEXT:,}"), MAX_TEXT + 1
        last = self.messages[-1] if self.messages else None
        if last is not None and last["msg_type"] == "stream" and last["content"]["name"] == name:
            last["content"]["pieces"].append(text)
        else:
            self.messages.append({"msg_type": "stream", "content": {"name": name, "pieces": [text]}})

    def add(self, kind: str, content: Mapping[str, Any]) -> None:
        """Add a message of another kind."""
        words = json.dumps(content, default=str)
        self._displays += len(words)
        self._items += count_items(words.encode("utf-8", "replace"), MAX_ITEMS)
        if self._displays > MAX_DISPLAYS or self._items > MAX_ITEMS:
            self.stream("stderr", f"An output of {len(words):,} characters was left out: too large.\n")
        else:
            self.messages.append({"msg_type": kind, "content": json.loads(words)})


class Stream(io.TextIOBase):
    """Stand in for `sys.stdout` or `sys.stderr` of a cell."""

    encoding = "utf-8"
    errors = "replace"

    def __init__(self, name: str, recorder: Recorder) -> None:
        self.name = f"<{name}>"
        self._number = 1 if name == "stdout" else 2
        self._stream, self._recorder = name, recorder

    def write(self, text: str) -> int:
        """Record text."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._recorder.stream(self._stream, text)
        return len(text)

    def writable(self) -> bool:
        """Return True, as every output stream does."""
        return True

    def fileno(self) -> int:
        """Return the descriptor that libraries in C write to; what comes that way is recorded, too."""
        return self._number


class Descriptors:
    """Record what is written to descriptors 1 and 2 past `sys.stdout`, for example by libraries in C."""

    def __init__(self) -> None:
        self._files = {"stdout": _replaced(1), "stderr": _replaced(2)}

    def drain(self, recorder: Recorder) -> None:
        """Pass on what has come since the last time."""
        for name, descriptor in self._files.items():
            if os.fstat(descriptor).st_size:
                text = os.pread(descriptor, MAX_TEXT + 1, 0).decode("utf-8", "replace")
                os.ftruncate(descriptor, 0)
                recorder.stream(name, text)


def _replaced(number: int) -> int:
    """Put an unnamed file in place of a descriptor: writes append to it, and `drain` empties it."""
    file = os.open(tempfile.gettempdir(), os.O_TMPFILE | os.O_RDWR | os.O_APPEND, 0o600)
    os.dup2(file, number)
    return file
