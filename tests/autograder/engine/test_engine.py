"""A class, labels, masks, shapes and steps are called and marked alike: here, in the sandbox, in a kernel."""

import re
from functools import partial

import pytest

from autograder.exercise import Verdict
from autograder.nbgrader_bridge import marks_cell as hidden_test
from tests.autograder.engine import ways
from tests.autograder.engine.answers import EMBED, PICK, RIGHT, STEP, TENSOR
from tests.autograder.engine.exercises import ASSIGNMENT
from tests.autograder.engine.ways import EXERCISES, SEED
from tests.autograder.students_function import written


def in_a_kernel(name, source):
    return hidden_test._marked(EXERCISES[name], written(source, name), SEED, carry_forward=True)


@pytest.fixture
def sandboxed(fork_server):
    return partial(ways.sandboxed, fork_server)


@pytest.fixture(params=["locally", "in a kernel", "sandboxed"])
def marked(request):
    if request.param == "sandboxed":
        return request.getfixturevalue("sandboxed")
    return ways.locally if request.param == "locally" else in_a_kernel


def lost(result):
    return {part.part.name for part in result.parts if part.score == 0}


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_earns_everything(marked, name):
    result = marked(name, RIGHT[name])
    assert (result.score, result.faults) == (result.exercise.max_score, ())


WRONG = {
    "a leaf's gradient is assigned": (
        *("Tensor", TENSOR.replace("parent.grad = parent.grad + g", "parent.grad = g")),
        {"DA", "DB", "Dc", "DP", "DH", "DQ", "DS"},
    ),
    "a wrong slope": (
        *("Tensor", TENSOR.replace("(g * (1 - y**2),)", "(g * (1 - y),)")),
        {"DP", "DA", "DB"},
    ),
    "a wrong value": ("Tensor", TENSOR.replace("np.exp(self.data)", "np.exp(self.data) - 1"), {"dead"}),
    "no gradient where no path leads": (
        *("Tensor", TENSOR.replace("self.grad = np.zeros_like(self.data)", "self.grad = 0")),
        {"Dunused", "Ddead"},
    ),
    "counts off by one": ("pick", PICK.replace("(t == k).sum()", "(t == k).sum() + (k == 0)"), {"counts"}),
    "counts that are nearly whole": ("pick", PICK.replace("int((t", "1e-6 + int((t"), {"counts"}),
    "rows of another shape": ("pick", PICK.replace(".reshape(shape)", ""), {"rows"}),
    "a mask inverted": ("pick", PICK.replace("M.any(axis=1)", "~M.any(axis=1)"), {"kept"}),
    "a sum": ("embed", EMBED.replace("mean", "sum"), {"error", "DE"}),
    "the loss of the step after": (
        "step",
        STEP.replace("0.9*velocity", "velocity"),
        {"thetas", "velocities", "losses"},
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_loses_its_parts(marked, case):
    name, source, parts = WRONG[case]
    assert lost(marked(name, source)) == parts


def without(method):
    """The class without a method."""
    return TENSOR.replace(f"def {method}(", f"def not_{method.strip('_')}(")


REASONS = {
    "the stub": (
        *(
            "Tensor",
            "class Tensor:\n    def __init__(self, data):\n        raise NotImplementedError('Tensor')",
        ),
        *("not-implemented", ["`Tensor.__init__` still raises"]),
    ),
    "the stub of a method": (
        *("Tensor", without("tanh") + "    def tanh(self): raise NotImplementedError"),
        *("not-implemented", ["`Tensor.tanh` still raises"]),
    ),
    "no constructor of one array": (
        *("Tensor", "class Tensor: pass"),
        *("raised", [r"`Tensor.__init__` raised TypeError: “.*takes no arguments”"]),
    ),
    "no operator": (
        *("Tensor", without("__matmul__")),
        *(
            "missing-method",
            [r"cannot compute `a @ b`", r"write `def __matmul__\(self, other\)` in the class"],
        ),
    ),
    "no operator behind a number": (
        *("Tensor", TENSOR.replace("__rmul__ = __mul__", "")),
        *("missing-method", [r"cannot compute `2.0 \* a`: write `def __rmul__\(self, other\)`"]),
    ),
    "no method": ("Tensor", without("tanh"), "missing-method", ["has no method `tanh`: write `def tanh"]),
    "no backward": ("Tensor", without("backward"), "missing-method", ["has no method `backward`"]),
    "no data": ("Tensor", TENSOR.replace("self.data", "self.value"), "raised", ["AttributeError"]),
    "no grad": (
        *("Tensor", TENSOR.replace(".grad", ".gradient")),
        *("missing-attribute", ["has no attribute `grad`, where the exercise reads the gradient"]),
    ),
    "a method raises": (
        *("Tensor", TENSOR.replace("y = np.tanh(self.data)", "y = np.tanh(self.value)")),
        *("raised", [r"`Tensor.tanh` raised AttributeError", r"at its line “y = np.tanh\(self.value\)”"]),
    ),
    "backward raises": (
        *("Tensor", TENSOR.replace("order, seen = [], set()", "order, seen = 1 / 0, set()")),
        *("raised", ["`Tensor.backward` raised ZeroDivisionError"]),
    ),
    "an array is returned": (
        *("Tensor", TENSOR.replace("return self._made(y, None", "return y; self._made(y, None")),
        *("wrong-return-type", ["`Tensor.tanh` returned a ndarray", "return a new `Tensor`"]),
    ),
    "nothing is returned": (
        *("Tensor", TENSOR.replace("return self._made(self.data + other", "self._made(self.data + other")),
        *("wrong-return-type", [r"`Tensor.__add__` returned None", r"Is there a `return`\?"]),
    ),
    "a step returns nothing": (
        "step",
        STEP.replace("return ", ""),
        "returns-nothing",
        ["The answer of a step is None; a list of 3 was expected"],
    ),
    "a step returns one thing": (
        *("step", STEP.replace(", velocity, loss\n", "\n")),
        *("wrong-shape", [r"`thetas` has shape \(\); \(3, 3\) was expected"]),
    ),
}


@pytest.mark.parametrize("case", REASONS)
def test_why_there_is_no_answer_is_a_sentence(marked, case):
    name, source, fault, words = REASONS[case]
    result = marked(name, source)
    assert result.score == 0
    assert {f.fault for f in result.faults} == {fault}
    for each in words:
        assert re.search(each, result.faults[0].message), result.faults[0].message


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
    result = marked("pick", PICK.replace("    return", "    t[0] = 5 - t[0]; M[0] = True\n    return"))
    assert {("mutates-input", "t"), ("mutates-input", "M")} <= {(f.fault, f.where) for f in result.faults}


def test_gradients_of_a_wrong_error_are_believed_where_they_are_its_own(marked):
    result = marked("embed", EMBED.replace("mean()", "mean() + 1"))
    assert lost(result) == {"error"}


def test_the_hidden_test_of_a_class_finds_it_among_the_notebooks_names(monkeypatch, capsys):
    monkeypatch.setattr(hidden_test.assignments, "load", lambda _: ASSIGNMENT)
    for source, marks in ((TENSOR, 25.0), (without("tanh"), 0.0)):
        names = {"Tensor": written(source, "Tensor")}
        assert hidden_test.marks(ASSIGNMENT.name, "Tensor", names) == marks
    assert hidden_test.marks(ASSIGNMENT.name, "Tensor", {}) == 0.0
    assert "`Tensor` has no method `tanh`" in capsys.readouterr().out


def test_a_class_that_changes_the_leaves_is_seen(marked):
    source = TENSOR.rstrip() + "\n        order[0].data *= 2\n"
    result = marked("Tensor", source)
    assert [(f.fault, f.where) for f in result.faults] == [("mutates-input", "leaves")]
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
