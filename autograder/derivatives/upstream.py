"""Name what is mistaken for the upstream gradient, if students write single vector-Jacobian products.

An operation's value stands beside its gradient there, under the same name, and the gradient of one operand
beside that of the other: so these are mistaken for each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from autograder.derivatives.example import numbers, same
from autograder.diagnosis.steps import VJP, Env, Form, Mistake, Step
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass

TAKEN_TWICE = "repeated-operand-added-once"
OPERAND = " as its operand "  # in the name of a path through one of several operands that are the same


def with_upstream_mistaken(step: Step, forward: ForwardPass) -> Step:
    """Add to a step the upstream gradients that are taken for the right ones, as far as they are others."""
    firsts = sorted({path[0] for path in step.paths or (tuple(range(len(step.vjps))),)})
    result = replace(step, has_factors=True)  # a mean over places of a broadcast is one, and has a name
    for number, gradient in zip(firsts, step.reads or (), strict=False):
        quantity = gradient.removeprefix("D")
        result = _with(_without(result, number, quantity), number, _mistakes(quantity, forward), forward)
    return result


def _without(step: Step, number: int, quantity: str) -> Step:
    """Take a quantity out of what is mistaken for its upstream gradient: that has a name of its own."""
    vjp = step.vjps[number]
    others = tuple(each for each in vjp.mistakes if (each.fault, each.hint) != ("wrong-upstream", quantity))
    return replace(step, vjps=_put(step.vjps, number, replace(vjp, mistakes=others)))


def local(step: Step, forward: ForwardPass) -> Step:
    """Leave out of a step what an engine cannot mistake: it sees an operation with its own operands alone."""
    uses = [node for node, _ in forward.consumers(step.name.removeprefix("D"))]
    near = {name for node in uses for name in (node.name, *node.operands)}
    far = {name for name in forward.shapes if name not in near}

    def is_near(mistake: Mistake) -> bool:
        return mistake.hint not in far and mistake.hint.removeprefix("D") not in forward.shapes

    env = numbers(forward)
    known = [_value(step.right, env)]

    def remaining(number: int, mistake: Mistake) -> bool:
        if mistake.of_a_family or not (mistake.hint in near or is_near(mistake)):
            return False
        made = _value(step.form({number: mistake.op}), env)
        new = not any(same(made, other) for other in known)
        known.append(made)
        return new

    vjps = tuple(
        replace(
            vjp,
            mistakes=tuple(each for each in vjp.mistakes if remaining(number, each)),
            left_out=TAKEN_TWICE if OPERAND in vjp.through else vjp.left_out,
        )
        for number, vjp in enumerate(step.vjps)
    )
    return replace(step, vjps=vjps, mixed_mistakes=())


def with_the_others(steps: tuple[Step, ...], forward: ForwardPass) -> tuple[Step, ...]:
    """Add to two steps, of the operands of one operation, each other's gradient."""
    if len(steps) != 2:
        return steps
    one, other = steps
    return (_swapped(one, other, forward), _swapped(other, one, forward))


def _swapped(step: Step, other: Step, forward: ForwardPass) -> Step:
    def taken(e: Env, _: Array) -> Array:
        result = other.right.value(e)
        if result is None:
            raise LookupError
        return result

    mistake = Mistake("operand-gradients-swapped", taken, other.name, rare=True)
    return _with(step, len(step.vjps) - 1, [mistake], forward)


def _mistakes(quantity: str, forward: ForwardPass) -> Iterator[Mistake]:
    formula, gradient = forward.right_side(quantity), f"D{quantity}"
    yield Mistake("output-for-upstream", lambda e, _: e[quantity], quantity, rare=True)
    yield Mistake("upstream-ignored", lambda e, _: np.ones_like(e[gradient]), formula, rare=True)


def _with(step: Step, number: int, more: Iterator[Mistake] | list[Mistake], forward: ForwardPass) -> Step:
    """Put mistakes into a factor, if the step has no form yet that gives the same."""
    env = numbers(forward)
    known = [_value(form, env) for form in (step.right, *step.variants(1))]
    for mistake in more:
        made = _value(step.form({number: mistake.op}), env)
        mirrored = made is not None and any(same(-made, other) for other in known[:1])
        if made is not None and not mirrored and not any(same(made, other) for other in known):
            known.append(made)
            vjp = step.vjps[number]
            changed = replace(vjp, mistakes=(*vjp.mistakes, mistake))
            step = replace(step, vjps=_put(step.vjps, number, changed))
    return step


def _put(vjps: tuple[VJP, ...], number: int, vjp: VJP) -> tuple[VJP, ...]:
    return (*vjps[:number], vjp, *vjps[number + 1 :])


def _value(form: Form, env: Env) -> Array | None:
    with np.errstate(all="ignore"):
        return form.value(env)
