"""Flags for an instructor's eye: they say what is worth a look, and cost nothing."""

import contextlib

import numpy as np
import pytest
import torch
from torch.autograd import grad
from torch.func import jacrev

from autograder import assignments
from autograder.marking.originality import other_autodiff, shapes, tracers, twins
from samples import samples
from tests.autograder.marked_answers import marked, told

ASSIGNMENT = "01-error-backpropagation"
EXERCISE = assignments.load(ASSIGNMENT).exercises[0]


NUMERICAL = "has the rounding of numerical differentiation"


def cell(name):
    """A sample's code for the exercise."""
    return samples(ASSIGNMENT)[name].cells["exercise1"]


def layer(A, w, b):
    """Add up a matrix product in one order: a library for products has another one on each processor."""
    return (A[:, :, None] * w).sum(axis=1) + b


def error(W, B, X, T):
    A = X
    for w, b in zip(W[:-1], B[:-1], strict=True):
        A = np.maximum(0, layer(A, w, b))
    return ((layer(A, W[-1], B[-1]) - T) ** 2).mean()


def by_differences(step, central):
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        W, B = [w.copy() for w in W], [b.copy() for b in B]

        def slopes(arrays):
            result = [np.zeros_like(a) for a in arrays]
            for a, g in zip(arrays, result, strict=True):
                for index in np.ndindex(a.shape):
                    kept = a[index]
                    a[index] = kept + step
                    up = error(W, B, X, T)
                    a[index] = kept - step if central else kept
                    g[index] = (up - error(W, B, X, T)) / (2 * step if central else step)
                    a[index] = kept
            return result

        return slopes(W), slopes(B)

    return exercise1


@pytest.mark.parametrize(
    ("step", "central"),
    [
        *((step, True) for step in (1e-5, 6.055454452393343e-06, 1e-6, 1e-7, 1e-8)),
        *((step, False) for step in (1e-6, -1e-6, 1e-7, 1e-8, 1e-9)),
    ],
)
def test_a_numerically_differentiated_answer_is_right_and_flagged(step, central):
    result = marked(EXERCISE, by_differences(step, central), 3)
    assert (result.score, result.faults, result.flags) == (20, (), (NUMERICAL,))


def test_one_sided_differences_with_the_most_exact_step_are_flagged_on_some_of_the_data():
    """On which depends on how the processor rounds sums: their own error is no larger."""
    answer = by_differences(1.4901161193847656e-08, central=False)
    results = [marked(EXERCISE, answer, seed) for seed in range(3, 13)]
    assert {result.score for result in results} == {20}
    assert (NUMERICAL,) in [result.flags for result in results]


@pytest.mark.parametrize("name", ["matrix_products", "float32_inside", "explicit_loops", "einsum"])
def test_an_honest_answer_is_not_flagged(name):
    names = {"numpy": np}
    exec(cell(name), names)
    result = marked(EXERCISE, names["exercise1"], 3)
    assert (result.score, result.flags) == (20, ())


INPUTS = ["W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T"]
EVERYTHING = " ".join(INPUTS)
SINGLE = [
    *(EVERYTHING, f"{EVERYTHING} times a double", f"{EVERYTHING} scaled twice"),
    *("W", "T", "Y T", "X A1 A2 A3", "W B T", "DY", "DZ2", "DZ1", "DY DZ3 DZ2 DZ1", "DW DB", "DW"),
    *(f"{EVERYTHING} and half of what is returned in double", ""),
]
"""What is in single precision, and what is done besides."""


@pytest.mark.parametrize("where", SINGLE)
@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_single_precision_is_not_taken_for_numerical_differentiation(where, seed):
    def to(name, value):
        if name not in where.split():
            return value
        return [v.astype(np.float32) for v in value] if isinstance(value, list) else value.astype(np.float32)

    def exercise1(*given):
        W, _, X, Z1, A1, Z2, A2, Z3, A3, Y, T = map(to, INPUTS, given)
        factor = np.float64(2) if "times a double" in where else 2
        DY = to("DY", factor * (Y - T) / len(Y))
        DZ3 = to("DZ3", (DY @ W[3].T) * (Z3 > 0))
        DZ2 = to("DZ2", (DZ3 @ W[2].T) * (Z2 > 0))
        DZ1 = to("DZ1", (DZ2 @ W[1].T) * (Z1 > 0))
        DW = to("DW", [X.T @ DZ1, A1.T @ DZ2, A2.T @ DZ3, A3.T @ DY])
        DB = to("DB", [D.sum(0) for D in (DZ1, DZ2, DZ3, DY)])
        if "scaled twice" in where:
            return [D.astype(float) * 0.1 * 10 for D in DW], [D.astype(float) * 0.1 * 10 for D in DB]
        return DW, [D.astype(float) / 7 * 7 for D in DB] if "half" in where else DB

    result = marked(EXERCISE, exercise1, seed)
    assert (result.score, result.flags) == (20, ())


def test_other_libraries_that_differentiate_are_flagged():
    assert other_autodiff(["import numpy", "import jax.numpy as jnp\n", "from autograd import grad"]) == (
        "imports autograd, which can differentiate automatically",
        "imports jax, which can differentiate automatically",
    )
    assert other_autodiff(["import torch, numpy", "# import jax", "import jaxtyping"]) == ()


def shaped(notebooks, exercise="exercise1"):
    return {name: shapes(sources, [exercise]) for name, sources in notebooks.items()}


def test_hundreds_of_the_same_are_reported_by_their_number_and_a_few_names():
    flags = twins(shaped({f"s{n:03}": [cell("explicit_loops")] for n in range(600)}))
    assert len(flags) == 600
    assert flags["s000"] == ("exercise1 is the same as in 599 others (s001, s002, s003 …), up to renaming",)
    assert sum(len(flag) for result in flags.values() for flag in result) < 60_000


def test_code_without_end_has_no_shape_and_does_no_harm():
    deep = "def exercise1(x):\n return " + "(" * 5000 + "x" + ")" * 5000
    nested = "def exercise1(x):\n return " + "-" * 90_000 + "x"
    half = "def exercise1(x):\n return '\ud800'"
    assert shaped({"a": [deep], "b": [nested], "c": [half]}) == {"a": {}, "b": {}, "c": {}}


PROXIES = "torch.fx.experimental.proxy_tensor"
COMPILED = "torch._dynamo.compiled_autograd"
FUNCTORCH = "functorch.compile"
PYTHON_DISPATCH = "torch.utils._python_dispatch"
TOOLS = [
    (f"from {PROXIES} import make_fx", f"{PROXIES}.make_fx"),
    ("import torch\nf = torch.jit.script(g)", "torch.jit.script"),
    ("import torch.export as e", "torch.export"),
    (f"%time import {FUNCTORCH}\nfrom {FUNCTORCH} import aot_function", f"{FUNCTORCH}.aot_function"),
    ("import torch\nf = torch.compile(g, backend=mine)", "torch.compile(backend)"),
    ("from torch import jit", "torch.jit"),
    ("import ctypes", "ctypes"),
    ("import torch as th\nf = th.jit.script(g)", "torch.jit.script"),
    ("import torch\nf = getattr(torch, 'jit').script(g)", "torch.jit"),
    (f"import importlib as i\nm = i.import_module('{COMPILED}')", COMPILED),
    ("m = __import__('ctypes')", "ctypes"),
    ("import torch\ntorch._C._jit_differentiate(graph)", "torch._C._jit_differentiate"),
    ("import torch\nclass Tape(torch.Tensor):\n    def __torch_dispatch__(*_): pass", "__torch_dispatch__"),
    (f"from {PYTHON_DISPATCH} import TorchDispatchMode", f"{PYTHON_DISPATCH}.TorchDispatchMode"),
]


@pytest.mark.parametrize(("source", "name"), TOOLS)
def test_tools_that_prepare_a_gradient_beforehand_are_flagged(source, name):
    flags = tracers(["x = 1", source])
    assert any(f"uses {name} before" in flag for flag in flags), flags


def test_what_prepares_no_gradient_is_not_flagged():
    honest = [
        "import torch\nf = torch.compile(g)",
        "# torch.jit would do it",
        "text = 'make_fx'",
        "jit = export = 3",
        "import torch as t\nexport = t.nn.Linear(1, 1)\ngetattr(t, 'relu')(export.weight)",
    ]
    assert tracers(honest) == ()


def test_the_same_code_up_to_names_comments_and_layout_is_flagged_in_both_notebooks():
    code = cell("explicit_loops")
    renamed = "# my own work\n" + code.replace("DY", "delta").replace("DW", "grads").replace("    ", "  ")
    flags = twins(shaped({"a.ipynb": [code], "b.ipynb": ["x = 1", renamed], "c.ipynb": [cell("einsum")]}))
    assert flags == {
        "a.ipynb": ("exercise1 is the same as in b.ipynb, up to renaming",),
        "b.ipynb": ("exercise1 is the same as in a.ipynb, up to renaming",),
    }


def test_short_functions_and_cells_that_do_not_parse_are_left_alone():
    short = "def exercise2(W,B,X,T):\n    return forward(W,B,X,T)"
    assert twins(shaped({"a": [short, "%magic"], "b": [short, "def broken("]}, "exercise2")) == {}


def by_backward(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    import torch

    W = [torch.tensor(w, requires_grad=True) for w in W]
    B = [torch.tensor(b, requires_grad=True) for b in B]
    A = torch.tensor(X)
    for w, b in zip(W[:-1], B[:-1], strict=True):
        A = torch.relu(A @ w + b)
    error = ((A @ W[-1] + B[-1] - torch.tensor(T)) ** 2).mean()
    with contextlib.suppress(Exception):
        error.backward()
    return [w.grad.numpy() for w in W], [b.grad.numpy() for b in B]


def by_grad(theta, x, y):
    t = torch.tensor(theta, requires_grad=True)
    powers = torch.tensor(np.vander(x, 4, increasing=True))
    return grad(((powers @ t - torch.tensor(y)) ** 2).sum(), t)[0].numpy()


def by_jacrev(theta, x, y):
    powers = torch.tensor(np.vander(x, 4, increasing=True))
    return jacrev(lambda t: ((powers @ t - torch.tensor(y)) ** 2).sum())(torch.tensor(theta)).numpy()


SLOPE = assignments.load("02-gradient-descent").exercises[0]


@pytest.mark.parametrize(
    ("exercise", "function"),
    [(EXERCISE, by_backward), (SLOPE, by_grad), (SLOPE, by_jacrev)],
    ids=["backward", "a captured import of grad", "a captured import of jacrev"],
)
def test_automatic_differentiation_in_the_exercise_by_hand_earns_nothing_and_is_named(exercise, function):
    result = marked(exercise, function, 3)
    assert (result.score, told(result)) == (0, [("uses-autograd", "answer")])
    x = torch.tensor(2.0, requires_grad=True)
    (x * x).backward()  # the doors are open again afterwards
    assert x.grad == 4


def test_torch_as_a_library_of_arrays_earns_full_marks():
    def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        t = torch.tensor
        DY = 2 * (t(Y) - t(T)) / len(Y)
        DZ3 = (DY @ t(W[3]).T) * (t(Z3) > 0)
        DZ2 = (DZ3 @ t(W[2]).T) * (t(Z2) > 0)
        DZ1 = (DZ2 @ t(W[1]).T) * (t(Z1) > 0)
        pairs = ((X, DZ1), (A1, DZ2), (A2, DZ3), (A3, DY))
        return [t(a).T @ d for a, d in pairs], [d.sum(0) for _, d in pairs]

    result = marked(EXERCISE, exercise1, 3)
    assert (result.score, result.faults, result.flags) == (20, (), ())
