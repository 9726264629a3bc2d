"""Explain an unknown output by its gradients: they show whether the network below it is right.

They are then what a backward pass gives from some gradient with respect to the network's output, and that
gradient can be solved for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import environment
from autograder.exercise import Answers, Diagnosis, Explain, Finding, Instance, Value
from autograder.forward_pass import ForwardPass
from autograder.reference import values


def by_gradient(forward: ForwardPass, by: Sequence[str], output: str) -> Explain | None:
    """Explain answers whose output nothing explains, and whose gradients a backward pass may.

    Parameters
    ----------
    forward : the forward pass; its last line measures a network's output, the first of its operands.
    by : inputs by which it is differentiated. The part that is a gradient has its input's name.
    output : the name of the part that is the output's value.

    Returns
    -------
    None where no backward pass can be derived.
    """
    try:
        explain_gradients = by_steps(backward_pass(forward, [f"D{name}" for name in by]))
    except NoBackwardPass:
        return None
    measured = forward.nodes[forward.output].operands[0]
    last = {name for name in by if name in forward.line(measured)}

    def explain(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
        full = [_with_quantities(forward, instance) for instance in instances]
        renamed = [{f"D{name}": array for name, array in answer.items()} for answer in answers]
        result = explain_gradients(full, renamed, [f"D{name}" for name in by])
        wrong = {finding.where.removeprefix("D") for finding in result.findings}
        if measured not in wrong or not wrong <= {measured, *last}:
            return Diagnosis(tuple(Finding("unrecognised", part, (part,)) for part in parts), frozenset())
        lost = [name for name in by if name in last & wrong]
        each = tuple(Finding("unrecognised", name, (name,)) for name in lost)
        itself = Finding("unrecognised" if lost else "unknown-error", output, (output,))
        return Diagnosis((itself, *each), frozenset(by) - set(lost))

    return explain


def _with_quantities(forward: ForwardPass, instance: Instance) -> Instance:
    """Return the instance with what the forward pass computes of it among its inputs."""
    computed = values(forward, environment(instance))
    quantities: dict[str, Value] = {
        name: computed[name] for name, node in forward.nodes.items() if not node.is_inner
    }
    return replace(instance, inputs={**instance.inputs, **quantities})
