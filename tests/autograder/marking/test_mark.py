"""Right answers earn full marks, wrong ones are told where, and no hidden number is told with them."""

import contextlib
import io
import re
from dataclasses import replace

import numpy as np
import pytest
import torch

import utils
from autograder import assignments
from autograder.calling import function_call
from autograder.exercise import Failed, Fault, Returned, Verdict
from autograder.marking.mark import lost, mark_exercise
from samples import samples
from tests.autograder import marked_answers
from tests.autograder.marked_answers import told, value
from tests.tables import first_every_day, first_of_each_every_day

SEED = 20230515
ALL = tuple(
    replace(a, exercises=tuple(map(marked_answers.remembered, a.exercises))) for a in assignments.load_all()
)
EXERCISES = [exercise for assignment in ALL for exercise in assignment.exercises]
IDS = [f"{assignment.name}-{exercise.name}" for assignment in ALL for exercise in assignment.exercises]
IN = {id(exercise): assignment.name for assignment in ALL for exercise in assignment.exercises}
OF_EACH = first_of_each_every_day(EXERCISES, lambda one: (IN[id(one)], one.convention.of_class))
every_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=IDS)
some_of_each = pytest.mark.parametrize("exercise", OF_EACH, ids=IDS)  # of each assignment
one_every_day = pytest.mark.parametrize("exercise", first_every_day(EXERCISES), ids=IDS)
BY_NAME = {assignment.name: assignment for assignment in ALL}
FIRST, SECOND = BY_NAME["01-error-backpropagation"], BY_NAME["02-gradient-descent"]
RIGHT = {
    (assignment.name, name): sample
    for assignment in ALL
    for name, sample in samples(assignment.name).items()
    if sample.score == assignment.max_score
}


def marked(exercise, function):
    return marked_answers.marked(exercise, function, SEED)


def answered(exercise, answer):
    """An exercise marked by a call that knows instance and truth, and gives what `answer` makes of them.

    Errors do not carry forward here, so that what is wrong earns nothing.
    """

    def call(exercise, instance):
        return answer(instance, dict(exercise.reference(instance)))

    return mark_exercise(exercise, function_call.one_by_one(call), SEED, carry_forward=False)


def changed(exercise, change, where=lambda instance: True):
    """An exercise marked by a call that gives the truth, each array of it changed on some instances."""

    def answer(instance, truth):
        if where(instance):
            truth = {name: change(array) for name, array in truth.items()}
        return Returned(value(exercise, truth))

    return answered(exercise, answer)


def functions(assignment, name):
    """A sample's functions, each as it is when its own cell has run."""
    names = {"torch": torch, "utils": utils, **marked_answers.given_by_notebook(assignment.name)}
    for exercise in assignment.exercises:
        source = samples(assignment.name)[name].cells.get(exercise.name, "")
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, f"<ipython-input-{exercise.name}>", "exec"), names)
        yield exercise, names.get(exercise.name)


@pytest.mark.parametrize(("assignment", "name"), RIGHT)
def test_a_right_sample_earns_full_marks(assignment, name):
    for exercise, function in functions(BY_NAME[assignment], name):
        result = marked(exercise, function)
        assert (result.score, result.faults) == (exercise.max_score, ())
        assert {part.verdict for part in result.parts} == {Verdict.CORRECT}


MADE_OF_THE_TRUTH = {
    "itself": (lambda array: array, True),
    "itself in single precision": (lambda array: np.asarray(array, dtype=np.float32).astype(float), True),
    "zeros": (np.zeros_like, False),
    "ones": (np.ones_like, False),
    "no numbers": (lambda array: np.nan * array, False),
}


@every_exercise
@pytest.mark.parametrize(("change", "right"), MADE_OF_THE_TRUTH.values(), ids=MADE_OF_THE_TRUTH)
def test_the_truth_in_any_precision_earns_full_marks_and_what_is_no_answer_none(exercise, change, right):
    result = changed(exercise, change)
    assert result.score == (exercise.max_score if right else 0)
    assert bool(result.faults) != right
    assert {type(mark) for mark in (result.score, *(part.score for part in result.parts))} == {float}
    assert all(0 <= part.score <= part.part.marks for part in result.parts)
    assert sum(part.score for part in result.parts) == result.score


# A part that is wrong on one of the instances


@one_every_day
def test_each_part_must_be_right_on_every_instance(exercise):
    for wrong in exercise.instances(SEED):
        result = changed(
            exercise, lambda array: 1.01 * array, lambda instance, wrong=wrong: instance is wrong
        )
        assert result.score == 0.0
        assert result.faults


def test_an_answer_that_fails_only_for_a_single_data_point_says_so():
    """Of every exercise that has one: they are looked for here, since drawing all instances takes seconds."""
    alone = [exercise for exercise in EXERCISES if "N = 1)" in str(exercise.instances(SEED))]
    assert len(alone) > 3
    for exercise in alone:
        result = changed(
            exercise, lambda array: 0.5 * array, lambda instance: "N = 1)" in instance.description
        )
        assert result.score == 0.0, exercise
        assert any("(N = 1)" in fault.message for fault in result.faults), exercise
        assert not any("N = 5" in fault.message for fault in result.faults), exercise


def test_a_squeeze_that_fails_only_for_a_single_data_point_says_so():
    def function(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
        D = (2 * (Y - T) / len(Y)).squeeze()[:, None]
        DW, DB = [], []
        for i, A in zip((3, 2, 1, 0), (A3, A2, A1, X), strict=True):
            DW.insert(0, A.T @ D)
            DB.insert(0, D.sum(axis=0))
            D = (D @ W[i].T) * (A > 0)
        return DW, DB

    result = marked(FIRST.exercises[0], function)
    assert (result.score, told(result)) == (0.0, [("raised", "answer")])
    assert "(N = 1)" in result.faults[0].message


def test_a_function_that_fails_at_once_is_not_told_of_other_data():
    (fault,) = marked(FIRST.exercises[1], lambda W, B, X, T: 1 / 0).faults
    assert fault.fault == "raised"
    assert "other data" not in fault.message


# Hidden numbers


def numbers_in(message):
    """Numbers with a point or an exponent: (value, its rounding) each."""
    for result in re.finditer(r"-?\d+\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+", message):
        mantissa, _, exponent = result[0].partition("e")
        digits = len(mantissa.partition(".")[2])
        if len(re.sub(r"\D", "", mantissa).lstrip("0")) >= 3:
            yield float(result[0]), 0.51 * 10.0 ** (int(exponent or 0) - digits)


def flat(result):
    if isinstance(result, str):
        return np.zeros(0)
    if isinstance(result, (list, tuple)):
        return np.concatenate([flat(item) for item in result]) if result else np.zeros(0)
    return np.ravel(np.asarray(result, dtype=float))


def leaks(exercise, result):
    """Numbers in the faults' messages that are numbers of a hidden instance, or of its truth."""
    hidden = [i for i in exercise.instances(SEED) if not i.public]
    secret = [flat(v) for i in hidden for v in (*i.inputs.values(), *exercise.reference(i).values())]
    secret = np.concatenate(secret)
    return [
        (number, fault.message)
        for fault in result.faults
        for number, rounding in numbers_in(fault.message)
        if np.any(np.abs(secret - number) <= rounding)
    ]


WRONG = {
    "scaled": lambda array: 1.5 * array,
    "shifted": lambda array: array + 0.1,
    "negative": np.negative,
    "zeros": np.zeros_like,
    "not finite": lambda array: np.full_like(array, np.nan),
    "another shape": lambda array: array[None],
    "one entry": lambda array: array + np.eye(1, array.size).reshape(array.shape) * array,
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
@one_every_day
def test_no_hidden_number_is_reported_of_a_wrong_answer(exercise, change):
    result = changed(exercise, change, lambda instance: not instance.public)
    assert result.score == 0.0
    assert result.faults
    assert not leaks(exercise, result)


@every_exercise
def test_no_hidden_number_is_reported_by_the_functions_own_exception(exercise):
    """Else a function would read the hidden inputs out to whoever gets its feedback."""
    public = exercise.instances(SEED)[0]
    sizes = {np.shape(public.inputs[name]) for name in public.inputs if name in ("X", "x")}

    def function(*given):
        named = dict(zip(exercise.parameters, given, strict=True))
        data = named["X"] if "X" in named else named["x"]
        if tuple(data.shape) not in sizes:
            raise ValueError(" ".join(f"{number:.6f}" for number in np.ravel(np.asarray(data))[:8]))
        if exercise.convention.leaves:
            A = data
            for i in range(3):
                A = torch.relu(A @ named["W"][i] + named["B"][i])
            return torch.mean((A @ named["W"][3] + named["B"][3] - named["T"]) ** 2)
        return value(exercise, exercise.reference(public))

    result = marked(exercise, function)
    assert result.score == 0.0
    assert not leaks(exercise, result)


def test_hidden_numbers_would_be_seen():
    """The search itself: a number of a hidden instance, rounded as a message would round it."""
    exercise = FIRST.exercises[0]
    number = float(np.max(exercise.instances(SEED)[2].inputs["X"]))
    for form in ("{:.6g}", "{:.3f}", "{:.4e}", "{!r}"):
        assert leaks(exercise, lost(exercise, Fault("x", "DW1", f"you have {form.format(number)}, not 7")))
    assert not leaks(exercise, lost(exercise, Fault("x", "DW1", "shape (1, 6), 3 of 24 entries, N = 5")))


# Calls that disagree, and calls that change their inputs


def test_an_answer_that_is_right_only_at_first_is_not_deterministic():
    calls = []

    def again(instance):
        calls.append(id(instance))
        return calls.index(id(instance)) < len(calls) - 1

    result = changed(FIRST.exercises[0], lambda array: 1.01 * array, again)
    assert (result.score, [fault for fault, _ in told(result)]) == (0.0, ["not-deterministic"])


def test_an_answer_that_keeps_something_from_call_to_call_is_reported():
    kept = []

    def function(x):
        kept.append(1)
        V = np.vander(x, 4)
        return len(kept) / np.linalg.norm(V, 2) ** 2

    assert marked(SECOND.exercises[2], function).score == 0.0


def test_a_second_call_that_raises_loses_everything():
    calls = []

    def answer(_, truth):
        calls.append(1)
        if len(calls) > len(FIRST.exercises[0].instances(SEED)):
            return Failed(Fault("raised", "answer", "it raised"))
        return Returned(value(FIRST.exercises[0], truth))

    result = answered(FIRST.exercises[0], answer)
    assert result.score == 0.0
    assert "not-deterministic" in [fault for fault, _ in told(result)]


@some_of_each
@pytest.mark.parametrize("only", [None, 1], ids=["always", "once"])
def test_a_changed_input_leaves_three_quarters(exercise, only):
    fault = Fault("mutates-input", exercise.parameters[-1], "It changed its input.")
    calls = []

    def answer(_, truth):
        calls.append(1)
        return Returned(value(exercise, truth), (fault,) if only in (None, len(calls)) else ())

    result = answered(exercise, answer)
    assert result.score == 0.75 * exercise.max_score
    assert told(result) == [(fault.fault, fault.where)]


def test_what_is_lost_by_changed_inputs_is_said_once_and_adds_up():
    """However many there are, at however many calls, and whatever else is wrong."""

    def function(theta, x, y):
        V = np.vander(x, 4, increasing=True)
        gradient = 2 * V.T @ (V @ theta - y)
        x[:], y[:] = 0, 0
        return [*gradient[:3], -gradient[3]]

    result = marked(SECOND.exercises[0], function)
    assert result.score == 0.75 * 7.5
    assert sorted((fault.fault, fault.where, fault.cost) for fault in result.faults) == [
        *(("mutates-input", "x", 1.875), ("mutates-input", "y", 0), ("wrong-sign", "d", 2.5))
    ]


# No answer


@every_exercise
@pytest.mark.parametrize("when", [0, 1, -1])
def test_no_answer_loses_everything_for_one_reason(exercise, when):
    failing = exercise.instances(SEED)[when]

    def answer(instance, truth):
        if instance is failing:
            return Failed(Fault("timeout", "answer", "It did not come back."))
        return Returned(value(exercise, truth))

    result = answered(exercise, answer)
    assert (result.score, told(result)) == (0.0, [("timeout", "answer")])
    assert {part.verdict for part in result.parts} == {Verdict.MISSING}
    assert (failing.description in result.faults[0].message) == (not failing.public)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("detached", lambda W: torch.tensor(1.0)),
        ("not-a-tensor", lambda W: 1.0),
        ("not-scalar", lambda W: W[0]),
    ],
)
def test_one_reason_is_reported_for_all_gradients_that_are_missing(name, error):
    faults = [fault for fault, _ in told(marked(FIRST.exercises[1], lambda W, B, X, T: error(W)))]
    assert name in faults
    assert "missing" not in faults


def test_marking_twice_says_the_same():
    _, function = next(functions(FIRST, "off_by_a_thousandth"))
    assert marked(FIRST.exercises[0], function) == marked(FIRST.exercises[0], function)
