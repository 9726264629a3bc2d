"""Draw inputs, for a batch of K candidates at once: each by what the forward pass does with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograder.exercise import Array
from autograder.forward_pass import ForwardPass, Node

WEIGHT = (0.5, 1.5)  # sizes of weights, in units of what keeps the size of what goes through them
OFF = 3  # with one data point, every third unit is off
PAIR = 2  # data points, of which no half can be less than a half
DISTANCE = (0.3, 1.0)  # of such a unit's pre-activation from its kink
SHIFT = (0.2, 0.6)  # of what no kink follows
RESIDUAL = (0.4, 1.6)  # between outputs and targets, in units of the outputs' spread
SPREAD = 0.5  # smallest such unit


@dataclass(frozen=True)
class Place:
    """Say where an input is used first, and what is known by then."""

    rng: np.random.Generator
    name: str
    shape: tuple[int, ...]
    """(K, …)"""
    forward: ForwardPass
    node: Node
    known: Mapping[str, Array]
    """Everything that was drawn and computed before, each (K, …)."""

    @property
    def other(self) -> Array | None:
        """Return the first operand beside it, if that is known."""
        others = [self.known.get(operand) for operand in self.node.operands if operand != self.name]
        return others[0] if others else None


Sampler: TypeAlias = Callable[[Place], Array]


def normal(place: Place) -> Array:
    """Draw from the standard normal distribution."""
    return place.rng.standard_normal(place.shape)


def weights(place: Place) -> Array:
    """Draw weights (K, fan in, fan out) that neither shrink nor grow what goes through them and a ReLU.

    None is near zero and none much larger than the others: no entry of a gradient is small beside another,
    then, and five times as many candidates will do as with weights from the normal distribution.
    """
    smallest, largest = WEIGHT
    either = place.rng.uniform(smallest - largest, largest - smallest, place.shape)
    result: Array = (either + np.copysign(smallest, either)) * np.sqrt(2 / place.shape[-2])
    return result


def bias(place: Place) -> Array:
    """Draw biases (K, units) that put every kink between data points.

    With several data points each unit is off for some, but for less than half of them, so that any two units
    are on together somewhere and no entry of a gradient is 0. Of two data points, units are off for the
    second alone, for the same reason. With one data point a third of the units are off, so that a missing
    mask shows there, too. Where no kink follows, the biases are moved away from there.
    """
    product, rng = place.other, place.rng
    if product is None or product.ndim != 3:
        return normal(place)
    units = product.shape[-1]
    if product.shape[1] == 1:
        wanted = np.where(np.arange(units) < units // OFF, -1.0, 1.0)
        wanted = rng.permuted(np.broadcast_to(wanted, product.shape), axis=2)
        result = wanted * rng.uniform(*DISTANCE, product.shape) - product
    elif product.shape[1] == PAIR:
        on = rng.uniform(*DISTANCE, (len(product), 1, units)) - product.min(axis=1, keepdims=True)
        result = np.where(product[:, :1] > product[:, 1:], -product.mean(axis=1, keepdims=True), on)
    else:
        lower = np.sort(product, axis=1)[:, : (product.shape[1] + 1) // 2]
        below, above = lower[:, :-1], lower[:, 1:]
        widest = np.argmax(above - below, axis=1, keepdims=True)
        result = -np.take_along_axis(below + above, widest, axis=1) / 2
    consumers = [node for node, _ in place.forward.consumers(place.node.name)]
    if not any(node.operation.elementwise for node in consumers):
        result = result + rng.uniform(*SHIFT, result.shape) * rng.choice([-1.0, 1.0], result.shape)
    return np.asarray(result.reshape(place.shape))


def targets(place: Place) -> Array:
    """Draw targets (K, N, …) on both sides of the outputs, none too near."""
    Y = place.other
    if Y is None or Y.ndim < 2:
        return normal(place)
    unit = np.maximum(Y.std(axis=1, keepdims=True), SPREAD)
    signs = place.rng.choice([-1.0, 1.0], Y.shape)
    result: Array = Y - signs * place.rng.uniform(*RESIDUAL, Y.shape) * unit
    return result


def labels(place: Place) -> Array:
    """Draw classes (K, N), whole numbers, unequally often; with several data points one class never comes."""
    Z = place.other
    if Z is None or Z.ndim < 2:
        raise ValueError(f"{place.name} stands in front of the scores whose classes it names")
    K, N, C = Z.shape
    ranks = np.minimum(place.rng.geometric(0.5, (K, N)) - 1, C - 2)
    classes = place.rng.permuted(np.broadcast_to(np.arange(C), (K, C)), axis=1)
    return np.take_along_axis(classes, ranks, axis=1)


def usual(place: Place) -> Array:
    """Draw an input by its first use: weights, a bias, targets, labels; else from the normal distribution."""
    operation, first = place.node.operation.name, place.node.operands[0] == place.name
    shapes = place.forward.shapes
    if operation == "product" and not first:
        return weights(place)
    if operation == "addition" and len(shapes[place.name]) < len(shapes[place.node.name]):
        return bias(place)
    if operation == "mean_squared_error" and not first:
        return targets(place)
    if operation == "cross_entropy" and not first:
        return labels(place)
    return normal(place)


def either_sign(place: Place) -> Array:
    """Draw numbers between 0.3 and 0.9, as many with a minus: the same ones of all candidates."""
    signs = np.where(np.arange(np.prod(place.shape[1:])) % 2, -1.0, 1.0).reshape(place.shape[1:])
    result: Array = place.rng.uniform(0.3, 0.9, place.shape) * place.rng.permuted(signs)
    return result


def positive(place: Place) -> Array:
    """Draw numbers between 0.3 and 1.5."""
    return place.rng.uniform(0.3, 1.5, place.shape)


def repeated(place: Place) -> Array:
    """Draw numbers of rows, one three times and one never: the same ones of all candidates."""
    (rows, *_), count = next(iter(place.known.values())).shape[1:], place.shape[1]
    used = place.rng.permutation(rows)[1:]
    numbers = np.concatenate([used[:1].repeat(3), place.rng.choice(used, count - 3)])
    return np.broadcast_to(place.rng.permutation(numbers), place.shape)
