"""Three small assignments: a forward pass, a student's formulas, and wrong ones with their names."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from functools import cache, cached_property

import numpy as np

from autograder.assignments import folders
from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import instances, named

FOLDER = folders()["01-error-backpropagation"].name
NETWORK: ForwardPass = importlib.import_module(f"autograder.assignments.{FOLDER}.network").NETWORK


@dataclass(frozen=True, eq=False)
class Sketched:
    """A forward pass with all of its gradients handed in, and what goes wrong in them."""

    forward: ForwardPass
    right: dict
    """A student's formulas, in the order of the backward pass."""
    sizes: tuple
    wrong: dict = field(default_factory=dict)
    """Wrong formulas by the part that they compute, each with the fault's name and hint."""
    given: dict = field(default_factory=dict)

    @cached_property
    def drawn(self):
        """An instance of each of the sizes."""
        return instances(self.forward, self.sizes, self.given)

    def answers(self, wrong, parts=None):
        """What a student hands in who computes one formula after the other, some of them wrong."""
        answers = []
        for instance in self.drawn:
            names = {"np": np, **instance.inputs, **instance.sizes}
            for name, formula in {**self.right, **wrong}.items():
                with np.errstate(all="ignore"):
                    names[name] = np.asarray(eval(formula, names))  # our own formulas
            handed_in = {part: names[part] for part in parts or self.right}
            answers.append({part: a if np.isfinite(a).all() else None for part, a in handed_in.items()})
        return answers

    def diagnosed(self, answers):
        """What is said of answers, whatever parts they have."""
        parts = list(answers[0])
        diagnosis = explains(self.forward, tuple(parts))(self.drawn, answers, parts)
        assert diagnosis.earned <= set(parts)
        return diagnosis

    def explained(self, wrong, parts=None):
        """What is named in a student's answers, each with its place and hint, and which parts are lost."""
        answers = self.answers(wrong, parts)
        diagnosis = self.diagnosed(answers)
        return named(diagnosis), set(answers[0]) - diagnosis.earned


@cache
def explains(forward, parts):
    """A diagnosis where these parts are handed in, made once."""
    return by_steps(backward_pass(forward, parts))


ATTENTION = Sketched(
    ForwardPass(
        """
        R = Q @ K.T
        S = R / sqrt(d)
        P = softmax(S, axis=1, where=M)
        O = P @ V
        """,
        upstream="O", Q=("T", "d"), K=("T", "d"), V=("T", "e"), M=("T", "T"),
    ),
    right={
        "DV": "P.T@DO", "DP": "DO@V.T", "DS": "P*(DP-(DP*P).sum(1,keepdims=True))",
        "DR": "DS/d**0.5", "DQ": "DR@K", "DK": "DR.T@Q",
    },
    wrong={
        "P not transposed": ("DV", "P@DO", "operand-not-transposed", "P"),
        "scores for probabilities": ("DV", "S.T@DO", "wrong-operand", "S"),
        "no softmax derivative": ("DS", "DP", "missing-softmax-derivative", ""),
        "row sum missing": ("DS", "P*DP", "softmax-row-sum-missing", ""),
        "wrong axis": ("DS", "P*(DP-(DP*P).sum(0,keepdims=True))", "softmax-wrong-axis", ""),
        "mean for weighted sum": ("DS", "P*(DP-DP.mean(1,keepdims=True))", "mean-for-weighted-sum", ""),
        "scale missing": ("DR", "DS", "scale-missing", "1/√d"),
        "scale by d": ("DR", "DS/d", "wrong-scale", "1/√d"),
        "DR not transposed": ("DK", "DR@Q", "upstream-transposed", ""),
        "keys for queries": ("DK", "DR.T@K", "wrong-operand", "K"),
        "T times": ("DV", "T*P.T@DO", "wrong-scale", "T"),
    },
    sizes=({"T": 5, "d": 3, "e": 2}, {"T": 7, "d": 4, "e": 3}, {"T": 4, "d": 2, "e": 5}),
    given={"M": lambda rng, T, _: np.tril(np.ones((T, T)))},
)  # fmt: skip

SELF_ATTENTION = Sketched(
    ForwardPass(
        """
        Q = X @ A
        K = X @ C
        V = X @ E
        R = Q @ K.T
        S = R / sqrt(d)
        P = softmax(S, axis=1)
        O = P @ V
        """,
        upstream="O", X=("T", "m"), A=("m", "d"), C=("m", "d"), E=("m", "e"),
    ),
    right={
        "DV": "P.T@DO", "DP": "DO@V.T", "DS": "P*(DP-(DP*P).sum(1,keepdims=True))", "DR": "DS/d**0.5",
        "DQ": "DR@K", "DK": "DR.T@Q", "DA": "X.T@DQ", "DC": "X.T@DK", "DE": "X.T@DV",
        "DX": "DQ@A.T+DK@C.T+DV@E.T",
    },
    sizes=(
        {"T": 5, "d": 3, "e": 2, "m": 4}, {"T": 7, "d": 4, "e": 3, "m": 2}, {"T": 4, "d": 2, "e": 5, "m": 3},
    ),
)  # fmt: skip

LAYERNORM = Sketched(
    ForwardPass(
        """
        M = mean(X, axis="D", keepdims=True)
        C = X - M
        V = mean(C ** 2, axis="D", keepdims=True)
        R = sqrt(V + e)
        H = C / R
        U = H * G
        Y = U + B
        """,
        upstream="Y", X=("N", "D"), G=("D",), B=("D",), e=(),
    ),
    right={
        "DB": "DY.sum(0)", "DG": "(DY*H).sum(0)", "DH": "DY*G", "DR": "-(DH*H/R).sum(1,keepdims=True)",
        "DV": "DR/(2*R)", "DC": "DH/R+2*C*DV/D", "DM": "-DC.sum(1,keepdims=True)", "DX": "DC+DM/D",
    },
    wrong={
        "gamma missing": ("DH", "DY", "factor-missing", "G"),
        "raw for normalised": ("DG", "(DY*X).sum(0)", "wrong-operand", "X"),
        "DG averaged": ("DG", "(DY*H).mean(0)", "mean-twice", ""),
        "DB not summed": ("DB", "DY", "not-summed", ""),
        "variance path missing": ("DC", "DH/R", "path-missing", "V"),
        "mean path missing": ("DX", "DC", "path-missing", "M"),
        "sum for mean": ("DX", "DC+DM", "sum-for-mean", ""),
        "times R for divided": ("DC", "DH*R+2*C*DV/D", "multiplied-for-divided", "R"),
        "factor two": ("DC", "DH/R+C*DV/D", "path-wrong-scale", "V, 0.5 times"),
        "unbiased": ("DC", "DH/R+2*C*DV/(D-1)", "wrong-count", "one less than their number"),
    },
    sizes=({"N": 5, "D": 4}, {"N": 3, "D": 6}, {"N": 7, "D": 5}),
    given={
        "X": lambda rng, N, D: rng.standard_normal((N, D)) * rng.uniform(0.5, 2, D) + rng.uniform(-1, 1, D),
        "G": lambda rng, D: rng.uniform(0.6, 1.7, D),
        "e": lambda rng: np.asarray(0.1),
    },
)  # fmt: skip


def _network():
    right = {"DY": "2*(Y-T)/N", "DW4": "A3.T@DY", "DB4": "DY.sum(0)"}
    for k, above in ((3, "DY"), (2, "DZ3"), (1, "DZ2")):
        below = f"A{k - 1}" if k > 1 else "X"
        right |= {f"DZ{k}": f"({above}@W{k + 1}.T)*(Z{k}>0)"}
        right |= {f"DW{k}": f"{below}.T@DZ{k}", f"DB{k}": f"DZ{k}.sum(0)"}
    return Sketched(
        NETWORK,
        right,
        wrong={
            "half": ("DY", "(Y-T)/N", "missing-factor-two", ""),
            "sum for mean": ("DY", "2*(Y-T)", "sum-instead-of-mean", ""),
            "mask missing": ("DZ2", "DZ3@W3.T", "missing-relu-mask", ""),
            "times A": ("DZ3", "(DY@W4.T)*A3", "activation-instead-of-derivative", "A3"),
            "not transposed": ("DZ2", "(DZ3@W3)*(Z2>0)", "weights-not-transposed", ""),
            "wrong weights": ("DZ2", "(DZ3@W2.T)*(Z2>0)", "wrong-weights", "W2"),
            "Z for A": ("DW2", "Z1.T@DZ2", "pre-activation-as-input", ""),
            "transposed": ("DW2", "(A1.T@DZ2).T", "transposed", ""),
            "bias averaged": ("DB2", "DZ2.mean(0)", "mean-twice", ""),
            "inverted mask": ("DZ1", "(DZ2@W2.T)*(Z1<0)", "inverted-relu-mask", ""),
            "a leak": ("DZ1", "(DZ2@W2.T)*((Z1>0)+0.01*(Z1<0))", "leaky-relu-mask", "0.01"),
            "weights updated": ("DZ1", "(DZ2@(W2-0.1*DW2).T)*(Z1>0)", "weights-updated", ""),
        },
        sizes=({"N": 5}, {"N": 9}, {"N": 17}),
    )  # fmt: skip


RESIDUAL = Sketched(
    ForwardPass(
        """
        Z1 = X @ W1 + B1
        A1 = relu(Z1)
        Z2 = A1 @ W2 + B2
        A2 = relu(Z2)
        H = A1 + A2
        Y = H @ W3 + B3
        err = mean_squared_error(Y, T)
        """,
        X=("N", 3), W1=(3, 5), B1=(5,), W2=(5, 5), B2=(5,), W3=(5, 1), B3=(1,), T=("N", 1),
    ),
    right={
        "DY": "2*(Y-T)/N", "DW3": "H.T@DY", "DB3": "DY.sum(0)", "DH": "DY@W3.T",
        "DZ2": "DH*(Z2>0)", "DW2": "A1.T@DZ2", "DB2": "DZ2.sum(0)",
        "DA1": "DH+DZ2@W2.T", "DZ1": "DA1*(Z1>0)", "DW1": "X.T@DZ1", "DB1": "DZ1.sum(0)",
    },
    sizes=({"N": 6}, {"N": 9}, {"N": 1}, {"N": 13}),
)  # fmt: skip

SKETCHED = {"attention": ATTENTION, "layer normalisation": LAYERNORM, "network": _network()}
