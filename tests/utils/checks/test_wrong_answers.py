"""For each wrong answer, the check names part and signature, and the first two hints lead to the fault."""

import pytest

import utils
from tests.utils.checks.students import DESCENT, NETWORK, sample

# student, exercise, what the check looks at first, words of its sentence, words of hints one and two
NETWORKS = [
    ("no_factor_two", "exercise1", "DY", "0.5 times", ["DY", "half", "exponent"], ["DY", "mean((Y - T)²)"]),
    ("wrong_sign", "exercise1", "DY", "−1 times", ["DY", "sign"], ["DY", "err"]),
    ("sum_instead_of_mean", "exercise1", "DY", "N times", ["DY", "1/N"], ["DY", "mean"]),
    (
        "missing_relu_mask",
        "exercise1",
        "DZ2",
        "units that are off",
        ["DZ2", "off"],
        ["DZ2", "rectifier", "Z2"],
    ),
    ("rectified_output", "exercise1", "DY", "other numbers", ["output Y", "err"], ["linear", "Y and err"]),
    ("transposed", "exercise1", "DW3", "transposed", ["DW3", "transposed"], ["DW3", "DZ3", "A2"]),
    ("transposed_rectangular", "exercise1", "DW1", "transposed", ["DW1", "transposed"], ["DW1", "X"]),
    ("not_summed_bias", "exercise1", "DB4", "a row for each data point", ["DB4", "row"], ["DB4", "DY"]),
    ("keepdims_bias", "exercise1", "DB4", "axis of length 1", ["DB4", "shape"], ["DB4", "B4"]),
    ("single_wrong_entry", "exercise1", "DW3", "[2, 4]", ["DW3", "entries"], ["DW3", "DZ3"]),
    ("reversed_lists", "exercise1", "what is returned", "reverse order", ["DW and DB"], ["lists"]),
    ("swapped_lists", "exercise1", "what is returned", "swapped", ["DW and DB"], ["lists"]),
    ("returns_parameters", "exercise1", "what is returned", "came in", ["came in"], ["last line"]),
    ("returns_none", "exercise1", "what is returned", "None", ["DW and DB"], ["last line"]),
    ("zeros", "exercise1", "what is returned", "zero everywhere", ["filled in"], ["last line"]),
    ("hard_coded", "exercise1", "what is returned", "whatever the data", ["arguments"], ["last line"]),
    ("nan", "exercise1", "DZ3", "nan", ["DZ3", "nan"], ["DZ3"]),
    ("off_by_a_thousandth", "exercise1", "DY", "1.001 times", ["DY", "constant"], ["DY"]),
    ("broadcast_targets", "exercise2", "err", "(N,N)", ["err", "target"], ["Y"]),
    ("detached", "exercise2", "err", "recorded", ["err", "way back"], ["recorded"]),
    ("numpy_error_in_exercise2", "exercise2", "err", "plain number", ["not a tensor"], ["tensor"]),
    ("missing_relu_mask", "exercise2", "A2", "not rectified", ["A2", "negative"], ["A2"]),
    ("rectified_output", "exercise2", "Y", "rectified", ["Y", "negative"], ["Y"]),
    ("not_summed_bias", "exercise2", "B3", "without the bias B3", ["B3"], ["B3"]),
    ("sum_instead_of_mean", "exercise2", "err", "N times", ["err", "mean"], ["averaged"]),
    ("no_factor_two", "exercise2", "err", "0.5 times", ["err", "factor"], ["squared"]),
]
DESCENTS = [
    ("no_factor_two", "exercise1", "r", "0.5 times", ["half", "exponent"], ["square"]),
    ("wrong_sign", "exercise1", "r", "−1 times", ["sign"], ["residual"]),
    ("mean_for_sum", "exercise1", "r", "1/N times", ["mean", "sum"], ["sum"]),
    ("wrong_powers", "exercise1", "∂L/∂c", "another number", ["c grows"], ["c", "x²"]),
    ("gradients_accumulated", "exercise2", "theta", "added up", ["backward()", ".grad"], [".grad"]),
    ("wrong_sign", "exercise2", "theta", "−1 times", ["uphill"], ["changes theta"]),
    ("one_step_too_few", "exercise2", "theta", "not moved", ["one update behind"], ["theta"]),
    ("loss_after_update", "exercise2", "losses", "after its step", ["theta"], ["list"]),
    ("mean_for_sum", "exercise2", "theta", "1/N times", ["mean", "sum"], ["slope"]),
    ("half_learning_rate", "exercise3", "limit", "0.5 times", ["1 - ηλ"], ["Hessian", "eigenvalues"]),
    ("no_factor_two", "exercise3", "limit", "2 times", ["square", "Hessian"], ["Hessian"]),
    ("mean_for_sum", "exercise3", "limit", "N times", ["mean", "sum"], ["Hessian"]),
    ("wrong_powers", "exercise3", "limit", "another number", ["eigenvalues"], ["Hessian"]),
]
CASES = [(NETWORK, *case) for case in NETWORKS] + [(DESCENT, *case) for case in DESCENTS]


@pytest.mark.parametrize(
    ("assignment", "student", "exercise", "where", "signature", "first", "second"),
    CASES,
    ids=[f"{case[0][:2]}-{case[1]}-{case[2]}" for case in CASES],
)
def test_the_first_wrong_quantity_is_named_and_two_hints_lead_to_it(
    assignment, student, exercise, where, signature, first, second
):
    function = sample(assignment, student, exercise)
    report = utils.check(function)
    assert not report
    told = str(report).replace("\n", " ")
    assert f"Look first at {where}." in told
    assert signature in told
    for words in (first, second):
        hint = str(utils.hint(function)).replace("\n", " ")
        for word in words:
            assert word in hint


def test_there_are_more_than_ten_of_them_for_the_network():
    assert len({student for student, *_ in NETWORKS}) >= 10


def test_what_is_made_from_a_wrong_quantity_is_not_blamed():
    told = str(utils.check(sample(NETWORK, "missing_relu_mask", "exercise1")))
    assert "DW2 and DB2 are made from DZ2" in told
    assert "DZ1" not in told
    assert "Mend the first, then check again" in told.replace("\n", " ")


def test_the_same_fault_in_other_parts_is_mentioned():
    told = str(utils.check(sample(NETWORK, "keepdims_bias", "exercise1"))).replace("\n", " ")
    assert "The same is true of DB3, DB2 and DB1." in told
    assert "DW4, made from DY like it, is right." in told


@pytest.mark.parametrize(
    ("assignment", "exercise", "changed"),
    [(NETWORK, "exercise1", "Y"), (DESCENT, "exercise2", "theta")],
)
def test_a_changed_input_is_told_though_all_numbers_are_right(assignment, exercise, changed):
    student = "mutates_input" if assignment == NETWORK else "mutates_theta"
    report = utils.check(sample(assignment, student, exercise))
    assert all(row.right for row in report.rows)
    assert not report
    assert f"changes its input {changed}." in str(report)


def test_an_exception_is_told_with_the_students_line_and_hints_begin_there():
    function = sample(NETWORK, "raises", "exercise1")
    told = str(utils.check(function))
    assert "exercise1 stopped with ValueError" in told
    assert "line 4: DZ3 = (DY @ W[3])*(Z3 > 0)" in told
    assert "Shapes in that line: DY (1, 1), W[3] (6, 1), Z3 (1, 6)." in told
    assert "DZ3" in str(utils.hint(function))
    assert "W4" in str(utils.hint(function))
