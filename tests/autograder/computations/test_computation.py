"""What can go wrong in a forward pass follows from it, and is named by what it makes of the numbers."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.computations.computation import computation
from autograder.diagnosis.by_computation import by_computation
from autograder.exercise import Instance
from autograder.forward_pass import ForwardPass

SHAPES = {"X": ("N", 3), "V": (3, 4), "C": (4,), "U": (4, 4), "E": (4,), "T": ("N", 4)}
BY = ("V", "C", "U", "E")
PARTS = ("loss", *BY)
RESIDUAL = ForwardPass(
    """
    Z = X @ V + C
    A = relu(Z)
    S = A @ U + E
    Y = relu(S) + A
    err = mean_squared_error(Y, T)
    """,
    **SHAPES,
)
COMPUTATION = computation(RESIDUAL, BY, output="loss")
EXPLAIN = by_computation(COMPUTATION)


def instance(seed, N):
    rng = np.random.default_rng(seed)
    sizes = {name: [N if size == "N" else size for size in shape] for name, shape in SHAPES.items()}
    inputs = {name: rng.standard_normal(shape) for name, shape in sizes.items()}
    return Instance(inputs, f"seed {seed}", sizes={"N": N})


INSTANCES = [instance(1, 5), instance(2, 5), instance(3, 8)]


def told(loss):
    """What is said of a student's function of tensors by name, and which parts are earned."""
    answers = []
    for given in INSTANCES:
        q = {name: torch.tensor(array, requires_grad=name in BY) for name, array in given.inputs.items()}
        value = loss(q)
        gradients = torch.autograd.grad(value, [q[name] for name in BY], allow_unused=True)
        result = [value.detach().numpy(), *(None if g is None else g.numpy() for g in gradients)]
        answers.append(dict(zip(PARTS, result, strict=True)))
    diagnosis = EXPLAIN(INSTANCES, answers, PARTS)
    return {(finding.fault, finding.where) for finding in diagnosis.findings}, diagnosis.earned


def network(q, first=torch.relu, second=torch.relu, residual=True):
    A = first(q["X"] @ q["V"] + q["C"])
    return second(A @ q["U"] + q["E"]) + (A if residual else 0)


def squares(Y, T):
    return ((Y - T) ** 2).mean()


def test_the_right_form_is_what_the_student_computes():
    findings, earned = told(lambda q: squares(network(q), q["T"]))
    assert findings == set()
    assert earned == set(PARTS)


@pytest.mark.parametrize(
    ("loss", "faults", "lost"),
    [
        (
            lambda q: squares(network(q, first=lambda Z: Z), q["T"]),
            {("missing-relu", "A")},
            {"V", "C"},
        ),
        (
            lambda q: squares(network(q, second=torch.tanh), q["T"]),
            {("wrong-activation", "Y")},
            {"U", "E"},
        ),
        (lambda q: (network(q) - q["T"]).abs().mean(), {("wrong-error", "loss")}, set()),
        (lambda q: squares(torch.sigmoid(network(q)), q["T"]), {("wrong-activation", "Y")}, set()),
        (lambda q: 2 * squares(torch.relu(network(q) - 1), q["T"]), {("unrecognised", "loss")}, set(BY)),
        (
            lambda q: squares(
                network(q, *2 * [lambda Z: functional.leaky_relu(Z, 0.3)]),
                q["T"],
            ),
            {("wrong-activation", "A"), ("wrong-activation", "Y")},
            set(BY),
        ),
        (
            lambda q: squares(network(q | {"E": 0}, *2 * [lambda Z: functional.leaky_relu(Z, 0.3)]), q["T"]),
            {("wrong-activation", "A"), ("wrong-activation", "Y"), ("missing-bias", "E")},
            set(BY),
        ),
        (
            lambda q: squares(torch.relu(torch.relu(q["X"] @ q["V"]) @ q["U"]) + q["C"] + q["E"], q["T"]),
            {("unrecognised", part) for part in PARTS},
            set(BY),
        ),
        (
            lambda q: squares(
                torch.relu((torch.relu(q["X"] @ q["V"]) + q["C"]) @ q["U"])
                + q["E"]
                + torch.relu(q["X"] @ q["V"])
                + q["C"],
                q["T"],
            ),
            {("bias-after-activation", "C"), ("bias-after-activation", "E")},
            set(BY),
        ),
        (lambda q: squares(network(q | {"E": 0 * q["X"][0, 0]}), q["T"]), {("missing-bias", "E")}, {"E"}),
    ],
)
def test_a_mistake_in_a_graph_with_two_paths_is_named_where_it_is_and_costs_its_line(loss, faults, lost):
    findings, earned = told(loss)
    assert faults <= findings
    assert findings - faults <= {("unrecognised", part) for part in PARTS}
    assert earned == set(BY) - lost


def test_all_values_of_many_combinations_are_those_of_one_at_a_time():
    rng = np.random.default_rng(0)
    combinations = []
    for _ in range(60):
        chosen = {
            COMPUTATION.mistakes[k].setting for k in rng.choice(len(COMPUTATION.mistakes), 3, replace=False)
        }
        combinations.append(dict(chosen))
    together = COMPUTATION.cheap_output.values(INSTANCES[0], combinations)
    for value, wrong in zip(together[:, 0], combinations, strict=True):
        if np.isnan(value):  # outputs and targets (5,4) are not broadcast along each other
            with pytest.raises(RuntimeError):
                COMPUTATION.run(INSTANCES[0], wrong)
        else:
            assert COMPUTATION.run(INSTANCES[0], wrong)["loss"] == pytest.approx(value, rel=1e-12)
    assert np.isfinite(together).sum() > 40
