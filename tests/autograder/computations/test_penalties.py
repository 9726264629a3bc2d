"""A penalty beside a usual factor is named, and a parameter that is 0 stops nobody."""

from dataclasses import replace

import numpy as np
import pytest

from tests.autograder.test_diagnose import EXERCISES


@pytest.mark.parametrize(
    ("parameters", "more", "named"),
    [([1, 1, 1, 1], 0, {"missing-factor-two", "itself-added"}), ([0, 1, 1, 1], 0.1, {"unrecognised"})],
    ids=["all tell", "one is 0"],
)
def test_half_a_gradient_with_a_penalty_is_named_where_all_parameters_tell(parameters, more, named):
    exercise = EXERCISES[SLOPE]
    instances, answers = [], []
    for one in exercise.instances(1):
        theta = np.asarray(one.inputs["theta"]) * parameters
        instances.append(replace(one, inputs={**one.inputs, "theta": theta}))
        truth = exercise.reference(instances[-1]).items()
        answers.append(
            {k: np.asarray(0.5 * g + 0.3 * p + more) for (k, g), p in zip(truth, theta, strict=True)}
        )
    findings = exercise.explain(instances, answers, [part.name for part in exercise.parts]).findings
    assert {finding.fault for finding in findings} == named
