"""A penalty beside a usual factor is named, and a parameter that is 0 stops nobody."""

from dataclasses import replace

import numpy as np
import pytest

from tests.autograder.test_diagnose import EXERCISES


@pytest.mark.parametrize("zero", [False, True])
def test_half_a_gradient_with_a_penalty_is_named_where_all_parameters_tell(zero):
    exercise = EXERCISES["02", "exercise1"]
    instances = [
        replace(
            one,
            inputs={**one.inputs, "theta": np.asarray(one.inputs["theta"]) * ([0, 1, 1, 1] if zero else 1)},
        )
        for one in exercise.instances(1)
    ]
    parts = [part.name for part in exercise.parts]
    answers = [
        {
            name: np.asarray(0.5 * array + 0.3 * one.inputs["theta"][place] + (0.1 if zero else 0))
            for place, (name, array) in enumerate(exercise.reference(one).items())
        }
        for one in instances
    ]
    named = {finding.fault for finding in exercise.explain(instances, answers, parts).findings}
    assert named == ({"unrecognised"} if zero else {"missing-factor-two", "itself-added"})
