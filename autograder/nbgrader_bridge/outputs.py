"""What a session put out, as a notebook holds it."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder import report
from autograder.exercise import ExerciseResult
from autograder.nbgrader_bridge.superseded import display_id, lasting
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


class Writer:
    """Puts what cells put out into notebooks, by the rules of Jupyter's own client."""

    def __init__(self) -> None:
        self._client = NotebookClient(NotebookNode(), log=_SILENT)

    def open(self, notebook: NotebookNode) -> None:
        """Go on with this notebook."""
        self._client.nb = notebook
        self._client.reset_execution_trackers()
        self._by_rules = MOST_BY_RULES
        self._changed = MOST_CHANGED

    def write(self, cell: NotebookNode, index: int, ran: CellResult) -> None:
        """Put one cell's outputs and its number into it."""
        cell.outputs = []
        self._client.clear_before_next_output = False  # as the client has it when a cell starts
        left_out = False
        for message in lasting(ran.messages):
            if not self._client.clear_before_next_output and (output := _simple(message)) is not None:
                cell.outputs.append(output)
                continue
            if not self._pays(message):
                left_out = True
                continue
            try:
                self._client.process_message(_kernel_message(message), cell, index)
            except Exception:  # whatever nbformat says of what a student's code has made up
                self._client.process_message(_kernel_message(LEFT_OUT), cell, index)
        if left_out:
            cell.outputs.append(_simple(TOO_MANY))
        cell.execution_count = ran.count

    def _pays(self, message: Mapping[str, Any]) -> bool:
        """Whether a message is within what Jupyter's client may do and copy for this notebook."""
        self._by_rules -= message["msg_type"] != "clear_output"
        name = display_id(message)
        if name is not None:
            places = self._client._display_id_map.get(name, {})
            size = CHANGE_BYTES + len(json.dumps(message["content"]))
            self._changed -= size * sum(map(len, places.values()))
        return self._by_rules >= 0 and self._changed >= 0

    def write_marks(self, cell: NotebookNode, ran: CellResult, result: ExerciseResult) -> None:
        """Put an exercise's reasons and, as nbgrader reads them, its marks into its test cell."""
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
    """An output that needs no rules, of a message that was looked at when it arrived; None for others.

    Jupyter's client would have nbformat look again, at a price of milliseconds.
    """
    kind, content = message["msg_type"], message["content"]
    if kind == "stream":
        return NotebookNode(output_type=kind, name=content["name"], text=content["text"])
    if kind == "error":
        told = {key: content[key] for key in ("ename", "evalue", "traceback")}
        return NotebookNode(output_type=kind, **told)
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
