"""Draw hidden instances of a forward pass, batch by batch, until its conditions hold.

    def instances(seed: int) -> list[Instance]:
        return [sheet(), *draw(NETWORK, seed, by=PARAMETERS, sizes=[{"N": 1}, {"N": 5}, {"N": 9}])]

The conditions are the operations' own (away from kinks, nothing saturated, …), that no entry of a gradient
is near zero, and that single precision loses none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from autograder.exercise import VARIANTS, Array, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.evidence import (
    Mask,
    differentiated,
    entries_stand_out,
    gradients,
    recorded,
    single_precision_will_do,
)
from autograder.instances.pool import POOL, POOLED
from autograder.instances.samplers import Place, Sampler, usual
from autograder.operations.conditions import Evaluated
from autograder.operations.dimensions import length

MANY = 48  # candidates drawn at once: of a network's with several data points, one in fifteen will do
FEW = 8  # the same at first with a single data point, where every second will
LARGEST = 192  # the same at most, where conditions are hard to meet
BLOCK = 8  # of them drawn at once, when the first is asked for: who checks one notebook waits for no more
TRIES = 50_000  # candidates, after which a forward pass has none

_T = TypeVar("_T")
_Items: TypeAlias = tuple[tuple[str, _T], ...]
_Sizes: TypeAlias = tuple[tuple[str, int], ...]

Places: TypeAlias = NDArray[np.intp]
Extra: TypeAlias = Callable[[Mapping[str, Array]], Mask]
"""A condition of an assignment's own: which of K candidates are suitable, given all quantities by name."""


class NoInstance(ValueError):
    """Raised if no candidate meets the conditions; the message is a sentence for the assignment's author."""


def draw(
    forward: ForwardPass,
    seed: int | np.random.Generator,
    *,
    by: Sequence[str],
    sizes: Sequence[Mapping[str, int]],
    samplers: Mapping[str, Sampler] | None = None,
    conditions: Mapping[str, Extra] | None = None,
    description: str = "other data and parameters",
) -> list[Instance]:
    """Draw hidden instances, the same for the same seed.

    Variants of one exercise (`exercise.VARIANTS`) choose from a pool of 32 instances of each size, so that a
    class has many sets of instances but few instances have to be drawn.

    Parameters
    ----------
    forward : the forward pass.
    seed : of all instances; or a generator, to draw further ones from.
    by : the quantities whose gradients must show mistakes; without any, only `conditions` count.
    sizes : of the named dimensions, for each instance.
    samplers : for inputs that are not drawn as `samplers.usual` does, by name.
    conditions : further ones, by name.
    description : for students; the sizes are appended to it.

    Raises
    ------
    NoInstance
        Of very many candidates none meets all conditions.
    """
    drawing = _drawing(forward, tuple(by), _items(samplers), _items(conditions))
    rng = np.random.default_rng(seed)
    counts = Counter(tuple(own.items()) for own in sizes)
    result = {
        own: iter(
            drawing.instances(rng, own, count, description)
            if isinstance(seed, np.random.Generator)
            else _chosen(drawing, seed // VARIANTS, own, description, rng.permutation(POOL)[:count])
        )
        for own, count in counts.items()
    }
    return [next(result[tuple(own.items())]) for own in sizes]


class _Candidates(NamedTuple):
    """Hold a forward pass that was computed for K candidates at once."""

    known: dict[str, Array]
    """All inputs and quantities, each (K, …)."""
    tensors: dict[str, Any]
    """The same as PyTorch recorded them."""


class _Drawing:
    def __init__(
        self,
        forward: ForwardPass,
        by: tuple[str, ...],
        samplers: _Items[Sampler],
        conditions: _Items[Extra],
    ) -> None:
        self._forward, self._by = forward, by
        self._samplers, self._own = dict(samplers), dict(conditions)
        self._given = [*forward.inputs, *self._upstream()]
        through: set[str] = set()  # quantities through which a gradient in `by` passes
        for node in forward.nodes.values():
            if any(operand in by or operand in through for operand in node.operands):
                through.add(node.name)
        self._conditions = [
            (condition.name, condition.holds, node)
            for node in forward.nodes.values()
            if node.name in through
            for condition in node.operation.conditions
        ]

    def instances(
        self, rng: np.random.Generator, sizes: _Sizes, count: int, description: str
    ) -> list[Instance]:
        """Draw instances of one size."""
        words = f"{description} ({', '.join(f'{name} = {size}' for name, size in sizes)})"
        drawn = self._some(rng, dict(sizes), count)
        return [Instance(inputs, words, sizes=dict(sizes)) for inputs in drawn]

    def _some(self, rng: np.random.Generator, sizes: Mapping[str, int], count: int) -> list[dict[str, Array]]:
        """Draw batches until enough candidates meet every condition, and return their inputs."""
        rejected: Counter[str] = Counter()
        result: list[dict[str, Array]] = []
        batch, tried = FEW if 1 in sizes.values() else MANY, 0
        while len(result) < count and tried < TRIES:
            tried += batch
            drawn = self._candidates(rng, batch, sizes)
            result += self._that_will_do(drawn, sizes, count - len(result), rejected)
            batch = min(max(2 * batch, MANY), LARGEST)
        if len(result) == count:
            return result
        worst = rejected.most_common(1)[0][0]
        raise NoInstance(
            f"Of {tried} candidates with {dict(sizes)}, none meets all conditions; most fail at `{worst}`. "
            "Draw the inputs otherwise, or with other sizes."
        )

    def _candidates(self, rng: np.random.Generator, K: int, sizes: Mapping[str, int]) -> _Candidates:
        """Draw inputs as the forward pass comes to them, and compute it, for K candidates."""
        known: dict[str, Array] = {}
        tensors: dict[str, Any] = {}
        for node in self._forward.nodes.values():
            for name in node.operands:
                if name in self._forward.inputs and name not in known:
                    shape = (K, *self._shape(name, sizes))
                    place = Place(rng, name, shape, self._forward, node, known)
                    known[name] = self._samplers.get(name, usual)(place)
                    tensors[name] = recorded(known[name], leaf=name in self._by)
            operands = [tensors[operand] for operand in node.operands]
            tensors[node.name] = self._forward.computed(node, operands, sizes)
            known[node.name] = tensors[node.name].detach().numpy()
        for name in self._upstream():
            known[name] = rng.standard_normal(known[self._forward.output].shape)
        return _Candidates(known, tensors)

    def _that_will_do(
        self, drawn: _Candidates, sizes: Mapping[str, int], wanted: int, rejected: Counter[str]
    ) -> list[dict[str, Array]]:
        """Return the inputs of the first candidates that meet all conditions; cheap conditions come first."""
        known = drawn.known
        places = np.arange(len(known[self._forward.output]))
        for name, holds, node in self._conditions:
            use = Evaluated([known[operand] for operand in node.operands], known[node.name], node.keywords)
            places = _passing(name, places, holds(use)[places], rejected)
        for name, extra in self._own.items():
            if len(places):
                good = extra({each: array[places] for each, array in known.items()})
                places = _passing(name, places, good, rejected)
        if len(places) and self._by:
            by = {name: drawn.tensors[name] for name in self._by}
            output = self._forward.output
            exact = differentiated(drawn.tensors[output], by, known.get(f"D{output}"))
            good = entries_stand_out(exact, alone=1 in sizes.values())
            places = _passing("entries of gradients stand out", places, good[places], rejected)[:wanted]
            if len(places):
                inputs = {name: known[name][places] for name in self._given}
                exact = {name: gradient[places] for name, gradient in exact.items()}
                short = gradients(self._forward, inputs, self._by, single=True, sizes=sizes)
                good = single_precision_will_do(exact, short)
                places = _passing("single precision will do", places, good, rejected)
        return [{name: known[name][k].copy() for name in self._given} for k in places[:wanted]]

    def _upstream(self) -> list[str]:
        output = self._forward.output
        return [f"D{output}"] if self._forward.shapes[output] else []

    def _shape(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(length(size, sizes) for size in self._forward.shapes[name])


_drawing = lru_cache(maxsize=64)(_Drawing)
"""The same for the same forward pass, samplers and conditions, which identify its pools."""


def _items(functions: Mapping[str, _T] | None) -> _Items[_T]:
    return tuple((functions or {}).items())


def _chosen(
    drawing: _Drawing, pool: int, sizes: _Sizes, description: str, places: Places
) -> Iterator[Instance]:
    """Yield the instances at these places of a pool."""
    for block, k in (divmod(int(place), BLOCK) for place in places):
        yield _block(drawing, pool, sizes, description, block)[k]


@lru_cache(maxsize=POOLED // BLOCK)
def _block(drawing: _Drawing, pool: int, sizes: _Sizes, description: str, block: int) -> list[Instance]:
    """Draw some instances of a pool."""
    return drawing.instances(np.random.default_rng([pool, block]), sizes, BLOCK, description)


def _passing(name: str, places: Places, good: Mask, rejected: Counter[str]) -> Places:
    rejected[name] += int((~good).sum())
    return places[good]
