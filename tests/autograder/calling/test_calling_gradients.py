"""An error is differentiated by its parameters, or it is told by name why not."""

import numpy as np
import pytest

from autograder.calling.function_call import call
from autograder.exercise import Opaque
from tests.autograder.students_function import LEAVES, TENSORS, answered, inputs, is_plain, told

NONE = Opaque("no gradient")


def test_the_value_and_the_gradients_by_every_leaf_are_read():
    answer = answered("return (W[0] @ x).sum()*b.sum() + W[1].sum()", LEAVES)
    assert answer.faults == ()
    value, by_w, by_b = answer.value
    assert value == -3.0 * 0.5 + 3.0
    np.testing.assert_array_equal(by_w[0], [[0.5, -1.0]], strict=True)
    np.testing.assert_array_equal(by_w[1], [1.0], strict=True)
    np.testing.assert_array_equal(by_b[0], [-3.0], strict=True)


def test_a_parameter_the_error_does_not_depend_on_has_no_gradient():
    assert answered("return W[1].sum()", LEAVES).value[1:] == [[NONE, 1.0], [NONE]]


ERR = "(W[0] @ x).sum() + W[1].sum() + b.sum()"
NO_ERROR = {
    "detached": (
        *(f"return ({ERR}).detach()", f"return ({ERR}).data", f"with torch.no_grad(): return {ERR}"),
        *("return torch.tensor(2.0)", "return torch.tensor(2)", "return x.sum()"),
    ),
    "not-a-tensor": (
        *(f"return ({ERR}).item()", f"return float(({ERR}).detach())", f"return ({ERR}).detach().numpy()"),
        *(f"return [{ERR}]", f"return ({ERR}, W)", "return 'an error'"),
    ),
    "not-scalar": ("return W[0]*x", f"return torch.stack([{ERR}, {ERR}])", "return W[0][:0]"),
}


@pytest.mark.parametrize(("fault", "body"), [(fault, body) for fault in NO_ERROR for body in NO_ERROR[fault]])
def test_an_error_that_cannot_be_differentiated_is_reported_by_name(fault, body):
    answer = answered(body, LEAVES)
    assert told(answer) == [(fault, "error")]
    assert answer.value[1:] == [[NONE] * 2, [NONE]]
    assert is_plain(answer.value)


def test_not_scalar_names_the_shape():
    assert "(1, 2)" in answered("return W[0]*x", LEAVES).faults[0].message


@pytest.mark.parametrize("shape", [(1,), (1, 1), (1, 1, 1)])
def test_an_error_of_one_entry_is_a_single_number_as_backward_has_it(shape):
    answer = answered(f"return ({ERR}).reshape({shape})", LEAVES)
    assert answer.faults == ()
    assert answer.value[0].shape == ()
    assert answer.value[1][1] == 1.0


def test_reading_gradients_leaves_no_trace_in_grad():
    seen = []

    def function(W, b, x):
        seen.extend([*W, b])
        return sum(w.sum() for w in W) + b.sum()

    call(function, LEAVES, inputs())
    assert [parameter.grad for parameter in seen] == [None] * 3


def test_a_graph_that_is_kept_after_backward_may_be_used_again():
    answer = answered(f"err = {ERR}; err.backward(retain_graph=True); return err", LEAVES)
    assert [fault.fault for fault in answer.faults] == ["gradients-left"]
    assert answer.value[2][0] == 1.0


def test_an_error_that_is_nothing_at_all_is_told_so():
    answer = answered("pass", LEAVES)
    assert told(answer) == [("returns-nothing", "answer")]
    assert "Is there a `return`?" in answer.faults[0].message


@pytest.mark.parametrize(
    ("body", "fault", "words"),
    [
        (f"err = {ERR}; err.backward(); return err", "backward-called", "Leave `backward()` out"),
        (f"err = {ERR}; torch.autograd.grad(err, W[0]); return err", "backward-called", "forgotten the way"),
        ("D = W[0] @ x - b; D *= D; return D.mean()", "changed-in-place", "in place"),
    ],
)
def test_an_error_from_which_there_is_no_way_back_any_more_keeps_its_value(body, fault, words):
    answer = answered(body, LEAVES)
    assert told(answer) == [(fault, "error")]
    assert words in answer.faults[0].message
    assert is_plain(answer.value[0])


def test_an_input_that_is_watched_from_now_on_has_been_changed():
    assert told(answered("x.requires_grad_(); return W[0] @ x", TENSORS)) == [("mutates-input", "x")]
