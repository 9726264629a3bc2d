"""Declare the gradient of a sum of squares with respect to a polynomial's coefficients, by entry."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.computations.changed_data import on_changed_data
from autograder.computations.penalties import with_penalty
from autograder.computations.wrong_curves import WrongCurve, wrong_curves
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.steps import VJP, BackwardPass, Env, Mistake, MixedMistake, Op, Step, environment
from autograder.exercise import Array, Convention, Exercise, Instance, Part
from autograder.forward_pass import ForwardPass
from autograder.reference import truth

POWERS = "x.powers"
"""All powers of x that are tried, (K, N), beside the quantities with names."""
PENALTY = (0.05, np.inf)  # its factor; less drowns in the gradient of many data points
SUMS_APART = ((np.sum, np.sum), (np.sum, np.mean), (np.mean, np.mean))  # of residuals and of powers
HIGHEST = 6  # power of x that is tried: what a product multiplied on and on comes to
CHORD = (5e-4, 1.0)  # its step, either way; less drowns in rounding
ENDS = (("first", 0), ("last", -1))  # data points that a loop misses


@dataclass(frozen=True)
class Coefficients:
    """Entries ∂L/∂a, ∂L/∂b, … of a gradient, each a part by its coefficient's name.

    A derived backward pass knows the gradient as one array. Here every entry is a part, and what goes wrong
    in one is the power of x that it is multiplied with: so the steps are written down here, of the quantities
    that the one declared forward pass computes.
    """

    forward: ForwardPass
    """With one use of `powers`, whose columns meet the coefficients; its output is the sum of squares."""
    names: Sequence[str]
    """Of the coefficients, from that of 1 on."""
    written: str
    """The loss as a sheet writes it."""
    by: str = "theta"
    residual: str = "r"
    """The quantity that is squared: the prediction less the target."""

    def reference(self, instance: Instance) -> Mapping[str, Array]:
        """Return the true entries, each a () array."""
        _, gradients = truth(self.forward, environment(instance), [self.by])
        return dict(zip(self.names, map(np.asarray, gradients[self.by]), strict=True))

    def backward_pass(self) -> BackwardPass:
        """Derive what goes wrong in the residual, and in each entry that is made of it."""
        return BackwardPass(tuple(self._steps()), mean=False, values=self._values)

    def exercise(
        self,
        name: str,
        *,
        title: str,
        given: Sequence[str],
        marks: float,
        instances: Callable[[int], Sequence[Instance]],
    ) -> Exercise:
        """Declare the exercise to compute the entries by hand, and to return them in their order.

        marks : of each entry. All else is as of `Descent.exercise`.
        """
        return Exercise(
            name=name,
            title=title,
            parameters=tuple(given),
            convention=Convention(by_hand=True),
            parts=tuple(Part(each, marks, (place,)) for place, each in enumerate(self.names)),
            lists={(): "the gradient"},
            instances=instances,
            reference=self.reference,
            explain=self._explained(),
        )

    def _explained(self) -> Explanations:
        """Search, then try a penalty beside a factor, and data that were changed first."""
        searched = by_steps(self.backward_pass())
        penalised = with_penalty(searched, self.reference, self.by, "residual", self.written)
        first = len(self.names)
        return on_changed_data(penalised, self.reference, self._data, first=first, factor_at="residual")

    def _values(self, env: Env) -> Mapping[str, Array]:
        """Compute once for an instance what every right and wrong form is made of."""
        (node,) = (node for node in self.forward.nodes.values() if node.operation.name == "powers")
        (x,) = node.operands
        columns = self.forward.value(node.name, env)
        result = {node.name: columns}
        for name in (self._prediction, self.residual):
            result[name] = self.forward.value(name, {**env, **result})
        return {**result, POWERS: np.stack([np.asarray(env[x]) ** k for k in range(HIGHEST + 1)])}

    @property
    def _data(self) -> list[str]:
        return [name for name in self.forward.inputs if name != self.by]

    @property
    def _prediction(self) -> str:
        return self.forward.nodes[self.residual].operands[0]

    def _steps(self) -> Iterator[Step]:
        prediction = self._prediction

        def r(e: Env) -> Array:
            return np.asarray(e[self.residual])

        def instead(hint: str, op: Op) -> Mistake:
            return Mistake("wrong-error", op, hint)

        residual = VJP(
            lambda e, _: r(e),
            (
                instead("|r|", lambda e, _: np.sign(r(e)) / 2),
                instead("|r|", lambda e, _: np.sign(r(e))),
                instead("the prediction alone", lambda e, _: np.asarray(e[prediction])),
                Mistake("square-not-differentiated", lambda e, _: r(e) ** 2),
                *(self._on_curve(curve) for curve in wrong_curves(self.names)),
                *self._of_prediction_and_target(),
                *(Mistake("point-left-out", self._without_point(n), which, rare=True) for which, n in ENDS),
            ),
        )
        yield Step("residual", (residual,), self.written)
        for k, name in enumerate(self.names):
            others = [
                Mistake("wrong-powers", self._moment(j), f"x^{j}", rare=j > len(self.names))
                for j in range(HIGHEST + 1)
                if j != k
            ]
            others += [Mistake("one-data-point", self._of_one(k, n), f"the {which}") for which, n in ENDS]
            others.append(Mistake("coefficient-kept", self._times_coefficient(k), name))
            if k:
                others += [
                    Mistake("summed-apart", self._summed_apart(k, *by), f"x^{k}", apart=True)
                    for by in SUMS_APART
                ]
                others.append(
                    Mistake("prediction-not-multiplied", self._one_alone(k, prediction=0), f"x^{k}")
                )
                others.append(Mistake("target-not-multiplied", self._one_alone(k, prediction=1), f"x^{k}"))
                others.append(Mistake("wrong-powers", self._by_x(k, kept=True), f"{k}·{name}·x^{k - 1}"))
            others.append(Mistake("other-terms-left-out", self._own_term(k), _term(name, k), rare=True))
            if k > 2:
                others.append(Mistake("wrong-powers", self._multiple(k), f"{k}·x"))
            if k > 1:
                others.append(Mistake("wrong-powers", self._by_x(k), f"{k}·x^{k - 1}"))
            penalty = MixedMistake(
                "itself-added", self._coefficient(k), f"{{amount}}·{name}", between=PENALTY, alone=True
            )
            chord = MixedMistake("slope-of-chord", self._bend(k), "{amount}", between=CHORD, alone=True)
            yield Step(name, (VJP(self._moment(k), tuple(others)),), self.written, (penalty, chord))

    def _with(self, e: Env, coefficients: Array) -> Array:
        """Return the residual with other coefficients in the prediction."""
        (node,) = (node for node in self.forward.nodes.values() if node.operation.name == "powers")
        return np.asarray(e[self.residual] + e[node.name] @ (coefficients - e[self.by]))

    def _on_curve(self, curve: WrongCurve) -> Mistake:
        """Take the prediction from another curve."""
        op: Op = lambda e, _: self._with(e, curve.coefficients(e[self.by]))  # noqa: E731
        return Mistake(curve.fault, op, curve.hint, rare=True)

    def _of_prediction_and_target(self) -> Iterator[Mistake]:
        """Yield what else is made of the two: halves of one, a sum, a size, all pairs."""

        def of(fault: str, made: Callable[[Array, Array], Array], hint: str = "") -> Mistake:
            def op(e: Env, _: Array) -> Array:
                prediction = np.asarray(e[self._prediction])
                return np.asarray(made(prediction, prediction - e[self.residual]))

            return Mistake(fault, op, hint, rare=True)

        yield of("factor-on-one-term", lambda p, y: p - y / 2, "prediction")
        yield of("factor-on-one-term", lambda p, y: p / 2 - y, "target")
        yield of("sum-for-difference", lambda p, y: p + y)
        yield of("sign-lost", lambda p, y: np.abs(p - y))
        yield of("broadcast-targets", lambda p, y: p.size * p - y.sum())
        yield of("broadcast-targets", lambda p, y: p.sum() - y.size * y)

    def _without_point(self, n: int) -> Op:
        """Leave one data point out of all sums, as a loop does that begins too late or ends too early."""

        def op(e: Env, _: Array) -> Array:
            r = np.array(e[self.residual])
            r[n] = 0
            return r

        return op

    @staticmethod
    def _summed_apart(k: int, residuals: Callable[[Array], Array], powers: Callable[[Array], Array]) -> Op:
        """Multiply the sum or mean of all residuals with that of all powers."""
        return lambda e, _: np.asarray(2 * residuals(e["residual"]) * powers(e[POWERS][k]))

    @staticmethod
    def _bend(k: int) -> Op:
        """Half the second derivative: what a chord's slope adds to the slope itself, for a step of 1."""
        return lambda e, _: np.asarray(np.sum(e[POWERS][k] ** 2))

    def _coefficient(self, k: int) -> Op:
        return lambda e, _: np.asarray(e[self.by][k])

    def _factor(self, e: Env) -> float:
        """Return a factor at the residual, which is then one at each of its terms."""
        r = e[self.residual]
        return float(np.sum(e["residual"] * r) / np.sum(r * r))

    def _one_alone(self, k: int, *, prediction: int) -> Op:
        """Multiply the target or the prediction alone with the power, where a parenthesis is missing.

        prediction : 1 where it is the prediction, else 0.
        """

        def op(e: Env, _: Array) -> Array:
            p, power = e[self._prediction], e[POWERS][k]
            target = p - e[self.residual]
            alone = p * power - target if prediction else p - target * power
            return np.asarray(2 * self._factor(e) * np.sum(alone))

        return op

    def _own_term(self, k: int) -> Op:
        """Leave all other terms out of the prediction, as if they were zero where they are held constant."""

        def op(e: Env, _: Array) -> Array:
            power, target = e[POWERS][k], e[self._prediction] - e[self.residual]
            return np.asarray(2 * self._factor(e) * np.sum((e[self.by][k] * power - target) * power))

        return op

    def _times_coefficient(self, k: int) -> Op:
        right = self._moment(k)
        return lambda e, v: np.asarray(right(e, v) * e[self.by][k])

    def _of_one(self, k: int, n: int) -> Op:
        """Multiply for one data point, whose product overwrites those before it or is the only one."""
        return lambda e, _: np.asarray(2 * e["residual"][n] * e[POWERS][k][n])

    def _by_x(self, k: int, *, kept: bool = False) -> Op:
        """Multiply with the derivative of a term by x, not by its coefficient, which may be kept in it."""
        lower = self._moment(k - 1)
        return lambda e, v: np.asarray(k * lower(e, v) * (e[self.by][k] if kept else 1.0))

    @staticmethod
    def _multiple(k: int) -> Op:
        """Multiply with k times x, where its power is asked for."""
        return lambda e, _: np.asarray(2 * k * np.sum(e["residual"] * e[POWERS][1]))

    @staticmethod
    def _moment(k: int) -> Op:
        """Twice the sum of residual times x to the k."""
        return lambda e, _: np.asarray(2 * np.sum(e["residual"] * e[POWERS][k]))


def _term(name: str, k: int) -> str:
    return name if k == 0 else f"{name}·x" if k == 1 else f"{name}·x^{k}"
