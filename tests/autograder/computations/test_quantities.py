"""Quantities that are handed in themselves: what went wrong on the way to them is named at its place."""

import numpy as np
import pytest

from autograder.computations.quantities import quantities
from autograder.diagnosis.by_computation import by_computation
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import inputs_alone

ATTENTION = ForwardPass(
    """
    R = Q @ K.T
    S = R / sqrt(d)
    P = softmax(S, axis=1, where=M)
    O = P @ V
    """,
    Q=("T", "d"), K=("T", "d"), V=("T", "e"), M=("T", "T"), upstream="O",
)  # fmt: skip
NORMALISED = ForwardPass(
    """
    m = mean(X, axis="D", keepdims=True)
    C = X - m
    v = mean(C ** 2, axis="D", keepdims=True)
    s = sqrt(v + 0.1)
    Y = C / s
    """,
    X=("N", "D"), upstream="Y",
)  # fmt: skip
TWO_LAYERS = ForwardPass(
    """
    A1 = sigmoid(X @ W1 + B1)
    A2 = sigmoid(A1 @ W2 + B2)
    Y = A2 @ W3 + B3
    """,
    X=("N", 3), W1=(3, 4), W2=(4, 4), W3=(4, 2), B1=(4,), B2=(4,), B3=(2,), upstream="Y",
)  # fmt: skip
SIZES = ({"T": 4, "d": 3, "e": 2}, {"T": 6, "d": 4, "e": 3}, {"T": 5, "d": 2, "e": 6})


def masks(_, T, __):
    """What comes before, and in the last row not the second entry."""
    M = np.tril(np.ones((T, T), dtype=bool))
    M[-1, 1] = False
    return M


def softmax(S):
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def attended(q, scale=lambda d: d**-0.5, weights=lambda S, M: softmax(np.where(M, S, -np.inf))):
    S = np.einsum("td,sd->ts", q["Q"], q["K"]) * scale(q["Q"].shape[1])
    P = weights(S, q["M"])
    return {"S": S, "P": P, "O": P @ q["V"]}


def told(forward, parts, given, answer):
    """Names and places, and the parts that are earned."""
    diagnosis = by_computation(quantities(forward, parts))(given, [answer(i.inputs) for i in given], parts)
    return {(finding.fault, finding.where) for finding in diagnosis.findings}, set(diagnosis.earned)


FROM_ATTENTION = [
    (attended, set(), {"S", "P", "O"}),
    (lambda q: attended(q, scale=lambda d: 1), {("scale-left-out", "S")}, {"P", "O"}),
    (lambda q: attended(q, scale=lambda d: d**0.5), {("scale-inverted", "S")}, {"P", "O"}),
    (lambda q: attended(q, scale=lambda d: 1 / d), {("scale-squared", "S")}, {"P", "O"}),
    (lambda q: attended(q, weights=lambda S, M: softmax(S)), {("mask-left-out", "P")}, {"S", "O"}),
    (lambda q: attended(q, weights=lambda S, M: softmax(S) * M), {("mask-after-softmax", "P")}, {"S", "O"}),
    (lambda q: attended(q, weights=lambda S, M: softmax(S * M)), {("masked-scores-zero", "P")}, {"S", "O"}),
    (
        lambda q: attended(q, scale=lambda d: 1, weights=lambda S, M: softmax(S)),
        {("scale-left-out", "S"), ("mask-left-out", "P")},
        {"O"},
    ),
]


@pytest.mark.parametrize(("answer", "faults", "earned"), FROM_ATTENTION)
def test_a_mistake_costs_the_quantity_it_is_made_in_and_what_follows_is_carried_forward(
    answer, faults, earned
):
    assert told(ATTENTION, ["S", "P", "O"], inputs_alone(ATTENTION, SIZES, {"M": masks}, seed=1), answer) == (
        faults,
        earned,
    )


@pytest.mark.parametrize(("answer", "faults"), [case[:2] for case in FROM_ATTENTION])
def test_where_the_last_array_alone_is_handed_in_a_mistake_on_the_way_is_named_too(answer, faults):
    def last(q):
        return {"O": answer(q)["O"]}

    assert told(ATTENTION, ["O"], inputs_alone(ATTENTION, SIZES, {"M": masks}, seed=2), last) == (
        faults,
        set() if faults else {"O"},
    )


BATCHES = inputs_alone(NORMALISED, [{"N": 3, "D": 5}, {"N": 6, "D": 4}, {"N": 5, "D": 7}], seed=3)


def normalised(q, over=1, ddof=0, root=lambda v: np.sqrt(v + 0.1)):
    C = q["X"] - q["X"].mean(axis=1, keepdims=True)
    v = (C**2).sum(axis=over, keepdims=True) / (C.shape[over] - ddof)
    return {"Y": C / root(v)}


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (lambda q: normalised(q, ddof=1), {("mean-over-one-less", "v")}),
        (lambda q: normalised(q, root=lambda v: np.sqrt(v) + 0.1), {("number-after-function", "s")}),
        (lambda q: normalised(q, root=np.sqrt), {("number-left-out", "s")}),
        (lambda q: normalised(q, root=lambda v: v + 0.1), {("function-left-out", "s")}),
        (lambda q: {"Y": q["X"] - q["X"].mean()}, {("divisor-left-out", "Y"), ("reduced-wrong-axis", "m")}),
        (lambda q: {"Y": q["X"] - q["X"].mean(axis=1, keepdims=True)}, {("divisor-left-out", "Y")}),
        (lambda q: {"Y": np.sin(normalised(q)["Y"])}, {("unrecognised", "Y")}),
    ],
)
def test_variances_and_roots_are_told_apart(answer, faults):
    assert told(NORMALISED, ["Y"], BATCHES, answer)[0] == faults


def network(q, function=lambda Z: 1 / (1 + np.exp(-Z)), biases=(1, 1, 1)):
    A = q["X"]
    for k in (1, 2):
        A = function(A @ q[f"W{k}"] + biases[k - 1] * q[f"B{k}"])
    return {"Y": A @ q["W3"] + biases[2] * q["B3"]}


@pytest.mark.parametrize(
    ("answer", "faults"),
    [
        (
            lambda q: network(q, function=lambda Z: Z),
            {("function-left-out", "A1"), ("function-left-out", "A2")},
        ),
        (  # six places, which are three mistakes
            lambda q: network({**q, "W2": q["W2"].T}, function=np.tanh, biases=(0, 0, 0)),
            {
                *(("wrong-function", f"A{k}") for k in (1, 2)),
                *(("missing-bias", f"B{k}") for k in (1, 2, 3)),
                ("operand-transposed", "A2"),
            },
        ),
    ],
    ids=["alone", "and leaves room for two others"],
)
def test_one_mistake_in_all_its_places_is_reported_in_each(answer, faults):
    assert told(TWO_LAYERS, ["Y"], inputs_alone(TWO_LAYERS, [{"N": 4}, {"N": 7}]), answer)[0] == faults
