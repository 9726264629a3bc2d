"""Gradients that come along several paths: each is the sum over them, and one that is left out is named."""

import numpy as np
import pytest

from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives import sketched
from tests.autograder.derivatives.drawn import explained, gradients, instances, student

RESIDUAL = sketched.RESIDUAL.forward
DIAMOND = ForwardPass(
    "U = X @ V\nL = U @ W\nR = relu(U)\nS = R @ Q\nO = L + S",
    upstream="O", X=("N", 4), V=(4, 3), W=(3, 2), Q=(3, 2),
)  # fmt: skip
OVER_TIME = ForwardPass(
    """
    Z1 = X1 @ W + B
    H1 = relu(Z1)
    Z2 = X2 @ W + H1 @ U + B
    H2 = relu(Z2)
    Z3 = X3 @ W + H2 @ U + B
    """,
    upstream="Z3",
    X1=("N", 4), X2=("N", 4), X3=("N", 4), W=(4, 3), U=(3, 3), B=(3,),
)  # fmt: skip
TWICE = ForwardPass("Y = A + A", upstream="Y", A=("N", 3))

GRAPHS = {
    "residual": (RESIDUAL, ["DW1", "DB1", "DW2", "DB2", "DW3", "DB3"]),
    "residual, parts in between": (RESIDUAL, ["DH", "DZ2", "DA1", "DZ1", "DW1", "DB2"]),
    "residual, the input alone": (RESIDUAL, ["DX"]),
    "diamond": (DIAMOND, ["DX", "DV", "DW", "DQ"]),
    "diamond, reported": (DIAMOND, ["DU", "DX"]),
    "weights of all time steps": (OVER_TIME, ["DW", "DU", "DB"]),
    "weights of all time steps, parts in between": (OVER_TIME, ["DH2", "DZ2", "DZ1", "DW", "DU", "DB"]),
    "both operands": (TWICE, ["DA"]),
}
SIZES = [{"N": 6}, {"N": 9}, {"N": 1}, {"N": 13}]


@pytest.mark.parametrize(("forward", "parts"), GRAPHS.values(), ids=GRAPHS.keys())
def test_the_derived_steps_add_up_to_what_automatic_differentiation_gives(forward, parts):
    derived = backward_pass(forward, parts)
    for instance in instances(forward, SIZES):
        env = derived.environment(instance)
        for step in derived.steps:
            env[step.name] = step.right.value(env)
        for part, true in gradients(forward, instance, parts).items():
            np.testing.assert_allclose(env[part], true, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("forward", "parts"), GRAPHS.values(), ids=GRAPHS.keys())
def test_right_answers_are_explained_by_nothing_and_earn_every_part(forward, parts):
    drawn = instances(forward, SIZES)
    answers = [gradients(forward, instance, parts) for instance in drawn]
    assert explained(forward, drawn, answers, parts) == ([], set(parts))


@pytest.mark.parametrize(("forward", "parts"), GRAPHS.values(), ids=GRAPHS.keys())
def test_each_part_stands_behind_the_steps_that_it_follows_from(forward, parts):
    derived = backward_pass(forward, parts)
    done = {f"D{forward.output}"}
    for step in derived.steps:
        assert done.issuperset(step.reads)
        done.add(step.name)
    assert done.issuperset(parts)


RIGHT = sketched.RESIDUAL.right
PARTS = GRAPHS["residual"][1]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"DA1": "DZ2@W2.T"}, ("path-missing", "DA1", "H")),
        ({"DA1": "DH"}, ("path-missing", "DA1", "Z2")),
        ({"DZ1": "DA1"}, ("missing-relu-mask", "DZ1", "")),
        ({"DZ2": "DH"}, ("missing-relu-mask", "DZ2", "")),
        ({"DA1": "DH+DZ2@W2"}, ("weights-not-transposed", "DA1", "")),
        ({"DB2": "DZ2.mean(0)"}, ("mean-twice", "DB2", "")),
    ],
)
def test_in_a_residual_network_a_mistake_is_named_and_paid_for_once(wrong, message):
    drawn = instances(RESIDUAL, SIZES)
    result, earned = explained(RESIDUAL, drawn, student(drawn, RIGHT, wrong, PARTS), PARTS)
    assert result == [message]
    lost = {"DA1": {"DW1", "DB1"}, "DZ1": {"DW1", "DB1"}, "DZ2": {"DW2", "DB2"}}.get(message[1], {message[1]})
    assert earned == set(PARTS) - lost


def test_a_mistake_in_a_factor_that_two_paths_share_is_made_on_both():
    # DU = (DO·Wᵀ + [U > 0]·DO·Qᵀ), and DX = DU·Vᵀ: a product that both paths have
    parts = ["DX"]
    drawn = instances(DIAMOND, [{"N": 3}, {"N": 5}, {"N": 8}])
    right = {"DU": "DO@W.T+(DO@Q.T)*(U>0)", "DX": "DU@V.T"}
    answers = student(drawn, right, {"DU": "DO@W.T+DO@Q.T"}, parts)
    assert explained(DIAMOND, drawn, answers, parts)[0] == [("missing-relu-mask", "DU", "")]
    answers = student(drawn, right, {"DU": "DO@W.T"}, parts)
    assert explained(DIAMOND, drawn, answers, parts)[0] == [("path-missing", "DU", "R")]


OVER_TIME_RIGHT = {
    "DH2": "DZ3@U.T", "DZ2": "DH2*(Z2>0)", "DH1": "DZ2@U.T", "DZ1": "DH1*(Z1>0)",
    "DW": "X1.T@DZ1+X2.T@DZ2+X3.T@DZ3", "DU": "H1.T@DZ2+H2.T@DZ3", "DB": "(DZ1+DZ2+DZ3).sum(0)",
}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"DW": "X3.T@DZ3"}, {("path-missing", "DW", "Z1"), ("path-missing", "DW", "Z2")}),
        ({"DW": "X1.T@DZ1+X3.T@DZ3"}, {("path-missing", "DW", "Z2")}),
        ({"DU": "H2.T@DZ3"}, {("path-missing", "DU", "Z2")}),
        ({"DZ1": "DH1"}, {("missing-relu-mask", "DZ1", "")}),
        ({"DZ2": "DH2"}, {("missing-relu-mask", "DZ2", "")}),
        ({"DH1": "DZ2@U"}, {("weights-not-transposed", "DZ1", "")}),
    ],
)
def test_where_weights_are_used_at_every_time_step_hidden_steps_in_a_row_are_searched(wrong, message):
    parts = ["DW", "DU", "DB"]
    drawn = instances(OVER_TIME, SIZES)
    result, earned = explained(OVER_TIME, drawn, student(drawn, OVER_TIME_RIGHT, wrong, parts), parts)
    assert set(result) == message
    (where,) = {where for _, where, _ in message}
    assert earned == set(parts) - {"DZ1": {"DW", "DB"}, "DZ2": {"DU"}}.get(where, {where})


def test_a_part_in_between_that_is_like_nothing_known_is_paid_for_once():
    parts = ["DH", "DZ2", "DA1", "DZ1", "DW1", "DB1", "DW2", "DB2"]
    drawn = instances(RESIDUAL, SIZES)
    answers = student(drawn, RIGHT, {"DZ2": "np.cos(DH)*(Z2>0)"}, parts)
    result, earned = explained(RESIDUAL, drawn, answers, parts)
    assert [(fault, where) for fault, where, _ in result] == [("unrecognised", "DZ2")]
    assert earned == set(parts) - {"DZ2"}


def test_a_part_in_between_that_is_zero_carries_nothing_forward():
    parts = ["DH", "DZ2", "DA1", "DZ1", "DW1", "DB1", "DW2", "DB2"]
    drawn = instances(RESIDUAL, SIZES)
    answers = student(drawn, RIGHT, {"DZ2": "0*DH"}, parts)
    _, earned = explained(RESIDUAL, drawn, answers, parts)
    assert not earned & {"DZ2", "DW2", "DB2"}


def test_a_derivative_that_is_not_known_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.delitem(backward_pass.__globals__["DERIVATIVES"], ("relu", 0))
    with pytest.raises(NoBackwardPass, match=r"derivative of max\(0, Z2\) by Z2 is not known"):
        backward_pass(RESIDUAL, ["DW2"])


def test_a_quantity_that_leads_nowhere_is_refused():
    aside = ForwardPass("A = X @ W\nO = X @ V", upstream="O", X=("N", 4), W=(4, 3), V=(4, 3))
    with pytest.raises(NoBackwardPass, match="O does not depend on W"):
        backward_pass(aside, ["DV", "DW"])
