"""The check of the diagnosis can fail: break a piece of the grader, and planted mistakes are missed."""

from dataclasses import replace

import pytest

from autograder import compare
from autograder.diagnosis import answer_structure, functions, scale
from autograder.diagnosis import by_steps as diagnose
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.by_steps import by_steps
from autograder.exercise import Diagnosis
from autograder.marking import hidden_data, mark
from tests.autograder.mutants import backward, forward
from tests.autograder.test_diagnose import EXERCISES, FIRST, SECOND, SEEDS, judged, misses

pytestmark = pytest.mark.thorough  # of tests, that they can fail

BACKWARD_PASS, COMPUTATION = (EXERCISES[which].explain.computation for which in (FIRST, SECOND))
SINGLE, WHOLE = backward.single(), backward.whole()
SEVERAL = backward.combined()[-12:]  # three in one answer, and two or three in one step
FORWARDS = forward.forward_single()


def with_fault(planted, *names):
    return [mutant for mutant in planted if {fault for fault, _ in mutant.faults} & set(names)]


def missed(planted, exercise):
    """The check of the diagnosis, for some of the planted mistakes and one exercise, maybe a broken one."""
    assert planted
    return misses([judged(exercise, mutant, SEEDS[0]) for mutant in planted])


def changed(mistakes, change):
    """Mistakes changed one by one; away where there is none."""
    return tuple(result for mistake in mistakes if (result := change(mistake)) is not None)


def changed_backward_pass(change):
    """Exercise 1 with its mistakes changed."""
    steps = [
        replace(
            step,
            vjps=tuple(replace(vjp, mistakes=changed(vjp.mistakes, change)) for vjp in step.vjps),
            mixed_mistakes=changed(step.mixed_mistakes, change),
        )
        for step in BACKWARD_PASS.steps
    ]
    return replace(EXERCISES[FIRST], explain=by_steps(replace(BACKWARD_PASS, steps=tuple(steps))))


def changed_computation(change):
    """Exercise 2 with its mistakes changed."""
    mistakes = changed(COMPUTATION.mistakes, change)
    return replace(EXERCISES[SECOND], explain=by_computation(replace(COMPUTATION, mistakes=mistakes)))


def without(name):
    return lambda mistake: None if mistake.fault == name else mistake


def swapped(one, other):
    names = {one: other, other: one}
    return lambda mistake: replace(mistake, fault=names.get(mistake.fault, mistake.fault))


IN_BACKWARD_PASS = sorted(
    {a.fault for step in BACKWARD_PASS.steps for vjp in step.vjps for a in vjp.mistakes if not a.of_a_family}
    - {"wrong-operand", "upstream-ignored"}  # which are planted in tests of graphs
    | {mixed.fault for step in BACKWARD_PASS.steps for mixed in step.mixed_mistakes}
)
IN_COMPUTATION = sorted({mistake.fault for mistake in COMPUTATION.mistakes})


def test_with_nothing_broken_nothing_is_missed():
    assert not missed(SINGLE + SEVERAL + WHOLE, changed_backward_pass(lambda mistake: mistake))
    assert not missed(FORWARDS, changed_computation(lambda mistake: mistake))


BROKEN = {FIRST: (SINGLE, changed_backward_pass), SECOND: (FORWARDS, changed_computation)}


@pytest.mark.parametrize(
    ("which", "name"),
    [*((FIRST, name) for name in IN_BACKWARD_PASS), *((SECOND, name) for name in IN_COMPUTATION)],
)
def test_a_name_that_is_taken_away_is_missed(which, name):
    planted, broken = BROKEN[which]
    assert missed(with_fault(planted, name), broken(without(name)))


@pytest.mark.parametrize(
    ("which", "one", "other"),
    [
        (FIRST, "missing-relu-mask", "inverted-relu-mask"),
        (FIRST, "wrong-weights", "weights-not-transposed"),
        (FIRST, "not-summed", "extra-axis"),
        (FIRST, "output-masked", "broadcast-targets"),
        (SECOND, "missing-relu", "missing-bias"),
    ],
)
def test_two_names_swapped_are_missed(which, one, other):
    planted, broken = BROKEN[which]
    chosen = with_fault(planted, one, other)
    assert len(missed(chosen, broken(swapped(one, other)))) == len(chosen)


def test_functions_that_are_not_fitted_are_missed(monkeypatch):
    monkeypatch.setattr(functions, "fitted", lambda *_: iter(()))
    broken = changed_backward_pass(lambda a: None if getattr(a, "of_a_family", False) else a)
    assert missed(with_fault(SINGLE, "wrong-slope"), broken)


@pytest.fixture
def nothing_remembered():
    """A truth keeps the tolerance with which it was compared first: this test's is nobody else's."""
    remembering = (hidden_data.drawn, hidden_data._truth)
    for function in remembering:
        function.cache_clear()
    yield
    for function in remembering:
        function.cache_clear()


@pytest.mark.usefixtures("nothing_remembered")
def test_a_comparison_that_accepts_anything_is_seen(monkeypatch):
    monkeypatch.setattr(compare, "RELATIVE", 100.0)
    result = [judged(EXERCISES[FIRST], mutant, SEEDS[0]) for mutant in with_fault(SINGLE, "wrong-sign")]
    assert misses(result)
    assert not all(outcome.loses for outcome in result)


def test_a_factor_without_a_name_is_seen(monkeypatch):
    monkeypatch.setattr(scale, "KNOWN", (1.0,))
    planted = with_fault(SINGLE, "missing-factor-two", "wrong-sign")
    assert len(missed(planted, EXERCISES[FIRST])) == len(planted)


def test_a_search_that_takes_anything_for_evidence_is_seen_to_accuse_falsely(monkeypatch):
    monkeypatch.setattr(scale, "ratio", lambda given, expected: 1.0)
    result = [judged(EXERCISES[FIRST], mutant, SEEDS[0]) for mutant in with_fault(WHOLE, "unrecognised")]
    assert not any(outcome.named for outcome in result)
    result = [judged(EXERCISES[SECOND], mutant, SEEDS[0]) for mutant in with_fault(FORWARDS, "wrong-error")]
    assert not all(outcome.named for outcome in result)


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
def test_a_structure_that_is_not_looked_for_is_seen(monkeypatch, piece, names):
    monkeypatch.setattr(answer_structure, piece, lambda *_: {})
    planted = with_fault(WHOLE, *names)
    assert len(missed(planted, EXERCISES[FIRST])) == len(planted)


def test_marks_that_do_not_carry_errors_forward_are_seen():
    explain = EXERCISES[FIRST].explain
    broken = replace(
        EXERCISES[FIRST], explain=lambda *given: Diagnosis(explain(*given).findings, frozenset())
    )
    result = [judged(broken, mutant, SEEDS[0]) for mutant in with_fault(SINGLE, "missing-relu-mask")]
    assert all(outcome.named for outcome in result)
    assert not any(outcome.priced for outcome in result if "DZ1" not in outcome.planted)


def test_marks_that_are_carried_forward_too_freely_are_seen():
    explain = EXERCISES[FIRST].explain
    parts = frozenset(part.name for part in EXERCISES[FIRST].parts)
    broken = replace(EXERCISES[FIRST], explain=lambda *given: Diagnosis(explain(*given).findings, parts))
    assert len(missed(SEVERAL, broken)) == len(SEVERAL)


def test_a_fault_that_is_reported_though_nothing_is_wrong_with_it_is_seen(monkeypatch):
    monkeypatch.setattr(mark, "_is_implied_by", lambda noted, fault: False)
    cut = with_fault(forward.forward_cut(), "not-a-tensor")
    assert len(missed(cut, EXERCISES[SECOND])) == len(cut)
