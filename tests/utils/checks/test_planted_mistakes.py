"""The check says of wrong answers what the grader says: the same name, at the same place, and no wrong one.

The mistakes are those of the grader's own tests, written as students write them, and those that its diagnosis
knows, on other instances than they were planted on.
"""

from dataclasses import replace
from functools import cache, partial
from itertools import islice

import numpy as np
import pytest

import utils
from autograder import assignments
from autograder.diagnosis.planting import planted
from autograder.diagnosis.sentences import sentence
from autograder.self_check.file import instances_of
from tests.autograder.mutants import (
    attention,
    backward,
    classifier,
    descent,
    forward,
    normalisation,
    slopes,
    softmax,
)
from tests.tables import first_every_day, first_of_each_every_day
from tests.utils.checks.students import ATTENTION, CLASSES, DESCENT, NETWORK, NORMALISED, forget, task
from utils.checks import hints
from utils.checks.known import first_known
from utils.checks.vocabulary import filled

KEYS = [f"{NETWORK}/exercise{n}" for n in (1, 2)] + [
    f"{assignment}/exercise{n}" for assignment in (DESCENT, CLASSES, ATTENTION) for n in (1, 2, 3)
]
KEYS += [f"{NORMALISED}/{task.name}" for task in normalisation.TASKS]
SOME = 20  # every twentieth of them, in `make test`
SOME_KEYS = first_of_each_every_day(KEYS, lambda key: key.partition("/")[0])
PLANTED_IN = [(key, SOME) for key in SOME_KEYS if isinstance(key, str)]  # of each first task
PLANTED_IN += [pytest.param(key, 1, marks=pytest.mark.thorough) for key in KEYS]
NAMED, PLACED = 0.9, 0.98
VAGUE = "unrecognised"

# What PyTorch finds no gradient for is told of each parameter; a length that is right but for too much in it
# is a remark; and a descent that is told to be no number any more is one, whatever made it leave.
BESIDE = {"wrong-length@answer", "broadcast-targets@losses"}


MADE = [
    (KEYS[0], (backward.single, backward.whole), backward.combined, 1),
    (KEYS[1], (forward.forward_single, forward.forward_cut), forward.forward_combined, 1),
    (KEYS[2], (slopes.slope_mutants,), slopes.slope_mutants, 1),
    (KEYS[3], (descent.descent_mutants,), descent.descent_mutants, 1),
    (KEYS[4], (descent.limit_mutants,), descent.limit_mutants, 1),
    (KEYS[5], (softmax.probability_mutants,), softmax.probability_mutants, 1),
    (KEYS[6], (softmax.jacobian_mutants,), softmax.jacobian_mutants, 3),
    (KEYS[7], (classifier.single, classifier.whole), classifier.combined, 6),
    *(
        (key, (partial(normalisation.single, of),), partial(normalisation.combined, of), 6)
        for key, of in zip(KEYS[11:], normalisation.TASKS, strict=True)
    ),
    (KEYS[8], (attention.head_single,), attention.head_combined, 6),
    (KEYS[9], (attention.projection_single,), attention.projection_combined, 4),
    (KEYS[10], (attention.several_single,), attention.several_combined, 2),
]
"""By task: single mistakes as students write them; several in one answer, and every how manieth is taken."""


def written():
    """Single mistakes, by task."""
    result = [(key, m) for key, makes, *_ in MADE for make in makes for m in make()]
    return [(key, m) for key, m in result if len(m.faults) == 1 and str(m) not in BESIDE]


def several():
    """Two mistakes and three, by task."""
    return [(key, m) for key, _, make, every in MADE for m in make()[::every] if len(m.faults) > 1]


def first_fault(key, mutant):
    forget()
    report = utils.check(mutant.function, key)
    assert not report
    return hints._places[key].fault


@cache
def results(every):
    """What is told of each, or of every twentieth."""
    return [(key, mutant, first_fault(key, mutant)) for key, mutant in written()[::every]]


def of(assignment, every):
    told = [each for each in results(every) if each[0].startswith(assignment)]
    assert len(told) >= COUNTS[assignment] // every
    return told


ALL = ""  # of every assignment together: of few mistakes one may be too many
COUNTS = {ALL: 695, NETWORK: 231, DESCENT: 95, CLASSES: 119, NORMALISED: 150, ATTENTION: 100}
EVERY = first_every_day([(assignment, SOME if assignment == ALL else 1) for assignment in COUNTS])


@pytest.mark.parametrize("these", EVERY, ids=lambda these: these[0] or "all")
def test_nine_of_ten_single_mistakes_are_named_as_the_grader_names_them(these):
    told = of(*these)
    missed = [(key, str(m), result) for key, m, result in told if (result.name, result.where) != m.faults[0]]
    assert len(missed) <= (1 - NAMED) * len(told), missed


@pytest.mark.thorough  # of a few, one may be too many
@pytest.mark.parametrize("assignment", COUNTS)
def test_nearly_every_single_mistake_is_placed(assignment):
    told = of(assignment, 1)
    missed = [(key, str(m), result) for key, m, result in told if result.where != m.faults[0][1]]
    assert len(missed) <= (1 - PLACED) * len(told), missed


@pytest.mark.parametrize("every", first_every_day([SOME, 1]))
def test_no_single_mistake_has_a_wrong_name(every):
    wrong = [
        (key, str(mutant), result)
        for key, mutant, result in results(every)
        if result.name != VAGUE and result.name != mutant.faults[0][0]
    ]
    assert wrong == []


@pytest.mark.thorough  # hundreds of answers with two or three mistakes
def test_of_several_mistakes_one_is_named_where_it_is_or_none():
    result = [(key, mutant, first_fault(key, mutant)) for key, mutant in several()]
    wrong = [
        (key, str(mutant), fault)
        for key, mutant, fault in result
        if fault.name != VAGUE and fault.name not in {name for name, _ in mutant.faults}
    ]
    elsewhere = [(key, str(m), f) for key, m, f in result if f.where not in {where for _, where in m.faults}]
    assert len(result) > 200
    # an array that has another mistake beside one further up is told of by its form, or as it stands
    assert len(wrong) <= 0.02 * len(result), wrong
    assert len(elsewhere) <= 0.05 * len(result), elsewhere


@pytest.mark.parametrize(("key", "every"), PLANTED_IN)
def test_what_the_diagnosis_knows_is_named_in_its_own_sentence(key, every):
    """On the check's instances, with the arrays that the mistake gives there."""
    assignment, _, name = key.partition("/")
    (exercise,) = [each for each in assignments.load(assignment).exercises if each.name == name]
    instances, others = instances_of(exercise)
    parts = [part.name for part in task(key).parts]
    total, missed = 0, []
    with np.errstate(all="ignore"):
        for mistake in islice(planted(exercise, [*others, *instances]), 0, None, every):
            answers = mistake.answers[len(others) :]
            right = right_parts(task(key), answers)
            if all(right):
                continue
            total += 1
            result = first_known(task(key), answers, right)
            (wanted, *_) = mistake.findings
            message = sentence(wanted.fault, wanted.where, wanted.hint, wanted.forward, quoted=False)
            said = {(fault.name, fault.where, fault.sentence.replace("−", "-")) for fault in result}
            if (wanted.fault, wanted.where, message) not in said:
                graded = exercise.explain([*others, *instances], mistake.answers, parts).findings
                if any(finding.fault == VAGUE for finding in graded):  # no name of the grader's either
                    total -= 1
                    continue
                names = {(finding.fault, finding.where) for finding in graded}
                if names != {(fault.name, fault.where) for fault in result}:
                    missed.append((wanted, result))
    assert len(missed) <= (1 - NAMED) * total, missed


def right_parts(task, answers):
    """Of each part, whether it is right on all instances."""

    def same(given, true):
        return given is not None and given.shape == true.shape and np.allclose(given, true, rtol=1e-4)

    pairs = list(zip(answers, task.instances, strict=True))
    return [all(same(a[part.name], i.true[part.name]) for a, i in pairs) for part in task.parts]


@pytest.mark.parametrize("key", first_every_day(KEYS))
def test_what_is_like_no_mistake_has_no_name(key):
    """Arrays of the right form with numbers by chance, or the true ones with something by chance added."""
    random = np.random.default_rng(5)
    result = task(key)
    parts = [part.name for part in result.parts]
    for _ in range(40):
        first = random.integers(len(parts))
        answers = []
        for instance in result.instances:
            answer = dict(instance.true)
            for part in parts[first:]:
                noise = random.standard_normal(answer[part].shape) * np.abs(answer[part]).max()
                answer[part] = noise if random.random() < 0.5 else answer[part] + noise
            answers.append(answer)
        named = first_known(result, answers, [k < first for k in range(len(parts))])
        assert named == (), named


def test_two_names_at_equal_distance_are_none():
    """A mistake is not named that another explains as well."""
    result = task(KEYS[0])
    number = [each.faults[0].name for each in result.known].index("missing-relu-mask")
    known, numbers = result.known[number], result.numbers

    def with_its_row_again(rows):
        return np.concatenate([rows, rows[number : number + 1]])

    twin = replace(known, faults=tuple(replace(fault, name="another") for fault in known.faults))
    with_twin = replace(
        result,
        known=(*result.known, twin),
        numbers=replace(
            numbers,
            projections=with_its_row_again(numbers.projections),
            shapes=with_its_row_again(numbers.shapes),
        ),
    )
    wanted = ((known.faults[0].name, known.faults[0].where),)
    mutant = next(mutant for mutant in backward.single() if mutant.faults == wanted)
    answers = []
    for instance in result.instances:
        both = zip("WB", mutant.function(*instance.inputs.values()), strict=True)
        answers.append({f"D{n}{i + 1}": array for n, arrays in both for i, array in enumerate(arrays)})
    right = right_parts(result, answers)
    assert first_known(result, answers, right)[0].name == known.faults[0].name
    assert first_known(with_twin, answers, right) == ()


def test_gaps_are_filled_and_other_braces_kept():
    assert filled("{a} and {b}", a="one") == "one and {b}"
