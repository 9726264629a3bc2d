"""What checks of normalisations elsewhere let pass: planted here, it has a name, and costs marks.

The checks are rebuilt: their instance, their upstream gradient, their tolerance. A mistake that none of its
numbers gives away there is marked on the course's own instances, and the page shows what is said of it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests import readme
from tests.autograder.marked_answers import marked, told
from tests.autograder.mutants import normalisation
from tests.autograder.mutants.normalisation import BATCH, LAYER, ROOT
from tests.autograder.mutants.planted import Task
from tests.autograder.test_diagnose import EXERCISES, SEEDS


def given(task, upstream, shape, gamma):
    """Inputs of an exercise whose upstream gradient is made of what comes out."""
    q = {
        "X": np.random.default_rng(0).standard_normal(shape) * 4 + 1, "G": gamma(shape[1]),
        "B": np.zeros(shape[1]), "eps": 1e-5, "RM": np.zeros((1, shape[1])),
        "RS": np.full((1, shape[1]), 1.3),
    }  # fmt: skip
    axis = task.helpers["axis"]
    q["M"] = q["X"].mean(axis=axis, keepdims=True)
    q["H"], q["S"] = normalisation.again(q["X"], q["eps"], axis)
    if task is ROOT:
        q["S"] = np.sqrt((q["X"] ** 2).mean(axis=1, keepdims=True) + q["eps"])
        q["H"] = q["X"] / q["S"]
    q["DY"] = upstream(q["H"] * q["G"])
    return q


@dataclass(frozen=True)
class Check:
    """A check elsewhere, rebuilt."""

    words: str
    upstream: Callable[[Any], Any]
    shape: tuple[int, int]
    tolerance: float
    gamma: Callable[[int], Any] = np.ones

    def passes(self, task: Task, changed: Mapping[str, str]) -> bool:
        """Whether an answer with a mistake is as good as the right one there."""
        q = given(task, self.upstream, self.shape, self.gamma)
        arguments = [q[name] for name in task.parameters.split()]
        answers = task.function()(*arguments), task.function(**changed)(*arguments)
        pairs = zip(*answers, strict=True)
        tolerance = {"atol": self.tolerance, "rtol": self.tolerance}
        return all(one.shape == other.shape and np.allclose(one, other, **tolerance) for one, other in pairs)


ONES = Check("`y.sum()` is differentiated: an upstream gradient of ones", np.ones_like, (6, 4), 1e-4)
FOURTH = Check("`(y ** 4).sum()` is, on three features", lambda Y: 4 * Y**3, (3, 3), 1e-4)
UNTRAINED = Check(
    "the upstream gradient is random, and γ still ones, as a layer begins",
    lambda Y: np.random.default_rng(1).standard_normal(Y.shape), (6, 4), 1e-6,
)  # fmt: skip
COARSE = Check(
    "an upstream gradient of the size of a mean's, 1/N·D, and a tolerance of 0.01",
    lambda Y: np.random.default_rng(1).standard_normal(Y.shape) / Y.size, (32, 64), 1e-2,
)  # fmt: skip


def planted(task, fault, part):
    """The first of the planted mistakes of this name and part."""
    return task, part, next(row.lines for row in task.planted if row.told == f"{fault}@{part}")


ROWS = (
    (ONES, "batchnorm: the gradient with respect to X is 0", (BATCH, "DX", "0 * X")),
    (ONES, "layernorm: the gradient with respect to X is 0", (LAYER, "DX", "0 * X")),
    (ONES, "batchnorm: no path through the variance", planted(BATCH, "missing-variance-path", "DX")),
    (ONES, "layernorm: no path through the variance", planted(LAYER, "missing-variance-path", "DX")),
    (ONES, "batchnorm: N - 1 in the backward pass", planted(BATCH, "unbiased-in-backward-only", "DX")),
    (ONES, "layernorm: X for the normalised rows", planted(LAYER, "raw-for-normalised", "DX")),
    (ONES, "batchnorm: divided by the variance", planted(BATCH, "root-missing", "DX")),
    (ONES, "layernorm: not divided by the deviation", planted(LAYER, "deviation-missing", "DX")),
    (FOURTH, "layernorm: the gradient with respect to X is 0", (LAYER, "DX", "0 * X")),
    (FOURTH, "layernorm: divided by the variance", planted(LAYER, "root-missing", "DX")),
    (FOURTH, "layernorm: times the deviation", planted(LAYER, "root-inverted", "DX")),
    (UNTRAINED, "layernorm: γ forgotten", planted(LAYER, "factor-missing", "DH")),
    (UNTRAINED, "layernorm: γ behind the means", planted(LAYER, "gamma-outside-the-means", "DX")),
    (UNTRAINED, "layernorm: γ in β's gradient", planted(LAYER, "gamma-in-beta", "DB")),
    (UNTRAINED, "rmsnorm: γ twice in one term", planted(ROOT, "weight-twice", "DX")),
    (UNTRAINED, "rmsnorm: γ missing in one term", planted(ROOT, "weight-missing", "DX")),
    (COARSE, "layernorm: mean and deviation as constants", planted(LAYER, "statistics-as-constants", "DX")),
    (COARSE, "layernorm: means along the wrong axis", planted(LAYER, "statistics-along-wrong-axis", "DX")),
)


@pytest.mark.parametrize(("check", "words", "mistake"), ROWS, ids=[words for _, words, _ in ROWS])
def test_a_mistake_passes_there_and_is_named_here_and_costs(check, words, mistake):
    task, part, formula = mistake
    assert check.passes(task, {part: formula})
    for seed in SEEDS:
        result = marked(EXERCISES["05", task.name], task.function(**{part: formula}), seed)
        ((fault, where),) = told(result)
        assert fault != "unrecognised"
        assert where == part
        assert result.score == EXERCISES["05", task.name].max_score - task.marks[part]


def test_a_check_with_a_random_upstream_gradient_and_factors_of_its_own_lets_none_of_them_pass():
    """What was rebuilt can fail: with another upstream gradient and other factors it sees all of them."""
    strict = Check(
        "",
        lambda Y: np.random.default_rng(1).standard_normal(Y.shape), (6, 4), 1e-6,
        lambda D: np.linspace(0.6, 1.7, D),
    )  # fmt: skip
    assert not [words for _, words, (task, part, formula) in ROWS if strict.passes(task, {part: formula})]
    assert all(
        check.passes(task, {}) for check in (ONES, FOURTH, UNTRAINED, COARSE) for task in (LAYER, BATCH, ROOT)
    )


def test_the_page_shows_them():
    head = "| what is compared elsewhere | the mistake that passes | what this course says | takes off |"
    rows = [head, "| --- | --- | --- | ---: |"]
    for check, words, (task, part, formula) in ROWS:
        exercise = EXERCISES["05", task.name]
        result = marked(exercise, task.function(**{part: formula}), SEEDS[0])
        said = ", ".join(f"`{fault}` at {where}" for fault, where in told(result))
        cost = f"{exercise.max_score - result.score:g} of {exercise.max_score:g} P"
        rows.append(f"| {check.words} | {words} | {said} | {cost} |")
    readme.compare("what-others-pass-05", "\n".join(rows))
