"""Wrong answers to assignment 03: softmax and cross-entropy, and the softmax backward."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from tests.autograder.mutants.planted import Formula, Planted

# Exercise 1: probabilities and their error


def stable(Z, axis=1):
    """The softmax as it should be, and its logarithm."""
    S = Z - Z.max(axis=axis, keepdims=True)
    L = S - np.log(np.exp(S).sum(axis=axis, keepdims=True))
    return np.exp(L), L


def by_itself(P):
    return P, np.log(P)


def naive(Z):
    E = np.exp(Z)
    return by_itself(E / E.sum(axis=1, keepdims=True))


def one_maximum(Z):
    E = np.exp(Z - np.max(Z))
    return by_itself(E / E.sum(axis=1, keepdims=True))


def maximum_of_columns(Z):
    E = np.exp(Z - Z.max(axis=0))
    return by_itself(E / E.sum(axis=1, keepdims=True))


def maximum_but_not_below_zero(Z):
    E = np.exp(Z - np.maximum(0, Z.max(axis=1, keepdims=True)))
    return by_itself(E / E.sum(axis=1, keepdims=True))


def columns(Z):
    return stable(Z, axis=0)


def naive_columns(Z):
    E = np.exp(Z)
    return by_itself(E / sum(E))


def columns_less_one_maximum(Z):
    E = np.exp(Z - Z.max())
    return by_itself(E / sum(E))


def zero_for_no_number(Z):
    return np.nan_to_num(naive(Z)[0]), stable(Z)[1]


def finite_ones(P, L, t):
    logarithms = np.log(picked(P, t))
    return -logarithms[np.isfinite(logarithms)].mean()


def sigmoid(Z):
    return np.exp(-np.logaddexp(0, -Z)), -np.logaddexp(0, -Z)


def twice(Z):
    return stable(stable(Z)[0])


def picked(L, t):
    return L[np.arange(len(t)), t]


def mean(P, L, t):
    return -picked(L, t).mean()


def probabilities(
    P_of: Callable[..., Any] = stable,
    err: Callable[..., Any] = mean,
    *,
    for_error: Callable[..., Any] | None = None,
    finish: Callable[..., Any] = lambda P, err: (P, err),
) -> Callable[..., Any]:
    """P and err; the error from P, or from probabilities of its own."""

    def exercise1(Z, t):
        P, L = P_of(Z)
        return finish(P, err(*((P, L) if for_error is None else for_error(Z)), t))

    return exercise1


FUNCTIONS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("softmax-wrong-axis", columns),
    ("sigmoid-for-softmax", sigmoid),
    ("double-softmax", twice),
)
UNSTABLE: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("overflow", naive),
    ("maximum-over-everything", one_maximum),
    ("maximum-over-everything", maximum_of_columns),
    ("maximum-over-everything", maximum_but_not_below_zero),
)
ERRORS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("targets-as-columns", lambda P, L, t: -L[:, t].mean()),
    ("sum-instead-of-mean", lambda P, L, t: -picked(L, t).sum()),
    ("averaged-over-classes", lambda P, L, t: -(np.eye(P.shape[1])[t] * L).mean()),
    ("mean-twice", lambda P, L, t: mean(P, L, t) / len(t)),
    ("wrong-sign", lambda P, L, t: picked(L, t).mean()),
    ("wrong-logarithm", lambda P, L, t: mean(P, L, t) / np.log(10)),
    ("wrong-logarithm", lambda P, L, t: mean(P, L, t) / np.log(2)),
    ("missing-logarithm", lambda P, L, t: -picked(P, t).mean()),
    ("first-row-for-all", lambda P, L, t: -np.take(L, t).mean()),
    ("large-error-not-seen", finite_ones),
    ("clipped-probabilities", lambda P, L, t: -np.log(picked(P, t) + 1e-8).mean()),
    ("clipped-probabilities", lambda P, L, t: -np.log(picked(P, t) + 1e-12).mean()),
    ("clipped-probabilities", lambda P, L, t: -np.log(np.clip(picked(P, t), 1e-7, 1 - 1e-7)).mean()),
    ("clipped-probabilities", lambda P, L, t: -np.log(np.maximum(picked(P, t), 1e-15)).mean()),
    ("logarithm-of-zero", lambda P, L, t: -np.log(picked(P, t)).mean()),
    ("wrong-error", lambda P, L, t: ((P - np.eye(P.shape[1])[t]) ** 2).mean()),
    ("wrong-error", lambda P, L, t: -L.max(axis=1).mean()),
    ("wrong-error", lambda P, L, t: -L.mean()),
    ("wrong-error", lambda P, L, t: (1 - picked(P, t)).mean()),
    ("zero", lambda P, L, t: 0.0),
)


def probability_mutants() -> list[Planted]:
    """Every mistake in P and err alone, and one in each of the two."""
    result = [
        *(Planted(((name, "P"),), 3.0, probabilities(f)) for name, f in FUNCTIONS),
        *(Planted(((name, "P"),), 3.0, probabilities(f, for_error=stable)) for name, f in FUNCTIONS),
        *(Planted(((name, "err"),), 3.0, probabilities(for_error=f)) for name, f in FUNCTIONS),
        *(Planted(((name, "P"),), 0.0, probabilities(f)) for name, f in UNSTABLE),
        *(Planted(((name, "P"),), 3.0, probabilities(f, for_error=stable)) for name, f in UNSTABLE),
        *(Planted(((name, "err"),), 3.0, probabilities(for_error=f)) for name, f in UNSTABLE[:2]),
        *(Planted(((name, "err"),), 3.0, probabilities(err=e)) for name, e in ERRORS),
        Planted(
            (("log-probabilities-for-probabilities", "P"),),
            3.0,
            probabilities(finish=lambda P, err: (np.log(P), err)),
        ),
    ]
    for name, f in (("overflow", naive_columns), ("no-number-for-far-scores", columns_less_one_maximum)):
        both = (("softmax-wrong-axis", "P"), (name, "P"))
        result.append(Planted(both, 3.0, probabilities(f, for_error=stable)))
    far = (("wrong-for-far-scores", "P"),)
    result.append(Planted(far, 3.0, probabilities(zero_for_no_number)))
    for (name, f), (fault, e) in itertools.product(FUNCTIONS, ERRORS[:9]):
        if (name, fault) != ("softmax-wrong-axis", "targets-as-columns"):
            result.append(Planted(((name, "P"), (fault, "err")), 0.0, probabilities(f, e)))
    for (name, f), (fault, e) in itertools.product(UNSTABLE[:2], ERRORS[:9]):
        result.append(Planted(((name, "P"), (fault, "err")), 0.0, probabilities(f, e)))
    return result


# Exercise 2: the softmax backward


def jacobian(p):
    return np.diag(p) - np.outer(p, p)


def rows(q):
    return zip(q["P"], q["DP"], strict=True)


BACKWARD: dict[str, Formula] = {
    "J": lambda q: jacobian(q["P"][0]),
    "DZ": lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum(axis=1, keepdims=True)),
}


def backward(changed: Mapping[str, Formula] | None = None) -> Callable[..., Any]:
    """J and DZ, one or both of them computed otherwise."""

    def exercise2(P, DP):
        q = {"P": P, "DP": DP}
        return tuple(formula(q) for formula in (BACKWARD | dict(changed or {})).values())

    return exercise2


JACOBIANS: tuple[tuple[str, Formula], ...] = (
    ("softmax-diagonal-only", lambda q: np.diag(q["P"][0] * (1 - q["P"][0]))),
    ("softmax-diagonal-only", lambda q: np.diag(q["P"][0])),
    ("softmax-diagonal-missing", lambda q: -np.outer(q["P"][0], q["P"][0])),
    ("wrong-sign", lambda q: -jacobian(q["P"][0])),
    ("softmax-plus-for-minus", lambda q: np.diag(q["P"][0]) + np.outer(q["P"][0], q["P"][0])),
    ("softmax-diagonal-everywhere", lambda q: np.outer(q["P"][0], 1 - q["P"][0])),
    ("outer-product-missing", lambda q: np.diag(q["P"][0]) - q["P"][0] * q["P"][0].T),
    ("diagonal-without-square", lambda q: np.diag(q["P"][0] + q["P"][0] ** 2) - np.outer(*q["P"][[0, 0]])),
    ("softmax-sum-unweighted", lambda q: np.diag(q["P"][0]) - q["P"][0]),
    ("another-row", lambda q: jacobian(q["P"][-1])),
    ("another-row", lambda q: sum(jacobian(p) for p in q["P"]) / len(q["P"])),
    ("another-row", lambda q: sum(jacobian(p) for p in q["P"])),
    ("every-row", lambda q: np.stack([jacobian(p) for p in q["P"]])),
    ("zero", lambda q: np.zeros((q["P"].shape[1],) * 2)),
)
VECTORS: tuple[tuple[str, Formula], ...] = (
    ("missing-softmax-derivative", lambda q: q["DP"]),
    ("softmax-diagonal-only", lambda q: q["DP"] * q["P"] * (1 - q["P"])),
    ("softmax-row-sum-missing", lambda q: q["DP"] * q["P"]),
    ("softmax-wrong-axis", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum(axis=0))),
    ("softmax-wrong-axis", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum())),
    ("mean-for-weighted-sum", lambda q: q["P"] * (q["DP"] - q["DP"].mean(axis=1, keepdims=True))),
    ("mean-for-weighted-sum", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).mean(axis=1, keepdims=True))),
    ("softmax-sum-unweighted", lambda q: q["P"] * (q["DP"] - q["DP"].sum(axis=1, keepdims=True))),
    ("softmax-sum-added", lambda q: q["P"] * (q["DP"] + (q["P"] * q["DP"]).sum(axis=1, keepdims=True))),
    ("softmax-factor-missing", lambda q: q["DP"] - (q["P"] * q["DP"]).sum(axis=1, keepdims=True)),
    ("softmax-factor-missing", lambda q: q["P"] * q["DP"] - (q["P"] * q["DP"]).sum(axis=1, keepdims=True)),
    ("outer-product-missing", lambda q: q["P"] * q["DP"] - q["P"] ** 2 * q["DP"].sum(axis=1, keepdims=True)),
    ("cross-entropy-assumed", lambda q: q["P"] - q["DP"]),
    ("diagonal-without-square", lambda q: BACKWARD["DZ"](q) + q["P"] ** 2 * q["DP"]),
    ("softmax-diagonal-everywhere", lambda q: np.stack([np.outer(p, 1 - p) @ d for p, d in rows(q)])),
    ("softmax-diagonal-twice", lambda q: BACKWARD["DZ"](q) + q["P"] * (1 - q["P"]) * q["DP"]),
    ("upstream-twice", lambda q: BACKWARD["DZ"](q) * q["DP"]),
    ("one-class-alone", lambda q: q["DP"][:, -1:] * np.stack([jacobian(p)[-1] for p in q["P"]])),
    ("wrong-sign", lambda q: -BACKWARD["DZ"](q)),
    ("wrong-scale", lambda q: 2 * BACKWARD["DZ"](q)),
    ("another-row", lambda q: q["DP"] @ jacobian(q["P"][0])),
    ("zero", lambda q: 0 * q["P"]),
)


def jacobian_mutants() -> list[Planted]:
    """Every mistake in J and in DZ alone, and one in each of the two."""
    first = [Planted(((name, "J"),), 4.0, backward({"J": f})) for name, f in JACOBIANS]
    second = [Planted(((name, "DZ"),), 2.0, backward({"DZ": f})) for name, f in VECTORS]
    both = [
        Planted(((one, "J"), (other, "DZ")), 0.0, backward({"J": f, "DZ": g}))
        for (one, f), (other, g) in itertools.product(JACOBIANS, VECTORS)
        if {one, other} != {"zero"}
    ]
    return [*first, *second, *both]
