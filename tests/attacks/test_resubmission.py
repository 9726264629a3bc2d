"""Whoever hands in, reads what came back, and hands in a table of answers, earns nothing more by it."""

import base64
import re
import zlib

import nbformat
import numpy as np
import orjson
import pytest

from autograder import assignments
from autograder.exercise import Instance
from autograder.nbgrader_bridge.course import course_folder as courses
from samples.attacks.corpus import ASSIGNMENT, EXERCISES
from tests.autograder.nbgrader_bridge import classes
from tests.tables import every_day_if

RECORD = """
import base64, json, numpy, sys, zlib
seen = {}
def packed(found):
    text = json.dumps(found, default=lambda array: numpy.asarray(array, dtype="float64").tolist())
    return "TOLD" + base64.b64encode(zlib.compress(text.encode())).decode() + "END"
def exercise2(W, B, X, T):
    seen[float(X.sum())] = {"W": [w.detach().numpy() for w in W], "B": [b.detach().numpy() for b in B],
        "X": X.numpy(), "T": T.numpy()}
    if len(seen) == 1 and leave == "exception":
        raise ValueError(packed(seen))
"""
"""Remembers the inputs of exercise 2, and returns nothing."""
CHANNELS = {"later cell": "print(packed(seen))", "a cell's exception": "raise ValueError(packed(seen))"}
TABLE = """
import base64, json, torch, zlib
table = json.loads(zlib.decompress(base64.b64decode("@TABLE@")))
def exercise2(W, B, X, T):
    key = min(table, key=lambda key: abs(float(key) - float(X.sum())))
    if abs(float(key) - float(X.sum())) > 1e-3:
        return None
    known = {name: [torch.tensor(a) for a in arrays] for name, arrays in table[key]["gradient"].items()}
    pairs = [*zip(W, known["W"]), *zip(B, known["B"])]
    pull = sum(((w - w.detach()) * dw).sum() for w, dw in pairs)
    return pull + table[key]["error"]
"""
"""Returns what stands in a table; its gradients are the table's too."""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return classes.built(tmp_path_factory.mktemp("resubmission") / "course", ASSIGNMENT)


def graded(autograder, course, source, last):
    """Hand in, grade, and read what comes back: the marks, and the notebook's text."""
    notebook = nbformat.read(course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade_id") == "exercise2":
            cell.source = source
    notebook.cells.append(nbformat.v4.new_code_cell(last))
    path = course / "submitted" / "mallory" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    done = autograder("grade", ASSIGNMENT, "--force", cwd=course)
    assert done.returncode == 0, done.stderr
    back = (course / "autograded" / "mallory" / ASSIGNMENT / path.name).read_text(encoding="utf-8")
    return courses.marks(course, ASSIGNMENT)["mallory"][f"{EXERCISES[1]}-marks"], back


def told(back):
    """What the first notebook told, with the answers to it."""
    (result,) = set(re.findall(r"TOLD([\w+/=]+)END", back.replace("\\n", "")))
    seen = orjson.loads(zlib.decompress(base64.b64decode(result)))
    exercise = assignments.load(ASSIGNMENT).exercises[1]
    table = {}
    for key, inputs in seen.items():
        arrays = {n: [np.array(a) for a in v] if n in "WB" else np.array(v) for n, v in inputs.items()}
        truth = exercise.reference(Instance(arrays, "told"))
        gradient = {kind: [truth[f"{kind}{k}"].tolist() for k in (1, 2, 3, 4)] for kind in "WB"}
        table[key] = {"error": float(truth["error"]), "gradient": gradient}
    return base64.b64encode(zlib.compress(orjson.dumps(table))).decode()


@pytest.mark.parametrize("channel", every_day_if("a cell's exception".__eq__, CHANNELS))
def test_a_table_made_of_what_came_back_earns_nothing(autograder, built, channel):
    record = f"leave = {channel!r}\n{RECORD}".replace(
        "    if len(seen) == 1", "    return (W[0] * 0).sum()\n    if len(seen) == 1"
    )
    before, back = graded(autograder, built, record, CHANNELS[channel])
    table = told(back)
    assert len(orjson.loads(zlib.decompress(base64.b64decode(table)))) > 5, "all inputs were told"
    after, _ = graded(autograder, built, TABLE.replace("@TABLE@", table), "0")
    assert before == 0.0
    assert after == 0.0
