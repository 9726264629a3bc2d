"""Every operation has wrong computations in its place; each shows, has a sentence, and is named."""

import re

import numpy as np
import pytest

from autograder.alternatives.quantities import quantities
from autograder.alternatives.table import ALTERNATIVES
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.sentences import sentence
from autograder.exercise import Instance
from autograder.operations.table import OPERATIONS
from tests.autograder.operations.samples import SAMPLES, SIZES, Sample

OF_SATURATED_SCORES = {"clipped-probabilities", "logarithm-of-zero", "overflow"}  # which assignment 03 has
ONE_OUTPUT = {"A": ("N", 1), "B": ("N", 1)}
MORE = [
    *SAMPLES,
    Sample("transpose", "V = A.T", lambda q, s: np.einsum("mn->nm", q["A"]), {"A": ("N", "N")}),
    Sample("product", "V = A @ B", lambda q, s: q["A"].dot(q["B"]), {"A": ("N", "N"), "B": ("N", "N")}),
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


def computed(model, given, wrong):
    """What a model gives on each instance; None where shapes do not fit or there are no numbers."""
    found = []
    for instance in given:
        try:
            with np.errstate(all="ignore"):
                value = model.run(instance, wrong)["V"]
        except (ValueError, IndexError, RuntimeError):
            return None
        found.append(value if np.isfinite(value).all() else None)
    return found


def alike(one, other):
    return all(
        (a is None) == (b is None) and (a is None or (a.shape == b.shape and np.allclose(a, b, rtol=1e-9)))
        for a, b in zip(one, other, strict=True)
    )


def test_every_operation_has_alternatives():
    assert set(ALTERNATIVES) == set(OPERATIONS)


@pytest.mark.parametrize("operation", EVERY)
def test_each_wrong_computation_shows_on_some_sample_has_a_sentence_and_is_named(operation):
    unseen = {(one.fault, one.hint) for one in ALTERNATIVES[operation].replaced}
    for sample in (each for each in MORE if each.operation == operation):
        model, given = quantities(sample.forward, ["V"]), instances(sample)
        right, explain = computed(model, given, {}), by_choices(model)
        for instance, value in zip(given, right, strict=True):
            np.testing.assert_allclose(value, sample.expected(instance.inputs, instance.sizes), rtol=1e-9)
        made = [(choice, computed(model, given, dict([choice.setting]))) for choice in model.choices]
        for choice, found in made:
            text = sentence(choice.fault, choice.where, choice.hint)
            assert text, choice.fault
            assert not re.search(r"  |[{]", text), choice.fault
            if found is None or alike(found, right):  # it cannot be made, or the sample does not show it
                continue
            unseen.discard((choice.fault, choice.hint))
            if any(one is None or one.shape != other.shape for one, other in zip(found, right, strict=True)):
                continue  # which is told as such
            told = explain(given, [{"V": value} for value in found], ["V"])
            same = {one.fault for one, other in made if other is not None and alike(found, other)}
            same |= OF_FACTORS if found[0].ndim == 0 else set()
            assert {finding.fault for finding in told.findings} <= same, choice
    assert {fault for fault, _ in unseen} <= OF_SATURATED_SCORES
