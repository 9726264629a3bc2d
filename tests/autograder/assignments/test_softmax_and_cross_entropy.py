"""Assignment 03: its instances obey the rules, its truth is measured, and nobody is accused falsely."""

import numpy as np
import pytest

import utils
from autograder import assignments
from autograder.exercise import Verdict
from tests.autograder.assignments.measured import hidden, slopes
from tests.autograder.marked_answers import defined_by, marked, told
from tests.autograder.mutants import classifier, softmax
from tests.autograder.test_diagnose import EXERCISES

every_seed = pytest.mark.parametrize("seed", range(8))
FIRST, SECOND, THIRD = (EXERCISES["03", f"exercise{k}"] for k in (1, 2, 3))


def probabilities(Z):
    E = np.exp(Z - Z.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


@every_seed
def test_networks_have_dimensions_that_all_differ_and_a_class_that_never_comes(seed):
    sizes = [instance.sizes for instance in hidden(THIRD, seed)]
    assert [size["N"] for size in sizes] == [1, 6, 9, 14]
    assert all(len(set(size.values())) == 4 for size in sizes)
    assert len({size["C"] for size in sizes}) > 1, "1/C is a law, and no number"
    for instance in hidden(THIRD, seed):
        t, P = instance.inputs["t"], instance.inputs["P"]
        assert t.dtype == np.int64
        assert P.min() > 1e-3
        assert len(set(t)) < P.shape[1]
        assert len(t) == 1 or len(set(t)) > 1


@every_seed
def test_upstream_gradients_are_no_constants_and_probabilities_not_saturated(seed):
    for instance in hidden(SECOND, seed):
        P, DP = instance.inputs["P"], instance.inputs["DP"]
        assert P.shape[0] != P.shape[1]
        assert P.min() > 1e-3
        np.testing.assert_allclose(P.sum(axis=1), 1)
        assert np.ptp(DP, axis=1).min() > 1e-2


@every_seed
def test_scores_overflow_have_no_common_maximum_and_round_probabilities_to_nothing(seed):
    given = [instance.inputs for instance in hidden(FIRST, seed)]
    large, apart, wide = (inputs["Z"] for inputs in given[-3:])
    with np.errstate(all="ignore"):
        assert np.isinf(np.exp(large)).all()
        assert (np.exp(apart - apart.max()).sum(axis=1) == 0).any()
        assert np.isfinite(np.exp(large - large.max())).all()
    P = probabilities(wide)
    assert (P[np.arange(len(P)), given[-1]["t"]] == 0).any()
    assert all(inputs["t"].dtype == np.int64 for inputs in given)
    assert all(len(set(inputs["t"])) < inputs["Z"].shape[1] for inputs in given)
    for instance in hidden(FIRST, seed):
        assert np.isfinite(FIRST.reference(instance)["err"])


def error(W, B, X, t):
    Z2 = np.maximum(0, X @ W[0] + B[0]) @ W[1] + B[1]
    top = Z2.max(axis=1)
    return np.mean(np.log(np.exp(Z2 - top[:, None]).sum(axis=1)) + top - Z2[np.arange(len(t)), t])


def test_the_gradient_of_the_classifier_agrees_with_central_differences():
    for instance in hidden(THIRD, 3):
        W, B, X, t = (instance.inputs[name] for name in "WBXt")
        truth = THIRD.reference(instance)
        by_weights = slopes(lambda W1, W=W, B=B, X=X, t=t: error([W1, W[1]], B, X, t), W[0])
        by_biases = slopes(lambda B2, W=W, B=B, X=X, t=t: error(W, [B[0], B2], X, t), B[1])
        np.testing.assert_allclose(truth["DW1"], by_weights, rtol=1e-5, atol=1e-8)
        np.testing.assert_allclose(truth["DB2"], by_biases, rtol=1e-5, atol=1e-8)


def test_the_jacobian_and_the_gradient_of_the_softmax_agree_with_central_differences():
    for instance in hidden(SECOND, 3):
        P, DP = instance.inputs["P"], instance.inputs["DP"]
        Z = np.log(P)
        truth = SECOND.reference(instance)
        measured = slopes(lambda Z, DP=DP: (probabilities(Z) * DP).sum(), Z)
        np.testing.assert_allclose(truth["DZ"], measured, rtol=1e-5, atol=1e-8)
        for i, row in enumerate(truth["J"]):
            measured = slopes(lambda Z, i=i: probabilities(Z)[0, i], Z)[0]
            np.testing.assert_allclose(row, measured, rtol=1e-5, atol=1e-8)


def test_the_notebooks_forward_pass_is_the_declared_one():
    notebook = defined_by(assignments.folders()["03-softmax-and-cross-entropy"])
    (public,) = (instance for instance in THIRD.instances(0) if instance.public)
    W, B = notebook["start"](64, 32, 10)
    X, t = (array[:20] for array in utils.getdigits())
    Z1, A1, Z2, P, err = notebook["forward"](W, B, X, t)
    result = {"W": W, "B": B, "X": X, "Z1": Z1, "A1": A1, "Z2": Z2, "P": P, "t": t}
    assert list(public.inputs) == list(result)
    for name, value in result.items():
        for one, other in zip(value, public.inputs[name], strict=True):  # of a list, or rows of an array
            np.testing.assert_allclose(one, other, rtol=1e-12)
    assert err == pytest.approx(error(W, B, X, t))


def not_subtracted(W, B, X, Z1, A1, Z2, P, t):
    E = np.exp(Z2)
    return classifier.classifier()(W, B, X, Z1, A1, Z2, E / E.sum(axis=1, keepdims=True), t)


def another_of_each_row(Z, t):
    S = Z - (Z.max(axis=1, keepdims=True) + 3.5)
    L = S - np.log(np.exp(S).sum(axis=1, keepdims=True))
    return np.exp(L), -L[np.arange(len(t)), t].mean()


@pytest.mark.parametrize(("exercise", "answer"), [(THIRD, not_subtracted), (FIRST, another_of_each_row)])
def test_another_maximum_or_none_where_nothing_overflows_is_no_mistake(exercise, answer):
    assert marked(exercise, answer, 5).faults == ()


def test_an_unknown_mistake_in_the_first_step_is_paid_for_once():
    wrong = classifier.classifier("DZ2 = np.sin(3 * P) - T + 0.2")
    result = marked(THIRD, wrong, 5)
    assert told(result) == [("unrecognised", "DZ2")]
    verdicts = {part.part.name: part.verdict for part in result.parts}
    assert verdicts.pop("DZ2") == Verdict.WRONG
    assert set(verdicts.values()) == {Verdict.CARRIED_FORWARD}


def test_an_error_of_an_unknown_kind_costs_the_error_alone():
    result = marked(FIRST, softmax.PROBABILITIES.function("err = np.cos(L[n, t]).mean()"), 5)
    assert (result.score, told(result)) == (3, [("unrecognised", "err")])
