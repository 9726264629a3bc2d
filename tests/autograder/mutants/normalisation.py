"""Wrong answers to assignment 05: layernorm, batchnorm in training and evaluation, rmsnorm, part by part."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.autograder.mutants.planted import Formula, Planted

Term = Callable[[dict[str, Any], Any], Any]
"""What is taken away from the gradient by H, made of the quantities and of that gradient."""
Mistake = tuple[str, str, Formula]


def mean(q, v, axis=None):
    return v.mean(axis=q["axis"] if axis is None else axis, keepdims=True)


def total(q, v):
    return v.sum(axis=q["axis"], keepdims=True)


def through_mean(q, v):
    return mean(q, v)


def through_deviation(q, v):
    return q["H"] * mean(q, v * q["H"])


def nothing(q, v):
    return 0 * v


def over_deviation(q, v):
    return v / q["S"]


def behind(
    first: Term = through_mean, second: Term = through_deviation, last: Term = over_deviation
) -> Formula:
    """The gradient by X: what comes directly, less two terms, over the deviation."""
    return lambda q: last(q, q["DH"] - first(q, q["DH"]) - second(q, q["DH"]))


def other(q):
    """The other axis."""
    return 1 - q["axis"]


def again(q, axis=None, less=0):
    """Normalise X along an axis, with another count in the variance; give H and S."""
    axis = q["axis"] if axis is None else axis
    C = q["X"] - q["X"].mean(axis=axis, keepdims=True)
    S = np.sqrt((C**2).sum(axis=axis, keepdims=True) / (C.shape[axis] - less) + q["eps"])
    return C / S, S


def recomputed(axis: Callable[[dict[str, Any]], int], less: int = 0) -> Formula:
    """The right formula, with everything made again along that axis."""

    def formula(q):
        along, v = axis(q), q["DH"]
        H, S = again(q, along, less)
        squares = (v * H).sum(axis=along, keepdims=True) / (v.shape[along] - less)
        return (v - v.mean(axis=along, keepdims=True) - H * squares) / S

    return formula


def centred(q):
    return q["X"] - q["M"]


def count(q):
    return q["X"].shape[q["axis"]]


FIRST: tuple[tuple[str, Term], ...] = (
    ("missing-mean-path", nothing),
    ("sum-for-mean", total),
    ("wrong-count", lambda q, v: total(q, v) / (count(q) - 1)),
    ("path-wrong-scale", lambda q, v: -mean(q, v)),
    ("statistics-along-wrong-axis", lambda q, v: mean(q, v, other(q))),
    ("weight-missing", lambda q, v: mean(q, v / q["G"])),
    ("weight-twice", lambda q, v: mean(q, v * q["G"])),
)
SECOND: tuple[tuple[str, Term], ...] = (
    ("missing-variance-path", nothing),
    ("sum-for-mean", lambda q, v: q["H"] * total(q, v * q["H"])),
    ("unbiased-in-backward-only", lambda q, v: q["H"] * total(q, v * q["H"]) / (count(q) - 1)),
    ("path-wrong-scale", lambda q, v: through_deviation(q, v) / 2),
    ("path-wrong-scale", lambda q, v: 2 * through_deviation(q, v)),
    ("path-wrong-scale", lambda q, v: -through_deviation(q, v)),
    ("raw-for-normalised", lambda q, v: q["X"] * mean(q, v * q["H"])),
    ("raw-for-normalised", lambda q, v: q["H"] * mean(q, v * q["X"])),
    ("raw-for-normalised", lambda q, v: q["X"] * mean(q, v * q["X"])),
    ("wrong-power-of-deviation", lambda q, v: centred(q) * mean(q, v * q["H"])),
    ("wrong-power-of-deviation", lambda q, v: centred(q) * mean(q, v * centred(q))),
    ("wrong-power-of-deviation", lambda q, v: through_deviation(q, v) / q["S"]),
    ("statistics-along-wrong-axis", lambda q, v: q["H"] * mean(q, v * q["H"], other(q))),
    ("weight-missing", lambda q, v: q["H"] * mean(q, v / q["G"] * q["H"])),
    ("weight-twice", lambda q, v: q["H"] * mean(q, v * q["G"] * q["H"])),
)


def unfinished(q, v):
    """A mean of the entries up to each one, over the number of all."""
    return np.cumsum(v, axis=q["axis"]) / count(q)


def of_all(q, v):
    """The term of the deviation, summed over what is normalised by itself."""
    return through_deviation(q, v).sum(axis=other(q), keepdims=True)


def unfinished_products(q, v):
    return q["H"] * unfinished(q, v * q["H"])


LAST: tuple[tuple[str, Term], ...] = (
    ("deviation-missing", lambda q, v: v),
    ("root-missing", lambda q, v: v / q["S"] ** 2),
    ("root-inverted", lambda q, v: v * q["S"]),
)
TOGETHER: tuple[tuple[str, Formula], ...] = (
    ("statistics-as-constants", behind(nothing, nothing)),
    ("sum-for-mean", behind(total, lambda q, v: q["H"] * total(q, v * q["H"]))),
    (
        "statistics-along-wrong-axis",
        behind(
            lambda q, v: mean(q, v, other(q)), lambda q, v: q["H"] * mean(q, v * q["H"], other(q))
        ),
    ),
    ("statistics-along-wrong-axis", recomputed(other)),
    ("sums-not-finished", behind(unfinished, unfinished_products)),
    ("added-up-over-others", behind(second=of_all)),
    ("unbiased-variance", recomputed(lambda q: q["axis"], less=1)),
    ("wrong-upstream", lambda q: behind()({**q, "DH": q["DY"]})),
)  # fmt: skip
OUTSIDE: tuple[tuple[str, Formula], ...] = (
    ("gamma-outside-the-means", lambda q: q["G"] * behind()({**q, "DH": q["DY"]})),
)
RUNNING: tuple[tuple[str, Formula], ...] = (
    ("running-statistics-in-training", lambda q: q["DH"] / q["RS"]),
    ("wrong-operand", behind(last=lambda q, v: v / q["RS"])),
)
SQUARES: tuple[tuple[str, Formula], ...] = (
    ("rms-as-constant", behind(nothing, nothing)),
    ("mean-subtracted", behind()),
    ("wrong-upstream", lambda q: behind(nothing)({**q, "DH": q["DY"]})),
    *(
        (name, behind(nothing, term))
        for name, term in SECOND
        if name not in ("missing-variance-path", "unbiased-in-backward-only", "raw-for-normalised")
        and name != "wrong-power-of-deviation"
    ),
    ("sums-not-finished", behind(nothing, unfinished_products)),
    ("added-up-over-others", behind(nothing, of_all)),
    ("wrong-count", behind(nothing, lambda q, v: q["H"] * total(q, v * q["H"]) / (count(q) - 1))),
    ("wrong-power-of-deviation", behind(nothing, lambda q, v: q["X"] * mean(q, v * q["H"]))),
    ("wrong-power-of-deviation", behind(nothing, lambda q, v: q["X"] * mean(q, v * q["X"]))),
    *((name, behind(nothing, last=last)) for name, last in LAST),
    ("gamma-outside-the-means", lambda q: q["G"] * behind(nothing)({**q, "DH": q["DY"]})),
)
GAMMA: tuple[tuple[str, Formula], ...] = (
    ("wrong-operand", lambda q: (q["DY"] * q["X"]).sum(axis=0)),
    ("factor-missing", lambda q: q["DY"].sum(axis=0)),
    ("mean-twice", lambda q: (q["DY"] * q["H"]).mean(axis=0)),
    ("not-summed", lambda q: q["DY"] * q["H"]),
    ("summed-over-wrong-axis", lambda q: (q["DY"] * q["H"]).sum(axis=1)),
    ("summed-over-all-axes", lambda q: (q["DY"] * q["H"]).sum()),
    ("extra-axis", lambda q: (q["DY"] * q["H"]).sum(axis=0, keepdims=True)),
    ("wrong-sign", lambda q: -(q["DY"] * q["H"]).sum(axis=0)),
    ("one-data-point", lambda q: (q["DY"] * q["H"])[0]),
    ("data-point-left-out", lambda q: (q["DY"] * q["H"])[1:].sum(axis=0)),
    ("zero", lambda q: 0 * q["G"]),
)
BETA: tuple[tuple[str, Formula], ...] = (
    ("mean-twice", lambda q: q["DY"].mean(axis=0)),
    ("not-summed", lambda q: q["DY"]),
    ("wrong-axis", lambda q: q["DY"].sum(axis=1)),
    ("gamma-in-beta", lambda q: (q["DY"] * q["G"]).sum(axis=0)),
    ("wrong-sign", lambda q: -q["DY"].sum(axis=0)),
    ("zero", lambda q: 0 * q["G"]),
)
NORMALISED: tuple[tuple[str, Formula], ...] = (
    ("weights-updated", lambda q: q["DY"] * (q["G"] - 0.1 * (q["DY"] * q["H"]).sum(axis=0))),
    ("factor-missing", lambda q: q["DY"]),
    ("wrong-operand", lambda q: q["DY"] * q["H"]),
    ("wrong-sign", lambda q: -q["DY"] * q["G"]),
    ("unrecognised", lambda q: np.cos(3 * q["DY"]) * q["G"] + 0.3),
)
EVALUATED: tuple[tuple[str, Formula], ...] = (
    ("factor-missing", lambda q: q["DY"] * q["G"]),
    ("wrong-operand", lambda q: q["DY"] * q["G"] / q["S"]),
    ("root-missing", lambda q: q["DY"] * q["G"] / q["RS"] ** 2),
    ("multiplied-for-divided", lambda q: q["DY"] * q["G"] * q["RS"]),
    ("batch-statistics-in-evaluation", lambda q: behind()({**q, "S": q["RS"]})),
    (
        "batch-statistics-in-evaluation",
        lambda q: behind()({**q, "H": (q["X"] - q["M"]) / q["S"]}),
    ),
    ("wrong-sign", lambda q: -q["DY"] * q["G"] / q["RS"]),
)
RIGHT: dict[str, Formula] = {
    "DH": lambda q: q["DY"] * q["G"],
    "DX": behind(),
    "DG": lambda q: (q["DY"] * q["H"]).sum(axis=0),
    "DB": lambda q: q["DY"].sum(axis=0),
}


@dataclass(frozen=True)
class Task:
    """An exercise: what it is given and gives, what is right, what is planted."""

    name: str
    parameters: str
    marks: Mapping[str, float]
    right: Mapping[str, Formula]
    planted: tuple[Mistake, ...]
    axis: int = 1

    def function(self, changed: Mapping[str, Formula] | None = None, finish: Any = None) -> Any:
        """A student's function, some of its quantities computed otherwise."""
        formulas = {**self.right, **(changed or {})}

        def answer(*given):
            q = dict(zip(self.parameters.split(), given, strict=True), axis=self.axis)
            if "H" not in q:
                q["H"] = (q["X"] - q["RM"]) / q["RS"]
            q.setdefault("DH", q["DY"] * q["G"])
            for name, formula in formulas.items():
                q[name] = formula(q)
            result = tuple(q[name] for name in self.marks)
            return finish(*result) if finish else result

        answer.__name__ = self.name
        return answer

    def part(self, mistake: Mistake) -> str:
        """The part in which it shows."""
        return mistake[1] if mistake[1] in self.marks else "DX"

    def answers(self, *mistakes: Mistake) -> Planted:
        """A wrong answer with these mistakes."""
        parts = [self.part(mistake) for mistake in mistakes]
        score = sum(marks for part, marks in self.marks.items() if part not in parts)
        changed = {part: formula for part, (_, _, formula) in zip(parts, mistakes, strict=True)}
        names = tuple((name, where) for name, where, _ in mistakes)
        return Planted(names, score, self.function(changed))


def at(where: str, mistakes: Any) -> tuple[Mistake, ...]:
    return tuple((name, where, formula) for name, formula in mistakes)


TERMS = (
    *((name, behind(first=term)) for name, term in FIRST),
    *((name, behind(second=term)) for name, term in SECOND),
    *((name, behind(last=term)) for name, term in LAST),
)
COMMON = (*at("DH", NORMALISED), *at("DG", GAMMA), *at("DB", BETA))
STRANGE: Mistake = ("unrecognised", "DX", lambda q: np.sin(3 * q["DH"]) + 0.4 * q["H"] ** 3)
LAYER = Task(
    "exercise1", "X G B eps M S H DY", {"DH": 1.0, "DX": 6.0, "DG": 2.0, "DB": 1.0}, RIGHT,
    (*COMMON, *at("DX", (*TERMS, *TOGETHER, *OUTSIDE)), STRANGE),
)  # fmt: skip
BATCH = Task(
    "exercise2", "X G B eps M S H RM RS DY", {"DH": 1.0, "DX": 5.0, "DG": 2.0, "DB": 1.0}, RIGHT,
    (*COMMON, *at("DX", (*TERMS, *TOGETHER, *RUNNING)), STRANGE), axis=0,
)  # fmt: skip
EVALUATION = Task(
    "exercise3", "X G B eps M S RM RS DY", {"DX": 2.0, "DG": 1.0},
    {"DX": lambda q: q["DY"] * q["G"] / q["RS"], "DG": RIGHT["DG"]},
    (("factor-missing", "DH", lambda q: q["DY"] / q["RS"]), *at("DX", EVALUATED), *at("DG", GAMMA)), axis=0,
)  # fmt: skip
ROOT = Task(
    "exercise4", "X G eps S H DY", {"DH": 1.0, "DX": 5.0, "DG": 2.0}, {**RIGHT, "DX": behind(nothing)},
    (*at("DH", NORMALISED), *at("DX", SQUARES), *at("DG", GAMMA)),
)  # fmt: skip
TASKS = (LAYER, BATCH, EVALUATION, ROOT)
TITLES = (
    "layer normalisation",
    "batch normalisation in training",
    "batch normalisation in evaluation",
    "normalisation by the root of the mean of squares",
)


def single(task: Task) -> list[Planted]:
    """Every mistake alone."""
    return [task.answers(mistake) for mistake in task.planted]


def combined(task: Task) -> list[Planted]:
    """Two mistakes in two parts, some of all pairs, each in many; and two in the terms of one part."""
    pairs = [pair for pair in itertools.combinations(task.planted, 2) if _apart(task, *pair)]
    return [task.answers(*pair) for pair in pairs[::7]] + list(_in_one(task))[::4]


def _apart(task: Task, one: Mistake, other: Mistake) -> bool:
    """Whether both show: in two parts, of which the second follows from no array without a name."""
    parts = {task.part(one), task.part(other)}
    return len(parts) == 2 and not (parts == {"DH", "DX"} and "unrecognised" in (one[0], other[0]))


ONE_MISTAKE = {("missing-mean-path", "missing-variance-path"), ("wrong-count", "unbiased-in-backward-only")}


def _in_one(task: Task) -> Iterator[Planted]:
    if task not in (LAYER, BATCH):
        return
    kinds = {"first": FIRST, "second": SECOND, "last": LAST}
    for (one, firsts), (two, seconds) in itertools.combinations(kinds.items(), 2):
        for (name, term), (other_name, other_term) in itertools.product(firsts, seconds):
            if name != other_name and (name, other_name) not in ONE_MISTAKE:
                formula = behind(**{one: term, two: other_term})
                mistakes = ((name, "DX"), (other_name, "DX"))
                yield Planted(
                    mistakes, task.answers(("", "DX", formula)).score, task.function({"DX": formula})
                )


def whole() -> list[Planted]:
    """The structure of the answer."""
    wrong = {"wrong-length": lambda DH, DX, DG, DB: (DX, DG, DB), "returns-nothing": lambda *_: None}
    return [Planted(((name, "answer"),), 0.0, LAYER.function(finish=f)) for name, f in wrong.items()]
