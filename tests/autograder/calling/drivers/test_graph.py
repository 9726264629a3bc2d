"""Graphs of any wiring are run on PyTorch and on a class with the same values and gradients at every node."""

import numpy as np
import pytest

from autograder.calling.drivers import graph
from autograder.calling.function_call import call
from autograder.compare import Truth, mismatches
from autograder.exercise import Convention, Instance, Part
from autograder.reference import graph_truth
from tests.autograder.engine.answers import TENSOR
from tests.autograder.students_function import written

CONVENTION = Convention(by_hand=True, driver="run_graph")
BINARY = ("add", "sub", "mul")


def random_graph(seed):
    """Six to twelve nodes of one shape, wired at random."""
    rng = np.random.default_rng(seed)
    leaves = [rng.uniform(0.3, 1.5, (2, 3)) for _ in range(3)]
    operations = []
    for node in range(3, int(rng.integers(6, 12))):
        one, other = (int(n) for n in rng.integers(0, node, 2))
        kind = rng.integers(0, 5)
        if kind < 3:
            operations.append((BINARY[kind], one, other))
        else:
            operations.append(("tanh", one) if kind == 3 else ("mul", float(rng.uniform(0.5, 2)), one))
    return {"leaves": leaves, "operations": operations}


def compared(inputs, source=TENSOR):
    answer = call(written(source, "Tensor"), CONVENTION, inputs)
    values, gradients = graph_truth(Instance(inputs, "x"))
    both = (values, gradients[:-1])
    parts = [Part(f"{kind}{n}", 1.0, (kind, n)) for kind in range(2) for n in range(len(both[kind]))]
    truth = Truth({f"{k}{n}": a for k, arrays in enumerate(both) for n, a in enumerate(arrays)})
    return mismatches(answer.value, truth, parts, {})


@pytest.mark.parametrize("seed", range(12))
def test_a_random_graph_has_one_truth(seed):
    inputs = random_graph(seed)
    inputs["operations"].append(("sum", len(inputs["leaves"]) + len(inputs["operations"]) - 1))
    assert compared(inputs) == {}


def test_a_last_node_of_many_numbers_gets_its_upstream_gradient():
    inputs = {**random_graph(3), "upstream": np.arange(6.0).reshape(2, 3)}
    given = TENSOR.replace("def backward(self)", "def backward(self, upstream)")
    given = given.replace("self.grad = np.ones_like(self.data)", "self.grad = upstream")
    assert compared(inputs, given) == {}
    assert compared(inputs, given.replace("self.grad = upstream", "self.grad = 1 + upstream")) != {}


def test_a_branch_that_does_not_reach_the_end_has_zeros():
    leaves = [np.array([0.5, 1.0]), np.array([2.0])]
    inputs = {"leaves": leaves, "operations": [("exp", 0), ("tanh", 1), ("sum", 3)]}
    _, gradients = graph_truth(Instance(inputs, "x"))
    np.testing.assert_array_equal(gradients[0], [0, 0])
    np.testing.assert_array_equal(gradients[2], [0, 0])
    assert compared(inputs) == {}
    (one, other) = compared(
        inputs, TENSOR.replace("np.zeros_like(self.data)", "None").replace("parent.grad + g", "g")
    )
    assert (one, other) == ("10", "12")


def test_a_method_is_what_python_asks_for():
    cases = [("add", 0, 1), ("mul", 2.0, 0), ("pow", 0, 3.0), ("neg", 0), ("reshape", 0, (2, 3))]
    assert [graph.method(case) for case in cases] == ["__add__", "__rmul__", "__pow__", "__neg__", "reshape"]
    assert graph.methods({"operations": cases[:2]}) == graph.ALWAYS | {"__add__", "__rmul__"}
    assert graph.methods({"x": np.ones(1)}) == graph.ALWAYS


def test_numbers_and_tuples_are_passed_on_as_they_are():
    array = np.arange(6.0)
    assert graph.apply(("reshape", 0, (2, 3)), [array]).shape == (2, 3)
    np.testing.assert_array_equal(graph.apply(("pow", 0, 2.0), [array]), array**2)
    np.testing.assert_array_equal(graph.apply(("div", 1.0, 0), [array + 1]), 1 / (array + 1))


def test_the_signs_that_are_written_are_those_that_are_meant():
    assert graph.WRITTEN["__matmul__"] == "a @ b"
    assert graph.WRITTEN["__rtruediv__"] == "2.0 / a"
    assert graph.WRITTEN["__rsub__"] == "2.0 - a"
