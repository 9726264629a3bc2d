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


def test_the_network_is_the_declared_one_on_the_sheets_own_data():
    public, *_ = assignments.load("01-error-backpropagation").exercises[0].instances(7)
    q = environment(public)
    declared = {**q, **values(NETWORK, q)}
    cells = computed("01-error-backpropagation")
    cells |= {f"{kind}{k}": array for kind in "WB" for k, array in enumerate(cells[kind], start=1)}
    shown = (*NETWORK.inputs, "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "err")
    compare(cells, {name: declared[name] for name in shown})


@pytest.mark.parametrize("seed", range(3))
def test_the_cubics_loss_and_its_start_are_the_declared_ones(seed):
    cells = computed("02-gradient-descent")
    for instance in CUBIC.gradient_instances(seed):
        loss = cells["L"](*(instance.inputs[name] for name in ("theta", "x", "y")))
        compare({"L": loss}, {"L": values(CUBIC.CURVE, environment(instance))["L"]})
    sheet = CUBIC.gradient_instances(seed)[0].inputs
    compare({"theta": cells["start"], "x": cells["x"], "y": cells["y"]}, sheet)


def pairs(names, result, declared):
    """Compare what a cell's function returns with the quantities of these names."""
    compare(dict(zip(names, result, strict=True)), {name: declared[name] for name in names})


@pytest.mark.parametrize("seed", range(3))
def test_the_classifiers_scores_probabilities_and_error_are_the_declared_ones(seed):
    cells = computed("03-softmax-and-cross-entropy")
    for instance in CLASSES.networks(seed):
        q = environment(instance)
        result = cells["forward"]([q["W1"], q["W2"]], [q["B1"], q["B2"]], q["X"], q["t"])
        pairs(("Z1", "A1", "Z2", "P", "err"), result, values(CLASSES.CLASSIFIER, q))
    for instance in CLASSES.scores(seed):
        result = cells["exercise1"](*(instance.inputs[name] for name in "Zt"))
        pairs(("P", "err"), result, values(CLASSES.SCORES, instance.inputs))


@pytest.mark.parametrize("seed", range(2))
def test_attentions_head_and_its_projections_and_several_heads_are_the_declared_ones(seed):
    cells = computed("08-attention")
    first, second, third = HEADS.ASSIGNMENT.exercises
    for q in map(environment, first.instances(seed)):
        result = cells["forward_head"](q["Q"], q["K"], q["V"], q["M"])
        pairs("PO", result, values(HEADS.ATTENTION, q))
    for q in map(environment, second.instances(seed)):
        result = cells["forward_projected"](q["X"], q["Wq"], q["Wk"], q["Wv"], q["M"])
        pairs("QKVPO", result, values(HEADS.PROJECTED, q))
    for q in map(environment, third.instances(seed)):
        given = [q[name] if name == "H" else torch.tensor(q[name]) for name in third.parameters]
        pairs(["err"], [cells["exercise3"](*given)], values(HEADS.SEVERAL, q))


@pytest.mark.parametrize(
    ("number", "cell", "names"),
    [
        (0, "five_words", ("Q", "K", "V", "M", "DO")),
        (1, "five_projected", ("X", "Wq", "Wk", "Wv", "M", "DO")),
    ],
)
def test_attentions_five_words_are_those_that_the_notebook_draws(number, cell, names):
    (public,) = (one for one in HEADS.ASSIGNMENT.exercises[number].instances(0) if one.public)
    pairs(names, computed("08-attention")[cell](), public.inputs)


def test_the_two_lines_as_they_stand_are_the_declared_ones_where_nothing_overflows():
    Z = np.log([1.0, 2.0, 5.0])
    P, err = computed("03-softmax-and-cross-entropy")["as_it_stands"](Z, 1)
    pairs(("P", "err"), (P[None], err), values(CLASSES.SCORES, {"Z": Z[None], "t": np.array([1])}))
