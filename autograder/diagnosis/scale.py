"""Find constant factors: an array that is right but for one number, or a law of dimensions."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from autograder.compare import RELATIVE, agrees, cannot_agree
from autograder.exercise import Array

KNOWN = (1.0, -1.0, 0.5, -0.5)  # factors with a name
POWERS = (1, -1, 2, -2, 0.5, -0.5)  # of a dimension, the simplest first
OF_TWO = (1, -1, 0.5, -0.5)  # of two dimensions at once
FEWEST_FOR_TWO = 3  # different instances
FEWEST_OF_SHEET = 3  # data points of a sheet: of two, N/2 may be a missing factor two as well
TIE = 1e-2  # how little plainness a number's size is
LARGEST = 1e100  # factor, either way: what is further off is 0 or overflow
LAWS: Mapping[bool | None, Mapping[float, str]] = {  # of N, where the error is a mean, a sum, or no part
    True: {1: "sum-instead-of-mean", -1: "mean-twice"},
    False: {-1: "mean-instead-of-sum"},
    None: {-1: "mean-twice"},  # of what is summed over the data points
}
FEWEST_PARTS = 3  # N/3 is written as a fraction, N/1.5 is not

Sizes: TypeAlias = "Mapping[str, int] | int"
"""The lengths of dimensions by name, or N alone."""
_Key: TypeAlias = tuple[tuple[str, int], ...]
_Powers: TypeAlias = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Scale:
    """given = factor · N^power · (powers of other dimensions) · expected, on every instance."""

    factor: float = 1.0
    power: float = 0
    """Of N, the number of data points."""
    others: tuple[tuple[str, float], ...] = ()
    """Powers of other dimensions, by name."""

    def __truediv__(self, other: Scale) -> Scale:
        powers = dict(self.others)
        for name, power in other.others:
            powers[name] = powers.get(name, 0) - power
        rest = tuple(sorted((name, power) for name, power in powers.items() if power))
        return Scale(_snapped(self.factor / other.factor), self.power - other.power, rest)

    @property
    def powers(self) -> dict[str, float]:
        """Of all dimensions, by name."""
        return {**({"N": self.power} if self.power else {}), **dict(self.others)}

    def of(self, sizes: Sizes) -> float:
        """Return the number itself, for dimensions of these lengths."""
        known = _by_name(sizes)
        return float(
            self.factor * np.prod([known[name] ** float(power) for name, power in self.powers.items()])
        )

    def __str__(self) -> str:
        """Return the number in words of dimensions: `0.1`, `N/64`, `3·N`, `1/N²`, `1/√d`."""
        above = "·".join(_word(name, power) for name, power in self.powers.items() if power > 0)
        below = "·".join(_word(name, -power) for name, power in self.powers.items() if power < 0)
        several = sum(power < 0 for power in self.powers.values()) > 1
        under = f"/({below})" if several else f"/{below}" if below else ""
        if not above:
            return f"{self.factor:.4g}{under}"
        parts = round(1 / abs(self.factor))
        if not below and parts >= FEWEST_PARTS and abs(parts * abs(self.factor) - 1) <= RELATIVE:
            return f"{'-' * (self.factor < 0)}{above}/{parts}"
        number = {1.0: "", -1.0: "-"}.get(self.factor, f"{self.factor:.4g}·")
        return f"{number}{above}{under}"

    @property
    def odd(self) -> float:
        """How far-fetched it is: N is plainer than 3, 3 than 3·N and 1.5, and 3 than 6."""
        number = abs(self.factor)
        whole = any(abs(each - round(each)) <= RELATIVE * each for each in (number, 1 / number))
        return len(self.powers) + (self.factor not in KNOWN) * (2 - whole) + TIE * abs(math.log(number))

    def faults(self, mean: bool | None, sheet: int = 0) -> tuple[tuple[str, str], ...]:
        """Return names of this factor, each with what is filled into its sentence; none for 1.

        mean : whether a mean over N should be taken; None if a gradient is given, and no error.
        sheet : the number of data points of the sheet's own data, if it has been given out.
        """
        of_points = not self.others
        if mean and sheet >= FEWEST_OF_SHEET and self.power == 1 and of_points:
            rest = _snapped(self.factor * sheet)
            if rest in KNOWN:
                return (*_known(rest), ("hard-coded-size", str(sheet)))
        if self.factor not in KNOWN:
            return (("wrong-scale", str(self)),)
        if not self.powers:
            return _known(self.factor)
        law = LAWS[mean].get(self.power) if of_points else None
        if law is not None:
            return (*_known(self.factor), (law, ""))
        return (*_known(self.factor), ("wrong-scale", str(Scale(1.0, self.power, self.others))))


def _known(factor: float) -> tuple[tuple[str, str], ...]:
    names = ["wrong-sign"] * (factor < 0) + ["missing-factor-two"] * (abs(factor) == 0.5)
    return tuple((name, "") for name in names)


def _word(name: str, power: float) -> str:
    """Return a power of a dimension: `N`, `N²`, `√d`."""
    return (
        f"√{name}"
        if power == 0.5
        else name
        if power == 1
        else f"{name}²"
        if power == 2
        else f"{name}^{power:g}"
    )


def _by_name(sizes: Sizes) -> Mapping[str, int]:
    return {"N": sizes} if isinstance(sizes, int) else sizes


def points(sizes: Sizes) -> int:
    """Return N, the number of data points; 2 if there are none to be counted: one would prove nothing."""
    return _by_name(sizes).get("N", 2)


RIGHT = Scale()
OPPOSITE = Scale(-1.0)


def ratio(given: Array, expected: Array) -> float | None:
    """Return the number s with given = s · expected in every entry; None if there is none, or it is about 0.

    Where both are zero any number will do: nan.
    """
    if given.shape != expected.shape:
        return None
    if expected.size == 1:
        return _of_numbers(given.item(), expected.item())
    size = float(np.vdot(expected, expected))
    if math.isinf(size):  # the square is too large for a number, which neither of the two need be
        unit = float(np.abs(expected).max())
        return ratio(given / unit, expected / unit) if math.isfinite(unit) else None
    if size == 0:
        return None if given.any() else np.nan
    s = float(np.vdot(given, expected)) / size
    if not 1 / LARGEST <= abs(s) <= LARGEST:
        return None
    explained = s * s * size  # squared norm of s · expected, to which given - s · expected is perpendicular
    if cannot_agree(float(np.vdot(given, given)) - explained, explained, given.size):
        return None
    return s if agrees(given, s * expected) else None


def _of_numbers(given: float, expected: float) -> float | None:
    """Return the same of single numbers, of which there are very many to be compared."""
    if expected == 0:
        return None if given else np.nan
    s = given / expected
    return s if 1 / LARGEST <= abs(s) <= LARGEST else None


def measured(given: Array | None, expected: Array | None) -> float | None:
    """Do the same if either may be absent; nan if neither the expected nor the given array is finite."""
    if expected is None:
        return None
    if given is None:
        return None if np.isfinite(expected).all() else np.nan
    return ratio(given, expected)  # of what is not finite there is none


def common(ratios: Sequence[float], sizes: Sequence[Sizes], hidden: Sequence[bool]) -> Scale | None:
    """Return the scale behind one ratio per instance; None if they have no law in common.

    sizes : the instances' dimensions by name, or N alone.
    hidden : which of them students have not seen. Unless one of these reveals something, nothing is returned;
        nor
        do single data points alone reveal anything, if there are others.
    """
    all_sizes = [_by_name(each) for each in sizes]
    known = [
        (s, n, unseen) for s, n, unseen in zip(ratios, all_sizes, hidden, strict=True) if not math.isnan(s)
    ]
    fewest = 1 + any(points(n) > 1 for n, unseen in zip(all_sizes, hidden, strict=True) if unseen)
    if not any(unseen and fewest <= points(n) for _, n, unseen in known):
        return None
    s = np.array([s for s, _, _ in known])
    if _constant(s) == 1.0:  # as nearly always, where somebody's own mistake lies elsewhere
        return RIGHT
    # one size tells a factor from no law
    ambiguous = len({_key(n) for _, n, _ in known}) == 1 < len({_key(n) for n in all_sizes})
    for law in _laws(s, [n for _, n, _ in known], only_factor=ambiguous):
        return None if ambiguous and law != RIGHT else law
    return None


def exclude(ratios: Sequence[float], sizes: Sequence[Sizes], varying: Collection[str]) -> bool:
    """Return whether two ratios have no law in common, as far as a quick look tells: for one dimension.

    sizes : those of their two instances.
    varying : the dimensions that are not the same on all instances.
    """
    if len(varying) > 1 or any(math.isnan(s) for s in ratios):
        return False
    one, other = ratios
    if one * other < 0:
        return True
    lengths = [_by_name(each).get(name, 1) for name in varying for each in sizes]
    apart = math.log(lengths[0] / lengths[1]) if lengths else 0.0
    log_ratio = math.log(one / other)
    return all(abs(log_ratio - power * apart) > 4 * RELATIVE for power in (0, *POWERS))


def lawful(ratios: Array, sizes: Sequence[Sizes]) -> NDArray[np.bool_]:
    """Return whether each of K rows of ratios, (K, instances), may have a law: the quick answer for many.

    ratios : nan where any number will do.
    sizes : the instances' dimensions by name, or N alone.
    """
    _, logs = _powers(tuple(_key(_by_name(each)) for each in sizes))
    laws = np.vstack([np.zeros(len(sizes)), logs])
    known = np.logical_not(np.isnan(ratios))
    one_sign = (known & (ratios > 0)).any(axis=1) != (known & (ratios < 0)).any(axis=1)
    rest = np.log(np.abs(ratios))[:, None, :] - laws
    high = np.where(known[:, None, :], rest, -np.inf).max(axis=2)
    low = np.where(known[:, None, :], rest, np.inf).min(axis=2)
    some = (high - low <= 4 * RELATIVE).any(axis=1)
    result: NDArray[np.bool_] = (one_sign & some) | np.logical_not(known.any(axis=1))
    return result


def varying(sizes: Sequence[Sizes]) -> frozenset[str]:
    """Return the dimensions that are not the same on all instances."""
    known = [_by_name(each) for each in sizes]
    return frozenset(name for each in known for name in each if len({n.get(name) for n in known}) > 1)


def _laws(s: Array, sizes: Sequence[Mapping[str, int]], *, only_factor: bool) -> Iterator[Scale]:
    """Laws that give these ratios, the simplest first."""
    factor = _constant(s)
    if factor is not None:
        yield Scale(factor)
    if only_factor or np.any(np.sign(s) != np.sign(s[0])):
        return
    powers, logs = _powers(tuple(map(_key, sizes)))
    rest = np.log(np.abs(s)) - logs
    for k in np.flatnonzero(np.ptp(rest, axis=1) <= 4 * RELATIVE).tolist():  # cheap; exactly below
        factor = _constant(s / np.exp(logs[k]))
        if factor is not None:
            others = tuple(sorted((name, power) for name, power in powers[k] if name != "N"))
            yield Scale(factor, dict(powers[k]).get("N", 0), others)


@lru_cache(maxsize=256)
def _powers(sizes: tuple[_Key, ...]) -> tuple[list[_Powers], Array]:
    """Powers of one or two dimensions, the simplest first, and their logarithms on each instance, (L, K)."""
    known = [dict(each) for each in sizes]
    lengths = {
        name: np.log([float(n[name]) for n in known])
        for name in known[0]
        if all(name in n for n in known) and len({n[name] for n in known}) > 1
    }
    single = [((name, power),) for name in sorted(lengths, key=lambda n: n != "N") for power in POWERS]
    pairs = combinations(lengths, 2) if len(set(sizes)) >= FEWEST_FOR_TWO else ()
    double = [((a, p), (b, q)) for a, b in pairs for p, q in product(OF_TWO, repeat=2)]
    powers: list[_Powers] = [*single, *double]
    logs = [sum(power * lengths[name] for name, power in each) for each in powers]
    return powers, np.array(logs, dtype=float).reshape(len(powers), len(sizes))


def _constant(s: Array) -> float | None:
    """Return the number that these are, up to rounding."""
    factor = float(s.mean())
    return _snapped(factor) if (np.abs(s - factor) <= RELATIVE * abs(factor)).all() else None


def _key(sizes: Mapping[str, int]) -> _Key:
    return tuple(sorted(sizes.items()))


def _snapped(factor: float) -> float:
    return next((k for k in KNOWN if abs(factor - k) <= RELATIVE * abs(k)), factor)
