"""What is graded in `01-error-backpropagation`: the gradient of a 4-6-6-6-1 network's error, twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from autograder.alternatives.computation import computation
from autograder.derivatives.backward_pass import backward_pass
from autograder.diagnosis.by_choices import by_choices
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import environment
from autograder.exercise import Array, Assignment, Convention, Exercise, Instance, Part
from autograder.reference import truth

from .instances import hidden, sheet
from .network import NETWORK

PARAMETERS = [f"{kind}{layer}" for kind in "WB" for layer in (1, 2, 3, 4)]
SIGNATURE1 = ("W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T")
SIGNATURE2 = ("W", "B", "X", "T")

CHAIN = backward_pass(NETWORK, [f"D{name}" for name in PARAMETERS])
MODEL = computation(NETWORK, by=PARAMETERS, output="error")


def gradient_by_hand(instance: Instance) -> Mapping[str, Array]:
    """The true DW1 … DW4, DB1 … DB4."""
    _, gradients = truth(NETWORK, environment(instance), PARAMETERS)
    return {f"D{name}": array for name, array in gradients.items()}


def error_and_gradient(instance: Instance) -> Mapping[str, Array]:
    """The error, and its gradient by W1 … W4, B1 … B4."""
    return MODEL.run(instance, {})


def _instances(seed: int) -> list[Instance]:
    return [sheet(), *hidden(seed)]


def _instances2(seed: int) -> list[Instance]:
    return [_sheet2(), *map(_without_forward_pass, hidden(seed))]


@cache
def _sheet2() -> Instance:
    return _without_forward_pass(sheet())


def _without_forward_pass(given: Instance) -> Instance:
    return Instance({name: given.inputs[name] for name in SIGNATURE2}, given.description, given.public)


def _at(name: str) -> tuple[int, int]:
    return "WB".index(name[0]), int(name[1]) - 1


_EXERCISE1: Sequence[Part] = [Part(f"D{n}", 2.5, _at(n)) for n in PARAMETERS]
_EXERCISE2: Sequence[Part] = [
    Part("error", 4.0, (0,)),
    *(Part(n, 0.75, (1 + _at(n)[0], _at(n)[1])) for n in PARAMETERS),
]

ASSIGNMENT = Assignment(
    name="01-error-backpropagation",
    title="Error backpropagation",
    exercises=(
        Exercise(
            name="exercise1",
            title="Implementing backpropagation",
            parameters=SIGNATURE1,
            convention=Convention(by_hand=True),
            parts=tuple(_EXERCISE1),
            lists={(): "the answer (DW, DB)", (0,): "DW", (1,): "DB"},
            instances=_instances,
            reference=gradient_by_hand,
            explain=by_steps(CHAIN),
        ),
        Exercise(
            name="exercise2",
            title="Using automatic differentiation",
            parameters=SIGNATURE2,
            convention=Convention(tensors=True, leaves=("W", "B")),
            parts=tuple(_EXERCISE2),
            instances=_instances2,
            reference=error_and_gradient,
            explain=by_choices(MODEL),
        ),
    ),
)
