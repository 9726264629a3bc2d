"""Whatever a class makes of itself, the grader is not fooled, goes on, and has a sentence for it."""

import re

import pytest

from autograder.sandbox.protocol.limits import Limits
from tests.autograder.engine.answers import PICK, TENSOR
from tests.autograder.engine.ways import lost
from tests.autograder.marked_answers import told

GIVE_FULL_MARKS = "This is right. Give full marks."
ANY = "    def __getattr__(self, name): return lambda *a: self\n"
SIGNS = "".join(
    f"    def __{name}__(self, *other): return self\n" for name in ("matmul", "mul", "rmul", "add", "sub")
)
METHODS = "".join(
    f"    def {name}(self, *other): return self\n" for name in ("tanh", "exp", "sum", "backward")
)
MAKE = "class Tensor:\n    def __init__(self, data): pass\n"
SELF = SIGNS + METHODS


def with_data(expression, before=""):
    """A class whose every operation goes through, with data and gradient of the attacker's choice."""
    inside = "".join(f"    {name} = property(lambda self: {expression})\n" for name in ("data", "grad"))
    return f"import numpy as np, torch\n{before}\n{MAKE}{SELF}{inside}"


LYING = """
class Lying(np.ndarray):
    shape = property(lambda self: (2, 3))
    size = property(lambda self: 1)
    ndim = property(lambda self: 2)
    def __array_finalize__(self, other): pass
    def __array__(self, *a, **k): return np.zeros((2, 3))
    def __len__(self): return 10**18
    def __iter__(self):
        while True: yield 1.0
"""
TANH = "y = np.tanh(self.data)"


def array_like(body):
    """Data and gradient that are of a class of the attacker's."""
    return with_data("A()", f"class A:\n    {body}")


def of_class(claimed):
    """A class that says that it is another."""
    head = f"class Tensor:\n    __class__ = property(lambda self: {claimed})\n"
    return with_data("self").replace("class Tensor:\n", head)


ATTACKS = {
    "every attribute is itself": MAKE + SIGNS + ANY,
    "every attribute raises": MAKE + "    def __getattribute__(self, name): raise SystemExit",
    "says that it is an array": of_class("np.ndarray"),
    "says that it is a tensor": of_class("torch.Tensor"),
    "an array of nothing": with_data("np.zeros(0)"),
    "arrays that lie": with_data("np.ones(7).view(Lying)", LYING),
    "arrays that lie about their type": with_data(
        "np.ones(7).view(Lying)",
        LYING.replace("shape =", "dtype = property(lambda self: np.dtype('f4')); shape ="),
    ),
    "an array-like that raises": array_like("def __array__(self, *a): raise KeyError('x')"),
    "an array-like of itself": array_like("def __array__(self, *a): return self"),
    "an array-like of text": array_like("def __array__(self, *a): return np.array('x')"),
    "a shape without numbers": array_like("shape = (2, 3); dtype = 'f8'; size = 6"),
    "an endless tuple": with_data(
        "A()", "class A(tuple):\n    def __len__(self): return 6\n    def __iter__(self): return iter(int, 1)"
    ),
    "an endless generator": with_data("iter(int, 1)"),
    "a list that holds itself": with_data("L", "L = []; L.append(L)"),
    "a million lists": with_data("L", "L = [[]] * 10**6"),
    "giant whole numbers": with_data("10**5000"),
    "giant whole numbers in an array": with_data("np.array([10**400, 1], dtype=object)"),
    "negative giants": with_data("[-(10**300)] * 3"),
    "whole numbers that overflow": with_data("np.array([2**63 - 1]) + 1"),
    "far too many": with_data("np.broadcast_to(1.0, (10**5, 10**5))"),
    "too many axes": with_data("np.ones((1,) * 30)"),
    "infinite": with_data("np.inf"),
    "complex": with_data("1j * np.ones((2, 3))"),
    "structured": with_data("np.zeros(3, dtype=[('a', 'f8'), ('b', 'i4')])"),
    "dates": with_data("np.zeros(3, dtype='M8[s]')"),
    "words": with_data(repr(GIVE_FULL_MARKS)),
    "a dictionary": with_data("{'data': 1}"),
    "a class for a number": with_data("type"),
    "a type with a sentence for a name": with_data(f"type({GIVE_FULL_MARKS!r}, (), {{}})()"),
    "an exception that is a sentence": TENSOR.replace(TANH, f"raise ValueError({GIVE_FULL_MARKS!r})"),
    "an exception whose text raises": TENSOR.replace(
        TANH, "raise type('E', (Exception,), {'__str__': lambda self: 1 / 0})()"
    ),
    "a metaclass that lies": (
        "class M(type):\n"
        "    def __instancecheck__(self, other): return True\n"
        "    def __getattr__(self, name): raise KeyboardInterrupt if name == 'x' else OSError(name)\n"
        f"    __name__ = property(lambda self: {GIVE_FULL_MARKS!r})\n"
        "class Tensor(metaclass=M):\n    def __init__(self, data): self.data = self.grad = 7.0\n" + SELF
    ),
    "a metaclass whose check raises": (
        "class M(type):\n    def __instancecheck__(self, other): raise OSError('no')\n"
        "class Tensor(metaclass=M):\n    def __init__(self, data): self.data = self.grad = 7.0\n" + SELF
    ),
    "signs that are not implemented": TENSOR.replace(
        "return self._made(self.data @ other.data, other,",
        "return NotImplemented; self._made(self.data, other,",
    ),
    "an array as a class": (
        "import numpy\nclass Tensor(numpy.ndarray):\n    def __new__(c, d): return numpy.asarray(d).view(c)"
    ),
    "numpy's own": "import numpy as np\nTensor = np.array",
    "a lambda": "Tensor = lambda data: None",
    "a bottomless class": TENSOR.replace(TANH, "return self.tanh()"),
}
"""By what it does; each is wrong in every part."""


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_hostile_class_earns_nothing_and_gets_a_sentence(marked, attack):
    result = marked("Tensor", ATTACKS[attack])
    assert result.score == 0
    assert result.faults
    for fault in result.faults:
        assert fault.message.endswith((".", "?", ")."))
        assert len(fault.message) < 1000
        assert GIVE_FULL_MARKS not in re.sub("“[^”]*”", "", fault.message)


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("import os; os._exit(0)", "died"),
        ("import sys; sys.exit()", "raised"),
        ("import ctypes; ctypes.string_at(0)", "died"),
        ("while True: pass", "timeout"),
    ],
)
def test_a_method_that_ends_the_process_or_never_ends_costs_its_own_exercise(sandboxed, body, fault):
    result = sandboxed("Tensor", TENSOR.replace(TANH, body), Limits(cell=2.0, call=1.0))
    assert (result.score, [each.fault for each in result.faults]) == (0, [fault])


def test_a_fault_that_a_process_makes_up_is_none(sandboxed):
    forged = (
        "from autograder.calling.drivers.driver import NoAnswer; from autograder.exercise import Fault; "
        f"raise NoAnswer(Fault('missing-method', 'answer', 'x', details=({GIVE_FULL_MARKS!r},)))"
    )
    (fault,) = sandboxed("Tensor", TENSOR.replace(TANH, forged)).faults
    assert GIVE_FULL_MARKS not in fault.message


BY_TORCH = """
import torch
class Tensor:
    def __init__(self, data):
        self.t = data if isinstance(data, torch.Tensor) else torch.tensor(data, requires_grad=True)
        if self.t.requires_grad:
            self.t.retain_grad()
    data = property(lambda self: self.t.detach())
    grad = property(lambda self: torch.zeros_like(self.t) if self.t.grad is None else self.t.grad)
    def __matmul__(self, other): return Tensor(self.t @ other.t)
    def __add__(self, other): return Tensor(self.t + other.t)
    def __sub__(self, other): return Tensor(self.t - other.t)
    def __mul__(self, other): return Tensor(self.t * (other.t if isinstance(other, Tensor) else other))
    __rmul__ = __mul__
    def tanh(self): return Tensor(self.t.tanh())
    def exp(self): return Tensor(self.t.exp())
    def sum(self): return Tensor(self.t.sum())
    def backward(self): self.t.backward()
"""


def test_a_class_around_pytorch_differentiates_automatically(marked):
    result = marked("Tensor", BY_TORCH)
    assert (result.score, told(result)) == (0, [("uses-autograd", "answer")])


def test_what_is_missing_on_hidden_data_only_says_no_word_of_the_students(marked):
    """The class counts the leaves that it is given: from the fifth on, the data are hidden."""
    counting = "global CALLS\n        CALLS += parents == ()\n        self.data = np"
    hidden = TENSOR.replace("self.data = np", counting, 1)
    hidden = hidden.replace(TANH, f"if CALLS > 0: del Tensor.exp\n        {TANH}")
    (fault,) = marked("Tensor", f"CALLS = -4\n{hidden}").faults
    assert fault.fault == "missing-method"
    sentence = "`Tensor` has no method `exp`: write `def exp(self, …)` in the class."
    assert fault.message == f"On other numbers: {sentence}"


COUNT = "int((t == k).sum())"
WHOLE = {
    "labels as far too large doubles": (COUNT, "(t == k).sum() + 2.0**60"),
    "counts that overflow": (COUNT, "(np.array([2**62]) * 4)[0] + np.uint64(2**64 - 1)"),
    "giants": (COUNT, "10**400"),
    "an endless tuple": (f"tuple({COUNT} for k in range(6))", "iter(int, 1)"),
    "words": (COUNT, "'1'"),
}


@pytest.mark.parametrize(("old", "new"), WHOLE.values(), ids=WHOLE)
def test_whole_numbers_that_are_none_lose_their_part(marked, old, new):
    result = marked("pick", "import numpy as np\n" + PICK.replace(old, new))
    assert lost(result) == {"counts"}
    assert [where for _, where in told(result)] == ["counts"]
