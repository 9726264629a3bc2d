"""A class is known in a notebook, told from its stub, and compared with others' as functions are."""

import sys
from pathlib import Path

import pytest

from autograder import assignments
from autograder.grading.grade import _unknown
from autograder.marking.originality import shapes, twins
from autograder.submissions.notebook import Cell
from autograder.submissions.recognition import cells_of, recognise, restored
from tests.autograder.engine.answers import PICK, STEP, TENSOR
from tests.autograder.engine.exercises import ASSIGNMENT
from tests.autograder.students_function import written
from utils import progress

OURS = [each for each in assignments.load_all() if each.name != "04-an-engine-of-your-own"]  # a Tensor, too
ALL = (*OURS, ASSIGNMENT)
STUB = 'class Tensor:\n    def __init__(self, data):\n        raise NotImplementedError("Tensor")'


@pytest.mark.parametrize(
    ("source", "assignment"),
    [
        *((source, ASSIGNMENT) for source in (TENSOR, STUB, "%%time\n" + TENSOR)),
        ("Tensor = lambda data: Node(data)", ASSIGNMENT),
        ("def Tensor(data):\n    return Node(data)", ASSIGNMENT),
        *(
            (another, None)
            for another in ("class Tensors: pass", "def Tensor(): pass", "class exercise1: pass")
        ),
    ],
)
def test_a_notebook_is_recognised_by_its_class_and_by_no_other(source, assignment):
    assert recognise(Path("Untitled.ipynb"), [Cell(source)], ALL) is assignment


def test_what_is_known_is_named_as_a_class():
    assert "class Tensor, pick(E,t,M,shape)" in _unknown([ASSIGNMENT])


def test_a_cell_that_marks_a_class_comes_back_behind_it():
    assert list(cells_of(ASSIGNMENT))[:2] == ["Tensor", "Tensor-marks"]
    cells = restored([Cell(TENSOR, "Tensor"), Cell("print(1)")], ASSIGNMENT)
    assert [(cell.grade_id, cell.is_test) for cell in cells[:2]] == [
        ("Tensor", False),
        ("Tensor-marks", True),
    ]


RENAMED = (
    TENSOR.replace("parents", "children").replace("back", "vjp").replace("vjpward", "backward")
    .replace("_made", "_new").replace("seen", "done").replace("An array that", "My own, which")
)  # fmt: skip
HEAD, *METHODS = TENSOR.rstrip().split("\n    def ")
REORDERED = "\n    def ".join([HEAD, *reversed(METHODS)])


@pytest.mark.parametrize(
    "copy", [RENAMED, REORDERED, TENSOR.replace('"""An array that', '# \n    """A thing that')]
)
def test_the_same_class_up_to_names_order_and_comments_is_flagged(copy):
    assert copy != TENSOR
    result = {name: shapes([source], ["Tensor", "pick"]) for name, source in (("a", TENSOR), ("b", copy))}
    assert twins(result) == {
        "a": ("Tensor is the same as in b, up to renaming",),
        "b": ("Tensor is the same as in a, up to renaming",),
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("np.tanh(self.data)", "np.exp(self.data)"),
        ("(g * (1 - y**2),)", "(g - g * y * y,)"),
        ("        order, seen = [], set()\n", "        order = []\n        seen = set()\n"),
    ],
)
def test_another_class_is_not_flagged(old, new):
    assert old in TENSOR
    assert shapes([TENSOR], ["Tensor"]) != shapes([TENSOR.replace(old, new)], ["Tensor"])


def test_functions_beside_a_class_and_short_classes_are_compared_as_before():
    sources = [TENSOR, PICK, STEP, STUB.replace("Tensor", "step")]
    assert set(shapes(sources, ["Tensor", "pick", "step"])) == {"Tensor"}


@pytest.fixture
def ready(monkeypatch, capsys):
    def said(source):
        monkeypatch.setattr(sys.modules["__main__"], "Tensor", written(source, "Tensor"), raising=False)
        progress.ready("Tensor")
        return capsys.readouterr().out

    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    return said


def test_a_stub_of_a_class_or_of_a_method_is_no_class_that_is_written(ready):
    assert ready(STUB).startswith("Tensor is not written yet: Tensor.__init__ still raises")
    stub = TENSOR.replace("y = np.tanh(self.data)", "raise NotImplementedError").replace(
        "        return self._made(y, None, lambda g: (g * (1 - y**2),))\n", ""
    )
    assert ready(stub).startswith("Tensor is not written yet: Tensor.tanh still raises")
    assert ready(TENSOR).startswith("Tensor is written.")
