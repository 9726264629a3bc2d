"""What the numbers of a wrong part look like: half of the truth, transposed, wrong where units are off.

No signature needs a solution: each is seen in the student's numbers and the measured ones alone.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from utils.checks.compare import TOLERANCE, agrees, deviations
from utils.checks.reading import Unreadable, Value
from utils.checks.vocabulary import Array, Instance, Part

Mask: TypeAlias = NDArray[np.bool_]

FEW = 2  # so many wrong entries are named one by one

OF_ONE_ARRAY = frozenset(
    {"transposed", "axis", "rows", "one-number", "shape", "missing", "off-rows", "few-entries"}
)
"""Signatures that say something of one product or one sum, and nothing of what it is made from."""


@dataclass(frozen=True)
class Case:
    """One part on one instance."""

    given: Value
    true: Array
    instance: Instance


@dataclass(frozen=True)
class Signature:
    """What was recognised: its key, a word or two for the table, a clause that goes on after "it"."""

    key: str
    word: str
    clause: str


def recognise(part: Part, cases: Sequence[Case]) -> Signature | None:
    """Say what is wrong with a part, or None if nothing is: the first signature that fits all cases."""
    unread = [case.given for case in cases if not isinstance(case.given, np.ndarray)]
    if unread:
        what = unread[0].description if isinstance(unread[0], Unreadable) else "a list"
        clause = "is missing" if what == "missing" else f"is {what}, not an array of numbers"
        return Signature("missing", "missing" if what == "missing" else "no array", clause)
    if all(agrees(_array(case), case.true) for case in cases):
        return None
    if any(_array(case).shape != case.true.shape for case in cases):
        return _form(cases)
    if not all(np.isfinite(_array(case)).all() for case in cases):
        return Signature("not-finite", "not finite", "has entries that are nan or infinite")
    for look in (_nothing, _same_always, _an_input, _multiple, _transposed, _clipped):
        found = look(cases)
        if found:
            return found
    where = _units(part, cases)
    if where and where.key != "on-units":
        return where
    return _few(cases) or where or _unknown(cases)


VALUES = "has the right shape, but other numbers"


def _unknown(cases: Sequence[Case]) -> Signature:
    if cases[0].true.ndim == 0:
        return Signature("values", "wrong value", "is another number")
    return Signature("values", "wrong values", VALUES)


def _array(case: Case) -> Array:
    assert isinstance(case.given, np.ndarray)
    return case.given


def _all(cases: Sequence[Case], holds: Callable[[Array, Array, Instance], Any]) -> bool:
    return all(holds(_array(case), case.true, case.instance) for case in cases)


def _form(cases: Sequence[Case]) -> Signature:
    """Tell arrays of another shape apart."""
    if _all(cases, lambda g, t, i: agrees(g.T, t)):
        return Signature("transposed", "transposed", "is right, but transposed")
    if _all(cases, lambda g, t, i: g.shape == (i.size, *t.shape) and agrees(g.sum(axis=0), t)):
        return Signature("rows", "a row for each point", "still has a row for each data point")
    if _all(cases, lambda g, t, i: _squeezed(g) == _squeezed(t) and agrees(g.reshape(t.shape), t)):
        return Signature(
            "axis",
            "an axis of length 1",
            "has the right numbers, but an axis of length 1 too many or too few",
        )
    if _all(cases, lambda g, t, i: g.size == 1 and agrees(g.reshape(()), np.asarray(t.sum()))):
        return Signature("one-number", "one number", "is one number, the sum of all entries")
    return Signature("shape", "wrong shape", "has another shape")


def _squeezed(array: Array) -> tuple[int, ...]:
    return tuple(length for length in array.shape if length != 1)


def _nothing(cases: Sequence[Case]) -> Signature | None:
    if _all(cases, lambda g, t, i: not g.any()):
        return Signature("zero", "zero", "is zero everywhere")
    if _all(cases, lambda g, t, i: g.size > 1 and agrees(g, np.full_like(t, t.sum()))):
        return Signature("one-number", "one number", "is one number for all, the sum of all entries")
    if _all(cases, lambda g, t, i: g.size > 1 and np.ptp(g) == 0):
        return Signature("constant", "constant", "has the same number in every entry")
    return None


def _same_always(cases: Sequence[Case]) -> Signature | None:
    first = _array(cases[0])
    if len(cases) > 1 and _all(cases, lambda g, t, i: np.array_equal(g, first)):
        return Signature("same-always", "always the same", "is the same, whatever the data and parameters")
    return None


def _an_input(cases: Sequence[Case]) -> Signature | None:
    """See whether it is something that came in."""
    for name, _ in _arrays(cases[0].instance):
        if _all(cases, lambda g, t, i, name=name: np.array_equal(g, dict(_arrays(i))[name])):  # type: ignore[misc]  # mypy infers no default of a lambda
            return Signature("input", "an input", f"is `{name}` itself, which came in")
    return None


def _arrays(instance: Instance) -> Iterator[tuple[str, Array]]:
    for name, value in instance.inputs.items():
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, list):
            yield from ((f"{name}[{i}]", item) for i, item in enumerate(value))


def _multiple(cases: Sequence[Case]) -> Signature | None:
    """See whether every entry is off by one factor, the same in all cases or one that goes with N."""
    factors = []
    for case in cases:
        given, true = _array(case), case.true
        factor = float(np.vdot(true, given) / (np.vdot(true, true) or 1.0))
        if factor == 0 or not np.all(deviations(given / factor, true) <= TOLERANCE):
            return None
        factors.append(factor)
    found = np.array(factors)
    sizes = np.array([float(case.instance.size) for case in cases])
    laws = ((found, "{}"), (found / sizes, "{}N"), (found * sizes, "{}/N"), (found / sizes**2, "{}N²"))
    for ratio, pattern in laws:
        k = float(ratio[-1])
        if np.all(np.abs(ratio - k) <= 10 * TOLERANCE * abs(k)):
            name = _times(k, pattern)
            everywhere = ", everywhere" if any(case.true.size > 1 for case in cases) else ""
            clause = f"is {name} times what it should be{everywhere}"
            return Signature(f"factor {name}", f"{name} times", clause)
    return None


def _times(k: float, pattern: str) -> str:
    number = f"{k:.4g}".replace("-", "−")
    if pattern == "{}N":
        parts = round(1 / abs(k))
        if parts > 2 and abs(parts * abs(k) - 1) <= 10 * TOLERANCE:  # N/64, where 0.01562·N says nothing
            return f"{'−' * (k < 0)}N/{parts}"
    if pattern.startswith("{}N"):
        number = {"1": "", "−1": "−"}.get(number, f"{number}·")
    return pattern.format(number)


def _transposed(cases: Sequence[Case]) -> Signature | None:
    if _all(cases, lambda g, t, i: g.ndim == 2 and agrees(g.T, t)):
        return Signature("transposed", "transposed", "is right, but transposed")
    return None


def _clipped(cases: Sequence[Case]) -> Signature | None:
    several = [case for case in cases if case.true.size > 1 and case.true.min() < 0]
    if several and _all(several, lambda g, t, i: g.min() >= 0):
        return Signature("clipped", "no negative entries", "has no negative entry, and should have some")
    return None


def _units(part: Part, cases: Sequence[Case]) -> Signature | None:
    """See whether it is wrong where units are off; seen where some are off for all data points."""
    for name, axis, key in ((part.columns, -1, "off-units"), (part.rows, 0, "off-rows")):
        seen = _with_units_off(cases, name, axis)
        wrong = [deviations(_array(case), case.true) > TOLERANCE for case, _ in seen]
        if seen and all(w.any() and not (w & ~off).any() for w, (_, off) in zip(wrong, seen, strict=True)):
            return _wrong_where_off(key)
    seen = _with_units_off(cases, part.columns, -1)
    return _switched(seen) if seen else None


def _with_units_off(cases: Sequence[Case], name: str, axis: int) -> list[tuple[Case, Mask]]:
    """Give the cases in which some units, but not all, are off, and which entries are theirs."""
    marked = [(case, _off(case, name, axis)) for case in cases if name]
    return [(case, off) for case, off in marked if off.any() and not off.all()]


def _wrong_where_off(key: str) -> Signature:
    if key == "off-units":
        return Signature(
            key, "wrong at units that are off", "is wrong only in the entries of units that are off"
        )
    return Signature(
        key, "wrong at inputs that are off", "is wrong only in the rows of units below that are off"
    )


def _switched(seen: Sequence[tuple[Case, Mask]]) -> Signature | None:
    """Look at where the zeros are: at the units that are on, at others, or where they belong."""
    alive = [(case, off, ~off & (case.true != 0)) for case, off in seen]
    silent = [_array(case)[on] == 0 for case, _, on in alive]
    loud = [_array(case)[off] != 0 for case, off, _ in alive]
    if all(s.all() for s in silent) and all(o.any() for o in loud):
        return Signature(
            "inverted",
            "on and off exchanged",
            "is zero for the units that are on, and not for those that are off",
        )
    if any(s.any() for s in silent) and any(o.any() for o in loud):
        return Signature(
            "misplaced", "zeros at other units", "has its zeros at other units than those that are off"
        )
    if not any(o.any() for o in loud) and not any(s.any() for s in silent):
        return Signature(
            "on-units",
            "wrong values",
            "is zero where units are off, as it should be, but wrong elsewhere",
        )
    return None


def _off(case: Case, name: str, axis: int) -> Mask:
    """Mark the entries of units that are off for all data points, in the part's shape."""
    off = (case.instance.inputs[name] < 0).all(axis=0)
    along = off if axis == -1 or case.true.ndim == 1 else off[:, None]
    marked: Mask = np.broadcast_to(along, case.true.shape)
    return marked


def _few(cases: Sequence[Case]) -> Signature | None:
    wrong = [np.argwhere(deviations(_array(case), case.true) > TOLERANCE) for case in cases]
    places = {tuple(int(i) for i in index) for found in wrong for index in found}
    if not 0 < len(places) <= FEW or all(case.true.size <= FEW for case in cases):
        return None
    named = " and ".join(f"[{', '.join(map(str, place))}]" for place in sorted(places))
    return Signature("few-entries", f"wrong at {named}", f"is right but for {named}")
