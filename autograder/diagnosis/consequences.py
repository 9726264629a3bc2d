"""Report what follows from an array of zeros together with that array.

Such arrays carry no evidence, so nothing that is made from them earns marks. But if the right step gives
zeros from the student's own zeros, the later ones are not separate mistakes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from autograder.diagnosis.steps import BackwardPass, Step
from autograder.exercise import Answers, Array, Finding, Instance

Empty = dict[str, str]
"""Find parts that are `zero` on every instance."""


def together(
    backward: BackwardPass, instances: Sequence[Instance], answers: Answers, findings: Sequence[Finding]
) -> tuple[Finding, ...]:
    """Merge findings about empty arrays that follow from one empty array into the finding about that one."""
    unknown = {finding.where for finding in findings if finding.fault == "unrecognised" and not finding.hint}
    empty = _empty(answers, unknown.intersection(answers[0]))
    if len(empty) < 2:
        return tuple(findings)
    following = _following(backward, instances, answers, empty)
    roots = [name for name in empty if name not in following]
    if len(roots) != 1 or not following:
        return tuple(findings)
    costs = tuple(c for f in findings if f.where in (*roots, *following) for c in f.costs)
    names = [f"`{step.name}`" for step in backward.steps if step.name in following]
    hint = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return tuple(
        replace(finding, fault=empty[finding.where], costs=costs, hint=hint)
        if finding.where in roots
        else finding
        for finding in findings
        if finding.where not in following
    )


def _empty(answers: Answers, parts: set[str]) -> Empty:
    result = {}
    for part in parts:
        arrays = [answer[part] for answer in answers]
        if all(array is not None and not array.any() for array in arrays):
            result[part] = "zero"
    return result


def _following(
    backward: BackwardPass, instances: Sequence[Instance], answers: Answers, empty: Empty
) -> set[str]:
    """Name the parts that the right steps leave as empty as they are, from the student's own before them."""
    following = set(empty)
    for instance, answer in zip(instances, answers, strict=True):
        env = backward.environment(instance)
        for step in backward.steps:
            value = step.right.value(env)
            if value is None:
                return set()
            if step.name in following and value.any():
                following.discard(step.name)
            env[step.name] = _own(step, answer, value)
    return following


def _own(step: Step, answer: Mapping[str, Array | None], value: Array) -> Array:
    """Return what the student continues with: the student's own array, if it has the right shape."""
    if step.name not in answer:
        return value
    given = answer[step.name]
    if given is None:
        return np.full_like(value, np.nan)
    return given if given.shape == value.shape else value
