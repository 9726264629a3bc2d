"""Drafts are left out, the end is the same: Jupyter's client makes the same notebook of either."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nbclient import NotebookClient
from nbformat import NotebookNode, v4

from autograder.nbgrader_bridge.submission.outputs import (
    MOST_BY_RULES,
    MOST_CHANGED,
    OutputWriter,
    without_superseded,
)
from autograder.sandbox.client.replies import CellResult


def stream(text):
    return {"msg_type": "stream", "content": {"name": "stdout", "text": text}}


def clear(wait):
    return {"msg_type": "clear_output", "content": {"wait": wait}}


def shown(kind, name, text):
    transient = {} if name is None else {"display_id": name}
    return {
        "msg_type": kind,
        "content": {"data": {"text/plain": text}, "metadata": {}, "transient": transient},
    }


def display(name, text="x"):
    return shown("display_data", name, text)


def update(name, text="x"):
    return shown("update_display_data", name, text)


NAMES = st.sampled_from(["a", "b"])
TEXTS = st.text("xyz", max_size=2)
MESSAGES = st.one_of(
    st.builds(stream, TEXTS),
    st.builds(clear, st.booleans()),
    st.builds(display, st.none() | NAMES, TEXTS),
    st.builds(update, NAMES, TEXTS),
)


def written(cells, chosen):
    """What Jupyter's client makes of the chosen messages of each cell."""
    notebook = v4.new_notebook(cells=[v4.new_code_cell("x", id=f"c{n}") for n in range(len(cells))])
    client = NotebookClient(notebook)
    client.reset_execution_trackers()
    for n, messages in enumerate(cells):
        client.clear_before_next_output = False
        for message in chosen(messages):
            whole = {**message, "header": {"msg_type": message["msg_type"]}, "parent_header": {"msg_id": ""}}
            client.process_message(whole, notebook.cells[n], n)
    return json.dumps([cell.outputs for cell in notebook.cells])


@given(st.lists(st.lists(MESSAGES, max_size=8), min_size=1, max_size=3))
@settings(max_examples=300)
def test_the_notebook_ends_the_same(cells):
    assert written(cells, without_superseded) == written(cells, list)


def test_a_progress_bar_is_its_last_state():
    bar = [display("bar", "0 %"), *[update("bar", f"{n} %") for n in range(300)]]
    assert without_superseded(bar) == [bar[0], bar[-1]]
    cleared = [message for n in range(300) for message in (clear(wait=True), stream(str(n)))]
    assert without_superseded(cleared) == cleared[-2:]


def test_what_is_only_shown_is_kept_as_it_is():
    messages = [stream("a"), display(None), display("one"), stream("b")]
    assert without_superseded(messages) == messages


FLOODS = {
    "updates of one": lambda n: [display("a"), *[update("a", str(k)) for k in range(399)]],
    "updates of many": lambda n: [(display if n == 0 else update)(f"a{k}", str(n)) for k in range(400)],
    "displays of one name": lambda n: [display("a", str(k)) for k in range(400)],
    "new names": lambda n: [display(f"{n}-{k}") for k in range(400)],
    "clears": lambda n: [m for k in range(200) for m in (clear(wait=True), display("a", str(k)))],
    "copies": lambda n: (
        [display("a")] * 400 if n < 3 else [update("a", str(n) * 500_000)] if n % 2 else [display("a")]
    ),
}


def written_into(count, messages_of):
    """Cells into which their messages are written, as in a run."""
    cells = [v4.new_code_cell("x") for _ in range(count)]
    writer = OutputWriter()
    writer.open(NotebookNode(v4.new_notebook(cells=cells)))
    for n, cell in enumerate(cells):
        writer.write(cell, n, CellResult(messages=tuple(messages_of(n))))
    return cells


@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_changes_takes_seconds_and_megabytes(flood):
    started = time.monotonic()
    cells = written_into(60, flood)
    assert time.monotonic() - started < 15
    assert len(json.dumps(cells)) < 2 * MOST_CHANGED
    assert sum(len(cell.outputs) for cell in cells) < 2 * MOST_BY_RULES


def test_what_is_left_out_is_reported_in_its_cell():
    cells = written_into(4, lambda n: [stream("said"), *[display(f"{n}-{k}") for k in range(399)]])
    assert [out.get("text", "")[:16] for out in cells[3].outputs] == ["said", "… left out here:"]
    assert cells[0].outputs[-1].output_type == "display_data"
