"""What a worker's replies mean: written on the student's side, read on the grader's, in one place.

Reading takes nothing for granted: whoever writes may be a student's code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import calling
from autograder.exercise import Failed, Fault, Opaque, Returned, Value
from autograder.sandbox import frames

MAX_WORDS = 2000  # characters of a message from the student's side
MAX_MESSAGES = 400  # of one cell; nbgrader shows a thousand lines, and cuts without a word where they end
MAX_DEPTH = 100  # of what a message holds
KINDS = frozenset(
    ("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output")
)


CUT: Mapping[str, Any] = {
    "msg_type": "stream",
    "content": {"name": "stdout", "text": "\n… cut here: the outputs of this cell are too many.\n"},
}


@dataclass(frozen=True)
class Ran:
    """A cell has run."""

    error: str | None = None
    """Its error in words."""
    count: int | None = None
    """Its number, as in `In [3]`."""
    late: bool = False
    """Whether it had to be interrupted."""
    messages: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """What it put out: Jupyter's messages, `msg_type` and `content`."""


def ran_from(reply: frames.Message, *, late: bool = False) -> Ran:
    """Read the reply to a cell; what is not as a worker writes it is left out."""
    if not isinstance(reply, dict):
        return Ran(late=late)
    error, count, messages = reply.get("error"), reply.get("count"), reply.get("messages")
    return Ran(
        calling.printable(error, MAX_WORDS) if isinstance(error, str) else None,
        count if type(count) is int and 0 <= count < 1_000_000 else None,
        late,
        _messages(messages) if isinstance(messages, list) else (),
    )


def interrupted(reply: frames.Message) -> bool:
    """Whether a cell's reply says that the cell was interrupted."""
    return isinstance(reply, dict) and reply.get("interrupted") is True


def _messages(found: list[frames.Message]) -> tuple[Mapping[str, Any], ...]:
    kept = [m for m in found[:MAX_MESSAGES] if isinstance(m, dict) and _is_message(m)]
    return (*kept, CUT) if len(found) > MAX_MESSAGES else tuple(kept)


def _is_message(message: frames.Message) -> bool:
    if not isinstance(message, dict):
        return False
    kind = message.get("msg_type")
    if not isinstance(kind, str) or kind not in KINDS:
        return False
    content = message.get("content")
    if not isinstance(content, dict) or not _is_json(content):
        return False
    if message["msg_type"] == "stream":
        return content.get("name") in ("stdout", "stderr") and isinstance(content.get("text"), str)
    if message["msg_type"] == "error":
        lines = content.get("traceback")
        named = all(isinstance(content.get(key), str) for key in ("ename", "evalue"))
        return named and isinstance(lines, list) and all(isinstance(line, str) for line in lines)
    if message["msg_type"] == "clear_output":
        return isinstance(content.get("wait"), bool)
    data, metadata = content.get("data"), content.get("metadata", {})
    counted = message["msg_type"] != "execute_result" or type(content.get("execution_count")) is int
    return counted and isinstance(data, dict) and isinstance(metadata, dict)


def _is_json(value: frames.Message, depth: int = MAX_DEPTH) -> bool:
    if depth == 0:
        return False
    if isinstance(value, dict):
        return all(_is_json(item, depth - 1) for item in value.values())
    if isinstance(value, list):
        return all(_is_json(item, depth - 1) for item in value)
    return value is None or isinstance(value, (str, bool, int, float))


def answer_from(reply: frames.Message) -> Returned | Failed:
    """Read the reply to a call.

    Raises
    ------
    KeyError, TypeError, ValueError, IndexError
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


def _fault_from(written: frames.Message) -> Fault:
    if not isinstance(written, list):
        raise TypeError(type(written).__name__)
    fault, where, message = (calling.printable(str(word), MAX_WORDS) for word in written)
    return Fault(fault, where, message)


def fault_reply(fault: Fault) -> dict[str, frames.Message]:
    """Write the reply to a call that gave no answer."""
    return {"faults": [words(fault)]}


def words(fault: Fault) -> frames.Message:
    """Write a fault seen while calling."""
    return [fault.fault, fault.where, fault.message]
