"""Planted mistakes cost what they should, are named rightly by name and place, and nothing else is named."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import pytest

from autograder import assignments
from autograder.diagnosis.by_computation import by_computation
from autograder.exercise import Exercise
from tests import readme
from tests.autograder.marked_answers import marked, remembered
from tests.autograder.mutants import (
    attention,
    backward,
    calls,
    classifier,
    descent,
    forward,
    normalisation,
    slopes,
    softmax,
)
from tests.tables import every_day_if, first_every_day

SEEDS = (5, 1789)


EXERCISES: dict[tuple[str, str], Exercise] = {
    (assignment.name[:2], exercise.name): remembered(exercise)
    for assignment in assignments.load_all()
    for exercise in assignment.exercises
    if (assignment.name[:2], exercise.name) in calls.RIGHT  # mistakes are planted in those that have answers
}


@dataclass(frozen=True)
class Kind:
    """Wrong answers of one kind, to one exercise or several."""

    title: str
    planted: Callable[[], Sequence[Any]]
    exercise: tuple[str, str] | None = None

    @property
    def of_several(self):
        """Whether each has two mistakes or three: there are many of these."""
        return "two" in self.title

    def answers(self):
        """Exercise and wrong answer, one after the other."""
        if self.exercise is not None:
            yield from ((self.exercise, mutant) for mutant in self.planted())
            return
        for key, exercise in EXERCISES.items():
            yield from ((key, mutant) for mutant in calls.call_mutants(key, exercise.max_score))


FIRST, SECOND = ("01", "exercise1"), ("01", "exercise2")
KINDS = (
    Kind("backward pass, one mistake", backward.single, FIRST),
    Kind("backward pass, two or three mistakes", backward.combined, FIRST),
    Kind("backward pass, the form of the answer", backward.whole, FIRST),
    Kind("PyTorch forward pass, one mistake", forward.forward_single, SECOND),
    Kind("PyTorch forward pass, two or three mistakes", forward.forward_combined, SECOND),
    Kind("PyTorch forward pass, cut off", forward.forward_cut, SECOND),
    Kind("a cubic's gradient", slopes.slope_mutants, ("02", "exercise1")),
    Kind("its descent", descent.descent_mutants, ("02", "exercise2")),
    Kind("its largest step", descent.limit_mutants, ("02", "exercise3")),
    Kind("softmax and cross-entropy", softmax.probability_mutants, ("03", "exercise1")),
    Kind("softmax backward", softmax.jacobian_mutants, ("03", "exercise2")),
    Kind("a classifier's backward pass, one mistake", classifier.single, ("03", "exercise3")),
    Kind("a classifier's backward pass, two mistakes", classifier.combined, ("03", "exercise3")),
    Kind("a classifier's backward pass, the form of the answer", classifier.whole, ("03", "exercise3")),
    *(
        Kind(f"{title}, {many}", partial(planted, task), ("05", task.name))
        for title, task in zip(normalisation.TITLES, normalisation.TASKS, strict=True)
        for many, planted in {
            "one mistake": normalisation.single,
            "two mistakes": normalisation.combined,
        }.items()
    ),
    Kind("a normalisation, the form of the answer", normalisation.whole, ("05", "exercise1")),
    Kind("a head of attention, one mistake", attention.head_single, ("08", "exercise1")),
    Kind("a head of attention, two mistakes", attention.head_combined, ("08", "exercise1")),
    Kind("its projections, one mistake", attention.projection_single, ("08", "exercise2")),
    Kind("its projections, two mistakes", attention.projection_combined, ("08", "exercise2")),
    Kind("several heads, one mistake", attention.several_single, ("08", "exercise3")),
    Kind("several heads, two mistakes", attention.several_combined, ("08", "exercise3")),
    Kind("the call of any exercise", list),
)

SINGLE_EVERY_DAY = every_day_if(lambda kind: not kind.of_several, KINDS)


@dataclass(frozen=True)
class Outcome:
    """What the grader made of one wrong answer."""

    planted: str
    loses: bool
    priced: bool
    named: bool
    false: bool
    told: str


def judged(exercise, mutant, seed):
    """Mark a wrong answer and hold what is said of it against what was planted."""
    result = marked(exercise, mutant.function, seed)
    planted, told = set(mutant.faults), {(fault.fault, fault.where) for fault in result.faults}
    return Outcome(
        planted=str(mutant),
        loses=result.score < exercise.max_score,
        priced=abs(result.score - mutant.score) < 1e-9
        and abs(exercise.max_score - result.score - sum(fault.cost for fault in result.faults)) < 1e-9,
        named=told == planted and len(result.faults) == len(planted),
        false=any(fault != "unrecognised" for fault, _ in told - planted),
        told=f"{result.score:g} P (planted: {mutant.score:g} P) "
        + "+".join(f"{fault}@{where}" for fault, where in sorted(told)),
    )


@cache
def outcomes(kind, seed):
    """What the grader makes of every wrong answer of a kind."""
    return tuple(judged(EXERCISES[key], mutant, seed) for key, mutant in kind.answers())


def misses(result):
    """Wrong answers of which the grader does not say exactly what was planted, and what it says instead."""
    return [f"{o.planted}: {o.told}" for o in result if not (o.loses and o.priced and o.named) or o.false]


def counts(kind):
    """How many answers, and of how many it holds on every seed: lose marks, named; on any: falsely named."""
    runs = list(zip(*(outcomes(kind, seed) for seed in SEEDS), strict=True))
    return (
        len(runs),
        sum(all(o.loses for o in run) for run in runs),
        sum(all(o.named for o in run) for run in runs),
        sum(any(o.false for o in run) for run in runs),
    )


def table():
    """The counts as Markdown, for the README."""
    rows = [(kind.title, *counts(kind)) for kind in KINDS]
    rows.append(("all", *map(sum, list(zip(*rows, strict=True))[1:])))
    head = ("wrong answers", "how many", "lose marks", "named rightly", "falsely named")
    lines = [head, ("---", *["---:"] * 4), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


@pytest.mark.parametrize("seed", first_every_day(SEEDS))
@pytest.mark.parametrize("kind", SINGLE_EVERY_DAY, ids=lambda kind: kind.title)
def test_a_planted_mistake_is_reported_by_name_and_place_and_costs_what_it_should(kind, seed):
    assert not misses(outcomes(kind, seed))


NONSENSE = {
    "nothing": "None",
    "a string": '"DW, DB"',
    "noise": "[[np.random.default_rng(0).normal(size=a.shape) for a in arrays] for arrays in (W, B)]",
    "zeros": "([0 * w for w in W], [0 * b for b in B])",
}


@pytest.mark.parametrize("nonsense", NONSENSE.values(), ids=NONSENSE.keys())
def test_an_answer_that_is_right_for_a_single_data_point_and_else_nonsense_earns_nothing(nonsense):
    answer = backward.BACKWARD.function(answer=f"right if len(X) == 1 else {nonsense}")
    result = marked(EXERCISES[FIRST], answer, SEEDS[0])
    assert result.score == 0
    assert result.faults


def test_a_class_computes_each_wrong_choice_once_on_each_instance_and_takes_none_for_another():
    computation, computed = EXERCISES[SECOND].explain.computation, []

    def run(instance, wrong):
        computed.append((id(instance), *wrong))
        return computation.run(instance, wrong)

    exercise = EXERCISES["01", "exercise2"]
    parts = [part.name for part in exercise.parts]
    explain = by_computation(replace(computation, run=run))
    linear = next(c for c in computation.mistakes if (c.fault, c.where) == ("missing-relu", "A2"))
    result = []
    for seed in (*SEEDS, *SEEDS):
        instances = exercise.instances(seed)
        answers = [computation.run(instance, dict([linear.setting])) for instance in instances]
        result.append(explain(instances, answers, parts))
    assert result[0] == result[1] == result[2] == result[3]
    assert result[0].findings
    assert len(computed) == len(set(computed))
    assert {case[0] for case in computed} == {id(i) for seed in SEEDS for i in exercise.instances(seed)}


def test_every_name_of_a_fault_is_planted_somewhere():
    planted = {fault for kind in KINDS for _, mutant in kind.answers() for fault, _ in mutant.faults}
    assert planted >= {
        *("missing-factor-two", "wrong-sign", "wrong-scale", "sum-instead-of-mean", "mean-twice", "zero"),
        *("missing-relu-mask", "wrong-relu-mask", "inverted-relu-mask", "activation-instead-of-derivative"),
        *("relu-of-gradient", "output-masked", "weights-not-transposed", "wrong-weights", "weights-updated"),
        *("transposed", "pre-activation-as-input", "wrong-input", "wrong-axis", "summed-over-all-axes"),
        *("not-summed", "extra-axis", "wrong-shape", "constant", "not-finite", "broadcast-targets"),
        *(
            "wrong-error",
            "reversed-order",
            "swapped-lists",
            "wrong-length",
            "returns-parameters",
            "malformed",
        ),
        *("not-implemented", "raised", "missing", "mutates-input", "not-deterministic", "uses-autograd"),
        *("hard-coded", "detached", "not-a-tensor", "not-scalar", "missing-relu", "missing-bias"),
        *("wrong-activation", "unrecognised"),
    }


@pytest.mark.thorough  # on every seed
def test_the_table_has_a_row_for_each_kind_and_one_for_all():
    rows = [line.strip("| ").split(" | ") for line in table().splitlines()]
    assert [row[0] for row in rows[2:]] == [*(kind.title for kind in KINDS), "all"]
    assert int(rows[-1][1]) == sum(int(row[1]) for row in rows[2:-1])


@pytest.mark.thorough
def test_the_table_in_the_readme_is_the_one_measured_here():
    readme.compare("mutants", table())
