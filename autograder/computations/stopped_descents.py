"""Explain descents that ended before their last step: their losses show how far they came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from autograder.diagnosis.planting import Explanations
from autograder.exercise import Answers, Diagnosis, Finding, Instance

REMEMBERED = 1024  # shorter descents: students share them
UPDATES = "updates"
"""An input beside those that a student is given: how many updates there are, if not as many as steps."""


def reading_stops(whole: Explanations, parameters: str, losses: str, steps: str) -> Explanations:
    """Explain answers with fewer losses than steps as those of a descent with so few steps.

    The loop may have ended before the update of its last step, and each descent after another number of
    steps. What else went wrong in it is explained as in a whole one.

    Parameters
    ----------
    whole : explains a descent that takes all its steps.
    parameters, losses : the parts.
    steps : the input that says how many steps there should be.
    """

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        taken = _taken(instances, answers)
        if taken is None:
            return whole.explain(instances, answers, parts)
        diagnoses = []
        for missing in (0, 1):
            shorter = [
                one if k == _steps(one) else of_steps(one, steps, k, k - missing)
                for one, k in zip(instances, taken, strict=True)
            ]
            diagnoses.append(whole.explain(shorter, answers, parts))
        best = min(diagnoses, key=lambda each: sum(1 + (f.fault == "unrecognised") for f in each.findings))
        if any(finding.fault == "unrecognised" for finding in best.findings):
            return whole.explain(instances, answers, parts)
        stopped = Finding("stopped-early", losses, (losses, parameters))
        return Diagnosis((stopped, *best.findings), frozenset())

    def _taken(instances: Sequence[Instance], answers: Answers) -> list[int] | None:
        """Count the losses of each descent; None where they are no sign of a loop that ended early."""
        arrays = [answer.get(losses) for answer in answers]
        known = [len(array) for array in arrays if array is not None and array.ndim == 1]
        if len(known) < len(arrays) or min(known) < 1:
            return None
        short = [_steps(one) - k for one, k in zip(instances, known, strict=True)]
        # one too few each time is a loop that counts wrongly, which has a name of its own
        return known if min(short) >= 0 and max(short) > 1 else None

    def _steps(instance: Instance) -> int:
        return int(instance.inputs[steps])  # type: ignore[arg-type]  # a number, as `Descent` declares it

    return Explanations(explain, whole.computation)


@lru_cache(maxsize=REMEMBERED)
def of_steps(instance: Instance, steps: str, taken: int, updates: int) -> Instance:
    """Return the instance with so many losses and so many updates."""
    return replace(instance, inputs={**instance.inputs, steps: taken, UPDATES: updates})
