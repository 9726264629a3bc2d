"""Declare an engine, a class that differentiates, as an exercise: its graph, its truth, its mistakes.

The graph that is replayed on the class is a forward pass, of one operation a line. Mistakes in the sweep are
mistakes; those in an operation's derivative are those of the backward pass, in which every quantity is a
part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Any, TypeAlias

import numpy as np
import torch

from autograder.compare import Truth
from autograder.computations.engine_causes import CUT_OFF, SHARED, Causes, are_shaped
from autograder.computations.quantities import quantities
from autograder.computations.sweep import BEGIN_WITH_ONES, OVERWRITTEN, mistakes, sweep
from autograder.derivatives.backward_pass import backward_pass
from autograder.derivatives.upstream import local, with_upstream_mistaken
from autograder.diagnosis.by_computation import by_computation, remembering
from autograder.diagnosis.by_steps import by_steps
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.steps import BackwardPass, Computation, ComputationMistake, Env, environment
from autograder.exercise import (
    Answers,
    Array,
    Convention,
    Diagnosis,
    Exercise,
    Finding,
    Instance,
    Part,
    Value,
)
from autograder.forward_pass import ForwardPass, Node
from autograder.instances.draw import draw
from autograder.instances.evidence import Mask
from autograder.instances.pool import POOLED
from autograder.instances.samplers import Sampler
from autograder.reference import tensors, values
from autograder.reference import truth as reference

WHERE = "gradients"
KEPT = "gradients-accumulated"
NAMES: Mapping[str, str] = {
    "product": "matmul",
    "addition": "add",
    "difference": "sub",
    "elementwise_product": "mul",
    "quotient": "div",
    "shift": "add",
    "scale": "mul",
    "power": "pow",
    "gather": "take",
}
"""What a class calls an operation, where that is not what a forward pass calls it."""
PREPARED = 64  # instances whose graphs are kept
GIVEN_AS_THEY_ARE = frozenset({"gather"})
"""Operations whose second operand is no node."""

_Pull: TypeAlias = Callable[[torch.Tensor], Sequence[torch.Tensor]]
"""From a node's gradient what each of its operands gets."""


@dataclass(frozen=True)
class Engine:
    """A forward pass, of one operation a line, that a student's class computes and differentiates."""

    forward: ForwardPass
    title: str
    value: float
    """Marks of each computed quantity's value."""
    gradient: float
    """Marks of each gradient."""
    unreached: tuple[str, ...] = ()
    """Quantities that the output does not depend on: their gradients are no parts, nor are their values."""
    mixed: tuple[str, ...] = ()
    """Quantities that are to have both signs."""

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """Inputs that the class makes nodes of; others are numbers of rows."""
        rows = {node.operands[1] for node in self._nodes if node.operation.name in GIVEN_AS_THEY_ARE}
        return tuple(name for name in self.forward.inputs if name not in rows)

    @cached_property
    def _nodes(self) -> tuple[Node, ...]:
        return tuple(self.forward.nodes.values())

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate((*self.leaves, *self.forward.nodes))}

    @cached_property
    def _parents(self) -> list[list[int]]:
        computed = [[self._places[name] for name in self._operands(node)] for node in self._nodes]
        return [[] for _ in self.leaves] + computed

    def _operands(self, node: Node) -> tuple[str, ...]:
        return node.operands[:1] if node.operation.name in GIVEN_AS_THEY_ARE else node.operands

    @cached_property
    def _wanted(self) -> tuple[str, ...]:
        """The quantities whose gradients are parts."""
        every = (*self.leaves, *self.forward.nodes)
        return tuple(name for name in every if name not in {self.forward.output, *self.unreached})

    @cached_property
    def _values(self) -> tuple[str, ...]:
        """The quantities whose values are parts."""
        return tuple(name for name in self.forward.nodes if name not in self.unreached)

    def parts(self) -> tuple[Part, ...]:
        """Return every computed value, and the gradient of everything but the output."""
        return (
            *(Part(name, self.value, (0, self._places[name])) for name in self._values),
            *(Part(f"D{name}", self.gradient, (1, self._places[name])) for name in self._wanted),
        )

    def instance(self, drawn: Instance, *, times: int = 1) -> Instance:
        """Make the graph of numbers that were drawn for the forward pass.

        times : how often the class is asked to go back.
        """
        inputs: dict[str, Value] = {
            "leaves": [drawn.inputs[name] for name in self.leaves],
            "operations": [self._operation(node, drawn) for node in self._nodes],
            "times": times,
        }
        return replace(drawn, inputs=inputs)

    def _operation(self, node: Node, drawn: Instance) -> tuple[Value, ...]:
        name, places = node.operation.name, [self._places[each] for each in self._operands(node)]
        more: list[Value] = []
        if name in GIVEN_AS_THEY_ARE:
            more = [np.asarray(drawn.inputs[node.operands[1]])]
        elif name == "power":
            more = [float(node.keywords["exponent"])]
        elif name in ("shift", "scale"):
            more = [float(node.keywords["by"].factor)]
        own = (*more, *places) if name == "scale" else (*places, *more)
        return (NAMES.get(name, name), *own)

    def named(self, env: Env) -> dict[str, Array]:
        """Return the inputs of the forward pass by name, from a graph's leaves and operations."""
        result = {name: env[f"leaves{place}"] for place, name in enumerate(self.leaves, start=1)}
        for node, (_, *rest) in zip(self._nodes, _operations(env), strict=True):
            if node.operation.name in GIVEN_AS_THEY_ARE:
                result[node.operands[1]] = rest[-1]
        return result

    def reference(self, instance: Instance) -> dict[str, Array]:
        """Return the true values and gradients."""
        by = list(self._wanted)
        computed, gradients = reference(self.forward, self.named(environment(instance)), by)
        result = {**computed, **{f"D{name}": array for name, array in gradients.items()}}
        return {part.name: result[part.name] for part in self.parts()}

    def run(self, instance: Instance, settings: Mapping[str, Any]) -> dict[str, Array]:
        """Compute and go back, with mistakes or none; each operation by itself is PyTorch's."""
        nodes, pulls = self._prepared(instance)

        def hand(node: int, place: int, upstream: torch.Tensor) -> torch.Tensor:
            alone = settings.get("upstream") == "ones" and bool(upstream.any())  # not of a dead branch
            above = torch.ones_like(upstream) if alone else upstream
            result: torch.Tensor = pulls[node](above)[place]
            return result

        seed = torch.ones((), dtype=torch.float64)
        begin = [torch.zeros_like(node) for node in nodes.values()]
        times = int(instance.inputs["times"])  # type: ignore[arg-type]  # a whole number
        for _ in range(times):
            swept = sweep(self._parents, hand, begin, seed, settings)
            begin = swept if settings.get("start") == "kept" else begin
        gradients = {f"D{name}": swept[place].numpy() for name, place in self._places.items()}
        result = {**gradients, **{name: nodes[name].numpy() for name in self.forward.nodes}}
        return {name: result[name] for name in (*self._values, *self._gradients)}

    @cached_property
    def _prepared(self) -> Callable[[Instance], tuple[dict[str, torch.Tensor], dict[int, _Pull]]]:
        """Return an instance's nodes, and what each computed one hands back: the same for every sweep."""

        @lru_cache(maxsize=PREPARED)
        def prepared(instance: Instance) -> tuple[dict[str, torch.Tensor], dict[int, _Pull]]:
            given = self.named(environment(instance))
            known = self.forward.run({name: tensors(array) for name, array in given.items()})
            nodes = {name: known[name] for name in self._places}
            return nodes, {self._places[node.name]: self._pull(node, known) for node in self._nodes}

        return prepared

    def _pull(self, node: Node, known: Mapping[str, torch.Tensor]) -> _Pull:
        own = self._operands(node)
        fresh = [known[name].detach().clone().requires_grad_() for name in own]
        others = [known[name] for name in node.operands[len(own) :]]
        out = self.forward.computed(node, [*fresh, *others], self.forward.sizes(known))
        pulled: dict[bytes, Sequence[torch.Tensor]] = {}

        def pull(upstream: torch.Tensor) -> Sequence[torch.Tensor]:
            key = upstream.numpy().tobytes()  # most sweeps hand most nodes the same
            if key not in pulled:
                pulled[key] = torch.autograd.grad(out, fresh, upstream, retain_graph=True)
            return pulled[key]

        return pull

    @cached_property
    def backward_pass(self) -> BackwardPass:
        """The backward pass, in which every gradient is a part; from values of a student's own, if given."""
        derived = backward_pass(self.forward, [f"D{name}" for name in self._wanted], mean=False)
        near = (local(step, self.forward) for step in derived.steps)
        steps = tuple(with_upstream_mistaken(step, self.forward) for step in near)

        def known(env: Env) -> Mapping[str, Array]:
            inputs = self.named(env)
            computed = {**inputs, **values(self.forward, inputs)}
            return {name: array for name, array in computed.items() if name not in env}

        return BackwardPass(steps, mean=False, values=known)

    @cached_property
    def _of_derivatives(self) -> frozenset[str]:
        """The faults of single operations' derivatives, but for those that a sweep may have, too."""
        steps, sweeps = self.backward_pass.steps, self.computation().mistakes
        local = {mistake.fault for step in steps for vjp in step.vjps for mistake in vjp.mistakes}
        return frozenset(local - {mistake.fault for mistake in sweeps})

    def computation(self) -> Computation:
        """Say what can be chosen wrongly in the sweep; what else can go wrong is asked for behind it."""
        costs = self._gradients
        remaining = ComputationMistake(KEPT, WHERE, costs, ("start", "kept"), "of a call before")
        where = "of a node by the one it was computed from"
        alone = ComputationMistake("upstream-ignored", WHERE, costs, ("upstream", "ones"), where)
        of_sweep = [replace(m, alone=m.fault == OVERWRITTEN) for m in mistakes(WHERE, costs)]  # in any order
        return Computation(self.run, (*of_sweep, remaining, alone), fallback=by_steps(self.backward_pass))

    def explain(self) -> Explanations:
        """Explain answers: by the sweep, if that explains all of it, else step by step."""
        computation = replace(self.computation(), run=remembering(self.run))
        truth = lru_cache(maxsize=POOLED)(lambda instance: Truth(self.reference(instance)))
        sweeps, computed = by_computation(replace(computation, fallback=None)), list(self._values)
        forward = by_computation(quantities(self.forward, computed))
        steps = by_steps(self.backward_pass)

        def explained(instances: Sequence[Instance], answers: Answers, parts: Sequence[str]) -> Diagnosis:
            truths = [truth(instance) for instance in instances]
            causes = self._causes(instances, answers, truths)
            single = self._asked_twice(causes) or self._single(causes)
            if single is not None:
                return single
            first, own = Diagnosis((), frozenset(computed)), instances
            if not first.earned <= causes.true:
                named = [replace(one, inputs=self.named(environment(one))) for one in instances]
                first = forward(named, [{name: a[name] for name in computed} for a in answers], computed)
                own = [self._with_own(one, answer) for one, answer in zip(instances, answers, strict=True)]
            then = steps(own, answers, [part for part in parts if part not in computed])
            whole = Diagnosis((*first.findings, *then.findings), first.earned | then.earned)
            if then.findings and all(finding.fault in self._of_derivatives for finding in then.findings):
                return whole  # no sweep gives a wrong derivative, and to try them all takes long
            shaped = are_shaped(answers, truths)
            result = sweeps(instances, answers, parts) if shaped else Diagnosis((), frozenset())
            if result.explained and result.findings:
                remaining = self._following(causes)
                findings = (
                    replace(finding, costs=tuple(part for part in finding.costs if part not in remaining))
                    for finding in result.findings
                )
                return Diagnosis(tuple(findings), result.earned | remaining)
            unnamed = any(finding.fault == "unrecognised" for finding in then.findings)
            if unnamed and causes.share_an_array():
                return self._diagnosis(SHARED, causes)
            return whole

        return Explanations(explained, computation)

    def _with_own(self, instance: Instance, answer: Mapping[str, Array | None]) -> Instance:
        """Put the values that a student's class has computed beside what it was given."""
        given = {name: array for name in self._values if (array := answer[name]) is not None}
        return replace(instance, inputs={**instance.inputs, **given})

    @cached_property
    def _gradients(self) -> tuple[str, ...]:
        return tuple(f"D{name}" for name in self._wanted)

    def _causes(self, instances: Sequence[Instance], answers: Answers, truths: Sequence[Truth]) -> Causes:
        return Causes(
            self.backward_pass.steps,
            answers,
            truths,
            [
                {
                    **self.backward_pass.environment(instance),
                    **{k: a for k, a in answer.items() if a is not None},
                }
                for instance, answer in zip(instances, answers, strict=True)
            ],
            tuple(f"D{name}" for name in self._operands(self.forward.nodes[self.forward.output])),
            self.forward.output,
            tuple(instance.inputs["times"] == 1 for instance in instances),
        )

    def _asked_twice(self, causes: Causes) -> Diagnosis | None:
        """Return whether gradients are wrong only where the class was asked for them twice."""
        wrong = causes.only_asked_twice()
        if not wrong:
            return None
        costs = tuple(name for name in self._gradients if name in wrong)
        parts = frozenset(part.name for part in self.parts())
        return Diagnosis((Finding(KEPT, WHERE, costs, "of a call before"),), parts - wrong)

    def _single(self, causes: Causes) -> Diagnosis | None:
        """Return whether one cause explains all that is wrong in the gradients."""
        cause = causes.cause()
        return None if cause is None else self._diagnosis(cause, causes)

    def _diagnosis(self, cause: str, causes: Causes) -> Diagnosis:
        costs = causes.costs(cause)
        hint = f"{causes.bound:.3g}" if cause == CUT_OFF and causes.bound else ""
        findings = [Finding(cause, WHERE, costs, hint)]
        if cause == BEGIN_WITH_ONES and not causes.begin_with_ones(asked_twice=True):
            findings.append(Finding(KEPT, WHERE, costs, "of a call before"))
        remaining = {step.name for step in self.backward_pass.steps} - set(costs)
        return Diagnosis(tuple(findings), frozenset({*remaining, *self._values}))

    def _following(self, causes: Causes) -> frozenset[str]:
        """Return the gradients that are what the right step gives from the student's own, and not 0."""
        wrong = {step.name for step in causes.wrong}
        return frozenset(
            name
            for name in (step.name for step in self.backward_pass.steps)
            if name not in wrong
            and any((array := answer[name]) is not None and array.any() for answer in causes.answers)
        )

    def exercise(
        self, name: str, sizes: Sequence[Mapping[str, int]], samplers: Mapping[str, Sampler]
    ) -> Exercise:
        """Declare the exercise of a class of this name.

        sizes : of the named dimensions, for each hidden instance; on the first the class goes back twice.
        samplers : of the forward pass's inputs.
        """
        by, own = list(self.leaves), {"both signs": self._is_mixed}

        @cache
        def sheet() -> Instance:
            rng = np.random.default_rng(0)
            (public,) = draw(self.forward, rng, by=by, sizes=sizes[:1], samplers=samplers, conditions=own)
            return Instance(public.inputs, "the sheet's own graph", True, public.sizes)

        @lru_cache(maxsize=POOLED)  # students share instances, and what is remembered of them
        def made(drawn: Instance, times: int) -> Instance:
            return self.instance(drawn, times=times)

        def instances(seed: int) -> list[Instance]:
            hidden = draw(self.forward, seed, by=by, sizes=sizes, samplers=samplers, conditions=own)
            return [made(one, 1 + (k == 1)) for k, one in enumerate((sheet(), *hidden))]

        return Exercise(
            name=name,
            title=self.title,
            parameters=("leaves", "operations", "times"),
            convention=Convention(by_hand=True, driver="run_graph"),
            parts=self.parts(),
            lists={(): "the answer (values, gradients)", (0,): "the values", (1,): "the gradients"},
            instances=instances,
            reference=self.reference,
            explain=self.explain(),
            formulas=self.forward.formulas(),
        )

    def _is_mixed(self, known: Mapping[str, Array]) -> Mask:
        """Return whether what goes into some functions has both signs, so that their slopes differ."""
        flat = [known[name].reshape(len(known[name]), -1) for name in self.mixed]
        result = [(each.min(axis=1) < 0) & (each.max(axis=1) > 0) for each in flat]
        return np.asarray(np.all(result, axis=0))


def _operations(env: Env) -> list[Any]:
    """Return the operations of an instance, from the environment that spells lists out."""
    result, number = [], 1
    while f"operations{number}" in env:
        result.append(env[f"operations{number}"])
        number += 1
    return result
