"""Provide what vector-Jacobian products are made of: values, those confused with them, and their sums."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

import numpy as np

from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.operation import Shape

Value: TypeAlias = Callable[[Env], Array]
ONE_POINT = (("the last", -1), ("the first", 0))
ONLY = "the only unit"  # a sum over everything is its number, and lacks an axis


def value(use: Use, quantity: str) -> Value:
    """Return a quantity's value, computed from others if the environment does not hold it."""

    def result(e: Env) -> Array:
        array: Array = e[quantity] if quantity in e else use.forward.value(quantity, e, e.get("sizes"))
        return array

    return result


def written(use: Use, quantity: str) -> str:
    """Write a quantity as a student knows it: by its name, or by its formula where it has none."""
    return use.forward.written(quantity)


def is_weights(use: Use, quantity: str) -> bool:
    """Return whether the right factor is a layer's weights: given, and without an axis for data points."""
    shape, product = use.forward.shapes[quantity], use.forward.shapes[use.node.name]
    return (
        quantity in use.forward.inputs
        and quantity == use.node.operands[1]
        and not (len(product) > 1 and product[0] in shape and isinstance(product[0], str))
    )


def mistaken(use: Use, place: int) -> Iterator[tuple[str, Value]]:
    """Other quantities that fit in an operand's place, each with how it is written."""
    operand = use.node.operands[place]
    shape = use.forward.shapes[operand]
    node = use.forward.nodes.get(operand)
    behind = node.operands[0] if node is not None and node.operation.name == "transpose" else ""
    for name in (*use.forward.inputs, *use.forward.nodes):
        inner = name in use.forward.nodes and use.forward.nodes[name].is_inner
        if inner or name in (operand, behind) or _is_mask(use, name):
            continue
        if not shape or not use.forward.shapes[name] or name == use.node.name:
            continue
        if behind and use.forward.nodes[operand].is_inner:
            if use.forward.shapes[name] == use.forward.shapes[behind]:
                yield name, _swapped(value(use, name))
        elif use.forward.shapes[name] == shape:
            yield name, value(use, name)


def mistaken_for_value(use: Use) -> Iterator[tuple[str, Value]]:
    """Other quantities with the shape of a node's value, each with how it is written."""
    shape = use.forward.shapes[use.node.name]
    for name in (*use.forward.inputs, *use.forward.nodes):
        inner = name in use.forward.nodes and use.forward.nodes[name].is_inner
        if inner or name == use.node.name or _is_mask(use, name):
            continue
        if use.forward.shapes[name] == shape:
            yield name, value(use, name)


def _is_mask(use: Use, quantity: str) -> bool:
    return any(
        (node.operation.name in ("where", "mask") and place == 0) or (node.operation.masked and place)
        for node, place in use.forward.consumers(quantity)
    )


def _swapped(array: Value) -> Value:
    return lambda e: np.swapaxes(array(e), -1, -2)


def square(use: Use, quantity: str) -> bool:
    """Return whether a quantity has as many rows as columns, whatever the sizes."""
    shape = use.forward.shapes[quantity]
    return len(shape) > 1 and shape[-1] == shape[-2]


def undo_broadcasting(use: Use) -> tuple[VJP, ...]:
    """Sum a gradient of the value's shape to one of the operand's; nothing where both are the same."""
    own, whole = use.forward.shapes[use.operand], use.forward.shapes[use.node.name]
    if use.node.operation.name == "product":
        whole = (*whole[:-2], *own[-2:])  # only a batch's axes are broadcast
    if own == whole:
        return ()
    if len(own) == 1 and len(whole) == 2 and own[0] == whole[1]:
        return (_sum_over_points(use, several=own != (1,)),)
    return (_sum_over(own, whole),)


def _sum_over_points(use: Use, *, several: bool) -> VJP:
    """Sum (N, D) to (D,)."""
    spread = [Mistake("summed-over-all-axes", lambda _, v: np.full(v.shape[1], v.sum()))]
    wrong_axis = "wrong-axis" if use.node.operation.name == "addition" else "summed-over-wrong-axis"
    with_axis = [Mistake(wrong_axis, lambda _, v: v.sum(axis=1, keepdims=True))]
    return VJP(
        lambda _, v: v.sum(axis=0),
        (
            Mistake("not-summed", lambda _, v: v),
            Mistake(wrong_axis, lambda _, v: v.sum(axis=1)),
            *(with_axis if several else []),  # or that sums nothing
            Mistake("summed-over-all-axes", lambda _, v: v.sum(), "" if several else ONLY),
            *(spread if several else []),  # or the sum of all is the sum of each
            Mistake("extra-axis", lambda _, v: v.sum(axis=0, keepdims=True)),
            Mistake("extra-axis", lambda _, v: v.sum(axis=0)[:, None]),
            *(Mistake("one-data-point", row(at), name, rare=True) for name, at in ONE_POINT),
            *but_for_one_point(lambda _, v: v.sum(axis=0)),
        ),
    )


def _sum_over(own: Shape, whole: Shape) -> VJP:
    """Sum over the axes in front of an operand's own, and over those in which it has length 1."""
    more = len(whole) - len(own)
    front = tuple(range(-len(whole), -len(own)))
    ones = tuple(axis for axis in range(-len(own), 0) if own[axis] == 1 != whole[axis])
    other_axes = tuple(axis for axis in range(-len(own), 0) if axis not in ones)

    def right(_: Env, v: Array) -> Array:
        result: Array = v.sum(axis=ones, keepdims=True).sum(axis=tuple(range(more)))
        return result

    def averaged(_: Env, v: Array) -> Array:
        result: Array = v.mean(axis=ones, keepdims=True).mean(axis=tuple(range(more)))
        return result

    mistakes = [
        Mistake("broadcast-not-summed", lambda _, v: v),
        Mistake("broadcast-averaged", averaged),
    ]
    if ones:
        mistakes.append(Mistake("summed-axis-lost", lambda _, v: v.sum(axis=(*front, *ones))))
    if other_axes:
        mistakes += [
            Mistake("summed-over-all-axes", lambda _, v: v.sum()),
            Mistake("summed-over-wrong-axis", lambda _, v: v.sum(axis=other_axes)),
            Mistake("summed-over-wrong-axis", lambda _, v: v.sum(axis=other_axes, keepdims=True)),
        ]
    if more + len(ones) > 1:
        mistakes.append(Mistake("summed-over-one-axis", lambda _, v: v.sum(axis=0), rare=True))
    if own and (more, ones) not in ((1, ()), (0, (-len(own),))):  # else the first axis is the one
        mistakes.append(
            Mistake("sum-resized", lambda e, v: np.resize(v.sum(axis=0), right(e, v).shape), rare=True)
        )
    one_entry = tuple(slice(None) if axis in other_axes else slice(0, 1) for axis in range(-len(whole), 0))
    mistakes.append(Mistake("one-of-many", lambda _, v: v[one_entry].reshape(right(_, v).shape), rare=True))
    return VJP(right, tuple(mistakes))


def but_for(array: Array, row: int) -> Array:
    """Zero in one row."""
    others = array.copy()
    others[row] = 0
    return others


def but_for_one_point(right: Op) -> Iterator[Mistake]:
    """Leave out the first data point, or the last, as a loop does that begins or ends at another number."""
    for name, at in ONE_POINT:

        def op(e: Env, v: Array, at: int = at) -> Array:
            return right(e, but_for(v, at))

        yield Mistake("data-point-left-out", op, name, rare=True)


def row(number: int) -> Op:
    """Return one row of what comes in."""
    return lambda _, v: v[number]
