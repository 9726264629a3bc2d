"""Run a forward pass as sites, each of which computes its value in the right form or in a wrong one.

A site is an operation, or a place where one may have been put in: what an error is given, what follows an
activation. Many combinations of wrong forms are computed at once: at each site, combinations that made the
same mistakes so far share one value, and all values of one form are computed in one go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from autograder.computations.elementwise import identity
from autograder.computations.operation_mistakes import Compute
from autograder.exercise import Array
from autograder.forward_pass import in_numbers


@dataclass(frozen=True)
class Form:
    """A way to compute a site's value: a function, and the inputs and sites whose values it is given."""

    compute: Compute
    operands: tuple[str, ...]
    keywords: tuple[tuple[str, Any], ...] = ()
    """What it is given beside them: axes, numbers, laws of the dimensions."""
    number: float | None = None
    """Given after the operands, where forms differ in a number."""

    def of(self, sizes: Mapping[str, int]) -> Compute:
        """Return the function of the operands alone, and of the number, for dimensions of these sizes."""
        if not self.keywords:
            return self.compute
        return partial(self.compute, **{key: in_numbers(value, sizes) for key, value in self.keywords})


@dataclass(frozen=True)
class Given:
    """What a forward pass is computed of."""

    inputs: Mapping[str, torch.Tensor]
    sizes: Mapping[str, int]
    """Of the dimensions with a name."""


Changes: TypeAlias = tuple[tuple[str, Form], ...]
"""Wrong forms by their sites."""
Sites: TypeAlias = Mapping[str, Form]
"""The right form of each site, operands first."""
_Places: TypeAlias = NDArray[np.intp]


def run(
    sites: Sites, given: Given, changes: Mapping[str, Form], right: Mapping[str, torch.Tensor] | None = None
) -> dict[str, torch.Tensor]:
    """Compute every site's value, in the wrong forms where there are any; inputs are among them.

    right : the values without any changes, if they are known: only what differs is computed.
    """
    values: dict[str, Any] = dict(given.inputs)
    different: set[str] = set()
    for name, form in sites.items():
        if right is not None and name not in changes and different.isdisjoint(form.operands):
            values[name] = right[name]
            continue
        different.add(name)
        form = changes.get(name, form)
        number = [] if form.number is None else [torch.tensor(form.number, dtype=torch.float64)]
        values[name] = form.of(given.sizes)(*(values[operand] for operand in form.operands), *number)
    return values


@dataclass(frozen=True)
class _Values:
    """The different values of a site in K combinations, in stacks of one shape each."""

    stacks: Sequence[torch.Tensor | None]
    """(P, …) for P values; None where there is none, as shapes do not fit."""
    stack: _Places
    """(K,): in which stack a combination's value is."""
    row: _Places
    """(K,): and in which row of it."""


def run_all(sites: Sites, given: Given, combinations: Sequence[Changes], of: str) -> Array:
    """Compute one site's value in each of K combinations of wrong forms.

    Returns
    -------
    (K, …) float64; nan where shapes do not fit, or the value has another shape than the right one.
    """
    combinations = [*combinations, ()]  # the last one is right
    changed: dict[str, dict[tuple[Any, ...], list[tuple[int, Form]]]] = {}
    for k, changes in enumerate(combinations):
        for name, form in changes:
            alike = form.compute, form.operands, form.keywords
            changed.setdefault(name, {}).setdefault(alike, []).append((k, form))
    values: dict[str, _Values] = {}
    with torch.no_grad():
        for name, right in sites.items():
            groups = [
                _Group(forms[0][1], np.array([k for k, _ in forms]), [form.number for _, form in forms])
                for forms in changed.get(name, {}).values()
            ]
            unchanged = np.ones(len(combinations), dtype=bool)
            for group in groups:
                unchanged[group.ks] = False
            groups.append(_Group(right, np.flatnonzero(unchanged)))
            values[name] = _values(groups, given, values, len(combinations))
            if name == of:
                break
    last = values[of]
    right = last.stack[-1]
    stack = last.stacks[right]
    if stack is None:
        raise ValueError(f"{of} cannot be computed")
    result = np.full((len(combinations), *stack.shape[1:]), np.nan)
    own = last.stack == right
    result[own] = stack.numpy()[last.row[own]]
    return result[:-1]


@dataclass(frozen=True)
class _Group:
    """Combinations with the same form at a site, but for a number."""

    form: Form
    ks: _Places
    """Their own numbers."""
    numbers: Sequence[float | None] = ()


def _values(groups: Sequence[_Group], given: Given, values: Mapping[str, _Values], count: int) -> _Values:
    """Compute a site for groups of combinations."""
    stack, row = np.zeros(count, dtype=np.intp), np.zeros(count, dtype=np.intp)
    blocks: dict[tuple[int, ...] | None, list[torch.Tensor]] = {}
    lengths: dict[tuple[int, ...] | None, int] = {}
    for group in groups:
        form = group.form
        varying = [values[operand] for operand in form.operands if operand in values]
        for own in _of_equal_shapes(varying, group.ks):
            ks = group.ks[own]
            rows = np.array([operand.row[ks] for operand in varying], dtype=np.intp).reshape(-1, len(ks))
            numbers = np.array(group.numbers)[own] if form.number is not None else None
            first, inverse = _different(rows, numbers)
            picked = [
                (operand.stacks[operand.stack[ks[0]]], r[first])
                for operand, r in zip(varying, rows, strict=True)
            ]
            made = _computed(form, given, values, picked, None if numbers is None else numbers[first])
            shape = None if made is None else tuple(made.shape[1:])
            blocks.setdefault(shape, []).extend([] if made is None else [made])
            stack[ks] = list(blocks).index(shape)
            row[ks] = lengths.get(shape, 0) + inverse
            lengths[shape] = lengths.get(shape, 0) + len(first)
    return _Values([torch.cat(result) if result else None for result in blocks.values()], stack, row)


def _of_equal_shapes(operands: Sequence[_Values], ks: _Places) -> Iterator[_Places]:
    """Split combinations by the stacks that their operands' values are in: places among `ks`."""
    if not len(ks):
        return
    if len(ks) == 1 or all(len(operand.stacks) == 1 for operand in operands):
        yield np.arange(len(ks))
        return
    stacks = np.array([operand.stack[ks] for operand in operands])
    different, which = np.unique(stacks, axis=1, return_inverse=True)
    for k in range(different.shape[1]):
        yield np.flatnonzero(which.reshape(-1) == k)


def _different(rows: _Places, numbers: Array | None) -> tuple[_Places, _Places]:
    """Find the distinct columns of (M, K) rows and of K numbers, and which of them each column equals."""
    code = np.zeros(rows.shape[1], dtype=np.intp)
    if len(code) == 1:
        return code, code
    if numbers is not None:
        code = np.unique(numbers, return_inverse=True)[1].reshape(-1)
    for row in rows:
        code = code * (row.max() + 1) + row
    _, first, inverse = np.unique(code, return_index=True, return_inverse=True)
    return first, inverse.reshape(-1)


def _computed(
    form: Form,
    given: Given,
    values: Mapping[str, _Values],
    varying: Sequence[tuple[torch.Tensor | None, _Places]],
    numbers: Array | None,
) -> torch.Tensor | None:
    """Compute one form for P different values of its operands: (P, …); None where shapes do not fit."""
    if any(stack is None for stack, _ in varying):
        return None
    stacks = iter([stack[rows] for stack, rows in varying if stack is not None])
    operands = [next(stacks) if operand in values else given.inputs[operand] for operand in form.operands]
    if form.compute is identity and form.operands[0] in values:
        return operands[0]
    compute, axes = form.of(given.sizes), tuple(0 if name in values else None for name in form.operands)
    result: torch.Tensor
    try:
        if varying and len(varying[0][1]) == 1:  # as mostly, and by itself it takes a fraction of the time
            single = [value if axis is None else value[0] for value, axis in zip(operands, axes, strict=True)]
            result = compute(*single, *(() if numbers is None else (torch.as_tensor(numbers[0]),)))[None]
        elif numbers is not None:
            result = torch.vmap(compute, in_dims=(*axes, 0))(*operands, torch.as_tensor(numbers))
        elif varying:
            result = torch.vmap(compute, in_dims=axes)(*operands)
        else:
            result = compute(*operands)[None]
    except (ValueError, IndexError, RuntimeError):
        return None
    return result
