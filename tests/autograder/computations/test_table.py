"""Every operation has wrong computations in its place; each shows, has a sentence, and is named."""

import re

import numpy as np
import pytest

from autograder.computations.quantities import quantities
from autograder.computations.table import OPERATION_MISTAKES
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.sentences import sentence
from autograder.exercise import Instance
from autograder.operations.table import OPERATIONS
from tests.autograder.operations.samples import SAMPLES, SIZES, Sample, crossed, softmax

OF_SATURATED_SCORES = {  # which assignment 03 has
    *("clipped-probabilities", "logarithm-of-zero", "overflow", "maximum-over-everything")
}
ONE_OUTPUT = {"A": ("N", 1), "B": ("N", 1)}
MORE = [
    *SAMPLES,
    Sample("transpose", "V = A.T", lambda q, s: np.einsum("mn->nm", q["A"]), {"A": ("N", "N")}),
    Sample("product", "V = A @ B", lambda q, s: q["A"].dot(q["B"]), {"A": ("N", "N"), "B": ("N", "N")}),
    Sample(
        "softmax",
        "V = softmax(A, axis=2, where=M)",
        lambda q, s: softmax(q["A"], 2, q["M"]),
        {"A": (3, "N", "N"), "M": ("N", "N")},
        {"M": crossed},
    ),
    Sample(
        "summed_squared_error",
        "V = summed_squared_error(A, B)",
        lambda q, s: ((q["A"] - q["B"]) ** 2).sum(),
        ONE_OUTPUT,
    ),
]
OF_FACTORS = {"wrong-scale", "wrong-sign", "sum-instead-of-mean", "mean-twice", "missing-factor-two"}
EVERY = sorted({sample.operation for sample in SAMPLES})


def instances(sample):
    rng = np.random.default_rng(7)
    return [
        Instance(sample.inputs(rng, sizes), f"{sizes}", sizes=sizes)
        for sizes in (*SIZES, {**SIZES[0], "N": 6})
    ]


def computed(computation, given, wrong):
    """What a computation gives on each instance; None where shapes do not fit or there are no numbers."""
    result = []
    for instance in given:
        try:
            with np.errstate(all="ignore"):
                value = computation.run(instance, wrong)["V"]
        except (ValueError, IndexError, RuntimeError):
            return None
        result.append(value if np.isfinite(value).all() else None)
    return result


def alike(one, other):
    return all(
        (a is None) == (b is None) and (a is None or (a.shape == b.shape and np.allclose(a, b, rtol=1e-9)))
        for a, b in zip(one, other, strict=True)
    )


def test_every_operation_has_alternatives():
    assert set(OPERATION_MISTAKES) == set(OPERATIONS)


@pytest.mark.parametrize("operation", EVERY)
def test_each_wrong_computation_shows_on_some_sample_has_a_sentence_and_is_named(operation):
    unseen = {(one.fault, one.hint) for one in OPERATION_MISTAKES[operation].replaced}
    for sample in (each for each in MORE if each.operation == operation):
        computation, given = quantities(sample.forward, ["V"]), instances(sample)
        right, explain = computed(computation, given, {}), by_computation(computation)
        for instance, value in zip(given, right, strict=True):
            np.testing.assert_allclose(value, sample.expected(instance.inputs, instance.sizes), rtol=1e-9)
        made = [
            (mistake, computed(computation, given, dict([mistake.setting])))
            for mistake in computation.mistakes
        ]
        for mistake, result in made:
            text = sentence(mistake.fault, mistake.where, mistake.hint)
            assert text, mistake.fault
            assert not re.search(r"  |[{]", text), mistake.fault
            if result is None or alike(result, right):  # it cannot be made, or the sample does not show it
                continue
            unseen.discard((mistake.fault, mistake.hint))
            if any(one is None or one.shape != other.shape for one, other in zip(result, right, strict=True)):
                continue  # which is reported
            message = explain(given, [{"V": value} for value in result], ["V"])
            same = {one.fault for one, other in made if other is not None and alike(result, other)}
            same |= OF_FACTORS if result[0].ndim == 0 else set()
            assert {finding.fault for finding in message.findings} <= same, mistake
    assert {fault for fault, _ in unseen} <= OF_SATURATED_SCORES
