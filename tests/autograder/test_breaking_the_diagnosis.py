"""The check of the diagnosis can fail: break a piece of the grader, and planted mistakes are missed."""

from dataclasses import replace

import pytest

from autograder import compare, hidden_data, mark
from autograder.diagnosis import by_steps as diagnose
from autograder.diagnosis import form, functions, scale
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.exercise import Diagnosis
from tests.autograder.mutants import backward, forward
from tests.autograder.test_diagnose import EXERCISES, FIRST, SECOND, SEEDS, judged, misses

pytestmark = pytest.mark.thorough  # of tests, that they can fail

CHAIN, MODEL = (EXERCISES[which].explain.computation for which in (FIRST, SECOND))
SINGLE, WHOLE = backward.single(), backward.whole()
SEVERAL = backward.combined()[-12:]  # three in one answer, and two or three in one step
FORWARDS = forward.forward_single()


def with_fault(planted, *names):
    return [mutant for mutant in planted if {fault for fault, _ in mutant.faults} & set(names)]


def missed(planted, exercise):
    """The check of the diagnosis, for some of the planted mistakes and one exercise, maybe a broken one."""
    assert planted
    return misses([judged(exercise, mutant, SEEDS[0]) for mutant in planted])


def changed_chain(change):
    """Exercise 1 with its alternatives changed: one by one, away where there is none."""

    def slots(step):
        return tuple(
            replace(slot, alternatives=tuple(c for a in slot.alternatives if (c := change(a)) is not None))
            for slot in step.slots
        )

    steps = [
        replace(step, slots=slots(step), blends=tuple(c for b in step.blends if (c := change(b)) is not None))
        for step in CHAIN.steps
    ]
    return replace(EXERCISES[FIRST], explain=by_steps(replace(CHAIN, steps=tuple(steps))))


def changed_model(change):
    """Exercise 2 with its choices changed, in the same way."""
    choices = tuple(c for choice in MODEL.choices if (c := change(choice)) is not None)
    return replace(EXERCISES[SECOND], explain=by_choices(replace(MODEL, choices=choices)))


def without(name):
    return lambda alternative: None if alternative.fault == name else alternative


def swapped(one, other):
    names = {one: other, other: one}
    return lambda alternative: replace(alternative, fault=names.get(alternative.fault, alternative.fault))


IN_CHAIN = sorted(
    {
        a.fault
        for step in CHAIN.steps
        for slot in step.slots
        for a in slot.alternatives
        if a.fault not in ("wrong-operand", "upstream-ignored") and not a.of_a_family
    }
    | {blend.fault for step in CHAIN.steps for blend in step.blends}
)
"""Those two are planted in tests of graphs."""

IN_MODEL = sorted({choice.fault for choice in MODEL.choices})


def test_with_nothing_broken_nothing_is_missed():
    assert not missed(SINGLE + SEVERAL + WHOLE, changed_chain(lambda alternative: alternative))
    assert not missed(FORWARDS, changed_model(lambda choice: choice))


@pytest.mark.parametrize("name", IN_CHAIN)
def test_a_name_taken_from_the_backward_pass_is_missed(name):
    assert missed(with_fault(SINGLE, name), changed_chain(without(name)))


def test_functions_that_are_not_fitted_are_missed(monkeypatch):
    monkeypatch.setattr(functions, "fitted", lambda *_: iter(()))
    broken = changed_chain(lambda a: None if getattr(a, "of_a_family", False) else a)
    assert missed(with_fault(SINGLE, "wrong-slope"), broken)


@pytest.mark.parametrize("name", IN_MODEL)
def test_a_name_taken_from_the_forward_pass_is_missed(name):
    assert missed(with_fault(FORWARDS, name), changed_model(without(name)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("missing-relu-mask", "inverted-relu-mask"),
        ("wrong-weights", "weights-not-transposed"),
        ("not-summed", "extra-axis"),
        ("output-masked", "broadcast-targets"),
    ],
)
def test_two_names_swapped_in_the_backward_pass_are_missed(one, other):
    planted = with_fault(SINGLE, one, other)
    assert len(missed(planted, changed_chain(swapped(one, other)))) == len(planted)


def test_two_names_swapped_in_the_forward_pass_are_missed():
    planted = with_fault(FORWARDS, "missing-relu", "missing-bias")
    assert len(missed(planted, changed_model(swapped("missing-relu", "missing-bias")))) == len(planted)


@pytest.fixture
def nothing_remembered():
    """A truth keeps the tolerance with which it was compared first: this test's is nobody else's."""
    _forget_truths()
    yield
    _forget_truths()


def _forget_truths():
    hidden_data.drawn.cache_clear()
    hidden_data._truth.cache_clear()


@pytest.mark.usefixtures("nothing_remembered")
def test_a_comparison_that_accepts_anything_is_seen(monkeypatch):
    monkeypatch.setattr(compare, "RELATIVE", 100.0)
    found = [judged(EXERCISES[FIRST], mutant, SEEDS[0]) for mutant in with_fault(SINGLE, "wrong-sign")]
    assert misses(found)
    assert not all(outcome.loses for outcome in found)


def test_a_factor_without_a_name_is_seen(monkeypatch):
    monkeypatch.setattr(scale, "KNOWN", (1.0,))
    planted = with_fault(SINGLE, "missing-factor-two", "wrong-sign")
    assert len(missed(planted, EXERCISES[FIRST])) == len(planted)


def test_a_search_that_takes_anything_for_evidence_is_seen_to_accuse_falsely(monkeypatch):
    monkeypatch.setattr(scale, "ratio", lambda given, expected: 1.0)
    found = [judged(EXERCISES[FIRST], mutant, SEEDS[0]) for mutant in with_fault(WHOLE, "unrecognised")]
    assert not any(outcome.named for outcome in found)
    found = [judged(EXERCISES[SECOND], mutant, SEEDS[0]) for mutant in with_fault(FORWARDS, "wrong-error")]
    assert not all(outcome.named for outcome in found)


def test_a_search_for_one_fault_a_step_is_seen(monkeypatch):
    monkeypatch.setattr(diagnose, "MAX_FAULTS", 1)
    assert missed(SEVERAL, EXERCISES[FIRST])


@pytest.mark.parametrize(
    ("piece", "names"),
    [
        ("rearrangements", ("reversed-order", "swapped-lists")),
        ("returns_inputs", ("returns-parameters",)),
        ("filler", ("zero", "constant")),
    ],
)
def test_a_form_that_is_not_looked_for_is_seen(monkeypatch, piece, names):
    monkeypatch.setattr(form, piece, lambda *_: {})
    planted = with_fault(WHOLE, *names)
    assert len(missed(planted, EXERCISES[FIRST])) == len(planted)


def test_marks_that_do_not_carry_errors_forward_are_seen():
    explain = EXERCISES[FIRST].explain
    broken = replace(
        EXERCISES[FIRST], explain=lambda *given: Diagnosis(explain(*given).findings, frozenset())
    )
    found = [judged(broken, mutant, SEEDS[0]) for mutant in with_fault(SINGLE, "missing-relu-mask")]
    assert all(outcome.named for outcome in found)
    assert not any(outcome.priced for outcome in found if "DZ1" not in outcome.planted)


def test_marks_that_are_carried_forward_too_freely_are_seen():
    explain = EXERCISES[FIRST].explain
    parts = frozenset(part.name for part in EXERCISES[FIRST].parts)
    broken = replace(EXERCISES[FIRST], explain=lambda *given: Diagnosis(explain(*given).findings, parts))
    assert len(missed(SEVERAL, broken)) == len(SEVERAL)


def test_a_fault_that_is_told_though_nothing_is_wrong_with_it_is_seen(monkeypatch):
    monkeypatch.setattr(mark, "_said_by", lambda noted, fault: False)
    cut = with_fault(forward.forward_cut(), "not-a-tensor")
    assert len(missed(cut, EXERCISES[SECOND])) == len(cut)
