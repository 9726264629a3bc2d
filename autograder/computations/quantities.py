"""Derive what can go wrong in a forward pass whose quantities themselves are handed in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

import numpy as np
import torch

from autograder.computations.derivation import Derivation, changes_of
from autograder.computations.sites import Given, run, run_all
from autograder.diagnosis.cheap_outputs import projections
from autograder.diagnosis.steps import CheapOutput, Computation
from autograder.exercise import Array, Instance
from autograder.forward_pass import ForwardPass, Node

REMEMBERED = 512  # instances whose right values are
MEANS = frozenset({"mean", "mean_squared_error", "cross_entropy", "cross_entropy_of_probabilities"})
"""Operations whose value may be off by a power of N: a sum for a mean, a mean of a mean."""


def quantities(forward: ForwardPass, parts: Sequence[str]) -> Computation:
    """Derive the computation of some quantities of a forward pass, the parts.

    A part that is a single number may be off by a constant factor besides, a mean by a power of N, too.
    """
    derived = _Quantities(forward, parts)
    numbers = tuple(part for part in parts if forward.shapes[part] == ())
    return Computation(
        derived.run,
        tuple(derived.mistakes()),
        scaled=numbers,
        averaged=tuple(part for part in numbers if forward.nodes[part].operation.name in MEANS),
        cheap_output=CheapOutput(
            derived.cheap, partial(derived.outputs, derived.cheap), binds=len(parts) == 1
        ),
        numbers=tuple(CheapOutput(part, partial(derived.outputs, part)) for part in numbers),
        families=tuple(derived.families()),
    )


class _Quantities(Derivation):
    """Quantities of a forward pass, each a part by its own name."""

    def __init__(self, forward: ForwardPass, parts: Sequence[str]) -> None:
        self._parts = tuple(parts)
        super().__init__(forward)
        computed = [name for name in forward.nodes if name in self._parts]
        arrays = [name for name in computed if forward.shapes[name]]
        self.cheap = (arrays or computed)[-1]
        self._computed_right = lru_cache(maxsize=REMEMBERED)(self._right)

    def _right(self, instance: Instance) -> tuple[Given, Mapping[str, torch.Tensor]]:
        """Return what the forward pass begins with, and every site's right value."""
        given = self.given(instance)
        with torch.no_grad():
            return given, run(self.sites, given, {})

    def run(self, instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
        """Compute every part with the mistakes."""
        given, right = self._computed_right(instance)
        with torch.no_grad():
            values = run(self.sites, given, changes_of(wrong), right)
        return {part: _no_nan(values[part].numpy()) for part in self._parts}

    def outputs(self, part: str, instance: Instance, combinations: Sequence[Mapping[str, Any]]) -> Array:
        """Project a part with each of K combinations of mistakes: (K, M)."""
        changes = [tuple(changes_of(wrong).items()) for wrong in combinations]
        return projections(run_all(self.sites, self._computed_right(instance)[0], changes, part))

    def place(self, quantity: str) -> str:
        """Call every quantity by its own name, or that of its line."""
        return self.forward.named(quantity)

    def costs(self, node: Node) -> tuple[str, ...]:
        """Return the part itself, or those in which it is first seen."""
        return tuple(self._first_shown(node.name))

    def costs_of_input(self, name: str) -> tuple[str, ...]:
        """Return the parts in which the input is first seen."""
        return tuple(self._first_shown(name))

    def _first_shown(self, quantity: str) -> list[str]:
        if quantity in self._parts:
            return [quantity]
        parts = [
            part for node, _ in self.forward.consumers(quantity) for part in self._first_shown(node.name)
        ]
        return list(dict.fromkeys(parts))


def _no_nan(array: Array) -> Array:
    """Put infinity for nan, which in a computation means that a student may have anything."""
    return np.nan_to_num(array, nan=np.inf, posinf=np.inf, neginf=-np.inf)
