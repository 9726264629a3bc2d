"""For each wrong answer, the check says in the grader's words what is wrong first, and hints lead to it."""

import pytest

import utils
from tests.utils.checks.students import DESCENT, NETWORK, sample

# student, exercise, what the check looks at first, the grader's name for it, words of the sentence
NETWORKS = [
    ("no_factor_two", "exercise1", "DY", "missing-factor-two", "half"),
    ("wrong_sign", "exercise1", "DY", "wrong-sign", "opposite sign"),
    ("sum_instead_of_mean", "exercise1", "DY", "sum-instead-of-mean", "N times too large"),
    ("missing_relu_mask", "exercise1", "DZ2", "missing-relu-mask", "units that are off"),
    ("rectified_output", "exercise1", "DY", "output-masked", "The output is linear"),
    ("transposed", "exercise1", "DW3", "transposed", "The same is true of DW2."),
    ("transposed_rectangular", "exercise1", "DW1", "transposed", "right, but transposed"),
    ("not_summed_bias", "exercise1", "DB4", "not-summed", "a row for each data point"),
    ("keepdims_bias", "exercise1", "DB4", "extra-axis", "axis of length 1"),
    ("single_wrong_entry", "exercise1", "DW3", "", "Only [2, 4] is wrong."),
    ("reversed_lists", "exercise1", "what is returned", "reversed-order", "reverse order"),
    ("swapped_lists", "exercise1", "what is returned", "swapped-lists", "another order"),
    ("returns_parameters", "exercise1", "what is returned", "returns-parameters", "parameters themselves"),
    ("returns_none", "exercise1", "what is returned", "returns-nothing", "Is there a return?"),
    ("zeros", "exercise1", "what is returned", "zero", "zero everywhere"),
    ("hard_coded", "exercise1", "what is returned", "hard-coded", "whatever the inputs"),
    ("nan", "exercise1", "DZ3", "not-finite", "infinite or not a number"),
    ("off_by_a_thousandth", "exercise1", "DY", "wrong-scale", "1.001 times"),
    ("broadcast_targets", "exercise2", "error", "broadcast-targets", "(N,N)"),
    ("detached", "exercise2", "error", "detached", "no path leads from it back"),
    ("numpy_error_in_exercise2", "exercise2", "error", "not-a-tensor", "Return the tensor itself"),
    ("missing_relu_mask", "exercise2", "A2", "missing-relu", "A2"),
    ("rectified_output", "exercise2", "error", "output-masked", "The output is linear"),
    ("not_summed_bias", "exercise2", "B3", "missing-bias", "not part of your forward pass"),
    ("sum_instead_of_mean", "exercise2", "error", "sum-instead-of-mean", "N times too large"),
    ("no_factor_two", "exercise2", "error", "missing-factor-two", "half"),
]
DESCENTS = [
    ("no_factor_two", "exercise1", "residual", "missing-factor-two", "half"),
    ("wrong_sign", "exercise1", "residual", "wrong-sign", "opposite sign"),
    ("mean_for_sum", "exercise1", "residual", "mean-instead-of-sum", "nothing is divided by N"),
    ("wrong_powers", "exercise1", "c", "wrong-powers", "computed with 2·x^1"),
    ("gradients_accumulated", "exercise2", "theta", "gradients-accumulated", "who clears it?"),
    ("wrong_sign", "exercise2", "theta", "wrong-direction", "uphill"),
    ("one_step_too_few", "exercise2", "theta", "too-few-steps", "one update too few"),
    ("loss_after_update", "exercise2", "losses", "loss-after-update", "after the update"),
    ("mean_for_sum", "exercise2", "losses", "mean-instead-of-sum", "nothing is divided by N"),
    ("half_learning_rate", "exercise3", "learning_rate", "missing-factor-two", "half"),
    ("no_factor_two", "exercise3", "learning_rate", "wrong-scale", "2 times"),
    ("mean_for_sum", "exercise3", "learning_rate", "mean-instead-of-sum", "nothing is divided by N"),
    ("wrong_powers", "exercise3", "learning_rate", "wrong-eigenvalue", "without its first row"),
]
CASES = {
    f"{assignment[:2]}-{case[0]}-{case[1]}": (assignment, *case)
    for assignment, cases in ((NETWORK, NETWORKS), (DESCENT, DESCENTS))
    for case in cases
}


@pytest.mark.parametrize(
    ("assignment", "student", "exercise", "where", "name", "words"), CASES.values(), ids=CASES
)
def test_what_is_wrong_first_is_named_and_hints_are_about_it(
    assignment, student, exercise, where, name, words
):
    function = sample(assignment, student, exercise)
    report = utils.check(function)
    assert not report
    message = str(report).replace("\n", " ")
    assert f"Look first at {where}." in message
    assert words in message
    assert (f"({name})" if name else "like no mistake we know") in message
    hints = [str(utils.hint(function)).replace("\n", " ") for _ in range(4)]
    about = exercise if where == "what is returned" else where
    assert about in hints[0]
    assert "?" in hints[1]
    assert "forward pass" in hints[3] or "in this order" in hints[3]


def test_what_is_made_from_a_wrong_quantity_is_not_named():
    message = str(utils.check(sample(NETWORK, "missing_relu_mask", "exercise1")))
    assert "DZ1" not in message
    assert "Fix the first, then check again" in message.replace("\n", " ")
    assert "DW2 and DB2, made from it, come first" in str(utils.hint("exercise1")).replace("\n", " ")


def test_the_same_fault_in_other_parts_is_mentioned():
    message = str(utils.check(sample(NETWORK, "keepdims_bias", "exercise1"))).replace("\n", " ")
    assert "The same is true of DB3, DB2 and DB1." in message
    assert "DW4, made from DY, too, is right" in str(utils.hint("exercise1")).replace("\n", " ")


@pytest.mark.parametrize(
    ("answer", "changed"),
    [((NETWORK, "mutates_input", "exercise1"), "Y"), ((DESCENT, "mutates_theta", "exercise2"), "theta")],
)
def test_a_changed_input_is_reported_though_all_numbers_are_right(answer, changed):
    report = utils.check(sample(*answer))
    assert all(row.right for row in report.rows)
    assert not report
    assert f"changes its input {changed}." in str(report)


def test_an_exception_is_reported_with_the_students_line_and_hints_begin_there():
    function = sample(NETWORK, "raises", "exercise1")
    message = str(utils.check(function))
    assert "exercise1 stopped with ValueError" in message
    assert "line 4: DZ3 = (DY @ W[3])*(Z3 > 0)" in message
    assert "Shapes in that line: DY (1, 1), W[3] (6, 1), Z3 (1, 6)." in message
    assert "DZ3" in str(utils.hint(function))
    assert "W4" in str(utils.hint(function))
