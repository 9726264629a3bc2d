"""The parameters of an exercise's function are read from its cell, however it is written, and in no time."""

import time

import pytest

from autograder.submissions.signatures import definitions

NAMES = {"exercise1", "exercise2"}
PARAMETERS = ("W", "B", "X", "T")

WRITTEN = {
    "plainly": "def exercise2(W,B,X,T):\n    return 1",
    "one argument a line": "def exercise2(\n    W,\n    B,\n    X,\n    T,\n):\n    return 1",
    "with annotations and defaults": "def exercise2(W: list[int], B: 'dict[str, int]', X, T=(1, 2)): pass",
    "with comments among them": "def exercise2(W, # weights, of course)\n   B,X,  # (data\n   T): pass",
    "below a decorator": "@decorated(1)\n@again\ndef exercise2(W,B,X,T): pass",
    "asynchronously": "async def exercise2(W,B,X,T): pass",
    "by keyword only": "def exercise2(W, B, *, X, T): pass",
    "by position only": "def exercise2(W, B, X, T, /): pass",
    "as a lambda": "exercise2 = lambda W, B, X, T: 1",
    "as an annotated lambda": "exercise2: Callable = lambda W, B, X, T: 1",
    "in a block": "if True:\n    try:\n        def exercise2(W,B,X,T): pass\n    finally: pass",
    "after a magic": "%matplotlib inline\n!pip install numpy\ndef exercise2(W,B,X,T): pass\nexercise2?",
    "in a timed cell": "%%time\ndef exercise2(W,B,X,T): pass",
    "with prompts": ">>> def exercise2(W,\n...               B,X,T):\n...     pass",
    "with IPython's prompts": "In [7]: def exercise2(W,B,X,T):\n   ...:     pass",
    "indented as a whole": "    def exercise2(W,B,X,T):\n        pass\n    1",
    "indented, a comment apart": "# mine\n    def exercise2(W,B,X,T):\n        pass",
    "beside a line that is no Python": "this is no Python\ndef exercise2(W: 'a)', B, X=(1,2),\n  T=3,): pass",
    "with an error in its body": "def exercise2(W,B,X,T):\n    return (",
    "as a lambda beside a line that is no Python": "x = %time 3\nexercise2 = lambda W,B,X,T: {W: 1}",
    "in a cell that is far too long": "x = 1\n" * 100_000 + "def exercise2(W,\n B,X,T): pass",
    "after a string that looks like it": '"""\ndef exercise2(theta): pass\n"""\ndef exercise2(W,B,X,T): pass',
}


@pytest.mark.parametrize("source", WRITTEN.values(), ids=WRITTEN)
def test_parameters_are_read(source):
    (result,) = definitions(["import numpy", source], NAMES)["exercise2"]
    assert result.names == PARAMETERS


def test_what_a_function_takes_is_known():
    (result,) = definitions(["def exercise1(a, b=1, *rest, c): return X"], NAMES)["exercise1"]
    assert [count for count in range(5) if result.takes(count)] == [1, 2, 3, 4]
    assert result.used == {"a", "b", "c", "X"}
    (result,) = definitions(["def exercise1(a, b=1): pass"], NAMES)["exercise1"]
    assert [count for count in range(5) if result.takes(count)] == [1, 2]


@pytest.mark.parametrize(
    "source",
    [
        "exercise1 = None",
        "exercise1(W,B)",
        "def exercise10(W): pass",
        "class A:\n    def exercise1(self): pass",
        "def f():\n    def exercise1(self): pass",
        "exercise1 == lambda: 1",
        "# def exercise1(W): pass\n1",
        "def exercise1",
        "def exercise1(",
        "def exercise1((((((",
        "",
    ],
)
def test_what_defines_no_function_of_the_notebook_is_none(source):
    assert definitions([source], NAMES)["exercise1"] == []


HOSTILE = {
    "nested": "def exercise1(" + "(" * 90_000,
    "nested lists": "def exercise1(a=" + "[" * 90_000,
    "a long sum": "def exercise1(a): return " + "1+" * 45_000 + "1",
    "many functions": "def exercise1(a): pass\n" * 200_000,
    "many broken functions": "def exercise1(a,: pass\n" * 200_000,
    "many half functions": "def exercise1(" * 350_000,
    "5 million blanks": "def exercise1(" + " " * 5_000_000 + "W): pass",
    "blanks before the name": ("def" + " " * 1000) * 5_000 + "exercise1(W): pass",
    "names without a lambda": "exercise1 " * 500_000,
    "names before a lambda": "exercise1 " * 500_000 + "= lambda W: 1",
    "lambdas without a name": "x = lambda: 1\n" * 400_000,
    "one line of prompts": ">>> " * 1_200_000 + "def exercise1(W): pass",
    "prompts": ">>> \n" * 1_000_000 + "def exercise1(W): pass",
    "a string without an end": "def exercise1(W='" + "x" * 5_000_000,
    "null bytes": "\0" * 1000 + "def exercise1(W): pass",
    "halves of characters": "\ud800 def exercise1(W): pass",
    "magics": "%x\n" * 1_600_000 + "def exercise1(W): pass",
}


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_cells_take_no_time(source):
    begun = time.process_time()
    definitions([source] * 3, NAMES)
    assert time.process_time() - begun < 3


BODY = "\n    def __init__(self, data, parents=()): pass\n    def tanh(self): return Z"
CLASSES = {
    "plainly": f"class Tensor:{BODY}",
    "with a base": f"class Tensor(Base):{BODY}",
    "in a block, decorated": "if True:\n    @total_ordering\n    class Tensor:"
    + BODY.replace("\n", "\n    "),
}


@pytest.mark.parametrize("source", CLASSES.values(), ids=CLASSES)
def test_a_class_takes_what_its_constructor_takes(source):
    (result,) = definitions([source], {"Tensor"})["Tensor"]
    assert (result.is_class, result.names, result.fewest, result.most) == (True, ("data", "parents"), 1, 2)
    assert {"tanh", "__init__", "Z"} <= result.used


@pytest.mark.parametrize(
    "source",
    [
        "class Tensor: pass",
        "@dataclass\nclass Tensor:\n    data: object",
        "this is no Python\nclass Tensor(object):\n    def __init__(self): return (",
        "x = 1\n" * 100_000 + "class Tensor :\n    pass",
    ],
)
def test_a_class_without_a_constructor_that_is_read_takes_anything(source):
    (result,) = definitions([source], {"Tensor"})["Tensor"]
    assert (result.is_class, [n for n in range(4) if result.takes(n)]) == (True, [0, 1, 2, 3])


@pytest.mark.parametrize(
    "source", ["class Tensors: pass", "class A:\n    class Tensor: pass", "Tensor = A", "class Tensor"]
)
def test_no_class_of_the_name_is_defined(source):
    assert not definitions([source], {"Tensor"})["Tensor"]
