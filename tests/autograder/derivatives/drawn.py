"""Random instances of a forward pass, and a student's answers to its backward pass."""

import numpy as np

from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.exercise import Instance
from autograder.reference import truth


def instances(forward, sizes, given=None, seed=0):
    """A hidden instance for each of these sizes, with every quantity of the forward pass among the inputs."""
    rng = np.random.default_rng(seed)
    result = []
    for each in sizes:

        def shape(name, each=each):
            return [each.get(length, length) for length in forward.shapes[name]]

        inputs = {name: rng.standard_normal(shape(name)) for name in forward.inputs}
        inputs |= {name: draw(rng, *shape(name)) for name, draw in (given or {}).items()}
        if forward.shapes[forward.output]:
            inputs[f"D{forward.output}"] = rng.standard_normal(shape(forward.output))
        values = forward.run(inputs)
        named = {name: values[name] for name, node in forward.nodes.items() if not node.is_inner}
        result.append(Instance({**inputs, **named}, f"other data ({each})", sizes=each))
    return result


def gradients(forward, instance, parts):
    """The true value of each part."""
    _, result = truth(forward, instance.inputs, [part.removeprefix("D") for part in parts])
    return {f"D{name}": array for name, array in result.items()}


def explained(forward, drawn, answers, parts, **more):
    """The names and places of what is wrong in answers, and the parts that earn their marks."""
    diagnosis = by_steps(backward_pass(forward, parts, **more))(drawn, answers, parts)
    return [(f.fault, f.where, f.hint) for f in diagnosis.findings], diagnosis.earned


def student(drawn, right, wrong, parts):
    """What a student returns who computes these formulas one after the other, in the names of the sheet."""
    answers = []
    for instance in drawn:
        names = {"np": np, **instance.inputs, **instance.sizes}
        for name, formula in {**right, **wrong}.items():
            with np.errstate(all="ignore"):
                names[name] = np.asarray(eval(formula, names))  # our own formulas
        answers.append({part: names[part] if np.isfinite(names[part]).all() else None for part in parts})
    return answers
