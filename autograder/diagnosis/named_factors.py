"""Give a factor the name of the mistake that amounts to it.

A mean over classes as well is the right one divided by C, a logarithm to the base 10 is 0.4343 times the
natural one. Alone, such a mistake is found by its name; beside another one, only its factor is visible.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.compare import RELATIVE
from autograder.diagnosis import scale
from autograder.diagnosis.scale import Scale
from autograder.diagnosis.steps import Computation, ComputationMistake
from autograder.exercise import Finding, Instance

UNNAMED = "wrong-scale"


def by_their_mistakes(
    computation: Computation,
    instances: Sequence[Instance],
    findings: Sequence[Finding],
    scales: Mapping[str, Scale | None],
) -> tuple[Finding, ...]:
    """Replace factors without a name by the usual mistakes behind them.

    scales : of the parts that are explained.
    """

    def named(finding: Finding) -> Finding:
        part, law = finding.where, scales.get(finding.where)
        if finding.fault != UNNAMED or law is None or part not in computation.scaled:
            return finding
        for mistake in computation.mistakes:
            own = not mistake.rare and mistake.costs == (part,)
            if own and all(_is_factor(computation, mistake, part, law, each) for each in instances):
                return replace(finding, fault=mistake.fault, hint=mistake.hint)
        return finding

    return tuple(map(named, findings))


def _is_factor(
    computation: Computation, mistake: ComputationMistake, part: str, law: Scale, instance: Instance
) -> bool:
    """Return whether a mistake makes a part so many times what it should be; a sign has a name of its own."""
    wrong = computation.run(instance, dict([mistake.setting])).get(part)
    ratio, due = scale.measured(wrong, computation.run(instance, {})[part]), abs(law.of(instance.sizes))
    return ratio is not None and abs(ratio - due) <= RELATIVE * due
