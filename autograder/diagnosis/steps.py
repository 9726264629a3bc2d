"""What a computation is made of, and what can go wrong in each piece: the vocabulary of diagnosis.

A backward pass is a chain of steps from the output inward. Some of its quantities are handed in (DW4, DB4),
others only flow on (DY, DZ3). A step is a chain of slots; each slot has one right form and a few wrong
ones that students write, each with the name of its fault.

    Chain  : Step DY -> Step DW4, DB4 (parts) -> Step DZ3 -> …
    Step   : DZ3 = slot "times W4ᵀ" then slot "times [Z3 > 0]"
    Slot   : the right operation, and alternatives `missing-relu-mask`, `inverted-relu-mask`, …

A computation that shows nothing on the way (a whole forward pass, a whole descent) is a `Model`: one function
with choices, of which the student may have made some wrongly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product
from typing import Any, TypeAlias

import numpy as np

from autograder.exercise import Array, Explain, Instance

Env: TypeAlias = Mapping[str, Any]
"""One instance's arrays by name: inputs (a list W as W1, W2, …), N, and the quantities so far."""
Op: TypeAlias = Callable[[Env, Array], Array]
"""Computes a slot's value from the environment and the value of the slot before it."""


Variant: TypeAlias = tuple[tuple[tuple[str, str], ...], tuple[Op, ...]]
"""A way to run a step: names and hints of what is wrong in it, and the operations of its slots."""


@dataclass(frozen=True)
class Alternative:
    """A wrong form of a slot."""

    fault: str
    op: Op
    hint: str = ""
    """Put into the fault's sentence, where one name covers several forms; or the sentence itself, where the
    fault is one of this assignment alone."""
    rare: bool = False
    """Tried alone, and not together with another wrong form in the same step."""
    apart: bool = False
    """Of a part: it is not made from its hidden step, and so bears out no wrong form of that."""


@dataclass(frozen=True)
class Slot:
    """One operation of a step."""

    right: Op
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class Blend:
    """A wrong form with an unknown number s in it: the slots' value plus s · `op`, s the same everywhere."""

    fault: str
    op: Op
    hint: str = ""
    """Put into the fault's sentence, with `{amount}` for s."""
    between: tuple[float, float] = (-np.inf, np.inf)
    """Where s may lie; what is beyond has another name."""


@dataclass(frozen=True)
class Step:
    """One quantity of a backward pass."""

    name: str
    slots: tuple[Slot, ...]
    forward: str
    """The forward formula behind it, as the sheet writes it: `Z2 = A1·W2 + B2`."""
    blends: tuple[Blend, ...] = ()

    def variants(self, count: int, *, apart: bool = True) -> Sequence[Variant]:
        """All ways to run it with `count` of its slots in a wrong form; apart: whether in such forms, too."""
        key = count, apart
        if key not in self._known:  # the same for every answer
            self._known[key] = tuple(_variants(self.slots, count, apart=apart))
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[int, bool], Sequence[Variant]]:
        return {}


def _variants(slots: Sequence[Slot], count: int, *, apart: bool) -> Iterator[Variant]:
    for wrong in combinations(range(len(slots)), count):
        for alternatives in product(*(slots[i].alternatives for i in wrong)):
            if count > 1 and any(alternative.rare for alternative in alternatives):
                continue
            if not apart and any(alternative.apart for alternative in alternatives):
                continue
            ops = [slot.right for slot in slots]
            for i, alternative in zip(wrong, alternatives, strict=True):
                ops[i] = alternative.op
            yield tuple((a.fault, a.hint) for a in alternatives), tuple(ops)


@dataclass(frozen=True)
class Chain:
    """A backward pass: hidden steps and the parts computed from each, from the output inward.

    Parts are linear in the hidden step they are computed from.
    """

    steps: tuple[Step, ...]
    mean: bool = True
    """Whether the error is a mean over the data points; else it is a sum."""


@dataclass(frozen=True)
class Choice:
    """A wrong choice in a model."""

    fault: str
    where: str
    costs: tuple[str, ...]
    """The parts that are lost by it; all others follow from it and are carried forward."""
    setting: tuple[str, object]
    """The name and value that the model's function is given for it."""
    hint: str = ""
    rare: bool = False
    """Tried together with other rare ones only if these have the same hint: the sigmoid in every layer."""


@dataclass(frozen=True)
class Family:
    """A wrong choice with an unknown number in it, such as the slope of a leaky rectifier."""

    choices: Callable[[float], tuple[Choice, ...]]
    """The choice, or the same one in several places, for a number."""
    between: tuple[float, float]
    """Where the number is looked for."""


@dataclass(frozen=True)
class Glimpse:
    """A single number of a computation that costs little, computed for many combinations at once."""

    part: str
    values: Callable[[Instance, Sequence[Mapping[str, Any]]], Array]
    """(K,) for K combinations of wrong choices."""


@dataclass(frozen=True)
class Model:
    """A whole computation with its choices; two choices of one name exclude each other."""

    run: Callable[[Instance, Mapping[str, Any]], Mapping[str, Array]]
    """Computes every part, given the wrong choices made; none of them gives the truth."""
    choices: tuple[Choice, ...]
    scaled: tuple[str, ...] = ()
    """Parts that may be off by a constant factor, each for itself."""
    glimpse: Glimpse | None = None
    """Computes one part that is cheap; combinations that it rules out are not looked at further."""
    common_scale: tuple[str, tuple[str, ...]] | None = None
    """Where a factor common to all parts is said to be, and the parts it costs: ("error", ("error",))."""
    families: tuple[Family, ...] = ()
    """Tried where a single choice explains nothing, if there is a glimpse to measure their number by."""
    fallback: Explain | None = None
    """Asked where no choices explain the answer."""


def environment(instance: Instance) -> dict[str, Any]:
    """An instance's inputs by name, lists spelled out: W -> W1, W2, …; its `sizes`; N, the data points."""
    env: dict[str, Any] = {}
    for name, value in instance.inputs.items():
        if isinstance(value, list):
            env.update({f"{name}{i + 1}": item for i, item in enumerate(value)})
        else:
            env[name] = value
    lengths = [len(v) for k, v in env.items() if k in ("X", "x") and hasattr(v, "__len__")]
    N = instance.sizes.get("N", lengths[0] if lengths else 1)
    return env | {"N": N, "sizes": {"N": N} | dict(instance.sizes)}


def evaluate(slots: Sequence[Op], env: Env) -> Array | None:
    """Run a chain of operations; None where shapes do not fit or an array is not there."""
    value: Any = None
    try:
        for op in slots:
            value = op(env, value)
    except (ValueError, LookupError):
        return None
    result: Array = value
    return result
