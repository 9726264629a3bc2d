"""Hidden instances are repeatable, of every size, and such that a mistake shows on them."""

import importlib
import math
from functools import cache
from itertools import combinations

import numpy as np
import pytest
import torch

from autograder import assignments
from autograder.calling import function_call
from autograder.compare import Truth, mismatches
from autograder.exercise import VARIANTS
from tests.autograder.mutants import calls
from tests.tables import each

FIRST, SECOND = (assignments.load(name) for name in ("01-error-backpropagation", "02-gradient-descent"))
EXERCISES = {f"{a.name}-{e.name}": e for a in (FIRST, SECOND) for e in a.exercises}
SEEDS = range(0, 30 * VARIANTS, VARIANTS)  # of pools that share no instances
CLASS = range(200)  # students; with five hidden instances each, a thousand
every_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES)


@cache
def hidden(exercise, seed):
    """The inputs of its hidden instances, each with its truth."""
    return [(i.inputs, exercise.reference(i)) for i in exercise.instances(seed) if not i.public]


def flat(value):
    return np.concatenate([flat(item) for item in value]) if isinstance(value, list) else np.ravel(value)


# Marks and declarations


@pytest.mark.parametrize(
    ("assignment", "marks"),
    [
        (FIRST, {"exercise1": 20, "exercise2": 10}),
        (SECOND, {"exercise1": 10, "exercise2": 15, "exercise3": 5}),
    ],
    ids=[FIRST.name, SECOND.name],
)
def test_marks_sum_to_those_of_the_sheet(assignment, marks):
    assert {e.name: e.max_score for e in assignment.exercises} == marks
    assert assignment.max_score == 30
    assert type(assignment.max_score) is float
    assert all(type(part.marks) is float for e in assignment.exercises for part in e.parts)


def test_the_parts_and_the_signatures_are_those_of_the_sheet():
    by_hand, by_torch = FIRST.exercises
    names = [f"{kind}{i}" for kind in "WB" for i in (1, 2, 3, 4)]
    assert [(part.name, part.marks) for part in by_hand.parts] == [(f"D{name}", 2.5) for name in names]
    assert [(part.name, part.marks) for part in by_torch.parts] == [
        *(("error", 4.0), *((name, 0.75) for name in names))
    ]
    assert by_hand.signature == "exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T)"
    assert by_torch.signature == "exercise2(W,B,X,T)"


@every_exercise
def test_part_names_and_places_are_unique(exercise):
    assert len({part.name for part in exercise.parts}) == len(exercise.parts)
    assert len({part.path for part in exercise.parts}) == len(exercise.parts)


# Drawing


@every_exercise
def test_the_same_seed_draws_the_same_instances_whatever_numpys_own_generator_does(exercise):
    np.random.seed(1)
    first = exercise.instances(5)
    np.random.seed(2)
    for one, other in zip(first, exercise.instances(5), strict=True):
        assert (one.description, one.public) == (other.description, other.public)
        assert list(one.inputs) == list(other.inputs)
        np.testing.assert_equal(dict(one.inputs), dict(other.inputs))


@every_exercise
def test_another_seed_draws_other_numbers(exercise):
    for one, other in zip(exercise.instances(5), exercise.instances(6), strict=True):
        for name, value in one.inputs.items():
            if one.public:
                np.testing.assert_equal(value, other.inputs[name])
            elif name != "steps":
                same = np.isin(flat(value), flat(other.inputs[name]))
                assert not same[flat(value) != 0].any()  # 0 is the activation of a unit that is off


@every_exercise
def test_the_sheets_own_data_come_first_and_are_the_only_public_ones(exercise):
    first, *others = exercise.instances(5)
    assert first.public
    assert first.description.startswith("the sheet's own data")
    assert not any(one.public for one in others)


@every_exercise
def test_inputs_are_those_of_the_signature_in_its_order(exercise):
    for instance in exercise.instances(5):
        assert tuple(instance.inputs) == exercise.parameters


def test_both_exercises_of_the_network_are_given_the_same_data():
    for one, other in zip(*(e.instances(5) for e in FIRST.exercises), strict=True):
        for name in other.inputs:
            np.testing.assert_equal(one.inputs[name], other.inputs[name])


# The network


@each(CLASS)
def test_the_networks_instances_show_mistakes(seed):
    result = hidden(FIRST.exercises[0], seed)
    sizes = [len(inputs["X"]) for inputs, _ in result]
    assert len(result) >= 5
    assert 1 in sizes
    assert not {4, 6} & set(sizes)
    for inputs, truth in result:
        N = len(inputs["X"])
        W, B = inputs["W"], inputs["B"]
        assert [w.shape for w in W] == [(4, 6), (6, 6), (6, 6), (6, 1)]
        assert [b.shape for b in B] == [(6,), (6,), (6,), (1,)]
        assert (inputs["X"].shape, inputs["T"].shape, inputs["Y"].shape) == ((N, 4), (N, 1), (N, 1))
        A = inputs["X"]
        for i in (1, 2, 3):
            Z = inputs[f"Z{i}"]
            np.testing.assert_allclose(Z, A @ W[i - 1] + B[i - 1], rtol=1e-12, atol=1e-12)
            A = inputs[f"A{i}"]
            np.testing.assert_array_equal(A, np.maximum(0, Z))
            assert np.abs(Z).min() >= 5e-3 * np.abs(Z).max(), "a pre-activation near its kink"
            if N > 1:
                assert (Z > 0).any(axis=0).all(), "a unit that is never on"
                assert (Z < 0).any(axis=0).all(), "a unit that is always on"
            else:
                assert (Z > 0).any(), "a layer that is off"
        np.testing.assert_allclose(inputs["Y"], A @ W[3] + B[3], rtol=1e-12, atol=1e-12)
        if N > 1:
            for array in (inputs["Y"], inputs["T"], inputs["Y"] - inputs["T"]):
                assert array.min() < 0 < array.max()
        for array in truth.values():
            sizes = np.abs(array if N > 1 else array[array != 0])  # 0 where the unit is off
            assert sizes.min() > 1e-2 * sizes.max() > 0


@each(range(5))
def test_masks_of_different_layers_differ(seed):
    for inputs, _ in hidden(FIRST.exercises[0], seed):
        if len(inputs["X"]) > 1:
            for one, other in combinations([inputs[f"Z{i}"] > 0 for i in (1, 2, 3)], 2):
                assert not np.array_equal(one, other)


# The cubic


@each(SEEDS)
def test_the_cubics_instances_show_mistakes(seed):
    result = hidden(SECOND.exercises[0], seed)
    assert 1 in [len(inputs["x"]) for inputs, _ in result]
    for inputs, truth in result:
        theta, x, y = inputs["theta"], inputs["x"], inputs["y"]
        assert x.shape == y.shape
        summands = 2 * (np.polynomial.polynomial.polyval(x, theta) - y) * x ** np.arange(4)[:, None]
        entries = np.abs([truth[name] for name in "abcd"])
        assert np.all(entries > 2e-2 * np.abs(summands).sum(axis=1))
        assert entries.min() > 2e-2 * entries.max() > 0


@each(SEEDS)
def test_a_descents_instances_show_mistakes(seed):
    for inputs, truth in hidden(SECOND.exercises[1], seed):
        theta, losses = np.abs(truth["theta"]), truth["losses"]
        assert losses.shape == (inputs["steps"],)
        assert inputs["steps"] >= 5
        assert theta.min() > 2e-2 * theta.max()
        assert losses.min() > 2e-2 * losses.max() > 0
        assert losses[-1] < losses[0], "a descent goes down"
        assert np.abs(np.diff(losses)).max() > 1e-2 * losses[0], "one step differs from the next"


@each(SEEDS)
def test_the_learning_rates_instances_are_of_every_size(seed):
    result = hidden(SECOND.exercises[2], seed)
    assert 1 in [len(inputs["x"]) for inputs, _ in result]
    for _, truth in result:
        assert 0 < truth["learning_rate"] < np.inf


# The sheet's closing fit

LOSSES = """
    5970.38037109375  3954.881103515625  2620.96875  1738.095458984375  1153.7125244140625  766.8773193359375
    510.79052734375  341.24688720703125  228.98988342285156  154.65667724609375  105.4305419921875
    72.8281478881836 51.233089447021484  36.927330017089844  27.449447631835938  21.169198989868164
    17.00717544555664 14.248553276062012  12.419769287109375  11.207252502441406
"""
RESULT = (0.011601278558373451, 0.8104267120361328, -0.002001413842663169, -0.08674260228872299)


def test_the_sheets_losses_are_reproduced_from_the_start_that_is_graded():
    declared = importlib.import_module("autograder.assignments.02_gradient_descent.exercises")
    x = torch.linspace(-math.pi, math.pi, 2000)
    y = torch.sin(x)
    parameters = [torch.tensor(start, requires_grad=True) for start in declared.SHEET_START]
    a, b, c, d = parameters
    losses = []
    for t in range(2000):
        loss = (a + b * x + c * x**2 + d * x**3 - y).pow(2).sum()
        if t % 100 == 99:
            losses.append(loss.item())
        loss.backward()
        with torch.no_grad():
            for parameter in parameters:
                parameter -= declared.SHEET_RATE * parameter.grad
                parameter.grad = None
    np.testing.assert_allclose(losses, [float(text) for text in LOSSES.split()], rtol=1e-4)
    np.testing.assert_allclose([p.item() for p in parameters], RESULT, atol=1e-4)


def test_the_sheets_descent_is_graded_on_the_sheets_own_data():
    inputs = SECOND.exercises[1].instances(0)[0].inputs
    assert (len(inputs["x"]), inputs["learning_rate"]) == (2000, 1e-6)
    np.testing.assert_allclose(inputs["x"][[0, -1]], [-math.pi, math.pi])
    np.testing.assert_allclose(inputs["y"], np.sin(inputs["x"]))
    np.testing.assert_allclose(inputs["theta"], (0.36835, -2.04099, -0.06355, 0.31885))


@pytest.mark.parametrize("seeds", [(2103, 2662), range(60)], ids=["once too small a sum", "any"])
def test_single_precision_costs_a_right_answer_nothing(seeds):
    """Every course has instances of its own; of the first two seeds one gradient had nearly cancelled."""
    exercise = FIRST.exercises[1]
    for seed in seeds:
        for instance in exercise.instances(seed):
            answer = function_call.call(calls.RIGHT["01", "exercise2"], exercise.convention, instance.inputs)
            truth = Truth({part.name: exercise.reference(instance)[part.name] for part in exercise.parts})
            assert mismatches(answer.value, truth, exercise.parts, exercise.lists) == {}, seed
