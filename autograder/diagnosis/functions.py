"""Find the function that a gradient was multiplied by, from its values y where z went in and a came out.

No list of functions is tried: each family has one free number or several, and these are fitted. The result
holds at every point, up to rounding; whether it holds on every instance is for the search to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from autograder.compare import agrees
from autograder.exercise import Array

FEWEST = 12  # points
DEGREE = 3  # of polynomials
FLAT = 1e-6  # share of the largest value that counts as 0
FEW = 2  # digits of a polynomial's numbers: with more, many functions are near to one
NEAR = 0.02  # what may be left unexplained at the first look, as a share
DIGITS = 3  # that a number is rounded to, where the rounded one fits as well
ZOOMS = 5  # each ten times closer than the one before
GRID = np.geomspace(0.05, 20, 48)

Slope: TypeAlias = Callable[[Array, Array], Array]
"""Of z and a."""


@dataclass(frozen=True)
class Fitted:
    """A function, up to a factor."""

    words: str
    """With `{z}` and `{a}` for what goes in and what comes out."""
    slope: Slope

    def only_positive(self) -> Fitted:
        """Return the same function where z is positive, and 0 elsewhere."""
        return Fitted(
            f"{self.words}, where {{z}} is positive", lambda z, a: np.where(z > 0, self.slope(z, a), 0.0)
        )


@dataclass(frozen=True)
class _Family:
    """A function of x, which is z or a, with one unknown number k in it."""

    of: Callable[[Array, Array], Array]
    """Of k and x."""
    words: Callable[[str], str]
    """Of k·x as it is written."""
    named: tuple[tuple[float, float, str, str], ...] = ()
    """For some k the factor in front, and the words: of z, and of a."""
    negative: bool = False
    """Whether k may be negative, and the function then is another."""


def sigmoid(x: Array) -> Array:
    """1/(1 + exp(−x)), of any shape."""
    result: Array = 1 / (1 + np.exp(-x))
    return result


FAMILIES = (
    _Family(
        lambda k, x: sigmoid(k * x) * sigmoid(-k * x),
        lambda kx: f"σ({kx})·(1 - σ({kx})), a sigmoid's slope",
        (
            (
                1.0,
                1.0,
                "σ({z})·(1 - σ({z})), a sigmoid's slope",
                "σ({a})·(1 - σ({a})), a sigmoid's slope at another place",
            ),
            (
                2.0,
                4.0,
                "1 - tanh({z})², the slope of a hyperbolic tangent",
                "1 - tanh({a})², a hyperbolic tangent's slope at another place",
            ),
        ),
    ),
    _Family(
        lambda k, x: sigmoid(k * x),
        lambda kx: f"σ({kx})",
        ((1.0, 1.0, "σ({z}), the slope of softplus", "σ({a})"),),
        negative=True,
    ),
    _Family(
        lambda k, x: sigmoid(k * x) * (1 + k * x * sigmoid(-k * x)),
        lambda kx: f"σ({kx})·(1 + {kx}·(1 - σ({kx}))), the slope of swish",
        negative=True,
    ),
    _Family(lambda k, x: np.exp(k * x), lambda kx: f"exp({kx})", negative=True),
    _Family(lambda k, x: 1 / np.cosh(k * x), lambda kx: f"1/cosh({kx})"),
)

POLYNOMIALS: Mapping[tuple[str, tuple[float, ...]], str] = {
    ("a", (0, 1, -1)): "{a}·(1 - {a}), a sigmoid's slope",
    ("z", (0, 1, -1)): "{z}·(1 - {z}), a sigmoid's slope with its operand for its value",
    ("a", (1, 0, -1)): "1 - {a}², the slope of a hyperbolic tangent",
    ("a", (0, 0, 1)): "the square of {a}",
}


def fitted(z: Array, a: Array, y: Array) -> Iterator[Fitted]:
    """Fit functions of one quantity to points; those with the fewest free numbers come first.

    z, a, y : (n,)
    """
    known = np.isfinite(z) & np.isfinite(a) & np.isfinite(y)
    if len(z) < FEWEST or not known.all() or not y.any():
        return
    yield from _constants(z, y)
    yield from _anywhere(z, a, y)
    yield from _itself_on_one_side(z, y)
    yield from _exponential_on_one_side(z, y)
    on = z > 0
    passes = np.abs(y) > FLAT * np.abs(y).max()
    if on.sum() >= FEWEST and not on.all() and not passes[np.logical_not(on)].any():
        yield from (result.only_positive() for result in _anywhere(z[on], a[on], y[on]))


def _anywhere(z: Array, a: Array, y: Array) -> Iterator[Fitted]:
    yield from _polynomial("a", a, y)
    for name, x in (("z", z), ("a", a)):
        for family in FAMILIES:
            yield from _of_family(family, name, x, y)
    yield from _polynomial("z", z, y)
    yield from _power(z, y)


def _constants(z: Array, y: Array) -> Iterator[Fitted]:
    """Yield one constant where z is positive and another elsewhere; or one between two numbers."""
    on = z > 0
    above, below = _constant(y[on]), _constant(y[np.logical_not(on)])
    if above and below is not None:
        ratio = rounded(below / above)
        yield Fitted(_of_two_sides(ratio), lambda z, a: np.where(z > 0, 1.0, ratio))
    within = np.abs(y) > FLAT * np.abs(y).max()
    if not within.all() and _constant(y[within]) is not None:
        yield from _window(z[within], z[np.logical_not(within)])


def _window(inside: Array, outside: Array) -> Iterator[Fitted]:
    """Yield 1 between two numbers, and 0 elsewhere."""
    first, last = float(inside.min()), float(inside.max())
    below, above = outside[outside < first], outside[outside > last]
    if len(below) + len(above) < len(outside):
        return
    low = (float(below.max()), first) if below.size else None
    high = (last, float(above.min())) if above.size else None
    if low and high:  # as far on both sides, if that can be
        both = max(-low[1], high[0]), min(-low[0], high[1])
        if both[0] <= both[1]:
            low, high = (-both[1], -both[0]), both
    left = -_roundest(-low[1], -low[0]) if low else -np.inf
    right = _roundest(*high) if high else np.inf
    if left != 0 or high:  # else one constant where z is positive
        yield _between(left, right)
    if bool(low) != bool(high):  # no point lies beyond the other bound, if there is one
        yield _between(left if low else -right, right if high else -left)


def _between(left: float, right: float) -> Fitted:
    bounds = f"{_bound(left)} < " * (left > -np.inf) + "{z}" + f" < {_bound(right)}" * (right < np.inf)
    return Fitted(f"1 where {bounds}", lambda z, a: np.where((z > left) & (z < right), 1.0, 0.0))


def _bound(bound: float) -> str:
    """Return a bound lies between two numbers: where a whole or a half one does, that is it."""
    return f"{bound + 0.0:g}" if (2 * bound).is_integer() else f"about {bound:.2g}"


def _of_two_sides(ratio: float) -> str:
    if ratio == -1:
        return "the sign of {z}, the slope of the absolute value"
    if ratio == 0:
        return "1 where {z} is positive, the slope of ReLU"
    leaky = f", the slope of a leaky ReLU with {ratio:g}" if 0 < ratio < 1 else ""
    return f"1 where {{z}} is positive and {ratio:g} elsewhere{leaky}"


def _constant(y: Array) -> float | None:
    """Return the number that all of these are."""
    if not y.size:
        return None
    middle = float(np.median(y))
    return middle if agrees(y, np.full_like(y, middle)) else None


def _roundest(low: float, high: float) -> float:
    """Return the number with the fewest digits between two others."""
    for step in (1.0, 0.5, 0.1, 0.05, 0.01):
        number = np.ceil(low / step) * step
        if number <= high:
            return float(round(number, 2)) + 0.0
    return (low + high) / 2


def _of_family(family: _Family, name: str, x: Array, y: Array) -> Iterator[Fitted]:
    for sign in (1, -1) if family.negative else (1,):
        with np.errstate(all="ignore"):
            k = _best(lambda k, sign=sign: family.of(sign * k[:, None], x[None, :]), y)  # type: ignore[misc]
        if k is None:
            continue
        for number in dict.fromkeys((*(n for n, *_ in family.named), rounded(k), k)):
            if abs(number / k - 1) < 0.01 and _explains(family.of(np.array(sign * number), x), y):
                yield _member(family, name, sign * number)
                return


def _member(family: _Family, name: str, k: float) -> Fitted:
    x = f"{{{name}}}"
    written = family.words(x if k == 1 else f"-{x}" if k == -1 else f"{k:.3g}·{x}")
    known = {number: (factor, of_z, of_a) for number, factor, of_z, of_a in family.named}
    factor, of_z, of_a = known.get(k, (1.0, written, written))
    return Fitted(of_a if name == "a" else of_z, _at(name, lambda x: factor * family.of(np.array(k), x)))


def _at(name: str, function: Callable[[Array], Array]) -> Slope:
    return (lambda z, a: function(z)) if name == "z" else (lambda z, a: function(a))


def _best(values: Callable[[Array], Array], y: Array) -> float | None:
    """Return the k with which a function explains most of y, up to a factor; None where none comes near.

    values : (K, n), those of the function for K of them.
    """

    def unexplained(k: Array) -> Array:
        g = values(k)
        size = (g * g).sum(axis=1)
        rest = 1 - (g @ y) ** 2 / np.where(size > 0, size, np.inf) / (y @ y)
        return np.where(np.isfinite(rest), rest, np.inf)

    grid = GRID
    for zoom in range(ZOOMS):
        rest = unexplained(grid)
        at = int(np.argmin(rest))
        if zoom == 0 and (rest[at] > NEAR or at in (0, len(grid) - 1)):
            return None  # at the ends the function is hardly another than a simpler one
        low, high = grid[max(at - 1, 0)], grid[min(at + 1, len(grid) - 1)]
        grid = np.linspace(low, high, 21)
    return float(grid[int(np.argmin(unexplained(grid)))])


def _explains(g: Array, y: Array) -> bool:
    """Return whether y is a multiple of g."""
    size = float(g @ g)
    return size > 0 and bool(np.isfinite(size)) and agrees(y, float(g @ y) / size * g)


def _polynomial(name: str, x: Array, y: Array) -> Iterator[Fitted]:
    powers = x[:, None] ** np.arange(DEGREE + 1)
    for degree in range(1, DEGREE + 1):
        columns = powers[:, : degree + 1]
        sizes = np.abs(columns).max(axis=0)
        if not sizes.all():
            return
        result, _, rank, _ = np.linalg.lstsq(columns / sizes, y)
        if rank <= degree or not agrees(y, columns @ (result / sizes)):
            continue
        large = np.where(np.abs(result) > 1e-4 * np.abs(result).max(), result / sizes, 0.0)
        numbers = [rounded(each, FEW) for each in large / large[np.flatnonzero(large)[0]]]
        function = np.polynomial.Polynomial(numbers)
        if any(numbers[1:]) and _explains(function(x), y):  # else it is but near a polynomial
            words = POLYNOMIALS.get((name, tuple(numbers)), _polynomial_words(numbers, name))
            yield Fitted(words, _at(name, function))
        return


def _polynomial_words(numbers: Sequence[float], name: str) -> str:
    """Write a polynomial down: `1 - {a}`, `1 + 0.5·{z}²`."""
    result = ""
    for power, number in enumerate(numbers):
        if number:
            x = "" if power == 0 else f"{{{name}}}{('', '²', '³')[power - 1]}"
            size = f"{abs(number):.3g}"
            term = x if x and size == "1" else f"{size}·{x}" if x else size
            sign = ("-" if number < 0 else "") if not result else " - " if number < 0 else " + "
            result += sign + term
    return result


def _power(z: Array, y: Array) -> Iterator[Fitted]:
    """Yield a power of z that is no polynomial: 1/z, the root of z."""
    if not z.all() or not y.all():
        return
    with np.errstate(all="ignore"):
        steep = rounded(float(np.polyfit(np.log(np.abs(z)), np.log(np.abs(y)), 1)[0]))
        whole = float(steep).is_integer()
        fits = steep != 0 and (whole or np.all(z > 0)) and _explains(z**steep, y)
    if fits:
        yield Fitted("1/{z}" if steep == -1 else f"{{z}}^{steep:g}", lambda z, a: z**steep)


def _itself_on_one_side(z: Array, y: Array) -> Iterator[Fitted]:
    """Yield a constant where z is positive, and a multiple of z elsewhere: what was not overwritten there."""
    on, off = z > 0, z < 0
    above, below = _constant(y[on]), _constant(y[off] / z[off])
    if not above or not below or off.sum() < FEWEST // 2:
        return
    k = rounded(below / above)
    if k and _explains(np.where(on, 1.0, k * z), y):
        itself = "{z} itself" if k == 1 else f"{k:.3g}·{{z}}"
        yield Fitted(
            f"1 where {{z}} is positive and {itself} elsewhere", lambda z, a: np.where(z > 0, 1.0, k * z)
        )


def _exponential_on_one_side(z: Array, y: Array) -> Iterator[Fitted]:
    """Yield a constant where z is positive, and a multiple of exp(k·z) elsewhere: the slope of ELU."""
    on, off = z > 0, z <= 0
    above = _constant(y[on])
    if not above or off.sum() < FEWEST // 2 or np.any(y[off] / above <= 0):
        return
    steep, log = np.polyfit(z[off], np.log(y[off] / above), 1)
    k, alpha = rounded(float(steep)), rounded(float(np.exp(log)))
    if k and _explains(np.where(on, 1.0, alpha * np.exp(k * np.minimum(z, 0))), y):
        power = "exp({z})" if k == 1 else f"exp({k:.3g}·{{z}})"
        times = "" if alpha == 1 else f"{alpha:.3g}·"
        yield Fitted(
            f"1 where {{z}} is positive and {times}{power} elsewhere, the slope of ELU",
            lambda z, a: np.where(z > 0, 1.0, alpha * np.exp(k * np.minimum(z, 0))),
        )


def rounded(number: float, digits: int = DIGITS) -> float:
    """Return the number with few digits; 0 if it is next to nothing."""
    return 0.0 if abs(number) < FLAT else float(f"{number:.{digits}g}")
