"""Declare the largest step of a descent: its true value, and the curvatures it is mistaken for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.compare import RELATIVE
from autograder.computations.changed_data import FEWEST, on_changed_data
from autograder.computations.descent import hessian
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.scale import RIGHT, Scale
from autograder.diagnosis.steps import Computation, ComputationMistake, environment
from autograder.exercise import (
    Answers,
    Array,
    Convention,
    Diagnosis,
    Exercise,
    Finding,
    Instance,
    Part,
)
from autograder.forward_pass import ForwardPass

ROUNDING = 1e-11  # eigenvalues below this, in units of the largest, are 0 but for rounding

HALVES = (RIGHT, Scale(0.5), Scale(2.0))  # as a factor of two in the rate or in the Hessian makes them
UNSORTED = "one eigenvalue here and to another there, as happens where they are not sorted"
ANOTHER = "an eigenvalue that is neither the largest nor the smallest"


@dataclass(frozen=True)
class LargestStep:
    """The largest learning rate with which a descent on a loss converges, 2 over its largest curvature.

    The loss is a polynomial of degree two in the parameters, so that its curvature is the same everywhere. It
    is no quantity of the forward pass and no gradient: so the exercise has a truth and mistakes of its own,
    made of the Hessian of the one declared loss.
    """

    forward: ForwardPass
    """Its output is the loss, a sum over N data points."""
    parameters: str = "theta"
    rate: str = "learning_rate"

    def curvature(self, instance: Instance) -> Array:
        """Return the Hessian (D, D); for inputs left out, 0 will do."""
        env = environment(instance)
        sizes = {"N": env["N"], **env["sizes"]}
        zeros = {
            name: np.zeros([sizes[n] if isinstance(n, str) else n for n in self.forward.shapes[name]])
            for name in self.forward.inputs
        }
        inputs = {**zeros, **{name: env[name] for name in zeros if name in env}}
        anywhere = Instance(inputs, instance.description, sizes=instance.sizes)
        return hessian(self.forward, anywhere, self.parameters, zeros[self.parameters])

    def of(self, instance: Instance) -> float:
        """Return the largest learning rate."""
        return 2 / _largest(self.curvature(instance))

    def reference(self, instance: Instance) -> Mapping[str, Array]:
        """Return it as the exercise's only part."""
        return {self.rate: np.asarray(self.of(instance))}

    def computation(self) -> Computation:
        """Derive what is taken for the largest curvature."""
        table = (
            ("mean-instead-of-sum", lambda H, N: _largest(H) / N, ""),
            ("wrong-eigenvalue", lambda H, N: _smallest(H), "the smallest eigenvalue"),
            ("wrong-eigenvalue", lambda H, N: np.trace(H), "the sum of the eigenvalues"),
            ("wrong-eigenvalue", lambda H, N: np.trace(H) / len(H), "the mean of the eigenvalues"),
            (
                "wrong-eigenvalue",
                lambda H, N: np.diag(H).max(),
                "the largest entry on the Hessian's diagonal",
            ),
            ("wrong-eigenvalue", lambda H, N: np.linalg.norm(H), "the norm of the Hessian"),
            ("wrong-eigenvalue", lambda H, N: np.sqrt(_largest(H)), "the root of the largest eigenvalue"),
            (
                "wrong-eigenvalue",
                lambda H, N: np.sqrt(_largest(H) / 2),
                "the largest singular value of the powers of x, which is not squared yet",
            ),
            (
                "wrong-eigenvalue",
                lambda H, N: _largest(H) + np.linalg.eigvalsh(H)[0],
                "the largest and the smallest eigenvalue together, as the rate of the fastest descent does",
            ),
            ("curvature-for-rate", lambda H, N: 2 / _largest(H), ""),
            ("wrong-eigenvalue", lambda H, N: _largest(H[:2, :2]), "a Hessian of the first two rows alone"),
            (
                "wrong-eigenvalue",
                lambda H, N: _largest(H[1:, 1:]),
                "a Hessian without its first row and column",
            ),
            (
                "wrong-eigenvalue",
                lambda H, N: _largest(H[:-1, :-1]),
                "a Hessian without its last row and column",
            ),
            (
                "wrong-eigenvalue",
                lambda H, N: _without_means(H),
                "a covariance: the mean was taken away from each power of x",
            ),
        )
        part = self.rate
        mistakes = (
            ComputationMistake(fault, part, (part,), ("curvature", which), hint)
            for fault, which, hint in table
        )
        return Computation(self._run, tuple(mistakes), scaled=(part,), fallback=self._of_any_eigenvalue)

    def _of_any_eigenvalue(
        self, instances: Sequence[Instance], answers: Answers, parts: Sequence[str]
    ) -> Diagnosis:
        """Explain rates that belong to another eigenvalue on each instance, as they come unsorted.

        Where data are so few that most of them are rounding alone, one is as good as another.
        """
        known = [np.asarray(np.linalg.eigvalsh(self.curvature(one)), dtype=float) for one in instances]
        enough = sum(own[0] > ROUNDING * own[-1] for own in known) >= FEWEST
        for law in HALVES if enough else ():
            ranks = [_ranks(own, answer[self.rate], law) for own, answer in zip(known, answers, strict=True)]
            if all(ranks):
                hint = ANOTHER if set.intersection(*ranks) else UNSORTED
                named = [("wrong-eigenvalue", hint), *law.faults(mean=True)]
                findings = (Finding(fault, self.rate, tuple(parts), hint) for fault, hint in named)
                return Diagnosis(tuple(findings), frozenset())
        return Diagnosis((Finding("unrecognised", self.rate, tuple(parts)),), frozenset())

    def exercise(
        self,
        name: str,
        *,
        title: str,
        given: Sequence[str],
        marks: float,
        instances: Callable[[int], Sequence[Instance]],
        formulas: Mapping[str, str],
    ) -> Exercise:
        """Declare the exercise to give the largest learning rate.

        Parameters
        ----------
        name, title, given, instances, formulas : as of `Descent.exercise`.
        marks : of the learning rate.
        """
        return Exercise(
            name=name,
            title=title,
            parameters=tuple(given),
            convention=Convention(),
            parts=(Part(self.rate, marks, ()),),
            instances=instances,
            reference=self.reference,
            explain=on_changed_data(by_computation(self.computation()), self.reference, self._data),
            formulas=formulas,
        )

    @property
    def _data(self) -> list[str]:
        return [name for name in self.forward.inputs if name != self.parameters]

    def _run(self, instance: Instance, wrong: Mapping[str, Any]) -> Mapping[str, Array]:
        which = wrong.get("curvature", lambda H, N: _largest(H))
        return {self.rate: np.asarray(2 / which(self.curvature(instance), environment(instance)["N"]))}


def _largest(H: Array) -> float:
    return float(np.linalg.eigvalsh(H)[-1])


def _ranks(eigenvalues: Array, given: Array | None, law: Scale) -> set[int]:
    """Return which eigenvalues a rate may belong to, up to a factor: all that are 0, if one of them fits."""
    least = ROUNDING * eigenvalues[-1]
    if given is not None and not given.all():
        return set()
    own = 0.0 if given is None else law.factor * 2 / float(given)
    if abs(own) <= least:
        return {*np.flatnonzero(np.abs(eigenvalues) <= least).tolist()}
    return {*np.flatnonzero(np.isclose(own, eigenvalues, RELATIVE, 0)).tolist()}


def _without_means(H: Array) -> float:
    """Return the largest eigenvalue where means are taken away first, if anything is left of the powers then.

    The first of them is 1 everywhere, so that its row holds the sums of all.
    """
    largest = _largest(H - np.outer(H[0], H[0]) / H[0, 0])
    return largest if largest > ROUNDING * _largest(H) else np.nan


def _smallest(H: Array) -> float:
    """Return the smallest eigenvalue, where there are data enough for as many that are not 0."""
    sizes = np.abs(np.linalg.eigvalsh(H))
    return float(sizes.min()) if sizes.min() > ROUNDING * sizes.max() else np.nan
