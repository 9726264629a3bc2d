"""Exercises of one small function that is called for several items, each a small forward pass of its own.

    product = Item(ForwardPass("Y_mul = A_mul * B_mul", …, upstream="Y_mul"), ("A", "B"), {"op": "mul"})
    exercise2 = item_by_item(
        "exercise2", {"mul": product}, title="…", given="op, A, B, Y, DY", marks=0.5, sizes=[…]
    )

The quantities of an item have its name behind their own, `A_mul`; the function's parameter `A` is `A_mul`
for that item, and `DY` the gradient of `Y_mul`, which is an input. For an item it returns a list of the
gradients with respect to the quantities in `by`; parts are `DA_mul`, `DB_mul`. Each item is judged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from autograder.derivatives.backward_pass import backward_pass
from autograder.derivatives.upstream import with_the_others, with_upstream_mistaken
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import BackwardPass, Env, Step, environment
from autograder.exercise import Array, Convention, Exercise, Instance, Invariant, Part, Path, Value
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.samplers import Sampler
from autograder.reference import truth, values


@dataclass(frozen=True)
class Item:
    """Hold a small forward pass of one line or a few, and what the function is given and asked for."""

    forward: ForwardPass
    by: tuple[str, ...]
    """The quantities, without the item's name, whose gradients are returned."""
    constants: Mapping[str, Value | Callable[[Mapping[str, Array]], Value]] = field(default_factory=dict)
    """Parameters that are not quantities: a string, a number, or something computed from the quantities."""
    samplers: Mapping[str, Sampler] = field(default_factory=dict)
    """For quantities, without the item's name, that are not drawn as usual."""
    public: Mapping[str, Array] = field(default_factory=dict)
    """The sheet's own numbers, by the same names, for the inputs and the upstream gradient."""


@dataclass(frozen=True)
class _Items:
    items: Mapping[str, Item]
    given: tuple[str, ...]
    sizes: Sequence[Mapping[str, int]]
    description: str

    def instances(self, seed: int) -> list[Instance]:
        """Return the sheet's own numbers, and others for every size."""
        drawn = {
            name: draw(
                item.forward,
                seed,
                by=_named(item.by, name),
                sizes=[_of(item.forward, each) for each in self.sizes],
                samplers={f"{key}_{name}": sampler for key, sampler in item.samplers.items()},
            )
            for name, item in self.items.items()
        }
        sheet = {n: {f"{k}_{n}": v for k, v in item.public.items()} for n, item in self.items.items()}
        own = self._shared(sheet)
        result = [Instance(self._inputs(sheet), "the sheet's own numbers", public=True, sizes=own)]
        for k, each in enumerate(self.sizes):
            words = f"{self.description} ({', '.join(f'{name} = {size}' for name, size in each.items())})"
            inputs = self._inputs({name: environment(of[k]) for name, of in drawn.items()})
            result.append(Instance(inputs, words, sizes=dict(each)))
        return result

    def _inputs(self, known: Mapping[str, Mapping[str, Array]]) -> dict[str, Value]:
        """Return the function's arguments, a list for each parameter."""
        result: dict[str, list[Value]] = {name: [] for name in self.given}
        for name, item in self.items.items():
            env = {**known[name], **values(item.forward, known[name])}
            for parameter, column in result.items():
                made = item.constants.get(parameter, env.get(f"{parameter}_{name}"))
                column.append(made(env) if callable(made) else made)  # type: ignore[arg-type]  # all are given
        return dict(result)

    def named(self, env: Env) -> dict[str, Array]:
        """Return each item's quantities, from the lists that a function was given."""
        result: dict[str, Array] = {}
        for number, (name, item) in enumerate(self.items.items(), start=1):
            known = {*item.forward.shapes, *(f"D{quantity}" for quantity in item.forward.shapes)}
            for parameter in self.given:
                if f"{parameter}_{name}" in known:
                    result[f"{parameter}_{name}"] = env[f"{parameter}{number}"]
        return result

    def reference(self, instance: Instance) -> dict[str, Array]:
        """Return the gradients of every item; for inputs that are not given and play no part, 0 will do."""
        env = self.named(environment(instance))
        result: dict[str, Array] = {}
        for name, item in self.items.items():
            sizes = self._sizes(item.forward, env)
            given = {
                each: env[each] if each in env else np.zeros([_size(n, sizes) for n in shape])
                for each, shape in item.forward.shapes.items()
                if each in item.forward.inputs
            }
            given[f"DY_{name}"] = env[f"DY_{name}"]
            _, by = truth(item.forward, given, _named(item.by, name))
            result |= {f"D{quantity}": gradient for quantity, gradient in by.items()}
        return result

    def _shared(self, sheet: Mapping[str, Mapping[str, Array]]) -> dict[str, int]:
        """Return the dimensions that have one size in all items of the sheet."""
        each = [self._sizes(item.forward, sheet[name]) for name, item in self.items.items()]
        several = {name: {sizes[name] for sizes in each if name in sizes} for sizes in each for name in sizes}
        return {name: result.pop() for name, result in several.items() if len(result) == 1}

    def _sizes(self, forward: ForwardPass, env: Mapping[str, Array]) -> dict[str, int]:
        shapes = {**forward.shapes, f"D{forward.output}": forward.shapes[forward.output]}
        return {
            size: env[name].shape[place]
            for name, shape in shapes.items()
            if name in env
            for place, size in enumerate(shape)
            if isinstance(size, str)
        }

    @cached_property
    def backward_pass(self) -> BackwardPass:
        """Join the backward passes of all items: none follows from another."""
        steps = [step for name, item in self.items.items() for step in _steps(name, item)]

        def known(env: Env) -> Mapping[str, Array]:
            return self.named(env)

        return BackwardPass(tuple(steps), mean=False, values=known)


def _named(quantities: Sequence[str], item: str) -> list[str]:
    return [f"{quantity}_{item}" for quantity in quantities]


def _size(size: int | str, sizes: Mapping[str, int]) -> int:
    return sizes[size] if isinstance(size, str) else size


def _of(forward: ForwardPass, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return the sizes of a forward pass's own dimensions."""
    own = {size for shape in forward.shapes.values() for size in shape}
    return {name: size for name, size in sizes.items() if name in own}


def _steps(name: str, item: Item) -> tuple[Step, ...]:
    derived = backward_pass(item.forward, [f"D{quantity}" for quantity in _named(item.by, name)])
    steps = tuple(with_upstream_mistaken(step, item.forward) for step in derived.steps)
    return with_the_others(steps, item.forward)


def item_by_item(
    name: str,
    items: Mapping[str, Item],
    *,
    title: str,
    given: str,
    marks: Mapping[str, float] | float,
    sizes: Sequence[Mapping[str, int]],
    single: bool = False,
    invariants: Sequence[Invariant] = (),
    description: str = "other numbers",
) -> Exercise:
    """Declare an exercise whose function is called for one item after another.

    Parameters
    ----------
    name : of the student's function.
    items : by the names that their quantities end with.
    title : for people.
    given : the function's parameters, in order.
    marks : of every part, or by the item.
    sizes : of the named dimensions, for each hidden instance.
    single : whether the function returns one array, not a list of them.
    invariants : laws that hold for the right answer, for the self-check.
    description : of hidden instances, for students.
    """
    parameters = tuple(re.findall(r"\w+", given))
    every = _Items(items, parameters, sizes, description)
    parts: list[Part] = []
    lists: dict[Path, str] = {(): "the answers"}
    for number, (item, one) in enumerate(items.items()):
        of_part = marks[item] if isinstance(marks, Mapping) else marks
        for place, quantity in enumerate(one.by):
            path: Path = (number,) if single else (number, place)
            parts.append(Part(f"D{quantity}_{item}", of_part, path))
        if not single:
            lists[number,] = f"what is returned for {item} besides None"
    return Exercise(
        name=name,
        title=title,
        parameters=parameters,
        convention=Convention(by_hand=True, driver="for_each"),
        parts=tuple(parts),
        lists=lists,
        instances=every.instances,
        reference=every.reference,
        explain=by_steps(every.backward_pass),
        formulas={k: v for item in items.values() for k, v in item.forward.formulas().items()},
        invariants=tuple(invariants),
    )
