"""An exercise declared by its forward pass is the one that would have been written by hand."""

import importlib

import numpy as np
import pytest

from autograder import assignments
from autograder.declare import NotDeclared, backward, differentiate
from autograder.exercise import Instance
from autograder.forward_pass import ForwardPass

NETWORK = importlib.import_module("autograder.assignments.01_error_backpropagation.network").NETWORK
FIRST, SECOND = assignments.load("01-error-backpropagation").exercises
GIVEN = "W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T"
LAYER = ForwardPass("Z = X @ W + B\nA = relu(Z)", X=("N", 3), W=(3, 2), B=(2,))


def of_the_network(seed):
    for one in FIRST.instances(seed):
        lists = {f"{n}{k + 1}": a for n in "WB" for k, a in enumerate(one.inputs[n])}
        inputs = {"X": one.inputs["X"], "T": one.inputs["T"], **lists}
        yield Instance(inputs, one.description, one.public)


def of_the_layer(seed):
    rng = np.random.default_rng(seed)
    for N in (1, 5, 9):
        shapes = {"X": (N, 3), "W": (3, 2), "B": (2,), "DA": (N, 2)}
        inputs = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
        yield Instance(inputs, f"N = {N}")


def network(**changed):
    arguments = {"title": "By hand", "marks": 2.5, "instances": of_the_network}
    arguments |= {"lists": ("W", "B"), "given": GIVEN, "hand_in": ("DW", "DB")}
    return backward("exercise1", NETWORK, **{**arguments, **changed})


def layer(**changed):
    arguments = {"title": "A layer", "hand_in": "DZ, DW, DB", "marks": {"DZ": 4, "DW": 2, "DB": 1}}
    return backward("exercise1", LAYER, instances=of_the_layer, **{**arguments, **changed})


def differentiated():
    arguments = {"lists": "W, B", "given": "W, B, X, T", "leaves": "W, B"}
    marks = {"error": 4, "W": 0.75, "B": 0.75}
    return differentiate(
        "exercise2", NETWORK, title="By PyTorch", marks=marks, instances=of_the_network, **arguments
    )


@pytest.mark.parametrize(("declare", "by_hand"), [(network, FIRST), (differentiated, SECOND)])
def test_a_declared_exercise_is_the_one_written_by_hand(declare, by_hand):
    declared = declare()
    assert declared.signature == by_hand.signature
    assert declared.parts == by_hand.parts
    assert declared.lists == by_hand.lists
    assert declared.convention == by_hand.convention
    for own, theirs in zip(declared.instances(4), by_hand.instances(4), strict=True):
        assert list(own.inputs) == list(theirs.inputs)
        for name in own.inputs:
            for one, other in zip(own.inputs[name], theirs.inputs[name], strict=True):
                np.testing.assert_allclose(one, other)
        truth = by_hand.reference(theirs)
        for name, array in declared.reference(own).items():
            np.testing.assert_allclose(array, truth[name])


def test_a_wrong_answer_is_explained():
    declared = network()
    instances = declared.instances(4)
    truths = [declared.reference(one) for one in instances]
    halved = [{name: array / 2 for name, array in truth.items()} for truth in truths]
    diagnosis = declared.explain(instances, halved, [part.name for part in declared.parts])
    assert [(f.fault, f.where) for f in diagnosis.findings] == [("missing-factor-two", "DY")]


def test_an_upstream_gradient_is_given_and_intermediates_are_handed_in():
    declared = layer()
    assert declared.parameters == ("X", "W", "B", "Z", "A", "DA")
    assert {part.name: (part.marks, part.path) for part in declared.parts} == {
        "DZ": (4, (0,)),
        "DW": (2, (1,)),
        "DB": (1, (2,)),
    }
    assert declared.lists == {(): "the answer (DZ, DW, DB)"}
    for one in declared.instances(3):
        X, Z, DA = (one.inputs[name] for name in ("X", "Z", "DA"))
        assert one.sizes == {"N": len(X)}
        true = declared.reference(one)
        np.testing.assert_allclose(true["DZ"], DA * (Z > 0))
        np.testing.assert_allclose(true["DW"], X.T @ true["DZ"])


def test_what_the_student_is_not_given_is_known_to_the_diagnosis():
    declared = network(given="W, B, X, T")
    assert [list(one.inputs) for one in declared.instances(4)] == [["W", "B", "X", "T"]] * 6
    instances = declared.instances(4)
    answers = []
    for one, whole in zip(instances, FIRST.instances(4), strict=True):
        truth = dict(declared.reference(one))
        DZ3 = 2 * (whole.inputs["Y"] - whole.inputs["T"]) / len(whole.inputs["T"]) @ whole.inputs["W"][3].T
        truth["DW3"] = whole.inputs["Z2"].T @ (DZ3 * (whole.inputs["Z3"] > 0))
        answers.append(truth)
    diagnosis = declared.explain(instances, answers, [part.name for part in declared.parts])
    assert [(f.fault, f.where) for f in diagnosis.findings] == [("pre-activation-as-input", "DW3")]


def test_a_quantity_itself_is_handed_in_and_a_single_one_without_a_list():
    declared = layer(hand_in="A", marks=3)
    (part,) = declared.parts
    assert (part.path, declared.lists) == ((), {})
    (one, *_) = declared.instances(3)
    np.testing.assert_allclose(declared.reference(one)["A"], np.maximum(0, one.inputs["Z"]))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"given": "X, V"}, "exercise1: the forward pass has no V; it has X, W, B, Z, A, DA."),
        ({"hand_in": "DZ, DV"}, "exercise1: the forward pass has no V; it has X, W, B, Z, A, DA."),
        ({"marks": {"DZ": 4, "DW": 2}}, "exercise1: DB has no marks."),
        ({"lists": "W"}, "W is to be a list, but the forward pass has no input W1."),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(changed, sentence):
    with pytest.raises(NotDeclared, match=f"^{sentence}".replace(".", r"\.")):
        layer(**changed)


def test_an_output_of_many_numbers_is_not_differentiated():
    with pytest.raises(NotDeclared, match="A is not a single number"):
        differentiate("exercise1", LAYER, title="A layer", leaves="W", marks=1, instances=of_the_layer)
