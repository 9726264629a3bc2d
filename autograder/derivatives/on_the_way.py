"""Name an intermediate gradient that is right, but recomputed wrongly for one of those after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from autograder.diagnosis.steps import VJP, Mistake, Op

TURNED = frozenset({"operand-not-transposed", "upstream-transposed"})
"""What is written in a product of three, where the one of the first two has no name."""


def made_anew(vjps: Sequence[VJP], run: Callable[[Mapping[int, Op]], Op], gradient: str) -> Iterator[Mistake]:
    """Yield the ways in which a gradient is made anew for one part alone, with a factor not transposed.

    vjps : the factors of the gradient.
    run : makes it with other operations for some of them.
    """
    for number, vjp in enumerate(vjps):
        for mistake in vjp.mistakes:
            if mistake.fault in TURNED:
                op = run({number: mistake.op})
                yield Mistake("not-transposed-on-the-way", op, gradient, rare=True, apart=True)
