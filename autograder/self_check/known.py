"""Compute the numbers that each known mistake gives on a self-check's instances, under the grader's name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.diagnosis.planted import Planted
from autograder.diagnosis.planting import Explanations, planted
from autograder.diagnosis.sentences import sentence
from autograder.diagnosis.steps import Computation
from autograder.exercise import Array, Exercise, Finding, Instance

SAME = 1e-5  # of a part's size: projections that differ by less are those of one mistake
NOTHING = 1e-12  # of a part's largest entry: what is smaller is rounding
MOST = 60_000  # numbers of an exercise: a quarter of a megabyte
ABSENT = -1  # the number of a shape where there is no array
ANYTHING = -3  # where a mistake leaves a part open

Answer = Mapping[str, "Array | None"]


@dataclass(frozen=True)
class Known:
    """Hold a mistake, or two at one place, with its numbers."""

    findings: tuple[Finding, ...]
    numbers: NDArray[np.float32]
    """(I, P): for each instance and part, the projection; nan where there is no array."""
    shapes: tuple[tuple[tuple[int, ...] | None, ...], ...]
    """The same of their shapes."""
    open: NDArray[np.bool_]
    """The same: whether the mistake leaves the part open."""
    mistake: Planted

    def record(self, sentences: list[str]) -> dict[str, Any]:
        """Serialise it for a file; sentences are added to the list, and referred to by their number."""
        unknown = self.mistake.unknown
        record: dict[str, Any] = {
            "findings": [
                [finding.fault, finding.where, _number(_sentence(finding), sentences)]
                for finding in self.findings
            ],
            "costs": sorted({part for finding in self.findings for part in finding.costs}),
        }
        if unknown is not None:
            (finding,) = self.findings
            hints = (unknown.hint, f"-{unknown.hint}")  # the sign decides which of two sentences it is
            record["unknown"] = {
                "planted": unknown.planted,
                "right": unknown.right,
                "between": [edge if np.isfinite(edge) else None for edge in unknown.between],
                "sentences": [_number(_sentence(replace(finding, hint=hint)), sentences) for hint in hints],
            }
        return record


def _sentence(finding: Finding) -> str:
    text = sentence(finding.fault, finding.where, finding.hint, finding.forward, quoted=False)
    assert text is not None, f"{finding.fault} has no sentence"
    return text.replace("-{amount}", "{amount}")


def _number(text: str, sentences: list[str]) -> int:
    if text not in sentences:
        sentences.append(text)
    return sentences.index(text)


def projected(answer: Answer, parts: Sequence[str], probe: Array) -> NDArray[np.float64]:
    """Return for each part the sum of its entries with fixed random weights; nan where there is no array."""
    arrays = [answer[part] for part in parts]
    return np.array([np.nan if array is None else probe[: array.size] @ array.ravel() for array in arrays])


def known_mistakes(
    exercise: Exercise, instances: Sequence[Instance], others: Sequence[Instance], probe: Array
) -> list[Known]:
    """Plant every mistake, and keep its numbers if the grader's diagnosis names it.

    Two mistakes at one place are kept, too, as far as there is room; those at two places are found one after
    the other. Of mistakes that give the same numbers one is kept, under the name that the grader gives it.

    others : instances that the grader's diagnosis gets in addition: the sheet's own.
    """
    parts = [part.name for part in exercise.parts]
    truths = [exercise.reference(instance) for instance in instances]
    right = [projected(truth, parts, probe) for truth in truths]
    sizes = [np.array([_size(truth[part]) for part in parts]) for truth in truths]
    mistakes: list[Known] = []
    keys: set[bytes] = {_rounded(right, sizes)}
    lines: set[tuple[str, str, str]] = set()
    trusted: set[Finding] = set()
    for mistake in _singles_first(exercise, [*others, *instances]):
        if mistake.unknown is not None and _kind(mistake) in lines:
            continue
        answers = mistake.answers[len(others) :]
        numbers = [projected(answer, parts, probe) for answer in answers]
        if any(_too_large(answer, probe) for answer in answers):
            continue
        key = _rounded(numbers, sizes) + str([_shapes(answer, parts) for answer in answers]).encode()
        if key in keys or _is_right(answers, truths) or _vanishes(answers, truths):
            continue
        keys.add(key)
        single = len({finding.fault for finding in mistake.findings}) == 1
        if single:
            named = _named(exercise, [*others, *instances], mistake, parts)
            if not named and len(instances) > 1:  # the largest may show too much at once
                fewer = replace(mistake, answers=mistake.answers[:-1])
                named = _named(exercise, [*others, *instances[:-1]], fewer, parts)
                named = named if _names(named) == _names(mistake.findings) else ()
            trusted |= set(mistake.findings) if _names(named) == _names(mistake.findings) else set()
        else:  # of which each has been named alone: to diagnose all of them takes minutes
            named = mistake.findings if set(mistake.findings) <= trusted else ()
        if not named:
            continue
        if mistake.unknown is not None:
            lines.add(_kind(mistake))
        shapes = tuple(_shapes(answer, parts) for answer in answers)
        left_open = mistake.open[len(others) :] or [frozenset[str]()] * len(instances)
        undetermined = np.array([[part in each for part in parts] for each in left_open])
        mistakes.append(Known(named, np.array(numbers, dtype=np.float32), shapes, undetermined, mistake))
        if len(mistakes) * len(instances) * len(parts) >= MOST:
            break
    return mistakes


def _singles_first(exercise: Exercise, instances: Sequence[Instance]) -> Iterator[Planted]:
    """Yield every single mistake, then those pairs that cannot be found one after the other."""
    with np.errstate(all="ignore"):
        yield from planted(exercise, instances)
        pairs = planted(exercise, instances, pairs=partial(_at_one_place, exercise))
        yield from (mistake for mistake in pairs if len(mistake.findings) == 2)


def _at_one_place(exercise: Exercise, findings: Sequence[Finding]) -> bool:
    """Return whether two mistakes are at one place, or in a computation that shows nothing on its way."""
    explain = exercise.explain
    result = explain.computation if isinstance(explain, Explanations) else None
    whole = isinstance(result, Computation) and not isinstance(result.fallback, Explanations)
    return whole or len({finding.where for finding in findings}) == 1


def _names(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(finding.fault, finding.where) for finding in findings]


def _kind(mistake: Planted) -> tuple[str, str, str]:
    (finding,) = mistake.findings
    return finding.fault, finding.where, mistake.unknown.hint if mistake.unknown else ""


def _named(
    exercise: Exercise, instances: Sequence[Instance], mistake: Planted, parts: Sequence[str]
) -> tuple[Finding, ...]:
    """Return what the grader's diagnosis says about it; nothing if it does not know all of it."""
    assert exercise.explain is not None
    with np.errstate(all="ignore"):
        result = exercise.explain(instances, mistake.answers, parts).findings
    known = all(sentence(finding.fault, finding.where, finding.hint) for finding in result)
    return tuple(result) if known else ()


def first_to_show(exercise: Exercise, instances: Sequence[Instance]) -> set[int]:
    """Return, for each single mistake, the index of the first instance on which its numbers are not right."""
    truths = [exercise.reference(instance) for instance in instances]
    result = set()
    with np.errstate(all="ignore"):
        for mistake in planted(exercise, instances):
            pairs = enumerate(zip(mistake.answers, truths, strict=True))
            first = next((k for k, (given, true) in pairs if not _is_right([given], [true])), None)
            result |= set() if first is None else {first}
    return result


def _is_right(answers: Sequence[Answer], truths: Sequence[Mapping[str, Array]]) -> bool:
    return all(
        (given := answer[part]) is not None
        and given.shape == true.shape
        and np.allclose(given, true, rtol=1e-6, atol=1e-9 * np.abs(true).max(initial=0))
        for answer, truth in zip(answers, truths, strict=True)
        for part, true in truth.items()
    )


def _vanishes(answers: Sequence[Answer], truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether a part of the right shape is 0 but for rounding: that has a name, whatever the cause."""
    pairs = list(zip(answers, truths, strict=True))
    return any(
        all(
            (given := answer[part]) is not None
            and given.shape == truth[part].shape
            and np.abs(given).max(initial=0) <= NOTHING * np.abs(truth[part]).max(initial=0)
            for answer, truth in pairs
        )
        for part in truths[0]
    )


def _rounded(numbers: Sequence[Array], sizes: Sequence[Array]) -> bytes:
    """Return the same bytes for numbers that differ only by rounding, and hardly ever for others."""
    with np.errstate(all="ignore"):
        return np.round(np.array(numbers) / np.array(sizes) / SAME).astype(np.float32).tobytes()


def _size(array: Array) -> float:
    return float(np.linalg.norm(array)) or 1.0


def _too_large(answer: Answer, probe: Array) -> bool:
    return any(array is not None and array.size > len(probe) for array in answer.values())


def _shapes(answer: Answer, parts: Sequence[str]) -> tuple[tuple[int, ...] | None, ...]:
    return tuple(None if (array := answer[part]) is None else array.shape for part in parts)
