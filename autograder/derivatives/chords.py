"""Explain gradients that were measured with too long steps: slopes of chords, not of the error."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.compare import agrees
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.scale import points
from autograder.diagnosis.steps import Env, environment
from autograder.exercise import Answers, Array, Diagnosis, Finding, Instance
from autograder.forward_pass import ForwardPass
from autograder.reference import values

STEPS = tuple(sign * size for size in (0.1, 0.01, 1e-3, 0.5, 0.05, 5e-3, 5e-4, 1.0) for sign in (1, -1))
"""Either way; shorter ones are right in single precision."""


def or_chords(whole: Explanations, forward: ForwardPass) -> Explanations:
    """Explain answers of which nothing has a name as slopes of chords, if all of it is that, with one step.

    whole : explains a backward pass whose parts are gradients with respect to inputs of the forward pass.
    """

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        diagnosis = whole.explain(instances, answers, parts)
        lost = list(dict.fromkeys(part for finding in diagnosis.findings for part in finding.costs))
        named = any(finding.fault != "unrecognised" for finding in diagnosis.findings)
        if diagnosis.earned or named or any(part.removeprefix("D") not in forward.inputs for part in lost):
            return diagnosis
        step = _step(instances, answers, lost) if lost else None
        if step is None:
            return diagnosis
        chords = (Finding("slope-of-chord", part, (part,), f"{step:g}") for part in lost)
        return Diagnosis(tuple(chords), diagnosis.earned)

    def error(env: Env) -> float:
        return float(values(forward, env)[forward.output])

    def _step(instances: Sequence[Instance], answers: Answers, lost: Sequence[str]) -> float | None:
        """Find the step by one entry on one instance, then hold it against all that is lost."""
        envs = [environment(instance) for instance in instances]
        first = next((k for k, env in enumerate(envs) if points(env["sizes"]) > 1), 0)
        given, env, by = answers[first][lost[-1]], envs[first], lost[-1].removeprefix("D")
        if given is None or given.shape != np.shape(env[by]):
            return None
        here, entry = error(env), (0,) * given.ndim
        diagnosis = (
            s
            for s in STEPS
            if agrees(given[entry], np.asarray((error(_moved(env, by, entry, s)) - here) / s))
        )
        step = next(diagnosis, None)
        pairs = [
            (env, answer[name], name) for env, answer in zip(envs, answers, strict=True) for name in lost
        ]
        return step if step is not None and all(_is_chord(*pair, step) for pair in pairs) else None

    def _is_chord(env: Env, given: Array | None, part: str, step: float) -> bool:
        by = part.removeprefix("D")
        if given is None or given.shape != np.shape(env[by]):
            return False
        here = error(env)
        moved = (_moved(env, by, entry, step) for entry in np.ndindex(given.shape))
        slopes = np.array([(error(each) - here) / step for each in moved])
        return agrees(given, slopes.reshape(given.shape))

    return Explanations(explain, whole.computation)


def _moved(env: Env, by: str, entry: tuple[int, ...], step: float) -> Env:
    """Move one entry by a step."""
    array = np.array(env[by])
    array[entry] += step
    return {**env, by: array}
