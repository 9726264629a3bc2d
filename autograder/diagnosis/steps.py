"""Define what a computation is made of, and what can go wrong in each piece: the vocabulary of diagnosis.

A backward pass is a sequence of steps from the output inward. Some of its quantities are handed in (DW4,
DB4, or DZ3 itself), others are only passed on. A step is a sum over paths, each a sequence of vector-Jacobian
products; mostly there is one path. Each of these has one right form and a few wrong ones that students
write, each with its name.

BackwardPass : Step DY -> Step DW4, DB4 (parts) -> Step DZ3 -> …
Step         : DZ3 = "times W4ᵀ", then "times [Z3 > 0]"
Step         : DX = "DC" + ("DM", then "times 1/d")
VJP          : the right operation, and mistakes `missing-relu-mask`, `inverted-relu-mask`, …

A computation that shows nothing on the way (a whole forward pass, a whole descent) is a `Computation`: one
function, and the mistakes that can be made in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, groupby, product
from math import prod
from typing import Any, NamedTuple, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from autograder.diagnosis.scale import Scale
from autograder.exercise import Array, Explain, Instance

MOST_FORMS = 4000  # of one step with so many mistakes, that are always tried
UNUSABLE = (ValueError, LookupError, TypeError, AttributeError)  # what operations raise of odd arrays

Env: TypeAlias = Mapping[str, Any]
"""One instance's arrays by name: inputs (a list W as W1, W2, …), N, and the quantities so far."""
Op: TypeAlias = Callable[[Env, Array], Array]
"""Computes a factor's value from the environment and the value of the factor before it."""
Path: TypeAlias = tuple[int, ...]
"""The numbers of a step's factors that are run one after the other."""


@dataclass(frozen=True)
class Mistake:
    """A wrong form of a vector-Jacobian product."""

    fault: str
    op: Op
    hint: str = ""
    """Filled into the fault's sentence, if one name covers several forms; or the sentence itself, if the
    fault belongs to this assignment alone.
    """
    rare: bool = False
    """Tried alone, and not together with another wrong form in the same step."""
    apart: bool = False
    """Of a part: it is not made from its hidden step, and so bears out no wrong form of that."""
    opposite: bool = False
    """The right form with the other sign: where nothing else is wrong, that has this name."""
    of_a_family: bool = False
    """One function of many that stand in the right one's place: it is fitted where a step's `function` can
    be, and tried elsewhere."""


@dataclass(frozen=True)
class VJP:
    """One factor of a step, a vector-Jacobian product: its right form and its wrong ones."""

    right: Op
    mistakes: tuple[Mistake, ...] = ()
    through: str = ""
    """The quantity that a path leads through here, where paths come together."""
    left_out: str = "path-missing"
    """The fault's name where that path is left out."""
    where: str = ""
    """The gradient computed here, if it is another than the step's: one on the way to it."""
    forward: str = ""
    """The forward formula behind it, if it is another than the step's."""


class Named(NamedTuple):
    """A mistake in a step, by name."""

    fault: str
    hint: str
    where: str
    forward: str
    apart: bool = False
    """Whether it is of a part that is not made from its hidden step, and so has no factor from there."""


@dataclass(frozen=True)
class MixedMistake:
    """A wrong form with an unknown number s in it: the value plus s · `op`, s the same everywhere."""

    fault: str
    op: Op
    hint: str = ""
    """Put into the fault's sentence, with `{amount}` for s."""
    between: tuple[float, float] = (-np.inf, np.inf)
    """Where s may lie; what is beyond has another name."""
    of_path: bool = False
    """Whether `op` is one of the paths that are summed, which comes in 1 + s times: a number or a law."""
    alone: bool = False
    """Whether no pair with it is planted, as something is added to nearly any array by nearly any s."""

    def added(self, amount: Scale, sizes: Mapping[str, int]) -> float:
        """Return s on an instance of these sizes."""
        return amount.of(sizes) - self.of_path

    def named(self, step: Step, amount: Scale) -> Named:
        """Name it, with the number put into its hint."""
        hint = self.hint.format(amount=str(amount) if self.of_path else f"{amount.factor:.3g}")
        return Named(self.fault, hint, step.name, step.forward)


class Form(NamedTuple):
    """A way to run a step: what is wrong in it, an operation for each of its factors, and its paths."""

    mistakes: tuple[Named, ...]
    ops: tuple[Op, ...]
    paths: tuple[Path, ...]

    def value(self, env: Env) -> Array | None:
        """Compute the step; None where shapes do not fit or an array is not there."""
        try:
            return _sum(self.paths, self.ops, env)
        except UNUSABLE:
            return None


def _sum(paths: Sequence[Path], ops: Sequence[Op], env: Env) -> Array:
    """Run paths that end alike together: what they share is run once, on their sum."""
    total: Any = None
    if len(paths) == 1:
        for number in paths[0]:
            total = ops[number](env, total)
        single: Array = total
        return single
    for last, alike in groupby(sorted(paths, key=_last), key=_last):
        before = [path[:-1] for path in alike]
        value: Any = ops[last](env, _sum(before, ops, env) if before[0] else None)  # type: ignore[arg-type]
        total = value if total is None else total + value
    result: Array = total
    return result


def _last(path: Path) -> int:
    return path[-1]


@dataclass(frozen=True)
class Function:
    """A function of numbers that comes last in a step: the upstream gradient is multiplied by its slope."""

    vjp: int
    """The number of its factor."""
    operand: str
    """As a student knows it."""
    written: str
    """Its value, as a student knows it."""
    z: Callable[[Env], Array]
    """What goes in."""
    a: Callable[[Env], Array]
    """What comes out."""
    upstream: Op
    """The gradient with respect to its value."""

    def times(self, slope: Callable[[Array, Array], Array]) -> Op:
        """Multiply by another slope, of z and a."""
        return lambda e, v: v * slope(self.z(e), self.a(e))


@dataclass(frozen=True)
class Step:
    """One quantity of a backward pass."""

    name: str
    vjps: tuple[VJP, ...]
    forward: str
    """The forward formula behind it, as the sheet writes it: `Z2 = A1·W2 + B2`."""
    mixed_mistakes: tuple[MixedMistake, ...] = ()
    paths: tuple[Path, ...] = ()
    """The step is the sum of these; without any it is all of its factors one after the other. A mistake in a
    factor that paths share is made on all of them."""
    reads: tuple[str, ...] | None = None
    """The steps that it follows from; None for the one in front of it that is not handed in."""
    function: Function | None = None
    """If a function of numbers comes last."""
    has_factors: bool = False  # whether some mistakes change a factor alone, as one without a name may
    other_ways: tuple[Form, ...] = ()  # with mistakes in several factors, not tried together elsewhere

    @cached_property
    def names_its_sign(self) -> bool:
        """Return whether the other sign has a name of its own here."""
        single = len(self.paths) <= 1
        return single and any(each.opposite for vjp in self.vjps for each in vjp.mistakes)

    @cached_property
    def right(self) -> Form:
        """The step without a mistake."""
        return self.form({})

    def form(self, wrong: Mapping[int, Op], mistakes: tuple[Named, ...] = ()) -> Form:
        """Run it with other operations for some of its factors, by number."""
        ops = tuple(wrong.get(number, vjp.right) for number, vjp in enumerate(self.vjps))
        return Form(mistakes, ops, self.paths or (tuple(range(len(self.vjps))),))

    def named(self, number: int, fault: str, hint: str) -> Named:
        """Name a mistake in one of its factors."""
        vjp = self.vjps[number]
        return Named(fault, hint, vjp.where or self.name, vjp.forward or self.forward)

    def variants(self, count: int, *, apart: bool = True, fitted: bool = True) -> Sequence[Form]:
        """Return all ways to run it with `count` mistakes, none where they are more than are always tried.

        apart : whether in forms that are said of a part alone, too.
        fitted : whether in those, too, that are found by fitting and need not be tried.
        """
        return self._ways(count, apart, fitted)[0]

    def more_variants(self, count: int, *, apart: bool = True, fitted: bool = True) -> Iterator[Form]:
        """Yield the same where they are more than that, one after the other."""
        yield from _variants(self, count, self._ways(count, apart, fitted)[1])

    def _ways(self, count: int, apart: bool, fitted: bool) -> tuple[Sequence[Form], _Pools]:
        """Return what is always tried, and the mistakes that more is made of."""
        key = count, apart, fitted
        if key not in self._known:  # the same for every answer
            pools = _pools(self, count, apart=apart, fitted=fitted)
            few = sum(prod(map(len, chosen)) for chosen in combinations(pools, count)) <= MOST_FORMS
            self._known[key] = (tuple(_variants(self, count, pools)), ()) if few else ((), pools)
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[int, bool, bool], tuple[Sequence[Form], _Pools]]:
        return {}

    @cached_property
    def omissions(self) -> tuple[tuple[Named, frozenset[Path]], ...]:
        """Return ways that can be left out where several come together, with the paths that each loses."""
        return tuple(_omissions(self, self.paths, 0))


def _omissions(step: Step, paths: Sequence[Path], depth: int) -> Iterator[tuple[Named, frozenset[Path]]]:
    """Look for places where paths come together, from the step's end backward; depth: factors behind them."""
    groups: dict[int, list[Path]] = {}
    for path in paths:
        if len(path) > depth:
            groups.setdefault(path[-1 - depth], []).append(path)
    for number, group in groups.items():
        vjp = step.vjps[number]
        if len(groups) > 1:
            yield step.named(number, vjp.left_out, vjp.through), frozenset(group)
        yield from _omissions(step, group, depth + 1)


class _Wrong(NamedTuple):
    """One mistake in a step: another operation for a factor, or paths that are left out."""

    named: Named
    vjp: int
    op: Op | None
    lost: frozenset[Path]


_Pools: TypeAlias = Sequence[Sequence[_Wrong]]
"""Mistakes; those of one pool exclude each other."""


def _pools(step: Step, count: int, *, apart: bool, fitted: bool) -> _Pools:
    """Return the mistakes in a step that are tried with others."""
    last = -1 if fitted or step.function is None else step.function.vjp
    pools = [
        [
            _Wrong(step.named(n, a.fault, a.hint)._replace(apart=a.apart), n, a.op, frozenset())
            for a in vjp.mistakes
            if (apart or not a.apart) and not (count > 1 and a.rare) and not (n == last and a.of_a_family)
        ]
        for n, vjp in enumerate(step.vjps)
    ]
    left_out = [[_Wrong(named, -1, None, lost)] for named, lost in step.omissions]
    return [*left_out, *(pool for pool in pools if pool)]  # what is left out altogether is likelier


def _variants(step: Step, count: int, pools: _Pools) -> Iterator[Form]:
    if count == 0:
        yield step.right
        return
    for chosen in combinations(pools, count):
        for wrong in product(*chosen):
            form = step.form({w.vjp: w.op for w in wrong if w.op is not None}, tuple(w.named for w in wrong))
            lost = frozenset().union(*(w.lost for w in wrong))
            if not lost:
                yield form
            else:
                remaining = tuple(path for path in form.paths if path not in lost)
                if remaining and all(w.op is None or any(w.vjp in path for path in remaining) for w in wrong):
                    yield form._replace(paths=remaining)


@dataclass(frozen=True)
class BackwardPass:
    """A backward pass: steps from the output inward, each after those that it follows from.

    Parts are linear in a hidden step that they are computed from. A part that others follow from is judged
    first, and what follows from it is judged by the student's own array.
    """

    steps: tuple[Step, ...]
    mean: bool | None = True
    """Whether the error is a mean over the data points, or a sum; None where no error is part of it."""
    values: Callable[[Env], Mapping[str, Array]] | None = None
    """Computes the quantities of the forward pass that an instance does not hold."""

    def environment(self, instance: Instance) -> dict[str, Any]:
        """Return all quantities of the forward pass on an instance, and what `environment` gives."""
        if instance not in self._environments:  # which students share
            env = environment(instance)
            self._environments[instance] = env if self.values is None else {**env, **self.values(env)}
        return dict(self._environments[instance])

    @cached_property
    def _environments(self) -> WeakKeyDictionary[Instance, dict[str, Any]]:
        return WeakKeyDictionary()


@dataclass(frozen=True)
class ComputationMistake:
    """A mistake in a computation."""

    fault: str
    where: str
    costs: tuple[str, ...]
    """The parts that are lost by it; all others follow from it and are carried forward."""
    setting: tuple[str, object]
    """The name and value that the computation's function is given for it."""
    hint: str = ""
    rare: bool = False
    """Tried together with other rare ones only if these have the same hint: the sigmoid in every layer."""
    alone: bool = False
    """Tried by itself, and with no other: another computation altogether."""


@dataclass(frozen=True)
class Family:
    """A mistake with an unknown number in it, such as the slope of a leaky ReLU."""

    mistakes: Callable[[float], tuple[ComputationMistake, ...]]
    """The mistake, or the same one in several places, for a number."""
    between: tuple[float, float]
    """Where the number is looked for."""


@dataclass(frozen=True)
class CheapOutput:
    """A part of a computation that costs little, computed for many combinations at once."""

    part: str
    values: Callable[[Instance, Sequence[Mapping[str, Any]]], Array]
    """(K, M) for K combinations of mistakes: the number itself, or M projections of the array."""
    binds: bool = True
    """Whether nothing can be said of other parts where this one is not explained."""


@dataclass(frozen=True)
class Computation:
    """A whole computation with its mistakes; two settings of one name exclude each other."""

    run: Callable[[Instance, Mapping[str, Any]], Mapping[str, Array]]
    """Computes every part, given the mistakes made; none of them gives the truth."""
    mistakes: tuple[ComputationMistake, ...]
    scaled: tuple[str, ...] = ()
    """Parts that may be off by a constant factor, each for itself."""
    averaged: tuple[str, ...] = ()
    """Those of them that are means over the data points: their factor may be a power of N, too."""
    cheap_output: CheapOutput | None = None
    """Computes one part that is cheap; combinations that it rules out are not looked at further."""
    numbers: tuple[CheapOutput, ...] = ()  # parts that are single numbers: what gives others is ruled out
    common_scale: tuple[str, tuple[str, ...]] | None = None
    """Where a factor of all parts is said to be, and the parts it costs: ("error", ("error",))."""
    families: tuple[Family, ...] = ()
    """Tried where a single mistake explains nothing, if a cheap output can measure their number."""
    fallback: Explain | None = None
    """Asked where no mistakes explain the answer."""


def environment(instance: Instance) -> dict[str, Any]:
    """Return an instance's inputs by name, lists spelled out (W -> W1, W2, …), its `sizes`, and N, or 1."""
    env: dict[str, Any] = {}
    for name, value in instance.inputs.items():
        if isinstance(value, list):
            env.update({f"{name}{i + 1}": item for i, item in enumerate(value)})
        else:
            env[name] = value
    return {**env, "N": instance.sizes.get("N", 1), "sizes": dict(instance.sizes)}


def evaluate(operations: Sequence[Op], env: Env) -> Array | None:
    """Run operations one after the other; None where shapes do not fit or an array is not there."""
    return Form((), tuple(operations), (tuple(range(len(operations))),)).value(env)
