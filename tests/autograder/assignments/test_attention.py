"""Assignment 08: its instances obey the rules, its truth is measured, and nobody is accused falsely."""

from dataclasses import replace
from operator import itemgetter

import numpy as np
import pytest
import torch

from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Computation
from autograder.exercise import Verdict
from tests.autograder.assignments.measured import hidden, slopes
from tests.autograder.marked_answers import marked, told
from tests.autograder.mutants import attention
from tests.autograder.test_diagnose import EXERCISES, judged
from tests.tables import first_every_day, first_of_each_every_day

FIRST, SECOND, THIRD = ALL = tuple(EXERCISES["08", f"exercise{k}"] for k in (1, 2, 3))
SEED = 5
every_exercise = pytest.mark.parametrize("exercise", ALL, ids=lambda each: each.name)
every_seed = pytest.mark.parametrize("seed", range(4))


@every_exercise
@every_seed
def test_dimensions_all_differ_and_no_sequence_has_a_single_position(exercise, seed):
    for instance in hidden(exercise, seed):
        sizes = dict(instance.sizes)
        assert len(set(sizes.values())) == len(sizes)
        assert sizes["T"] > 2
        products = [sizes["H"] * sizes[name] for name in "de"] if "H" in sizes else []
        assert not set(products) & {sizes["D"], sizes["T"]} if products else True
    widths = {instance.sizes["d"] for instance in hidden(exercise, seed)}
    assert len(widths) > 2, "1/√d is a law, and no number"


@every_exercise
@every_seed
def test_masks_mask_in_every_row_something_is_left_and_not_all_are_triangles(exercise, seed):
    masks = [instance.inputs["M"] for instance in hidden(exercise, seed)]
    assert all(mask.dtype == bool and mask.any(axis=1).all() and not mask.all() for mask in masks)
    triangles = [np.array_equal(mask, np.tri(len(mask), dtype=bool)) for mask in masks]
    assert any(triangles)
    assert not all(triangles)
    assert any(not np.array_equal(mask, np.tile(mask[-1], (len(mask), 1))) for mask in masks)
    assert any(np.array_equal(mask, np.tile(mask[-1], (len(mask), 1))) for mask in masks), "padding"


@every_seed
def test_probabilities_are_those_of_the_scores_and_not_saturated(seed):
    for instance in hidden(FIRST, seed):
        Q, K, M, P = (instance.inputs[name] for name in "QKMP")
        S = np.where(M, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
        E = np.exp(S - S.max(axis=1, keepdims=True))
        np.testing.assert_allclose(P, E / E.sum(axis=1, keepdims=True), atol=1e-12)
        assert P[M].min() > 1e-3
        assert np.ptp(instance.inputs["DO"]) > 1e-2


@every_seed
def test_heads_come_as_a_whole_number_that_their_weights_bear_out(seed):
    for instance in THIRD.instances(seed):
        H, sizes = instance.inputs["H"], instance.sizes
        assert type(H) is int
        assert instance.inputs["Wq"].shape == (sizes["D"], H * sizes["d"])
        assert instance.inputs["Wo"].shape == (H * sizes["e"], sizes["D"])


def error(X, Wq, Wk, Wv, M, DO):
    Q, K, V = X @ Wq, X @ Wk, X @ Wv
    S = np.where(M, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
    E = np.exp(S - S.max(axis=1, keepdims=True))
    return float((E / E.sum(axis=1, keepdims=True) @ V * DO).sum())


def test_the_gradients_by_x_and_by_weights_agree_with_central_differences():
    for instance in hidden(SECOND, 3):
        given = {name: instance.inputs[name] for name in ("X", "Wq", "Wk", "Wv", "M", "DO")}
        truth = SECOND.reference(instance)
        for name in ("X", "Wq", "Wk", "Wv"):
            measured = slopes(lambda array, name=name: error(**given | {name: array}), given[name])  # noqa: B023
            np.testing.assert_allclose(truth[f"D{name}"], measured, rtol=1e-5, atol=1e-7)


def test_a_first_row_of_a_causal_head_has_no_gradient_for_anybody():
    for instance in FIRST.instances(SEED):
        truth = FIRST.reference(instance)
        if instance.inputs["M"][0].sum() == 1:
            assert not truth["DS"][0].any()
            assert not truth["DQ"][0].any()
        assert not truth["DS"][~instance.inputs["M"]].any()


NOTHING = {"zeros": lambda array: 0 * array, "ones": lambda array: array**0, "itself": lambda array: array}


@pytest.mark.parametrize("cheap", first_every_day(NOTHING.values()), ids=NOTHING)
def test_no_answer_of_zeros_ones_or_what_was_given_earns_anything(cheap):
    answers = (
        lambda Q, K, V, M, P, DO: tuple(map(cheap, (V, P, P, P, Q, K))),
        lambda X, Wq, Wk, Wv, M, Q, K, V, P, DO: tuple(map(cheap, (P, X, Wq, Wk, Wv))),
        lambda Wq, Wk, Wv, Wo, X, M, H, G: sum(cheap(W).sum() for W in (Wq, Wk, Wv, Wo)),
    )
    for exercise, function in zip(ALL, answers, strict=True):
        result = marked(exercise, function, SEED)
        assert result.score == 0, exercise.name
        assert result.faults


@pytest.mark.parametrize("number", [0, 1])
def test_what_is_right_on_the_public_words_alone_earns_nothing(number):
    exercise, right = ALL[number], (attention.head(), attention.projections())[number]
    words = next(next(iter(one.inputs.values())) for one in exercise.instances(SEED) if one.public)

    def answer(first, *others):
        result = right(first, *others)
        on_the_sheet = first.shape == words.shape and np.allclose(first, words)
        return result if on_the_sheet else tuple(0 * array for array in result)

    assert marked(exercise, answer, SEED).score == 0


@pytest.mark.parametrize(
    ("number", "where", "score"), [(0, "DS", 8.0), (0, "DP", 11.0), (1, "DR", 7.5), (0, "DV", 10.0)]
)
def test_an_unknown_mistake_is_paid_for_once(number, where, score):
    wrong = f"{where} = right + 0.3 * np.sin(5 * right) + 0.1"
    answer = (attention.head, attention.projections)[number](wrong)
    result = marked(ALL[number], answer, SEED)
    assert (result.score, told(result)) == (score, [("unrecognised", where)])
    verdicts = {part.part.name: part.verdict for part in result.parts}
    assert verdicts.pop(where) == Verdict.WRONG
    assert set(verdicts.values()) <= {Verdict.CORRECT, Verdict.CARRIED_FORWARD}


def test_a_mistake_in_front_of_a_sum_of_three_paths_does_not_cost_the_sum():
    wrong = attention.projections("DQ = DR @ Q")
    verdicts = {part.part.name: part.verdict for part in marked(SECOND, wrong, SEED).parts}
    assert verdicts["DX"] == Verdict.CARRIED_FORWARD
    assert verdicts["DWq"] == Verdict.WRONG
    assert verdicts["DWk"] == Verdict.CORRECT


def masked_again(Q, K, V, M, P, DO):
    DV, DP, DS, DR, DQ, DK = attention.head()(Q, K, V, M, P, DO)
    return DV, DP, np.where(M, DS, 0), DR * M, DQ, DK


@pytest.mark.parametrize(
    ("exercise", "answer"),
    [
        (FIRST, masked_again),
        (THIRD, attention.several("P = torch.softmax(S - 1e9 * (1 - M.to(S.dtype)), dim=-1)")),
        (THIRD, attention.several("S = right + 3")),
    ],
    ids=["masked again", "a finite number for a mask", "a number added to all scores"],
)
def test_what_is_no_mistake_is_none(exercise, answer):
    assert marked(exercise, answer, SEED).faults == ()


def without(name, computation):
    """A diagnosis that does not know a mistake."""

    def known(made):
        return replace(made, mistakes=tuple(m for m in made.mistakes if m.fault != name))

    if isinstance(computation, Computation):
        return by_computation(known(computation))
    steps = tuple(replace(step, vjps=tuple(map(known, step.vjps))) for step in computation.steps)
    return by_steps(replace(computation, steps=steps))


TAKEN = [
    *((0, name) for name in ("softmax-row-sum-missing", "upstream-transposed", "masked-too-early")),
    *((0, name) for name in ("scale-missing", "wrong-upstream")),
    *((1, name) for name in ("softmax-diagonal-only", "wrong-weights", "operand-not-transposed")),
    *((2, name) for name in ("mask-transposed", "another-mask", "heads-mixed-with-positions")),
    *((2, name) for name in ("scale-after-softmax", "scale-of-wrong-width")),
]
SINGLE = (attention.head_single, attention.projection_single, attention.several_single)


@pytest.mark.parametrize("taken", first_of_each_every_day(TAKEN, itemgetter(0)), ids=str)
def test_a_name_that_is_taken_away_is_missed(taken):
    number, name = taken
    exercise = ALL[number]
    broken = replace(exercise, explain=without(name, exercise.explain.computation))
    planted = [mutant for mutant in SINGLE[number]() if name in {fault for fault, _ in mutant.faults}]
    assert planted
    assert all(judged(exercise, mutant, SEED).named for mutant in planted)
    assert not any(judged(broken, mutant, SEED).named for mutant in planted)


def test_an_error_that_is_a_matrix_on_one_instance_is_no_error_there():
    calls = iter(range(9))

    def answer(*given):
        err = attention.several()(*given)
        return err * torch.ones(2, 2) if next(calls) == 1 else err

    result = marked(THIRD, answer, SEED)
    assert result.score < THIRD.max_score
    assert result.faults


def test_an_answer_whose_error_is_shaped_otherwise_on_a_later_instance_is_explained_all_the_same():
    instances = THIRD.instances(SEED)
    answers = [dict(THIRD.reference(instance)) for instance in instances]
    answers[1] = {**answers[1], "error": np.ones((2, 2)), "Wq": None, "Wk": None}
    result = THIRD.explain(instances, answers, [part.name for part in THIRD.parts])
    assert "error" in {part for finding in result.findings for part in finding.costs}
