"""Go back through a layer with several things wrong at once: the gradient, the weights, the mask.

Each of the three alone is a mistake of its factor. Where another layer's line is copied, several of them are
wrong, among them those that are not tried together elsewhere. And the mask may come before the product.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from autograder.diagnosis.steps import Form, Mistake, Named, Op, Step

FACTORS = 3  # the gradient that arrives, a product, a function
MOST = 2  # mistakes at once
BEFORE = "mask-before-product"
OF_PRODUCTS = frozenset(
    {"wrong-weights", "weights-not-transposed", "weights-left-out", "weights-summed", "one-unit-above"}
)
OF_MASKS = frozenset({"missing-relu-mask", "wrong-relu-mask", "inverted-relu-mask"})


class _Way(NamedTuple):
    """A way to do one of the three, and its name if it is a wrong one."""

    named: tuple[Named, ...]
    op: Op
    before: bool = False
    """Of a mask: whether it is applied in front of the product."""
    rare: bool = False
    """Whether it is tried with others here alone."""
    new: bool = False
    """Whether it is tried here alone."""


def other_ways(step: Step, elsewhere: Iterator[tuple[str, Op]]) -> tuple[Form, ...]:
    """Return the forms of a step through a ReLU and a layer's weights that are not among its variants.

    elsewhere : gradients of other places, each with how it is written.
    """
    if len(step.vjps) != FACTORS or step.paths or step.function is None:
        return ()
    gradients, products, masks = (_ways(step, number) for number in range(FACTORS))
    if len(products) == 1 or not any(mistake.fault in OF_MASKS for mistake in step.vjps[-1].mistakes):
        return ()
    known = {named.hint for each in gradients for named in each.named}
    gradients += [
        _Way((step.named(0, "wrong-upstream", hint),), op, new=True)
        for hint, op in elsewhere
        if hint not in known
    ]
    before = step.named(2, BEFORE, step.function.operand)
    masks.append(_Way((before,), step.vjps[-1].right, before=True, new=True))
    return tuple(_forms(step, gradients, products, masks))


def _ways(step: Step, number: int) -> list[_Way]:
    """Return the right form of a factor, and wrong ones."""
    vjp = step.vjps[number]
    return [
        _Way((), vjp.right),
        *(
            _Way((step.named(number, m.fault, m.hint),), m.op, rare=m.rare)
            for m in vjp.mistakes
            if _is_a_way(m, number)
        ),
    ]


def _is_a_way(mistake: Mistake, number: int) -> bool:
    if number == 0:
        return mistake.fault == "wrong-upstream"
    return mistake.fault in (OF_PRODUCTS if number == 1 else OF_MASKS)


def _forms(
    step: Step, gradients: Sequence[_Way], products: Sequence[_Way], masks: Sequence[_Way]
) -> Iterator[Form]:
    for mask in masks:
        for gradient in gradients:
            for product in products:
                chosen = gradient, product, mask
                wrong = tuple(chain.from_iterable(choice.named for choice in chosen))
                rare = len(wrong) == MOST and any(choice.rare for choice in chosen)
                new = rare or any(choice.new for choice in chosen)
                if len(wrong) <= MOST and new:
                    yield step.form(_ops(*chosen), wrong)


def _ops(gradient: _Way, product: _Way, mask: _Way) -> dict[int, Op]:
    if not mask.before:
        return {0: gradient.op, 1: product.op, 2: mask.op}
    return {0: gradient.op, 1: lambda e, v: product.op(e, mask.op(e, v)), 2: lambda _, v: v}
