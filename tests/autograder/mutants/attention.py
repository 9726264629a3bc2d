"""Wrong answers to assignment 08: backward through a head of attention, and through its projections."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import torch

from tests.autograder.mutants.planted import Formula, Planted

# Exercise 1: all that flows back through a head

HEAD_MARKS = {"DV": 2.0, "DP": 1.0, "DS": 4.0, "DR": 1.0, "DQ": 2.0, "DK": 2.0}
HEAD: dict[str, Formula] = {
    "DV": lambda q: q["P"].T @ q["DO"],
    "DP": lambda q: q["DO"] @ q["V"].T,
    "DS": lambda q: q["P"] * (q["DP"] - rows(q["P"] * q["DP"])),
    "DR": lambda q: q["DS"] / np.sqrt(q["d"]),
    "DQ": lambda q: q["DR"] @ q["K"],
    "DK": lambda q: q["DR"].T @ q["Q"],
}


def rows(array: Any) -> Any:
    """The sum of each row, in a column."""
    return array.sum(axis=1, keepdims=True)


def head(changed: Iterable[tuple[str, Formula]] = ()) -> Callable[..., Any]:
    """The backward pass of a head, some of its quantities computed otherwise."""

    def exercise1(Q, K, V, M, P, DO):
        q = {"Q": Q, "K": K, "V": V, "M": M, "P": P, "DO": DO, "d": Q.shape[1], "T": len(Q)}
        q |= {"e": V.shape[1], "R": Q @ K.T, "S": Q @ K.T / np.sqrt(Q.shape[1]), "O": P @ V}
        for name, formula in (HEAD | dict(changed)).items():
            q[name] = formula(q)
        return tuple(q[name] for name in HEAD)

    return exercise1


SOFTMAX: tuple[tuple[str, Formula], ...] = (
    ("missing-softmax-derivative", lambda q: q["DP"]),
    ("softmax-diagonal-only", lambda q: q["P"] * (1 - q["P"]) * q["DP"]),
    ("softmax-row-sum-missing", lambda q: q["P"] * q["DP"]),
    ("softmax-wrong-axis", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum(axis=0))),
    ("softmax-wrong-axis", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum())),
    ("row-sums-for-columns", lambda q: q["P"] * (q["DP"] - (q["P"] * q["DP"]).sum(axis=1))),
    ("mean-for-weighted-sum", lambda q: q["P"] * (q["DP"] - q["DP"].mean(axis=1, keepdims=True))),
    ("softmax-sum-unweighted", lambda q: q["P"] * (q["DP"] - rows(q["DP"]))),
    ("softmax-sum-added", lambda q: q["P"] * (q["DP"] + rows(q["P"] * q["DP"]))),
    ("softmax-factor-missing", lambda q: q["DP"] - rows(q["P"] * q["DP"])),
    ("wrong-sign", lambda q: -HEAD["DS"](q)),
    ("wrong-operand", lambda q: q["S"] * (q["DP"] - rows(q["S"] * q["DP"]))),
)
AROUND: tuple[tuple[str, str, Formula], ...] = (
    ("operand-not-transposed", "DV", lambda q: q["P"] @ q["DO"]),
    ("wrong-operand", "DV", lambda q: q["S"].T @ q["DO"]),
    ("wrong-operand", "DV", lambda q: q["R"].T @ q["DO"]),
    ("wrong-sign", "DV", lambda q: -HEAD["DV"](q)),
    ("wrong-scale", "DV", lambda q: HEAD["DV"](q) / q["T"]),
    ("wrong-upstream", "DV", lambda q: q["P"].T @ q["O"]),
    ("wrong-operand", "DP", lambda q: q["DO"] @ q["O"].T),
    ("wrong-scale", "DP", lambda q: HEAD["DP"](q) / np.sqrt(q["d"])),
    ("masked-too-early", "DP", lambda q: HEAD["DP"](q) * q["M"]),
    ("transposed", "DP", lambda q: HEAD["DP"](q).T),
    *((name, "DS", formula) for name, formula in SOFTMAX),
    ("scale-missing", "DR", lambda q: q["DS"]),
    ("wrong-scale", "DR", lambda q: q["DS"] / q["d"]),
    ("wrong-scale", "DR", lambda q: q["DS"] / np.sqrt(q["e"])),
    ("wrong-scale", "DR", lambda q: q["DS"] / np.sqrt(q["T"])),
    ("multiplied-for-divided", "DR", lambda q: q["DS"] * np.sqrt(q["d"])),
    ("wrong-operand", "DQ", lambda q: q["DR"] @ q["Q"]),
    ("upstream-transposed", "DQ", lambda q: q["DR"].T @ q["K"]),
    ("wrong-scale", "DQ", lambda q: HEAD["DQ"](q) / np.sqrt(q["d"])),
    ("wrong-upstream", "DQ", lambda q: q["DS"] @ q["K"]),
    ("wrong-upstream", "DQ", lambda q: q["DP"] @ q["K"]),
    ("upstream-transposed", "DK", lambda q: q["DR"] @ q["Q"]),
    ("wrong-operand", "DK", lambda q: q["DR"].T @ q["K"]),
    ("wrong-upstream", "DK", lambda q: q["DS"].T @ q["Q"]),
    ("zero", "DK", lambda q: 0 * q["K"]),
    ("unrecognised", "DQ", lambda q: np.cos(HEAD["DQ"](q))),
    ("unrecognised", "DS", lambda q: np.sin(3 * q["P"]) * q["DP"] + 0.2),
)


def _head(*mistakes: tuple[str, str, Formula]) -> Planted:
    lost = {where for _, where, _ in mistakes}
    score = sum(marks for part, marks in HEAD_MARKS.items() if part not in lost)
    changed = tuple((where, formula) for _, where, formula in mistakes)
    return Planted(tuple((name, where) for name, where, _ in mistakes), score, head(changed))


def head_single() -> list[Planted]:
    """Every mistake alone."""
    return [_head(mistake) for mistake in AROUND]


def head_combined() -> list[Planted]:
    """Two mistakes at different places."""
    pairs = [pair for pair in itertools.combinations(AROUND, 2) if pair[0][1] != pair[1][1]]
    return [_head(*pair) for pair in pairs if not _cancel(*pair)][::2]


def _cancel(one: tuple[str, str, Formula], other: tuple[str, str, Formula]) -> bool:
    """Whether two are one, or two others: without the scale DS is DR, and it may come in elsewhere."""
    names = {one[:2], other[:2]}
    at_the_scale = {("scale-missing", "DR"), ("multiplied-for-divided", "DR"), ("wrong-scale", "DP")}
    elsewhere = {(name, where) for name in ("wrong-scale", "wrong-upstream") for where in ("DP", "DQ", "DK")}
    return bool(names & at_the_scale) and len(names & (at_the_scale | elsewhere)) > 1


# Exercise 2: the projections, of which only the ends are seen

PROJECTION_MARKS = {"DR": 1.5, "DX": 3.0, "DWq": 1.5, "DWk": 1.5, "DWv": 1.5}
PROJECTIONS: dict[str, Formula] = HEAD | {
    "DWq": lambda q: q["X"].T @ q["DQ"],
    "DWk": lambda q: q["X"].T @ q["DK"],
    "DWv": lambda q: q["X"].T @ q["DV"],
    "DX": lambda q: q["DQ"] @ q["Wq"].T + q["DK"] @ q["Wk"].T + q["DV"] @ q["Wv"].T,
}


def projections(changed: Iterable[tuple[str, Formula]] = ()) -> Callable[..., Any]:
    """The backward pass of a head and its projections, some of its quantities computed otherwise."""

    def exercise2(X, Wq, Wk, Wv, M, Q, K, V, P, DO):
        q = {"X": X, "Wq": Wq, "Wk": Wk, "Wv": Wv, "M": M, "Q": Q, "K": K, "V": V, "P": P, "DO": DO}
        q |= {"d": Q.shape[1], "T": len(Q), "e": V.shape[1], "D": X.shape[1], "O": P @ V, "R": Q @ K.T}
        q |= {"S": Q @ K.T / np.sqrt(Q.shape[1])}
        for name, formula in (PROJECTIONS | dict(changed)).items():
            q[name] = formula(q)
        return q["DR"], q["DX"], q["DWq"], q["DWk"], q["DWv"]

    return exercise2


def _path(*kept: str) -> Formula:
    return lambda q: sum(q[f"D{name.upper()}"] @ q[f"W{name}"].T for name in kept)


BETWEEN: tuple[tuple[str, str, Formula], ...] = (
    *((name, "DS", formula) for name, formula in SOFTMAX[:9]),
    ("scale-missing", "DR", lambda q: q["DS"]),
    ("wrong-scale", "DR", lambda q: q["DS"] / q["d"]),
    ("wrong-scale", "DR", lambda q: q["DS"] / np.sqrt(q["D"])),
    ("operand-not-transposed", "DV", lambda q: q["P"] @ q["DO"]),
    ("wrong-operand", "DQ", lambda q: q["DR"] @ q["Q"]),
    ("upstream-transposed", "DK", lambda q: q["DR"] @ q["Q"]),
    ("wrong-operand", "DK", lambda q: q["DR"].T @ q["K"]),
)
ENDS: tuple[tuple[str, str, Formula], ...] = (
    ("path-missing", "DX", _path("k", "v")),
    ("path-missing", "DX", _path("q", "v")),
    ("path-missing", "DX", _path("q", "k")),
    ("wrong-weights", "DX", lambda q: PROJECTIONS["DX"](q) + (q["DQ"] @ (q["Wk"] - q["Wq"]).T)),
    ("path-wrong-scale", "DX", lambda q: PROJECTIONS["DX"](q) + q["DV"] @ q["Wv"].T),
    ("wrong-scale", "DX", lambda q: PROJECTIONS["DX"](q) / 3),
    ("wrong-sign", "DX", lambda q: -PROJECTIONS["DX"](q)),
    *(("transposed", f"DW{k}", lambda q, k=k: PROJECTIONS[f"DW{k}"](q).T) for k in "qkv"),
    *(("wrong-sign", f"DW{k}", lambda q, k=k: -PROJECTIONS[f"DW{k}"](q)) for k in "qkv"),
    ("wrong-upstream", "DWq", lambda q: q["X"].T @ q["DK"]),
    ("wrong-scale", "DWk", lambda q: PROJECTIONS["DWk"](q) * np.sqrt(q["d"])),
    ("unrecognised", "DWv", lambda q: np.cos(PROJECTIONS["DWv"](q))),
)
ALL = (*BETWEEN, *ENDS)
SEEN = {"DS": ("DR",), "DQ": ("DWq",), "DK": ("DWk",), "DV": ("DWv",)}  # of what is not handed in


def _projections(*mistakes: tuple[str, str, Formula]) -> Planted:
    lost = {part for _, where, _ in mistakes for part in SEEN.get(where, (where,))}
    score = sum(marks for part, marks in PROJECTION_MARKS.items() if part not in lost)
    changed = tuple((where, formula) for _, where, formula in mistakes)
    return Planted(tuple((name, where) for name, where, _ in mistakes), score, projections(changed))


def projection_single() -> list[Planted]:
    """Every mistake alone."""
    return [_projections(mistake) for mistake in ALL]


def projection_combined() -> list[Planted]:
    """Two mistakes at different places: a third of all pairs, each mistake in many."""
    pairs = [pair for pair in itertools.combinations(ALL, 2) if _both_show(*pair)]
    return [_projections(*pair) for pair in pairs[::3]]


def _both_show(one: tuple[str, str, Formula], other: tuple[str, str, Formula]) -> bool:
    """Whether two are in different parts, and none makes up for the other or is made of a wrong one."""
    parts = [SEEN.get(where, (where,)) for _, where, _ in (one, other)]
    return not set(parts[0]) & set(parts[1])


# Exercise 3: several heads, of which only an error and its gradients are seen

SEVERAL_MARKS = {"error": 1.0, "Wq": 2.0, "Wk": 2.0, "Wv": 2.0, "Wo": 2.0}


def split(A, H):
    return A.reshape(len(A), H, -1).transpose(0, 1)


def split_mixed(A, H):
    return A.reshape(H, len(A), -1)


def split_interleaved(A, H):
    return A.reshape(len(A), -1, H).permute(2, 0, 1)


def join(A):
    return A.transpose(0, 1).reshape(A.shape[1], -1)


def join_mixed(A):
    return A.reshape(A.shape[1], -1)


def scores(Q, K, D):
    return Q @ K.transpose(1, 2) / Q.shape[-1] ** 0.5


def masked(S, M):
    return S.masked_fill(~M, -torch.inf)


def probable(S, M):
    return torch.softmax(masked(S, M), dim=-1)


def squared(Y, G):
    return ((Y - G) ** 2).mean()


def several(
    *,
    q: Callable[..., Any] = split,
    k: Callable[..., Any] = split,
    v: Callable[..., Any] = split,
    S_of: Callable[..., Any] = scores,
    P_of: Callable[..., Any] = probable,
    O_of: Callable[..., Any] = join,
    err: Callable[..., Any] = squared,
) -> Callable[..., Any]:
    """Attention with several heads, some of its lines written otherwise."""

    def exercise3(Wq, Wk, Wv, Wo, X, M, H, G):
        Q, K, V = q(X @ Wq, H), k(X @ Wk, H), v(X @ Wv, H)
        P = P_of(S_of(Q, K, X.shape[1]), M)
        return err(O_of(P @ V) @ Wo, G)

    return exercise3


def transposed_mask(S, M):
    return torch.softmax(S.masked_fill(~M.T, -1e9), dim=-1)


def triangle(offset: int) -> Callable[..., Any]:
    """Ignore the mask that is given, and make one."""
    return lambda S, M: torch.softmax(S.masked_fill(torch.ones_like(M).tril(offset) == 0, -1e9), dim=-1)


def raw(Q, K, D):
    return Q @ K.transpose(1, 2)


P_MISTAKES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("mask-left-out", lambda S, M: torch.softmax(S, dim=-1)),
    ("mask-after-softmax", lambda S, M: torch.softmax(S, dim=-1) * M),
    ("masked-scores-zero", lambda S, M: torch.softmax(S * M, dim=-1)),
    ("masked-scores-zero", lambda S, M: torch.softmax(S.masked_fill(~M, 1e-9), dim=-1)),
    ("mask-inverted", lambda S, M: torch.softmax(S.masked_fill(M, -1e9), dim=-1)),
    ("mask-transposed", transposed_mask),
    ("mask-added", lambda S, M: torch.softmax(S + M, dim=-1)),
    ("another-mask", triangle(0)),
    ("another-mask", triangle(1)),
    ("another-mask", triangle(-1)),
    ("softmax-wrong-axis", lambda S, M: torch.softmax(S.masked_fill(~M, -1e9), dim=1)),
    ("double-softmax", lambda S, M: torch.softmax(probable(S, M), dim=-1)),
    ("sigmoid-for-softmax", lambda S, M: torch.sigmoid(masked(S, M))),
    ("softmax-left-out", lambda S, M: S * M),
)
S_MISTAKES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("scale-left-out", raw),
    ("scale-squared", lambda Q, K, D: raw(Q, K, D) / Q.shape[-1]),
    ("scale-inverted", lambda Q, K, D: raw(Q, K, D) * Q.shape[-1] ** 0.5),
    ("scale-of-wrong-width", lambda Q, K, D: raw(Q, K, D) / D**0.5),
    ("scale-of-wrong-width", lambda Q, K, D: raw(Q, K, D) / (len(Q) * Q.shape[-1]) ** 0.5),
    ("scale-of-wrong-width", lambda Q, K, D: raw(Q, K, D) / Q.shape[1] ** 0.5),
)
HEADS: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("heads-mixed-with-positions", split_mixed),
    ("heads-interleaved", split_interleaved),
)
O_MISTAKES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("heads-mixed-with-positions", join_mixed),
    ("heads-averaged", lambda A: join(A.mean(0, keepdim=True).expand(A.shape))),
    ("last-head-only", lambda A: join(torch.cat([torch.zeros_like(A[:-1]), A[-1:]]))),
)
ERR_MISTAKES: tuple[tuple[str, Callable[..., Any]], ...] = (
    ("missing-factor-two", lambda Y, G: ((Y - G) ** 2).mean() / 2),
    ("wrong-scale", lambda Y, G: ((Y - G) ** 2).mean() * len(Y)),
    ("wrong-sign", lambda Y, G: -((Y - G) ** 2).mean()),
)
LOST_BY = {
    "P": ("Wq", "Wk"),
    "S": ("Wq", "Wk"),
    "O": ("Wq", "Wk", "Wv"),
    "Q": ("Wq",),
    "K": ("Wk",),
    "V": ("Wv",),
}
CHANGED = {"P": "P_of", "S": "S_of", "O": "O_of", "Q": "q", "K": "k", "V": "v", "error": "err"}
PLACES: dict[str, tuple[tuple[str, Callable[..., Any]], ...]] = {
    "error": ERR_MISTAKES, "O": O_MISTAKES, "P": P_MISTAKES, "S": S_MISTAKES,
    "V": HEADS, "K": HEADS, "Q": HEADS,
}  # fmt: skip


def _several(*mistakes: tuple[str, str, Callable[..., Any]]) -> Planted:
    lost = {"error"} | {part for _, where, _ in mistakes for part in LOST_BY.get(where, ())}
    score = sum(marks for part, marks in SEVERAL_MARKS.items() if part not in lost)
    changed = {CHANGED[where]: function for _, where, function in mistakes}
    return Planted(tuple((name, where) for name, where, _ in mistakes), score, several(**changed))


def several_single() -> list[Planted]:
    """Every mistake alone; scores that are scaled behind the softmax; heads that are mixed up everywhere."""
    result = [_several((name, where, f)) for where, each in PLACES.items() for name, f in each]
    result.append(
        Planted(
            (("scale-after-softmax", "P"),), 4.0,
            lambda Wq, Wk, Wv, Wo, X, M, H, G: several(
                S_of=raw, P_of=lambda S, M: probable(S, M) / (Wq.shape[1] // H) ** 0.5
            )(Wq, Wk, Wv, Wo, X, M, H, G),
        )
    )  # fmt: skip
    for name, function in HEADS:
        result.append(_several(*((name, where, function) for where in "QKV")))
    return result


def several_combined() -> list[Planted]:
    """Two mistakes at different places."""
    every = [(name, where, f) for where, each in PLACES.items() for name, f in each]
    pairs = [pair for pair in itertools.combinations(every, 2) if pair[0][1] != pair[1][1]]
    return [_several(*pair) for pair in pairs if _apart(*pair)][::5]


def _apart(one: tuple[str, str, Callable[..., Any]], other: tuple[str, str, Callable[..., Any]]) -> bool:
    """Whether both show: scores that are too large leave one probability, whatever the rest is."""
    return one[0] != other[0] and "scale-inverted" not in (one[0], other[0])
