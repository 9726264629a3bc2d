"""Describe what is left without a name when a backward pass has been searched, by what the numbers show.

Some of it has a name that other parts of the same answer reveal: what was done to all arrays at the end shows
in few entries of a small one, and one array in several places is explained at no single place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.describe import described
from autograder.diagnosis.finished import done_to_another
from autograder.diagnosis.steps import BackwardPass, Env, Step
from autograder.exercise import Answers, Array, Finding

UNNAMED = "unrecognised"


@dataclass(frozen=True)
class _Part:
    """Hold what is given for an unexplained step on each instance, and what it follows from."""

    step: Step
    given: Sequence[Any]
    before: Sequence[Env | None]

    @property
    def due(self) -> list[Array | None]:
        """Return what the student's own numbers give."""
        return [None if env is None else self.step.right.value(env) for env in self.before]


def unnamed(
    backward: BackwardPass,
    envs: Sequence[Env | None],
    findings: Sequence[Finding],
    answers: Answers,
    unseen: Sequence[bool],
) -> tuple[Finding, ...]:
    """Describe, in each finding without a name, what the numbers show.

    envs : the quantities of every instance, as the explanation has them.
    """
    steps = {step.name: step for step in backward.steps}
    order = list(steps)

    def part(finding: Finding) -> _Part:
        step, given_in = steps[finding.where], finding.where in answers[0]
        given = [
            answer[step.name] if given_in else env and env.get(step.name)
            for env, answer in zip(envs, answers, strict=True)
        ]
        behind = order[order.index(step.name) + 1 :]  # what follows from it says nothing of it
        before = [env and {k: a for k, a in env.items() if k not in behind} for env in envs]
        return _Part(step, given, before)

    parts = {f.where: part(f) for f in findings if f.fault == UNNAMED and f.where in steps}
    finishes = [f for f in findings if f.where in answers[0] and f.fault != UNNAMED]
    shared = dict(_of_one_array([each for name, each in parts.items() if name in answers[0]]))

    def words(finding: Finding) -> Finding:
        each = parts.get(finding.where)
        if finding.fault != UNNAMED or each is None:
            return finding
        if finding.where in shared:
            others = " and ".join(f"`{name}`" for name in shared[finding.where])
            return replace(finding, fault="gradients-share-an-array", hint=others, forward="")
        if finding.where in answers[0]:
            for other in finishes:
                example = [answer[other.where] for answer in answers]
                if done_to_another(other.fault, example, each.given, each.due):
                    return replace(finding, fault=other.fault, hint=other.hint, forward=each.step.forward)
        return replace(finding, hint=described(each.step, each.given, each.before, unseen))

    return tuple(words(finding) for finding in findings)


def _of_one_array(parts: Sequence[_Part]) -> Iterator[tuple[str, list[str]]]:
    """Parts that hold the same numbers, which are the sum of what is due in each; with the others of them."""
    for part in parts:
        alike = [other for other in parts if other is part or _same(part, other)]
        dues = list(zip(*(other.due for other in alike), strict=True))
        if len(alike) > 1 and all(
            given is not None and _is_sum(given, due) for given, due in zip(part.given, dues, strict=True)
        ):
            yield part.step.name, [other.step.name for other in alike if other is not part]


def _same(one: _Part, other: _Part) -> bool:
    return all(
        a is not None and b is not None and np.array_equal(a, b)
        for a, b in zip(one.given, other.given, strict=True)
    )


def _is_sum(given: Array, terms: Sequence[Array | None]) -> bool:
    known = [term for term in terms if term is not None and term.shape == given.shape]
    return len(known) == len(terms) and agrees(given, np.asarray(sum(known)))
