"""Wrong answers to exercise 3 of assignment 03: the backward pass of a classifier, quantity by quantity."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from tests.autograder.mutants.planted import Formula, Planted

MARKS = {"DZ2": 4.0, "DW1": 3.5, "DW2": 3.5, "DB1": 3.5, "DB2": 3.5}
CANCEL = ({"wrong-sign"}, {"sum-instead-of-mean", "mean-twice"})  # one makes up for the other
LOST = {"DZ1": ("DW1", "DB1")}  # of what is not handed in; what is, costs itself alone
RIGHT: dict[str, Formula] = {
    "DZ2": lambda q: (q["P"] - q["T"]) / q["N"],
    "DW2": lambda q: q["A1"].T @ q["DZ2"],
    "DB2": lambda q: q["DZ2"].sum(axis=0),
    "DZ1": lambda q: (q["DZ2"] @ q["W2"].T) * (q["Z1"] > 0),
    "DW1": lambda q: q["X"].T @ q["DZ1"],
    "DB1": lambda q: q["DZ1"].sum(axis=0),
}


def classifier(
    changed: Iterable[tuple[str, Formula]] = (),
    finish: Callable[..., Any] = lambda DZ2, DW, DB: (DZ2, DW, DB),
) -> Callable[..., Any]:
    """The backward pass, some of its quantities computed otherwise."""

    def exercise3(W, B, X, Z1, A1, Z2, P, t):
        q = {"X": X, "Z1": Z1, "A1": A1, "Z2": Z2, "P": P, "t": t, "W1": W[0], "W2": W[1]}
        q |= {"T": np.eye(P.shape[1])[t], "N": len(t), "C": P.shape[1]}
        for name, formula in (RIGHT | dict(changed)).items():
            q[name] = formula(q)
        return finish(q["DZ2"], [q["DW1"], q["DW2"]], [q["DB1"], q["DB2"]])

    return exercise3


def scaled(name: str, factor: Callable[[int], float]) -> Formula:
    return lambda q: factor(q["N"]) * RIGHT[name](q)


def back(q):
    return q["DZ2"] @ q["W2"].T


def softmaxed(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def through(q, DP):
    return q["P"] * (DP - (q["P"] * DP).sum(axis=1, keepdims=True)) / q["N"]


OUTPUT: tuple[tuple[str, Formula], ...] = (
    ("missing-softmax-derivative", lambda q: -q["T"] / q["P"] / q["N"]),
    ("softmax-diagonal-only", lambda q: -q["T"] * (1 - q["P"]) / q["N"]),
    ("target-not-subtracted-from", lambda q: np.where(q["T"] > 0, -1, q["P"]) / q["N"]),
    ("wrong-sign-at-target", lambda q: np.where(q["T"] > 0, 1 - q["P"], q["P"]) / q["N"]),
    ("binary-cross-entropy", lambda q: ((1 - q["T"]) / (1 - q["P"]) - q["T"] / q["P"]) / q["N"]),
    ("softmax-row-sum-missing", lambda q: -q["T"] / q["N"]),
    ("softmax-wrong-axis", lambda q: (q["P"] * q["T"].sum(axis=0) - q["T"]) / q["N"]),
    ("double-softmax", lambda q: (softmaxed(q["P"]) - q["T"]) / q["N"]),
    ("double-softmax-derivative", lambda q: through(q, q["P"] - q["T"])),
    ("double-softmax-derivative", lambda q: (q["P"] - q["T"]) * q["P"] * (1 - q["P"]) / q["N"]),
    ("sum-instead-of-mean", lambda q: q["P"] - q["T"]),
    ("mean-twice", lambda q: (q["P"] - q["T"]) / q["N"] ** 2),
    ("averaged-over-classes", lambda q: (q["P"] - q["T"]) / q["P"].size),
    ("targets-not-subtracted", lambda q: q["P"] / q["N"]),
    ("wrong-sign", lambda q: (q["T"] - q["P"]) / q["N"]),
    ("wrong-scale", lambda q: 2 * (q["P"] - q["T"]) / q["N"]),
    ("logits-for-probabilities", lambda q: (q["Z2"] - q["T"]) / q["N"]),
    ("log-probabilities-for-probabilities", lambda q: (np.log(q["P"]) - q["T"]) / q["N"]),
    ("sigmoid-for-softmax", lambda q: (1 / (1 + np.exp(-q["Z2"])) - q["T"]) / q["N"]),
    ("wrong-error", lambda q: through(q, 2 * (q["P"] - q["T"]))),
    ("zero", lambda q: 0 * q["P"]),
)
BELOW: tuple[tuple[str, str, Formula], ...] = (
    ("missing-relu-mask", "DZ1", back),
    ("inverted-relu-mask", "DZ1", lambda q: back(q) * (q["Z1"] < 0)),
    ("activation-instead-of-derivative", "DZ1", lambda q: back(q) * q["A1"]),
    ("relu-of-gradient", "DZ1", lambda q: np.maximum(0, back(q))),
    ("leaky-relu-mask", "DZ1", lambda q: back(q) * np.where(q["Z1"] > 0, 1, 0.01)),
    ("wrong-slope", "DZ1", lambda q: back(q) * (1 - q["A1"] ** 2)),
    ("weights-updated", "DZ1", lambda q: (q["DZ2"] @ (q["W2"] - 0.1 * q["DW2"]).T) * (q["Z1"] > 0)),
    ("sum-instead-of-mean", "DZ1", scaled("DZ1", lambda N: N)),
    ("mean-twice", "DZ1", scaled("DZ1", lambda N: 1 / N)),
    ("wrong-sign", "DZ1", scaled("DZ1", lambda N: -1)),
    ("pre-activation-as-input", "DW2", lambda q: q["Z1"].T @ q["DZ2"]),
    ("zero", "DW1", lambda q: 0 * q["W1"]),
    ("unrecognised", "DW2", lambda q: np.cos(RIGHT["DW2"](q))),
    *(
        (name, f"D{kind}{k}", scaled(f"D{kind}{k}", factor))
        for kind in "WB"
        for k in (1, 2)
        for name, factor in (
            ("sum-instead-of-mean", lambda N: N),
            ("mean-twice", lambda N: 1 / N),
            ("wrong-sign", lambda N: -1),
            ("wrong-scale", lambda N: 3),
        )
    ),
    *(("values-summed", "DB1", lambda q, v=v: q[v].sum(axis=0)) for v in ("Z1", "A1")),
    ("values-summed", "DB2", lambda q: q["Z2"].sum(axis=0)),
    (
        "reshape-for-transpose",
        "DZ1",
        lambda q: (q["DZ2"] @ q["W2"].reshape(q["W2"].shape[::-1])) * (q["Z1"] > 0),
    ),
    ("reshape-for-transpose", "DW2", lambda q: q["A1"].reshape(q["A1"].shape[::-1]) @ q["DZ2"]),
    *(("transposed", f"DW{k}", lambda q, k=k: RIGHT[f"DW{k}"](q).T) for k in (1, 2)),
    *(("not-summed", f"DB{k}", lambda q, k=k: q[f"DZ{k}"]) for k in (1, 2)),
    *(("wrong-axis", f"DB{k}", lambda q, k=k: q[f"DZ{k}"].sum(axis=1)) for k in (1, 2)),
    *(("extra-axis", f"DB{k}", lambda q, k=k: RIGHT[f"DB{k}"](q)[None]) for k in (1, 2)),
    *(("one-data-point", f"DB{k}", lambda q, k=k: q[f"DZ{k}"][0]) for k in (1, 2)),
)
ALONE = (*((name, "DZ2", formula) for name, formula in OUTPUT), *BELOW)


def _planted(*mistakes: tuple[str, str, Formula]) -> Planted:
    lost = {part for _, where, _ in mistakes for part in LOST.get(where, (where,))}
    score = sum(marks for part, marks in MARKS.items() if part not in lost)
    changed = tuple((where, formula) for _, where, formula in mistakes)
    return Planted(tuple((name, where) for name, where, _ in mistakes), score, classifier(changed))


def single() -> list[Planted]:
    """Every mistake alone."""
    return [_planted(mistake) for mistake in ALONE if mistake[:2] != ("zero", "DZ2")]


def combined() -> list[Planted]:
    """Two mistakes at different places, where both show: a third of all pairs, each mistake in many."""
    pairs = [pair for pair in itertools.combinations(ALONE, 2) if _apart(*pair)]
    return [_planted(*pair) for pair in pairs[::3]]


def _apart(one: tuple[str, str, Formula], other: tuple[str, str, Formula]) -> bool:
    """Whether both show: what is zero or not explained hides what follows from it, and shapes must fit."""
    names, places = {one[0], other[0]}, {one[1], other[1]}
    if len({part for place in places for part in LOST.get(place, (place,))}) < sum(
        len(LOST.get(place, (place,))) for place in (one[1], other[1])
    ):
        return False
    if ("zero", "DZ2") in (one[:2], other[:2]) or names in CANCEL:
        return False
    if one[0] == other[0] and places == {"DW1", "DB1"}:
        return False  # the same in both is one mistake in DZ1
    return not ("weights-updated" in names and places & {"DW2"})


def whole() -> list[Planted]:
    """The structure of the answer."""
    return [
        Planted((("wrong-length", "answer"),), 0.0, classifier(finish=lambda DZ2, DW, DB: (DW, DB))),
        Planted((("returns-nothing", "answer"),), 0.0, classifier(finish=lambda DZ2, DW, DB: None)),
    ]
