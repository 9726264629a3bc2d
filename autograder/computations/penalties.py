"""Explain gradients that have a usual factor and, in addition, a multiple of the parameters.

A penalty that is added shares no factor with what is right, so that a search by steps finds it alone only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

import numpy as np

from autograder.compare import RELATIVE
from autograder.diagnosis import scale
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import OPPOSITE, Scale
from autograder.diagnosis.steps import environment
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance

USUAL = (Scale(0.5), Scale(1.0, -1), Scale(0.5, -1), OPPOSITE)  # half, the mean, half of it, the other sign
REMEMBERED = 4096  # truths: students share instances
LEAST = 0.05  # of a penalty's factor; less drowns in the gradient of many data points


def with_penalty(
    whole: Explanations,
    reference: Callable[[Instance], Mapping[str, Array]],
    by: str,
    where: str,
    forward: str,
) -> Explanations:
    """Explain answers of which several parts have no name by a factor and a penalty.

    Parameters
    ----------
    whole : explains a gradient of which every entry is a part.
    reference : gives the truth.
    by : the parameters, an array with an entry for each part.
    where, forward : the place of the factor, and the formula behind it.
    """
    truth = lru_cache(maxsize=REMEMBERED)(reference)

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        diagnosis = whole.explain(instances, answers, parts)
        if sum(finding.fault == "unrecognised" for finding in diagnosis.findings) < 2:
            return diagnosis
        due = [truth(instance) for instance in instances]
        for law in USUAL:
            added = [_added(instances, answers, due, law, place, part) for place, part in enumerate(parts)]
            known = [hint for hint in added if hint is not None]
            if any(known) and len(known) == len(parts):
                factor = [
                    Finding(fault, where, tuple(parts), hint, forward)
                    for fault, hint in law.faults(mean=False)
                ]
                penalties = [
                    Finding("itself-added", part, (part,), f"{hint}·{part}", forward)
                    for part, hint in zip(parts, known, strict=True)
                    if hint
                ]
                return Diagnosis((*factor, *penalties), frozenset())
        return diagnosis

    def _added(
        instances: Sequence[Instance],
        answers: Answers,
        due: Sequence[Mapping[str, Array]],
        law: Scale,
        place: int,
        part: str,
    ) -> str | None:
        """Return the multiple of its parameter that a part has beside the factor, "" for none.

        None where it is no such thing.
        """
        sizes = [environment(instance)["sizes"] for instance in instances]
        ratios, plain = [], True
        for instance, answer, right, each in zip(instances, answers, due, sizes, strict=True):
            given, expected = answer[part], law.of(each) * right[part]
            if given is None or given.shape != expected.shape:
                return None
            plain &= bool(abs(given - expected) <= RELATIVE * abs(expected))
            difference, own = float(given - expected), float(np.asarray(instance.inputs[by])[place])
            if own == 0 != difference:
                return None  # no multiple of it
            ratios.append(difference / own if own else np.nan)
        if plain:
            return ""
        amount = scale.common(ratios, sizes, [not instance.public for instance in instances])
        return None if amount is None or amount.factor < LEAST else str(amount)

    return Explanations(explain, whole.computation)
