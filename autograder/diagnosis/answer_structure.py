"""Find faults of an answer as a whole: lists swapped or reversed, parameters returned, hard-coded, zero."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import permutations
from typing import Any

import numpy as np

from autograder.compare import RELATIVE, Truth, agreeing, agrees, usable_at
from autograder.exercise import Answers, Array, Exercise, Instance, Opaque, Part, Path, Value
from utils.reading import array_at, as_array, is_list

MOST_PERMUTED = 4  # things returned, of which every order is tried
NOTHING = 1e-10  # of the right size: no more than rounding leaves of 0
FEWEST = 3  # instances on which a length is the same
STEADY = 1e-2  # of a step's size, which is measured between numbers far larger than itself
Rearranged = Callable[[Path], Path]


@dataclass(frozen=True, eq=False)
class Rearrangement:
    """Another reading of an answer: each part taken from another's place."""

    fault: str
    answers: tuple[Mapping[str, Array | None], ...]
    moved: tuple[str, ...]
    """The parts that stand in a wrong place."""
    hint: str = ""
    """The right order, `(DZ2, DW, DB)`, or what is in whose place."""


@dataclass(frozen=True)
class _Read(Mapping[str, Array | None]):
    """Read an answer's parts only when they are asked for: most readings are ruled out by the first."""

    read_at: Callable[[Path], Array | None]
    places: Mapping[str, Path]

    def __getitem__(self, part: str) -> Array | None:
        return self.read_at(self.places[part])

    def __iter__(self) -> Iterator[str]:
        return iter(self.places)

    def __len__(self) -> int:
        return len(self.places)


def filler(answers: Answers, truths: Sequence[Mapping[str, Array]], parts: Sequence[str]) -> dict[str, str]:
    """Find parts that are `zero`, up to rounding, or `constant` on every instance."""
    result = {}
    for part in parts:
        arrays = [answer[part] for answer in answers]
        if any(a is None or a.size == 0 for a in arrays):
            continue
        known = [a for a in arrays if a is not None]
        sizes = [NOTHING * np.abs(truth[part]).max(initial=0.0) for truth in truths]
        if all(np.abs(a).max() <= size for a, size in zip(known, sizes, strict=True)):
            result[part] = "zero"
        elif all(float(np.ptp(a)) == 0 for a in known) and (known[0].size > 1 or _fixed(known)):
            result[part] = "constant"
    return result


def _fixed(arrays: Sequence[Array]) -> bool:
    """Return whether single numbers are the same whatever the inputs were."""
    return len({a.flat[0] for a in arrays}) == 1


def hard_coded(
    answers: Answers, instances: Sequence[Instance], truths: Sequence[Mapping[str, Array]]
) -> bool:
    """Return whether the true values for the sheet's own data are returned for other data, too."""
    for instance, truth in zip(instances, truths, strict=True):
        if instance.public:
            return all(_same(answer, truth) for answer in answers)
    return False


def returns_inputs(answers: Answers, instances: Sequence[Instance], parts: Sequence[Part]) -> bool:
    """Return whether all parts are equal to arrays of the input, list for list."""
    for instance, answer in zip(instances, answers, strict=True):
        lists = [value for value in instance.inputs.values() if isinstance(value, list)]
        for part in parts:
            if len(part.path) != 2:
                return False
            given, i = answer[part.name], part.path[1]
            inputs = [as_array(value[i]) for value in lists if i < len(value)]
            if given is None or not any(
                not isinstance(a, Opaque) and a.shape == given.shape and agrees(given, a) for a in inputs
            ):
                return False
    return True


def returns_updated(
    answers: Answers,
    instances: Sequence[Instance],
    truths: Sequence[Mapping[str, Array]],
    parts: Sequence[Part],
) -> float | None:
    """Find the s with which all parts are a list's input arrays plus s times their gradient, if any."""
    amounts: list[float] = []
    for instance, answer, truth in zip(instances, answers, truths, strict=True):
        lists = [value for value in instance.inputs.values() if isinstance(value, list)]
        for part in parts:
            given = answer[part.name]
            if len(part.path) != 2 or part.path[0] >= len(lists) or given is None:
                return None
            if part.path[1] >= len(lists[part.path[0]]):
                return None
            amount = _step(lists[part.path[0]][part.path[1]], given, truth[part.name])
            if amount is None:
                return None
            amounts.append(amount)
    return _steady(amounts)


def _step(parameter: Any, given: Array, slope: Array) -> float | None:  # noqa: ANN401  an input
    """Return the s with which an array is a parameter plus s times a gradient; None where it is not."""
    before = as_array(parameter)
    if isinstance(before, Opaque) or not before.shape == given.shape == slope.shape or not slope.any():
        return None  # an array that nothing depends on tells no step
    s = float(np.vdot(given - before, slope)) / float(np.vdot(slope, slope))
    return s if s != 0 and agrees(given, before + s * slope) else None


def _steady(amounts: Sequence[float]) -> float | None:
    return amounts[0] if amounts and np.ptp(amounts) <= STEADY * abs(amounts[0]) else None


def rearrangements(exercise: Exercise, values: Sequence[Value]) -> Iterator[Rearrangement]:
    """Read answers in every other order of what is returned, and with one or all lists in reverse order.

    values : what was returned on each instance, whose lists may have other lengths for being elsewhere.
    """
    at = {part.path: part.name for part in exercise.parts}
    outer = sorted({path[0] for path in at if path})
    flat = all(len(path) == 1 for path in at)
    kinds: list[tuple[str, Rearranged]] = []
    if flat and len(outer) > 2:
        last = max(outer)
        kinds.append(("reversed-order", lambda p: (last - p[0],)))
    for order in list(permutations(outer))[1:] if len(outer) <= MOST_PERMUTED else ():
        source = dict(zip(outer, order, strict=True))
        name = "exchanged-arrays" if flat and len(outer) > 2 else "swapped-lists"
        kinds.append((name, lambda p, source=source: (source[p[0]], *p[1:])))  # type: ignore[misc]
    kinds += _reversed_lists(at)
    readers = [cache(partial(usable_at, value)) for value in values]  # the same places in every order
    for fault, taken in kinds:
        moved = tuple(name for path, name in at.items() if taken(path) != path)
        places = {name: taken(path) for path, name in at.items()}
        read = tuple(_Read(read_at, places) for read_at in readers)
        hint = ""
        if fault == "swapped-lists":
            hint = order_asked(exercise.parts)
        elif fault == "exchanged-arrays":
            hint = _places(at, taken)
        elif not flat and len(outer) > len({path[0] for path, name in at.items() if name in moved}):
            lists = order_asked([part for part in exercise.parts if part.name in moved])
            hint = lists.strip("()")  # of several things some lists come in reverse
        yield Rearrangement(fault, read, moved, hint)


def order_asked(parts: Sequence[Part]) -> str:
    """Name what is to be returned, in its order: `(DZ2, DW, DB)`."""
    at = {part.path: part.name for part in parts}
    names = (re.sub(r"\d+$", "" if len(p) > 1 else r"\g<0>", at[p]) for p in sorted(at))
    return f"({', '.join(dict.fromkeys(names))})"


def in_other_lists(
    parts: Sequence[Part], values: Sequence[Value], truths: Sequence[Mapping[str, Array]]
) -> str:
    """Report that one of several things is returned, or that all arrays are right but in other lists."""
    asked = order_asked(parts)
    outer = sorted({part.path[0] for part in parts if part.path})
    if len(outer) < 2 or not all(is_list(value) for value in values):
        return ""
    alone = [own for place in outer if (own := _alone(place, parts, values, truths))]
    if len(alone) == 1:
        return f"By its shapes, what is returned is `{alone[0]}` alone; {asked} is asked for."
    taken = [_places_of(value, truth) for value, truth in zip(values, truths, strict=True)]
    if taken[0] and all(each == taken[0] for each in taken):
        return (
            f"All arrays of the answer are right, but they stand in other lists than {asked}. What is the "
            "first thing that is asked for, and what is in it?"
        )
    return ""


def _alone(
    place: int, parts: Sequence[Part], values: Sequence[Value], truths: Sequence[Mapping[str, Array]]
) -> str:
    """Name one of the things that are asked for if an answer as a whole has its shapes; nothing if not."""
    own = [part for part in parts if part.path[0] == place]
    for value, truth in zip(values, truths, strict=True):
        if len(own[0].path) > 1 and len(value) != len(own):  # type: ignore[arg-type]  # it is a list
            return ""
        given = [array_at(value, part.path[1:]) for part in own]
        due = [truth[part.name] for part in own]
        if any(isinstance(a, Opaque) or a.shape != b.shape for a, b in zip(given, due, strict=True)):
            return ""
    return order_asked(own).strip("()")


def _places_of(value: Value, truth: Mapping[str, Array]) -> dict[str, Path]:
    """Return where the true array of each part stands in an answer, each in a place of its own, if so."""
    leaves = dict(_leaves(value))
    place_of = {}
    for name, due in truth.items():
        places = [p for p, a in leaves.items() if a.shape == due.shape and agrees(a, due)]
        if not places:
            return {}
        place_of[name] = places[0]
    return place_of if len(set(place_of.values())) == len(place_of) == len(leaves) else {}


def _leaves(value: Value, path: Path = ()) -> Iterator[tuple[Path, Array]]:
    if isinstance(value, list):
        for k, item in enumerate(value):
            yield from _leaves(item, (*path, k))
    elif not isinstance(value, Opaque):
        yield path, np.asarray(value)


def _reversed_lists(at: Mapping[Path, str]) -> Iterator[tuple[str, Rearranged]]:
    """Read all lists of arrays from behind, or one of them."""
    listed = [path for path in at if len(path) == 2]
    outer = sorted({path[0] for path in listed})
    length = 1 + max((path[1] for path in listed), default=0)
    if len(listed) == len(outer) * length and length > 1:
        for which in ([*outer], *([one] for one in outer if len(outer) > 1)):
            yield (
                "reversed-order",
                lambda p, which=which: (p[0], length - 1 - p[1]) if p[0] in which else p,  # type: ignore[misc]
            )


def _places(at: Mapping[Path, str], taken: Rearranged) -> str:
    """Say which part is in which other's place."""
    return in_places({at[taken(path)]: name for path, name in at.items() if taken(path) != path})


def in_places(source: Mapping[str, str]) -> str:
    """Map each misplaced part to the part that is in its place."""
    return " and ".join(f"`{other}` where `{part}` belongs" for part, other in source.items())


def exchanged(answers: Answers, truths: Sequence[Truth]) -> dict[str, str]:
    """Return which parts are in one another's place, each right for another: part -> other.

    What else is wrong counts separately.
    """
    right = frozenset.intersection(*map(agreeing, answers, truths))
    wrong = [name for name in answers[0] if name not in right]
    source = {
        name: others[0]
        for name in wrong
        if len(others := [other for other in wrong if _is(answers, name, truths, other)]) == 1
    }
    while set(source) != set(source.values()):
        closed = {name: other for name, other in source.items() if other in source}
        source = {name: other for name, other in closed.items() if name in closed.values()}
    return source


def copies(answers: Answers, part: str) -> Iterator[str]:
    """Return other parts that hold exactly the same numbers as one, on every instance."""
    for other in answers[0]:
        pairs = [(answer[part], answer[other]) for answer in answers]
        same = all(a is not None and b is not None and np.array_equal(a, b) for a, b in pairs)
        telling = any(a is not None and a.size > 1 and np.ptp(a) > 0 for a, _ in pairs)
        if other != part and same and telling:
            yield other


def _is(answers: Answers, part: str, truths: Sequence[Mapping[str, Array]], other: str) -> bool:
    """Return whether what is in a part's place is what another part should be, on every instance."""
    return all(
        (given := answer[part]) is not None
        and given.shape == truth[other].shape
        and agrees(given, truth[other])
        for answer, truth in zip(answers, truths, strict=True)
    )


def agree(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether every part is right, on every instance."""
    return all(_same(answer, truth) for answer, truth in zip(answers, truths, strict=True))


def multiplied(
    answers: Answers, truths: Sequence[Mapping[str, Array]], parts: Sequence[str]
) -> tuple[str, str] | None:
    """Name a factor that differs between instances: one of all these parts, or of the whole answer.

    With it the parts may have one length, all of them together, or those that are longer than that.
    """
    together = [{part: truth[part] for part in parts} for truth in truths]
    return _of_one_length(answers, together) or (
        ("one-factor-for-all", "") if _has_a_factor(answers, truths) else None
    )


def _of_one_length(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> tuple[str, str] | None:
    factors = [_factor(answer, truth) for answer, truth in zip(answers, truths, strict=True)]
    known = [factor for factor in factors if factor is not None and factor > 0]
    if len(known) < len(factors):
        return None
    sizes = [np.linalg.norm(np.concatenate([a.ravel() for a in truth.values()])) for truth in truths]
    made = [(factor, factor * float(size)) for factor, size in zip(known, sizes, strict=True)]
    changed = [each for each in made if abs(each[0] - 1) > RELATIVE]
    longest = max(length for _, length in made)
    if len(changed) < FEWEST or any(length < (1 - RELATIVE) * longest for _, length in changed):
        return None
    if len(changed) == len(made):
        return "brought-to-a-length", f"{longest:.3g}"
    return ("cut-off", f"{longest:.3g}") if all(factor < 1 for factor, _ in changed) else None


def _has_a_factor(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether all parts are the true ones times a number that differs between instances."""
    factors = [_factor(answer, truth) for answer, truth in zip(answers, truths, strict=True)]
    known = [factor for factor in factors if factor is not None]
    return len(known) == len(answers) > 2 and len(set(np.round(known, 3))) > 2


def _factor(answer: Mapping[str, Array | None], truth: Mapping[str, Array]) -> float | None:
    """Return the number by which all parts of an answer are multiplied; of several parts, none alone is 0."""
    given = [np.ravel(array) for name in truth if (array := answer[name]) is not None]
    due = [np.ravel(expected) for expected in truth.values()]
    if len(due) < 2 or [array.shape for array in given] != [array.shape for array in due]:
        return None
    whole, right = np.concatenate(given), np.concatenate(due)
    factor = float(whole @ right) / float(right @ right) if right.any() else 0.0
    return factor if factor and agrees(whole / factor, right) else None


def fits(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether every part has the shape of its parameter, on every instance."""
    return all(
        (given := answer[part]) is not None and given.shape == expected.shape
        for answer, truth in zip(answers, truths, strict=True)
        for part, expected in truth.items()
    )


def _same(answer: Mapping[str, Array | None], truth: Mapping[str, Array]) -> bool:
    return all(
        (given := answer[part]) is not None and given.shape == expected.shape and agrees(given, expected)
        for part, expected in truth.items()
    )
