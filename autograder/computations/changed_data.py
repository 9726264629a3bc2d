"""Explain answers that are right for changed data: scaled, standardised, fewer.

They are right from end to end, so that nothing is searched: the truth for the changed data is held against
them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import RIGHT, Scale, common, measured
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

REMEMBERED = 4096  # truths for changed data: students share instances
FEWEST = 3  # instances on which the truth for the changed data is a number

CHANGES: Sequence[tuple[str, Callable[[Array], Array]]] = (
    ("a division by its largest size", lambda a: a / np.abs(a).max()),
    ("a division by its largest entry", lambda a: a / a.max()),
    ("a scaling that brings it between 0 and 1", lambda a: (a - a.min()) / np.ptp(a)),
    ("a standardisation", lambda a: (a - a.mean()) / a.std()),
    ("a standardisation", lambda a: (a - a.mean()) / a.std(ddof=min(1, a.size - 1))),
    ("the subtraction of its mean", lambda a: a - a.mean()),
    ("a selection without its first point", lambda a: a[1:]),
    ("a selection without its last point", lambda a: a[:-1]),
)


def on_changed_data(
    whole: Explanations,
    reference: Callable[[Instance], Mapping[str, Array]],
    data: Sequence[str],
    first: int = 0,
    factor_at: str = "",
) -> Explanations:
    """Explain answers that nothing explains as right ones for changed data.

    Parameters
    ----------
    whole : explains answers for the data that are given.
    reference : gives the truth.
    data : inputs that may be changed, one or all of them in the same way, as far as they are given. Each has
        a row for each data point.
    first : of how many points, the first ones, there is a selection as well: as many as there are parameters.
    factor_at : the place of a usual factor that all parts may have besides; none if empty.
    """
    changes = [*CHANGES]
    if first:
        changes.append((f"a selection of its first {first} points", lambda a: a[:first]))

    @lru_cache(maxsize=REMEMBERED)
    def truth(instance: Instance, names: Sequence[str], number: int) -> Mapping[str, Array] | None:
        """Return what is right for data changed in one of the ways; None if those are no longer numbers."""
        _, change = changes[number]
        with np.errstate(all="ignore"):
            changed = {name: change(np.asarray(instance.inputs[name])) for name in names}
        if not all(array.size and np.isfinite(array).all() for array in changed.values()):
            return None  # a single point has no spread, and there is none without it
        inputs = {**instance.inputs, **changed}
        points = {len(np.asarray(inputs[name])) for name in data if name in inputs}
        if len(points) > 1:
            return None  # the data go together
        return reference(replace(instance, inputs=inputs, sizes={**instance.sizes, "N": points.pop()}))

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        diagnosis = whole.explain(instances, answers, parts)
        unknown = {finding.where for finding in diagnosis.findings if finding.fault == "unrecognised"}
        if not unknown:
            return diagnosis
        given = [name for name in data if name in instances[0].inputs]
        for names in dict.fromkeys([*((name,) for name in given), tuple(given)]):
            for number, (hint, _) in enumerate(changes):
                law = _factor(instances, answers, names, number)
                if law is not None:
                    changed = (Finding("input-changed", name, tuple(parts), hint) for name in names)
                    factor = (Finding(fault, factor_at, tuple(parts)) for fault, _ in law.faults(mean=False))
                    return Diagnosis((*changed, *factor), frozenset())
        return diagnosis

    def _factor(
        instances: Sequence[Instance], answers: Answers, names: Sequence[str], number: int
    ) -> Scale | None:
        """Return the factor between answers and what is right for changed data; None if they are not that."""
        ratios, sizes, unseen = [], [], []
        pairs = zip(instances, answers, strict=True)
        for instance, answer in sorted(pairs, key=lambda pair: pair[0].public):  # the sheet's are many
            due = truth(instance, names, number)
            if due is None:
                continue
            ratio = None if factor_at else 1.0
            for part, expected in due.items():
                given = answer.get(part)
                ratio = measured(given, expected) if ratio is None else ratio
                if given is None or ratio is None or given.shape != expected.shape:
                    return None
                if not agrees(given, ratio * expected):
                    return None
            ratios.append(RIGHT.factor if ratio is None else ratio)
            sizes.append(instance.sizes)
            unseen.append(not instance.public)
        law = common(ratios, sizes, unseen) if len(ratios) >= FEWEST else None
        return None if law is None or "wrong-scale" in dict(law.faults(mean=False)) else law

    return Explanations(explain, whole.computation)
