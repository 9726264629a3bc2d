"""Find a single cause for everything that is wrong in an engine's gradients, whatever nodes it makes.

A class may make nodes on its way that the graph does not name, and put nodes into lists as it likes. So
these are read off what was handed in: what each gradient is, and what the right step gives from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.compare import Truth, agreeing, agrees
from autograder.computations.sweep import BEGIN_WITH_ONES, OVERWRITTEN
from autograder.diagnosis.steps import Env, Form, Step
from autograder.exercise import Answers, Array

SHARED, SEED, ZERO = "gradients-share-an-array", "seed-not-one", "zero"
VALUES, CUT_OFF, FORGOTTEN = "values-for-gradients", "cut-off", "only-last-node-hands-on"
OWN_NODES = 1  # steps whose sum goes through a node of the class's own, of which nothing is known
SEVERAL = 2  # terms, or places
MOST_AXES = 3  # of a sum that a class makes along one axis after the other, a node for each


@dataclass(frozen=True)
class Causes:
    """What a class has handed in, beside the right steps from it."""

    steps: Sequence[Step]
    answers: Answers
    truths: Sequence[Truth]
    envs: Sequence[Env]
    """For each instance the values, and the gradients that were handed in."""
    last: tuple[str, ...]
    """The gradients that come from the last node alone."""
    output: str
    """The last node."""
    once: tuple[bool, ...]
    """For each instance, whether the class was asked to go back once only."""

    @cached_property
    def wrong(self) -> tuple[Step, ...]:
        """The steps that do not follow from the student's own gradients."""
        given = {step.name: [answer[step.name] for answer in self.answers] for step in self.steps}
        return tuple(
            step for step in self.steps if not all(map(agree, given[step.name], self._right[step.name]))
        )

    @cached_property
    def _right(self) -> Mapping[str, list[Array]]:
        return {step.name: [_value(step.right, env) for env in self.envs] for step in self.steps}

    def cause(self) -> str | None:
        """Return the name of the one cause of all that is wrong, if there is one."""
        if not self.wrong:
            return None
        tried = (
            (ZERO, self._are_zero),
            (SEED, self._come_from_another_seed),
            (FORGOTTEN, self._end_behind_the_last_node),
            (VALUES, self._are_of_values),
            (CUT_OFF, lambda: self.bound is not None),
            (OVERWRITTEN, self._are_single_terms),
            (BEGIN_WITH_ONES, self.begin_with_ones),
        )
        return next((name for name, holds in tried if holds()), None)

    def costs(self, cause: str) -> tuple[str, ...]:
        """Return the gradients that a cause costs: where it is not in the steps, all that are not true."""
        if cause == FORGOTTEN:
            return tuple(step.name for step in self.steps if step.name not in {*self.true, *self.last})
        if cause in (ZERO, SHARED):
            return tuple(step.name for step in self.steps if step.name not in self.true)
        return tuple(step.name for step in self.wrong)

    @cached_property
    def true(self) -> frozenset[str]:
        """The parts that are right on every instance."""
        return frozenset.intersection(*self._true)

    @cached_property
    def _true(self) -> list[frozenset[str]]:
        """The same for each instance."""
        return [agreeing(answer, truth) for answer, truth in zip(self.answers, self.truths, strict=True)]

    def only_asked_twice(self) -> frozenset[str]:
        """Return the parts that are wrong if the class is asked to go back twice, if all others are right.

        By how much depends on the nodes that a student's class makes on its way.
        """
        wrong: dict[bool, set[str]] = {True: set(), False: set()}
        for once, truth, right in zip(self.once, self.truths, self._true, strict=True):
            wrong[once] |= truth.keys() - right
        return frozenset() if wrong[True] else frozenset(wrong[False])

    def _are_zero(self) -> bool:
        return all(
            array is not None and not array.any()
            for answer in self.answers
            for array in (answer[step.name] for step in self.steps)
        )

    def _come_from_another_seed(self) -> bool:
        """Return whether what the last node hands on is too much or too little, everywhere alike."""
        last = [step for step in self.steps if step.name in self.last]
        if set(self.wrong) != set(last):
            return False
        alone = next((step for step in last if len(step.paths) < SEVERAL), last[0])
        for place, (answer, env) in enumerate(zip(self.answers, self.envs, strict=True)):
            more = _factor(answer[alone.name], self._right[alone.name][place]) - 1
            for step in last:
                terms = _terms(step, env)
                right = self._right[step.name][place]
                if not any(agree(answer[step.name], right + more * term) for term in terms):
                    return False
        return True

    def _end_behind_the_last_node(self) -> bool:
        """Return whether nothing arrives but what the last node hands on itself."""
        rest = [
            answer[step.name] for step in self.steps if step.name not in self.last for answer in self.answers
        ]
        return all(array is not None and not array.any() for array in rest)

    def _are_of_values(self) -> bool:
        """Return whether each is what a value gives that stands in for the gradient beside it, everywhere."""
        return any(self._follow_from_values(back) for back in (False, True))

    def _follow_from_values(self, back: bool) -> bool:
        def is_followed(step: Step) -> bool:
            return self._is_one_of(step, lambda env: self._of_values(step, env, back))

        wrong = [step for step in self.wrong if not is_followed(step)]
        return 2 * len(self.wrong) >= len(self.steps) and len(wrong) <= OWN_NODES

    def _of_values(self, step: Step, env: Env, back: bool) -> list[Array]:
        """Return what a step gives from values for gradients.

        back : whether the gradients stand in for the values, too: the two have changed places.
        """
        near = [name.removeprefix("D") for name in step.reads or ()]
        above = {f"D{name}": env[name] for name in near if name in env}
        below = {name: env[f"D{name}"] for name in near if back and f"D{name}" in env}
        own = {**env, **below, **above}
        right = _value(step.right, own)
        if step.name not in self.last:
            return [right]
        return [right + (env[self.output] - 1) * term for term in _terms(step, own)]

    def _is_one_of(self, step: Step, values: Callable[[Env], list[Array]]) -> bool:
        pairs = zip(self.answers, self.envs, strict=True)
        return all(any(agree(answer[step.name], value) for value in values(env)) for answer, env in pairs)

    @cached_property
    def bound(self) -> float | None:
        """What all that is wrong is cut off at, above and below, if that is all that is wrong."""
        wrong = [(step, place) for step in self.wrong for place in range(len(self.answers))]
        given = {key: self.answers[key[1]][key[0].name] for key in wrong}
        largest = max(
            (float(np.abs(a).max(initial=0.0)) for a in given.values() if a is not None), default=0.0
        )
        if len(self.wrong) < SEVERAL or not largest:
            return None
        cut = all(
            agree(given[step, place], np.clip(self._right[step.name][place], -largest, largest))
            for step, place in wrong
        )
        return largest if cut else None

    def _are_single_terms(self) -> bool:
        """Return whether each is one term of its sum, whichever came last: that depends on a list's order."""
        if len(self.wrong) < SEVERAL or any(len(step.paths) < SEVERAL for step in self.wrong):
            return False
        return all(
            any(self._is(step, step.right._replace(paths=(path,)).value) for path in step.paths)
            for step in self.wrong
        )

    def begin_with_ones(self, *, asked_twice: bool = False) -> bool:
        """Return whether each is larger by 1, or by 1 for each axis where a sum makes a node for each.

        asked_twice : of the instances on which the class went back more than once.
        """
        if len(self.wrong) < len(self.steps):
            return False
        chosen = [place for place, once in enumerate(self.once) if once != asked_twice]
        return all(
            any(
                all(agree(_less(self.answers[k][step.name], more), self._right[step.name][k]) for k in chosen)
                for more in range(1, MOST_AXES + 1)
            )
            for step in self.steps
        )

    def share_an_array(self) -> bool:
        """Return whether what is not true has the very numbers, to the last bit, of a gradient that is.

        An upstream gradient that was handed on as it is has them, too: ask for the steps' mistakes before.
        """
        return bool(self.costs(SHARED)) and all(
            any(all(_same(answer[name], answer[other]) for answer in self.answers) for other in self.true)
            for name in self.costs(SHARED)
        )

    def _is(self, step: Step, value: Any) -> bool:  # noqa: ANN401  a form's function of an environment
        pairs = zip(self.answers, self.envs, strict=True)
        return all(agree(answer[step.name], value(env)) for answer, env in pairs)


def agree(given: Array | None, right: Array | None) -> bool:
    """Return whether an array is the right one; none is not."""
    if given is None or right is None or given.shape != np.shape(right):
        return False
    return agrees(given, right)


def _value(form: Form, env: Env) -> Array:
    """Return what a form of a step gives; not a number where it gives none."""
    result = form.value(env)
    return np.array(np.nan) if result is None else result


def _terms(step: Step, env: Env) -> list[Array]:
    """Return the terms that a step is the sum of, or all of it."""
    return [_value(step.right._replace(paths=(path,)), env) for path in step.right.paths]


def _less(array: Array | None, more: int) -> Array | None:
    return None if array is None else array - more


def _same(one: Array | None, other: Array | None) -> bool:
    return one is not None and other is not None and np.array_equal(one, other)


def _factor(given: Array | None, right: Array) -> float:
    """Return how many times the right array this one is at best; 0 where there is none."""
    size = float(np.sum(np.square(right)))
    return float(np.sum(given * right)) / size if given is not None and size else 0.0


def are_shaped(answers: Answers, truths: Sequence[Mapping[str, Array]]) -> bool:
    """Return whether each array that there is has its shape: no order of nodes makes another."""
    pairs = (
        (answer[name], true) for answer, t in zip(answers, truths, strict=True) for name, true in t.items()
    )
    return all(array is None or array.shape == true.shape for array, true in pairs)
