"""Declare gradient descent on a loss: its true result, and what goes wrong in its loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, TypeAlias

import numpy as np
import torch

from autograder.computations.changed_data import on_changed_data
from autograder.computations.counted_losses import reading_counts
from autograder.computations.order_of_parameters import reading_order
from autograder.computations.other_descents import (
    DECAYS,
    IN_TURN,
    PENALTIES,
    RATES,
    RULES,
    WeightDecay,
    rules_of_entries,
)
from autograder.computations.stopped_descents import UPDATES, reading_stops
from autograder.computations.wrong_curves import WrongCurve, wrong_curves
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.cheap_outputs import projections
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.steps import CheapOutput, Computation, ComputationMistake, Env, Family, environment
from autograder.exercise import Array, Convention, Exercise, Instance, Part
from autograder.forward_pass import ForwardPass
from autograder.reference import tensors, truth

_Landscape: TypeAlias = "tuple[Callable[[Array], Array], Callable[[Array], Array]]"

REMEMBERED = 1024  # losses, each in closed form
QUADRATIC = 1e-9  # of the largest second derivative, by which it may change


@dataclass(frozen=True)
class Descent:
    """A loop of steps against the gradient of a loss.

    The student is given the parameters, the learning rate and the number of steps by these names, and hands
    in the parameters after the last step and the loss before each.
    """

    forward: ForwardPass
    """Its output is the loss, a sum over N data points."""
    parameters: str = "theta"
    rate: str = "learning_rate"
    steps: str = "steps"
    losses: str = "losses"
    names: Sequence[str] = ()
    """Of the parameters, where they are a polynomial's coefficients, from that of 1 on."""
    targets: str = ""
    """The input that is taken away from the prediction, where the loss is the sum of the squares."""

    def reference(self, instance: Instance) -> Mapping[str, Array]:
        """Descend by automatic differentiation."""
        env = environment(instance)
        losses = []
        for _ in range(int(env[self.steps])):
            values, gradients = truth(self.forward, env, [self.parameters])
            losses.append(float(values[self.forward.output]))
            env[self.parameters] = env[self.parameters] - env[self.rate] * gradients[self.parameters]
        return {self.parameters: env[self.parameters], self.losses: np.array(losses)}

    def computation(self) -> Computation:
        """Derive what goes wrong: in the loop, in the loss, and in what is recorded of it."""
        theta, losses = self.parameters, self.losses
        table = (
            # before those that such losses bear out, too, whatever became of the parameters
            ("losses-of-the-start", losses, "recorded", _first),
            ("gradients-accumulated", theta, "accumulate", 1.0),
            ("returns-start", theta, "updates", "none"),
            ("parameters-unchanged", theta, "direction", 0.0),
            ("wrong-direction", theta, "direction", -1.0),
            ("gradient-of-the-start", theta, "slope_of", 0),
            ("too-few-steps", theta, "updates", -1),
            ("too-many-steps", theta, "updates", 1),
            ("mean-instead-of-sum", losses, "loss", "mean"),
            ("missing-factor-two", losses, "loss", 0.5),
            ("missing-factor-two", theta, "slope", 0.5),
            ("mean-instead-of-sum", theta, "slope", "mean"),
            ("mean-instead-of-sum", losses, "shown", "mean"),
            ("missing-factor-two", losses, "shown", 0.5),
            ("loss-after-update", losses, "record", "after"),
            *((("broadcast-targets", losses, "pairs", True),) if self.targets else ()),
        )
        instead = (
            *(("wrong-learning-rate", theta, "rate", wrong, hint) for hint, wrong in RATES.items()),
            *(("another-descent", theta, "rule", rule, hint) for hint, rule in RULES.items()),
            *(
                ("another-descent", theta, setting, _in_turn, IN_TURN)
                for setting in ("points", "points_of_steps")
            ),
            ("gradient-of-the-start", theta, "computed", "once", ", and `losses` repeats the loss there"),
            ("wrong-start", theta, "start", np.zeros_like, "zeros"),
            ("wrong-start", theta, "start", np.ones_like, "ones"),
            ("update-not-kept", theta, "computed", "from the start", ""),
            ("losses-added-up", losses, "recorded", np.cumsum, "sum"),
            ("losses-added-up", losses, "recorded", _means_so_far, "mean"),
            ("wrong-error", losses, "recorded", np.sqrt, "the root of the sum"),
            *((fault, theta, "rule", rule, hint) for fault, hint, rule in rules_of_entries(self.names)),
            *((curve.fault, losses, "curve", curve, curve.hint) for curve in self._curves()),
        )
        return Computation(
            self._run,
            (
                ComputationMistake("stopped-early", losses, (losses, theta), ("stopped", 1), alone=True),
                *(ComputationMistake(fault, p, (p,), (name, value)) for fault, p, name, value in table),
                *(
                    ComputationMistake(fault, p, (p,), (name, value), hint, alone=True)
                    for fault, p, name, value, hint in instead
                ),
            ),
            cheap_output=CheapOutput(theta, self._glimpsed, binds=False),
            families=(Family(self._decaying, DECAYS), Family(self._penalised, PENALTIES)),
        )

    def _curves(self) -> Iterable[WrongCurve]:
        return wrong_curves(self.names) if self.names else ()

    def exercise(
        self,
        name: str,
        *,
        title: str,
        given: Sequence[str],
        marks: Mapping[str, float],
        instances: Callable[[int], Sequence[Instance]],
        formulas: Mapping[str, str],
    ) -> Exercise:
        """Declare the exercise to write the loop with PyTorch.

        Parameters
        ----------
        name : of the student's function.
        title : for people.
        given : its parameters.
        marks : of the parameters and of the losses, by name.
        instances : draws them, from a seed.
        formulas : of the parameters and of the losses, as the sheet writes them.
        """
        names = (self.parameters, self.losses)
        return Exercise(
            name=name,
            title=title,
            parameters=tuple(given),
            convention=Convention(tensors=True),
            parts=tuple(Part(part, marks[part], (place,)) for place, part in enumerate(names)),
            lists={(): f"the answer ({', '.join(names)})"},
            instances=instances,
            reference=self.reference,
            explain=self._explained(names),
            formulas=formulas,
        )

    def _explained(self, names: tuple[str, str]) -> Explanations:
        """Search, then read the losses, then try other orders, and data that were changed first."""
        searched = reading_stops(by_computation(self.computation()), *names, self.steps)
        data = [name for name in self.forward.inputs if name != self.parameters]
        counted = reading_counts(searched, *names, self.steps)
        ordered = reading_order(counted, self.parameters, self.names) if self.names else counted
        return on_changed_data(ordered, self.reference, data, first=len(self.names))

    def _run(
        self, instance: Instance, wrong: Mapping[str, Any], *, recording: bool = True
    ) -> Mapping[str, Array]:
        """Descend with mistakes.

        recording : whether the losses are computed, too.
        """
        env = environment(instance)
        steps, N = int(wrong.get("stopped", env[self.steps])), env["N"]
        value, gradient = self._landscape(instance, wrong)
        loss_factor = _factor(wrong.get("loss", 1.0), N**2 if wrong.get("pairs") else N)
        slope, shown = (loss_factor * _factor(wrong.get(key, 1.0), N) for key in ("slope", "shown"))
        rate, start = env[self.rate], wrong.get("start", np.asarray)(env[self.parameters])
        rate_at, rule = wrong.get("rate"), wrong.get("rule")
        point, once = wrong.get("points"), wrong.get("computed") == "once"
        carries_on = wrong.get("computed") != "from the start"
        point_of_step = wrong.get("points_of_steps", point)
        direction, momentum = wrong.get("direction", 1.0), wrong.get("accumulate", 0.0)
        used = wrong.get("slope_of", -1)
        losses, slopes, thetas, total = [], [], [start], np.zeros_like(start)
        for t in range(steps + 1):
            theta = thetas[-1] if carries_on else start
            taken = direction * (rate if rate_at is None else rate_at(rate, t))
            at_theta = start if once else theta
            at_point = (
                self._of_point(env, point_of_step(t), at_theta)[1] if point_of_step else gradient(at_theta)
            )
            slopes.append(slope * at_point)
            if recording:
                losses.append(
                    shown * (self._of_point(env, point(t), at_theta)[0] if point else value(at_theta))
                )
            total = total * momentum + slopes[used]
            if rule is None:
                thetas.append(theta - taken * total)
            else:
                thetas.append(rule(lambda at: slope * gradient(at), theta, slopes, taken))
        first = 1 if wrong.get("record") == "after" else 0
        last = 0 if wrong.get("updates") == "none" else env.get(UPDATES, steps) + wrong.get("updates", 0)
        if not recording:
            return {self.parameters: thetas[last]}
        recorded = wrong.get("recorded", np.asarray)(losses[first : first + steps])
        return {self.parameters: thetas[last], self.losses: recorded}

    def _landscape(self, instance: Instance, wrong: Mapping[str, Any]) -> _Landscape:
        """Return the loss and its gradient, of another curve or of all pairs of predictions and targets.

        Over all pairs the squares sum up to N times those with the mean of all targets in each one's place,
        and N times what the targets deviate from it.
        """
        if not wrong.get("pairs"):
            value, gradient = landscape(self.forward, instance, self.parameters)
            curve: WrongCurve | None = wrong.get("curve")
            penalty: float = wrong.get("penalty", 0.0)
            if penalty:
                return (
                    lambda theta: value(theta) + penalty * np.sum(theta**2),
                    lambda theta: gradient(theta) + 2 * penalty * theta,
                )
            if curve is None:
                return value, gradient
            return (
                lambda theta: value(curve.coefficients(theta)),
                lambda theta: curve.pulled_back(theta, gradient(curve.coefficients(theta))),
            )
        y = np.asarray(instance.inputs[self.targets])
        value, gradient = landscape(self.forward, _levelled(instance, self.targets), self.parameters)
        rest = np.sum((y - y.mean()) ** 2)
        return lambda theta: len(y) * (value(theta) + rest), lambda theta: len(y) * gradient(theta)

    def _of_point(self, env: Env, n: int, theta: Array) -> tuple[Array, Array]:
        """Compute the loss of a single data point, and its gradient."""
        shapes = {name: self.forward.shapes[name] for name in self.forward.inputs}
        of_points = {name: shape.index("N") for name, shape in shapes.items() if "N" in shape}
        alone = {name: np.take(env[name], [n % env["N"]], axis) for name, axis in of_points.items()}
        env = {**env, **alone, "N": 1, "sizes": {**env["sizes"], "N": 1}}
        return _value_and_gradient(self.forward, env, self.parameters, theta)

    def _glimpsed(self, instance: Instance, settings: Sequence[Mapping[str, Any]]) -> Array:
        runs = (self._run(instance, each, recording=False) for each in settings)
        return projections(np.stack([run[self.parameters] for run in runs]))

    def _decaying(self, amount: float) -> tuple[ComputationMistake, ...]:
        theta, rule = self.parameters, WeightDecay(amount)
        hint = f"a weight decay of {amount:.3g}"
        return (ComputationMistake("another-descent", theta, (theta,), ("rule", rule), hint, alone=True),)

    def _penalised(self, amount: float) -> tuple[ComputationMistake, ...]:
        losses, hint = self.losses, f"{amount:.3g}"
        return (
            ComputationMistake("penalty-added", losses, (losses,), ("penalty", amount), hint, alone=True),
        )


@lru_cache(maxsize=REMEMBERED)
def _levelled(instance: Instance, targets: str) -> Instance:
    """Return the instance with the mean of all targets in the place of each."""
    y = np.asarray(instance.inputs[targets])
    return replace(instance, inputs={**instance.inputs, targets: np.full_like(y, y.mean())})


def _in_turn(step: int) -> int:
    return step


def _first(losses: Sequence[Array]) -> Array:
    return np.full(len(losses), losses[0])


def _means_so_far(losses: Sequence[Array]) -> Array:
    return np.asarray(np.cumsum(losses) / np.arange(1, len(losses) + 1))


def _factor(mistake: float | str, N: int) -> float:
    return 1 / N if mistake == "mean" else float(mistake)


def hessian(forward: ForwardPass, instance: Instance, by: str, at: Array) -> Array:
    """Compute the second derivatives (D, D) of the output by D parameters."""
    given = {name: tensors(value) for name, value in environment(instance).items() if name in forward.inputs}
    result: torch.Tensor = torch.autograd.functional.hessian(  # type: ignore[no-untyped-call]  # torch's
        lambda theta: forward.run({**given, by: theta})[forward.output], torch.tensor(at)
    )
    return result.numpy()


def _value_and_gradient(forward: ForwardPass, env: Env, by: str, at: Array) -> tuple[Array, Array]:
    values, gradients = truth(forward, {**env, by: at}, [by])
    return values[forward.output], gradients[by]


@lru_cache(maxsize=REMEMBERED)
def landscape(
    forward: ForwardPass, instance: Instance, by: str
) -> tuple[Callable[[Array], Array], Callable[[Array], Array]]:
    """Return a loss and its gradient as functions of the parameters.

    Where the loss is a polynomial of degree two they are in closed form, as they are computed very often.
    """
    env = environment(instance)
    zero = np.zeros_like(env[by])
    H = hessian(forward, instance, by, zero)

    at = partial(_value_and_gradient, forward, env, by)
    if np.abs(hessian(forward, instance, by, zero + 1) - H).max() > QUADRATIC * np.abs(H).max():
        return lambda theta: at(theta)[0], lambda theta: at(theta)[1]
    rest, pull = at(zero)
    return lambda theta: theta @ (H @ theta) / 2 + pull @ theta + rest, lambda theta: H @ theta + pull
