"""Draw hidden instances of a forward pass, batch by batch, until its conditions hold.

    def instances(seed: int) -> list[Instance]:
        return [sheet(), *draw(NETWORK, seed, by=PARAMETERS, sizes=[{"N": 1}, {"N": 5}, {"N": 9}])]

The conditions are the operations' own (away from kinks, nothing saturated, …), that no entry of a gradient
is near zero, and that single precision loses none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.exercise import Array, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.evidence import Mask, entries_stand_out, gradients, single_precision_will_do
from autograder.instances.samplers import Place, Sampler, usual
from autograder.operations.conditions import Evaluated

BATCH, LARGEST = 32, 128  # candidates drawn at first, and at most
TRIES = 50_000  # candidates, after which a forward pass has none

Places: TypeAlias = NDArray[np.intp]
Extra: TypeAlias = Callable[[Mapping[str, Array]], Mask]
"""A condition of an assignment's own: of K candidates, all inputs and quantities by name, which will do."""


class NoInstance(ValueError):
    """No candidate meets the conditions; the message is a sentence for the assignment's author."""


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

    Parameters
    ----------
    forward : the forward pass.
    seed : of all instances; or a generator, to draw further ones from.
    by : the quantities whose gradients must show mistakes; without any, only `conditions` count.
    sizes : of the named dimensions, for each instance.
    samplers : for inputs that are not drawn as `samplers.usual` does, by name.
    conditions : further ones, by what they are called.
    description : for students; the sizes are put behind it.

    Raises
    ------
    NoInstance
        Of very many candidates none meets all conditions.
    """
    rng = np.random.default_rng(seed)
    drawing = _Drawing(forward, tuple(by), samplers or {}, conditions or {})
    found = []
    for own in sizes:
        inputs = drawing.one(rng, own)
        words = ", ".join(f"{name} = {size}" for name, size in own.items())
        found.append(Instance(inputs, f"{description} ({words})", sizes=dict(own)))
    return found


class _Drawing:
    def __init__(
        self,
        forward: ForwardPass,
        by: tuple[str, ...],
        samplers: Mapping[str, Sampler],
        conditions: Mapping[str, Extra],
    ) -> None:
        self._forward, self._by, self._samplers, self._own = forward, by, samplers, conditions
        self._differentiated: set[str] = set()
        """Quantities that a gradient in `by` comes through."""
        for node in forward.nodes.values():
            if any(operand in by or operand in self._differentiated for operand in node.operands):
                self._differentiated.add(node.name)

    def one(self, rng: np.random.Generator, sizes: Mapping[str, int]) -> dict[str, Array]:
        """Draw batches until a candidate meets every condition, and give its inputs."""
        rejected: Counter[str] = Counter()
        batch = tried = 0
        while tried < TRIES:
            batch = min(2 * batch, LARGEST) or BATCH
            tried += batch
            known = self._candidates(rng, batch, sizes)
            left = self._meeting(known, rejected)
            if len(left):
                names = [*self._forward.inputs, *self._upstream()]
                return {name: known[name][left[0]] for name in names}
        worst = rejected.most_common(1)[0][0]
        raise NoInstance(
            f"Of {tried} candidates with {dict(sizes)}, none meets all conditions; most fail at `{worst}`. "
            "Draw the inputs otherwise, or with other sizes."
        )

    def _candidates(self, rng: np.random.Generator, K: int, sizes: Mapping[str, int]) -> dict[str, Array]:
        """Draw inputs as the forward pass comes to them, and compute it, for K candidates."""
        known: dict[str, Array] = {}
        for node in self._forward.nodes.values():
            for name in node.operands:
                if name in self._forward.inputs and name not in known:
                    shape = (K, *self._shape(name, sizes))
                    place = Place(rng, name, shape, self._forward, node, known)
                    known[name] = self._samplers.get(name, usual)(place)
            known[node.name] = self._forward.value(node.name, known, sizes)
        for name in self._upstream():
            known[name] = rng.standard_normal(known[self._forward.output].shape)
        return known

    def _meeting(self, known: Mapping[str, Array], rejected: Counter[str]) -> Places:
        """The numbers of the candidates that meet all conditions; those cheap to see come first."""
        left = np.arange(len(known[self._forward.output]))
        cheap = [
            (condition.name, condition.holds, node)
            for node in self._forward.nodes.values()
            if node.name in self._differentiated
            for condition in node.operation.conditions
        ]
        for name, holds, node in cheap:
            if len(left):
                operands = [known[operand][left] for operand in node.operands]
                use = Evaluated(operands, known[node.name][left], node.keywords)
                left = _kept(name, left, holds(use), rejected)
        for name, extra in self._own.items():
            if len(left):
                good = extra({each: array[left] for each, array in known.items()})
                left = _kept(name, left, good, rejected)
        if not len(left) or not self._by:
            return left
        inputs = {name: known[name][left] for name in (*self._forward.inputs, *self._upstream())}
        exact = gradients(self._forward, inputs, self._by)
        good = entries_stand_out(exact)
        left = _kept("entries of gradients stand out", left, good, rejected)
        if not len(left):
            return left
        inputs, exact = ({n: a[good] for n, a in arrays.items()} for arrays in (inputs, exact))
        short = gradients(self._forward, inputs, self._by, single=True)
        return _kept("single precision will do", left, single_precision_will_do(exact, short), rejected)

    def _upstream(self) -> list[str]:
        output = self._forward.output
        return [f"D{output}"] if self._forward.shapes[output] else []

    def _shape(self, name: str, sizes: Mapping[str, int]) -> tuple[int, ...]:
        return tuple(sizes[size] if isinstance(size, str) else size for size in self._forward.shapes[name])


def _kept(name: str, left: Places, good: Mask, rejected: Counter[str]) -> Places:
    rejected[name] += int((~good).sum())
    return left[good]
