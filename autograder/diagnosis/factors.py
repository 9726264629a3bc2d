"""Find the factor between answers and the right ones."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.diagnosis.scale import Scale, common, measured
from autograder.diagnosis.steps import environment
from autograder.exercise import Answers, Instance


def law_between(
    instances: Sequence[Instance], answers: Answers, right: Answers, touched: Sequence[str]
) -> Scale | None:
    """Find the law by which answers differ from the right ones, if all of some parts share one."""
    sizes = [environment(instance)["sizes"] for instance in instances]
    laws = set()
    for part in touched:
        ratios = [
            np.nan if a[part] is None and b[part] is None else measured(a[part], b[part])
            for a, b in zip(answers, right, strict=True)
        ]
        if any(ratio is None for ratio in ratios):
            return None
        laws.add(common([r for r in ratios if r is not None], sizes, [not i.public for i in instances]))
    return laws.pop() if len(laws) == 1 else None
