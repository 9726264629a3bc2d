"""Name other descents than the plain one: at other rates, and along something else than the gradient."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import TypeAlias

import numpy as np

from autograder.exercise import Array

Gradient: TypeAlias = Callable[[Array], Array]
Rule: TypeAlias = Callable[[Gradient, Array, Sequence[Array], float], Array]
"""Of the gradient as a function, the parameters, all gradients so far and the rate: the next parameters."""

KEPT = 0.9  # of what is remembered, as all libraries have it
DECAYS = (0.05, 200.0)  # between which a weight decay is looked for; less drowns in rounding
PENALTIES = (DECAYS[0] / 2, 1.0)  # factors of the squares in the loss, whose slopes are such decays
IN_TURN = "a step for one data point after the other"
LEFT = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)  # of a learning rate that is multiplied at each step
SLOWED = (0.1, 0.01, 0.001)  # what a rate is divided by grows by so much at each step
ADAM = (0.9, 0.999, 1e-8)
SQUARES = 0.99  # of the squares that are remembered, as RMSprop has it


def _multiplied(q: float, first: int, rate: float, t: int) -> float:
    return float(rate * q ** (t + first))


def _divided(k: float, rate: float, t: int) -> float:
    return rate / (1 + k * t)


def _divided_again(k: float, rate: float, t: int) -> float:
    return float(rate / np.prod(1 + k * np.arange(t + 1)))


def _shrinking() -> Iterator[tuple[str, Callable[[float, int], float]]]:
    """Yield learning rates that shrink from step to step, as libraries and courses have them."""
    word = "a learning rate that is"
    for q in LEFT:
        yield f"{word} multiplied by {q} after each step", partial(_multiplied, q, 0)
        yield f"{word} multiplied by {q} before each step", partial(_multiplied, q, 1)
    for k in SLOWED:
        yield f"{word} divided by 1 + {k} times the steps before", partial(_divided, k)
        again = f"{word} divided at each step, again and again, by 1 + {k} times the steps before"
        yield again, partial(_divided_again, k)


RATES: Mapping[str, Callable[[float, int], float]] = {
    "twice the learning rate that is given, or twice the gradient": lambda rate, t: 2 * rate,
    "a learning rate that is divided by the number of the step": lambda rate, t: rate / (t + 1),
    "a learning rate that is divided by the root of the number of the step": lambda rate, t: (
        rate / (t + 1) ** 0.5
    ),
    "the square of the learning rate": lambda rate, t: rate**2,
    "the sheet's learning rate, 1e-6": lambda rate, t: 1e-6,
    "0.001": lambda rate, t: 1e-3,
    "0.01": lambda rate, t: 1e-2,
    **dict(_shrinking()),
}


def _along(direction: Callable[[Sequence[Array]], Array]) -> Rule:
    """Step against something made of the gradients so far."""
    return lambda gradient, theta, slopes, rate: theta - rate * direction(slopes)


def _momentum(slopes: Sequence[Array]) -> Array:
    weights = KEPT ** np.arange(len(slopes))[::-1]
    return np.asarray(weights @ np.stack(slopes))


def _mean_with_momentum(slopes: Sequence[Array]) -> Array:
    return np.asarray((1 - KEPT) * _momentum(slopes))


def _adam(slopes: Sequence[Array]) -> Array:
    first, second, least = ADAM
    t = len(slopes)
    back = np.arange(t)[::-1]
    mean = (1 - first) * first**back @ np.stack(slopes) / (1 - first**t)
    square = (1 - second) * second**back @ np.stack(slopes) ** 2 / (1 - second**t)
    return np.asarray(mean / (np.sqrt(square) + least))


def _look_ahead(slopes: Sequence[Array]) -> Array:
    return slopes[-1] + KEPT * _momentum(slopes)


def _never_decaying(slopes: Sequence[Array]) -> Array:
    return np.asarray(KEPT * np.sum(slopes, axis=0))


def _root_mean_square(slopes: Sequence[Array]) -> Array:
    least = ADAM[2]
    back = np.arange(len(slopes))[::-1]
    return np.asarray(slopes[-1] / (np.sqrt((1 - SQUARES) * SQUARES**back @ np.stack(slopes) ** 2) + least))


def _added_squares(slopes: Sequence[Array]) -> Array:
    return np.asarray(slopes[-1] / np.sqrt(np.sum(np.stack(slopes) ** 2, axis=0)))


def _one_after_another(gradient: Gradient, theta: Array, _: Sequence[Array], rate: float) -> Array:
    """Step along one parameter after the other, each with a gradient at where the last has led."""
    theta = theta.copy()
    for k in range(len(theta)):
        theta[k] -= rate * gradient(theta)[k]
    return theta


@dataclass(frozen=True)
class WeightDecay:
    """Step against the gradient and a multiple of the parameters."""

    amount: float

    def __call__(self, _: Gradient, theta: Array, slopes: Sequence[Array], rate: float) -> Array:
        """Return the next parameters, as any `Rule`."""
        return theta - rate * (slopes[-1] + self.amount * theta)


@dataclass(frozen=True)
class NotUpdated:
    """Step along all parameters but some."""

    entries: tuple[int, ...]

    def __call__(self, _: Gradient, theta: Array, slopes: Sequence[Array], rate: float) -> Array:
        """Return the next parameters, as any `Rule`."""
        step = np.array(slopes[-1])
        step[list(self.entries)] = 0
        return theta - rate * step


@dataclass(frozen=True)
class AccumulatedInPart:
    """Step against the gradient, of which some entries are the sum of all so far."""

    entries: tuple[int, ...]

    def __call__(self, _: Gradient, theta: Array, slopes: Sequence[Array], rate: float) -> Array:
        """Return the next parameters, as any `Rule`."""
        step, chosen = np.array(slopes[-1]), list(self.entries)
        step[chosen] = np.sum(slopes, axis=0)[chosen]
        return theta - rate * step


@dataclass(frozen=True)
class ClearedEvery:
    """Step against the sum of all gradients since they were last cleared, every so many steps."""

    steps: int
    first: int
    """After how many steps they are cleared for the first time."""

    def __call__(self, _: Gradient, theta: Array, slopes: Sequence[Array], rate: float) -> Array:
        """Return the next parameters, as any `Rule`."""
        done = len(slopes) - 1
        since = 0 if done < self.first else done - (done - self.first) % self.steps
        return np.asarray(theta - rate * np.sum(slopes[since:], axis=0))


@dataclass(frozen=True)
class AnotherSlope:
    """Step along one parameter by a number of slopes: its own several times, or another's."""

    entry: int
    taken: int
    times: int = 1

    def __call__(self, _: Gradient, theta: Array, slopes: Sequence[Array], rate: float) -> Array:
        """Return the next parameters, as any `Rule`."""
        step = np.array(slopes[-1])
        step[self.entry] = self.times * slopes[-1][self.taken]
        return theta - rate * step


CLEARED = (2, 3, 4, 5, 10, 20)  # steps between two clearings


def rules_of_entries(names: Sequence[str]) -> Iterator[tuple[str, str, Rule]]:
    """Yield fault, hint and rule where some parameters fare otherwise than all, or all do now and then."""
    for count in range(1, len(names)):
        for entries in combinations(range(len(names)), count):
            hint = " and ".join(f"`{names[k]}`" for k in entries)
            yield "not-updated", hint, NotUpdated(entries)
            yield "gradients-accumulated-in-part", hint, AccumulatedInPart(entries)
    for k, name in enumerate(names):
        yield "another-descent", f"a step for `{name}` that is taken twice each time", AnotherSlope(k, k, 2)
        for j, other in enumerate(names):
            if j != k:
                hint = f"a step for `{name}` against the slope of `{other}`"
                yield "another-descent", hint, AnotherSlope(k, j)
    for steps in CLEARED:
        for first in (steps, 1):
            yield "gradients-cleared-late", str(steps), ClearedEvery(steps, first)


RULES: Mapping[str, Rule] = {
    "putting the step itself in the parameters' place": lambda gradient, theta, slopes, rate: (
        -rate * slopes[-1]
    ),
    "a momentum of 0.9": _along(_momentum),
    "a momentum of 0.9 whose gradients are averaged": _along(_mean_with_momentum),
    "Nesterov's momentum of 0.9": _along(_look_ahead),
    "adding up 0.9 of all gradients so far": _along(_never_decaying),
    "Adam": _along(_adam),
    "RMSprop": _along(_root_mean_square),
    "AdaGrad": _along(_added_squares),
    "the gradient's sign alone": _along(lambda slopes: np.sign(slopes[-1])),
    "a gradient of length 1": _along(lambda slopes: slopes[-1] / np.linalg.norm(slopes[-1])),
    "a gradient that is at most 1 long": _along(
        lambda slopes: slopes[-1] / max(1.0, float(np.linalg.norm(slopes[-1])))
    ),
    "a gradient whose entries are cut off at 1": _along(lambda slopes: np.clip(slopes[-1], -1, 1)),
    "steps along one parameter after the other": _one_after_another,
    "the gradient of the step before": _along(
        lambda slopes: slopes[-2] if len(slopes) > 1 else np.zeros_like(slopes[0])
    ),
}
