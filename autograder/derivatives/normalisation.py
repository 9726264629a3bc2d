"""Define vector-Jacobian products of normalisations, and the wrong ones.

Let H be the output, S the deviation (the root, eps included) and v the gradient with respect to H. Then the
gradient with respect to X is

    (v - mean(v) - H ∘ mean(v ∘ H)) / S,

means along the normalised axes: one term for each path, direct, through the mean, and through the variance.
Without the mean's term it is that of a normalisation by the mean of squares. Each term is a factor of its
own, and the last factor divides; since the second still needs v, the first passes on two arrays, v and v -
mean(v).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from autograder.derivatives.normalisation_divisors import given_again, other_divisors
from autograder.derivatives.normalisation_terms import other_terms
from autograder.derivatives.normalisation_weights import BOTH, WEIGHTS, factor_behind, weighted
from autograder.derivatives.operands import Value, value
from autograder.derivatives.statistics import Statistics, Term
from autograder.derivatives.use import Use
from autograder.diagnosis.steps import VJP, Env, Mistake, Op
from autograder.exercise import Array
from autograder.operations.axes import Axes

MEAN, VARIANCE, SQUARES = "the mean", "the variance", "the mean of squares"
ONE_LESS = "one less than their number"
FACTORS = (0.5, 2.0, -1.0)  # of a path, by which people miss it
BLENDS = (0.9, 0.1, 0.99, 0.01)  # shares of what is kept for evaluation, by the usual momenta
SUMMED_WITH = (-2, 0, 1)  # powers of the deviation: in -1/2 S ** -3 it stands in the sum, or behind it
OF_OTHERS = (1, -1)  # of everything else
POWERS = (1, 2, -1, 1.5)  # of the deviation, likewise: S ** -1.5 has the exponent of the variance


def normalise(use: Use) -> tuple[VJP, ...]:
    """Build the gradient of (X - M)/S: the upstream one, less what comes through both statistics, over S."""
    s = Statistics(use, centred=True)
    return (
        VJP(lambda _, v: np.stack([v, v - s.mean(v)]), tuple(_of_mean(s))),
        VJP(lambda e, p: p[1] - s.result(e) * s.mean(p[0] * s.result(e)), tuple(_behind(s))),
        _division(s),
    )


def rms_normalise(use: Use) -> tuple[VJP, ...]:
    """Build the gradient of X/S: the upstream one, less what goes through the mean of squares, over S."""
    s = Statistics(use, centred=False)
    result = (Mistake(a.fault, _of_two(a.op), a.hint, a.rare) for a in _behind(s))
    return (VJP(s.gradient, tuple(result)), _division(s))


def _of_two(op: Op) -> Op:
    """Return an operation both arrays where there is only one."""
    return lambda e, v: op(e, np.stack([v, v]))


def normalise_with(use: Use) -> tuple[VJP, ...]:
    """Build the gradient of (X - M)/S with statistics that are given: the upstream one over S."""
    deviation = use.node.operands[2]
    S = value(use, deviation)
    mistakes = (
        Mistake("factor-missing", lambda _, v: v, f"1/{deviation}"),
        Mistake("root-missing", lambda e, v: v / S(e) ** 2, deviation),
        Mistake("multiplied-for-divided", lambda e, v: v * S(e), deviation),
        *(Mistake(fault, _over(root), hint) for fault, hint, root in given_again(use)),
        *(Mistake("batch-statistics-in-evaluation", op, hint) for hint, op in _as_if_of_the_batch(use, S)),
    )
    return (VJP(lambda e, v: v / S(e), mistakes),)


def _as_if_of_the_batch(use: Use, S: Value) -> Iterator[tuple[str, Op]]:
    """Let the gradient come through statistics that are given, as if they were made of these entries."""
    whole, own = (use.forward.shapes[use.node.operands[place]] for place in (0, 2))
    padded = (1,) * (len(whole) - len(own)) + own
    axis = tuple(k - len(whole) for k, size in enumerate(padded) if size == 1 != whole[k])
    X, H = value(use, use.operand), value(use, use.node.name)

    def through(v: Array, H: Array, S: Array, *, mean: bool = True, variance: bool = True) -> Array:
        result = v
        if mean:
            result = result - v.mean(axis=axis, keepdims=True)
        if variance:
            result = result - H * (v * H).mean(axis=axis, keepdims=True)
        return result / S

    names = use.node.operands[1:]
    if axis:
        yield " and ".join(names), lambda e, v: through(v, H(e), S(e))
        yield f"the entries of {names[0]}", lambda e, v: through(v, H(e), S(e), variance=False)
        yield f"the entries of {names[1]}", lambda e, v: through(v, H(e), S(e), mean=False)
        for name, node in use.forward.nodes.items():
            if node.operation.name == "sqrt" and use.forward.shapes[name] == own:
                batch = value(use, name)
                C = partial(_less_its_mean, X, axis)
                op = lambda e, v, batch=batch, C=C: through(v, C(e) / batch(e), batch(e))  # noqa: E731
                yield " and ".join(names), op


def _less_its_mean(X: Value, axis: Axes, e: Env) -> Array:
    array = X(e)
    result: Array = array - array.mean(axis=axis, keepdims=True)
    return result


def _of_mean(s: Statistics) -> Iterator[Mistake]:
    """Yield what goes wrong in the mean's term alone."""

    def less(made: Callable[[Array], Array]) -> Op:
        return lambda _, v: np.stack([v, v - made(v)])

    yield Mistake("missing-mean-path", lambda _, v: np.stack([v, v]))
    yield Mistake("sum-for-mean", less(lambda v: s.count(v) * s.mean(v)), MEAN)
    yield Mistake("wrong-count", less(lambda v: s.count(v) / (s.count(v) - 1) * s.mean(v)), ONE_LESS)
    for times in FACTORS:
        hint = f"{MEAN}, {times:g} times"
        yield Mistake("path-wrong-scale", less(lambda v, times=times: times * s.mean(v)), hint)  # type: ignore[misc]
    yield Mistake("diagonal-alone", less(lambda v: v / s.count(v)), rare=True)
    weight = factor_behind(s.use)
    if weight is not None:
        name, G = weight[0], value(s.use, weight[0])
        for fault, power in WEIGHTS:
            op = partial(_weighted_mean, s, G, power)
            yield Mistake(fault, op, f"{name} in {MEAN}")
    for axis in s.others():
        yield Mistake(
            "statistics-along-wrong-axis",
            less(lambda v, axis=axis: s.mean(v, axis)),  # type: ignore[misc]
            MEAN,
        )


def _weighted_mean(s: Statistics, G: Value, power: int, e: Env, v: Array) -> Array:
    """Hand on v, and v less the mean of it times a power of a factor."""
    return np.stack([v, v - s.mean(v * G(e) ** power)])


def _behind(s: Statistics) -> Iterator[Mistake]:
    """Yield what goes wrong in the term of the variance, or of squares, and in all terms at once."""
    H, path = s.result, VARIANCE if s.centred else SQUARES

    def term(made: Term) -> Op:
        """With another term, of v, in place of the right one."""
        return lambda e, p: p[1] - made(e, p[0])

    def right(e: Env, v: Array) -> Array:
        return H(e) * s.mean(v * H(e))

    def n(v: Array) -> float:
        return s.count(v)

    if s.centred:
        yield Mistake("statistics-as-constants", lambda _, p: p[0])
        yield Mistake("missing-variance-path", lambda _, p: p[1])
    else:
        yield Mistake("rms-as-constant", lambda _, p: p[0])
        yield Mistake("mean-subtracted", lambda e, p: s.gradient(e, p[0]) - s.mean(p[0]))
    yield Mistake("sum-for-mean", term(lambda e, v: n(v) * right(e, v)), path)
    fault = "unbiased-in-backward-only" if s.centred else "wrong-count"
    yield Mistake(fault, term(lambda e, v: n(v) / (n(v) - 1) * right(e, v)), ONE_LESS)
    for times in FACTORS:
        hint = f"{path}, {times:g} times"
        yield Mistake("path-wrong-scale", term(lambda e, v, times=times: times * right(e, v)), hint)  # type: ignore[misc]
    for power in POWERS:
        op = term(lambda e, v, power=power: s.deviation(e) ** power * right(e, v))  # type: ignore[misc]
        yield Mistake("wrong-power-of-deviation", op, path)
    for power in OF_OTHERS:
        op = partial(_rest, s, right, power)
        yield Mistake("wrong-power-of-deviation", op, f"everything but {path}")
    for op in _raw(s, term) if s.centred else ():  # of squares it is a power of S, too
        yield Mistake("raw-for-normalised", op, s.use.operand)
    if s.centred:
        yield Mistake("raw-for-normalised", partial(_raw_in_the_mean, s), s.use.operand, rare=True)
    for of_entry in _diagonals(s):
        yield Mistake("diagonal-alone", of_entry, rare=True)
    yield from _along_others(s, path, term)
    for name, other in _behind_it(s):
        yield Mistake("wrong-operand", term(lambda e, v, Y=other: Y(e) * s.mean(v * Y(e))), name)  # type: ignore[misc]
    if s.centred:
        yield from _together(s, right)
        yield from _unbiased(s)
        yield from _running(s)
    yield from other_divisors(s)
    yield from other_terms(s, path, right)
    yield from weighted(s, path, right)


def _behind_it(s: Statistics) -> Iterator[tuple[str, Value]]:
    """Yield what is computed from the output and has its shape: mistaken for it if both are results."""
    shapes = s.use.forward.shapes
    for node, _ in s.use.forward.consumers(s.use.node.name):
        last = s.use.forward.output if shapes[s.use.forward.output] == shapes[s.use.node.name] else node.name
        for name in dict.fromkeys((node.name, last)):
            if shapes[name] == shapes[s.use.node.name] and name in s.use.forward.named(name):
                yield name, value(s.use, name)


def _rest(s: Statistics, right: Term, power: int, e: Env, p: Array) -> Array:
    """Return everything but one term another power of the deviation."""
    result: Array = s.deviation(e) ** power * p[1] - right(e, p[0])
    return result


def _raw(s: Statistics, term: Callable[[Term], Op]) -> Iterator[Op]:
    """Let what goes in stand for what comes out, as it is or divided, at one of its places or at both."""
    for divided in (False, True):

        def raw(e: Env, divided: bool = divided) -> Array:
            return s.raw(e) / s.deviation(e) if divided else s.raw(e)

        yield term(lambda e, v, raw=raw: raw(e) * s.mean(v * s.result(e)))  # type: ignore[misc]
        yield term(lambda e, v, raw=raw: s.result(e) * s.mean(v * raw(e)))  # type: ignore[misc]
        yield term(lambda e, v, raw=raw: raw(e) * s.mean(v * raw(e)))  # type: ignore[misc]


def _raw_in_the_mean(s: Statistics, e: Env, p: Array) -> Array:
    """Let what goes in stand for its distance from the mean where the variance depends on the mean.

    These distances have a mean of 0, so that nothing comes through there; what goes in has another.
    """
    mean = s.mean(s.raw(e)) / s.deviation(e)
    result: Array = p[1] - (s.result(e) - mean) * s.mean(p[0] * s.result(e))
    return result


def _diagonals(s: Statistics) -> Iterator[Op]:
    """Let each entry that goes in move the one in its own place, and no other, as rightly or less so."""

    def of_entry(slope: Callable[[Array, int], Array]) -> Op:
        return lambda e, p: p[0] * slope(s.result(e) ** 2, s.count(p[0]))

    yield of_entry(lambda squares, n: 1 - (s.centred + squares) / n)
    yield of_entry(lambda squares, n: 1 - squares)
    yield of_entry(lambda squares, n: (1 - squares) / n)
    if s.centred:
        yield of_entry(lambda squares, n: (1 - 1 / n) * (1 - squares / n))


def _along_others(s: Statistics, path: str, term: Callable[[Term], Op]) -> Iterator[Mistake]:
    """Means along other axes: in one term, in both, and in what is normalised as well."""
    fault, H = "statistics-along-wrong-axis", s.result
    for axis in s.others():
        yield Mistake(
            fault, term(lambda e, v, axis=axis: H(e) * s.mean(v * H(e), axis)), path  # type: ignore[misc]
        )  # fmt: skip
        for inside in SUMMED_WITH:
            yield Mistake(fault, partial(_summed_along, s, axis, inside), path, rare=True)

        def whole(e: Env, p: Array, axis: Axes = axis, *, again: bool = False) -> Array:
            v, S = p[0], s.deviation(e, axis) if again else s.deviation(e)
            H = s.divided(e, axis) / S if again else s.result(e)
            direct = v - s.mean(v, axis) if s.centred else v
            results: Array = (direct - H * s.mean(v * H, axis)) * s.deviation(e) / S
            return results

        if s.centred:
            yield Mistake(fault, whole, BOTH)
        yield Mistake(fault, partial(whole, again=True), s.use.forward.written(s.use.node.name))


def _summed_along(s: Statistics, axis: Axes, inside: int, e: Env, p: Array) -> Array:
    """Sum along other axes for the variance's gradient, and divide by the right number for the entries'.

    inside : the power of the deviation that stands in the sum, which does not come out of it now.
    """
    H, S = s.result(e), s.deviation(e) ** inside
    total = (p[0] * H * S).sum(axis=axis, keepdims=True)
    result: Array = p[1] - H / S * total / s.count(p[0])
    return result


def _together(s: Statistics, right: Term) -> Iterator[Mistake]:
    """Yield the same in both terms, which is one mistake."""

    def times(factor: Callable[[Array], float]) -> Op:
        return lambda e, p: p[0] - factor(p[0]) * (s.mean(p[0]) + right(e, p[0]))

    yield Mistake("sum-for-mean", times(s.count), BOTH)
    yield Mistake("wrong-count", times(lambda v: s.count(v) / (s.count(v) - 1)), f"{ONE_LESS}, twice")
    yield Mistake("wrong-count", times(lambda v: s.count(v) ** 2 / v.size), "the length of another axis")
    for factor in FACTORS:
        yield Mistake("path-wrong-scale", times(lambda _, c=factor: c), f"{BOTH}, {factor:g} times")  # type: ignore[misc]


def _unbiased(s: Statistics) -> Iterator[Mistake]:
    """Yield a variance that divides by one less, in the forward pass as well."""

    def op(e: Env, p: Array, *, formula: bool, normalised: bool) -> Array:
        n, S = s.count(p[0]), s.deviation(e, ddof=1)
        H = s.divided(e) / S if normalised else s.result(e)
        results: Array = p[1] - H * s.mean(p[0] * H) * (n / (n - 1) if formula else 1)
        return results * s.deviation(e) / S

    for formula, normalised in ((True, True), (False, True), (False, False)):
        yield Mistake("unbiased-variance", partial(op, formula=formula, normalised=normalised))


def _running(s: Statistics) -> Iterator[Mistake]:
    """Yield the deviation that is kept for evaluation, and no paths."""
    for node in s.use.forward.nodes.values():
        if node.operation.name == "normalise_with" and node.operands[0] == s.use.operand:
            deviation = value(s.use, node.operands[2])
            yield Mistake(
                "running-statistics-in-training",
                lambda e, p, deviation=deviation: p[0] * s.deviation(e) / deviation(e),  # type: ignore[misc]
                node.operands[2],
            )
            kept, hint = value(s.use, node.operands[1]), " and ".join(node.operands[1:])
            for centred in (True, False):
                op = partial(_with_kept, s, kept, deviation, centred, 1.0)
                yield Mistake("running-statistics-in-training", op, hint)
                for share in BLENDS:
                    op = partial(_with_kept, s, kept, deviation, centred, share)
                    yield Mistake("running-statistics-blended", op, hint, rare=True)


def _with_kept(
    s: Statistics, mean: Value, deviation: Value, centred: bool, share: float, e: Env, p: Array
) -> Array:
    """Return all paths, with the statistics that are kept for evaluation; or with a share of them."""
    S = share * deviation(e) + (1 - share) * s.deviation(e)
    H = (s.raw(e) - share * mean(e) - (1 - share) * s.mean(s.raw(e))) / S
    outer = H - s.mean(H) if centred else H
    result: Array = (p[1] - outer * s.mean(p[0] * H)) * s.deviation(e) / S
    return result


def _division(s: Statistics) -> VJP:
    """Divide by the deviation."""
    shape = tuple(
        1 if k - len(whole) in s.axis else size
        for whole in (s.use.forward.shapes[s.use.operand],)
        for k, size in enumerate(whole)
    )
    others = [name for name in s.use.forward.inputs if s.use.forward.shapes[name] == shape]
    return VJP(
        lambda e, u: u / s.deviation(e),
        (
            Mistake("deviation-missing", lambda _, u: u),
            Mistake("root-missing", lambda e, u: u / s.deviation(e) ** 2),
            Mistake("root-inverted", lambda e, u: u * s.deviation(e)),
            *(Mistake("wrong-operand", _over(value(s.use, name)), name) for name in others),
        ),
    )


def _over(S: Value) -> Op:
    return lambda e, u: u / S(e)
