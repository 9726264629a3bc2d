"""An error is differentiated by its parameters, or it is told by name why not; by hand, nothing is."""

import numpy as np
import pytest
import torch

from autograder.calling.function_call import call
from autograder.exercise import Convention, Failed, Opaque, Returned
from tests.autograder.students_function import LEAVES, TENSORS, inputs, is_plain, written


def test_the_value_and_the_gradients_by_every_leaf_are_read():
    answer = call(written("def f(W,b,x): return (W[0] @ x).sum()*b.sum() + W[1].sum()"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.faults == ()
    value, by_w, by_b = answer.value
    assert value == -3.0 * 0.5 + 3.0
    np.testing.assert_array_equal(by_w[0], [[0.5, -1.0]], strict=True)
    np.testing.assert_array_equal(by_w[1], [1.0], strict=True)
    np.testing.assert_array_equal(by_b[0], [-3.0], strict=True)


def test_a_parameter_the_error_does_not_depend_on_has_no_gradient():
    answer = call(written("def f(W,b,x): return W[1].sum()"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.value[1][0] == answer.value[2][0] == Opaque("no gradient")
    assert answer.value[1][1] == 1.0


ERR = "(W[0] @ x).sum() + W[1].sum() + b.sum()"


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        (f"({ERR}).detach()", "detached"),
        (f"({ERR}).data", "detached"),
        ("torch.tensor(2.0)", "detached"),
        ("torch.tensor(2)", "detached"),
        ("x.sum()", "detached"),
        (f"({ERR}).item()", "not-a-tensor"),
        (f"float(({ERR}).detach())", "not-a-tensor"),
        (f"({ERR}).detach().numpy()", "not-a-tensor"),
        (f"[{ERR}]", "not-a-tensor"),
        (f"({ERR}, W)", "not-a-tensor"),
        ("'an error'", "not-a-tensor"),
        ("W[0]*x", "not-scalar"),
        (f"torch.stack([{ERR}, {ERR}])", "not-scalar"),
        ("W[0][:0]", "not-scalar"),
    ],
)
def test_an_error_that_cannot_be_differentiated_is_reported_by_name(expression, fault):
    answer = call(written(f"def f(W,b,x): return {expression}"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [(result.fault, result.where) for result in answer.faults] == [(fault, "error")]
    assert answer.value[1:] == [[Opaque("no gradient")] * 2, [Opaque("no gradient")]]
    assert is_plain(answer.value)


def test_an_error_computed_under_no_grad_is_detached():
    answer = call(written(f"def f(W,b,x):\n    with torch.no_grad(): return {ERR}"), LEAVES, inputs())
    assert [result.fault for result in answer.faults] == ["detached"]


def test_not_scalar_names_the_shape():
    answer = call(written("def f(W,b,x): return W[0]*x"), LEAVES, inputs())
    assert "(1, 2)" in answer.faults[0].message


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_an_error_of_one_entry_is_a_single_number_as_backward_has_it(shape):
    answer = call(written(f"def f(W,b,x): return ({ERR}).reshape({shape})"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert answer.faults == ()
    assert answer.value[0].shape == ()
    assert answer.value[1][1] == 1.0


AUTOGRAD = [
    "t = torch.tensor(x, requires_grad=True); (t*t).sum().backward(); return t.grad",
    "t = torch.tensor(x, requires_grad=True); return torch.autograd.grad((t*t).sum(), t)",
    "t = torch.tensor(x, requires_grad=True); torch.autograd.backward((t*t).sum()); return t.grad",
    "return torch.func.grad(lambda t: (t*t).sum())(torch.tensor(x))",
    """try:
        t = torch.tensor(x, requires_grad=True); (t*t).sum().backward()
    except Exception: return x""",
]


@pytest.mark.parametrize("body", AUTOGRAD)
def test_automatic_differentiation_by_hand_is_reported_by_name(body):
    answer = call(written(f"def f(W,b,x):\n    {body}"), Convention(by_hand=True), inputs())
    assert isinstance(answer, Failed)
    assert (answer.fault.fault, answer.fault.where) == ("uses-autograd", "answer")


def test_torch_as_an_array_library_by_hand_is_welcome():
    source = "def f(W,b,x):\n    import torch\n    return torch.tensor(x) * 2"
    assert isinstance(call(written(source), Convention(by_hand=True), inputs()), Returned)


@pytest.mark.parametrize("body", ["return x", "raise ValueError", AUTOGRAD[0]])
def test_automatic_differentiation_works_again_after_a_call_by_hand(body):
    call(written(f"def f(W,b,x):\n    {body}"), Convention(by_hand=True), inputs())
    t = torch.tensor(3.0, requires_grad=True)
    (t * t).backward()
    assert t.grad == 6.0
    assert torch.func.grad(lambda u: u * u)(torch.tensor(3.0)) == 6.0


def test_reading_gradients_leaves_no_trace_in_grad():
    seen = []

    def function(W, b, x):
        seen.extend([*W, b])
        return sum(w.sum() for w in W) + b.sum()

    call(function, LEAVES, inputs())
    assert [parameter.grad for parameter in seen] == [None] * 3


def test_a_graph_that_is_kept_after_backward_may_be_used_again():
    source = f"def f(W,b,x):\n    err = {ERR}\n    err.backward(retain_graph=True)\n    return err"
    answer = call(written(source), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [fault.fault for fault in answer.faults] == ["gradients-left"]
    assert answer.value[2][0] == 1.0


def test_an_error_that_is_nothing_at_all_is_told_so():
    answer = call(written("def f(W,b,x): pass"), LEAVES, inputs())
    (fault,) = answer.faults
    assert (fault.fault, fault.where) == ("returns-nothing", "answer")
    assert "Is there a `return`?" in fault.message


@pytest.mark.parametrize(
    ("lines", "fault", "words"),
    [
        (f"err = {ERR}; err.backward(); return err", "backward-called", "Leave `backward()` out"),
        (f"err = {ERR}; torch.autograd.grad(err, W[0]); return err", "backward-called", "forgotten the way"),
        ("D = W[0] @ x - b; D *= D; return D.mean()", "changed-in-place", "in place"),
    ],
)
def test_an_error_from_which_there_is_no_way_back_any_more_keeps_its_value(lines, fault, words):
    answer = call(written(f"def f(W,b,x): {lines}"), LEAVES, inputs())
    assert isinstance(answer, Returned)
    assert [(result.fault, result.where) for result in answer.faults] == [(fault, "error")]
    assert words in answer.faults[0].message
    assert is_plain(answer.value[0])


def test_an_input_that_is_watched_from_now_on_has_been_changed():
    answer = call(written("def f(W,b,x): x.requires_grad_(); return W[0] @ x"), TENSORS, inputs())
    assert [(fault.fault, fault.where) for fault in answer.faults] == [("mutates-input", "x")]
