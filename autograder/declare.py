"""Declare exercises by their forward pass: what is given, what is handed in, and what it is worth.

    exercise1 = backward(
        "exercise1", NETWORK, title="Backpropagation by hand", lists=("W", "B"),
        given="W, B, X, Z1, A1, Y, T", hand_in=("DW", "DB"), marks=2.5, instances=instances,
    )

Signature, parts, true values and diagnosis follow. `instances` gives the inputs of the forward pass, by
name; what it computes from them is added here, and so are the sizes of its named dimensions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from typing import TypeAlias

from autograder.computations.computation import computation
from autograder.computations.own_forward_pass import or_own_forward_pass
from autograder.computations.quantities import quantities
from autograder.derivatives.backward_pass import NoBackwardPass, backward_pass
from autograder.derivatives.chords import or_chords
from autograder.diagnosis.by_computation import by_computation
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.steps import Step, environment
from autograder.exercise import (
    SHARED,
    Array,
    Convention,
    Exercise,
    Explain,
    Instance,
    Invariant,
    Part,
    Path,
    Value,
)
from autograder.forward_pass import ForwardPass
from autograder.instances.usual import usual
from autograder.reference import truth, values

Names: TypeAlias = "str | Sequence[str]"
"""Names in their order: ("W", "B", "X"), or in one text, "W, B, X"."""
Marks: TypeAlias = "float | Mapping[str, float]"
"""For all parts alike, or by the name of a part or of the list that it is in: {"DZ2": 4, "DW": 3.5}."""
Draw: TypeAlias = Callable[[int], Sequence[Instance]]


class NotDeclared(ValueError):
    """Raised if a declaration contradicts itself; the message is a sentence for the assignment's author."""


def backward(
    name: str,
    forward: ForwardPass,
    *,
    title: str,
    hand_in: Names,
    marks: Marks,
    instances: Draw | None = None,
    lists: Names = (),
    given: Names = (),
    own: Mapping[str, Step] | None = None,
    explain: Explain | None = None,
    invariants: Sequence[Invariant] = (),
    mean: bool = True,
) -> Exercise:
    """Declare an exercise in which quantities of a forward and a backward pass are computed by hand.

    Parameters
    ----------
    name : of the student's function.
    forward : the forward pass.
    title : for people.
    hand_in : what is returned, in order: "DZ" is the gradient with respect to Z, "P" the quantity P itself,
        "DW" the list of DW1, DW2, … if W is a list. A single one is returned without a list around it.
    marks : of each part.
    instances : draws, from a seed, instances with the forward pass's inputs; also DO, if its output O is
        not a single number. Without it they are drawn by `instances.draw`, with different sizes.
    lists : the inputs that are given as lists: "W" for the list of W1, W2, ….
    given : the function's parameters; if left out: the lists, the other inputs, what is computed, and DO. A
        dimension's name stands for its size, an int.
    own : steps of the backward pass in place of derived ones, by quantity.
    explain : in place of the derived diagnosis.
    mean : whether the error is a mean over the data points; else it is a sum.
    invariants : laws that hold for the right answer, for the self-check.

    Raises
    ------
    NotDeclared
        A name is unknown in the forward pass, or a part has no marks.
    """
    sheet = _Sheet(name, forward, _in_lists(forward, _names(lists)))
    wanted = _names(hand_in)
    parts, named = sheet.parts(wanted, marks)
    parameters = _names(given) or sheet.usual()
    sheet.check(parameters, also=forward.dimensions)
    gradients = [part.name.removeprefix("D") for part in parts if part.name not in forward.shapes]

    if explain is None and len(gradients) == len(parts):
        try:
            derived = backward_pass(forward, [part.name for part in parts], own=own, mean=mean)
        except NoBackwardPass as reason:
            raise NotDeclared(f"{name}: {reason}") from None
        explain = by_steps(derived)
        if set(forward.inputs) <= set(sheet.flat(parameters)):
            explain = or_own_forward_pass(explain, forward, [part.name for part in parts])
        if not forward.shapes[forward.output]:
            explain = or_chords(explain, forward)
    if explain is None and not gradients:
        explain = by_computation(quantities(forward, [part.name for part in parts]))
    return Exercise(
        name=name,
        title=title,
        parameters=parameters,
        convention=Convention(by_hand=True),
        parts=parts,
        lists=named,
        instances=sheet.drawing(instances or usual(forward, gradients), parameters),
        reference=Truth(forward, tuple(part.name for part in parts)),
        explain=explain,
        formulas=forward.formulas(),
        invariants=tuple(invariants),
    )


def differentiate(
    name: str,
    forward: ForwardPass,
    *,
    title: str,
    leaves: Names,
    marks: Marks,
    instances: Draw | None = None,
    lists: Names = (),
    given: Names = (),
    value: str = "error",
    explain: Explain | None = None,
) -> Exercise:
    """Declare an exercise in which students write the forward pass with PyTorch.

    Parameters
    ----------
    name, forward, title, instances, lists : as for `backward`.
    leaves : the inputs, lists or arrays, with respect to which the returned number is differentiated.
    marks : of `value`, and of each leaf's arrays, by the leaf's name or their own.
    given : the function's parameters; the lists and the other inputs if left out.
    value : the name of the part that is the number itself.
    explain : in place of the derived diagnosis.

    Raises
    ------
    NotDeclared
        A name is unknown in the forward pass, a part has no marks, or the output is not a single number.
    """
    sheet = _Sheet(name, forward, _in_lists(forward, _names(lists)))
    if forward.shapes[forward.output] != ():
        raise NotDeclared(f"{name}: {forward.output} is not a single number, so it cannot be differentiated.")
    parameters = _names(given) or sheet.inputs()
    sheet.check(parameters, also=forward.dimensions)
    leaves = _names(leaves)
    sheet.check(leaves)
    arrays = {leaf: sheet.lists.get(leaf, (leaf,)) for leaf in leaves}
    flat = [each for names in arrays.values() for each in names]
    parts = (
        Part(value, _marks_of(name, marks, value), (0,)),
        *(
            Part(each, _marks_of(name, marks, each, leaf), (1 + i, j))
            for i, (leaf, names) in enumerate(arrays.items())
            for j, each in enumerate(names)
        ),
    )

    def reference(instance: Instance) -> dict[str, Array]:
        computed, by = truth(forward, environment(instance), flat)
        return {value: computed[forward.output], **by}

    return Exercise(
        name=name,
        title=title,
        parameters=parameters,
        convention=Convention(tensors=True, leaves=leaves),
        parts=parts,
        instances=sheet.drawing(instances or usual(forward, flat), parameters),
        reference=reference,
        explain=explain or by_computation(computation(forward, flat, value)),
        formulas=forward.formulas(**{forward.output: value}),
    )


@dataclass(frozen=True, eq=False)
class Truth:
    """Compute the true parts of an exercise by hand: quantities of its forward pass, and gradients."""

    forward: ForwardPass
    parts: tuple[str, ...]

    def __call__(self, instance: Instance) -> dict[str, Array]:
        """Compute every part, the gradients by automatic differentiation."""
        inputs = environment(instance)
        by = [name.removeprefix("D") for name in self.parts if name not in self.forward.shapes]
        computed, result = truth(self.forward, inputs, by) if by else (values(self.forward, inputs), {})
        return {name: computed[name] if name in computed else result[name[1:]] for name in self.parts}

    def number(self, instance: Instance) -> float:
        """Compute the number that is differentiated: the output, weighted with its upstream gradient."""
        inputs = environment(instance)
        output = self.forward.output
        value = values(self.forward, inputs)[output]
        return float((value * inputs[f"D{output}"]).sum() if value.ndim else value)


@dataclass(frozen=True)
class _Sheet:
    """Hold what an exercise is about, for its sentences and its instances."""

    exercise: str
    forward: ForwardPass
    lists: Mapping[str, tuple[str, ...]]

    @cached_property
    def _computed(self) -> list[str]:
        return [name for name, node in self.forward.nodes.items() if not node.is_inner]

    @cached_property
    def _upstream(self) -> tuple[str, ...]:
        """Return DO, if the output O is not a single number."""
        output = self.forward.output
        return () if self.forward.shapes[output] == () else (f"D{output}",)

    def inputs(self) -> tuple[str, ...]:
        """Return the lists, then the inputs that are in none."""
        listed = {name for names in self.lists.values() for name in names}
        return (*self.lists, *(name for name in self.forward.inputs if name not in listed))

    def flat(self, names: Sequence[str]) -> list[str]:
        """Replace lists by what is in them."""
        return [each for name in names for each in self.lists.get(name, (name,))]

    def usual(self) -> tuple[str, ...]:
        """Return the default parameters: everything that exists before the backward pass."""
        computed = [name for name in self._computed if self.forward.shapes[name] != ()]
        return (*self.inputs(), *computed, *self._upstream)

    def check(self, names: Sequence[str], *, also: Sequence[str] = ()) -> None:
        """Refuse names that are neither lists nor quantities of the forward pass, nor among `also`."""
        for name in names:
            if name not in {*self.lists, *self.forward.shapes, *self._upstream, *also}:
                known = ", ".join((*self.inputs(), *self._computed, *self._upstream))
                raise NotDeclared(f"{self.exercise}: the forward pass has no {name}; it has {known}.")

    def parts(self, wanted: Sequence[str], marks: Marks) -> tuple[tuple[Part, ...], dict[Path, str]]:
        """Return the parts that are handed in, each with its marks and place, and the names of the lists."""
        result: list[Part] = []
        named: dict[Path, str] = {}
        single = len(wanted) == 1
        for place, name in enumerate(wanted):
            path: Path = () if single else (place,)
            listed = self.lists.get(name.removeprefix("D")) if name not in self.forward.shapes else None
            if listed is None:
                self.check([name if name in self.forward.shapes else name.removeprefix("D")])
                result.append(Part(name, _marks_of(self.exercise, marks, name), path))
                continue
            named[path] = name
            result += [
                Part(f"D{each}", _marks_of(self.exercise, marks, f"D{each}", name), (*path, i))
                for i, each in enumerate(listed)
            ]
        answer = f"the answer ({', '.join(wanted)})"
        return tuple(result), named if single else {(): answer, **named}

    def drawing(self, instances: Draw, parameters: Sequence[str]) -> Draw:
        """Draw as the author's function does, and add what the function is called with to each instance."""

        @lru_cache(maxsize=SHARED)
        def given(one: Instance) -> Instance:  # many seeds draw the same ones, and what is computed from them
            return self._given(one, parameters)

        @wraps(instances)
        def draw(seed: int) -> list[Instance]:
            return [given(one) for one in instances(seed)]

        return draw

    def _given(self, instance: Instance, parameters: Sequence[str]) -> Instance:
        arrays = self._all(instance)
        sizes = self.forward.sizes(arrays, instance.sizes)
        known: dict[str, Value] = {**sizes, **arrays}
        inputs: dict[str, Value] = {
            name: [arrays[each] for each in self.lists[name]] if name in self.lists else known[name]
            for name in parameters
        }
        return replace(instance, inputs=inputs, sizes=sizes)

    def _all(self, instance: Instance) -> dict[str, Array]:
        """Return every quantity of the forward pass, and the upstream gradient."""
        given = environment(instance)
        missing = [name for name in (*self.forward.inputs, *self._upstream) if name not in given]
        if missing:
            raise NotDeclared(f"{self.exercise}: an instance ({instance.description}) lacks {missing[0]}.")
        return {**values(self.forward, given), **{name: given[name] for name in self._upstream}}


def _names(names: Names) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", names)) if isinstance(names, str) else tuple(names)


def _in_lists(forward: ForwardPass, lists: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the inputs that each list holds, in order: W1, W2, … for W."""
    result = {}
    for name in lists:
        numbered = re.compile(rf"{re.escape(name)}(\d+)")
        within = {each: match for each in forward.inputs if (match := numbered.fullmatch(each))}
        if not within:
            raise NotDeclared(f"{name} is to be a list, but the forward pass has no input {name}1.")
        result[name] = tuple(sorted(within, key=lambda each: int(within[each][1])))
        wanted = tuple(f"{name}{k + 1}" for k in range(len(within)))
        if result[name] != wanted:
            raise NotDeclared(f"{name} is to be a list of {', '.join(wanted)}: they are numbered from 1.")
    return result


def _marks_of(exercise: str, marks: Marks, *names: str) -> float:
    if not isinstance(marks, Mapping):
        return float(marks)
    for name in names:
        if name in marks:
            return float(marks[name])
    raise NotDeclared(f"{exercise}: {names[0]} has no marks.")
