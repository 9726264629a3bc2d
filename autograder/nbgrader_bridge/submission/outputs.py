"""Write cells' outputs into a notebook, by the rules of Jupyter's own client.

Messages that a later one of the same cell undoes are left out first: a progress bar is shown or cleared
hundreds of times, and a notebook keeps its last state only. Jupyter's client takes a millisecond for each of
these messages, and updates every output that has the same name.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.exercise import ExerciseResult
from autograder.reporting import report
from autograder.sandbox.client.replies import CellResult

LEFT_OUT = {
    "msg_type": "stream",
    "content": {"name": "stderr", "text": "An output was left out: a notebook cannot hold it.\n"},
}
MOST_BY_RULES = 1000  # messages of a notebook that go through Jupyter's client, at a millisecond each
MOST_CHANGED = 20_000_000  # bytes of outputs that are changed later, once for each output changed
CHANGE_BYTES = 200  # that a change counts, however little it shows
TOO_MANY = {
    "msg_type": "stream",
    "content": {"name": "stdout", "text": "… left out here: outputs of this notebook change too often.\n"},
}


class OutputWriter:
    """Write cells' outputs into notebooks, one notebook after another."""

    def __init__(self) -> None:
        self._client = NotebookClient(NotebookNode(), log=_SILENT)

    def open(self, notebook: NotebookNode) -> None:
        """Start a notebook."""
        self._client.nb = notebook
        self._client.reset_execution_trackers()
        self._by_rules = MOST_BY_RULES
        self._changed = MOST_CHANGED

    def write(self, cell: NotebookNode, index: int, ran: CellResult) -> None:
        """Write one cell's outputs and its execution count into it."""
        cell.outputs = []
        self._client.clear_before_next_output = False  # as the client has it when a cell starts
        left_out = False
        for message in without_superseded(ran.messages):
            if not self._client.clear_before_next_output and (output := _simple(message)) is not None:
                cell.outputs.append(output)
                continue
            if not self._is_affordable(message):
                left_out = True
                continue
            try:
                self._client.process_message(_kernel_message(message), cell, index)
            except Exception:  # whatever nbformat says of what a student's code has made up
                self._client.process_message(_kernel_message(LEFT_OUT), cell, index)
        if left_out:
            cell.outputs.append(_simple(TOO_MANY))
        cell.execution_count = ran.count

    def _is_affordable(self, message: Mapping[str, Any]) -> bool:
        """Return whether a message is within what Jupyter's client may do and copy for this notebook."""
        self._by_rules -= message["msg_type"] != "clear_output"
        name = display_id(message)
        if name is not None:
            places = self._client._display_id_map.get(name, {})
            size = CHANGE_BYTES + len(json.dumps(message["content"]))
            self._changed -= size * sum(map(len, places.values()))
        return self._by_rules >= 0 and self._changed >= 0

    def write_marks(self, cell: NotebookNode, ran: CellResult, result: ExerciseResult) -> None:
        """Write an exercise's reasons and, as nbgrader reads them, its marks into its marks cell."""
        cell.execution_count = ran.count
        reasons = {
            "text/plain": report.exercise_as_text(result),
            "text/html": report.exercise_as_html(result),
        }
        cell.outputs = [
            NotebookNode(output_type="display_data", data=NotebookNode(reasons), metadata=NotebookNode()),
            NotebookNode(
                output_type="execute_result",
                data=NotebookNode({"text/plain": repr(result.earned)}),
                metadata=NotebookNode(),
                execution_count=ran.count,
            ),
        ]


def _simple(message: Mapping[str, Any]) -> NotebookNode | None:
    """Make an output from a message that needs no rules and was checked when it arrived; None for others.

    Jupyter's client would have nbformat validate it again, which takes milliseconds.
    """
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        return NotebookNode(output_type=kind, name=content["name"], text=content["text"])
    if kind == "error":
        error = {key: content[key] for key in ("ename", "evalue", "traceback")}
        return NotebookNode(output_type=kind, **error)
    if kind in ("display_data", "execute_result") and not content.get("transient"):
        data, metadata = content["data"], content.get("metadata", {})
        if not metadata and all(type(shown) is str for shown in data.values()):
            counted = {"execution_count": content["execution_count"]} if kind == "execute_result" else {}
            return NotebookNode(output_type=kind, data=NotebookNode(data), metadata=NotebookNode(), **counted)
    return None


def _kernel_message(message: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    kind = message["msg_type"]
    content = {"metadata": {}, **message["content"]}
    return {
        "msg_type": kind,
        "header": {"msg_type": kind},
        "parent_header": {"msg_id": ""},
        "content": content,
    }


_SILENT = logging.getLogger("autograder.nbclient")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


Message: TypeAlias = Mapping[str, Any]


def without_superseded(messages: Sequence[Message]) -> list[Message]:
    """Keep only those of a cell's messages that determine the final outputs of this and earlier cells."""
    if not any(message["msg_type"] in ("update_display_data", "clear_output") for message in messages):
        return list(messages)
    start = _last_clear(messages)
    # what was cleared is gone from this cell; its effect on outputs of earlier cells stays
    changes = [
        {**m, "msg_type": "update_display_data"} for m in messages[:start] if display_id(m) is not None
    ]
    return _without_drafts([*changes, *messages[start:]])


def display_id(message: Message) -> str | None:
    """Return the name by which an output can be changed later; None if it has none."""
    transient = message["content"].get("transient")
    name = transient.get("display_id") if isinstance(transient, dict) else None
    return name if isinstance(name, str) and name else None


def _last_clear(messages: Sequence[Message]) -> int:
    """Find the message after which nothing is cleared any more; a deferred one needs an output after it."""
    followed = False
    for place in range(len(messages) - 1, -1, -1):
        kind = messages[place]["msg_type"]
        if kind == "clear_output" and (followed or not messages[place]["content"]["wait"]):
            return place
        followed |= kind not in ("clear_output", "update_display_data")
    return 0


def _without_drafts(messages: Sequence[Message]) -> list[Message]:
    """Leave out updates of an output that is updated again."""
    remaining, changed = [], set()
    for message in reversed(messages):
        name = display_id(message)
        if message["msg_type"] != "update_display_data" or name not in changed:
            remaining.append(message)
        if name is not None:
            changed.add(name)
    return remaining[::-1]
