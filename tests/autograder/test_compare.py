"""Right arrays pass, wrong ones do not, and what is said of them names the place."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder import assignments
from autograder.compare import ABSOLUTE, RELATIVE, Truth, agreeing, agrees, cannot_agree, mismatches
from autograder.exercise import Opaque, Part, Verdict
from utils.reading import as_array, plain

EXERCISE = assignments.load("01-error-backpropagation").exercises[0]
INSTANCES = EXERCISE.instances(1)
TRUTHS = [EXERCISE.reference(instance) for instance in INSTANCES]
NAMES = [part.name for part in EXERCISE.parts]
SHAPES = [(), (1,), (6,), (6, 1), (4, 6), (6, 6)]

P = (Part("P", 1.0, ()),)
TWO = (Part("DW", 1.0, (0,)), Part("DB", 1.0, (1,)))
VERDICTS = {
    **dict.fromkeys(("detached", "returns-nothing"), Verdict.MISSING),
    **dict.fromkeys(("malformed", "wrong-shape", "wrong-length"), Verdict.MALFORMED),
    **dict.fromkeys(("not-finite", "not-whole", "unrecognised"), Verdict.WRONG),
}
every_truth = pytest.mark.parametrize("truth", TRUTHS)


def answer(truth, change=lambda array: array):
    """DW and DB with every array changed."""
    return [[np.array(change(truth[f"D{name}{i}"])) for i in (1, 2, 3, 4)] for name in "WB"]


def compared(value, truth=TRUTHS[0]):
    return mismatches(value, Truth(truth), EXERCISE.parts, EXERCISE.lists)


def fault(value, expected):
    """What is said of a single part."""
    (result,) = mismatches(value, Truth(P=np.asarray(expected)), P, {}).values()
    return result


@st.composite
def arrays(draw):
    """Arrays as gradients are: of any size, their entries within four powers of ten."""
    shape = draw(st.sampled_from(SHAPES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = 10.0 ** draw(st.integers(-8, 8))
    magnitudes = 10.0 ** rng.uniform(-2, 0, shape)
    return np.asarray(size * magnitudes * rng.choice([-1.0, 1.0], shape))


@every_truth
@pytest.mark.parametrize("kind", [np.float64, np.float32])
def test_the_truth_is_right_and_a_float32_answer_too(kind, truth):
    assert compared(answer(truth, kind), truth) == {}


@given(arrays())
def test_single_precision_passes(expected):
    assert agrees(expected.astype(np.float32).astype(np.float64), expected)
    assert agrees(expected * (1 + 1e-5), expected)


@given(arrays(), st.data(), st.sampled_from([1.001, 0.999]))
def test_a_thousandth_in_any_single_entry_fails(expected, data, factor):
    result = expected.copy()
    result.flat[data.draw(st.integers(0, expected.size - 1))] *= factor
    assert not agrees(result, expected)


@given(arrays(), st.integers(0, 2**32))
def test_what_agrees_at_the_very_edge_is_not_given_up_by_the_quick_answer(expected, seed):
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], expected.shape)
    size = np.abs(expected)
    result = expected + signs * (RELATIVE * size + ABSOLUTE * size.max(initial=0.0))
    distance, length = (float(np.vdot(a, a)) for a in (result - expected, expected))
    assert not cannot_agree(distance, length, expected.size)
    assert cannot_agree(float(np.vdot(0.01 * expected, 0.01 * expected)), length, expected.size)


@given(arrays(), st.data(), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_what_is_not_finite_never_agrees(expected, data, value):
    result = expected.copy()
    result.flat[data.draw(st.integers(0, expected.size - 1))] = value
    assert not agrees(result, expected)
    assert fault(result, expected).fault.fault == "not-finite"


@every_truth
def test_a_thousandth_in_any_single_entry_of_the_exercise_loses_that_part_only(truth):
    for j, i in ((j, i) for j in range(2) for i in range(4)):
        for k in np.flatnonzero(answer(truth)[j][i]):  # 0 where a unit is off, at a single data point
            wrong = answer(truth)
            wrong[j][i].flat[k] *= 1.001
            assert list(compared(wrong, truth)) == [f"D{'WB'[j]}{i + 1}"]


@every_truth
@pytest.mark.parametrize(
    "change",
    [
        *(np.zeros_like, np.ones_like, np.negative, lambda a: 2 * a, lambda a: a / 2),
        *(lambda a: 1.001 * a, lambda a: 0.999 * a, lambda a: a + 0.01 * np.abs(a).max()),
        *(lambda a: np.full_like(a, np.nan), lambda a: np.full_like(a, np.inf)),
    ],
    ids=["zeros", "ones", "sign", "twice", "half", "1.001", "0.999", "shifted", "nan", "inf"],
)
def test_a_change_of_every_array_loses_every_part(truth, change):
    result = compared(answer(truth, change), truth)
    assert list(result) == NAMES
    assert {mismatch.verdict for mismatch in result.values()} == {Verdict.WRONG}


@every_truth
def test_transposed_weights_lose_their_parts_by_value_or_by_shape(truth):
    result = compared(answer(truth, lambda array: array.T), truth)
    assert [(name, m.fault.fault) for name, m in result.items()] == [
        *(("DW1", "wrong-shape"), ("DW2", "unrecognised"), ("DW3", "unrecognised"), ("DW4", "wrong-shape"))
    ]


@every_truth
def test_reversed_or_swapped_lists_lose_every_part(truth):
    assert list(compared([arrays[::-1] for arrays in answer(truth)], truth)) == NAMES
    assert list(compared(answer(truth)[::-1], truth)) == NAMES


def test_a_row_is_no_vector():
    result = compared(answer(TRUTHS[0], lambda a: a[None] if a.ndim == 1 else a))
    assert list(result) == ["DB1", "DB2", "DB3", "DB4"]
    assert {(one.verdict, one.fault.fault) for one in result.values()} == {(Verdict.MALFORMED, "wrong-shape")}
    assert result["DB1"].fault.message == "`DB1` has shape (1, 6); (6,) was expected."


LABELS, MASK = np.array([10_000, 3, 0]), np.array([[True, False], [True, True]])


@pytest.mark.parametrize(
    ("value", "true"),
    [
        *((value, 2.0) for value in (2.0, np.array(2.0))),
        ([[1.0, 2], [3, np.array(4.0)]], [[1.0, 2], [3, 4]]),
        (np.ones(6), np.ones(6)),
        (np.zeros((0, 2)), np.zeros((0, 2))),
        *((LABELS.astype(kind), LABELS) for kind in (np.float64, np.float32)),
        *((value, LABELS) for value in ([10_000, 3.0, np.int8(0)], (10_000, 3, 0), torch.tensor(LABELS))),
        *((value, MASK) for value in (MASK, MASK.astype(np.float64), MASK.tolist(), torch.tensor(MASK))),
    ],
)
def test_numbers_labels_and_masks_are_right_in_any_form_of_theirs(value, true):
    assert mismatches(plain(value), Truth(P=np.asarray(true)), P, {}) == {}


def test_an_array_may_stand_for_a_list_of_parts():
    parts = (Part("a", 1.0, (0,)), Part("b", 1.0, (1,)))
    truth = Truth(a=np.array(1.0), b=np.array(2.0))
    assert mismatches(np.array([1.0, 2.0]), truth, parts, {}) == {}


NAN, THREE = np.nan, [1.0, 2.0, 3.0]
WRONG_VALUES = "has the right shape, but not the right values."
NOT_FINITE = "holds values that are infinite or not a number."
NOT_WHOLE = "holds numbers that are not whole; whole numbers were expected."


# presence, type, length, shape, finiteness, value: each case is wrong in all that follows, too
@pytest.mark.parametrize(
    ("value", "true", "kind", "said"),
    [
        (Opaque("no gradient"), THREE, "detached", "No gradient reached `P`: no path leads from"),
        (Opaque("a str"), THREE, "malformed", "`P` is a str; an array of shape (3,) was expected."),
        ([NAN * np.ones(2), NAN * np.ones(3)], THREE, "malformed", "`P` is a list of arrays of different"),
        (np.full((1, 3), NAN), THREE, "wrong-shape", "`P` has shape (1, 3); (3,) was expected."),
        (np.array([NAN, 5.0, 5.0]), THREE, "not-finite", f"`P` {NOT_FINITE}"),
        (np.array([np.inf, 5.0, 5.0]), THREE, "not-finite", f"`P` {NOT_FINITE}"),
        (np.array([1.0, 5.0, 5.0]), THREE, "unrecognised", f"`P` {WRONG_VALUES}"),
        # shapes that broadcast
        *(
            (np.ones(shape), np.ones(6), "wrong-shape", f"`P` has shape {shape}; (6,) was expected.")
            for shape in ((1, 6), (6, 1), (6, 6), (0,), (1, 6, 1))
        ),
        (np.array([2.0]), 2.0, "wrong-shape", "`P` has shape (1,); a single number, shape (), was expected."),
        # whole numbers and masks: no tolerance
        (LABELS + np.array([1, 0, 0]), LABELS, "unrecognised", f"`P` {WRONG_VALUES}"),
        (LABELS + np.array([0, 0, 1e-9]), LABELS, "not-whole", f"`P` {NOT_WHOLE}"),
        (LABELS + 1e-3, LABELS, "not-whole", f"`P` {NOT_WHOLE}"),
        (plain(LABELS[:2]), LABELS, "wrong-shape", "`P` has shape (2,); (3,) was expected."),
        (LABELS * NAN, LABELS, "not-finite", f"`P` {NOT_FINITE}"),
        (plain(~MASK), MASK, "unrecognised", f"`P` {WRONG_VALUES}"),
        (plain(2 * MASK), MASK, "unrecognised", f"`P` {WRONG_VALUES}"),
        (0.5 * MASK, MASK, "not-whole", f"`P` {NOT_WHOLE.replace('whole numbers', 'true or false')}"),
        (plain(2**53 + 1), 2**53 - 1, "unrecognised", f"`P` {WRONG_VALUES}"),
        (plain(10**400), 2**53 - 1, "malformed", "`P` is an int too large for double precision;"),
    ],
)
def test_a_part_is_reported_the_first_that_is_wrong_with_it(value, true, kind, said):
    result = fault(value, true)
    assert (result.verdict, result.fault.fault, result.fault.where) == (VERDICTS[kind], kind, "P")
    assert result.fault.message.startswith(said)


def test_nothing_in_place_of_the_whole_answer_is_told_so():
    result = fault(Opaque("None"), THREE)
    assert (result.verdict, result.fault.fault) == (Verdict.MISSING, "returns-nothing")
    assert result.fault.where == "answer"
    assert "Is there a `return`?" in result.fault.message


@pytest.mark.parametrize(
    ("value", "kind", "said"),
    [
        (Opaque("None"), "returns-nothing", "is None; a list of 2 was expected. Is there a `return`?"),
        (Opaque("a str"), "malformed", "is a str; a list of 2 was expected."),
        (np.array(3.0), "malformed", "is a single number; a list of 2 was expected."),
        (3, "malformed", "is a single number; a list of 2 was expected."),
        ([[]], "wrong-length", "has 1 entry; 2 were expected."),
        ([], "wrong-length", "has 0 entries; 2 were expected."),
        ([[], [], []], "wrong-length", "has 3 entries; 2 were expected."),
    ],
)
def test_a_broken_answer_loses_every_part_for_one_reason(value, kind, said):
    result = compared(value)
    assert list(result) == NAMES
    (only,) = {mismatch.fault for mismatch in result.values()}
    assert {mismatch.verdict for mismatch in result.values()} == {VERDICTS[kind]}
    assert (only.fault, only.where, only.message) == (kind, "answer", f"The answer (DW, DB) {said}")


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (Opaque("None"), "`DB` is None; a list of 4 was expected."),
        (np.array(1.0), "`DB` is a single number; a list of 4 was expected."),
        ([np.ones(6)], "`DB` has 1 entry; 4 were expected."),
        (np.ones((3, 6)), "`DB` has 3 entries; 4 were expected."),
    ],
)
def test_a_broken_list_loses_its_own_parts_only(broken, message):
    result = compared([answer(TRUTHS[0])[0], broken])
    assert list(result) == ["DB1", "DB2", "DB3", "DB4"]
    assert {mismatch.fault.message for mismatch in result.values()} == {message}


@pytest.mark.parametrize("missing", [0, 1, 2, 3])
def test_an_entry_left_as_none_loses_its_own_part_only(missing):
    value = answer(TRUTHS[0])
    value[0][missing] = Opaque("None")
    result = compared(value)
    assert list(result) == [f"DW{missing + 1}"]
    assert result[f"DW{missing + 1}"].verdict is Verdict.MISSING


COUNTED = np.arange(1.0, 13.0).reshape(3, 4)
ONE_ENTRY, OFF_TWICE = np.where(COUNTED == 7, -70.25, COUNTED), np.array([1.1, 2.0, 3.5])


@pytest.mark.parametrize(
    ("value", "true", "numbers"),
    [
        (ONE_ENTRY, COUNTED, "At `P[1, 2]` you have -70.25, the true value is 7 (1 of 12 entries differ)."),
        (np.array(2.5), 2.0, "At `P` you have 2.5, the true value is 2."),
        (OFF_TWICE, THREE, "At `P[2]` you have 3.5, the true value is 3 (2 of 3 entries differ)."),
        *((value, THREE, "") for value in (Opaque("None"), np.ones((1, 3)), np.array([NAN, 1.0, 2.0]))),
    ],
    ids=["one entry", "a single value has no place", "where it differs most", "None", "shape", "not finite"],
)
def test_numbers_name_the_place_what_you_have_and_what_is_true(value, true, numbers):
    assert fault(value, true).numbers == numbers


@given(arrays(), st.sampled_from([-1.0, 0.0, 0.5, 1.001, 2.0]))
def test_the_sentence_holds_no_number_and_the_numbers_stand_apart(expected, factor):
    result = fault(factor * expected, expected)
    assert result.fault.message == "`P` has the right shape, but not the right values."
    assert "the true value is" in result.numbers


def test_a_part_that_stands_in_a_list_is_found_there():
    truth = Truth(DW=np.array([1.0, 2.0]), DB=np.array(3.0))
    assert mismatches([np.array([1.0, 2.0]), 3.0], truth, TWO, {}) == {}
    assert list(mismatches([np.array([1.0, 2.0]), 4.0], truth, TWO, {})) == ["DB"]


def test_zeros_are_right_where_zeros_are_true():
    assert agrees(np.zeros(3), np.zeros(3))
    assert not agrees(np.array([0.0, 1e-12, 0.0]), np.zeros(3))


def test_the_truth_is_left_as_it_was():
    kept = {name: array.copy() for name, array in TRUTHS[0].items()}
    compared(answer(TRUTHS[0], lambda array: 2 * array))
    for name, array in kept.items():
        np.testing.assert_array_equal(TRUTHS[0][name], array)


NUMBERS = st.recursive(
    st.floats() | st.just(Opaque("a str")) | st.integers(-5, 5) | arrays(),
    lambda items: st.lists(items, max_size=4),
    max_leaves=12,
)


@given(NUMBERS)
def test_whatever_was_returned_something_is_said_of_every_part_that_is_not_right(value):
    result = compared(value)
    assert set(result) <= set(NAMES)
    for mismatch in result.values():
        assert mismatch.fault.message
        assert mismatch.verdict in (Verdict.WRONG, Verdict.MALFORMED, Verdict.MISSING)


@given(NUMBERS)
def test_an_array_or_a_word_on_why_not(value):
    result = as_array(value)
    assert isinstance(result, Opaque) or result.dtype == np.float64


def test_a_part_of_numbers_beside_one_of_labels_keeps_its_tolerance():
    truth = Truth(DW=np.array([1.0, 2.0]), DB=LABELS)
    assert mismatches([np.array([1.00001, 2.0]), LABELS.astype(float)], truth, TWO, {}) == {}
    assert list(mismatches([np.array([1.0, 2.0]), LABELS * 1.00001], truth, TWO, {})) == ["DB"]


def test_what_agrees_is_told_part_by_part_and_nothing_else_is_taken_for_it():
    truth = Truth(A=np.array([1.0, 2.0]), B=np.array([[3.0], [4.0]]), C=np.array(5.0), D=np.zeros((0, 2)))
    right = {name: np.asarray(array * (1 + 1e-6)) for name, array in truth.items()}
    assert agreeing(right, truth) == {"A", "B", "C"}  # of nothing nothing is said
    for wrong in (None, [1.0, 2.0], np.array([1.0, 2.01]), np.array([1.0, np.nan]), np.array([[1.0, 2.0]])):
        assert agreeing({**right, "A": wrong}, truth) == {"B", "C"}
