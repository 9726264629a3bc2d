"""An assignment of another network is marked and diagnosed by its own folder alone."""

from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import autograder
from autograder import calling, report
from autograder.exercise import Verdict
from autograder.mark import mark
from tests.autograder.softmax.exercises import ASSIGNMENT, SIZES, gradient, instances

SEEDS = (3, 33)
drawn = cache(instances)
(EXERCISE,) = (replace(exercise, instances=drawn) for exercise in ASSIGNMENT.exercises)
RIGHT = {
    "DZ2": lambda q: (q["P"] - q["T"]) / len(q["X"]),
    "DW2": lambda q: q["A1"].T @ q["DZ2"],
    "DB2": lambda q: q["DZ2"].sum(axis=0),
    "DZ1": lambda q: (q["DZ2"] @ q["W2"].T) * (q["Z1"] > 0),
    "DW1": lambda q: q["X"].T @ q["DZ1"],
    "DB1": lambda q: q["DZ1"].sum(axis=0),
}
LOST = {"DZ2": ("DW2", "DB2"), "DZ1": ("DW1", "DB1")}


def marked(function, seed):
    def call(exercise, instance):
        return calling.call(function, exercise.convention, instance.inputs)

    return mark(EXERCISE, calling.one_by_one(call), seed)


@dataclass(frozen=True)
class Mutant:
    """An answer in which some quantities are computed wrongly; with none of them it is right."""

    faults: tuple[tuple[str, str], ...] = ()
    formulas: dict = field(default_factory=dict)

    def __str__(self):
        return "+".join(f"{name}@{where}" for name, where in self.faults)

    @property
    def lost(self):
        return {part for _, where in self.faults for part in LOST.get(where, (where,))}

    def function(self, W, B, X, Z1, A1, Z2, P, T):  # noqa: ARG002  the exercise's signature
        q = {"X": X, "Z1": Z1, "A1": A1, "Z2": Z2, "P": P, "T": T, "W1": W[0], "W2": W[1]}
        for name, formula in (RIGHT | self.formulas).items():
            q[name] = formula(q)
        return [q["DW1"], q["DW2"]], [q["DB1"], q["DB2"]]


def scaled(name, factor):
    return lambda q: factor(len(q["X"])) * RIGHT[name](q)


ALONE = [
    ("missing-softmax-derivative", "DZ2", lambda q: -q["T"] / q["P"] / len(q["X"])),
    ("missing-softmax-derivative", "DZ2", lambda q: -q["T"] * (1 - q["P"]) / len(q["X"])),
    ("targets-not-subtracted", "DZ2", lambda q: q["P"] / len(q["X"])),
    ("logits-for-probabilities", "DZ2", lambda q: (q["Z2"] - q["T"]) / len(q["X"])),
    ("wrong-error", "DZ2", lambda q: 2 * (q["P"] - q["T"]) * q["P"] * (1 - q["P"]) / len(q["X"])),
    ("sum-instead-of-mean", "DZ2", lambda q: q["P"] - q["T"]),
    ("mean-twice", "DZ2", scaled("DZ2", lambda N: 1 / N)),
    ("wrong-sign", "DZ2", lambda q: (q["T"] - q["P"]) / len(q["X"])),
    ("wrong-scale", "DZ2", scaled("DZ2", lambda N: 2)),
    ("wrong-scale", "DZ2", lambda q: (q["P"] - q["T"]) / q["P"].size),
    ("missing-relu-mask", "DZ1", lambda q: q["DZ2"] @ q["W2"].T),
    ("inverted-relu-mask", "DZ1", lambda q: (q["DZ2"] @ q["W2"].T) * (q["Z1"] < 0)),
    ("activation-instead-of-derivative", "DZ1", lambda q: (q["DZ2"] @ q["W2"].T) * q["A1"]),
    ("relu-of-gradient", "DZ1", lambda q: np.maximum(0, q["DZ2"] @ q["W2"].T)),
    ("weights-updated", "DZ1", lambda q: (q["DZ2"] @ (q["W2"] - 0.1 * q["DW2"]).T) * (q["Z1"] > 0)),
    ("sum-instead-of-mean", "DZ1", scaled("DZ1", lambda N: N)),
    ("pre-activation-as-input", "DW2", lambda q: q["Z1"].T @ q["DZ2"]),
    ("zero", "DW1", lambda q: np.zeros((3, 5))),
    ("unrecognised", "DW2", lambda q: np.cos(RIGHT["DW2"](q))),
    *(
        (name, f"D{kind}{k}", scaled(f"D{kind}{k}", factor))
        for kind in "WB"
        for k in (1, 2)
        for name, factor in (("sum-instead-of-mean", lambda N: N), ("wrong-sign", lambda N: -1))
    ),
    *(("transposed", f"DW{k}", lambda q, k=k: RIGHT[f"DW{k}"](q).T) for k in (1, 2)),
    *(("not-summed", f"DB{k}", lambda q, k=k: q[f"DZ{k}"]) for k in (1, 2)),
    *(("wrong-axis", f"DB{k}", lambda q, k=k: q[f"DZ{k}"].sum(axis=1)) for k in (1, 2)),
    *(("extra-axis", f"DB{k}", lambda q, k=k: RIGHT[f"DB{k}"](q)[None]) for k in (1, 2)),
]
SINGLE = [Mutant(((name, where),), {where: formula}) for name, where, formula in ALONE]


def apart(a, b):
    """Whether two mistakes show side by side: factors may cancel, and what is not told hides what is."""
    factors = {"sum-instead-of-mean", "mean-twice", "wrong-sign", "wrong-scale"}
    alone = {"unrecognised", "zero"}
    (name, where), (other, place) = a.faults[0], b.faults[0]
    return not (
        a.lost & b.lost
        or {name, other} <= factors
        or {name, other} & alone
        or {(name, where), (other, place)} == {("weights-updated", "DZ1"), ("transposed", "DW2")}  # it raises
    )


PAIRS = [
    Mutant(a.faults + b.faults, a.formulas | b.formulas) for a, b in combinations(SINGLE, 2) if apart(a, b)
]


def by_points(W, B, X, Z1, A1, Z2, P, T):
    """Point by point, with the softmax's own Jacobian."""
    DW, DB = [np.zeros((3, 5)), np.zeros((5, 4))], [np.zeros(5), np.zeros(4)]
    for n in range(len(X)):
        jacobian = np.diag(P[n]) - np.outer(P[n], P[n])
        D2 = jacobian @ (-T[n] / P[n]) / len(X)
        D1 = np.where(A1[n] > 0, W[1] @ D2, 0)
        for k, (a, D) in enumerate(((X[n], D1), (A1[n], D2))):
            DW[k] += np.outer(a, D)
            DB[k] += D
    return tuple(DW), tuple(DB)


def layers_in_a_loop(W, B, X, Z1, A1, Z2, P, T):
    D = P.copy()
    D[np.arange(len(X)), T.argmax(axis=1)] -= 1
    D /= len(X)
    DW, DB = [], []
    for k, A in ((1, A1), (0, X)):
        DW.insert(0, np.einsum("ni,nj->ij", A, D))
        DB.insert(0, sum(D))
        D = (W[k] @ D.T).T * np.sign(A) if k else D
    return DW, DB


def single_precision(W, B, X, Z1, A1, Z2, P, T):
    X, A1, P, T = (a.astype(np.float32) for a in (X, A1, P, T))
    return Mutant().function([w.astype(np.float32) for w in W], B, X, A1, A1, Z2, P, T)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("function", [Mutant().function, by_points, layers_in_a_loop, single_precision])
def test_a_right_answer_earns_full_marks_with_no_fault(function, seed):
    result = marked(function, seed)
    assert result.score == ASSIGNMENT.max_score == 10
    assert result.faults == ()


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("mutant", SINGLE, ids=str)
def test_a_planted_mistake_is_told_by_name_and_place_and_costs_only_its_own_parts(mutant, seed):
    result = marked(mutant.function, seed)
    assert {(fault.fault, fault.where) for fault in result.faults} == set(mutant.faults)
    assert {part.part.name for part in result.parts if part.score == 0} == mutant.lost


def test_two_planted_mistakes_are_both_told_and_their_costs_add_up():
    wrong = []
    for mutant in PAIRS:
        result = marked(mutant.function, SEEDS[0])
        told = {(fault.fault, fault.where) for fault in result.faults}
        lost = {part.part.name for part in result.parts if part.score == 0}
        if (told, lost) != (set(mutant.faults), mutant.lost):
            wrong.append(f"{mutant}: {told}, lost {lost}")
    assert len(PAIRS) > 100
    assert not wrong


def test_an_error_of_the_softmax_is_carried_forward_to_the_hidden_layer():
    result = marked(SINGLE[0].function, SEEDS[0])
    verdicts = {part.part.name: part.verdict for part in result.parts}
    assert verdicts == {
        "DW1": Verdict.CARRIED_FORWARD,
        "DW2": Verdict.WRONG,
        "DB1": Verdict.CARRIED_FORWARD,
        "DB2": Verdict.WRONG,
    }
    assert result.score == 5


def test_where_nothing_explains_the_first_step_the_single_data_point_tells_of_the_next():
    mutant = Mutant((("unrecognised", "DZ2"),), {"DZ2": lambda q: np.sin(3 * q["P"]) - q["T"] + 0.2})
    result = marked(mutant.function, SEEDS[0])
    assert [(fault.fault, fault.where) for fault in result.faults] == [("unrecognised", "DZ2")]
    assert result.score == 5


def test_the_report_tells_the_quantity_by_its_own_formula():
    text = " ".join(report.exercise_as_text(marked(SINGLE[0].function, SEEDS[0])).split())
    assert "Backpropagation through a classifier — 5 of 10 P" in text
    assert "P = softmax(Z2)" in text
    assert "DZ2" in report.exercise_as_html(marked(SINGLE[0].function, SEEDS[0]))


def test_the_grader_itself_knows_nothing_of_this_network():
    folder = Path(autograder.__file__).parent
    known = [
        path.name for path in folder.glob("*.py") if "softmax" in path.read_text(encoding="utf-8").lower()
    ]
    assert not known


def test_the_same_seed_draws_the_same_instances_of_all_sizes():
    sizes = [len(instance.inputs["X"]) for instance in drawn(SEEDS[0])]
    assert sizes == [8, *SIZES]
    for one, other in zip(instances(7), instances(7), strict=True):
        assert all(np.array_equal(one.inputs[name], other.inputs[name]) for name in ("X", "T", "P"))


def test_the_reference_agrees_with_central_differences():
    for instance in drawn(SEEDS[0]):
        W, B, X, T = (instance.inputs[name] for name in ("W", "B", "X", "T"))

        def error(W1, X=X, B=B, T=T, W=W):
            Z2 = np.maximum(0, X @ W1 + B[0]) @ W[1] + B[1]
            return -np.mean(np.sum(T * (Z2 - np.log(np.exp(Z2).sum(axis=1, keepdims=True))), axis=1))

        truth = gradient(instance)["DW1"]
        for index in np.ndindex(truth.shape):
            nudge = np.zeros(truth.shape)
            nudge[index] = 1e-6
            slope = (error(W[0] + nudge) - error(W[0] - nudge)) / 2e-6
            assert slope == pytest.approx(truth[index], rel=1e-5, abs=1e-8)


def test_a_fault_of_this_assignment_alone_is_told_in_its_own_words():
    (mutant,) = [m for m in SINGLE if m.faults[0][0] == "missing-softmax-derivative"][:1]
    exercise = ASSIGNMENT.exercises[0]
    result = mark(
        exercise, calling.one_by_one(lambda e, i: calling.call(mutant.function, e.convention, i.inputs)), 3
    )
    assert [fault.fault for fault in result.faults] == ["missing-softmax-derivative"]
    assert result.faults[0].message.startswith("`DZ2` stops at the probabilities.")
