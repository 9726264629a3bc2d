"""Leave out what a later message of the same cell undoes: drafts that nobody sees when the cell has ended.

A progress bar is shown or cleared hundreds of times, and a notebook keeps its last state. Jupyter's client
takes a millisecond for each of these messages, and changes every output that has the same name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

Message: TypeAlias = Mapping[str, Any]


def lasting(messages: Sequence[Message]) -> list[Message]:
    """Keep the messages of a cell that tell how its outputs, and those of earlier cells, are in the end."""
    if not any(message["msg_type"] in ("update_display_data", "clear_output") for message in messages):
        return list(messages)
    start = _last_clear(messages)
    # what was cleared is gone from this cell; what it did to outputs of earlier cells stays
    changes = [
        {**m, "msg_type": "update_display_data"} for m in messages[:start] if display_id(m) is not None
    ]
    return _without_drafts([*changes, *messages[start:]])


def display_id(message: Message) -> str | None:
    """The name under which an output can be changed later."""
    transient = message["content"].get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) and name else None


def _last_clear(messages: Sequence[Message]) -> int:
    """The message from which on nothing is cleared any more; one that waits needs an output behind it."""
    followed = False
    for place in range(len(messages) - 1, -1, -1):
        kind = messages[place]["msg_type"]
        if kind == "clear_output" and (followed or not messages[place]["content"]["wait"]):
            return place
        followed |= kind not in ("clear_output", "update_display_data")
    return 0


def _without_drafts(messages: Sequence[Message]) -> list[Message]:
    """Leave out changes of an output that is changed again."""
    kept, changed = [], set()
    for message in reversed(messages):
        name = display_id(message)
        if message["msg_type"] != "update_display_data" or name not in changed:
            kept.append(message)
        if name is not None:
            changed.add(name)
    return kept[::-1]
