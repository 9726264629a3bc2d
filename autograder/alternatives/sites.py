"""A forward pass as sites, each of which computes its value in the right form or in a wrong one.

A site is an operation, or a place where one may have been put in: what an error is given, what follows an
activation. Many combinations of wrong forms are computed at once: at each site, combinations that made the
same choices so far share one value, and all values of one form are computed in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.alternatives.alternative import Compute
from autograder.alternatives.elementwise import identity
from autograder.exercise import Array


@dataclass(frozen=True)
class Form:
    """A way to compute a site's value: a function, and the inputs and sites whose values it is given."""

    compute: Compute
    operands: tuple[str, ...]


Changes: TypeAlias = tuple[tuple[str, Form], ...]
"""Wrong forms by their sites."""
Sites: TypeAlias = Mapping[str, Form]
"""The right form of each site, operands first."""
_Places: TypeAlias = NDArray[np.intp]


def run(sites: Sites, inputs: Mapping[str, torch.Tensor], changes: Mapping[str, Form]) -> torch.Tensor:
    """Compute the last site's value, in the wrong forms where there are any."""
    values: dict[str, Any] = dict(inputs)
    for name, right in sites.items():
        form = changes.get(name, right)
        values[name] = form.compute(*(values[operand] for operand in form.operands))
    last: torch.Tensor = values[name]
    return last


@dataclass(frozen=True)
class _Values:
    """The different values of a site in K combinations, in stacks of one shape each."""

    stacks: Sequence[torch.Tensor | None]
    """(P, …) for P values; None where there is none, as shapes do not fit."""
    stack: _Places
    """(K,): in which stack a combination's value is."""
    row: _Places
    """(K,): and in which row of it."""


def run_all(sites: Sites, inputs: Mapping[str, torch.Tensor], combinations: Sequence[Changes]) -> Array:
    """Compute the last site's value, a single number, in each of K combinations of wrong forms.

    Returns
    -------
    (K,) float64; nan where shapes do not fit.
    """
    changed: dict[str, dict[Form, list[int]]] = {}
    for k, changes in enumerate(combinations):
        for name, form in changes:
            changed.setdefault(name, {}).setdefault(form, []).append(k)
    values: dict[str, _Values] = {}
    with torch.no_grad():
        for name, right in sites.items():
            groups = {form: np.array(ks) for form, ks in changed.get(name, {}).items()}
            unchanged = np.ones(len(combinations), dtype=bool)
            unchanged[[k for ks in groups.values() for k in ks]] = False
            groups[right] = np.flatnonzero(unchanged)
            values[name] = _values(groups, inputs, values, len(combinations))
    last = values[name]
    found = np.full(len(combinations), np.nan)
    for which, stack in enumerate(last.stacks):
        if stack is not None and stack.ndim == 1:
            own = last.stack == which
            found[own] = stack.numpy()[last.row[own]]
    return found


def _values(
    groups: Mapping[Form, _Places],
    inputs: Mapping[str, torch.Tensor],
    values: Mapping[str, _Values],
    count: int,
) -> _Values:
    """Compute a site for groups of combinations, each in a form of its own."""
    stack, row = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.intp)
    found: dict[tuple[int, ...] | None, list[torch.Tensor]] = {}
    for form, group in groups.items():
        varying = [values[operand] for operand in form.operands if operand in values]
        for ks in _of_equal_shapes(varying, group):
            rows = np.array([operand.row[ks] for operand in varying], dtype=np.intp).reshape(-1, len(ks))
            first, inverse = _different(rows)
            stacks = [operand.stacks[operand.stack[ks[0]]] for operand in varying]
            made = _computed(form, inputs, values, [(s, r[first]) for s, r in zip(stacks, rows, strict=True)])
            shape = None if made is None else tuple(made.shape[1:])
            earlier = found.setdefault(shape, [])
            stack[ks] = list(found).index(shape)
            row[ks] = sum(len(block) for block in earlier) + inverse
            earlier += [] if made is None else [made]
    stacks = [torch.cat(blocks) if blocks else None for blocks in found.values()]
    return _Values(stacks, stack, row)


def _of_equal_shapes(operands: Sequence[_Values], ks: _Places) -> Iterator[_Places]:
    """Split combinations by the stacks that their operands' values are in."""
    if not len(ks):
        return
    if all(len(operand.stacks) == 1 for operand in operands):
        yield ks
        return
    stacks = np.array([operand.stack[ks] for operand in operands])
    different, which = np.unique(stacks, axis=1, return_inverse=True)
    for k in range(different.shape[1]):
        yield ks[which.reshape(-1) == k]


def _different(rows: _Places) -> tuple[_Places, _Places]:
    """The first of each different column of (M, K) numbers, and for all columns the number of theirs."""
    code = np.zeros(rows.shape[1], dtype=np.intp)
    for row in rows:
        code = code * (row.max() + 1) + row
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return first, inverse


def _computed(
    form: Form,
    inputs: Mapping[str, torch.Tensor],
    values: Mapping[str, _Values],
    varying: Sequence[tuple[torch.Tensor | None, _Places]],
) -> torch.Tensor | None:
    """Compute one form for P different values of its operands: (P, …); None where shapes do not fit."""
    if any(stack is None for stack, _ in varying):
        return None
    stacks = iter([stack[rows] for stack, rows in varying if stack is not None])
    operands = [next(stacks) if operand in values else inputs[operand] for operand in form.operands]
    if form.compute is identity and varying:
        return operands[0]
    try:
        if not varying:
            alone: torch.Tensor = form.compute(*operands)
            return alone[None]
        axes = tuple(0 if operand in values else None for operand in form.operands)
        found: torch.Tensor = torch.vmap(form.compute, in_dims=axes)(*operands)
    except (ValueError, IndexError, RuntimeError):
        return None
    return found
