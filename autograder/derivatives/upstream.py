"""What is taken for the upstream gradient where students write single vector-Jacobian products, or an engine.

An operation's value stands beside its gradient there, under the same name, and the gradient of one operand
beside that of the other: so these are mistaken for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.derivatives.example import numbers, same
from autograder.diagnosis.steps import Alternative, Env, Form, Slot, Step
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass

TAKEN_TWICE = "repeated-operand-added-once"
OPERAND = " as its operand "  # in the name of a path through one of several operands that are the same


def with_upstream_mistaken(step: Step, forward: ForwardPass) -> Step:
    """Add to a step the upstream gradients that are taken for the right ones, as far as they are others."""
    firsts = sorted({path[0] for path in step.paths or (tuple(range(len(step.slots))),)})
    found = replace(step, has_factors=True)  # a mean over places of a broadcast is one, and has a name
    for number, gradient in zip(firsts, step.reads or (), strict=False):
        quantity = gradient.removeprefix("D")
        found = _with(found, number, _alternatives(quantity, forward), forward)
    return found


def local(step: Step, forward: ForwardPass) -> Step:
    """Leave out of a step what an engine cannot mistake: it sees an operation with its own operands alone."""
    uses = [node for node, _ in forward.consumers(step.name.removeprefix("D"))]
    near = {name for node in uses for name in (node.name, *node.operands)}
    far = {name for name in forward.shapes if name not in near}

    def is_near(alternative: Alternative) -> bool:
        return alternative.hint not in far and alternative.hint.removeprefix("D") not in forward.shapes

    env = numbers(forward)
    known = [_value(step.right, env)]

    def kept(number: int, alternative: Alternative) -> bool:
        if alternative.of_a_family or not (alternative.hint in near or is_near(alternative)):
            return False
        made = _value(step.form({number: alternative.op}), env)
        new = not any(same(made, other) for other in known)
        known.append(made)
        return new

    slots = tuple(
        replace(
            slot,
            alternatives=tuple(each for each in slot.alternatives if kept(number, each)),
            left_out=TAKEN_TWICE if OPERAND in slot.through else slot.left_out,
        )
        for number, slot in enumerate(step.slots)
    )
    return replace(step, slots=slots, blends=())


def with_the_others(steps: tuple[Step, ...], forward: ForwardPass) -> tuple[Step, ...]:
    """Add to two steps, of the operands of one operation, each other's gradient."""
    if len(steps) != 2:
        return steps
    one, other = steps
    return (_swapped(one, other, forward), _swapped(other, one, forward))


def _swapped(step: Step, other: Step, forward: ForwardPass) -> Step:
    def taken(e: Env, _: Array) -> Array:
        found = other.right.value(e)
        if found is None:
            raise LookupError
        return found

    alternative = Alternative("operand-gradients-swapped", taken, other.name, rare=True)
    return _with(step, len(step.slots) - 1, [alternative], forward)


def _alternatives(quantity: str, forward: ForwardPass) -> Iterator[Alternative]:
    formula, gradient = forward.right_side(quantity), f"D{quantity}"
    yield Alternative("output-for-upstream", lambda e, _: e[quantity], quantity, rare=True)
    yield Alternative("upstream-ignored", lambda e, _: np.ones_like(e[gradient]), formula, rare=True)


def _with(
    step: Step, number: int, more: Iterator[Alternative] | list[Alternative], forward: ForwardPass
) -> Step:
    """Put alternatives into a slot, if the step has no form yet that gives the same."""
    env = numbers(forward)
    known = [_value(form, env) for form in (step.right, *step.variants(1))]
    for alternative in more:
        made = _value(step.form({number: alternative.op}), env)
        mirrored = made is not None and any(same(-made, other) for other in known[:1])
        if made is not None and not mirrored and not any(same(made, other) for other in known):
            known.append(made)
            slot = step.slots[number]
            changed = replace(slot, alternatives=(*slot.alternatives, alternative))
            step = replace(step, slots=_put(step.slots, number, changed))
    return step


def _put(slots: tuple[Slot, ...], number: int, slot: Slot) -> tuple[Slot, ...]:
    return (*slots[:number], slot, *slots[number + 1 :])


def _value(form: Form, env: Env) -> Array | None:
    with np.errstate(all="ignore"):
        return form.value(env)
