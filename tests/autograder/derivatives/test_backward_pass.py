"""A backward pass that was derived has its steps in their order, with the lines that they go back through."""

import numpy as np
import pytest

from autograder import assignments
from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.diagnosis.steps import Step, environment
from autograder.reference import truth
from tests.autograder.derivatives.sketched import NETWORK

PARAMETERS = [f"{kind}{layer}" for kind in "WB" for layer in range(1, 5)]
PARTS = [f"D{name}" for name in PARAMETERS]
BACKWARD_PASS = backward_pass(NETWORK, PARTS)


def test_the_steps_come_from_the_output_inward_each_in_front_of_its_parts():
    assert [step.name for step in BACKWARD_PASS.steps] == (
        ["DY", "DW4", "DB4", "DZ3", "DW3", "DB3", "DZ2", "DW2", "DB2", "DZ1", "DW1", "DB1"]
    )


def test_formulas_are_those_of_the_lines_on_the_way():
    formulas = {step.name: step.forward for step in BACKWARD_PASS.steps}
    assert formulas["DY"] == "err = mean((Y - T)²)"
    assert formulas["DW2"] == "Z2 = A1·W2 + B2"
    assert formulas["DZ2"] == "A2 = max(0, Z2), Z3 = A2·W3 + B3"


def test_the_declared_forward_pass_is_that_of_the_second_exercise():
    second = assignments.load("01-error-backpropagation").exercises[1]
    for instance in second.instances(7):
        values, gradients = truth(NETWORK, environment(instance), PARAMETERS)
        expected = second.reference(instance)
        np.testing.assert_allclose(expected["error"], values["err"], rtol=1e-12)
        for name in PARAMETERS:
            np.testing.assert_allclose(expected[name], gradients[name], rtol=1e-9, atol=1e-12)


def test_a_part_that_is_no_quantity_is_reported():
    with pytest.raises(NoBackwardPass, match="no quantity V"):
        backward_pass(NETWORK, ["DV"])


def test_a_step_of_the_assignments_own_stands_where_it_belongs():
    own = Step("DY", (), "mine")
    derived = backward_pass(NETWORK, PARTS, own={"Y": own})
    assert derived.steps[0] is own
    assert [step.name for step in derived.steps] == [step.name for step in BACKWARD_PASS.steps]
