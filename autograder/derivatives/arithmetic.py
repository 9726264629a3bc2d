"""Vector-Jacobian products of elementwise products, quotients and factors, and the wrong ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograder.derivatives.operands import mistaken, undo_broadcasting, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Env, Op, Slot
from autograder.exercise import Array
from autograder.operations.law import Law


def factor(use: Use) -> tuple[Slot, ...]:
    """Gradient by A of A ∘ B: the upstream one times B."""
    other, own, product = (value(use, q) for q in (use.other, use.operand, use.node.name))
    name = written(use, use.other)
    alternatives = [
        Alternative("factor-missing", lambda _, v: v, name),
        Alternative("output-for-operand", lambda e, v: v * product(e), use.node.name),
    ]
    if use.operand != use.other:
        hint = written(use, use.operand)
        alternatives.append(Alternative("wrong-operand", lambda e, v: v * own(e), hint))
    alternatives += [
        Alternative("upstream-ignored", lambda e, v: other(e) * np.ones_like(v), use.node.name, rare=True),
        *(
            Alternative("wrong-operand", _times(wrong), hint)
            for hint, wrong in mistaken(use, 1 - use.place)
            if hint != use.operand
        ),
    ]
    return (Slot(lambda e, v: v * other(e), tuple(alternatives)), *undo_broadcasting(use))


def numerator(use: Use) -> tuple[Slot, ...]:
    """Gradient by A of A/B: the upstream one divided by B."""
    divisor = value(use, use.other)
    name = written(use, use.other)
    alternatives = (
        Alternative("factor-missing", lambda _, v: v, name),
        Alternative("multiplied-for-divided", lambda e, v: v * divisor(e), name),
        Alternative("divided-twice", lambda e, v: v / divisor(e) ** 2, name),
        *(Alternative("wrong-operand", _over(wrong), hint) for hint, wrong in mistaken(use, 1)),
    )
    return (Slot(lambda e, v: v / divisor(e), alternatives), *undo_broadcasting(use))


def denominator(use: Use) -> tuple[Slot, ...]:
    """Gradient by B of A/B: the upstream one times -A/B²."""
    above, below = value(use, use.other), value(use, use.operand)
    return (
        Slot(
            lambda e, v: -v * above(e) / below(e) ** 2,
            (
                Alternative(
                    "sign-of-second-operand", lambda e, v: v * above(e) / below(e) ** 2, opposite=True
                ),
                Alternative("denominator-not-squared", lambda e, v: -v * above(e) / below(e)),
                Alternative("factor-missing", lambda e, v: -v / below(e) ** 2, written(use, use.other)),
                Alternative("multiplied-for-divided", lambda e, v: v * above(e), written(use, use.operand)),
                *(
                    Alternative("wrong-operand", _quotient(wrong, below), hint)
                    for hint, wrong in mistaken(use, 0)
                    if hint != use.operand
                ),
            ),
        ),
        *undo_broadcasting(use),
    )


def scaled(use: Use) -> tuple[Slot, ...]:
    """Gradient by what a number or a law of the dimensions multiplies: the upstream one, multiplied, too."""
    law: Law = use.node.keywords["by"]
    hint = str(law)
    wrong = "multiplied-for-divided" if law.after else "divided-for-multiplied"
    alternatives = []
    if law.powers or abs(law.factor) != 1:
        inverse = str(law**-1) if law.after else hint
        alternatives = [
            Alternative("scale-missing", lambda _, v: v, hint),
            Alternative(wrong, lambda e, v: v / amount(use, law, e), inverse),
        ]
    return (Slot(lambda e, v: v * amount(use, law, e), tuple(alternatives)),)


def shifted(use: Use) -> tuple[Slot, ...]:  # noqa: ARG001  every rule is given its use
    """Gradient by what a number is added to: the upstream one."""
    return ()


def amount(use: Use, law: Law, e: Env) -> float:
    """Compute a factor for an instance, whose `sizes` tell dimensions, or else its inputs."""
    sizes = e.get("sizes", {})
    if not law.powers.keys() <= sizes.keys():
        sizes = use.forward.sizes(e, sizes)
    return law.value(sizes)


def _times(other: Callable[[Env], Array]) -> Op:
    return lambda e, v: v * other(e)


def _over(other: Callable[[Env], Array]) -> Op:
    return lambda e, v: v / other(e)


def _quotient(above: Callable[[Env], Array], below: Callable[[Env], Array]) -> Op:
    return lambda e, v: -v * above(e) / below(e) ** 2
