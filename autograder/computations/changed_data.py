"""Explain answers that are right for other data than those that are given: scaled, centred, standardised.

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
)


def on_changed_data(
    whole: Explanations, reference: Callable[[Instance], Mapping[str, Array]], data: Sequence[str]
) -> Explanations:
    """Explain answers that nothing explains as right ones for changed data.

    Parameters
    ----------
    whole : explains answers for the data that are given.
    reference : gives the truth.
    data : inputs that may be changed, one or all of them in the same way, as far as they are given.
    """

    @lru_cache(maxsize=REMEMBERED)
    def truth(instance: Instance, names: Sequence[str], number: int) -> Mapping[str, Array] | None:
        """What is right for data changed in one of the ways; None where they are no numbers any more."""
        _, change = CHANGES[number]
        with np.errstate(all="ignore"):
            changed = {name: change(np.asarray(instance.inputs[name])) for name in names}
        if not all(np.isfinite(array).all() for array in changed.values()):
            return None  # a single point has no spread
        return reference(replace(instance, inputs={**instance.inputs, **changed}))

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        found = whole.explain(instances, answers, parts)
        unknown = {finding.where for finding in found.findings if finding.fault == "unrecognised"}
        if not unknown:
            return found
        given = [name for name in data if name in instances[0].inputs]
        for names in dict.fromkeys([*((name,) for name in given), tuple(given)]):
            for number, (hint, _) in enumerate(CHANGES):
                if _are_right(instances, answers, names, number):
                    return Diagnosis(
                        tuple(Finding("input-changed", name, tuple(parts), hint) for name in names),
                        frozenset(),
                    )
        return found

    def _are_right(
        instances: Sequence[Instance], answers: Answers, names: Sequence[str], number: int
    ) -> bool:
        seen = 0
        pairs = zip(instances, answers, strict=True)
        for instance, answer in sorted(pairs, key=lambda pair: pair[0].public):  # the sheet's are many
            due = truth(instance, names, number)
            if due is None:
                continue
            for part, expected in due.items():
                given = answer.get(part)
                if given is None or given.shape != expected.shape or not agrees(given, expected):
                    return False
            seen += 1
        return seen >= FEWEST

    return Explanations(explain, whole.computation)
