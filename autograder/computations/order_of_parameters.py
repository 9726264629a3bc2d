"""Explain descents whose parameters come back in another order than they went in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograder.diagnosis.planting import Explanations
from autograder.exercise import Answers, Diagnosis, Finding, Instance


def reading_order(whole: Explanations, parameters: str, names: Sequence[str]) -> Explanations:
    """Explain parameters that have no name, beside losses that have one, as those of another order.

    Parameters
    ----------
    whole : explains a descent.
    parameters : the part.
    names : of its entries.
    """

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        diagnosis = whole.explain(instances, answers, parts)
        if {finding.where for finding in diagnosis.findings if finding.fault == "unrecognised"} != {
            parameters
        }:
            return diagnosis
        known = [array for answer in answers if (array := answer.get(parameters)) is not None]
        if any(array.shape != (len(names),) for array in known):
            return diagnosis
        for order in _orders(len(names)):
            places = [order.index(k) for k in range(len(names))]
            in_order = [
                {part: a if part != parameters or a is None else a[places] for part, a in answer.items()}
                for answer in answers
            ]
            others = whole.explain(instances, in_order, parts)
            if all(finding.fault != "unrecognised" for finding in others.findings):
                hint = ", ".join(names[k] for k in order)
                itself = Finding("parameters-in-other-order", parameters, (parameters,), hint)
                return Diagnosis((itself, *others.findings), others.earned - {parameters})
        return diagnosis

    return Explanations(explain, whole.computation)


def _orders(count: int) -> Iterator[list[int]]:
    """Return the usual orders: a layer's bias after its weights, and the highest power first."""
    for order in ([*range(1, count), 0], [*range(count)][::-1]):
        if order != [*range(count)]:
            yield order
