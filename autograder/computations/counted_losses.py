"""Find out from a descent's losses how often its loop ran: too often, too rarely, or always the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from autograder.compare import agrees
from autograder.computations.other_descents import RATES
from autograder.computations.stopped_descents import of_steps
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.steps import Computation
from autograder.exercise import Answers, Diagnosis, Finding, Instance

LONGEST = 20000  # steps that are followed
COUNTS = {1: "too-many-steps", -1: "too-few-steps"}


def reading_counts(whole: Explanations, parameters: str, losses: str, steps: str) -> Explanations:
    """Explain answers with other numbers of losses than steps by loops that run another number of times.

    Such a loop is one mistake: the losses are judged as those of so many steps.

    Parameters
    ----------
    whole : explains a descent that takes all its steps, or that stopped early.
    parameters, losses : the parts.
    steps : the input that says how many steps there should be.
    """
    computation = whole.computation
    assert isinstance(computation, Computation)

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        arrays = [answer.get(losses) for answer in answers]
        known = [len(array) for array in arrays if array is not None and array.ndim == 1]
        asked = [int(instance.inputs[steps]) for instance in instances]  # type: ignore[arg-type]  # a number
        result = None
        if len(known) == len(arrays):
            off = {k - n for k, n in zip(known, asked, strict=True)}
            if len(off) == 1 and off <= set(COUNTS):
                result = _counted(instances, answers, parts, known, COUNTS[off.pop()])
            elif len(set(known)) == 1 and min(asked) < known[0] != max(asked):
                result = _always(instances, answers, known[0])
        return result or whole.explain(instances, answers, parts)

    def _counted(
        instances: Sequence[Instance],
        answers: Answers,
        parts: Sequence[str],
        known: Sequence[int],
        fault: str,
    ) -> Diagnosis | None:
        if all(_is(one, {}, answer, (parameters,)) for one, answer in zip(instances, answers, strict=True)):
            return None  # it is recorded once too often, and no more
        counted = [of_steps(one, steps, k, k) for one, k in zip(instances, known, strict=True)]
        diagnosis = whole.explain(counted, answers, parts)
        if {finding.fault for finding in diagnosis.findings} & {"unrecognised", *COUNTS.values()}:
            return None
        itself = Finding(fault, parameters, (parameters,))
        return Diagnosis((itself, *diagnosis.findings), diagnosis.earned - {parameters})

    def _always(instances: Sequence[Instance], answers: Answers, count: int) -> Diagnosis | None:
        if not 0 < count <= LONGEST:
            return None
        counted = [of_steps(one, steps, count, count) for one in instances]
        for settings, others in _rates():
            if all(
                _is(one, settings, answer, (parameters, losses))
                for one, answer in zip(counted, answers, strict=True)
            ):
                itself = Finding("steps-ignored", parameters, (parameters, losses), str(count))
                return Diagnosis((itself, *others), frozenset())
        return None

    def _rates() -> Iterator[tuple[Mapping[str, object], tuple[Finding, ...]]]:
        """Yield the rate that is given, and others that are written into code."""
        yield {}, ()
        for hint, rate in RATES.items():
            if rate(1.0, 0) == rate(2.0, 1):
                yield {"rate": rate}, (Finding("wrong-learning-rate", parameters, (parameters,), hint),)

    def _is(
        instance: Instance,
        settings: Mapping[str, object],
        answer: Mapping[str, object],
        parts: Sequence[str],
    ) -> bool:
        with np.errstate(all="ignore"):
            expected = computation.run(instance, settings)
        return all(
            isinstance(given := answer.get(part), np.ndarray)
            and given.shape == expected[part].shape
            and agrees(given, expected[part])
            for part in parts
        )

    return Explanations(explain, computation)
