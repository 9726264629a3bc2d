"""What a notebook's own cells compute forward is what its assignment declares, number by number."""

import importlib
import re
from pathlib import Path

import jupytext
import numpy as np
import pytest
import torch

import utils
from autograder import assignments
from autograder.diagnosis.steps import environment
from autograder.reference import values

NETWORK = importlib.import_module("autograder.assignments.01_error_backpropagation.network").NETWORK
CUBIC = importlib.import_module("autograder.assignments.02_gradient_descent.exercises")
CLASSES = importlib.import_module("autograder.assignments.03_softmax_and_cross_entropy.exercises")
HEADS = importlib.import_module("autograder.assignments.08_attention.exercises")
CELL = {
    "01-error-backpropagation": r"^Z1 = X\.dot",
    "02-gradient-descent": r"^def L\(",
    "03-softmax-and-cross-entropy": r"^def (start|exercise1|forward|as_it_stands)\(",
    "08-attention": r"^def (forward_head|five_words|forward_projected|exercise3)\(",
}
SHOWN = r"^(?:with|print|for)\b"  # where a cell begins to show what it has computed


def computed(name):
    """What the cells with the forward pass define and compute, in their order."""
    text = (Path(assignments.folders()[name]) / "notebook.py").read_text(encoding="utf-8")
    names = {"numpy": np, "torch": torch, "utils": utils}
    cells = [cell.source for cell in jupytext.reads(text, fmt="py:percent").cells if cell.cell_type == "code"]
    result = [source for source in cells if re.search(CELL[name], source, flags=re.M)]
    for source in result:
        exec(re.split(SHOWN, source, maxsplit=1, flags=re.M)[0], names)
    return names


def compare(cells, declared):
    for name, value in declared.items():
        np.testing.assert_allclose(cells[name], value, rtol=1e-12, atol=1e-12, err_msg=name)


def parts(declared):
    return {name: declared[name] for name in ("P", "err")}


def test_the_network_is_the_declared_one():
    cells = computed("01-error-backpropagation")
    (W, B) = (cells[name] for name in "WB")
    given = {f"{kind}{k + 1}": array for kind, list_ in (("W", W), ("B", B)) for k, array in enumerate(list_)}
    declared = values(NETWORK, {"X": cells["X"], "T": cells["T"], **given})
    compare(cells, {name: declared[name] for name in ("Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "err")})


@pytest.mark.parametrize("seed", range(3))
def test_the_cubics_loss_and_its_start_are_the_declared_ones(seed):
    cells = computed("02-gradient-descent")
    for instance in CUBIC.gradient_instances(seed):
        given = instance.inputs
        compare(
            {"L": cells["L"](given["theta"], given["x"], given["y"])},
            {"L": values(CUBIC.CURVE, environment(instance))["L"]},
        )
    sheet = CUBIC.gradient_instances(seed)[0].inputs
    compare({"theta": cells["start"], "x": cells["x"], "y": cells["y"]}, sheet)


@pytest.mark.parametrize("seed", range(3))
def test_the_classifiers_scores_probabilities_and_error_are_the_declared_ones(seed):
    cells = computed("03-softmax-and-cross-entropy")
    for instance in CLASSES.networks(seed):
        q = environment(instance)
        result = cells["forward"]([q["W1"], q["W2"]], [q["B1"], q["B2"]], q["X"], q["t"])
        declared = values(CLASSES.CLASSIFIER, q)
        names = ("Z1", "A1", "Z2", "P", "err")
        compare(dict(zip(names, result, strict=True)), {name: declared[name] for name in names})
    for instance in CLASSES.scores(seed):
        Z, t = (instance.inputs[name] for name in "Zt")
        declared = parts(values(CLASSES.SCORES, instance.inputs))
        compare(dict(zip(("P", "err"), cells["exercise1"](Z, t), strict=True)), declared)


@pytest.mark.parametrize("seed", range(2))
def test_attentions_head_and_its_projections_and_several_heads_are_the_declared_ones(seed):
    cells = computed("08-attention")
    first, second, third = HEADS.ASSIGNMENT.exercises
    for instance in first.instances(seed):
        q = environment(instance)
        result = cells["forward_head"](q["Q"], q["K"], q["V"], q["M"])
        declared = {name: values(HEADS.ATTENTION, q)[name] for name in "PO"}
        compare(dict(zip("PO", result, strict=True)), declared)
    for instance in second.instances(seed):
        q = environment(instance)
        result = cells["forward_projected"](q["X"], q["Wq"], q["Wk"], q["Wv"], q["M"])
        declared = {name: values(HEADS.PROJECTED, q)[name] for name in "QKVPO"}
        compare(dict(zip("QKVPO", result, strict=True)), declared)
    for instance in third.instances(seed):
        q = environment(instance)
        given = [q[name] if name == "H" else torch.tensor(q[name]) for name in third.parameters]
        compare({"err": cells["exercise3"](*given)}, {"err": values(HEADS.SEVERAL, q)["err"]})


def test_attentions_five_words_are_those_that_the_notebook_draws():
    cells = computed("08-attention")
    shown = [[e.inputs for e in exercise.instances(0) if e.public] for exercise in HEADS.ASSIGNMENT.exercises]
    for drawn, names, (given,) in (
        (cells["five_words"](), ("Q", "K", "V", "M", "DO"), shown[0]),
        (cells["five_projected"](), ("X", "Wq", "Wk", "Wv", "M", "DO"), shown[1]),
    ):
        compare(dict(zip(names, drawn, strict=True)), {name: given[name] for name in names})


def test_the_two_lines_as_they_stand_are_the_declared_ones_where_nothing_overflows():
    cells = computed("03-softmax-and-cross-entropy")
    Z = np.log([1.0, 2.0, 5.0])
    result = cells["as_it_stands"](Z, 1)
    compare(
        dict(zip(("P", "err"), (result[0][None], result[1]), strict=True)),
        parts(values(CLASSES.SCORES, {"Z": Z[None], "t": np.array([1])})),
    )
