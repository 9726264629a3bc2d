"""Report a factor of several parts at each of them, if other parts have the same one by themselves.

Parts that follow from one hidden step may have a factor because that step has it, or because each of them was
divided once more by itself. If all other parts were, it is likelier that these were, too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from autograder.diagnosis.steps import BackwardPass
from autograder.exercise import Finding

OF_FACTORS = frozenset({"mean-twice", "sum-instead-of-mean", "wrong-scale", "missing-factor-two"})
FEWEST = 2  # other parts that have it


def told_apart(
    backward: BackwardPass, findings: Sequence[Finding], parts: Sequence[str], read: Collection[str]
) -> tuple[Finding, ...]:
    """Report at every part what was reported of a hidden step before several, if all others have it.

    read : the parts that others follow from.
    """
    result: list[Finding] = []
    forward = {step.name: step.forward for step in backward.steps}
    for finding in findings:
        others = set(parts) - set(finding.costs) - set(read)
        own = {
            other.where
            for other in findings
            if (other.fault, other.hint) == (finding.fault, finding.hint) and other.costs == (other.where,)
        }
        hidden = finding.fault in OF_FACTORS and finding.where not in parts
        if hidden and len(others) >= FEWEST and others <= own:
            result += [replace(finding, where=p, costs=(p,), forward=forward[p]) for p in finding.costs]
        else:
            result.append(finding)
    return tuple(result)
