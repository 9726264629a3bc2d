"""Instances are drawn by what a forward pass does with its inputs, until a mistake would show on them."""

import numpy as np
import pytest

from autograder.exercise import VARIANTS, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import NoInstance, draw
from autograder.instances.evidence import entries_stand_out, gradients, single_precision_will_do
from autograder.instances.pool import POOL, from_pool
from autograder.reference import truth

LAYERS = ForwardPass(
    """
    Z = X @ W + B
    A = relu(Z)
    Y = A @ V
    err = mean_squared_error(Y, T)
    """,
    X=("N", 3), W=(3, 4), B=(4,), V=(4, "C"), T=("N", "C"),
)  # fmt: skip
SOFTMAX = ForwardPass("S = X @ W\nP = softmax(S, axis=1)", X=("N", 3), W=(3, "C"), upstream="P")
SIZES = [{"N": 1, "C": 2}, {"N": 7, "C": 3}]
BY = ("W", "B", "V")


def drawn(forward=LAYERS, seed=3, by=BY, sizes=SIZES, **changed):
    return draw(forward, seed, by=by, sizes=sizes, **changed)


@pytest.mark.parametrize("seed", range(8))
def test_instances_have_their_sizes_and_meet_the_conditions(seed):
    for instance, sizes in zip(drawn(seed=seed), SIZES, strict=True):
        assert dict(instance.sizes) == sizes
        inputs = instance.inputs
        assert {name: inputs[name].shape for name in LAYERS.inputs} == {
            "X": (sizes["N"], 3), "W": (3, 4), "B": (4,), "V": (4, sizes["C"]), "T": (sizes["N"], sizes["C"]),
        }  # fmt: skip
        values, result = truth(LAYERS, inputs, [*BY, "Z"])
        assert np.abs(values["Z"]).min() > 5e-3 * np.abs(values["Z"]).max()
        assert values["Z"].min() < 0 < values["Z"].max()
        if sizes["N"] > 1:
            assert ((values["Z"] > 0).any(axis=0) & (values["Z"] < 0).any(axis=0)).all()
        for name in BY:
            entries = np.abs(result[name][result[name] != 0])
            assert entries.min() > 1e-2 * entries.max()


def test_the_same_seed_draws_the_same_and_another_one_others():
    for one, same, other in zip(drawn(), drawn(), drawn(seed=4), strict=True):
        np.testing.assert_equal(dict(one.inputs), dict(same.inputs))
        assert not (one.inputs["X"] == other.inputs["X"]).any()


def test_students_are_shown_the_sizes_and_no_number():
    words = "other data and parameters (N = {N}, C = {C})"
    assert [one.description for one in drawn()] == [words.format(**sizes) for sizes in SIZES]
    assert not any(one.public for one in drawn())


def test_an_upstream_gradient_is_drawn_where_the_output_is_no_single_number():
    (instance,) = drawn(SOFTMAX, by=("X", "W"), sizes=[{"N": 5, "C": 4}])
    assert list(instance.inputs) == ["X", "W", "DP"]
    assert instance.inputs["DP"].shape == (5, 4)
    values, _ = truth(SOFTMAX, instance.inputs, ["X"])
    assert values["P"].min() > 1e-3, "no probability near zero"


def test_an_input_is_drawn_as_the_author_says():
    (instance,) = drawn(
        sizes=SIZES[1:], samplers={"X": lambda place: 5 + place.rng.standard_normal(place.shape)}
    )
    assert instance.inputs["X"].mean() > 3


def test_a_condition_of_the_authors_own_is_met():
    wide = {"wide": lambda known: known["Y"].max(axis=(1, 2)) > 3}
    assert not all(truth(LAYERS, one.inputs, ["W"])[0]["Y"].max() > 3 for one in drawn(sizes=SIZES[1:] * 12))
    for one in drawn(sizes=SIZES[1:] * 4, conditions=wide):
        assert truth(LAYERS, one.inputs, ["W"])[0]["Y"].max() > 3


def test_a_forward_pass_without_any_instance_is_refused_by_the_condition_that_most_fail(monkeypatch):
    monkeypatch.setattr("autograder.instances.draw.TRIES", 300)
    dead = {"X": lambda place: np.zeros(place.shape), "B": lambda place: np.ones(place.shape)}
    with pytest.raises(NoInstance, match="both signs"):
        drawn(samplers=dead)


# What shows in gradients


def candidates(K=6):
    rng = np.random.default_rng(0)
    shapes = {"X": (K, 5, 3), "W": (K, 3, 4), "B": (K, 4), "V": (K, 4, 2), "T": (K, 5, 2)}
    return {name: rng.standard_normal(shape) for name, shape in shapes.items()}


def test_gradients_of_a_batch_are_those_of_each_candidate():
    known = candidates()
    together = gradients(LAYERS, known, BY)
    for k in range(6):
        _, alone = truth(LAYERS, {name: array[k] for name, array in known.items()}, BY)
        for name in BY:
            np.testing.assert_allclose(together[name][k], alone[name], rtol=1e-10, atol=1e-12)


def test_an_entry_near_zero_is_seen_and_one_that_has_to_be_zero_is_not_held_against_a_candidate():
    near, fine, zero, nothing = [1e-4, 1.0], [0.5, 1.0], [0.0, 1.0], [0.0, 0.0]
    result = {"W": np.array([near, fine, zero, nothing]), "B": np.ones((4, 1))}
    assert entries_stand_out(result).tolist() == [False, True, False, False]
    assert entries_stand_out(result, alone=True).tolist() == [False, True, True, False]
    always_zero = {"W": np.array([[0.0, 1.0, 1.0], [0.0, 1.0, 1e-4]])}
    assert entries_stand_out(always_zero).tolist() == [True, False]


def test_an_entry_that_single_precision_loses_is_seen():
    exact = {"W": np.array([[1.0, 2.0], [1.0, 2.0]])}
    short = {"W": np.array([[1.0, 2.0], [1.0 + 1e-4, 2.0]])}
    assert single_precision_will_do(exact, short).tolist() == [True, False]


TWO_LAYERS = ForwardPass(
    """
    Z1 = X @ W1 + B1
    A1 = relu(Z1)
    Z2 = A1 @ W2 + B2
    A2 = relu(Z2)
    Y = A2 @ V
    err = mean_squared_error(Y, T)
    """,
    X=("N", 3), W1=(3, 5), B1=(5,), W2=(5, 6), B2=(6,), V=(6, 2), T=("N", 2),
)  # fmt: skip


@pytest.mark.parametrize("N", [1, 2, 3, 4])
def test_few_data_points_are_enough_for_masks_to_show(N):
    for seed in range(4):
        (instance,) = drawn(TWO_LAYERS, seed, ("W1", "B1", "W2", "V"), [{"N": N}])
        values, _ = truth(TWO_LAYERS, instance.inputs, ["W1"])
        assert all(values[name].min() < 0 < values[name].max() for name in ("Z1", "Z2"))


def test_variants_of_an_exercise_choose_from_one_pool_and_other_exercises_from_others():
    size = {"N": 7, "C": 3}
    variants = [drawn(seed=5 * VARIANTS + k, sizes=[size, size, size]) for k in range(VARIANTS)]
    pool = {one.inputs["X"].tobytes() for variant in variants for one in variant}
    assert len(pool) == len({one for variant in variants for one in variant}) == POOL
    kinds = {tuple(one.inputs["X"].tobytes() for one in variant) for variant in variants}
    assert len(kinds) > 0.95 * VARIANTS
    assert all(len({one.inputs["X"].tobytes() for one in variant}) == 3 for variant in variants)
    elsewhere = drawn(seed=6 * VARIANTS, sizes=[size])
    assert not pool & {one.inputs["X"].tobytes() for one in elsewhere}


def of_kind(rng, kind):
    return Instance({"x": rng.standard_normal(kind + 1)}, f"kind {kind}")


def test_a_pool_gives_one_instance_of_each_kind_and_for_a_seed_always_the_same():
    first, again = (from_pool(of_kind, 3)(5) for _ in range(2))
    assert [one.description for one in first] == ["kind 0", "kind 1", "kind 2"]
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.inputs["x"], other.inputs["x"])
