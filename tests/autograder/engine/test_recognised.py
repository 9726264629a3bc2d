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
from utils import progress

OURS = [each for each in assignments.load_all() if each.name != "04-an-engine-of-your-own"]  # a Tensor, too
ALL = (*OURS, ASSIGNMENT)
ELSEWHERE = Path("Untitled.ipynb")
STUB = 'class Tensor:\n    def __init__(self, data):\n        raise NotImplementedError("Tensor")'


def recognised(*sources):
    return recognise(ELSEWHERE, [Cell(source) for source in sources], ALL)


@pytest.mark.parametrize(
    "source",
    [
        TENSOR,
        STUB,
        "Tensor = lambda data: Node(data)",
        "def Tensor(data):\n    return Node(data)",
        "%%time\n" + TENSOR,
    ],
)
def test_a_notebook_is_recognised_by_its_class(source):
    assert recognised(source) is ASSIGNMENT


@pytest.mark.parametrize(
    "source", ["class Tensors: pass", "def Tensor(): pass", "class exercise1:\n    pass"]
)
def test_another_class_is_nobodys(source):
    assert recognised(source) is None


def test_what_is_known_is_named_as_a_class():
    assert "class Tensor, pick(E,t,M,shape)" in _unknown([ASSIGNMENT])


def test_a_cell_that_marks_a_class_comes_back_behind_it():
    assert list(cells_of(ASSIGNMENT))[:2] == ["Tensor", "Tensor-marks"]
    cells = restored([Cell(TENSOR, "Tensor"), Cell("print(1)")], ASSIGNMENT)
    assert [(cell.grade_id, cell.is_test) for cell in cells][:2] == [
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
    assert set(shapes([TENSOR, PICK, STEP, STUB.replace("Tensor", "step")], ["Tensor", "pick", "step"])) == {
        "Tensor"
    }


@pytest.fixture
def ready(monkeypatch, capsys):
    def said(source):
        import linecache

        name = f"<ipython-input-{abs(hash(source))}>"
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        names = {}
        exec(compile(source, name, "exec"), names)
        monkeypatch.setitem(vars(sys.modules["__main__"]), "Tensor", names["Tensor"])
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
