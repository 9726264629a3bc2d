"""Wrong answers to exercise 1 of assignment 01, one planted mistake or several, each with its name and place.

The backward pass here is written as a student would write it, quantity by quantity, and any of them can be
replaced. It shares nothing with the grader's own steps.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.autograder.mutants.planted import Formula

ORDER = ["DY", "DW4", "DB4", "DZ3", "DW3", "DB3", "DZ2", "DW2", "DB2", "DZ1", "DW1", "DB1"]
RIGHT: dict[str, Formula] = {
    "DY": lambda q: 2 * (q["Y"] - q["T"]) / len(q["X"]),
    "DZ3": lambda q: np.dot(q["DY"], q["W4"].T) * (q["Z3"] > 0),
    "DZ2": lambda q: np.dot(q["DZ3"], q["W3"].T) * (q["Z2"] > 0),
    "DZ1": lambda q: np.dot(q["DZ2"], q["W2"].T) * (q["Z1"] > 0),
    "DW4": lambda q: np.dot(q["A3"].T, q["DY"]),
    "DW3": lambda q: np.dot(q["A2"].T, q["DZ3"]),
    "DW2": lambda q: np.dot(q["A1"].T, q["DZ2"]),
    "DW1": lambda q: np.dot(q["X"].T, q["DZ1"]),
    "DB4": lambda q: np.sum(q["DY"], axis=0),
    "DB3": lambda q: np.sum(q["DZ3"], axis=0),
    "DB2": lambda q: np.sum(q["DZ2"], axis=0),
    "DB1": lambda q: np.sum(q["DZ1"], axis=0),
}


@dataclass(frozen=True)
class Mutant:
    """An answer with planted mistakes."""

    faults: tuple[tuple[str, str], ...]
    """Names and places, from the output inward."""
    score: float
    formulas: tuple[tuple[str, Formula], ...] = ()
    finish: Callable[[list[Any], list[Any], dict[str, Any]], Any] = lambda DW, DB, q: (DW, DB)

    def __str__(self) -> str:
        return "+".join(f"{name}@{where}" for name, where in self.faults)

    def exercise1(self, W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        q = {"X": X, "Z1": Z1, "A1": A1, "Z2": Z2, "A2": A2, "Z3": Z3, "A3": A3, "Y": Y, "T": T}
        q |= {f"W{i + 1}": w.copy() for i, w in enumerate(W)}
        q |= {f"B{i + 1}": b for i, b in enumerate(B)}
        formulas = RIGHT | dict(self.formulas)
        for name in ORDER:
            q[name] = formulas[name](q)
        DW, DB = [q[f"DW{i}"] for i in (1, 2, 3, 4)], [q[f"DB{i}"] for i in (1, 2, 3, 4)]
        return self.finish(DW, DB, q)


def scaled(name: str, factor: Callable[[int], float]) -> tuple[str, Formula]:
    """A quantity multiplied by a factor that may depend on N."""
    return name, lambda q: factor(len(q["X"])) * RIGHT[name](q)


FACTORS: dict[str, Callable[[int], float]] = {
    "missing-factor-two": lambda N: 0.5,
    "wrong-sign": lambda N: -1.0,
    "wrong-scale": lambda N: 3.0,
    "sum-instead-of-mean": lambda N: N,
    "mean-twice": lambda N: 1 / N,
}


def _cost(where: str) -> float:
    return 2.5 if where[:2] in ("DW", "DB") else 5.0


def single() -> list[Mutant]:
    """One mistake at a time: every name at every place it can occur."""
    result: list[tuple[str, str, Formula]] = []
    for name, factor in FACTORS.items():
        result += [(name, where, scaled(where, factor)[1]) for where in ORDER]
    for k in (1, 2, 3):
        up, W = ("DY", "W4") if k == 3 else (f"DZ{k + 1}", f"W{k + 1}")
        where, Z, A = f"DZ{k}", f"Z{k}", f"A{k}"

        def back(q: dict[str, Any], up: str = up, W: str = W) -> Any:
            return q[up] @ q[W].T

        result.append(("missing-relu-mask", where, back))
        result.append(("missing-relu-mask", where, lambda q, b=back, A=A: b(q) * (q[A] >= 0)))
        result.append(("inverted-relu-mask", where, lambda q, b=back, Z=Z: b(q) * (q[Z] <= 0)))
        result.append(("activation-instead-of-derivative", where, lambda q, b=back, A=A: b(q) * q[A]))
        result.append(("relu-of-gradient", where, lambda q, b=back: np.maximum(0, b(q))))
        masked = "gradient-masked-by-its-sign"
        result.append((masked, where, lambda q, b=back, Z=Z: b(q) * (q[Z] > 0) * (b(q) > 0)))
        result.append(("upstream-twice", where, lambda q, b=back, A=A: b(q) ** 2 * (q[A] > 0)))
        result.append(("output-for-upstream", where, lambda q, A=A: q[A]))
        result.append(("not-cleared", where, lambda q, b=back, A=A: b(q).cumsum(axis=0) * (q[A] > 0)))
        result.append(("wrong-relu-mask", where, lambda q, b=back, Z=Z: b(q) * (q[Z].sum(axis=0) > 0)))
        result.append(("product-compared", where, lambda q, b=back, A=A: (b(q) * q[A] > 0) + 0.0))
        for j in {1, 2, 3} - {k}:
            result.append(("wrong-relu-mask", where, lambda q, b=back, j=j: b(q) * (q[f"A{j}"] > 0)))
        if k < 3:
            other = {1: "W3", 2: "W2"}[k]
            result.append(
                ("weights-not-transposed", where, lambda q, up=up, W=W, Z=Z: (q[up] @ q[W]) * (q[Z] > 0))
            )
            result.append(
                ("wrong-weights", where, lambda q, up=up, o=other, Z=Z: (q[up] @ q[o].T) * (q[Z] > 0))
            )
            for summed in (
                lambda D, W: D * W.sum(axis=1),
                lambda D, W: D.sum(axis=1)[:, None] * W.sum(axis=0),
            ):
                result.append(
                    (
                        "weights-summed",
                        where,
                        lambda q, up=up, W=W, Z=Z, s=summed: s(q[up], q[W]) * (q[Z] > 0),
                    )
                )
            result += [
                ("one-unit-above", where, lambda q, up=up, W=W, Z=Z: q[up][:, :1] * q[W][:, 0] * (q[Z] > 0)),
                ("mask-before-product", where, lambda q, up=up, W=W, Z=Z: (q[up] * (q[Z] > 0)) @ q[W].T),
            ]
        result.append(
            (
                "weights-normalised",
                where,
                lambda q, up=up, W=W, Z=Z: (q[up] @ (q[W] / q[W].sum(axis=0)).T) * (q[Z] > 0),
            )
        )
        result.append(("weights-left-out", where, lambda q, up=up, Z=Z: q[up] * (q[Z] > 0)))
        below = "X" if k == 1 else f"A{k - 1}"
        result.append(
            ("mask-without-bias", where, lambda q, b=back, A=below, k=k: b(q) * (q[A] @ q[f"W{k}"] > 0))
        )
        for slope in (lambda A: A * (1 - A), lambda A: 1 - A**2):
            result.append(("wrong-slope", where, lambda q, b=back, A=A, s=slope: b(q) * s(q[A])))
        for leak in (0.01, 0.2):
            result.append(
                ("leaky-relu-mask", where, lambda q, b=back, Z=Z, s=leak: b(q) * np.where(q[Z] > 0, 1, s))
            )
        result.append(("number-for-gradient", where, lambda q, b=back, Z=Z: np.where(q[Z] > 0, b(q), 0.01)))
        for rate in (0.01, 0.1):
            result.append(
                (
                    "weights-updated",
                    where,
                    lambda q, up=up, W=W, Z=Z, r=rate: (q[up] @ (q[W] - r * q[f"D{W}"]).T) * (q[Z] > 0),
                )
            )
        if k > 1:
            result.append(
                (
                    "gradient-for-weights",
                    where,
                    lambda q, up=up, W=W, Z=Z: (q[up] @ q[f"D{W}"].T) * (q[Z] > 0),
                )
            )
    result += [
        ("itself-added", "DW2", lambda q: RIGHT["DW2"](q) + 0.1 * q["W2"]),
        ("itself-added", "DW3", lambda q: RIGHT["DW3"](q) + 0.01 * np.sign(q["W3"])),
        ("sign-lost", "DY", lambda q: np.abs(RIGHT["DY"](q))),
        ("wrong-input", "DW1", lambda q: (q["X"] - q["X"].mean(axis=0)).T @ q["DZ1"]),
        ("reshape-for-transpose", "DW1", lambda q: q["X"].reshape(q["X"].shape[::-1]) @ q["DZ1"]),
        ("reshape-for-transpose", "DW3", lambda q: q["A2"].reshape(q["A2"].shape[::-1]) @ q["DZ3"]),
        ("values-summed", "DB1", lambda q: q["A1"].sum(axis=0)),
        ("values-summed", "DB3", lambda q: q["Z3"].sum(axis=0)),
        ("itself-added", "DB1", lambda q: RIGHT["DB1"](q) + q["B1"]),
        ("rounded", "DW3", lambda q: np.round(RIGHT["DW3"](q), 2)),
        ("cut-off", "DW3", lambda q: np.clip(RIGHT["DW3"](q), -0.05, 0.05)),
        ("brought-to-a-length", "DW1", lambda q: RIGHT["DW1"](q) / np.linalg.norm(RIGHT["DW1"](q))),
        ("output-masked", "DY", lambda q: RIGHT["DY"](q) * (q["Y"] > 0)),
        ("divided-in-part", "DY", lambda q: 2 * q["Y"] - q["T"] / len(q["X"])),
        ("divided-in-part", "DY", lambda q: 2 * q["Y"] / len(q["X"]) - q["T"]),
        ("doubled-in-part", "DY", lambda q: (2 * q["Y"] - q["T"]) / len(q["X"])),
        (
            "broadcast-targets",
            "DY",
            lambda q: 2 * (q["Y"] - q["T"][:, 0]).mean(axis=1)[:, None] / len(q["X"]),
        ),
        ("wrong-upstream", "DZ1", lambda q: (q["DZ3"] @ q["W2"].T) * (q["Z1"] > 0)),
        ("wrong-scale", "DY", lambda q: 2 * (q["Y"] - q["T"]) / (len(q["X"]) - 1)),
        ("wrong-scale", "DY", lambda q: 2 * (q["Y"] - q["T"]) * len(q["X"])),
        ("hard-coded-size", "DY", lambda q: 2 * (q["Y"] - q["T"]) / 64),
        ("output-activated", "DY", lambda q: RIGHT["DY"](q) * q["Y"] * (1 - q["Y"])),
        ("averaged", "DY", lambda q: np.full_like(q["Y"], RIGHT["DY"](q).mean())),
        ("one-data-point", "DY", lambda q: RIGHT["DY"](q) * (np.arange(len(q["X"])) == 0)[:, None]),
        ("data-point-left-out", "DY", lambda q: RIGHT["DY"](q) * (np.arange(len(q["X"])) > 0)[:, None]),
        ("entries-in-another-order", "DW1", lambda q: (q["DZ1"].T @ q["X"]).reshape(4, 6)),
        ("wrong-error", "DY", lambda q: np.full_like(q["Y"], np.mean((q["Y"] - q["T"]) ** 2))),
        ("wrong-error", "DY", lambda q: np.clip(q["Y"] - q["T"], -1, 1) / len(q["X"])),
        ("wrong-error", "DY", lambda q: np.sign(q["Y"] - q["T"]) / len(q["X"])),
        ("wrong-error", "DY", lambda q: (q["Y"] - q["T"]) ** 2 / len(q["X"])),
    ]
    for k in (1, 2, 3, 4):
        up, where = ("DY" if k == 4 else f"DZ{k}"), f"DW{k}"
        below = "X" if k == 1 else f"A{k - 1}"
        result += [
            ("transposed", where, lambda q, w=where: RIGHT[w](q).T),
            (
                "summed-over-all-axes",
                where,
                lambda q, w=where: np.full_like(RIGHT[w](q), RIGHT[w](q).sum()),
            ),
            ("data-point-left-out", where, lambda q, u=up, A=below: q[A][1:].T @ q[u][1:]),
            (
                "product-of-sums",
                where,
                lambda q, u=up, A=below: np.outer(q[A].mean(axis=0), q[u].sum(axis=0)),
            ),
        ]
        if k > 1:
            result.append(("mask-as-input", where, lambda q, u=up, k=k: (q[f"Z{k - 1}"] > 0).T @ q[u]))
            result.append(("pre-activation-as-input", where, lambda q, u=up, k=k: q[f"Z{k - 1}"].T @ q[u]))
            for j in {1, 2, 3} - {k - 1}:
                result.append(("wrong-input", where, lambda q, u=up, j=j: q[f"A{j}"].T @ q[u]))
        where = f"DB{k}"
        result += [
            ("wrong-axis", where, lambda q, u=up: q[u].sum(axis=1)),
            ("summed-over-all-axes", where, lambda q, u=up: q[u].sum()),
            ("not-summed", where, lambda q, u=up: q[u]),
            ("extra-axis", where, lambda q, u=up: q[u].sum(axis=0, keepdims=True)),
            ("one-data-point", where, lambda q, u=up: q[u][-1]),
            ("data-point-left-out", where, lambda q, u=up: q[u][:-1].sum(axis=0)),
            ("weights-gradient-summed", where, lambda q, u=up, A=below: (q[A].T @ q[u]).sum(axis=0)),
            ("bias-as-factor", where, lambda q, u=up, b=f"B{k}": q[u].sum(axis=0) * q[b]),
            (
                "bias-as-factor",
                where,
                lambda q, u=up, Z="Y" if k == 4 else f"Z{k}": (q[u] * q[Z]).sum(axis=0),
            ),
            ("returns-updated-parameters", where, lambda q, w=where, b=f"B{k}": q[b] - 0.1 * RIGHT[w](q)),
        ]
        if k < 4:
            result.append(("summed-over-all-axes", where, lambda q, u=up: np.full(6, q[u].sum())))
    # Mixing all outputs with all targets leaves the sum over the data as it was, so DB4 stays right.
    spared = {"broadcast-targets": 2.5, "averaged": 2.5}
    return [
        Mutant(((name, where),), 20 - _cost(where) + spared.get(name, 0), ((where, formula),))
        for name, where, formula in result
    ]


def combined() -> list[Mutant]:
    """Two and three mistakes in one answer, at different places and at the same."""
    alone = {
        "missing-factor-two@DY": ("DY", lambda q: RIGHT["DY"](q) / 2),
        "sum-instead-of-mean@DY": ("DY", lambda q: RIGHT["DY"](q) * len(q["X"])),
        "missing-relu-mask@DZ3": ("DZ3", lambda q: q["DY"] @ q["W4"].T),
        "missing-relu-mask@DZ2": ("DZ2", lambda q: q["DZ3"] @ q["W3"].T),
        "weights-not-transposed@DZ1": ("DZ1", lambda q: (q["DZ2"] @ q["W2"]) * (q["Z1"] > 0)),
        "transposed@DW2": ("DW2", lambda q: RIGHT["DW2"](q).T),
        "wrong-scale@DB3": ("DB3", lambda q: 6 * q["DZ3"].sum(axis=0)),
        "extra-axis@DB1": ("DB1", lambda q: q["DZ1"].sum(axis=0, keepdims=True)),
        "wrong-sign@DZ1": ("DZ1", lambda q: -RIGHT["DZ1"](q)),
        "pre-activation-as-input@DW3": ("DW3", lambda q: q["Z2"].T @ q["DZ3"]),
    }
    result = []
    for count in (2, 3):
        for chosen in itertools.combinations(alone, count):
            places = [alone[key][0] for key in chosen]
            if len(set(places)) < count:
                continue
            names = sorted((tuple(key.split("@")) for key in chosen), key=lambda f: ORDER.index(f[1]))
            lost: set[str] = set()
            for place in places:
                layer = "4" if place == "DY" else place[-1]
                lost |= {f"DW{layer}", f"DB{layer}"} if _cost(place) == 5 else {place}
            score = 20 - 2.5 * len(lost)
            result.append(Mutant(tuple(names), score, tuple(alone[key] for key in chosen)))
    same_step = [
        (("missing-factor-two", "wrong-sign"), "DY", lambda q: (q["T"] - q["Y"]) / len(q["X"])),
        (("missing-factor-two", "sum-instead-of-mean"), "DY", lambda q: q["Y"] - q["T"]),
        (("weights-not-transposed", "missing-relu-mask"), "DZ2", lambda q: q["DZ3"] @ q["W3"]),
        (
            ("weights-not-transposed", "inverted-relu-mask"),
            "DZ1",
            lambda q: (q["DZ2"] @ q["W2"]) * (q["Z1"] < 0),
        ),
        (("wrong-relu-mask", "wrong-sign"), "DZ3", lambda q: -(q["DY"] @ q["W4"].T) * (q["Z2"] > 0)),
        (
            ("wrong-weights", "relu-of-gradient", "missing-factor-two"),
            "DZ2",
            lambda q: np.maximum(q["DZ3"] @ q["W2"].T, 0) / 2,
        ),
    ]
    for names, where, formula in same_step:
        result.append(Mutant(tuple((name, where) for name in names), 15.0, ((where, formula),)))
    return result


def whole() -> list[Mutant]:
    """Faults of the answer as a whole."""
    return [
        Mutant((("reversed-order", "answer"),), 0.0, finish=lambda DW, DB, q: (DW[::-1], DB[::-1])),
        Mutant((("reversed-order", "answer"),), 10.0, finish=lambda DW, DB, q: (DW[::-1], DB)),
        Mutant((("reversed-order", "answer"),), 10.0, finish=lambda DW, DB, q: (DW, DB[::-1])),
        Mutant((("swapped-lists", "answer"),), 0.0, finish=lambda DW, DB, q: (DB, DW)),
        Mutant(
            (("returns-parameters", "answer"),),
            0.0,
            finish=lambda DW, DB, q: ([q[f"W{i}"] for i in (1, 2, 3, 4)], [q[f"B{i}"] for i in (1, 2, 3, 4)]),
        ),
        Mutant(
            (("zero", "answer"),), 0.0, finish=lambda DW, DB, q: ([0 * w for w in DW], [0 * b for b in DB])
        ),
        Mutant(
            (("constant", "answer"),),
            0.0,
            finish=lambda DW, DB, q: ([0 * w + 1 for w in DW], [0 * b + 1 for b in DB]),
        ),
        Mutant((("zero", "DW2"),), 17.5, (("DW2", lambda q: np.zeros((6, 6))),)),
        Mutant((("constant", "DB2"),), 17.5, (("DB2", lambda q: np.ones(6)),)),
        Mutant((("not-finite", "DW3"),), 17.5, (("DW3", lambda q: RIGHT["DW3"](q) / 0.0),)),
        Mutant((("returns-nothing", "answer"),), 0.0, finish=lambda DW, DB, q: None),
        Mutant((("missing", "DW2"),), 17.5, (("DW2", lambda q: None),)),
        Mutant((("malformed", "answer"),), 0.0, finish=lambda DW, DB, q: "DW, DB"),
        Mutant((("wrong-length", "answer"),), 0.0, finish=lambda DW, DB, q: (DW, DB, 0.0)),
        Mutant((("wrong-shape", "DW1"),), 17.5, (("DW1", lambda q: RIGHT["DW1"](q).ravel()),)),
        Mutant((("unrecognised", "DW4"),), 17.5, (("DW4", lambda q: RIGHT["DW4"](q) + 1.0),)),
        Mutant((("unrecognised", "DZ3"),), 15.0, (("DZ3", lambda q: np.sin(RIGHT["DZ3"](q)) + 0.1),)),
        Mutant((("unrecognised", "DZ2"),), 15.0, (("DZ2", lambda q: RIGHT["DZ2"](q) ** 2 + 0.3),)),
    ]
