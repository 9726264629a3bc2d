"""What can go wrong in a forward pass follows from it, and is named by what it makes of the numbers."""

import numpy as np
import pytest
import torch
from torch.nn import functional

from autograder.computations.computation import computation
from autograder.diagnosis.by_computation import by_computation
from autograder.forward_pass import ForwardPass
from tests.autograder.derivatives.drawn import inputs_alone

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
    X=("N", 3), V=(3, 4), C=(4,), U=(4, 4), E=(4,), T=("N", 4),
)  # fmt: skip
COMPUTATION = computation(RESIDUAL, BY, output="loss")
EXPLAIN = by_computation(COMPUTATION)
INSTANCES = inputs_alone(RESIDUAL, [{"N": 5}, {"N": 5}, {"N": 8}])


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
    return {f"{finding.fault}@{finding.where}" for finding in diagnosis.findings}, diagnosis.earned


def network(q, first=torch.relu, second=torch.relu, residual=True):
    A = first(q["X"] @ q["V"] + q["C"])
    return second(A @ q["U"] + q["E"]) + (A if residual else 0)


def error(q, end=lambda Y: Y, **changed):
    return ((end(network(q, **changed)) - q["T"]) ** 2).mean()


def leaky(Z):
    return functional.leaky_relu(Z, 0.3)


def biases_behind(q):
    """The network with its biases added behind the functions."""
    A = torch.relu(q["X"] @ q["V"]) + q["C"]
    return torch.relu(A @ q["U"]) + q["E"] + A


def test_the_right_form_is_what_the_student_computes():
    assert told(error) == (set(), set(PARTS))


@pytest.mark.parametrize(
    ("loss", "faults", "lost"),
    [
        (lambda q: error(q, first=lambda Z: Z), "missing-relu@A", "VC"),
        (lambda q: error(q, second=torch.tanh), "wrong-activation@Y", "UE"),
        (lambda q: (network(q) - q["T"]).abs().mean(), "wrong-error@loss", ""),
        (lambda q: error(q, torch.sigmoid), "wrong-activation@Y", ""),
        (lambda q: 2 * error(q, lambda Y: torch.relu(Y - 1)), "unrecognised@loss", "VCUE"),
        (lambda q: error(q, first=leaky, second=leaky), "wrong-activation@A wrong-activation@Y", "VCUE"),
        (
            lambda q: error(q | {"E": 0}, first=leaky, second=leaky),
            "wrong-activation@A wrong-activation@Y missing-bias@E",
            "VCUE",
        ),
        (
            lambda q: error(q | {"C": 0, "E": 0}, lambda Y: Y + q["C"] + q["E"], residual=False),
            " ".join(f"unrecognised@{part}" for part in PARTS),
            "VCUE",
        ),
        (
            lambda q: ((biases_behind(q) - q["T"]) ** 2).mean(),
            "bias-after-activation@C bias-after-activation@E",
            "VCUE",
        ),
        (lambda q: error(q | {"E": 0 * q["X"][0, 0]}), "missing-bias@E", "E"),
    ],
)
def test_a_mistake_in_a_graph_with_two_paths_is_named_where_it_is_and_costs_its_line(loss, faults, lost):
    findings, earned = told(loss)
    assert set(faults.split()) <= findings
    assert findings - set(faults.split()) <= {f"unrecognised@{part}" for part in PARTS}
    assert earned == set(BY) - set(lost)


def test_all_values_of_many_combinations_are_those_of_one_at_a_time():
    rng = np.random.default_rng(0)
    combinations = []
    for _ in range(60):
        chosen = rng.choice(len(COMPUTATION.mistakes), 3, replace=False)
        combinations.append(dict(COMPUTATION.mistakes[k].setting for k in chosen))
    together = COMPUTATION.cheap_output.values(INSTANCES[0], combinations)
    for value, wrong in zip(together[:, 0], combinations, strict=True):
        if np.isnan(value):  # outputs and targets (5,4) are not broadcast along each other
            with pytest.raises(RuntimeError):
                COMPUTATION.run(INSTANCES[0], wrong)
        else:
            assert COMPUTATION.run(INSTANCES[0], wrong)["loss"] == pytest.approx(value, rel=1e-12)
    assert np.isfinite(together).sum() > 40
