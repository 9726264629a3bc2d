"""Wrong answers to exercise 3 of assignment 03: the backward pass of a classifier, quantity by quantity."""

from __future__ import annotations

from functools import partial

import numpy as np

from tests.autograder.mutants.planted import Mistake, Task, mistakes


def softmax(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def through(P, DP):
    """Go back through a softmax."""
    return P * (DP - (P * DP).sum(axis=1, keepdims=True))


CANCEL = ({"wrong-sign"}, {"sum-instead-of-mean", "mean-twice"})  # one makes up for the other


def both_show(one: Mistake, other: Mistake) -> bool:
    """Whether both show, in two parts."""
    names, places = {one.fault, other.fault}, {one.where, other.where}
    in_one_part = len(places) == 1 or places in ({"DZ1", "DW1"}, {"DZ1", "DB1"})
    in_one_step = len(names) == 1 and places == {"DW1", "DB1"}  # the same in both is one mistake in DZ1
    if in_one_part or in_one_step or names in CANCEL:
        return False
    return not ("weights-updated" in names and "DW2" in places)


CLASSIFIER = Task(
    """
def exercise3(W, B, X, Z1, A1, Z2, P, t):
    W1, W2 = W
    T = np.eye(P.shape[1])[t]
    N = len(t)
    DZ2 = (P - T) / N
    DW2 = A1.T @ DZ2
    DB2 = DZ2.sum(axis=0)
    DZ1 = DZ2 @ W2.T * (Z1 > 0)
    DW1 = X.T @ DZ1
    DB1 = DZ1.sum(axis=0)
    return DZ2, [DW1, DW2], [DB1, DB2]
""",
    marks={"DZ2": 4.0, "DW1": 3.5, "DW2": 3.5, "DB1": 3.5, "DB2": 3.5},
    lost={"DZ1": "DW1 DB1"},
    helpers={"softmax": softmax, "through": through},
    planted=mistakes(
        """
missing-softmax-derivative@DZ2           -T / P / N
softmax-diagonal-only@DZ2                -T * (1 - P) / N
target-not-subtracted-from@DZ2           np.where(T > 0, -1, P) / N
wrong-sign-at-target@DZ2                 np.where(T > 0, 1 - P, P) / N
binary-cross-entropy@DZ2                 ((1 - T) / (1 - P) - T / P) / N
softmax-row-sum-missing@DZ2              -T / N
softmax-wrong-axis@DZ2                   (P * T.sum(axis=0) - T) / N
double-softmax@DZ2                       (softmax(P) - T) / N
double-softmax-derivative@DZ2            through(P, P - T) / N
double-softmax-derivative@DZ2            (P - T) * P * (1 - P) / N
sum-instead-of-mean@DZ2                  P - T
mean-twice@DZ2                           (P - T) / N**2
averaged-over-classes@DZ2                (P - T) / P.size
targets-not-subtracted@DZ2               P / N
wrong-sign@DZ2                           (T - P) / N
wrong-scale@DZ2                          2 * (P - T) / N
logits-for-probabilities@DZ2             (Z2 - T) / N
log-probabilities-for-probabilities@DZ2  (np.log(P) - T) / N
sigmoid-for-softmax@DZ2                  (1 / (1 + np.exp(-Z2)) - T) / N
wrong-error@DZ2                          through(P, 2 * (P - T)) / N
missing-relu-mask@DZ1                 DZ2 @ W2.T
inverted-relu-mask@DZ1                DZ2 @ W2.T * (Z1 < 0)
activation-instead-of-derivative@DZ1  DZ2 @ W2.T * A1
relu-of-gradient@DZ1                  np.maximum(0, DZ2 @ W2.T)
leaky-relu-mask@DZ1                   DZ2 @ W2.T * np.where(Z1 > 0, 1, 0.01)
wrong-slope@DZ1                       DZ2 @ W2.T * (1 - A1**2)
weights-updated@DZ1                   DZ2 @ (W2 - 0.1 * DW2).T * (Z1 > 0)
sum-instead-of-mean@DZ1               N * right
mean-twice@DZ1                        1 / N * right
wrong-sign@DZ1                        -right
pre-activation-as-input@DW2           Z1.T @ DZ2
zero@DW1                              0 * W1
unrecognised@DW2                      np.cos(right)

sum-instead-of-mean@{where}  N * right
mean-twice@{where}           1 / N * right
wrong-sign@{where}           -right
wrong-scale@{where}          3 * right

values-summed@DB1          Z1.sum(axis=0)
values-summed@DB1          A1.sum(axis=0)
values-summed@DB2          Z2.sum(axis=0)
reshape-for-transpose@DZ1  DZ2 @ W2.reshape(W2.shape[::-1]) * (Z1 > 0)
reshape-for-transpose@DW2  A1.reshape(A1.shape[::-1]) @ DZ2
transposed@DW1             right.T
transposed@DW2             right.T
not-summed@DB1             DZ1
not-summed@DB2             DZ2
wrong-axis@DB1             DZ1.sum(axis=1)
wrong-axis@DB2             DZ2.sum(axis=1)
extra-axis@DB1             right[None]
extra-axis@DB2             right[None]
one-data-point@DB1         DZ1[0]
one-data-point@DB2         DZ2[0]
""",
        *({"where": where} for where in ("DW1", "DW2", "DB1", "DB2")),
    ),
    both_show=both_show,
    every=3,
)
classifier, single, combined = CLASSIFIER.function, CLASSIFIER.single, CLASSIFIER.pairs
whole = partial(
    CLASSIFIER.each,
    mistakes("""
wrong-length@answer     [DW1, DW2], [DB1, DB2]
returns-nothing@answer  None
"""),
)
