"""Name what is mistaken for the gradient of a layer's bias, and what is forgotten of the bias."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from autograder.derivatives.operands import Value, is_weights, value
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Mistake, Op
from autograder.forward_pass import ForwardPass, Node

AS_FACTOR = "bias-as-factor"


def without_bias(forward: ForwardPass, quantity: str) -> Iterator[str]:
    """Yield what a quantity is without the bias that is added to it last, if it is made so."""
    node = forward.nodes.get(quantity)
    if node is None or node.operation.name != "addition":
        return
    product, bias = node.operands
    if bias in forward.inputs and len(forward.shapes[bias]) == 1 and _product(forward, product) is not None:
        yield product


def with_what_a_bias_is_not(use: Use, vjps: tuple[VJP, ...]) -> tuple[VJP, ...]:
    """Add to a bias's gradient, a sum over data points, other sums and factors, where it is a layer's."""
    product = _product(use.forward, use.other)
    alone = len(use.forward.shapes[use.operand]) == 1 and use.operand in use.forward.inputs
    if len(vjps) != 1 or product is None or not alone:
        return vjps
    inputs, weights = product.operands
    if len(use.forward.shapes[inputs]) != 2 or not is_weights(
        Use(use.forward, product, 1, use.parameters), weights
    ):
        return vjps
    (summed,) = vjps
    own, bias, enters = (value(use, name) for name in (use.node.name, use.operand, inputs))
    square = use.forward.shapes[weights][0] == use.forward.shapes[weights][1] != 1
    wrong = (
        Mistake("weights-gradient-summed", _times_rows(enters), f"D{weights}", rare=True),
        *(
            [Mistake("weights-gradient-summed", _sums_times(enters), f"D{weights}", rare=True)]
            if square
            else ()
        ),
        *(
            Mistake(
                "values-summed", _summed(value(use, name)), use.forward.written(name), rare=True, apart=True
            )
            for name in _values(use)
        ),
        Mistake(AS_FACTOR, _entry_by_entry(own), use.forward.named(use.node.name), rare=True),
        Mistake(AS_FACTOR, lambda e, v: v.sum(axis=0) * bias(e), use.operand, rare=True),
    )
    return (replace(summed, mistakes=(*summed.mistakes, *wrong)),)


def _product(forward: ForwardPass, quantity: str) -> Node | None:
    node = forward.nodes.get(quantity)
    return node if node is not None and node.operation.name == "product" else None


def _values(use: Use) -> Iterator[str]:
    """Yield what the bias is added to make, and what functions make of that."""
    forward, own = use.forward, use.node.name
    behind = (node.name for node, _ in forward.consumers(own))
    yield from (name for name in (own, *behind) if forward.shapes[name] == forward.shapes[own])


def _summed(values: Value) -> Op:
    """Return the sum over the data points of values, and not of a gradient."""
    return lambda e, _: values(e).sum(axis=0)


def _times_rows(inputs: Value) -> Op:
    """Return the sum of the weights' gradient over what comes in."""
    return lambda e, v: (inputs(e).sum(axis=1, keepdims=True) * v).sum(axis=0)


def _sums_times(inputs: Value) -> Op:
    """Return the same over the units that it leads to."""
    return lambda e, v: (inputs(e) * v.sum(axis=1, keepdims=True)).sum(axis=0)


def _entry_by_entry(values: Value) -> Op:
    return lambda e, v: (v * values(e)).sum(axis=0)
