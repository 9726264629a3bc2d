"""Derive a backward pass from a forward pass, step by step from the output inward, with what can go wrong.

Each operation brings its own mistakes. The graph brings the rest, here and in `structure`: a path that is
left out, another gradient in the upstream one's place, the gradient in front of an activation, an operand
taken for another, parameters that were updated too soon.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from autograder.derivatives import added
from autograder.derivatives.basic import behind_the_kink, off_units
from autograder.derivatives.on_the_way import made_anew
from autograder.derivatives.operands import is_weights, value
from autograder.derivatives.operands import written as written_of
from autograder.derivatives.operations_of_forms import of, run, with_gradient, with_later_gradient
from autograder.derivatives.structure import structural
from autograder.derivatives.table import DERIVATIVES
from autograder.derivatives.use import Use
from autograder.derivatives.ways_back import other_ways
from autograder.diagnosis.steps import (
    VJP,
    BackwardPass,
    Env,
    Form,
    Function,
    Mistake,
    MixedMistake,
    Op,
    Path,
    Step,
)
from autograder.exercise import Array
from autograder.forward_pass import ForwardPass

FACTORS = frozenset({"scale", "mean", "cross_entropy"})  # with a mistake that changes a factor alone
IN_FRONT = "the gradient in front of the ReLU, D{}"
UNMASKED = f"{IN_FRONT}, made without the mask above it"


class NoBackwardPass(ValueError):
    """It cannot be derived; the message is a sentence for the assignment's author."""


def backward_pass(
    forward: ForwardPass,
    parts: Sequence[str],
    *,
    own: Mapping[str, Step] | None = None,
    mean: bool = True,
) -> BackwardPass:
    """Derive the backward pass of which some gradients are handed in.

    Where the output is no single number, its gradient, D before its name, is an input of the exercise.

    Parameters
    ----------
    forward : the forward pass.
    parts : names of the gradients that are handed in, D before the quantity's: "DW1"; in any order. Those of
        intermediate quantities may be among them.
    own : steps of the assignment's own in place of derived ones, by the quantity whose gradient they compute;
        that of the output, where the error is no part of the forward pass.
    mean : whether the error is a mean over the data points; else it is a sum. Nothing where no error is part.

    Raises
    ------
    NoBackwardPass
        A part is no quantity's gradient, or its gradient needs a derivative that is not known.
    """
    parameters = frozenset(part.removeprefix("D") for part in parts)
    derivation = _Derivation(forward, parameters, own or {})
    given = forward.shapes[forward.output] != () and forward.output not in (own or {})
    return BackwardPass(tuple(derivation.steps()), None if given else mean, derivation.values)


@dataclass(frozen=True)
class _Sum:
    """A gradient as a sum over paths, from where other gradients are known."""

    uses: tuple[tuple[Use, ...], ...]
    """Of each path, from the quantity forward."""
    vjps: tuple[VJP, ...]
    paths: tuple[Path, ...]
    numbers: Mapping[tuple[str, int], Path]
    """The factors of each use, by node and operand; and those of the upstream gradients, by node and -1."""

    def form(self, wrong: Mapping[int, Op] | None = None, paths: Sequence[Path] | None = None) -> Form:
        """Compute it with other operations for some factors, over some of the paths."""
        form = Step("", self.vjps, "", paths=self.paths).form(wrong or {})
        return form if paths is None else form._replace(paths=tuple(paths))

    def through(self, use: Use) -> list[Path]:
        """Return the paths that a use lies on."""
        last = self.numbers[use.node.name, use.place][-1]
        return [path for path in self.paths if last in path]


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
            if name in self._needed & self._reaching and name != forward.output and not node.is_inner
            if sum(operand in self._needed for operand in forward.line(name)) > 1
        }
        self._named = branching | (parameters | set(own)) & set(forward.nodes)
        """Quantities whose gradients have a step of their own, as others follow from them."""
        given = {forward.output} if forward.shapes[forward.output] != () else set()
        self._given = given - self._named
        """The output, if its gradient is an input of the exercise."""
        self._sum = cache(self._summed)

    def steps(self) -> Iterator[Step]:
        """Order gradients so that each comes after those it follows from, and parts that are inputs early."""
        inputs = [name for name in self._forward.inputs if name in self._parameters]
        done = {f"D{name}" for name in self._given}
        for quantity in (*self._given, *reversed(self._forward.nodes)):
            if quantity not in self._named | self._given:
                continue
            if quantity in self._named:
                yield self._step(quantity)
                done.add(f"D{quantity}")
            line = list(dict.fromkeys(self._forward.line(quantity)))
            for name in sorted(inputs, key=lambda n: line.index(n) if n in line else len(line)):
                step = self._step(name)
                if done.issuperset(step.reads or ()) and step.name not in done:
                    yield step
                    done.add(step.name)
        for name in inputs:
            if f"D{name}" not in done:  # without any step in front of it
                yield self._step(name)

    def values(self, env: Env) -> Mapping[str, Array]:
        """Compute the quantities on the way that an instance does not hold."""
        computed: dict[str, Array] = {}
        known = dict(env)
        for name in self._forward.nodes:
            if name not in env and name != self._forward.output and name in self._reaching:
                known[name] = computed[name] = self._forward.value(name, known, env["sizes"])
        return computed

    def _leads_to_a_part(self, quantity: str) -> bool:
        node = self._forward.nodes.get(quantity)
        return quantity in self._parameters or (
            node is not None and any(self._leads_to_a_part(operand) for operand in node.operands)
        )

    @cache  # noqa: B019  it lives as long as an assignment is loaded
    def _step(self, quantity: str) -> Step:
        if quantity in self._own:
            return self._own[quantity]
        sum_ = self._sum(quantity)
        lines = dict.fromkeys(self._forward.formula(use.node.name) for path in sum_.uses for use in path)
        is_input = quantity in self._forward.inputs
        step = Step(
            f"D{quantity}",
            sum_.vjps,
            ", ".join(lines),
            (
                *(added.itself(self._forward, quantity) if is_input else self._mixed_mistakes(sum_)),
                *(added.upstream(self._forward, quantity) if self._given else ()),
                *_of_paths(sum_, quantity),
            ),
            sum_.paths if len(sum_.paths) > 1 else (),
            tuple(f"D{name}" for name, place in sum_.numbers if place < 0),
            self._function(quantity),
            any(use.node.operation.name in FACTORS for path in sum_.uses for use in path)
            or any(self._is_scaled(name) for name, place in sum_.numbers if place < 0),
        )
        return replace(step, other_ways=other_ways(step, self._elsewhere(quantity)))

    def _elsewhere(self, quantity: str) -> Iterator[tuple[str, Op]]:
        """Gradients that belong further up: of what has as many rows, and in front of the ReLUs there."""
        shapes, after = self._forward.shapes, list(self._forward.nodes)
        for name in after[after.index(quantity) + 1 :] if quantity in self._forward.nodes else ():
            if name in self._named | self._given and shapes[name][:-1] == shapes[quantity][:-1]:
                if shapes[name][-1:] in (shapes[quantity][-1:], (1,)):
                    yield f"D{name}", of(f"D{name}")
                if shapes[name] == shapes[quantity]:
                    yield from self._unstopped(name)

    def _is_scaled(self, quantity: str) -> bool:
        """Return whether a quantity occurs a second time, scaled: their gradients are easily confused."""
        return any(node.operation.name == "scale" for node, _ in self._forward.consumers(quantity))

    def _summed(self, quantity: str) -> _Sum:
        """Find the ways from a quantity forward to the next ones whose gradients are known."""
        uses = tuple(tuple(path) for path in self._paths(quantity))
        if not uses:
            raise NoBackwardPass(f"{self._forward.output} does not depend on {quantity}.")
        vjps: list[VJP] = []
        numbers: dict[tuple[str, int], Path] = {}

        def add(key: tuple[str, int], new: Sequence[VJP]) -> Path:
            if key not in numbers:
                numbers[key] = tuple(range(len(vjps), len(vjps) + len(new)))
                vjps.extend(new)
            return numbers[key]

        masked = self._masked(quantity)
        paths: list[Path] = []
        for path in uses:
            end = path[-1].node.name
            known = end in self._named | self._given
            numbered = add((end, -1), [self._upstream(end, quantity)]) if known else ()
            for place in reversed(range(len(path))):
                use = path[place]
                key = use.node.name, use.place
                if key not in numbers:
                    add(key, list(self._factors(quantity, path, place, several=len(uses) > 1)))
                numbered += numbers[key]
            if masked is not None:
                numbered += add((quantity, 0), [masked])
            paths.append(numbered)
        return _Sum(uses, tuple(vjps), tuple(paths), numbers)

    def _masked(self, quantity: str) -> VJP | None:
        """Take the mask of a quantity's own line into its gradient, which is one step too early."""
        node = self._forward.nodes.get(quantity)
        if quantity not in self._parameters or node is None or not node.operation.masked:
            return None
        if len(node.operands) == 1:
            return None
        mask = value(Use(self._forward, node, 0, self._parameters), node.operands[1])
        return VJP(lambda _, v: v, (Mistake("masked-too-early", lambda e, v: v * mask(e), rare=True),))

    def _factors(self, quantity: str, path: Sequence[Use], place: int, *, several: bool) -> Iterator[VJP]:
        """One use's factors, with the place that a mistake in them has and the path that leads through."""
        use = path[place]
        vjps = list(_rule(use)) or ([VJP(lambda _, v: v)] if several else [])
        begin = self._place(path, place)
        alike = [u for n, u in enumerate(path) if self._place(path, n) == begin]
        where = path[begin].operand
        lines = dict.fromkeys(self._forward.formula(u.node.name) for u in alike)
        for number, vjp in enumerate(vjps):
            more = tuple(structural(use, vjp, alone=len(vjps) == 1)) if number == 0 else ()
            yield replace(
                vjp,
                mistakes=(*vjp.mistakes, *more),
                through=self._through(use) if several else "",
                where="" if where == quantity else f"D{where}",
                forward="" if where == quantity and not several else ", ".join(lines),
            )

    def _place(self, path: Sequence[Use], place: int) -> int:
        """Return where on a path the quantity stands whose gradient a use computes, as a sheet names them.

        What a line computes on its way has no name, and an activation that enters products alone goes with
        its pre-activation.
        """
        while place > 0:
            node = path[place - 1].node
            entered = {consumer.operation.name for consumer, _ in self._forward.consumers(node.name)}
            if not (node.is_inner or (node.operation.elementwise and entered == {"product"})):
                break
            place -= 1
        return place

    def _through(self, use: Use) -> str:
        """Name a use beside the other uses of its operand: by the quantity that it goes into."""
        others = list(self._forward.consumers(use.operand))
        name = self._forward.named(use.node.name)
        alike = [(node, place) for node, place in others if self._forward.named(node.name) == name]
        if len(alike) == 1:
            return name
        if len({node.name for node, _ in alike}) == len(alike):
            return f"{self._forward.right_side(use.node.name)} in {name}"
        return f"{self._forward.right_side(use.node.name)} as its operand {use.place + 1}"

    def _paths(self, quantity: str) -> Iterator[list[Use]]:
        for node, place in self._forward.consumers(quantity):
            if node.name not in self._reaching:
                continue
            use = Use(self._forward, node, place, self._parameters)
            if (node.operation.name, place) not in DERIVATIVES:
                raise NoBackwardPass(
                    f"The derivative of {self._forward.right_side(node.name)} by {quantity} is not known, "
                    f"and the gradient with respect to {quantity} comes through it."
                )
            if node.name in self._named or node.name == self._forward.output:
                yield [use]
            else:
                yield from ([use, *rest] for rest in self._paths(node.name))

    @cached_property
    def _reaching(self) -> set[str]:
        """What the output is computed from, and itself."""
        result = {self._forward.output, *(name for name in self._own)}
        for name in reversed(self._forward.nodes):
            if name in result:
                result.update(self._forward.nodes[name].operands)
        return result

    def _upstream(self, quantity: str, behind: str) -> VJP:
        """Begin with a quantity's gradient; another one of its shape is taken for it."""
        apart = behind in self._forward.inputs  # it is said of a part alone, and not of what it follows from
        others = [(f"D{name}", of(f"D{name}")) for name in self._like(quantity)]
        if quantity in self._given:  # an input beside which it is easily computed itself
            others.append((quantity, lambda e, _: self._forward.value(quantity, e, e.get("sizes"))))
        mistakes = [Mistake("wrong-upstream", op, hint, rare=True, apart=apart) for hint, op in others]
        if apart and quantity not in self._parameters | self._given | self._own.keys():
            sum_ = self._sum(quantity)
            mistakes += made_anew(sum_.vjps, lambda wrong: run(sum_.form(wrong)), f"D{quantity}")
        for hint, op in self._unstopped(quantity):
            if not apart:
                mistakes.append(Mistake("wrong-upstream", op, hint, rare=True))
            elif not hint.endswith(UNMASKED[len(IN_FRONT) :]):
                mistakes.insert(0, Mistake("missing-relu-mask", op, rare=True, apart=True))
        return VJP(of(f"D{quantity}"), tuple(mistakes))

    def _like(self, quantity: str) -> Iterator[str]:
        """Quantities nearer the output whose gradients are known and have the same shape."""
        after = list(self._forward.nodes)
        for name in after[after.index(quantity) + 1 :]:
            known = name in self._named | self._given
            if known and self._forward.shapes[name] == self._forward.shapes[quantity]:
                yield name

    def _unstopped(self, quantity: str) -> Iterator[tuple[str, Op]]:
        """Yield the gradient in front of a quantity's ReLU, and that with no ReLU above stopping anything."""
        in_front = self._in_front_of_an_activation(quantity)
        if in_front is None:
            return
        name, op = in_front
        yield IN_FRONT.format(name), op
        above = [each for each, place in self._sum(quantity).numbers if place < 0]
        for _, start in [*self._unstopped(above[0])][-1:] if len(above) == 1 else ():
            yield UNMASKED.format(name), lambda e, v, s=start: op({**e, f"D{above[0]}": s(e, v)}, v)  # type: ignore[misc]

    def _in_front_of_an_activation(self, quantity: str) -> tuple[str, Op] | None:
        """Return the gradient with respect to a ReLU's value, if a quantity's own comes through it alone."""
        if quantity in self._own or quantity in self._given:
            return None
        node = self._sum(quantity).uses[0][0].node
        function = self._function(quantity)
        relu = function is not None and node.operation.name == "relu"
        return (node.name, function.upstream) if function is not None and relu else None

    def _function(self, quantity: str) -> Function | None:
        """Return the function that a quantity's gradient comes through alone."""
        sum_ = self._sum(quantity)
        first = sum_.uses[0][0]
        shared = all(path[0] == first and len(path) > 1 for path in sum_.uses)
        if not shared or not first.node.operation.elementwise:
            return None
        numbers = sum_.numbers[first.node.name, first.place]
        upstream = run(sum_.form(paths=[path[: -len(numbers)] for path in sum_.paths]))
        name = first.node.name
        z, a = value(first, quantity), value(first, name)
        return Function(numbers[0], written_of(first, quantity), written_of(first, name), z, a, upstream)

    def _mixed_mistakes(self, sum_: _Sum) -> Iterator[MixedMistake]:
        """Mistakes with an unknown number in them."""
        for use in dict.fromkeys(use for path in sum_.uses for use in path):
            numbers = sum_.numbers[use.node.name, use.place]
            product = use.node.operation.name == "product" and use.place == 0
            if product and use.other in self._parameters and is_weights(use, use.other):
                right = sum_.vjps[numbers[0]].right
                op = with_gradient(f"D{use.other}", use.other, right)
                yield MixedMistake("weights-updated", run(sum_.form({numbers[0]: op}, sum_.through(use))))
            factor = use.node.operation.name == "elementwise_product" and use.other in self._forward.inputs
            if factor and use.other in self._parameters:
                right = sum_.vjps[numbers[0]].right
                op = with_later_gradient(partial(self._right, use.other), use.other, right)
                yield MixedMistake("weights-updated", run(sum_.form({numbers[0]: op}, sum_.through(use))))
            comes_last = all(use is path[0] and len(path) > 1 for path in sum_.uses)
            if use.node.operation.name == "relu" and comes_last:
                behind = sum_.form({numbers[0]: behind_the_kink(use)}, sum_.through(use))
                yield MixedMistake("leaky-relu-mask", run(behind), hint="{amount}", between=(-0.999, 0.999))
                off = sum_.form({numbers[0]: off_units(use)}, sum_.through(use))
                yield MixedMistake("number-for-gradient", run(off), hint="{amount}", alone=True)

    def _right(self, quantity: str, e: Env) -> Array | None:
        return self._step(quantity).right.value(e)


def _of_paths(sum_: _Sum, quantity: str) -> Iterator[MixedMistake]:
    """One of the paths with another factor than the others."""
    step = Step(f"D{quantity}", sum_.vjps, "", paths=sum_.paths)
    for named, paths in step.omissions if len(sum_.paths) > 1 else ():
        alone = sum_.form(paths=[path for path in sum_.paths if path in paths])
        yield MixedMistake("path-wrong-scale", run(alone), f"{named.hint}, {{amount}} times", of_path=True)


def _rule(use: Use) -> tuple[VJP, ...]:
    return DERIVATIVES[use.node.operation.name, use.place](use)
