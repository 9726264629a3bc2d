"""What is graded in `01-error-backpropagation`: the gradient of a 4-6-6-6-1 network's error, twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from autograder.diagnosis import faults
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Chain, Choice, Model, Step
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.reference import Inputs, tensors, value_and_gradients

from .instances import hidden, sheet

LAYERS = range(1, 5)
SIGNATURE1 = ("W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T")
SIGNATURE2 = ("W", "B", "X", "T")

ACTIVATIONS = {
    "the sigmoid": torch.sigmoid,
    "the hyperbolic tangent": torch.tanh,
    "a leaky rectifier": torch.nn.functional.leaky_relu,
    "ELU": torch.nn.functional.elu,
    "softplus": torch.nn.functional.softplus,
    "GELU": torch.nn.functional.gelu,
    "the absolute value": torch.abs,
}
ERRORS = {
    "the mean absolute error": lambda Y, T: (Y - T).abs().mean(),
    "the root of the mean square": lambda Y, T: ((Y - T) ** 2).mean().sqrt(),
    "the norm of Y - T": lambda Y, T: ((Y - T) ** 2).sum().sqrt(),
    "the square of the mean": lambda Y, T: (Y - T).mean() ** 2,
    "the mean of Y - T, without a square": lambda Y, T: (Y - T).mean(),
}


def error(inputs: Inputs, wrong: Mapping[str, Any] | None = None) -> torch.Tensor:
    """The mean squared error of the network, as the sheet writes it: a () tensor.

    wrong: choices of `MODEL` in place of the sheet's.
    """
    wrong = wrong or {}
    activation = inputs["X"]
    for layer, (weights, bias) in enumerate(zip(inputs["W"], inputs["B"], strict=True), start=1):
        activation = activation @ weights
        if f"B{layer}" not in wrong:
            activation = activation + bias
        if layer < LAYERS[-1]:
            activation = wrong.get(f"A{layer}", torch.relu)(activation)
    Y, T = wrong.get("Y", lambda Y: Y)(activation), inputs["T"]
    mean_squared: torch.Tensor = wrong.get("error", lambda Y, T: ((Y - T) ** 2).mean())(Y, T)
    return mean_squared


def gradient_by_hand(instance: Instance) -> Mapping[str, Array]:
    """The true DW1 … DW4, DB1 … DB4."""
    truth = error_and_gradient(instance)
    return {f"D{name}": truth[name] for name in _parameters()}


def error_and_gradient(instance: Instance, wrong: Mapping[str, Any] | None = None) -> dict[str, Array]:
    """The error, and its gradient by W1 … W4, B1 … B4, with the wrong choices if there are any."""
    inputs = {name: instance.inputs[name] for name in SIGNATURE2}
    value, (DW, DB) = value_and_gradients(
        lambda inputs: error(inputs, wrong), Instance(inputs, instance.description), ("W", "B")
    )
    return {"error": value} | dict(zip(_parameters(), (*DW, *DB), strict=True))


def _forward_and_backward(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """The parts of exercise 2 with wrong choices; a bias that was left out has no gradient."""
    found = error_and_gradient(instance, wrong)
    return {name: array for name, array in found.items() if name not in wrong or name == "error"}


def _error_alone(instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
    """The error with wrong choices, without its gradient."""
    inputs = {name: tensors(instance.inputs[name]) for name in SIGNATURE2}
    with torch.no_grad():
        return {"error": error(inputs, wrong).numpy()}


def _parameters() -> list[str]:
    return [f"{kind}{layer}" for kind in "WB" for layer in LAYERS]


def _layer(k: int) -> list[Step]:
    """The backward steps of a hidden layer: DZk, DWk, DBk."""
    below, others = ("X" if k == 1 else f"A{k - 1}"), [j for j in (1, 2, 3) if j != k]
    above = "DY" if k == 3 else f"DZ{k + 1}"
    wrong_weights = [f"W{j}" for j in (2, 3) if j != k + 1] if k < 3 else []
    wrong_inputs = [f"A{j}" for j in (1, 2, 3) if j != k - 1] if k > 1 else []
    return [
        Step(
            f"DZ{k}",
            (
                faults.through_weights(above, f"W{k + 1}", wrong_weights),
                faults.through_relu(f"Z{k}", f"A{k}", [f"Z{j}" for j in others]),
            ),
            forward=f"A{k} = max(0, Z{k}), {'Y' if k == 3 else f'Z{k + 1}'} = A{k}·W{k + 1} + B{k + 1}",
            blends=(faults.updated_weights(above, f"DW{k + 1}", f"Z{k}"),),
        ),
        Step(
            f"DW{k}",
            faults.weights_gradient(below, f"DZ{k}", f"Z{k - 1}" if k > 1 else None, wrong_inputs),
            forward=f"Z{k} = {below}·W{k} + B{k}",
        ),
        Step(f"DB{k}", faults.bias_gradient(f"DZ{k}"), forward=f"Z{k} = {below}·W{k} + B{k}"),
    ]


CHAIN = Chain(
    steps=(
        Step("DY", faults.mean_squared_error("Y", "T"), forward="err = mean((Y - T)²)"),
        Step("DW4", faults.weights_gradient("A3", "DY", "Z3", ("A1", "A2")), forward="Y = A3·W4 + B4"),
        Step("DB4", faults.bias_gradient("DY"), forward="Y = A3·W4 + B4"),
        *_layer(3),
        *_layer(2),
        *_layer(1),
    ),
)


def _choices() -> list[Choice]:
    """What goes wrong in a forward pass. The error's value is lost by each of these."""
    found = [
        Choice("output-masked", "error", ("error",), ("Y", torch.relu)),
        Choice("broadcast-targets", "error", ("error",), ("error", _broadcast)),
        *(
            Choice("wrong-error", "error", ("error",), ("error", wrong), name, rare=True)
            for name, wrong in ERRORS.items()
        ),
    ]
    for k in (3, 2, 1):
        costs = ("error", f"W{k}", f"B{k}")
        found.append(Choice("missing-relu", f"A{k}", costs, (f"A{k}", lambda Z: Z)))
        found += [
            Choice("wrong-activation", f"A{k}", costs, (f"A{k}", wrong), name, rare=True)
            for name, wrong in ACTIVATIONS.items()
        ]
    found += [Choice("missing-bias", f"B{k}", ("error", f"B{k}"), (f"B{k}", None)) for k in (4, 3, 2, 1)]
    return found


def _broadcast(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T[:, 0]) ** 2).mean()


MODEL = Model(
    _forward_and_backward, tuple(_choices()), glimpse=_error_alone, common_scale=("error", ("error",))
)


def _instances(seed: int) -> list[Instance]:
    return [sheet(), *hidden(seed)]


def _instances2(seed: int) -> list[Instance]:
    return [
        Instance({name: drawn.inputs[name] for name in SIGNATURE2}, drawn.description, drawn.public)
        for drawn in _instances(seed)
    ]


def _at(name: str) -> tuple[int, int]:
    return "WB".index(name[0]), int(name[1]) - 1


_EXERCISE1: Sequence[Part] = [Part(f"D{n}", 2.5, _at(n)) for n in _parameters()]
_EXERCISE2: Sequence[Part] = [
    Part("error", 4.0, (0,)),
    *(Part(n, 0.75, (1 + _at(n)[0], _at(n)[1])) for n in _parameters()),
]

ASSIGNMENT = Assignment(
    name="01-error-backpropagation",
    title="Error backpropagation",
    exercises=(
        Exercise(
            name="exercise1",
            title="Implementing backpropagation",
            parameters=SIGNATURE1,
            convention=Convention(by_hand=True),
            parts=tuple(_EXERCISE1),
            lists={(): "the answer (DW, DB)", (0,): "DW", (1,): "DB"},
            instances=_instances,
            reference=gradient_by_hand,
            explain=by_steps(CHAIN),
        ),
        Exercise(
            name="exercise2",
            title="Using automatic differentiation",
            parameters=SIGNATURE2,
            convention=Convention(tensors=True, leaves=("W", "B")),
            parts=tuple(_EXERCISE2),
            instances=_instances2,
            reference=error_and_gradient,
            explain=by_choices(MODEL),
        ),
    ),
)
