"""Plant every mistake that an exercise's diagnosis knows: its name, its place, and the answers it gives.

    for mistake in planted(exercise, instances):
        mistake.findings, mistake.answers

A backward pass is run with one factor in a wrong form, or with a factor or an unknown number inserted after
a step, and what follows is computed from that. A whole computation is run with one of its mistakes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograder.diagnosis.planted import SCALES, Asked, Pairs, Planted
from autograder.diagnosis.planted_computations import in_computation
from autograder.diagnosis.planted_steps import in_backward_pass
from autograder.diagnosis.scale import Scale
from autograder.diagnosis.steps import BackwardPass, Computation
from autograder.exercise import Answers, Diagnosis, Exercise, Explain, Instance


@dataclass(frozen=True, eq=False)
class Explanations:
    """An `Explain` that can be asked for the computation it searches."""

    explain: Explain
    computation: BackwardPass | Computation

    def __call__(self, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        """Explain answers on instances, part by part."""
        return self.explain(instances, answers, parts)


def planted(
    exercise: Exercise,
    instances: Sequence[Instance],
    *,
    pairs: Pairs = False,
    most: int | None = None,
    factors: Sequence[float] = (),
) -> Iterator[Planted]:
    """Plant every single mistake that an exercise's diagnosis knows, and all pairs of them if asked.

    pairs : whether to plant all of them, or which.
    most : the most pairs, the same ones every time, drawn at random.
    factors : further factors without a name to plant.

    A mistake that cannot be made because shapes do not fit is left out. One that changes nothing on these
    instances is not. An exercise without an explanation, or with one of its own kind, has none.
    """
    if isinstance(exercise.explain, Explanations):
        parts = [part.name for part in exercise.parts]
        asked = Asked((*SCALES[:-1], (*SCALES[-1], *map(Scale, factors))), pairs, most)
        yield from _planted(exercise.explain, parts, instances, asked)


def _planted(
    explain: Explanations, parts: Sequence[str], instances: Sequence[Instance], asked: Asked
) -> Iterator[Planted]:
    match explain.computation:
        case BackwardPass() as backward:
            yield from in_backward_pass(backward, parts, instances, asked)
        case Computation() as computation:
            yield from in_computation(computation, parts, instances, asked)
            if isinstance(computation.fallback, Explanations):
                yield from _planted(computation.fallback, parts, instances, asked)
