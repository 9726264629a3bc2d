"""Assignment 05: its instances obey the rules, its truth is measured, and nobody is accused falsely."""

import numpy as np
import pytest

from autograder import assignments
from autograder.exercise import Verdict
from tests.autograder import marked_answers
from tests.autograder.assignments.measured import hidden, slopes
from tests.autograder.marked_answers import defined_by, marked
from tests.autograder.mutants import normalisation
from tests.autograder.test_diagnose import EXERCISES

LAYER, BATCH, EVALUATION, ROOT = (EXERCISES["05", f"exercise{k}"] for k in (1, 2, 3, 4))
ALL = (LAYER, BATCH, EVALUATION, ROOT)
every_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda exercise: exercise.name)
every_seed = pytest.mark.parametrize("seed", range(8))


@every_seed
@every_exercise
def test_dimensions_differ_and_no_mean_is_taken_of_two_entries(exercise, seed):
    averaged = "N" if exercise in (BATCH, EVALUATION) else "D"
    for instance in exercise.instances(seed):
        sizes = instance.sizes
        assert sizes["N"] != sizes["D"]
        assert sizes[averaged] >= 3
        if sizes["D"] == 3:
            assert averaged == "N"
    assert len({tuple(instance.sizes.items()) for instance in hidden(exercise, seed)}) == 4


@every_seed
@every_exercise
def test_upstream_gradients_and_factors_are_no_constants_and_one_eps_can_be_seen(exercise, seed):
    given = [instance.inputs for instance in hidden(exercise, seed)]
    assert sorted({float(inputs["eps"]) for inputs in given}) == [1e-5, 0.1]
    for inputs in given:
        assert np.ptp(inputs["DY"], axis=1).min() > 1e-2
        ordered = np.sort(inputs["G"])
        assert np.diff(ordered).min() > 1e-2
        assert 0.5 < ordered[0] < ordered[-1] < 1.8


@every_seed
def test_features_lie_and_spread_unequally(seed):
    for instance in hidden(BATCH, seed):
        M, S, RS = (instance.inputs[name].ravel() for name in ("M", "S", "RS"))
        assert np.ptp(M) > 0.05
        assert S.max() / S.min() > 1.05
        assert np.abs(RS / S - 1).max() > 0.05, "or nobody could tell which of them was used"


def normalised(X, eps, axis):
    return (X - X.mean(axis=axis, keepdims=True)) / np.sqrt(X.var(axis=axis, keepdims=True) + eps)


FORWARD = {
    LAYER: lambda q, X: normalised(X, q["eps"], 1),
    BATCH: lambda q, X: normalised(X, q["eps"], 0),
    EVALUATION: lambda q, X: (X - q["RM"]) / q["RS"],
    ROOT: lambda q, X: X / np.sqrt((X**2).mean(axis=1, keepdims=True) + q["eps"]),
}


@every_exercise
def test_the_gradient_agrees_with_central_differences(exercise):
    for instance in exercise.instances(3):
        q, forward, truth = instance.inputs, FORWARD[exercise], exercise.reference(instance)
        by_X = slopes(lambda X, q=q: (q["DY"] * q["G"] * forward(q, X)).sum(), q["X"])  # noqa: B023
        by_G = slopes(lambda G, q=q: (q["DY"] * G * forward(q, q["X"])).sum(), q["G"])  # noqa: B023
        np.testing.assert_allclose(truth["DX"], by_X, rtol=1e-4, atol=1e-7)
        np.testing.assert_allclose(truth["DG"], by_G, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(
    ("exercise", "forward", "names"),
    [
        (LAYER, "forward_by_rows", "MSH"),
        (BATCH, "forward_by_columns", "MSH"),
        (ROOT, "forward_by_squares", "SH"),
    ],
    ids=["rows", "columns", "squares"],
)
def test_the_notebooks_forward_passes_are_the_declared_ones(exercise, forward, names):
    function = defined_by(assignments.folders()["05-normalisation"])[forward]
    for instance in exercise.instances(0):
        q = instance.inputs
        arguments = [q[name] for name in ("X", "G", "B", "eps") if name in q]
        for name, result in zip(names, function(*arguments), strict=False):
            np.testing.assert_allclose(result, q[name], rtol=1e-12, atol=1e-12)


def test_the_example_comes_out_even():
    rows, columns, squares = (
        exercise.reference(next(one for one in exercise.instances(0) if one.public))
        for exercise in (LAYER, BATCH, ROOT)
    )
    assert (16 * rows["DX"]).tolist() == [[-1, -5, 7, -2, 1]]
    assert rows["DH"].tolist() == [[6, -1, 5, 8, 2]]
    np.testing.assert_allclose(columns["DX"][:, 0], rows["DX"][0], rtol=1e-12)
    assert (16 * squares["DX"]).tolist() == [[15, -11, 23, 14, 17]]


def told(exercise, function):
    result = marked(exercise, function, 5)
    return {f"{fault.fault}@{fault.where}" for fault in result.faults}, result.score


def test_the_way_from_the_variance_to_the_mean_may_be_left_out_or_taken_along():
    for task, exercise in ((normalisation.LAYER, LAYER), (normalisation.BATCH, BATCH)):
        for along in ("", " + Dvar * mean(-2 * (X - M))"):
            long_way = f"Dvar = -0.5 * total(DH * (X - M)) / S**3; DM = -total(DH / S){along}; "
            long_way += "DX = DH / S + Dvar * 2 * (X - M) / n + DM / n"
            assert told(exercise, task.function(long_way)) == (set(), exercise.max_score)


def test_gamma_behind_the_means_is_right_in_columns_and_wrong_in_rows():
    outside = "DX = G * (DY - mean(DY) - H * mean(DY * H)) / S"
    assert told(BATCH, normalisation.BATCH.function(outside)) == (set(), 9)
    assert told(LAYER, normalisation.LAYER.function(outside)) == ({"gamma-outside-the-means@DX"}, 4)


def test_an_eps_beside_the_root_is_seen_where_it_shows():
    beside = "S = np.sqrt(X.var(axis=1, keepdims=True)) + eps"
    assert told(LAYER, normalisation.LAYER.function(beside)) == ({"unrecognised@DX"}, 4)


def test_an_unknown_gradient_by_what_is_normalised_is_paid_for_once():
    strange = "DH = np.cos(3 * DY) + 0.3 * X"
    result = marked(LAYER, normalisation.LAYER.function(strange), 5)
    assert marked_answers.told(result) == [("unrecognised", "DH")]
    verdicts = {part.part.name: part.verdict for part in result.parts}
    carried, right = Verdict.CARRIED_FORWARD, Verdict.CORRECT
    assert verdicts == {"DH": Verdict.WRONG, "DX": carried, "DG": right, "DB": right}


@pytest.mark.parametrize("seed", range(3))
def test_zeros_ones_and_noise_earn_nothing(seed):
    noise = np.random.default_rng(seed)
    for task, exercise in zip(normalisation.TASKS, ALL, strict=True):
        for cheap in (np.zeros_like, np.ones_like, lambda a: noise.standard_normal(a.shape)):
            answer = task.function(
                answer=lambda q, cheap=cheap, parts=task.marks: tuple(cheap(q[part]) for part in parts)
            )
            result = marked(exercise, answer, 5)
            assert result.score == 0
            assert result.faults
