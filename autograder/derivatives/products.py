"""Define vector-Jacobian products of matrix products, and the wrong ones.

Where the right factor is a layer's weights, mistakes have the names that fit a layer; else those for any two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.derivatives.operands import (
    ONE_POINT,
    Value,
    but_for_one_point,
    is_weights,
    mistaken,
    square,
    undo_broadcasting,
    value,
    written,
)
from autograder.derivatives.products_of_sums import normalised_weights, of_sums, summed_weights
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array

MATRIX = 2  # axes
TRANSPOSED = VJP(lambda _, v: v, (Mistake("transposed", lambda _, v: _swapped(v)),))


def left_of_product(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to the left factor: D·Bᵀ for A·B."""
    if use.node.keywords.get("vector"):
        return _left_of_a_vector(use)
    if not is_weights(use, use.other):
        vjps = _factor(use, _backward(value(use, use.other)), _forward_of(value(use, use.other)))
        return (*vjps, TRANSPOSED) if square(use, use.operand) else vjps
    weights, others = use.other, list(use.alike(use.other))
    mistakes = [Mistake("wrong-weights", _backward(value(use, name)), name) for name in others]
    if weights in use.parameters:
        gradient = f"D{weights}"
        mistakes.append(
            Mistake("gradient-for-weights", _backward(lambda e: e[gradient]), gradient, rare=True)
        )
    if square(use, weights):  # or shapes tell
        mistakes = [
            Mistake("weights-not-transposed", _forward_of(value(use, weights))),
            *mistakes,
            *(
                Mistake("wrong-weights", _forward_of(value(use, name)), f"{name}, transposed")
                for name in others
            ),
            Mistake("weights-left-out", lambda _, v: v, rare=True),
            *summed_weights(value(use, weights), weights),
        ]
    elif use.forward.shapes[use.node.name][-1:] == (1,):
        mistakes.append(Mistake("weights-left-out", _repeated(value(use, use.operand)), rare=True))
    mistakes += normalised_weights(value(use, weights), weights)
    mistakes += _reshaped(use, weights, _backward)
    right = _backward(value(use, weights))
    if use.forward.shapes[use.node.name][-1:] == (1,):
        right = _backward_from_rows(value(use, weights))
    return (VJP(right, tuple(mistakes)), *undo_broadcasting(use))


def right_of_product(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to the right factor: Aᵀ·D for A·B."""
    if use.node.keywords.get("vector"):
        return _vector(use)
    inputs, pre_activation = use.other, use.applied_to(use.other)
    if not is_weights(use, use.operand):
        whole, node = value(use, inputs), use.forward.nodes.get(use.operand)
        turned = node is not None and node.operation.name == "transpose"  # which brings that mistake itself
        vjps = _factor(use, _outer(whole), lambda e, v: whole(e) @ v)
        return vjps if turned else (*vjps, TRANSPOSED)
    unactivated = [("pre-activation-as-input", pre_activation, "")] if pre_activation else []
    relu = pre_activation is not None and use.forward.nodes[inputs].operation.name == "relu"
    others = [("wrong-input", name, name) for name in use.alike(inputs)]
    mistakes = (
        *(Mistake(fault, _outer(value(use, name)), hint) for fault, name, hint in (*unactivated, *others)),
        *(
            Mistake("one-data-point", _outer_of(value(use, inputs), at), name, rare=True)
            for name, at in ONE_POINT
        ),
        *(_of_points(value(use, inputs)) if len(use.forward.shapes[inputs]) == MATRIX else ()),
        Mistake("summed-over-all-axes", _everything(value(use, inputs)), rare=True),
        *(_changed_data(use, inputs) if _are_data(use, inputs) else ()),
        *_reshaped(use, inputs, _outer),
        *([Mistake("mask-as-input", _outer(_mask(value(use, inputs))), inputs, rare=True)] if relu else []),
    )
    return (VJP(_outer(value(use, inputs)), mistakes), *undo_broadcasting(use), _turned(use))


def _turned(use: Use) -> VJP:
    """Hand the gradient in as it is, and not on its side, or brought to its shape from there."""
    shape = use.forward.shapes[use.operand]
    if len(shape) != MATRIX or 1 in shape or shape[0] == shape[1]:
        return TRANSPOSED
    reshaped = Mistake("entries-in-another-order", lambda _, v: _swapped(v).reshape(v.shape), rare=True)
    return VJP(TRANSPOSED.right, (*TRANSPOSED.mistakes, reshaped))


def _of_points(inputs: Value) -> Iterator[Mistake]:
    """Do something else to the data points than to sum their products."""
    yield from but_for_one_point(_outer(inputs))
    yield from of_sums(inputs)


def _reshaped(use: Use, operand: str, times: Callable[[Value], Op]) -> Iterator[Mistake]:
    """Bring a factor to the shape of its transpose by a reshape, if that is neither the same nor itself."""
    shape, node, given = use.forward.shapes[operand], use.forward.nodes.get(operand), value(use, operand)
    turned = node is not None and node.operation.name == "transpose"
    if len(shape) < MATRIX or 1 in shape[-2:] or shape[-1] == shape[-2] or turned:
        return

    def transpose(e: Env) -> Array:
        array = given(e)
        return _swapped(array.reshape(*array.shape[:-2], array.shape[-1], array.shape[-2]))

    yield Mistake("reshape-for-transpose", times(transpose), written(use, operand), rare=True)


def _are_data(use: Use, inputs: str) -> bool:
    """Return whether these are data that a single layer reads; several may cancel a shift, as scores do."""
    return inputs in use.forward.inputs and len(list(use.forward.consumers(inputs))) == 1


def _changed_data(use: Use, inputs: str) -> Iterator[Mistake]:
    """Take data less their mean, or standardised, for the data themselves."""
    given = value(use, inputs)

    def centred(e: Env) -> Array:
        array = given(e)
        return np.asarray(array - array.mean(axis=0))

    def standardised(e: Env) -> Array:
        return np.asarray(centred(e) / given(e).std(axis=0))

    yield Mistake("wrong-input", _outer(centred), f"{inputs} less its mean", rare=True)
    yield Mistake("wrong-input", _outer(standardised), f"{inputs}, standardised", rare=True)


def _factor(use: Use, right: Op, not_transposed: Op) -> tuple[VJP, ...]:
    """Return the factors of a product of any two quantities, where none is a layer's weights."""
    backward = _backward if use.place == 0 else _outer
    mistakes = [
        Mistake("wrong-operand", backward(other), hint) for hint, other in mistaken(use, 1 - use.place)
    ]
    if use.forward.shapes[use.other] == use.forward.shapes[use.node.name]:
        product = backward(value(use, use.node.name))
        mistakes.append(Mistake("wrong-operand", product, use.node.name))
    if square(use, use.other):
        hint = written(use, use.other)
        mistakes.append(Mistake("operand-not-transposed", not_transposed, hint))
    mistakes += _reshaped(use, use.other, backward)
    mistakes += [
        Mistake("gradient-for-operand", op, f"D{name}", rare=True) for name, op in _with_gradient(use)
    ]
    if square(use, use.other) and use.forward.shapes[use.operand] == use.forward.shapes[use.node.name]:
        formula = use.forward.right_side(use.node.name)
        mistakes.append(Mistake("operation-skipped", lambda _, v: v, formula, rare=True))
    if square(use, use.node.name):
        mistakes.append(Mistake("upstream-transposed", lambda e, v: right(e, _swapped(v))))
    return (VJP(right, tuple(mistakes)), *undo_broadcasting(use))


def _with_gradient(use: Use) -> Iterator[tuple[str, Op]]:
    """Yield the other factor's gradient in that factor's place, if handed in, or that of its transpose.

    A gradient that has not been looked at yet is what this product alone sends back.
    """
    own = value(use, use.operand)
    node = use.forward.nodes.get(use.other)
    turned = node is not None and node.operation.name == "transpose" and node.is_inner
    name = node.operands[0] if node is not None and turned else use.other
    if name not in use.parameters:
        return

    def gradient(e: Env, v: Array) -> Array:
        known = e.get(f"D{name}")
        if known is not None:
            return _swapped(known) if turned else np.asarray(known)
        sent_back: Array = v @ _swapped(own(e)) if use.place else _swapped(own(e)) @ v
        return sent_back

    def op(e: Env, v: Array) -> Array:
        result: Array = _swapped(gradient(e, v)) @ v if use.place else v @ _swapped(gradient(e, v))
        return result

    yield name, op


def _left_of_a_vector(use: Use) -> tuple[VJP, ...]:
    """Gradient (N, D) by A of A·b, a vector: each row is b, times the row's upstream gradient."""
    wrong = (Mistake("wrong-operand", _spread_over(other), hint) for hint, other in mistaken(use, 1))
    return (VJP(_spread_over(value(use, use.other)), tuple(wrong)),)


def _vector(use: Use) -> tuple[VJP, ...]:
    """Gradient (D,) by b of A·b: the rows of A, each times its upstream gradient, summed."""
    inputs = value(use, use.other)
    wrong = [Mistake("wrong-operand", _outer(other), hint) for hint, other in mistaken(use, 0)]
    wrong += [Mistake("one-data-point", _row_times(inputs, at), name, rare=True) for name, at in ONE_POINT]
    wrong.append(Mistake("not-summed", lambda e, v: inputs(e) * v[..., None]))
    return (VJP(_outer(inputs), tuple(wrong)),)


def _swapped(array: Array) -> Array:
    result: Array = np.swapaxes(array, -1, -2)
    return result


def _backward(factor: Value) -> Op:
    return lambda e, v: v @ _swapped(factor(e))


def _backward_from_rows(factor: Value) -> Op:
    """Do the same if one column arrives; of (N, N), as broadcasting leaves it, each row's sum goes on."""

    def op(e: Env, v: Array) -> Array:
        column = v if v.shape[-1] == 1 else v.sum(axis=-1, keepdims=True)
        result: Array = column @ _swapped(factor(e))
        return result

    return op


def _forward_of(factor: Value) -> Op:
    return lambda e, v: v @ factor(e)


def _outer(inputs: Value) -> Op:
    return lambda e, v: _swapped(inputs(e)) @ v


def _everything(inputs: Value) -> Op:
    """One number for all entries: their sum."""

    def op(e: Env, v: Array) -> Array:
        product: Array = _swapped(inputs(e)) @ v
        return np.full_like(product, product.sum())

    return op


def _outer_of(inputs: Value, at: int) -> Op:
    return lambda e, v: np.outer(inputs(e)[at], v[at])


def _spread_over(vector: Value) -> Op:
    return lambda e, v: v[..., None] * vector(e)


def _mask(values: Value) -> Value:
    """1 where a ReLU's value is positive, else 0."""
    return lambda e: np.asarray(values(e) > 0, dtype=np.float64)


def _repeated(whole: Value) -> Op:
    """Return a column as broadcasting repeats it."""
    return lambda e, v: np.broadcast_to(v, whole(e).shape)


def _row_times(inputs: Value, at: int) -> Op:
    return lambda e, v: inputs(e)[at] * v[at]
