"""Define vector-Jacobian products of elementwise products, quotients and factors, and the wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from autograder.derivatives.normalisation_divisors import made_anew
from autograder.derivatives.operands import Value, mistaken, undo_broadcasting, value, written
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.law import Law


def factor(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to A of A ∘ B: the upstream one times B."""
    other, own, product = (value(use, q) for q in (use.other, use.operand, use.node.name))
    name = written(use, use.other)
    mistakes = [
        Mistake("factor-missing", lambda _, v: v, name),
        Mistake("output-for-operand", lambda e, v: v * product(e), use.node.name),
    ]
    if use.other in use.forward.inputs and use.forward.shapes[use.other] != use.forward.shapes[use.node.name]:
        mistakes.append(Mistake("factor-twice", lambda e, v: v * other(e) ** 2, name, rare=True))
    mistakes += [Mistake(fault, _times(wrong), hint, rare=True) for fault, hint, wrong in made_anew(use)]
    if use.operand != use.other:
        hint = written(use, use.operand)
        mistakes.append(Mistake("wrong-operand", lambda e, v: v * own(e), hint))
    mistakes += [
        Mistake("upstream-ignored", lambda e, v: other(e) * np.ones_like(v), use.node.name, rare=True),
        *(
            Mistake("wrong-operand", _times(wrong), hint)
            for hint, wrong in mistaken(use, 1 - use.place)
            if hint != use.operand
        ),
    ]
    return (VJP(lambda e, v: v * other(e), tuple(mistakes)), *undo_broadcasting(use))


def numerator(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to A of A/B: the upstream one divided by B."""
    divisor = value(use, use.other)
    name = written(use, use.other)
    mistakes = (
        Mistake("factor-missing", lambda _, v: v, name),
        Mistake("multiplied-for-divided", lambda e, v: v * divisor(e), name),
        Mistake("divided-twice", lambda e, v: v / divisor(e) ** 2, name),
        *(Mistake("wrong-operand", _over(wrong), hint) for hint, wrong in mistaken(use, 1)),
    )
    return (VJP(lambda e, v: v / divisor(e), mistakes), *undo_broadcasting(use))


def denominator(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to B of A/B: the upstream one times -A/B²."""
    above, below = value(use, use.other), value(use, use.operand)
    return (
        VJP(
            lambda e, v: -v * above(e) / below(e) ** 2,
            (
                Mistake("sign-of-second-operand", lambda e, v: v * above(e) / below(e) ** 2, opposite=True),
                Mistake("denominator-not-squared", lambda e, v: -v * above(e) / below(e)),
                Mistake("factor-missing", lambda e, v: -v / below(e) ** 2, written(use, use.other)),
                Mistake("multiplied-for-divided", lambda e, v: v * above(e), written(use, use.operand)),
                *_of_a_quotient(above, below),
                *(
                    Mistake("wrong-operand", _quotient(wrong, below), hint)
                    for hint, wrong in mistaken(use, 0)
                    if hint != use.operand
                ),
            ),
        ),
        *undo_broadcasting(use),
    )


def _of_a_quotient(above: Value, below: Value) -> Iterator[Mistake]:
    """Mix up numerator and denominator, or differentiate both of them by what one of them is."""
    yield Mistake("quotient-turned-over", lambda e, v: -v * below(e) / above(e) ** 2, rare=True)
    yield Mistake(
        "numerator-differentiated", lambda e, v: v * (below(e) - above(e)) / below(e) ** 2, rare=True
    )


def scaled(use: Use) -> tuple[VJP, ...]:
    """Build the gradient with respect to what a number or law multiplies: the upstream one, multiplied."""
    law: Law = use.node.keywords["by"]
    hint = str(law)
    wrong = "multiplied-for-divided" if law.after else "divided-for-multiplied"
    mistakes = []
    if law.powers or abs(law.factor) != 1:
        inverse = str(law**-1) if law.after else hint
        mistakes = [
            Mistake("scale-missing", lambda _, v: v, hint),
            Mistake(wrong, lambda e, v: v / amount(use, law, e), inverse),
        ]
    return (VJP(lambda e, v: v * amount(use, law, e), tuple(mistakes)),)


def shifted(use: Use) -> tuple[VJP, ...]:  # noqa: ARG001  every rule is given its use
    """Build the gradient with respect to what a number is added to: the upstream one."""
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
