"""Describe what the numbers of a wrong array show by themselves, if no known mistake explains them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from utils.checks.compare import TOLERANCE, agrees, deviations
from utils.checks.vocabulary import Array, Instance, Task, filled, listed
from utils.reading import Opaque, Value

FEW = 2  # so many wrong entries are named one by one


@dataclass(frozen=True)
class Case:
    """One part on one instance."""

    given: Value
    true: Array
    instance: Instance

    @property
    def array(self) -> Array:
        """Return what was given, if it is an array."""
        assert isinstance(self.given, np.ndarray)
        return self.given


@dataclass(frozen=True)
class Mismatch:
    """Say what is wrong with an array: the grader's name, a word or two for the table, a sentence."""

    name: str
    word: str
    sentence: str = ""
    given: str = ""
    """What is in its place, or its shape, if that is what is wrong."""


def wrong_with(task: Task, cases: Sequence[Case]) -> Mismatch | None:
    """Describe what is wrong with a part; return None if nothing is."""
    for case in cases:
        if not isinstance(case.given, np.ndarray):
            what = case.given.description if isinstance(case.given, Opaque) else "a list"
            if what not in ("missing", "None"):
                return Mismatch("malformed", "no array", given=what)
            return Mismatch("detached", "no gradient") if task.leaves else Mismatch("missing", "missing")
    if all(agrees(case.array, case.true) for case in cases):
        return None
    for case in reversed(cases):  # the largest shows most
        if case.array.shape != case.true.shape:
            return _shape(cases, case)
    arrays = [case.array for case in cases]
    if not all(np.isfinite(array).all() for array in arrays):
        return Mismatch("not-finite", "not finite")
    if not any(array.any() for array in arrays):
        return Mismatch("zero", "zero")
    flat = all(np.ptp(array) == 0 for array in arrays)
    if flat and (arrays[0].size > 1 or len({float(array.flat[0]) for array in arrays}) == 1 < len(arrays)):
        return Mismatch("constant", "constant")
    word, sentence = _numbers(task.sentences["shown"], cases)
    return Mismatch("unrecognised", word, sentence)


def _shape(cases: Sequence[Case], worst: Case) -> Mismatch:
    """Tell an axis too many from another shape."""
    squeezed = [tuple(n for n in case.array.shape if n != 1) for case in cases]
    wanted = [tuple(n for n in case.true.shape if n != 1) for case in cases]
    if squeezed == wanted and all(agrees(case.array.reshape(case.true.shape), case.true) for case in cases):
        more = worst.array.ndim > worst.true.ndim
        return Mismatch(
            "extra-axis" if more else "wrong-shape",
            "right numbers in another shape",
            given=f"{worst.array.shape}",
        )
    return Mismatch("wrong-shape", "wrong shape", given=f"{worst.array.shape}")


def _numbers(sentences: Mapping[str, str], cases: Sequence[Case]) -> tuple[str, str]:
    """Return a word and a sentence for numbers that are wrong."""
    wrong = [deviations(case.array, case.true) > TOLERANCE for case in cases]
    factor = _factor(cases)
    if factor is not None:
        written = f"{factor:.4g}".replace("-", "−")
        return f"{written} times", filled(sentences["factor"], factor=written)
    if all(case.array.ndim == 2 and agrees(case.array.T, case.true) for case in cases):
        return "transposed", sentences["transposed"]
    places = {tuple(int(i) for i in place) for mask in wrong for place in np.argwhere(mask)}
    if (
        cases[0].true.size > FEW
        and len(places) <= FEW
        and all(c.true.shape == cases[0].true.shape for c in cases)
    ):
        entries = [f"[{', '.join(map(str, place))}]" for place in sorted(places)]
        return f"wrong at {' and '.join(entries)}", filled(
            sentences["few" if len(entries) == 1 else "several"], entries=listed(entries)
        )
    units = _units_off(cases, wrong)
    if units:
        return "wrong where units are off", filled(sentences["off"], where=units)
    shown = _by_case(sentences, cases, wrong)
    several = [case for case in cases if case.true.size > 1 and case.true.min() < 0]
    if several and all(case.array.min() >= 0 for case in several):
        shown = f"{sentences['positive']} {shown}"
    return ("wrong value" if cases[0].true.ndim == 0 else "wrong values"), shown


def _factor(cases: Sequence[Case]) -> float | None:
    """Return the factor by which all entries are off on all instances; None if there is none."""
    factors = [float(np.vdot(c.true, c.array) / (np.vdot(c.true, c.true) or 1.0)) for c in cases]
    steady = abs(factors[0]) > 0 and np.ptp(factors) <= 10 * TOLERANCE * abs(factors[0])
    fits = steady and all(agrees(c.array / factors[0], c.true) for c in cases)
    return factors[0] if fits else None


def _units_off(cases: Sequence[Case], wrong: Sequence[NDArray[np.bool_]]) -> str:
    """Return the pre-activations that are negative wherever the part is wrong, along its last axis."""
    for name, given in cases[0].instance.inputs.items():
        if not isinstance(given, np.ndarray) or given.ndim != 2:
            continue
        off = [(case.instance.inputs[name] < 0).all(axis=0) for case in cases]
        if not any(some.any() and not some.all() for some in off):
            continue
        if all(
            some.shape == case.true.shape[-1:] and not (mask & ~some).any()
            for some, case, mask in zip(off, cases, wrong, strict=True)
        ):
            return name
    return ""


def _by_case(sentences: Mapping[str, str], cases: Sequence[Case], wrong: Sequence[NDArray[np.bool_]]) -> str:
    """Say on which instances it is right, or how much of it is wrong on the first that shows it."""
    fine = [case.instance.label for case, mask in zip(cases, wrong, strict=True) if not mask.any()]
    others = [case.instance.label for case, mask in zip(cases, wrong, strict=True) if mask.any()]
    case, mask = next((c, w) for c, w in zip(cases, wrong, strict=True) if w.any())
    if set(fine) - set(others):
        return filled(
            sentences["one-size"],
            right=listed(list(dict.fromkeys(fine))),
            wrong=listed(list(dict.fromkeys(others))),
        )
    if case.true.size == 1:
        numbers = (float(np.ravel(case.array)[0]), float(np.ravel(case.true)[0]))
        return filled(
            sentences["number"], yours=f"{numbers[0]:.4g}", true=f"{numbers[1]:.4g}", case=case.instance.label
        )
    if mask.all():
        return filled(sentences["all"], case=case.instance.label)
    return filled(sentences["nothing"], wrong=int(mask.sum()), all=mask.size, case=case.instance.label)
