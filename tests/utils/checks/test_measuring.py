"""The checker is checked: its numbers are the true ones, and a small lie is found."""

import time

import numpy as np
import pytest
import torch

import utils
from tests.process import python
from tests.utils.checks.students import NETWORK, function, sample, task
from utils.checks.compare import TOLERANCE, agrees, deviations, worst
from utils.checks.contents import every_task


@pytest.mark.parametrize("key", ["exercise1", "exercise2"])
def test_the_true_gradient_is_what_pytorch_finds_in_double_precision(key):
    for instance in task(f"{NETWORK}/{key}").instances:
        truth = instance.true
        W, B = ([torch.tensor(a, requires_grad=True) for a in instance.inputs[name]] for name in "WB")
        A = torch.tensor(instance.inputs["X"])
        for k in range(4):
            A = A @ W[k] + B[k]
            A = torch.relu(A) if k < 3 else A
        err = torch.mean((A - torch.tensor(instance.inputs["T"])) ** 2)
        err.backward()
        prefix = "D" if key == "exercise1" else ""
        for kind, parameters in (("W", W), ("B", B)):
            for k, parameter in enumerate(parameters, start=1):
                assert np.allclose(truth[f"{prefix}{kind}{k}"], parameter.grad.numpy(), rtol=1e-7, atol=1e-9)


PLANTED = """def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    DW, DB = right(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)
    {lie}
    return DW, DB"""


def planted(lie):
    written = function(PLANTED.format(lie=lie))
    written.__globals__["right"] = sample(NETWORK, "matrix_products", "exercise1")
    return written


@pytest.mark.parametrize("layer", range(4))
@pytest.mark.parametrize("kind", ["DW", "DB"])
def test_an_array_that_is_off_by_a_thousandth_is_found(kind, layer):
    report = utils.check(planted(f"{kind}[{layer}] = {kind}[{layer}]*1.001"))
    assert [row.part for row in report.rows if not row.right] == [f"{kind}{layer + 1}"]
    assert f"Look first at {kind}{layer + 1}." in str(report)
    assert "1.001 times" in str(report)


@pytest.mark.parametrize(
    ("entry", "named"),
    [("DW[0][3,5]", "[3, 5]"), ("DW[1][0,4]", "[0, 4]"), ("DW[2][5,0]", "[5, 0]"), ("DB[0][2]", "[2]")],
)
def test_a_single_entry_that_is_off_by_a_thousandth_is_found_and_named(entry, named):
    report = utils.check(planted(f"{entry} *= 1.001"))
    (wrong,) = [row for row in report.rows if not row.right]
    assert wrong.part == f"{entry[:2]}{int(entry[3]) + 1}"
    assert wrong.word == f"wrong at {named}"
    assert wrong.error == pytest.approx(1e-3, rel=1e-2)
    assert wrong.yours == pytest.approx(1.001 * wrong.true)


def test_a_lie_below_the_tolerance_is_none():
    assert utils.check(planted(f"DW[0] = DW[0]*(1 + {TOLERANCE / 2})"))
    assert not utils.check(planted(f"DW[0] = DW[0]*(1 + {TOLERANCE * 2})"))


def test_the_index_of_a_factor_is_the_first_one():
    true = np.array([[0.0, 3.0], [2.0, 1.0]])
    assert worst(1.5 * true, true) == (pytest.approx(0.5), (0, 1))


def test_shapes_are_compared_first():
    assert not agrees(np.ones((1, 3)), np.ones(3))
    assert agrees(np.ones(3), np.ones(3))
    assert deviations(np.array([np.nan, 1.0]), np.ones(2)).tolist() == [np.inf, 0.0]


@pytest.mark.parametrize("result", every_task(), ids=lambda result: result.key)
def test_a_check_takes_less_than_a_second(result):
    function = {
        f"{NETWORK}/exercise1": sample(NETWORK, "missing_relu_mask", "exercise1"),
        f"{NETWORK}/exercise2": sample(NETWORK, "missing_relu_mask", "exercise2"),
    }.get(result.key, lambda *_: np.ones(4))
    started = time.process_time()
    utils.check(function, result.key)
    assert time.process_time() - started < 1


SCRIPT = """
import sys
import utils
def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T):
    return W, B
print(utils.check(exercise1))
print(utils.hint("exercise1"))
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"torch", "IPython", "autograder", "nbgrader"}, loaded
"""


def test_a_plain_script_prints_a_report_and_imports_no_torch(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = python(path, cwd=tmp_path)
    assert done.stdout.startswith("✗ exercise1: 0 of 8 right")
    assert "hint 1 of 4" in done.stdout
