"""What a session put out, as a notebook holds it, and nothing in it that would run in a reader's browser."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from typing import Any

import bleach
from nbclient import NotebookClient
from nbconvert.preprocessors.sanitize import SanitizeHTML
from nbformat import NotebookNode

from autograder import report
from autograder.exercise import ExerciseResult
from autograder.sandbox.replies import Ran

TAGS = sorted(
    bleach.ALLOWED_TAGS
    | {"br", "caption", "col", "colgroup", "dd", "details", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5"}
    | {"h6", "hr", "img", "p", "pre", "s", "small", "span", "sub", "summary", "sup", "table", "tbody", "td"}
    | {"tfoot", "th", "thead", "tr", "tt", "u"}
)
ATTRIBUTES = {"*": ["class", "title", "style", "scope", "colspan", "rowspan"], "a": ["href"], "img": ["alt"]}
LIVE = re.compile(
    r"<\s*/?\s*(?:script|style|i?frame|object|embed|applet|svg|math|form|input|button|link|meta|base|video|"
    r"audio|body|html|template|portal)\b|<[^>]*\bon\w+\s*=|(?:java|vb)script\s*:|<[^>]*\bsrc(?:doc|set)?\s*=|"
    r"data\s*:\s*text/html",
    re.IGNORECASE,
)
"""Text that does something in a browser, or may."""
LEFT_OUT = {
    "msg_type": "stream",
    "content": {"name": "stderr", "text": "An output was left out: a notebook cannot hold it.\n"},
}


class Writer:
    """Puts what cells put out into notebooks, by the rules of Jupyter's own client."""

    def __init__(self) -> None:
        self._client = NotebookClient(NotebookNode(), log=_SILENT)
        self._safe: Any = SanitizeHTML(tags=TAGS, attributes=ATTRIBUTES)  # type: ignore[no-untyped-call]

    def open(self, notebook: NotebookNode) -> None:
        """Go on with this notebook."""
        self._client.nb = notebook
        self._client.reset_execution_trackers()

    def write(self, cell: NotebookNode, index: int, ran: Ran) -> None:
        """Put one cell's outputs and its number into it."""
        cell.outputs = []
        self._client.clear_before_next_output = False  # as the client has it when a cell starts
        for message in ran.messages:
            if message["msg_type"] == "stream" and not self._client.clear_before_next_output:
                cell.outputs.append(NotebookNode(output_type="stream", **message["content"]))
                continue  # two texts that were looked at when they arrived; nbformat would look for long
            try:
                self._client.process_message(_kernel_message(message), cell, index)
            except Exception:  # whatever nbformat says of what a student's code has made up
                self._client.process_message(_kernel_message(LEFT_OUT), cell, index)
        cell.execution_count = ran.count
        if cell.outputs:
            self._safe.preprocess_cell(cell, {}, index)

    def write_marks(self, cell: NotebookNode, ran: Ran, result: ExerciseResult) -> None:
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
                data=NotebookNode({"text/plain": repr(float(result.score))}),
                metadata=NotebookNode(),
                execution_count=ran.count,
            ),
        ]


def still(cells: Sequence[NotebookNode]) -> None:
    """Take what is live out of a notebook's text; mathematics and ordinary Markdown stay as they are."""
    for cell in cells:
        if cell.cell_type != "code" and LIVE.search(cell.source):
            cell.source = bleach.clean(cell.source, tags=TAGS, attributes=ATTRIBUTES)


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
