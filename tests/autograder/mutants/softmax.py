"""Wrong answers to assignment 03: softmax and cross-entropy, and the softmax backward."""

from __future__ import annotations

import itertools

import numpy as np

from tests.autograder.mutants.planted import Planted, Task, columns, mistakes

# Exercise 1: probabilities and their error


def log_softmax(Z, axis=1):
    S = Z - Z.max(axis=axis, keepdims=True)
    return S - np.log(np.exp(S).sum(axis=axis, keepdims=True))


def softmax(Z, axis=1):
    return np.exp(log_softmax(Z, axis))


def ratio(Z, less=0.0):
    """Exponentials of scores, less something, over their sum."""
    E = np.exp(Z - less)
    return E / E.sum(axis=1, keepdims=True)


PROBABILITIES = Task(
    """
def exercise1(Z, t):
    P = softmax(Z)
    L = log_softmax(Z)
    T = np.eye(Z.shape[1])[t]
    n = np.arange(len(t))
    err = -L[n, t].mean()
    return P, err
""",
    marks={"P": 3.0, "err": 3.0},
    helpers={"softmax": softmax, "log_softmax": log_softmax, "ratio": ratio},
)
FUNCTIONS = columns("""
fault                P                             L
softmax-wrong-axis   softmax(Z, axis=0)            log_softmax(Z, axis=0)
sigmoid-for-softmax  np.exp(-np.logaddexp(0, -Z))  -np.logaddexp(0, -Z)
double-softmax       softmax(softmax(Z))           log_softmax(softmax(Z))
""")
UNSTABLE = columns("""
fault                    P
overflow                 ratio(Z)
maximum-over-everything  ratio(Z, np.max(Z))
maximum-over-everything  ratio(Z, Z.max(axis=0))
maximum-over-everything  ratio(Z, np.maximum(0, Z.max(axis=1, keepdims=True)))
""")
IN_BOTH, IN_P, IN_ERROR = "{fault}@P P = {P}; L = {L}", "{fault}@P {P}", "{fault}@err L = {L}"
UNSTABLE_IN_BOTH, UNSTABLE_IN_ERROR = "{fault}@P:P,err P = {P}; L = np.log(P)", "{fault}@err L = np.log({P})"
ERRORS = """
targets-as-columns@err     -L[:, t].mean()
sum-instead-of-mean@err    -L[n, t].sum()
averaged-over-classes@err  -(T * L).mean()
mean-twice@err             right / len(t)
wrong-sign@err             -right
wrong-logarithm@err        right / np.log(10)
wrong-logarithm@err        right / np.log(2)
missing-logarithm@err      -P[n, t].mean()
first-row-for-all@err      -np.take(L, t).mean()
large-error-not-seen@err   each = np.log(P[n, t]); err = -each[np.isfinite(each)].mean()
clipped-probabilities@err  -np.log(P[n, t] + 1e-8).mean()
clipped-probabilities@err  -np.log(P[n, t] + 1e-12).mean()
clipped-probabilities@err  -np.log(np.clip(P[n, t], 1e-7, 1 - 1e-7)).mean()
clipped-probabilities@err  -np.log(np.maximum(P[n, t], 1e-15)).mean()
logarithm-of-zero@err      -np.log(P[n, t]).mean()
wrong-error@err            ((P - T) ** 2).mean()
wrong-error@err            -L.max(axis=1).mean()
wrong-error@err            -L.mean()
wrong-error@err            (1 - P[n, t]).mean()
zero@err                   0.0
"""
OTHER_PROBABILITIES = """
log-probabilities-for-probabilities@P            np.log(right)
softmax-wrong-axis@P+overflow@P                  np.exp(Z) / sum(np.exp(Z))
softmax-wrong-axis@P+no-number-for-far-scores@P  np.exp(Z - Z.max()) / sum(np.exp(Z - Z.max()))
wrong-for-far-scores@P                           np.nan_to_num(ratio(Z))
"""


def probability_mutants() -> list[Planted]:
    """Every mistake in P and err alone, and one in each of the two."""
    functions, errors = mistakes(IN_BOTH, *FUNCTIONS), mistakes(ERRORS)
    unstable = mistakes(UNSTABLE_IN_BOTH, *UNSTABLE)
    alone = [*functions, *mistakes(IN_P, *FUNCTIONS), *mistakes(IN_ERROR, *FUNCTIONS), *unstable]
    alone += [*mistakes(IN_P, *UNSTABLE), *mistakes(UNSTABLE_IN_ERROR, *UNSTABLE[:2]), *errors]
    alone += mistakes(OTHER_PROBABILITIES)
    both = [*itertools.product(functions, errors[:9])][1:]  # not the first of both, which are columns twice
    both += itertools.product(unstable[:2], errors[:9])
    return PROBABILITIES.each(alone) + [PROBABILITIES.wrong(*two) for two in both]


# Exercise 2: the softmax backward


def jacobian(p):
    return np.diag(p) - np.outer(p, p)


JACOBIAN = Task(
    """
def exercise2(P, DP):
    p = P[0]
    J = np.diag(p) - np.outer(p, p)
    DZ = P * (DP - sums(P * DP))
    return J, DZ
""",
    marks={"J": 2.0, "DZ": 4.0},
    helpers={"jacobian": jacobian, "sums": lambda rows: rows.sum(axis=1, keepdims=True)},
)
JACOBIANS = """
softmax-diagonal-only@J        np.diag(p * (1 - p))
softmax-diagonal-only@J        np.diag(p)
softmax-diagonal-missing@J     -np.outer(p, p)
wrong-sign@J                   -right
softmax-plus-for-minus@J       np.diag(p) + np.outer(p, p)
softmax-diagonal-everywhere@J  np.outer(p, 1 - p)
outer-product-missing@J        np.diag(p) - p * p.T
diagonal-without-square@J      np.diag(p + p**2) - np.outer(p, p)
softmax-sum-unweighted@J       np.diag(p) - p
another-row@J                  jacobian(P[-1])
another-row@J                  sum(map(jacobian, P)) / len(P)
another-row@J                  sum(map(jacobian, P))
every-row@J                    np.stack([jacobian(p) for p in P])
zero@J                         0 * right
"""
VECTORS = """
missing-softmax-derivative@DZ   DP
softmax-diagonal-only@DZ        DP * P * (1 - P)
softmax-row-sum-missing@DZ      DP * P
softmax-wrong-axis@DZ           P * (DP - (P * DP).sum(axis=0))
softmax-wrong-axis@DZ           P * (DP - (P * DP).sum())
mean-for-weighted-sum@DZ        P * (DP - DP.mean(axis=1, keepdims=True))
mean-for-weighted-sum@DZ        P * (DP - (P * DP).mean(axis=1, keepdims=True))
softmax-sum-unweighted@DZ       P * (DP - sums(DP))
softmax-sum-added@DZ            P * (DP + sums(P * DP))
softmax-factor-missing@DZ       DP - sums(P * DP)
softmax-factor-missing@DZ       P * DP - sums(P * DP)
outer-product-missing@DZ        P * DP - P**2 * sums(DP)
cross-entropy-assumed@DZ        P - DP
diagonal-without-square@DZ      right + P**2 * DP
softmax-diagonal-everywhere@DZ  np.stack([np.outer(p, 1 - p) @ d for p, d in zip(P, DP)])
softmax-diagonal-twice@DZ       right + P * (1 - P) * DP
upstream-twice@DZ               right * DP
one-class-alone@DZ              DP[:, -1:] * np.stack([jacobian(p)[-1] for p in P])
wrong-sign@DZ                   -right
wrong-scale@DZ                  2 * right
another-row@DZ                  DP @ jacobian(p)
zero@DZ                         0 * P
"""


def jacobian_mutants() -> list[Planted]:
    """Every mistake in J and in DZ alone, and one in each of the two."""
    first, second = mistakes(JACOBIANS), mistakes(VECTORS)
    both = [*itertools.product(first, second)][:-1]  # the last are zeros in both
    return [*JACOBIAN.each(first), *JACOBIAN.each(second), *(JACOBIAN.wrong(*two) for two in both)]
