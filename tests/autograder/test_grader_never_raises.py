"""Whatever is returned is marked; a right answer passes on any instances, a slightly wrong one never."""

import contextlib
import datetime
import decimal
import fractions
import io
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Convention, ExerciseResult, Verdict
from autograder.marking.mark import mark_exercise
from autograder.reporting import report
from tests.autograder.calling.test_calling_answers import REFUSED
from tests.autograder.calling.test_calling_nasty_answers import NASTIES
from tests.autograder.marked_answers import marked, value
from tests.autograder.mutants import calls
from tests.autograder.students_function import object_array
from tests.autograder.test_diagnose import EXERCISES, SEEDS
from tests.tables import every_day_if

FIRST = (("01", "exercise1"), ("02", "exercise1"))  # an answer of many arrays, and of one
exercises = pytest.mark.parametrize("key", every_day_if(FIRST.__contains__, EXERCISES), ids="-".join)


def data(exercise, instance):
    """What tells an instance from others; its parameters may lie a little further along a gradient."""
    inputs = {k: v for k, v in instance.inputs.items() if k not in exercise.convention.leaves}
    arrays = [value.tobytes() for value in inputs.values() if isinstance(value, np.ndarray)]
    return instance.description, *arrays


def answered(exercise, answer, seed=SEEDS[0]):
    """Marks for what `answer` makes of an instance's number and truth, gradients included."""
    numbers = {data(exercise, instance): n for n, instance in enumerate(exercise.instances(seed))}

    def call(exercise, instance):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            truth = dict(exercise.reference(instance))
            number = numbers.get(data(exercise, instance), 0)  # with an argument changed it is none of these
            return function_call.call(lambda: answer(number, truth), Convention(), {})

    return mark_exercise(exercise, function_call.one_by_one(call), seed)


def in_order(result, exercise):
    """Whether a result is one that can be reported: plain marks in range, and a text of it."""
    assert isinstance(result, ExerciseResult)
    assert type(result.score) is float
    assert 0 <= result.score <= exercise.max_score
    assert [part.part for part in result.parts] == list(exercise.parts)
    for part in result.parts:
        assert type(part.score) is float
        assert 0 <= part.score <= part.part.marks
    assert result.faults or result.score == exercise.max_score
    assert report.exercise_as_text(result)
    assert report.exercise_as_html(result)
    return True


# Things that are no answers


def hostile(name, **methods):
    """An object with methods of its own."""
    return type(name, (), methods)()


def angry(*_, **__):
    raise RuntimeError("do not touch")


class HostileArray(np.ndarray):
    __array_ufunc__ = __array_function__ = angry
    __eq__ = __len__ = __iter__ = __getitem__ = astype = __float__ = angry
    __hash__ = None


class HostileTensor(torch.Tensor):
    __torch_function__ = classmethod(angry)


class HostileClass(type):
    __instancecheck__ = __subclasscheck__ = __getattribute__ = angry


SLOW = ("many arrays", "endless generator", "endless iterator")  # to read: tests of calling have them
THINGS = {name: make for name, (make, _) in REFUSED.items()} | NASTIES
THINGS = {name: make for name, make in THINGS.items() if name not in SLOW} | {
    "True": lambda: True,
    "a number": lambda: 1.5,
    "a fraction": lambda: fractions.Fraction(1, 3),
    "a decimal": lambda: decimal.Decimal("0.1"),
    "a calendar's date": lambda: datetime.date(2023, 5, 15),
    "a generator": lambda: (x for x in range(4)),
    "a range": lambda: range(4),
    "a map": lambda: map(float, "12"),
    "a file": io.BytesIO,
    "an empty list": list,
    "a list of lists of lists": lambda: [[[[[[[[1.0]]]]]]]],
    "mixed types": lambda: [1.0, "two", None, [3.0]],
    "an array of durations": lambda: np.array([1], dtype="timedelta64[s]"),
    "arrays among objects": lambda: object_array([None, 1.0, "x", np.ones(3)]),
    "an array of raw bytes": lambda: np.zeros(3, dtype="V8"),
    "an empty array": lambda: np.zeros((0, 6)),
    "an array of 40 axes": lambda: np.ones((1,) * 40),
    "a huge strided list": lambda: [np.broadcast_to(0.0, (10**8,))] * 4,
    "a masked array": lambda: np.ma.masked_array(np.ones(6), mask=[1, 0] * 3),
    "masked": lambda: np.ma.masked,
    "a matrix": lambda: np.asmatrix(np.ones((2, 2))),
    "half precision": lambda: np.full(6, 60000, dtype=np.float16),
    "a scalar that requires grad": lambda: torch.ones((), requires_grad=True),
    "a tensor of another graph": lambda: torch.ones(6, requires_grad=True).exp().sum(),
    "a complex graph": lambda: torch.ones(6, dtype=torch.complex64, requires_grad=True).sum(),
    "a tensor of whole numbers": lambda: torch.arange(6),
    "a meta scalar that requires grad": lambda: torch.ones((), device="meta", requires_grad=True),
    "a huge strided tensor that requires grad": lambda: torch.ones(1, requires_grad=True).expand(10**12),
    "a tensor of a hostile class": lambda: torch.ones(6).as_subclass(HostileTensor),
    "a parameter": lambda: torch.nn.Parameter(torch.ones(1)),
    "an array of a hostile class": lambda: np.ones(6).view(HostileArray),
    "a hostile type": lambda: HostileClass("Hostile", (), {}),
    "turned into None": lambda: hostile("Empty", __array__=lambda *_, **__: None),
    "angry about its interface": lambda: hostile("Angry", __array_interface__=property(angry)),
    "equal to everything": lambda: hostile("Equal", __eq__=lambda *_: True, __hash__=None),
    "angry when printed": lambda: hostile("Angry", __repr__=angry, __str__=angry, __format__=angry),
    "a name that is markup": lambda: hostile("<script>alert(1)</script>"),
}
NUMBERS = st.sampled_from(
    [0.0, -0.0, 1.0, 1e-310, 1e-30, 1e30, 1e155, -1e200, 1.7e308, np.inf, -np.inf, np.nan, -3.0, 0.5]
)
names = st.sampled_from(sorted(THINGS))  # by name, for hypothesis compares and prints what it draws
trees = st.recursive(
    names, lambda inner: st.tuples(st.sampled_from([list, tuple]), st.lists(inner, max_size=5)), max_leaves=9
)


def made(tree):
    """What a drawn tree of names stands for."""
    if isinstance(tree, str):
        return THINGS[tree]()
    kind, items = tree
    return kind(made(item) for item in items)


@exercises
def test_marking_never_raises_whatever_is_returned(key):
    exercise = EXERCISES[key]
    for thing, make in THINGS.items():
        assert in_order(marked(exercise, lambda *_, make=make: make(), SEEDS[0]), exercise), thing


@exercises
@given(tree=trees)
@settings(max_examples=25)
def test_marking_never_raises_however_it_is_nested(key, tree):
    exercise = EXERCISES[key]
    assert in_order(marked(exercise, lambda *_: made(tree), SEEDS[0]), exercise)


@exercises
@given(data=st.data())
@settings(max_examples=15)
def test_marking_never_raises_where_some_parts_of_a_right_answer_are_something_else(key, data):
    exercise = EXERCISES[key]
    parts = st.sampled_from([part.name for part in exercise.parts])
    changed = data.draw(st.dictionaries(parts, trees, min_size=1, max_size=3))
    when = data.draw(st.sets(st.integers(0, 4), min_size=1))

    def answer(n, truth):
        others = {name: made(tree) for name, tree in changed.items()}
        return value(exercise, truth | others if n in when else truth)

    result = answered(exercise, answer)
    assert in_order(result, exercise)
    faults = {fault.fault for fault in result.faults}
    # gradients that do not belong to an error are lost with it, and with nothing else
    assert "error" in changed or "inconsistent-gradient" not in faults
    if "inconsistent-gradient" not in faults and all(fault.where != "answer" for fault in result.faults):
        spared = [part for part in result.parts if part.part.name not in changed]
        assert all(part.verdict is Verdict.CORRECT for part in spared)


@exercises
@given(data=st.data())
@settings(max_examples=15)
def test_marking_never_raises_for_any_numbers_in_the_right_shape(key, data):
    exercise = EXERCISES[key]
    fill = {
        part.name: data.draw(st.one_of(st.none(), st.tuples(NUMBERS, NUMBERS))) for part in exercise.parts
    }
    keep = data.draw(st.booleans())

    def changed(truth, two):
        array = np.array(truth, dtype=float)
        if two is not None:
            array = array * two[0] if keep else np.full_like(array, two[0])
            array.flat[-1] = two[1]
        return array

    result = answered(exercise, lambda _, t: value(exercise, {n: changed(a, fill[n]) for n, a in t.items()}))
    assert in_order(result, exercise)


EXCEPTIONS = (
    *(KeyError("x"), SystemExit(0), GeneratorExit(), StopIteration(), MemoryError(), RecursionError()),
    BaseException("base"),
    type("Silent", (Exception,), {"__str__": angry, "__repr__": angry})(),
    ExceptionGroup("two", [ValueError(1), TypeError(2)]),
)


@exercises
def test_marking_never_raises_whatever_is_raised(key):
    exercise = EXERCISES[key]
    for exception in EXCEPTIONS:

        def function(*_, exception=exception):
            raise exception

        result = marked(exercise, function, SEEDS[0])
        assert in_order(result, exercise), type(exception)
        assert result.score == 0, type(exception)


# Right answers, and answers that are nearly right


@exercises
@given(data=st.data())
@settings(max_examples=20)
def test_a_perturbation_of_a_thousandth_in_any_single_entry_loses_that_part_and_no_other(key, data):
    exercise = EXERCISES[key]
    part = data.draw(st.sampled_from(exercise.parts))
    # an error that is off by more than a few hundredths has no longer the right gradients
    most = 0.04 if exercise.convention.leaves and part.name == "error" else 10
    amount = data.draw(st.one_of(st.just(1e-3), st.floats(1e-3, most))) * data.draw(st.sampled_from([-1, 1]))
    place = data.draw(st.integers(0, 10**6))
    everywhere = data.draw(st.booleans())
    where = data.draw(st.integers(0, len(exercise.instances(SEEDS[0])) - 1))

    def answer(n, truth):
        if everywhere or n == where:
            array = np.array(truth[part.name], dtype=float)
            index = place % array.size
            # a unit that is off has gradient 0: there a thousandth of the array's largest entry
            array.flat[index] += amount * (abs(array.flat[index]) or np.abs(array).max() or 1.0)
            truth[part.name] = array
        return value(exercise, truth)

    result = answered(exercise, answer)
    assert [p.part.name for p in result.parts if p.score < p.part.marks] == [part.name]
    assert result.faults


@exercises
@given(data=st.data())
@settings(max_examples=25)
def test_a_perturbation_of_a_ten_millionth_everywhere_costs_nothing(key, data):
    exercise = EXERCISES[key]
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    noise = [
        {name: rng.uniform(-1e-7, 1e-7, array.shape) for name, array in exercise.reference(instance).items()}
        for instance in exercise.instances(SEEDS[0])
    ]
    result = answered(
        exercise, lambda n, truth: value(exercise, {k: a * (1 + noise[n][k]) for k, a in truth.items()})
    )
    assert result.score == exercise.max_score
    assert result.faults == ()


@exercises
@given(seed=st.integers(0, 2**63 - 1))
@settings(max_examples=8)
def test_a_right_answer_earns_full_marks_on_the_instances_of_any_seed(key, seed):
    (exercise,) = (
        exercise
        for assignment in assignments.load_all()
        for exercise in assignment.exercises
        if (assignment.name[:2], exercise.name) == key
    )
    with contextlib.redirect_stdout(io.StringIO()):
        result = marked(exercise, calls.RIGHT[key], seed)
    assert result.faults == ()
    assert result.score == exercise.max_score
