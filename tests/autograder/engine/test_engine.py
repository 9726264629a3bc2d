"""A class, labels, masks, shapes and steps are called and marked alike: here, in the sandbox, in a kernel."""

import re

import pytest

from autograder.exercise import Verdict
from autograder.nbgrader_bridge import marks_cell
from tests.autograder.engine.answers import RIGHT, TENSOR
from tests.autograder.engine.exercises import ASSIGNMENT
from tests.autograder.engine.ways import lost
from tests.autograder.marked_answers import told
from tests.autograder.students_function import written


def changed(name, old, new):
    """The right answer to an exercise, with something else in one place."""
    assert old in RIGHT[name]
    return RIGHT[name].replace(old, new)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_earns_everything(marked, name):
    result = marked(name, RIGHT[name])
    assert (result.score, result.faults) == (result.exercise.max_score, ())


ASSIGNED = ("Tensor", "parent.grad = parent.grad + g", "parent.grad = g")
NO_ZEROS = ("Tensor", "self.grad = np.zeros_like(self.data)", "self.grad = 0")
WRONG = {
    "a leaf's gradient is assigned": (*ASSIGNED, {"DA", "DB", "Dc", "DP", "DH", "DQ", "DS"}),
    "a wrong slope": ("Tensor", "(g * (1 - y**2),)", "(g * (1 - y),)", {"DP", "DA", "DB"}),
    "a wrong value": ("Tensor", "np.exp(self.data)", "np.exp(self.data) - 1", {"dead"}),
    "no gradient where no path leads": (*NO_ZEROS, {"Dunused", "Ddead"}),
    "counts off by one": ("pick", "(t == k).sum()", "(t == k).sum() + (k == 0)", {"counts"}),
    "counts that are nearly whole": ("pick", "int((t", "1e-6 + int((t", {"counts"}),
    "rows of another shape": ("pick", ".reshape(shape)", "", {"rows"}),
    "a mask inverted": ("pick", "M.any(axis=1)", "~M.any(axis=1)", {"kept"}),
    "a sum": ("embed", "mean", "sum", {"error", "DE"}),
    "the loss of the step after": ("step", "0.9*velocity", "velocity", {"thetas", "velocities", "losses"}),
}


@pytest.mark.parametrize(("name", "old", "new", "parts"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_loses_its_parts(marked, name, old, new, parts):
    assert lost(marked(name, changed(name, old, new))) == parts


def without(method):
    """The class without a method."""
    return changed("Tensor", f"def {method}(", f"def not_{method.strip('_')}(")


def in_class(old, new):
    return changed("Tensor", old, new)


STUB = "class Tensor:\n    def __init__(self, data):\n        raise NotImplementedError('Tensor')"
REASONS = {
    # what is written, the fault's name, and what is said of it
    "the stub": (STUB, "not-implemented", "`Tensor.__init__` still raises"),
    "the stub of a method": (
        *(without("tanh") + "    def tanh(self): raise NotImplementedError", "not-implemented"),
        "`Tensor.tanh` still raises",
    ),
    "no constructor of one array": (
        *("class Tensor: pass", "raised"),
        "`Tensor.__init__` raised TypeError: “.*takes no arguments”",
    ),
    "no operator": (
        *(without("__matmul__"), "missing-method"),
        r"cannot compute `a @ b`.*write `def __matmul__\(self, other\)` in the class",
    ),
    "no operator behind a number": (
        *(in_class("__rmul__ = __mul__", ""), "missing-method"),
        r"cannot compute `2.0 \* a`: write `def __rmul__\(self, other\)`",
    ),
    "no method": (without("tanh"), "missing-method", "has no method `tanh`: write `def tanh"),
    "no backward": (without("backward"), "missing-method", "has no method `backward`"),
    "no data": (in_class("self.data", "self.value"), "raised", "AttributeError"),
    "no grad": (
        *(in_class(".grad", ".gradient"), "missing-attribute"),
        "has no attribute `grad`, where the exercise reads the gradient",
    ),
    "a method raises": (
        *(in_class("y = np.tanh(self.data)", "y = np.tanh(self.value)"), "raised"),
        r"`Tensor.tanh` raised AttributeError.*at its line “y = np.tanh\(self.value\)”",
    ),
    "backward raises": (
        *(in_class("order, seen = [], set()", "order, seen = 1 / 0, set()"), "raised"),
        "`Tensor.backward` raised ZeroDivisionError",
    ),
    "an array is returned": (
        *(in_class("return self._made(y, None", "return y; self._made(y, None"), "wrong-return-type"),
        "`Tensor.tanh` returned a ndarray.*return a new `Tensor`",
    ),
    "nothing is returned": (
        *(
            in_class("return self._made(self.data + other", "self._made(self.data + other"),
            "wrong-return-type",
        ),
        r"`Tensor.__add__` returned None.*Is there a `return`\?",
    ),
    "a step returns nothing": (
        *(changed("step", "return ", ""), "returns-nothing"),
        "The answer of a step is None; a list of 3 was expected",
    ),
    "a step returns one thing": (
        *(changed("step", ", velocity, loss\n", "\n"), "wrong-shape"),
        r"`thetas` has shape \(\); \(3, 3\) was expected",
    ),
}


@pytest.mark.parametrize(("source", "fault", "words"), REASONS.values(), ids=REASONS)
def test_why_there_is_no_answer_is_a_sentence(marked, source, fault, words):
    result = marked("Tensor" if "class Tensor" in source else "step", source)
    assert result.score == 0
    assert {f.fault for f in result.faults} == {fault}
    assert re.search(words, result.faults[0].message, re.DOTALL), result.faults[0].message


@pytest.mark.parametrize(
    ("name", "source", "words"),
    [
        ("Tensor", "Tensor = 3", "`Tensor` is no class any more"),
        ("Tensor", "class Tensor(: pass", "`Tensor` is not defined"),
        ("step", "step = 3", "`step` is no function any more"),
    ],
)
def test_what_is_missing_is_called_what_it_is(sandboxed, name, source, words):
    (fault,) = sandboxed(name, source).faults
    assert (fault.fault, words in fault.message) == ("missing", True), fault.message


def test_labels_that_are_changed_are_seen(marked):
    result = marked("pick", changed("pick", "    return", "    t[0] = 5 - t[0]; M[0] = True\n    return"))
    assert {("mutates-input", "t"), ("mutates-input", "M")} <= set(told(result))


def test_gradients_of_a_wrong_error_are_believed_where_they_are_its_own(marked):
    assert lost(marked("embed", changed("embed", "mean()", "mean() + 1"))) == {"error"}


def test_the_hidden_test_of_a_class_finds_it_among_the_notebooks_names(monkeypatch, capsys):
    monkeypatch.setattr(marks_cell.assignments, "load", lambda _: ASSIGNMENT)
    for source, marks in ((TENSOR, 25.0), (without("tanh"), 0.0)):
        names = {"Tensor": written(source, "Tensor")}
        assert marks_cell.marks(ASSIGNMENT.name, "Tensor", names) == marks
    assert marks_cell.marks(ASSIGNMENT.name, "Tensor", {}) == 0.0
    assert "`Tensor` has no method `tanh`" in capsys.readouterr().out


def test_a_class_that_changes_the_leaves_is_seen(marked):
    result = marked("Tensor", TENSOR.rstrip() + "\n        order[0].data *= 2\n")
    assert told(result) == [("mutates-input", "leaves")]
    assert {part.verdict for part in result.parts} == {Verdict.CORRECT}


NODES_FOR_GRADIENTS = (
    TENSOR.replace("Tensor", "Node")
    + """
def Tensor(data):
    return Node(data)

def backward(self):
    self.sweep()
    left, done = [self], []
    while left:
        node = left.pop()
        if node not in done:
            done.append(node)
            node.grad = Node(node.grad)
            left += node.parents

Node.sweep, Node.backward = Node.backward, backward
"""
)


def test_gradients_may_be_nodes_themselves_and_a_function_may_make_them(marked):
    result = marked("Tensor", NODES_FOR_GRADIENTS)
    assert (result.score, result.faults) == (result.exercise.max_score, ())
