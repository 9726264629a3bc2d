"""What is graded in `01-error-backpropagation`: the gradient of a 4-6-6-6-1 network's error, twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, cast

import numpy as np
import torch

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Choice, Family, Glimpse, Model, environment
from autograder.exercise import (
    Answers,
    Array,
    Assignment,
    Convention,
    Diagnosis,
    Exercise,
    Finding,
    Instance,
    Invariant,
    Part,
)
from autograder.reference import Inputs, tensors, truth, value_and_gradients
from autograder.self_check.words import formulas

from .instances import hidden, instance, sheet
from .network import NETWORK

LAYERS = range(1, 5)
BEFORE, AFTER, NOWHERE = "before", "after", "nowhere"  # a bias and its layer's activation
SIGNATURE1 = ("W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T")
SIGNATURE2 = ("W", "B", "X", "T")

ACTIVATIONS = {
    "the sigmoid": torch.sigmoid,
    "the hyperbolic tangent": torch.tanh,
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
    for layer in LAYERS:
        activation = _activation(layer, activation, inputs["W"][layer - 1], inputs["B"][layer - 1], wrong)
    return _error_of(activation, inputs["T"], wrong)


def _activation(
    layer: int, below: torch.Tensor, weights: torch.Tensor, bias: torch.Tensor, wrong: Mapping[str, Any]
) -> torch.Tensor:
    """A layer's output from the one below: A1, A2, A3, and Y, which is linear."""
    place = wrong.get(f"B{layer}", BEFORE)
    product = below @ weights
    if place == BEFORE:
        product = product + bias
    name, right = (f"A{layer}", torch.relu) if layer < LAYERS[-1] else ("Y", _as_it_is)
    activation: torch.Tensor = wrong.get(name, right)(product)
    return activation + bias if place == AFTER else activation


def _as_it_is(Z: torch.Tensor) -> torch.Tensor:
    return Z


def _error_of(Y: torch.Tensor, T: torch.Tensor, wrong: Mapping[str, Any]) -> torch.Tensor:
    mean_squared: torch.Tensor = wrong.get("error", lambda Y, T: ((Y - T) ** 2).mean())(Y, T)
    return mean_squared


def gradient_by_hand(instance: Instance) -> Mapping[str, Array]:
    """The true DW1 … DW4, DB1 … DB4."""
    _, gradients = truth(NETWORK, environment(instance), _parameters())
    return {f"D{name}": array for name, array in gradients.items()}


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
    return {name: array for name, array in found.items() if wrong.get(name) != NOWHERE}


def _errors(instance: Instance, combinations: Sequence[Mapping[str, Any]]) -> Array:
    """The error (K,) with each of K combinations of wrong choices, without its gradient.

    What combinations have in common from the bottom up is computed once, and each choice for all of them.
    """
    inputs: Inputs = {name: tensors(instance.inputs[name]) for name in SIGNATURE2}
    reached, below = [0] * len(combinations), inputs["X"][None]  # (P, N, units) for P beginnings
    with torch.no_grad():
        for layer in LAYERS:
            names = [f"B{layer}", f"A{layer}" if layer < LAYERS[-1] else "Y"]
            made = [tuple(wrong.get(name) for name in names) for wrong in combinations]
            groups: dict[tuple[Any, ...], dict[int, int]] = {}
            for choice, start in zip(made, reached, strict=True):
                rows = groups.setdefault(choice, {})
                rows.setdefault(start, len(rows))
            outputs: list[torch.Tensor] = []
            first: dict[tuple[Any, ...], int] = {}
            offset = 0
            for choice, rows in groups.items():
                wrong = {name: c for name, c in zip(names, choice, strict=True) if c is not None}
                weights, bias = inputs["W"][layer - 1], inputs["B"][layer - 1]
                outputs.append(_activation(layer, below[list(rows)], weights, bias, wrong))
                first[choice], offset = offset, offset + len(rows)
            below = torch.cat(outputs)
            reached = [first[c] + groups[c][start] for c, start in zip(made, reached, strict=True)]
        found = np.empty(len(combinations))
        for last in {wrong.get("error") for wrong in combinations}:
            which = [k for k, wrong in enumerate(combinations) if wrong.get("error") is last]
            outputs_of = below[[reached[k] for k in which]]
            function = partial(_error_of, wrong={} if last is None else {"error": last})
            found[which] = torch.vmap(function, in_dims=(0, None))(outputs_of, inputs["T"]).numpy()
    return found


def _parameters() -> list[str]:
    return [f"{kind}{layer}" for kind in "WB" for layer in LAYERS]


CHAIN = backward_pass(NETWORK, [f"D{name}" for name in _parameters()])
_BY_STEPS = by_steps(CHAIN)


def _choices() -> list[Choice]:
    """What goes wrong in a forward pass. The error's value is lost by each of these."""
    found = [
        Choice("output-masked", "error", ("error",), ("Y", torch.relu)),
        Choice("broadcast-targets", "error", ("error",), ("error", _broadcast)),
        *(
            Choice("wrong-error", "error", ("error",), ("error", wrong), name, rare=True)
            for name, wrong in ERRORS.items()
        ),
        *(
            Choice("wrong-activation", "Y", ("error",), ("Y", ACTIVATIONS[name]), name, rare=True)
            for name in ("the sigmoid", "the hyperbolic tangent", "softplus")
        ),
    ]
    for k in (3, 2, 1):
        costs = ("error", f"W{k}", f"B{k}")
        found.append(Choice("missing-relu", f"A{k}", costs, (f"A{k}", _as_it_is)))
        found += [_activated(k, name, wrong) for name, wrong in ACTIVATIONS.items()]
        found.append(Choice("bias-after-activation", f"B{k}", costs, (f"B{k}", AFTER)))
    found += [Choice("missing-bias", f"B{k}", ("error", f"B{k}"), (f"B{k}", NOWHERE)) for k in (4, 3, 2, 1)]
    return found


def _activated(k: int, name: str, wrong: Any) -> Choice:  # noqa: ANN401  a function of torch's
    return Choice("wrong-activation", f"A{k}", ("error", f"W{k}", f"B{k}"), (f"A{k}", wrong), name, rare=True)


def _leaky(layers: Sequence[int]) -> Family:
    """A ReLU in these layers that lets some of what is negative pass."""

    def choices(slope: float) -> tuple[Choice, ...]:
        wrong = partial(torch.nn.functional.leaky_relu, negative_slope=slope)
        return tuple(_activated(k, f"a leaky ReLU with slope {slope:.3g}", wrong) for k in layers)

    return Family(choices, between=(0.002, 0.998))


def _from_the_gradient(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
    """Explain an error that is like none known by its gradient: whether the network below it is right.

    The gradient is then what a backward pass gives from some DY, and DY can be read off it.
    """
    full = [_with_forward_pass(given) for given in instances]
    renamed = [{f"D{name}": array for name, array in answer.items()} for answer in answers]
    found = _BY_STEPS(full, renamed, [f"D{name}" for name in _parameters()])
    wrong = {finding.where for finding in found.findings}
    if "DY" not in wrong or not wrong <= {"DY", "DW4", "DB4"}:
        return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())
    lost = [name for name in ("W4", "B4") if f"D{name}" in wrong]
    each = tuple(Finding("unrecognised", name, (name,)) for name in lost)
    error_itself = Finding("unrecognised" if lost else "unknown-error", "error", ("error",))
    return Diagnosis((error_itself, *each), frozenset(_parameters()) - set(lost))


def _with_forward_pass(given: Instance) -> Instance:
    """The instance of exercise 1 with the data and parameters of one of exercise 2."""
    X, T, W, B = (cast("Any", given.inputs[name]) for name in ("X", "T", "W", "B"))
    return instance(X, T, W, B, given.description, public=given.public)


def _broadcast(Y: torch.Tensor, T: torch.Tensor) -> torch.Tensor:
    return ((Y - T[:, 0]) ** 2).mean()


MODEL = Model(
    _forward_and_backward,
    tuple(_choices()),
    glimpse=Glimpse("error", _errors),
    common_scale=("error", ("error",)),
    families=tuple(_leaky(layers) for layers in ((3, 2, 1), (3,), (2,), (1,))),
    fallback=_from_the_gradient,
)


def _instances(seed: int) -> list[Instance]:
    return [sheet(), *hidden(seed)]


def _instances2(seed: int) -> list[Instance]:
    return [_sheet2(), *map(_without_forward_pass, hidden(seed))]


@cache
def _sheet2() -> Instance:
    return _without_forward_pass(sheet())


def _without_forward_pass(given: Instance) -> Instance:
    return Instance({name: given.inputs[name] for name in SIGNATURE2}, given.description, given.public)


def _at(name: str) -> tuple[int, int]:
    return "WB".index(name[0]), int(name[1]) - 1


_EXERCISE1: Sequence[Part] = [Part(f"D{n}", 2.5, _at(n)) for n in _parameters()]
_EXERCISE2: Sequence[Part] = [
    Part("error", 4.0, (0,)),
    *(Part(n, 0.75, (1 + _at(n)[0], _at(n)[1])) for n in _parameters()),
]

FORMULAS = formulas(NETWORK, err="error")


INVARIANTS = tuple(
    Invariant(
        ((f"W{k + 1}", f"DW{k + 1}"),),
        ((f"W{k}", f"DW{k}"), (f"B{k}", f"DB{k}")),
        f"with a ReLU between two layers, W{k + 1} times DW{k + 1}, summed over all entries, equals "
        f"W{k} times DW{k} plus B{k} times DB{k}.",
    )
    for k in reversed(LAYERS[:-1])
)


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
            explain=_BY_STEPS,
            formulas=FORMULAS,
            invariants=INVARIANTS,
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
            formulas=FORMULAS,
        ),
    ),
)
