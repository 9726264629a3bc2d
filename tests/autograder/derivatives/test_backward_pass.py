"""A backward pass is derived with its steps in their order; gradients of several paths are sums over them."""

import numpy as np
import pytest

from autograder import assignments
from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.diagnosis.steps import Step, environment
from autograder.forward_pass import ForwardPass
from autograder.reference import truth
from tests.autograder.derivatives.drawn import gradients, named
from tests.autograder.derivatives.sketched import NETWORK, RESIDUAL, SELF_ATTENTION, SKETCHED, Sketched

SIZES = RESIDUAL.sizes
DIAMOND = Sketched(
    ForwardPass(
        "U = X @ V\nL = U @ W\nR = relu(U)\nS = R @ Q\nO = L + S",
        upstream="O", X=("N", 4), V=(4, 3), W=(3, 2), Q=(3, 2),
    ),
    right={"DU": "DO@W.T+(DO@Q.T)*(U>0)", "DX": "DU@V.T"},
    sizes=SIZES,
)  # fmt: skip
OVER_TIME = Sketched(
    ForwardPass(
        """
        Z1 = X1 @ W + B
        H1 = relu(Z1)
        Z2 = X2 @ W + H1 @ U + B
        H2 = relu(Z2)
        Z3 = X3 @ W + H2 @ U + B
        """,
        upstream="Z3",
        X1=("N", 4), X2=("N", 4), X3=("N", 4), W=(4, 3), U=(3, 3), B=(3,),
    ),
    right={
        "DH2": "DZ3@U.T", "DZ2": "DH2*(Z2>0)", "DH1": "DZ2@U.T", "DZ1": "DH1*(Z1>0)",
        "DW": "X1.T@DZ1+X2.T@DZ2+X3.T@DZ3", "DU": "H1.T@DZ2+H2.T@DZ3", "DB": "(DZ1+DZ2+DZ3).sum(0)",
    },
    sizes=SIZES,
)  # fmt: skip
TWICE = Sketched(ForwardPass("Y = A + A", upstream="Y", A=("N", 3)), {}, SIZES)

PARAMETERS = [f"{kind}{layer}" for kind in "WB" for layer in range(1, 5)]
PARTS = [f"D{name}" for name in PARAMETERS]
BACKWARD_PASS = backward_pass(NETWORK, PARTS)

GRAPHS = {
    **{name: (sketched, [*sketched.right]) for name, sketched in SKETCHED.items()},
    "self-attention": (SELF_ATTENTION, [*SELF_ATTENTION.right]),
    "residual, all of it": (RESIDUAL, [*RESIDUAL.right]),
    "network, parameters alone": (SKETCHED["network"], PARTS),
    "residual": (RESIDUAL, ["DW1", "DB1", "DW2", "DB2", "DW3", "DB3"]),
    "residual, parts in between": (RESIDUAL, ["DH", "DZ2", "DA1", "DZ1", "DW1", "DB2"]),
    "residual, the input alone": (RESIDUAL, ["DX"]),
    "diamond": (DIAMOND, ["DX", "DV", "DW", "DQ"]),
    "diamond, reported": (DIAMOND, ["DU", "DX"]),
    "weights of all time steps": (OVER_TIME, ["DW", "DU", "DB"]),
    "weights of all time steps, parts in between": (OVER_TIME, ["DH2", "DZ2", "DZ1", "DW", "DU", "DB"]),
    "both operands": (TWICE, ["DA"]),
}
every_graph = pytest.mark.parametrize(("graph", "parts"), GRAPHS.values(), ids=GRAPHS)


@every_graph
def test_the_derived_steps_add_up_to_what_automatic_differentiation_gives(graph, parts):
    derived = backward_pass(graph.forward, parts)
    for instance in graph.drawn:
        env = derived.environment(instance)
        for step in derived.steps:
            env[step.name] = step.right.value(env)
        for part, true in gradients(graph.forward, instance, parts).items():
            np.testing.assert_allclose(env[part], true, rtol=1e-9, atol=1e-12)


@every_graph
def test_right_answers_are_explained_by_nothing_and_earn_every_part(graph, parts):
    result = graph.diagnosed([gradients(graph.forward, instance, parts) for instance in graph.drawn])
    assert (named(result), result.earned) == ([], set(parts))


@every_graph
def test_each_part_stands_behind_the_steps_that_it_follows_from(graph, parts):
    derived = backward_pass(graph.forward, parts)
    done = {f"D{graph.forward.output}"}
    for step in derived.steps:
        assert done.issuperset(step.reads)
        done.add(step.name)
    assert done.issuperset(parts)


@pytest.mark.parametrize(
    ("part", "formula", "message", "lost"),
    [
        ("DA1", "DZ2@W2.T", ("path-missing", "DA1", "H"), "DW1 DB1"),
        ("DA1", "DH", ("path-missing", "DA1", "Z2"), "DW1 DB1"),
        ("DZ1", "DA1", ("missing-relu-mask", "DZ1", ""), "DW1 DB1"),
        ("DZ2", "DH", ("missing-relu-mask", "DZ2", ""), "DW2 DB2"),
        ("DA1", "DH+DZ2@W2", ("weights-not-transposed", "DA1", ""), "DW1 DB1"),
        ("DB2", "DZ2.mean(0)", ("mean-twice", "DB2", ""), "DB2"),
    ],
)
def test_in_a_residual_network_a_mistake_is_named_and_paid_for_once(part, formula, message, lost):
    assert RESIDUAL.explained({part: formula}, GRAPHS["residual"][1]) == ([message], set(lost.split()))


@pytest.mark.parametrize(
    ("DU", "message"),
    [("DO@W.T+DO@Q.T", ("missing-relu-mask", "DU", "")), ("DO@W.T", ("path-missing", "DU", "R"))],
)
def test_a_mistake_in_a_factor_that_two_paths_share_is_made_on_both(DU, message):
    # DU = (DO·Wᵀ + [U > 0]·DO·Qᵀ), and DX = DU·Vᵀ: a product that both paths have
    assert DIAMOND.explained({"DU": DU}, ["DX"])[0] == [message]


@pytest.mark.parametrize(
    ("part", "formula", "message", "lost"),
    [
        ("DW", "X3.T@DZ3", {("path-missing", "DW", "Z1"), ("path-missing", "DW", "Z2")}, "DW"),
        ("DW", "X1.T@DZ1+X3.T@DZ3", {("path-missing", "DW", "Z2")}, "DW"),
        ("DU", "H2.T@DZ3", {("path-missing", "DU", "Z2")}, "DU"),
        ("DZ1", "DH1", {("missing-relu-mask", "DZ1", "")}, "DW DB"),
        ("DZ2", "DH2", {("missing-relu-mask", "DZ2", "")}, "DU"),
        ("DH1", "DZ2@U", {("weights-not-transposed", "DZ1", "")}, "DW DB"),
    ],
)
def test_where_weights_are_used_at_every_time_step_hidden_steps_in_a_row_are_searched(
    part, formula, message, lost
):
    result, parts = OVER_TIME.explained({part: formula}, ["DW", "DU", "DB"])
    assert (set(result), parts) == (message, set(lost.split()))


IN_BETWEEN = ["DH", "DZ2", "DA1", "DZ1", "DW1", "DB1", "DW2", "DB2"]


def test_a_part_in_between_that_is_like_nothing_known_is_paid_for_once():
    ((fault, where, _),), lost = RESIDUAL.explained({"DZ2": "np.cos(DH)*(Z2>0)"}, IN_BETWEEN)
    assert (fault, where, lost) == ("unrecognised", "DZ2", {"DZ2"})


def test_a_part_in_between_that_is_zero_carries_nothing_forward():
    _, lost = RESIDUAL.explained({"DZ2": "0*DH"}, IN_BETWEEN)
    assert lost >= {"DZ2", "DW2", "DB2"}


def test_a_derivative_that_is_not_known_is_refused_with_a_sentence(monkeypatch):
    monkeypatch.delitem(backward_pass.__globals__["DERIVATIVES"], ("relu", 0))
    with pytest.raises(NoBackwardPass, match=r"derivative of max\(0, Z2\) by Z2 is not known"):
        backward_pass(RESIDUAL.forward, ["DW2"])


def test_a_quantity_that_leads_nowhere_is_refused():
    aside = ForwardPass("A = X @ W\nO = X @ V", upstream="O", X=("N", 4), W=(4, 3), V=(4, 3))
    with pytest.raises(NoBackwardPass, match="O does not depend on W"):
        backward_pass(aside, ["DV", "DW"])


def test_the_steps_come_from_the_output_inward_each_in_front_of_its_parts():
    assert [step.name for step in BACKWARD_PASS.steps] == (
        ["DY", "DW4", "DB4", "DZ3", "DW3", "DB3", "DZ2", "DW2", "DB2", "DZ1", "DW1", "DB1"]
    )


def test_formulas_are_those_of_the_lines_on_the_way():
    formulas = {step.name: step.forward for step in BACKWARD_PASS.steps}
    assert formulas["DY"] == "err = mean((Y - T)²)"
    assert formulas["DW2"] == "Z2 = A1·W2 + B2"
    assert formulas["DZ2"] == "A2 = max(0, Z2), Z3 = A2·W3 + B3"


def test_the_declared_forward_pass_is_that_of_the_second_exercise():
    second = assignments.load("01-error-backpropagation").exercises[1]
    for instance in second.instances(7):
        values, gradients = truth(NETWORK, environment(instance), PARAMETERS)
        expected = second.reference(instance)
        np.testing.assert_allclose(expected["error"], values["err"], rtol=1e-12)
        for name in PARAMETERS:
            np.testing.assert_allclose(expected[name], gradients[name], rtol=1e-9, atol=1e-12)


def test_a_part_that_is_no_quantity_is_reported():
    with pytest.raises(NoBackwardPass, match="no quantity V"):
        backward_pass(NETWORK, ["DV"])


def test_a_step_of_the_assignments_own_stands_where_it_belongs():
    own = Step("DY", (), "mine")
    derived = backward_pass(NETWORK, PARTS, own={"Y": own})
    assert derived.steps[0] is own
    assert [step.name for step in derived.steps] == [step.name for step in BACKWARD_PASS.steps]
