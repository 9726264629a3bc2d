"""An assignment for the tests alone: an engine as a class, and functions of labels, masks, shapes and steps.

class Tensor        values and gradients of a graph with two diamonds, a leaf used three times, and a
                    branch that does not reach the output, by operators and methods
pick(E, t, M, shape)    rows of E by label, masked, in a shape; and how often each label occurs
embed(E, t, M)      the mean of what is picked, differentiated by PyTorch
step(theta, velocity, rate)   gradient descent with momentum on the sum of squares
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch

from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.reference import Inputs, graph_truth, value_and_gradients

NODES = ("A", "B", "c", "unused", "P", "H", "Q", "S", "R", "dead", "U", "V", "out")
LEAVES = 4
OPERATIONS = [
    ("matmul", 0, 1),  # P = A @ B
    ("tanh", 4),  # H = P.tanh()
    ("mul", 5, 2),  # Q = H * c
    ("add", 6, 4),  # S = Q + P: a diamond
    ("mul", 7, 2),  # R = S * c
    ("exp", 3),  # dead: reaches nothing
    ("sub", 8, 7),  # U = R - S: another
    ("mul", 2.0, 10),  # V = 2 U
    ("sum", 11),
]


def _graph(rng: np.random.Generator, description: str, *, public: bool = False) -> Instance:
    leaves = [rng.uniform(0.3, 1.5, shape) for shape in ((2, 3), (3, 4), (2, 4), (5,))]
    return Instance({"leaves": leaves, "operations": OPERATIONS}, description, public)


def graphs(seed: int) -> list[Instance]:
    """The public graph, then one with hidden numbers."""
    public, hidden = np.random.default_rng(0), np.random.default_rng(seed)
    return [_graph(public, "the sheet's own graph", public=True), _graph(hidden, "other numbers")]


def every_node(instance: Instance) -> Mapping[str, Array]:
    """Value of every node, and gradient of every one but the last."""
    values, gradients = graph_truth(instance)
    result = zip(NODES, values, gradients, strict=True)
    return {
        k: v for name, value, slope in result for k, v in ((name, value), (f"D{name}", slope)) if k != "Dout"
    }


TENSOR = Exercise(
    name="Tensor",
    title="An engine",
    parameters=("leaves", "operations"),
    convention=Convention(by_hand=True, driver="run_graph"),
    parts=tuple(
        Part(name, 1.0, (kind, n))
        for n, node in enumerate(NODES)
        for kind, name in enumerate((node, f"D{node}"))
        if name != "Dout"
    ),
    lists={(): "the answer (values, gradients)", (0,): "values", (1,): "gradients"},
    instances=graphs,
    reference=every_node,
)


def _labelled(rng: np.random.Generator, description: str, *, public: bool = False) -> Instance:
    M = rng.random((3, 4)) < 0.5
    M[0, 0], M[1, 1] = True, False
    inputs = {"E": rng.standard_normal((6, 4)), "t": rng.integers(0, 6, 3), "M": M, "shape": (2, 6)}
    return Instance(inputs, description, public, {"N": 3})


def labelled(seed: int) -> list[Instance]:
    """The public labels, then hidden ones."""
    public, hidden = np.random.default_rng(1), np.random.default_rng(seed)
    return [_labelled(public, "the sheet's own labels", public=True), _labelled(hidden, "other labels")]


def picked(instance: Instance) -> Mapping[str, Array]:
    """The masked rows in their shape, and how often each label occurs: whole numbers."""
    E, t, M, shape = (instance.inputs[name] for name in ("E", "t", "M", "shape"))
    return {"rows": (E[t] * M).reshape(shape), "counts": np.bincount(t, minlength=6), "kept": M.any(axis=1)}


PICK = Exercise(
    name="pick",
    title="Rows by label",
    parameters=("E", "t", "M", "shape"),
    convention=Convention(),
    parts=(Part("rows", 2.0, (0,)), Part("counts", 2.0, (1,)), Part("kept", 1.0, (2,))),
    instances=labelled,
    reference=picked,
)


def _mean(inputs: Inputs) -> torch.Tensor:
    return inputs["E"][inputs["t"]][inputs["M"]].reshape(-1).mean()


def _embedded(seed: int) -> list[Instance]:
    return [
        Instance({name: one.inputs[name] for name in "EtM"}, one.description, one.public)
        for one in labelled(seed)
    ]


def embedded(instance: Instance) -> Mapping[str, Array]:
    """The mean, and its gradient by the embedding."""
    value, ((slope,),) = value_and_gradients(_mean, instance, ("E",))
    return {"error": value, "DE": slope}


EMBED = Exercise(
    name="embed",
    title="Rows by label, by automatic differentiation",
    parameters=("E", "t", "M"),
    convention=Convention(tensors=True, leaves=("E",)),
    parts=(Part("error", 2.0, (0,)), Part("DE", 2.0, (1, 0))),
    instances=_embedded,
    reference=embedded,
)


def descents(seed: int) -> list[Instance]:
    """Starting points and rates."""
    result = []
    for rng, steps, public in ((np.random.default_rng(2), 3, True), (np.random.default_rng(seed), 5, False)):
        theta, velocity = rng.uniform(0.5, 1.5, (2, 3))
        inputs = {"theta": theta, "velocity": velocity, "rate": 0.1, "steps": steps}
        result.append(Instance(inputs, f"{steps} steps", public))
    return result


def descended(instance: Instance) -> Mapping[str, Array]:
    """Parameters and velocity after each step, and the loss before it."""
    theta, velocity = instance.inputs["theta"], instance.inputs["velocity"]
    thetas, velocities, losses = [], [], []
    for _ in range(instance.inputs["steps"]):
        losses.append((theta**2).sum())
        velocity = 0.9 * velocity + 2 * theta
        theta = theta - instance.inputs["rate"] * velocity
        thetas.append(theta)
        velocities.append(velocity)
    return {"thetas": np.array(thetas), "velocities": np.array(velocities), "losses": np.array(losses)}


STEP = Exercise(
    name="step",
    title="Momentum",
    parameters=("theta", "velocity", "rate"),
    convention=Convention(driver="iterate", state=("theta", "velocity"), steps="steps"),
    parts=(Part("thetas", 1.0, (0,)), Part("velocities", 1.0, (1,)), Part("losses", 1.0, (2,))),
    lists={(): "the answer of a step"},
    instances=descents,
    reference=descended,
)

ASSIGNMENT = Assignment("04-engine", "An engine", (TENSOR, PICK, EMBED, STEP))
