"""Represent factors that follow from an instance's dimensions: 2/N, 1/√d."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

POWERS = {0.5: "√{}", 1.0: "{}", 2.0: "{}²", 3.0: "{}³"}


@dataclass(frozen=True)
class Law:
    """A number times powers of named dimensions."""

    factor: float = 1.0
    powers: Mapping[str, float] = field(default_factory=dict, hash=False)
    """By the dimension's name: {"d": -0.5} for 1/√d."""

    def value(self, sizes: Mapping[str, int]) -> float:
        """Compute it for dimensions of these sizes.

        Raises
        ------
        KeyError
            A dimension is not among them.
        """
        return self.factor * math.prod(math.pow(sizes[name], power) for name, power in self.powers.items())

    def __mul__(self, other: Law) -> Law:
        powers = dict(self.powers)
        for name, power in other.powers.items():
            powers[name] = powers.get(name, 0.0) + power
        return Law(self.factor * other.factor, {name: power for name, power in powers.items() if power})

    def __pow__(self, exponent: float) -> Law:
        powers = {name: power * exponent for name, power in self.powers.items()}
        return Law(self.factor**exponent, powers)

    @property
    def before(self) -> str:
        """Return what is written before the scaled quantity: `2·`, `-`."""
        above = [_power(name, power) for name, power in self.powers.items() if power > 0]
        factor, sign = abs(self.factor), "-" if self.factor < 0 else ""
        if 0 < factor < 1 and self._divisor:
            factor = 1.0
        numbers = [] if factor == 1 else [f"{factor:g}"]
        return sign + "".join(f"{piece}·" for piece in (*numbers, *above))

    @property
    def after(self) -> str:
        """Return what is written after it: `/√d`."""
        below = [_power(name, -power) for name, power in self.powers.items() if power < 0]
        pieces = [*([self._divisor] if self._divisor else []), *below]
        return f"/({'·'.join(pieces)})" if len(pieces) > 1 else "".join(f"/{piece}" for piece in pieces)

    @property
    def added(self) -> str:
        """Return what is written after something it is added to: ` + 1`, ` - 1`."""
        return f" - {Law(-1.0) * self}" if self.factor < 0 else f" + {self}"

    @property
    def _divisor(self) -> str:
        """Return the whole number that is divided by, if the factor is one over such."""
        inverse = 1 / abs(self.factor) if self.factor else 0.0
        return f"{round(inverse)}" if 1 < inverse < 1000 and abs(inverse - round(inverse)) < 1e-9 else ""

    def __str__(self) -> str:
        before, after = self.before.removesuffix("·"), self.after
        return (before if before not in ("", "-") else f"{before}1") + after


def _power(name: str, power: float) -> str:
    return POWERS[power].format(name) if power in POWERS else f"{name}^{power:g}"
