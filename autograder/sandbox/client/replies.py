"""Read a worker's replies, which `server.replies` writes.

This takes nothing for granted: a student's code may have written them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from autograder.calling import inputs
from autograder.calling.call_faults import MAX_FAULTS, call_fault, ends_a_call, rebuilt
from autograder.calling.descriptions import described
from autograder.calling.quotation import MAX_QUOTED
from autograder.dtypes import FLOAT64
from autograder.exercise import SHARED, Convention, Exercise, Failed, Instance, Opaque, Returned, Value
from autograder.sandbox.protocol import frames
from utils.reading import MAX_DEPTH as MAX_LISTS
from utils.reading import MAX_ENTRIES, MAX_ITEMS

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
class CellResult:
    """Hold how a cell ran."""

    error: str | None = None
    """Its error in words."""
    count: int | None = None
    """Its number, as in `In [3]`."""
    late: bool = False
    """Whether it had to be interrupted."""
    messages: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    """Its output: Jupyter's messages, `msg_type` and `content`."""


def cell_result(reply: frames.Message, *, late: bool = False) -> CellResult:
    """Read the reply to a cell; leave out whatever is not as a worker writes it."""
    if not isinstance(reply, dict):
        return CellResult(late=late)
    error, count, messages = reply.get("error"), reply.get("count"), reply.get("messages")
    return CellResult(
        error[:MAX_QUOTED] if isinstance(error, str) else None,
        count if type(count) is int and 0 <= count < 1_000_000 else None,
        late,
        _messages(messages) if isinstance(messages, list) else (),
    )


def interrupted(reply: frames.Message) -> bool:
    """Return whether a cell's reply says that the cell was interrupted."""
    return isinstance(reply, dict) and reply.get("interrupted") is True


def _messages(result: list[frames.Message]) -> tuple[Mapping[str, Any], ...]:
    messages = [m for m in result[:MAX_MESSAGES] if isinstance(m, dict) and _is_message(m)]
    return (*messages, CUT) if len(result) > MAX_MESSAGES else tuple(messages)


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


def answer_from(reply: frames.Message, exercise: Exercise, instance: Instance) -> Returned | Failed:
    """Read the reply to a call on an instance; make its sentences and compare its inputs here.

    Raises
    ------
    KeyError, TypeError, ValueError
        The reply is malformed.
    """
    if not isinstance(reply, dict):
        raise TypeError(type(reply).__name__)
    written = reply["faults"]
    if not isinstance(written, list):
        raise TypeError(type(written).__name__)
    result = [rebuilt(words, exercise, instance) for words in written[:MAX_FAULTS]]
    faults = {(fault.fault, fault.where): fault for fault in result if fault is not None}
    if "value" not in reply:
        ending = [fault for fault in faults.values() if ends_a_call(fault)]
        if not ending:
            raise ValueError("no reason")
        return Failed(ending[0])
    reported = [fault for fault in faults.values() if not ends_a_call(fault)]
    after = _Reader().value(reply["after"], MAX_LISTS + 2)
    for name in inputs.changed(after, _originals(instance, exercise.convention)):
        reported.append(call_fault("mutates-input", name, exercise.name))
    return Returned(_Reader().value(reply["value"], MAX_LISTS + 2), tuple(reported))


@lru_cache(maxsize=SHARED)
def _originals(instance: Instance, convention: Convention) -> inputs.Originals:
    """Cache an instance's inputs in the form in which they are compared: a class shares instances."""
    return inputs.Originals(instance.inputs, convention)


class _Reader:
    """Accept only arrays, known descriptions of other values, and lists of these."""

    def __init__(self) -> None:
        # each of the gradients is read with a budget of its own, and is no larger than its parameter
        self._items, self._entries = 2 * MAX_ITEMS, 2 * MAX_ENTRIES

    def value(self, message: frames.Message, depth: int) -> Value:
        self._items -= 1
        if isinstance(message, np.ndarray):
            self._entries -= message.size
        if self._items < 0 or self._entries < 0:
            raise ValueError("too much")
        if isinstance(message, np.ndarray):
            if message.dtype != FLOAT64:
                raise ValueError(message.dtype)
            return message
        if isinstance(message, Opaque):
            return described(message.description)
        if isinstance(message, list) and depth > 0:
            return [self.value(item, depth - 1) for item in message]
        raise TypeError(type(message).__name__)
