"""Derive a backward pass from a forward pass, step by step from the output inward, with what can go wrong.

Each operation brings its own mistakes. The graph brings the rest: another gradient of the same shape in the
upstream one's place, the gradient in front of an activation, parameters that were updated too soon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from autograder.derivatives.basic import behind_the_kink
from autograder.derivatives.table import DERIVATIVES
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import Alternative, Blend, Chain, Env, Op, Slot, Step, evaluate
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass

IN_FRONT = "the gradient in front of the ReLU, D{}"


class NoBackwardPass(ValueError):
    """It cannot be derived; the message is a sentence for the assignment's author."""


def backward_pass(
    forward: ForwardPass,
    parts: Sequence[str],
    *,
    own: Mapping[str, Step] | None = None,
    mean: bool = True,
) -> Chain:
    """Derive the backward pass of which some gradients are handed in.

    Parameters
    ----------
    forward : the forward pass.
    parts : names of the gradients that are handed in, D before the quantity's: "DW1"; in any order.
    own : steps of the assignment's own in place of derived ones, by the quantity whose gradient they compute;
        that of the output, where the error is no part of the forward pass.
    mean : whether the error is a mean over the data points; else it is a sum.

    Raises
    ------
    NoBackwardPass
        A part is no quantity's gradient, or a gradient comes along several paths.
    """
    parameters = frozenset(part.removeprefix("D") for part in parts)
    return Chain(tuple(_Derivation(forward, parameters, own or {}).steps()), mean)


class _Derivation:
    def __init__(self, forward: ForwardPass, parameters: frozenset[str], own: Mapping[str, Step]) -> None:
        unknown = sorted(parameters - set(forward.shapes))
        if unknown:
            raise NoBackwardPass(
                f"The forward pass has no quantity {unknown[0]}, so D{unknown[0]} is no part."
            )
        self._forward, self._parameters, self._own = forward, parameters, own
        self._needed = {name for name in forward.shapes if self._leads_to_a_part(name)}
        branching = {
            name
            for name, node in forward.nodes.items()
            if name in self._needed and name != forward.output and not node.is_inner
            if sum(operand in self._needed for operand in forward.line(name)) > 1
        }
        self._named = branching | (parameters | set(own)) & set(forward.nodes)
        """Quantities whose gradients have a step of their own, as others follow from them."""

    def steps(self) -> Iterator[Step]:
        """Give each gradient behind the parts that follow from it, from the output inward."""
        for quantity in reversed(self._forward.nodes):
            if quantity in self._named:
                yield self._own.get(quantity) or self._step(quantity)
                for name in self._forward.line(quantity):
                    if name in self._parameters and name not in self._forward.nodes:
                        yield self._step(name)

    def _leads_to_a_part(self, quantity: str) -> bool:
        node = self._forward.nodes.get(quantity)
        return quantity in self._parameters or (
            node is not None and any(self._leads_to_a_part(operand) for operand in node.operands)
        )

    def _step(self, quantity: str) -> Step:
        path = self._path(quantity)
        upstream = path[-1].node.name
        lines = dict.fromkeys(self._forward.formula(use.node.name) for use in path)
        is_part = quantity in self._parameters
        slots = [slot for use in reversed(path) for slot in _rule(use)]
        if upstream in self._named:
            slots = [self._upstream(upstream, apart=is_part), *slots]
        blends = () if is_part else tuple(self._blends(path, slots))
        return Step(f"D{quantity}", tuple(slots), ", ".join(lines), blends)

    def _path(self, quantity: str) -> list[Use]:
        """The way from a quantity forward to the next one whose gradient has a step, or to the output."""
        paths = list(self._paths(quantity))
        if len(paths) != 1:
            raise NoBackwardPass(
                f"The gradient by {quantity} comes along {len(paths)} paths: it has to come along one."
            )
        return paths[0]

    def _paths(self, quantity: str) -> Iterator[list[Use]]:
        for node, place in self._forward.consumers(quantity):
            use = Use(self._forward, node, place, self._parameters)
            if (node.operation.name, place) not in DERIVATIVES:
                continue
            if node.name in self._named or node.name == self._forward.output:
                yield [use]
            else:
                yield from ([use, *rest] for rest in self._paths(node.name))

    def _upstream(self, quantity: str, *, apart: bool) -> Slot:
        """Begin with a quantity's gradient; another one of its shape is taken for it.

        apart : whether that is said of a part alone, and not of the step it follows from.
        """
        others = [(f"D{name}", _of(name)) for name in self._like(quantity)]
        in_front = self._in_front_of_an_activation(quantity)
        found = [Alternative("wrong-upstream", op, hint, rare=True, apart=apart) for hint, op in others]
        if in_front is not None:
            name, op = in_front
            if apart:
                found.insert(0, Alternative("missing-relu-mask", op, rare=True, apart=True))
            else:
                found.append(Alternative("wrong-upstream", op, IN_FRONT.format(name), rare=True))
        return Slot(_of(quantity), tuple(found))

    def _like(self, quantity: str) -> Iterator[str]:
        """Quantities nearer the output whose gradients have a step and the same shape."""
        after = list(self._forward.nodes)
        for name in after[after.index(quantity) + 1 :]:
            if name in self._named and self._forward.shapes[name] == self._forward.shapes[quantity]:
                yield name

    def _in_front_of_an_activation(self, quantity: str) -> tuple[str, Op] | None:
        """The gradient by an activation's value, if a quantity's own comes through an activation last."""
        if quantity in self._own:
            return None
        path = self._path(quantity)
        last, *before = path
        if not last.node.operation.elementwise or not before:
            return None
        rules = [slot.right for use in reversed(before) for slot in _rule(use)]
        return last.node.name, _all([_of(path[-1].node.name), *rules])

    def _blends(self, path: Sequence[Use], slots: Sequence[Slot]) -> Iterator[Blend]:
        """Mistakes with an unknown number in them."""
        for use in path:
            if use.node.operation.name == "product" and use.place == 0 and use.other in self._parameters:
                yield Blend("weights-updated", _with(f"D{use.other}", use.other, slots))
        first, *rest = path
        if first.node.operation.name == "relu" and rest:
            before = [slot.right for use in reversed(rest) for slot in _rule(use)]
            behind = _all([_of(path[-1].node.name), *before, behind_the_kink(first)])
            yield Blend("leaky-relu-mask", behind, hint="{amount}", between=(-0.999, 0.999))


def _rule(use: Use) -> tuple[Slot, ...]:
    return DERIVATIVES[use.node.operation.name, use.place](use)


def _of(quantity: str) -> Op:
    gradient = f"D{quantity}"
    return lambda e, _: e[gradient]


def _all(ops: Sequence[Op]) -> Op:
    """Run operations one after the other.

    Raises (when run)
    -----------------
    LookupError
        Shapes do not fit, or an array is not there.
    """

    def op(e: Env, _: Array) -> Array:
        found = evaluate(ops, e)
        if found is None:
            raise LookupError
        return found

    return op


def _with(gradient: str, weights: str, slots: Sequence[Slot]) -> Op:
    """The right form of a step with the weights' gradient in the weights' place."""
    right = _all([slot.right for slot in slots])
    return lambda e, v: right({**e, weights: e[gradient]}, v)
