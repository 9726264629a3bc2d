"""Name the mistakes that follow from a graph alone, whatever its operations: shapes decide which.

An operand taken for another quantity of its shape or turned over, an operation skipped on the way back, or
applied to the gradient as it is applied forward. Each is tried alone, behind those that the operation brings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.derivatives.example import computed, numbers, same
from autograder.derivatives.operands import is_weights, value
from autograder.derivatives.slopes import SLOPES
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.conditions import POSITIVE, POSITIVE_OPERAND
from autograder.operations.operation import Shape

SQUARE = 2  # axes


def structural(use: Use, vjp: VJP, *, alone: bool) -> Iterator[Mistake]:
    """Yield the mistakes of a use beside those of its operation's own.

    factor : the first of the operation's, which its operands go into.
    alone : whether it is the only one.
    """
    env = _example(use)
    upstream = env[f"D{use.node.name}"]
    known = [computed(op, env, upstream) for op in (vjp.right, *(a.op for a in vjp.mistakes))]
    for mistake in _possible(use, vjp, alone=alone):
        made = computed(mistake.op, env, upstream)
        if made is not None and not any(same(made, other) for other in known):
            known.append(made)
            yield mistake


def _possible(use: Use, vjp: VJP, *, alone: bool) -> Iterator[Mistake]:
    """Look at the shapes; some of these are right after all, or an operation's own by another name."""
    for place, operand in enumerate(use.node.operands):
        if place == use.place or operand == use.operand:
            continue
        for other in _of_one_shape(use, operand):
            yield Mistake(_fault(use), _with(operand, other, vjp.right), other, rare=True)
        if _is_square(use.forward.shapes[operand]):
            yield _turned(operand, vjp.right)
    if alone and use.forward.shapes[use.operand] == use.forward.shapes[use.node.name]:
        formula = use.forward.right_side(use.node.name)
        if use.node.operation.elementwise:
            yield from _other_slopes(use)
            yield from _other_upstreams(use, vjp.right)
        yield Mistake("operation-skipped", lambda _, v: v, formula, rare=True)
        if not _of_positive_numbers(use):  # a gradient has both signs
            yield Mistake("applied-to-gradient", _forward(use), formula, rare=True)


def _fault(use: Use) -> str:
    """Name an operand taken for another: a layer's weights and inputs have names of their own."""
    if use.node.operation.name == "product" and is_weights(use, use.node.operands[1]):
        return "wrong-weights" if use.place == 0 else "wrong-input"
    return "wrong-operand"


def _of_one_shape(use: Use, operand: str) -> Iterator[str]:
    """Quantities with names of their own that have an operand's shape and do not enter here."""
    forward = use.forward
    for name in (*forward.inputs, *forward.nodes):
        inner = name in forward.nodes and forward.nodes[name].is_inner
        if not inner and forward.shapes[name] == forward.shapes[operand] and name not in use.node.operands:
            yield name


def _is_square(shape: Shape) -> bool:
    return len(shape) == SQUARE and shape[0] == shape[1] != 1


def _turned(operand: str, right: Op) -> Mistake:
    return Mistake(
        "operand-not-transposed", lambda e, v: right({**e, operand: e[operand].T}, v), operand, rare=True
    )


def _with(operand: str, other: str, right: Op) -> Op:
    """Return the right form with another quantity in an operand's place."""
    return lambda e, v: right({**e, operand: e[other]}, v)


def _other_slopes(use: Use) -> Iterator[Mistake]:
    """Take the slopes of other functions for this one's."""
    z, a = value(use, use.operand), value(use, use.node.name)
    names = {"z": use.forward.written(use.operand), "a": use.forward.written(use.node.name)}
    for words, slope in SLOPES:
        op = _times(lambda e, slope=slope: slope(z(e), a(e)))  # type: ignore[misc]
        yield Mistake("wrong-slope", op, words.format(**names), rare=True, of_a_family=True)


def _other_upstreams(use: Use, right: Op) -> Iterator[Mistake]:
    """Take the value for its gradient, or multiply with what arrives once more."""
    a = value(use, use.node.name)
    yield Mistake(
        "output-for-upstream", lambda e, _: right(e, a(e)), use.forward.written(use.node.name), rare=True
    )
    yield Mistake("upstream-twice", lambda e, v: v * right(e, v), rare=True)


def _times(factor: Callable[[Env], Array]) -> Op:
    return lambda e, v: v * factor(e)


def _forward(use: Use) -> Op:
    """Apply the operation to the gradient in its operand's place, as it is applied forward."""
    return lambda e, v: use.forward.applied(use.node, use.place, v, e)


def _example(use: Use) -> Env:
    """Numbers for all quantities; where a function has a domain they lie in it, and its value fits them."""
    env = numbers(use.forward)
    if not use.node.operation.elementwise:
        return env
    operand = np.abs(env[use.operand]) if _of_positive_numbers(use) else env[use.operand]
    return {
        **env,
        use.operand: operand,
        use.node.name: use.forward.computed(use.node, [operand], env["sizes"]),
    }


def _of_positive_numbers(use: Use) -> bool:
    return any(condition in (POSITIVE, POSITIVE_OPERAND) for condition in use.node.operation.conditions)
