"""What is earned is earned on hidden data: zeros, constants, copies and tables of numbers earn nothing."""

import numpy as np
import pytest

from autograder.exercise import Verdict
from tests.autograder.marked_answers import marked
from tests.autograder.mutants.backward import BACKWARD, ORDER
from tests.autograder.test_diagnose import EXERCISES, FIRST, SEEDS

SHEET = 64  # data points of the sheet's own data
TRIALS = 150
LAYERS = (1, 2, 3, 4)


def elsewhere(cheap, **step):
    """The backward pass on the sheet's own data, some of its steps changed; something cheap on all other."""

    def answer(q):
        return (q["DW"], q["DB"]) if len(q["X"]) == SHEET else cheap(q)

    return BACKWARD.function(answer=answer, **step)


def forms(q, name):
    """All that can be had for the form of a parameter without a derivative."""
    target = q[name]
    yield 0 * target
    yield 0 * target + 1
    yield 0 * target - 0.1
    for kind in "WB":
        for k in LAYERS:
            for array in (q[f"{kind}{k}"], q[f"{kind}{k}"].T):
                if array.shape == target.shape:
                    yield from (array, -array, array / 2, np.maximum(array, 0))
    for below in ("X", "A1", "A2", "A3", "Z1", "Z2", "Z3", "Y", "T"):
        for reduced in (q[below].sum(axis=0), q[below].mean(axis=0), q[below][0]):
            if reduced.shape == target.shape or reduced.shape == target.shape[:1]:
                yield (
                    reduced if reduced.shape == target.shape else np.outer(reduced, np.ones(target.shape[1]))
                )


def random_answer(rng):
    """An answer made of cheap arrays, the same kinds on all data."""
    picks = {f"{kind}{k}": rng.integers(1000) for kind in "WB" for k in LAYERS}

    def cheap(q):
        result = {name: list(forms(q, name)) for name in picks}
        chosen = {name: result[name][pick % len(result[name])] for name, pick in picks.items()}
        return [chosen[f"W{k}"] for k in LAYERS], [chosen[f"B{k}"] for k in LAYERS]

    return cheap


def zeros(q):
    return [0 * q[f"W{k}"] for k in LAYERS], [0 * q[f"B{k}"] for k in LAYERS]


def updated(rate):
    return f"DY @ (W4 - {rate} * DW4).T * (Z3 > 0)"


def with_last(weights):
    def cheap(q):
        DW, DB = zeros(q)
        return [*DW[:3], weights(q)], DB

    return cheap


TABLES = {
    "zeros": elsewhere(zeros),
    "zeros, and the last weights for their own gradient": elsewhere(
        with_last(lambda q: q["W4"]), DZ3=updated(1)
    ),
    "zeros, and the last weights with a minus": elsewhere(with_last(lambda q: -q["W4"]), DZ3=updated(-1)),
    "zeros, and half of the last weights": elsewhere(with_last(lambda q: q["W4"] / 2), DZ3=updated(2)),
    "ones": elsewhere(lambda q: ([q[f"W{k}"] ** 0 for k in LAYERS], [q[f"B{k}"] ** 0 for k in LAYERS])),
    "the parameters": elsewhere(lambda q: ([q[f"W{k}"] for k in LAYERS], [q[f"B{k}"] for k in LAYERS])),
}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("answer", TABLES.values(), ids=TABLES.keys())
def test_the_sheets_own_gradient_and_something_cheap_elsewhere_earn_nothing(answer, seed):
    assert marked(EXERCISES[FIRST], answer, seed).score == 0


@pytest.mark.thorough  # a search
@pytest.mark.parametrize("on_sheet", ["right there", "cheap there, too"])
def test_a_search_among_cheap_answers_finds_nothing_that_is_carried_forward(on_sheet):
    rng = np.random.default_rng(11)
    for _ in range(TRIALS):
        cheap = random_answer(rng)
        answer = elsewhere(cheap) if on_sheet == "right there" else BACKWARD.function(answer=cheap)
        result = marked(EXERCISES[FIRST], answer, SEEDS[0])
        assert result.score == 0
        assert all(part.verdict is not Verdict.CARRIED_FORWARD for part in result.parts)


@pytest.mark.parametrize("step", ["DY", "DZ3", "DZ2", "DZ1"])
def test_a_step_that_is_right_for_single_data_points_alone_is_no_evidence(step):
    zero_elsewhere = BACKWARD.function(f"{step} = right * (len(X) == 1)")
    result = marked(EXERCISES[FIRST], zero_elsewhere, SEEDS[0])
    right = ORDER[: ORDER.index(step)]
    assert result.score == 2.5 * sum(name[:2] in ("DW", "DB") for name in right)


@pytest.mark.parametrize("layer", [2, 3, 4])
def test_weights_updated_with_a_gradient_that_is_not_explained_itself_explain_nothing(layer):
    """A student's own array is evidence for the next step only if the diagnosis knows how it came about."""
    below = layer - 1
    up = "DY" if layer == 4 else f"DZ{layer}"
    strange = f"DW{layer} = np.cos(W{layer})"
    stepped = f"DZ{below} = {up} @ (W{layer} - 0.1 * np.cos(W{layer})).T * (Z{below} > 0)"
    result = marked(EXERCISES[FIRST], BACKWARD.function(strange, stepped), SEEDS[0])
    assert "weights-updated" not in {fault.fault for fault in result.faults}
    assert result.score == 20 - 2.5 - 5
