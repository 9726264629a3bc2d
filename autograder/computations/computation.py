"""Derive what can go wrong in a forward pass of which only a scalar and its gradients are handed in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from autograder.computations.by_gradient import by_gradient
from autograder.computations.derivation import Derivation, changes_of
from autograder.computations.misplaced import Misplaced, misplaced
from autograder.computations.operation_mistakes import Compute, Replacement
from autograder.computations.sites import Form, run, run_all
from autograder.computations.table import OPERATION_MISTAKES
from autograder.diagnosis.cheap_outputs import projections
from autograder.diagnosis.steps import CheapOutput, Computation, ComputationMistake, Family
from autograder.exercise import Array, Instance
from autograder.forward_pass import ForwardPass, Node


def computation(forward: ForwardPass, by: Sequence[str], output: str = "error") -> Computation:
    """Derive the computation of a forward pass's output and of its gradients.

    Parameters
    ----------
    forward : the forward pass; its output is a single number.
    by : inputs by which it is differentiated. The part that is a gradient has its input's name.
    output : the name of the part that is the output's value.
    """
    derived = _Gradients(forward, by, output)
    return Computation(
        derived.run,
        tuple(derived.mistakes()),
        cheap_output=CheapOutput(output, derived.outputs),
        common_scale=(output, (output,)),
        families=tuple(derived.families()),
        fallback=by_gradient(forward, by, output),
    )


PENALTIES = (1e-5, 1.0)  # factors of a sum of squared weights


class _Gradients(Derivation):
    """A scalar, and its gradients with respect to some inputs."""

    def __init__(self, forward: ForwardPass, by: Sequence[str], output: str) -> None:
        self._by, self._output = tuple(by), output
        super().__init__(forward)
        self._weights = tuple(name for name in by if len(forward.shapes[name]) > 1)
        self._penalised = partial(_penalised, self.sites[forward.output].compute, len(self._weights))

    def replacements(self, node: Node) -> Iterator[Replacement]:
        """Leave out what is wrong only where it gives no numbers: instances are drawn so that it does."""
        return (one for one in super().replacements(node) if not one.unstable)

    def mistakes(self) -> Iterator[ComputationMistake]:
        """Yield those of the operations, and then what stands in a wrong place."""
        yield from super().mistakes()
        for one in misplaced(self.forward, self._by, self.sites):
            yield self._misplaced(one)

    def _misplaced(self, one: Misplaced) -> ComputationMistake:
        lost = (self._output, *(name for name in one.lost if name in self._by))
        return ComputationMistake(
            one.fault,
            one.where or self.place(one.node.name),
            lost if one.lost else self.costs(one.node),
            (one.key or f"place of {one.node.name}", one.changes),
            one.hint,
            rare=True,
            alone=not one.key,
        )

    def families(self) -> Iterator[Family]:
        """Yield those of the operations, and a penalty on the weights."""
        yield from super().families()
        if self._weights:
            yield Family(self._penalty, PENALTIES)

    def _penalty(self, number: float) -> tuple[ComputationMistake, ...]:
        right = self.sites[self.forward.output]
        form = Form(self._penalised, (*right.operands, *self._weights), right.keywords, number)
        changes = ((self.forward.output, form),)
        costs, hint = (self._output, *self._weights), f"{number:.3g}"
        return (
            ComputationMistake("penalty-added", self._output, costs, ("penalty", changes), hint, rare=True),
        )

    def run(self, instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
        """Compute every part with the mistakes; what does not enter then has no gradient."""
        given = self.given(instance)
        leaves = [given.inputs[name].requires_grad_() for name in self._by]
        value = run(self.sites, given, changes_of(wrong))[self.forward.output]
        gradients = torch.autograd.grad(value, leaves, allow_unused=True)
        result = {n: _none_open(g) for n, g in zip(self._by, gradients, strict=True) if g is not None}
        return {self._output: _none_open(value.detach()), **result}

    def outputs(self, instance: Instance, combinations: Sequence[Mapping[str, Any]]) -> Array:
        """Compute the output (K, 1) with each of K combinations of mistakes, without its gradient."""
        changes = [tuple(changes_of(wrong).items()) for wrong in combinations]
        return projections(run_all(self.sites, self.given(instance), changes, self.forward.output))

    def place(self, quantity: str) -> str:
        """Return the output is called as its part is, all else by its own name."""
        quantity = self.forward.named(quantity)
        return self._output if quantity == self.forward.output else quantity

    def costs(self, node: Node) -> tuple[str, ...]:
        """Return the output, and the gradients of the inputs on its line or on the last one before."""
        known = OPERATION_MISTAKES.get(node.operation.name)
        if known is not None and known.measures:
            return (self._output,)
        return (self._output, *self._nearest(node.name))

    def costs_of_input(self, name: str) -> tuple[str, ...]:
        """Return the output, and the input's own gradient."""
        return (self._output, name) if name in self._by else (self._output,)

    def _nearest(self, quantity: str) -> list[str]:
        """Return the inputs to differentiate by on the first line, going back, that has any."""
        line = list(self.forward.line(quantity)) if quantity in self.forward.nodes else []
        own = [name for name in dict.fromkeys(line) if name in self._by]
        return own or list(dict.fromkeys(name for operand in line for name in self._nearest(operand)))


def _none_open(value: torch.Tensor) -> Array:
    """Put infinity for what is no number: nan would say that a part may be anything."""
    array: Array = value.numpy()
    return np.where(np.isnan(array), np.inf, array) if np.isnan(array).any() else array


def _penalised(compute: Compute, weights: int, *operands: torch.Tensor, **keywords: Any) -> torch.Tensor:  # noqa: ANN401  an operation's
    """Compute an error plus a number times all squares of weights: its operands, the weights, the number."""
    *given, number = operands
    own, penalised = given[: len(given) - weights], given[len(given) - weights :]
    error: torch.Tensor = compute(*own, **keywords)
    for weight in penalised:
        error = error + number * (weight**2).sum()
    return error
