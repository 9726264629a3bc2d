"""What is graded in `01-error-backpropagation`: the gradient of a 4-6-6-6-1 network's error, twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import torch

import utils
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part, Value
from autograder.reference import Inputs, value_and_gradients

WIDTHS = (4, 6, 6, 6, 1)
SIZES = (1, 5, 9, 17, 20)  # data points of the hidden instances; 1 among them, never 4 or 6
KINK_MARGIN = 5e-3  # smallest |Z| of a hidden instance, in units of its layer's largest
ENTRY_MARGIN = 1e-2  # smallest entry of a gradient, in units of its array's largest
LAYERS = range(len(WIDTHS) - 1)


def error(inputs: Inputs) -> torch.Tensor:
    """The mean squared error of the network, as the sheet writes it: a () tensor."""
    activation = inputs["X"]
    for layer, (weights, bias) in enumerate(zip(inputs["W"], inputs["B"], strict=True)):
        pre_activation = activation @ weights + bias
        activation = torch.relu(pre_activation) if layer < LAYERS[-1] else pre_activation
    return torch.mean((activation - inputs["T"]) ** 2)


def forward(X: Array, W: Sequence[Array], B: Sequence[Array]) -> dict[str, Array]:
    """The forward pass under the sheet's names: Z1 A1 Z2 A2 Z3 A3 (N, 6), Y (N, 1), float64."""
    names: dict[str, Array] = {}
    activation = X
    for layer in LAYERS[:-1]:
        names[f"Z{layer + 1}"] = activation @ W[layer] + B[layer]
        activation = names[f"A{layer + 1}"] = np.maximum(0, names[f"Z{layer + 1}"])
    return names | {"Y": activation @ W[-1] + B[-1]}


def draw(rng: np.random.Generator, N: int) -> Instance:
    """Draw data and parameters on which every mistake shows: drawn again until they do."""
    while True:
        X = rng.standard_normal((N, WIDTHS[0]))
        W, B = _parameters(rng, X)
        Y = forward(X, W, B)["Y"]
        T = Y - rng.choice([-1.0, 1.0], (N, 1)) * rng.uniform(0.4, 1.6, (N, 1)) * max(Y.std(), 0.5)
        instance = _instance(X, T, W, B, f"other data and parameters (N = {N})")
        if _shows_mistakes(Y, T) and _entries_stand_out(instance):
            return instance


def _parameters(rng: np.random.Generator, X: Array) -> tuple[list[Array], list[Array]]:
    """Weights, and biases that put every unit's kink into a gap between its pre-activations.

    With several data points each unit is off for some, but for less than half of them, so that any two
    units are on together somewhere and no entry of a gradient is 0; with one data point it is on.
    """
    W, B = [], []
    activation = X
    for fan_in, fan_out in pairwise(WIDTHS):
        weights = rng.standard_normal((fan_in, fan_out)) * np.sqrt(2 / fan_in)
        ordered = np.sort(activation @ weights, axis=0)
        if len(X) == 1:
            bias = rng.uniform(0.3, 1.0, fan_out) - ordered[0]
        else:
            gaps = np.diff(ordered, axis=0)[: (len(X) - 1) // 2]  # off for less than half the data
            low, unit = np.argmax(gaps, axis=0), np.arange(fan_out)
            bias = -(ordered[low, unit] + ordered[low + 1, unit]) / 2
        W.append(weights)
        B.append(bias)
        activation = np.maximum(0, activation @ weights + bias)
    B[-1] = rng.uniform(0.2, 0.6, WIDTHS[-1]) * rng.choice([-1.0, 1.0], WIDTHS[-1]) + B[-1]
    return W, B


def _shows_mistakes(Y: Array, T: Array) -> bool:
    """Both signs in Y, T and Y - T, where there is more than one data point."""
    return len(Y) == 1 or all(a.min() < 0 < a.max() for a in (Y, T, Y - T))


def _entries_stand_out(instance: Instance) -> bool:
    """No pre-activation near its kink, and no entry of a gradient near zero."""
    inputs = instance.inputs
    for layer in LAYERS[:-1]:
        Z = np.abs(np.asarray(inputs[f"Z{layer + 1}"]))
        if Z.min() < KINK_MARGIN * Z.max():
            return False
    DW, DB = _true_gradient(instance)
    return all(np.abs(D).min() > ENTRY_MARGIN * np.abs(D).max() for D in (*DW, *DB))


def _instance(
    X: Array,
    T: Array,
    W: Sequence[Array],
    B: Sequence[Array],
    description: str,
    *,
    public: bool = False,
) -> Instance:
    inputs: dict[str, Value] = {"W": list(W), "B": list(B), "X": X, **forward(X, W, B), "T": T}
    return Instance(inputs, description, public)


def sheet() -> Instance:
    """The sheet's own data and parameters."""
    return _instance(*utils.getdata(), *utils.getparams(), "the sheet's own data", public=True)


def instances(seed: int) -> list[Instance]:
    """The sheet's own data, then hidden ones."""
    rng = np.random.default_rng(seed)
    return [sheet(), *(draw(rng, N) for N in SIZES)]


def _only(instance: Instance, names: Sequence[str]) -> Instance:
    inputs = {name: instance.inputs[name] for name in names}
    return Instance(inputs, instance.description, instance.public)


def _true_gradient(instance: Instance) -> list[list[Array]]:
    return value_and_gradients(error, _only(instance, EXERCISE2_SIGNATURE), ("W", "B"))[1]


def gradient_by_hand(instance: Instance) -> Mapping[str, Array]:
    """The true DW1 … DW4, DB1 … DB4."""
    DW, DB = _true_gradient(instance)
    return {f"D{name}{i + 1}": D[i] for name, D in (("W", DW), ("B", DB)) for i in LAYERS}


def error_and_gradient(instance: Instance) -> Mapping[str, Array]:
    """The true error, and its gradient by W1 … W4, B1 … B4."""
    value, (DW, DB) = value_and_gradients(error, instance, ("W", "B"))
    return {"error": value} | {f"{name}{i + 1}": D[i] for name, D in (("W", DW), ("B", DB)) for i in LAYERS}


EXERCISE1_SIGNATURE = ("W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T")
EXERCISE2_SIGNATURE = ("W", "B", "X", "T")

ASSIGNMENT = Assignment(
    name="01-error-backpropagation",
    title="Error backpropagation",
    exercises=(
        Exercise(
            name="exercise1",
            title="Implementing backpropagation",
            parameters=EXERCISE1_SIGNATURE,
            convention=Convention(),
            parts=tuple(
                Part(
                    f"D{name}{i + 1}",
                    2.5,
                    (j, i),
                    rf"\partial\,\mathrm{{err}}/\partial {name}_{i + 1}",
                )
                for j, name in enumerate("WB")
                for i in LAYERS
            ),
            lists={(): "the answer (DW, DB)", (0,): "DW", (1,): "DB"},
            instances=instances,
            reference=gradient_by_hand,
        ),
        Exercise(
            name="exercise2",
            title="Using automatic differentiation",
            parameters=EXERCISE2_SIGNATURE,
            convention=Convention(tensors=True, leaves=("W", "B")),
            parts=(
                Part("error", 4.0, (0,), r"\mathrm{err}"),
                *(
                    Part(
                        f"{name}{i + 1}",
                        0.75,
                        (1 + j, i),
                        rf"\partial\,\mathrm{{err}}/\partial {name}_{i + 1}",
                    )
                    for j, name in enumerate("WB")
                    for i in LAYERS
                ),
            ),
            instances=lambda seed: [_only(i, EXERCISE2_SIGNATURE) for i in instances(seed)],
            reference=error_and_gradient,
        ),
    ),
)
