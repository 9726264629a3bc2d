"""Find the known mistake that gives a student's numbers, by comparing with those that were shipped.

The result of a mistake is kept as one number for each part and instance: the part's entries, summed up
with fixed weights. A mistake is named if all parts made from it have its numbers on every instance; if
another mistake was made at a single one of these parts, if all that follows has them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from utils.checks.vocabulary import Array, Fault, Known, Numbers, Task, Unknown, filled

Answers = Sequence[dict[str, "Array | None"]]
"""For each instance the array of each part; None if there is none made of finite numbers."""

TOLERANCE = 2e-4  # of a part's size: single precision passes
POWERS = (0, 1, -1, 2, -2)  # of N, that a factor may go with
OF_OTHERS = (1, -1, 0.5, -0.5)  # of another dimension
NEVER = -2  # the number of a shape that no known mistake has
ANYTHING = -3  # the number if a mistake leaves a part open


@dataclass(frozen=True, eq=False)
class _StudentNumbers:
    """Hold a student's numbers: each (I, P)."""

    projections: Array
    shapes: NDArray[np.int64]
    allowed: Array
    """How far off a number may be."""
    true: Array
    sizes: Mapping[str, Array]
    """(I,) N of each instance, and the lengths of its other dimensions, by name."""
    right: NDArray[np.bool_]
    """(P,) whether a part is right on every instance."""
    several: NDArray[np.bool_]
    """(P,) whether it has more than one entry on every instance."""


@dataclass(frozen=True)
class _Candidate:
    """Hold a mistake that agrees with the numbers."""

    known: Known
    faults: tuple[Fault, ...]
    matched: NDArray[np.bool_]
    """(P,) the parts that have its numbers."""
    place: int
    """The first part that it changes."""
    akin: int = 0
    """How many of the parts made from it have its numbers, apart from another mistake on top."""

    @property
    def rank(self) -> tuple[int, int, bool, int, int]:
        """Return a key, the smaller the better: unexplained parts, its place, whether a number is fitted."""
        unexplained = len(self.matched) - int(self.matched.sum())
        return unexplained, self.place, self.known.unknown is not None, len(self.faults), -self.akin


def first_known(task: Task, answers: Answers, right: Sequence[bool]) -> tuple[Fault, ...]:
    """Name the first mistake behind everything that is wrong; nothing if none, or more than one, fits.

    right : for each part, whether it is right on every instance.
    """
    return _first(_candidates(task, _student_numbers(task, answers, right)), right)


def _first(candidates: Sequence[_Candidate], right: Sequence[bool]) -> tuple[Fault, ...]:
    wrong = [k for k, fine in enumerate(right) if not fine]
    while candidates:
        best = min(candidates, key=lambda candidate: candidate.rank)
        before = [k for k in wrong if k < best.place and not best.matched[k]]
        if not before:
            alike = [each for each in candidates if each.rank == best.rank]
            return best.faults if len({each.faults for each in alike}) == 1 else ()
        # something is wrong nearer to the output, beside this: look there
        candidates = [each for each in candidates if each.place <= before[0] and each.matched[before[0]]]
    return ()


def _student_numbers(task: Task, answers: Answers, right: Sequence[bool]) -> _StudentNumbers:
    names = [part.name for part in task.parts]
    probe, table = task.numbers.probe, task.numbers.table
    arrays = [[answer[name] for name in names] for answer in answers]
    truth = [[instance.true[name] for name in names] for instance in task.instances]
    size = np.array([[0.0 if a is None else float(np.linalg.norm(a)) for a in each] for each in arrays])
    least = np.array([[1e-6 * float(np.linalg.norm(a)) for a in each] for each in truth])
    return _StudentNumbers(
        np.array([[_projected(a, probe) for a in each] for each in arrays]),
        np.array([[-1 if a is None else table.get(a.shape, NEVER) for a in each] for each in arrays]),
        TOLERANCE * np.maximum(size, least),
        np.array([[_projected(a, probe) for a in each] for each in truth]),
        _sizes(task),
        np.array(right),
        np.asarray(np.array([[array.size > 1 for array in each] for each in truth]).all(axis=0)),
    )


def _sizes(task: Task) -> dict[str, Array]:
    """Return the dimensions that are not the same on all instances; N in any case, and first."""
    names = dict.fromkeys(name for instance in task.instances for name in instance.dimensions)
    result = {"N": np.array([float(instance.size) for instance in task.instances])}
    for name in names:
        lengths = [instance.dimensions.get(name, 0) for instance in task.instances]
        if all(lengths) and len(set(lengths)) > 1:
            result[name] = np.array(lengths, dtype=float)
    return result


def _projected(array: Array | None, probe: Array) -> float:
    if array is None or array.size > len(probe):
        return np.nan
    return float(probe[: array.size] @ array.ravel())


def _candidates(task: Task, student: _StudentNumbers) -> list[_Candidate]:
    numbers = task.numbers
    true_shapes = np.array(
        [[numbers.table.get(i.true[p.name].shape, NEVER) for p in task.parts] for i in task.instances]
    )
    with np.errstate(invalid="ignore"):
        same = (np.abs(numbers.projections - student.projections) <= student.allowed) | (numbers.shapes == -1)
        matched = ((same & (numbers.shapes == student.shapes)) | (numbers.shapes == ANYTHING)).all(axis=1)
        off = np.abs(numbers.projections - student.true) > student.allowed
    changed = (off | (numbers.shapes != true_shapes)).any(axis=1)
    names = [part.name for part in task.parts]
    absent = (student.shapes == -1).any(axis=0)
    candidates = []
    for k, known in enumerate(task.known):
        own = np.array([name in known.costs for name in names])
        faults, fits = known.faults, matched[k]
        if known.unknown is not None:
            fitted = _fitted(known.unknown, numbers, k, own, student)
            if fitted is None:
                continue
            amount, fits = fitted
            faults = tuple(_with(fault, known.unknown, amount) for fault in faults)
        if task.leaves and (absent & ~fits).any():
            continue  # it does not say why no gradient comes there
        akin = own & changed[k] & ~fits & _akin(numbers.projections[k], student)
        if _borne_out(fits, akin, own, changed[k], student):
            candidates.append(_Candidate(known, faults, fits, int(changed[k].argmax()), int(akin.sum())))
    return candidates


def _akin(projections: Array, student: _StudentNumbers) -> NDArray[np.bool_]:
    """Return which parts have a mistake's numbers in another shape, or times a factor: a second mistake.

    Not where the mistake itself is but a factor: then it may as well be the only one there.
    """
    with np.errstate(all="ignore"):
        again = (np.abs(projections - student.projections) <= student.allowed).all(axis=0)
        times = _factor(student.projections / projections) & ~_factor(projections / student.true)
    result: NDArray[np.bool_] = again | times
    return result


def _factor(ratios: Array) -> NDArray[np.bool_]:
    """Return whether ratios are the same on every instance, and not 0."""
    least = np.abs(ratios).min(axis=0)
    result: NDArray[np.bool_] = (np.ptp(ratios, axis=0) <= TOLERANCE * least) & (least > 0)
    return result


def _borne_out(
    matched: NDArray[np.bool_],
    akin: NDArray[np.bool_],
    own: NDArray[np.bool_],
    changed: NDArray[np.bool_],
    student: _StudentNumbers,
) -> bool:
    """Return whether the parts made from a mistake have its numbers, unless another mistake is in the way.

    All of them have, or most of many, or some and all that follows. Or one of several entries has, while none
    of the others and nothing that follows is right, and something does follow or the others are akin to it.
    """
    touched, after = own & changed, ~own & changed
    if not (touched & matched & ~student.right).any():
        return False
    fitting, count = int(matched[touched].sum()), int(touched.sum())
    if fitting == count or 2 * fitting > count > 2 or (after.any() and matched[~own].all()):
        return True
    telling = touched & matched & student.several
    others = after.any() or (matched | akin)[touched].all()
    return bool(telling.any() and others and not student.right[touched | after].any())


def _fitted(
    unknown: Unknown, numbers: Numbers, k: int, own: NDArray[np.bool_], student: _StudentNumbers
) -> tuple[str, NDArray[np.bool_]] | None:
    """Find a mistake's unknown number from the parts made from it, and return which parts it explains.

    The result moves in proportion to how far the number is off. A factor may go with a power of the
    number of data points, or of another dimension.
    """
    direction = (numbers.projections[k] - student.true) / (unknown.planted - unknown.right)
    way = student.projections - student.true + unknown.right * direction
    scale = np.maximum(student.allowed, np.finfo(float).tiny)
    usable = own & np.isfinite(way).all(axis=0) & np.isfinite(direction).all(axis=0)
    laws: list[tuple[str, float]] = [("N", power) for power in POWERS]
    laws += [(name, power) for name in student.sizes if name != "N" for power in OF_OTHERS]
    for name, power in laws if unknown.right else laws[:1]:
        along = direction * student.sizes[name][:, None] ** power
        a, b = (along / scale)[:, usable], (way / scale)[:, usable]
        amount = float(np.vdot(a, b)) / (float(np.vdot(a, a)) or np.inf)
        with np.errstate(invalid="ignore"):
            same = np.abs(way - amount * along) <= student.allowed
        matched: Any = (same & (numbers.shapes[k] == student.shapes)).all(axis=0)
        nothing = power == 0 and abs(amount - unknown.right) <= TOLERANCE
        if not nothing and unknown.least < amount < unknown.most and matched[usable].any():
            return _written(amount, name, power), matched
    return None


def _written(amount: float, name: str, power: float) -> str:
    """Write a number with its power of a dimension: 3·N, N/4, −0.5/N, N², 1/√d."""
    sign, size = "−" if amount < 0 else "", abs(amount)
    law = "√" * (abs(power) == 1 / 2) + name + "²" * (abs(power) == 2)
    if power <= 0:
        return f"{sign}{size:.4g}" + f"/{law}" * (power < 0)
    parts = round(1 / size) if size else 0
    if parts > 2 and abs(parts * size - 1) <= TOLERANCE:
        return f"{sign}{law}/{parts}"
    return f"{sign}{law}" if abs(size - 1) <= TOLERANCE else f"{sign}{size:.4g}·{law}"


def _with(fault: Fault, unknown: Unknown, amount: str) -> Fault:
    return replace(fault, sentence=filled(unknown.sentences[amount.startswith("−")], amount=amount))


def elsewhere(task: Task, answers: Answers, right: Sequence[bool], fault: Fault) -> tuple[str, ...]:
    """Name the other parts that have the same fault by themselves, and do not follow from it."""
    names = [part.name for part in task.parts]
    if fault.where not in names:
        return ()
    single = [
        each
        for each in _candidates(task, _student_numbers(task, answers, right))
        if len(each.faults) == 1 and each.faults[0].name == fault.name and each.faults[0].where in names
    ]
    follow = {
        name
        for each in single
        if each.faults[0].where == fault.where
        for name, matched in zip(names, each.matched, strict=True)
        if matched
    }
    return tuple(name for name in names if name in {each.faults[0].where for each in single} - follow)
