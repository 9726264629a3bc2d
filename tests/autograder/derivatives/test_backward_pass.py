"""A backward pass that was derived gives the true gradients, and each of its mistakes gives others."""

import importlib

import nbformat
import numpy as np
import pytest

from autograder import assignments
from autograder.compare import agrees
from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.diagnosis.steps import Step, environment, evaluate
from autograder.reference import truth
from tests import readme
from tests.tables import each

NAME = "01-error-backpropagation"
FOLDER = "autograder.assignments.01_error_backpropagation"
NETWORK = importlib.import_module(f"{FOLDER}.network").NETWORK
PARAMETERS = [f"{kind}{layer}" for kind in "WB" for layer in range(1, 5)]
PARTS = [f"D{name}" for name in PARAMETERS]
BACKWARD_PASS = backward_pass(NETWORK, PARTS)
EXERCISE = assignments.load(NAME).exercises[0]
HIDDEN = [instance for instance in EXERCISE.instances(7) if not instance.public]


def environments():
    """Each hidden instance's quantities with the true gradients of all that have a step."""
    for instance in HIDDEN:
        env = environment(instance)
        names = [step.name.removeprefix("D") for step in BACKWARD_PASS.steps]
        _, gradients = truth(NETWORK, env, names)
        yield {**env, **{f"D{name}": array for name, array in gradients.items()}}


ENVIRONMENTS = list(environments())
MISTAKES = [
    (step, vjp, mistake) for step in BACKWARD_PASS.steps for vjp in step.vjps for mistake in vjp.mistakes
]


def test_the_steps_come_from_the_output_inward_each_in_front_of_its_parts():
    assert [step.name for step in BACKWARD_PASS.steps] == (
        ["DY", "DW4", "DB4", "DZ3", "DW3", "DB3", "DZ2", "DW2", "DB2", "DZ1", "DW1", "DB1"]
    )


@pytest.mark.parametrize("step", BACKWARD_PASS.steps, ids=lambda step: step.name)
def test_the_right_form_of_a_step_is_what_automatic_differentiation_gives(step):
    for env in ENVIRONMENTS:
        result = evaluate([vjp.right for vjp in step.vjps], env)
        np.testing.assert_allclose(result, env[step.name], rtol=1e-10)


@each(MISTAKES, lambda case: f"{case[2].fault} {case[2].hint} at {case[0].name}")
def test_each_mistake_shows_on_hidden_data_or_has_another_shape(step, vjp, mistake):
    ops = [mistake.op if s is vjp else s.right for s in step.vjps]
    with np.errstate(divide="ignore", invalid="ignore"):
        result = [(evaluate(ops, env), env[step.name]) for env in ENVIRONMENTS]
        assert any(f is None or f.shape != true.shape or not agrees(f, true) for f, true in result)


def test_formulas_are_those_of_the_lines_on_the_way():
    formulas = {step.name: step.forward for step in BACKWARD_PASS.steps}
    assert formulas["DY"] == "err = mean((Y - T)²)"
    assert formulas["DW2"] == "Z2 = A1·W2 + B2"
    assert formulas["DZ2"] == "A2 = max(0, Z2), Z3 = A2·W3 + B3"


def test_the_declared_forward_pass_is_the_notebooks_own():
    notebook = nbformat.read(readme.README.parent / "notebooks" / f"{NAME}.ipynb", as_version=4)
    (cell,) = [c for c in notebook.cells if c.cell_type == "code" and "Z1 = X.dot(W[0])+B[0]" in c.source]
    names = {}
    exec("import numpy, utils\n" + cell.source, names)
    public = environment(EXERCISE.instances(7)[0])
    values, _ = truth(NETWORK, public, ["W1"])
    for name in ("Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "err"):
        np.testing.assert_allclose(names[name], values[name], rtol=1e-12)


def test_the_declared_forward_pass_is_that_of_the_second_exercise():
    second = assignments.load(NAME).exercises[1]
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
