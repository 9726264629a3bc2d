"""Assignment 04: what is right earns everything, and what is wrong is named at its place."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from autograder import assignments, student_material
from autograder.calling.drivers import graph
from autograder.diagnosis.planting import planted
from samples import samples
from tests.autograder import marked_answers
from tests.autograder.mutants.engines import ENGINE, ENGINES
from tests.autograder.people.answers import TABLES

NAME = "04-an-engine-of-your-own"
EXERCISES = {exercise.name: exercise for exercise in assignments.load(NAME).exercises}
SEED = 3
METHODS = {"take", "tanh", "exp", "relu", "log", "sum"}
BLOCK = re.compile(r"(?:^#     \w+ = .*\n)+", re.MULTILINE)
STYLES = ("tables", "loops", "match_and_count", "linear_system", "torch_as_a_library")


@pytest.fixture(scope="module")
def given():
    """What the notebook defines for students: the forward side of the engine, and its operators."""
    names = marked_answers.given_by_notebook(NAME)
    for table in TABLES.values():
        if table.exercise[0] == "04":
            exec(table.with_edits(), names)
    return names


def marked(name, source, given):
    names = dict(given)
    exec(source, names)
    with np.errstate(all="ignore"):  # a kernel would print a warning and go on
        return marked_answers.marked(EXERCISES[name], names[name], SEED)


def told(result):
    return {f"{fault.fault}@{fault.where}" for fault in result.faults}


def test_the_notebook_shows_the_graph_that_is_tried():
    text = (Path(assignments.folders()[NAME]) / "notebook.py").read_text(encoding="utf-8")
    block = BLOCK.search(text, text.index("tried on the graph below"))[0]
    lines = [line.strip("# ") for line in re.split(r" {2,}|\n", block)]
    shown = dict(line.split(" = ") for line in lines if line)
    nodes = importlib.import_module(f"{assignments.__name__}.04_an_engine_of_your_own.exercises").GRAPH.nodes
    assert list(shown) == list(nodes)
    for name, formula in shown.items():
        names = [each for each in re.findall(r"[A-Za-z]\w*", formula) if each not in METHODS]
        assert names == list(nodes[name].operands), name


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", EXERCISES)
def test_what_is_right_earns_everything_in_any_style(name, style, given):
    cells = samples(NAME)[style].cells
    helpers = [cells[each] for each in cells if each != name]
    result = marked(name, "\n\n".join((*helpers, cells[name])), given)
    assert (result.faults, result.flags, result.score) == ((), (), EXERCISES[name].max_score)


@pytest.mark.parametrize("wrong", ENGINES, ids=lambda wrong: wrong.title)
def test_what_is_wrong_in_an_engine_is_named_and_costs_what_it_should(wrong, given):
    result = marked("Tensor", wrong.source, given)
    assert (told(result), result.score) == (set(wrong.told.split()), wrong.score)
    assert sum(fault.cost for fault in result.faults) == pytest.approx(8.0 - result.score)


def test_mistakes_in_an_engine_have_many_names():
    assert len(ENGINES) >= 25
    assert len({name for wrong in ENGINES for name in wrong.told.split()}) >= 20


def test_a_right_engine_earns_everything(given):
    assert marked("Tensor", ENGINE, given).score == 8.0


@pytest.mark.parametrize("name", ["exercise1", "exercise2", "exercise3"])
def test_every_planted_mistake_is_named_at_its_place(name):
    exercise = EXERCISES[name]
    instances, parts = exercise.instances(1), [part.name for part in exercise.parts]
    known = list(planted(exercise, instances))
    assert len(known) > 10
    with np.errstate(all="ignore"):
        for one in known:
            said = exercise.explain(instances, one.answers, parts).findings
            assert {(f.fault, f.where) for f in said} == {(f.fault, f.where) for f in one.findings}


def test_the_graph_of_the_engine_is_its_forward_pass(given):
    """Replayed on the notebook's class, it gives the values and gradients of the declaration."""
    names = dict(given)
    exec(ENGINE, names)
    for instance in EXERCISES["Tensor"].instances(SEED):
        nodes = [names["Tensor"](leaf) for leaf in instance.inputs["leaves"]]
        for operation in instance.inputs["operations"]:
            nodes.append(graph.apply(operation, nodes))
        nodes[-1].backward()
        true = EXERCISES["Tensor"].reference(instance)
        for part in EXERCISES["Tensor"].parts:
            kind, place = part.path
            given_ = nodes[place].grad if kind else nodes[place].data
            np.testing.assert_allclose(given_, true[part.name], rtol=1e-9, err_msg=part.name)


def test_the_figure_is_what_its_program_draws():
    figure = importlib.import_module("autograder.assignments.04_an_engine_of_your_own.figure")
    assert figure.png() == (student_material.FOLDER / "files" / "tape.png").read_bytes()


def test_no_part_is_zero_or_one_for_everybody():
    for exercise in EXERCISES.values():
        truths = [exercise.reference(one) for one in exercise.instances(SEED)]
        for part in exercise.parts:
            arrays = [truth[part.name] for truth in truths]
            assert all(array.any() for array in arrays), part.name
            assert not all((array == 1).all() for array in arrays), part.name
