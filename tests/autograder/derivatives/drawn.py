"""Random instances of a forward pass, and what a diagnosis says of an answer."""

from dataclasses import replace

import numpy as np

from autograder.exercise import Instance
from autograder.reference import truth


def inputs_alone(forward, sizes, given=None, seed=0, **more):
    """A hidden instance of each of these sizes, with the inputs of the forward pass and these others.

    given : draws an input by name that is not normally distributed, from a generator and the input's shape.
    """
    rng = np.random.default_rng(seed)
    result = []
    for each in sizes:
        shapes = {
            name: [each.get(length, length) for length in forward.shapes[name]] for name in forward.inputs
        }
        inputs = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
        inputs |= {name: draw(rng, *shapes[name]) for name, draw in (given or {}).items()}
        result.append(Instance({**inputs, **more}, f"other data ({each})", sizes=each))
    return result


def instances(forward, sizes, given=None, seed=0):
    """A hidden instance of each of these sizes, with every quantity of the forward pass among the inputs."""
    rng = np.random.default_rng([seed, 1])
    result = []
    for one in inputs_alone(forward, sizes, given, seed):
        values = forward.run(one.inputs)
        shown = {name: values[name] for name, node in forward.nodes.items() if not node.is_inner}
        if np.ndim(values[forward.output]):
            shown[f"D{forward.output}"] = rng.standard_normal(values[forward.output].shape)
        result.append(replace(one, inputs={**one.inputs, **shown}))
    return result


def gradients(forward, instance, parts):
    """The true value of each part."""
    _, result = truth(forward, instance.inputs, [part.removeprefix("D") for part in parts])
    return {f"D{name}": array for name, array in result.items()}


def named(diagnosis):
    """What is wrong: the name of each mistake, its place and its hint."""
    return [(finding.fault, finding.where, finding.hint) for finding in diagnosis.findings]
