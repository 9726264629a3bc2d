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


def answer(truth, change=lambda array: array):
    """DW and DB with every array changed."""
    return [[np.array(change(truth[f"D{name}{i}"])) for i in (1, 2, 3, 4)] for name in "WB"]


def compared(value, truth=TRUTHS[0]):
    return mismatches(value, Truth(truth), EXERCISE.parts, EXERCISE.lists)


def fault(value, expected, part=P):
    """What is said of a single part."""
    (result,) = mismatches(value, Truth({part[0].name: np.asarray(expected)}), part, {}).values()
    return result


@st.composite
def arrays(draw):
    """Arrays as gradients are: of any size, their entries within four powers of ten."""
    shape = draw(st.sampled_from(SHAPES))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    size = 10.0 ** draw(st.integers(-8, 8))
    magnitudes = 10.0 ** rng.uniform(-2, 0, shape)
    return np.asarray(size * magnitudes * rng.choice([-1.0, 1.0], shape))


@pytest.mark.parametrize("truth", TRUTHS)
def test_the_truth_is_right(truth):
    assert compared(answer(truth), truth) == {}


@pytest.mark.parametrize("truth", TRUTHS)
def test_a_float32_answer_is_right(truth):
    assert compared(answer(truth, np.float32), truth) == {}


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


@pytest.mark.parametrize("truth", TRUTHS)
def test_a_thousandth_in_any_single_entry_of_the_exercise_loses_that_part_only(truth):
    for j, i in ((j, i) for j in range(2) for i in range(4)):
        for k in np.flatnonzero(answer(truth)[j][i]):  # 0 where a unit is off, at a single data point
            wrong = answer(truth)
            wrong[j][i].flat[k] *= 1.001
            assert list(compared(wrong, truth)) == [f"D{'WB'[j]}{i + 1}"]


@pytest.mark.parametrize("truth", TRUTHS)
@pytest.mark.parametrize(
    "change",
    [
        np.zeros_like,
        np.ones_like,
        np.negative,
        lambda a: 2 * a,
        lambda a: a / 2,
        lambda a: 1.001 * a,
        lambda a: 0.999 * a,
        lambda a: np.full_like(a, np.nan),
        lambda a: np.full_like(a, np.inf),
        lambda a: a + 0.01 * np.abs(a).max(),
    ],
    ids=["zeros", "ones", "sign", "twice", "half", "1.001", "0.999", "nan", "inf", "shifted"],
)
def test_a_change_of_every_array_loses_every_part(truth, change):
    result = compared(answer(truth, change), truth)
    assert list(result) == NAMES
    assert {mismatch.verdict for mismatch in result.values()} == {Verdict.WRONG}


@pytest.mark.parametrize("truth", TRUTHS)
def test_transposed_weights_lose_their_parts_by_value_or_by_shape(truth):
    result = compared(answer(truth, lambda array: array.T), truth)
    assert [(name, m.fault.fault) for name, m in result.items()] == [
        ("DW1", "wrong-shape"),
        ("DW2", "unrecognised"),
        ("DW3", "unrecognised"),
        ("DW4", "wrong-shape"),
    ]


@pytest.mark.parametrize("truth", TRUTHS)
def test_reversed_lists_lose_every_part(truth):
    assert list(compared([arrays[::-1] for arrays in answer(truth)], truth)) == NAMES


@pytest.mark.parametrize("truth", TRUTHS)
def test_swapped_lists_lose_every_part(truth):
    assert list(compared(answer(truth)[::-1], truth)) == NAMES


def test_a_row_is_no_vector():
    result = compared(answer(TRUTHS[0], lambda a: a[None] if a.ndim == 1 else a))
    assert list(result) == ["DB1", "DB2", "DB3", "DB4"]
    for mismatch in result.values():
        assert mismatch.verdict is Verdict.MALFORMED
        assert mismatch.fault.fault == "wrong-shape"
    assert result["DB1"].fault.message == "`DB1` has shape (1, 6); (6,) was expected."


@pytest.mark.parametrize("shape", [(6,), (1, 6), (6, 1), (6, 6), (0,), (1, 6, 1)])
def test_shapes_that_broadcast_are_told_apart(shape):
    expected = np.ones(6)
    result = mismatches(np.ones(shape), Truth(P=expected), P, {})
    assert result == {} if shape == (6,) else result["P"].fault.fault == "wrong-shape"


def test_a_single_number_may_come_as_a_number_but_not_as_an_array_of_one():
    assert mismatches(2.0, Truth(P=np.array(2.0)), P, {}) == {}
    assert mismatches(np.array(2.0), Truth(P=np.array(2.0)), P, {}) == {}
    result = fault(np.array([2.0]), 2.0)
    assert result.fault.fault == "wrong-shape"
    assert "shape (1,)" in result.fault.message


def test_lists_of_numbers_are_an_array():
    assert mismatches([[1.0, 2], [3, np.array(4.0)]], Truth(P=np.array([[1.0, 2], [3, 4]])), P, {}) == {}


def test_an_array_may_stand_for_a_list_of_parts():
    parts = (Part("a", 1.0, (0,)), Part("b", 1.0, (1,)))
    truth = Truth(a=np.array(1.0), b=np.array(2.0))
    assert mismatches(np.array([1.0, 2.0]), truth, parts, {}) == {}


# presence, type, length, shape, finiteness, value: each case is wrong in all that follows, too
@pytest.mark.parametrize(
    ("value", "verdict", "kind"),
    [
        (Opaque("no gradient"), Verdict.MISSING, "detached"),
        (Opaque("a str"), Verdict.MALFORMED, "malformed"),
        ([np.full(2, np.nan), np.full(3, np.nan)], Verdict.MALFORMED, "malformed"),
        (np.full((1, 3), np.nan), Verdict.MALFORMED, "wrong-shape"),
        (np.array([np.nan, 5.0, 5.0]), Verdict.WRONG, "not-finite"),
        (np.array([np.inf, 5.0, 5.0]), Verdict.WRONG, "not-finite"),
        (np.array([1.0, 5.0, 5.0]), Verdict.WRONG, "unrecognised"),
    ],
)
def test_a_part_is_reported_the_first_that_is_wrong_with_it(value, verdict, kind):
    result = fault(value, [1.0, 2.0, 3.0])
    assert (result.verdict, result.fault.fault, result.fault.where) == (verdict, kind, "P")
    assert "`P`" in result.fault.message


def test_nothing_in_place_of_the_whole_answer_is_told_so():
    result = fault(Opaque("None"), [1.0, 2.0, 3.0])
    assert (result.verdict, result.fault.fault, result.fault.where) == (
        Verdict.MISSING,
        "returns-nothing",
        "answer",
    )
    assert "Is there a `return`?" in result.fault.message


@pytest.mark.parametrize(
    ("value", "verdict", "kind", "message"),
    [
        (Opaque("None"), Verdict.MISSING, "returns-nothing", "The answer (DW, DB) is None; a list of 2 was"),
        (Opaque("a str"), Verdict.MALFORMED, "malformed", "The answer (DW, DB) is a str; a list of 2"),
        (np.array(3.0), Verdict.MALFORMED, "malformed", "The answer (DW, DB) is a single number; a list"),
        (3, Verdict.MALFORMED, "malformed", "The answer (DW, DB) is a single number; a list of 2"),
        ([[]], Verdict.MALFORMED, "wrong-length", "The answer (DW, DB) has 1 entry; 2 were expected."),
        ([], Verdict.MALFORMED, "wrong-length", "The answer (DW, DB) has 0 entries; 2 were expected."),
        ([[], [], []], Verdict.MALFORMED, "wrong-length", "The answer (DW, DB) has 3 entries; 2 were"),
    ],
)
def test_a_broken_answer_loses_every_part_for_one_reason(value, verdict, kind, message):
    result = compared(value)
    assert list(result) == NAMES
    (only,) = {mismatch.fault for mismatch in result.values()}
    assert {mismatch.verdict for mismatch in result.values()} == {verdict}
    assert (only.fault, only.where) == (kind, "answer")
    assert only.message.startswith(message)


def test_a_forgotten_return_is_asked_for():
    (only,) = {mismatch.fault.message for mismatch in compared(Opaque("None")).values()}
    assert only.endswith("Is there a `return`?")


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


def test_numbers_name_the_place_what_you_have_and_what_is_true():
    expected = np.arange(1.0, 13.0).reshape(3, 4)
    result = expected.copy()
    result[1, 2] = -70.25
    assert fault(result, expected).numbers == (
        "At `P[1, 2]` you have -70.25, the true value is 7 (1 of 12 entries differ)."
    )


def test_numbers_of_a_single_value_name_no_place():
    assert fault(np.array(2.5), 2.0).numbers == "At `P` you have 2.5, the true value is 2."


def test_the_place_named_is_where_the_difference_is_largest():
    expected = np.array([1.0, 2.0, 3.0])
    assert fault(expected + np.array([0.1, 0.0, 0.5]), expected).numbers.startswith("At `P[2]` you have 3.5")


@given(arrays(), st.sampled_from([-1.0, 0.0, 0.5, 1.001, 2.0]))
def test_the_sentence_holds_no_number_and_the_numbers_stand_apart(expected, factor):
    result = fault(factor * expected, expected)
    assert result.fault.message == "`P` has the right shape, but not the right values."
    assert "the true value is" in result.numbers


def test_a_mistake_other_than_a_value_has_no_numbers():
    for value in (Opaque("None"), np.ones((1, 3)), np.array([np.nan, 1.0, 2.0])):
        assert fault(value, [1.0, 2.0, 3.0]).numbers == ""


def test_a_part_that_stands_in_a_list_is_found_there():
    truth = Truth(DW=np.array([1.0, 2.0]), DB=np.array(3.0))
    assert mismatches([np.array([1.0, 2.0]), 3.0], truth, TWO, {}) == {}
    assert list(mismatches([np.array([1.0, 2.0]), 4.0], truth, TWO, {})) == ["DB"]


def test_zeros_are_right_where_zeros_are_true():
    assert agrees(np.zeros(3), np.zeros(3))
    assert not agrees(np.array([0.0, 1e-12, 0.0]), np.zeros(3))
    assert mismatches(np.zeros((0, 2)), Truth(P=np.zeros((0, 2))), P, {}) == {}


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


# Whole numbers and masks: no tolerance

LABELS, MASK = np.array([10_000, 3, 0]), np.array([[True, False], [True, True]])


@pytest.mark.parametrize(
    "given",
    [
        LABELS.astype(np.float64),
        LABELS.astype(np.float32),
        [10_000, 3.0, np.int8(0)],
        tuple(LABELS.tolist()),
        torch.tensor(LABELS),
    ],
    ids=["float64", "float32", "list", "tuple", "tensor"],
)
def test_whole_numbers_are_right_in_any_type(given):
    assert mismatches(plain(given), Truth(P=LABELS), P, {}) == {}


@pytest.mark.parametrize("given", [MASK, MASK.astype(np.float64), MASK.tolist(), torch.tensor(MASK)])
def test_a_mask_is_right_in_any_type(given):
    assert mismatches(plain(given), Truth(P=MASK), P, {}) == {}


@pytest.mark.parametrize(
    ("given", "expected", "named", "words"),
    [
        (LABELS + np.array([1, 0, 0]), LABELS, "unrecognised", "not the right values"),
        (LABELS + np.array([0, 0, 1e-9]), LABELS, "not-whole", "whole numbers were expected"),
        (LABELS + 1e-3, LABELS, "not-whole", "whole numbers were expected"),
        (LABELS[:2], LABELS, "wrong-shape", "(3,)"),
        (LABELS * np.nan, LABELS, "not-finite", "not a number"),
        (~MASK, MASK, "unrecognised", "not the right values"),
        (2 * MASK, MASK, "unrecognised", "not the right values"),
        (0.5 * MASK, MASK, "not-whole", "true or false were expected"),
        (2**53 + 1, np.array(2**53 - 1), "unrecognised", "not the right values"),
        (10**400, np.array(2**53 - 1), "malformed", "too large"),
    ],
)
def test_whole_numbers_are_compared_exactly(given, expected, named, words):
    result = fault(plain(given), expected)
    assert result.fault.fault == named
    assert words in result.fault.message


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
