"""Every derivative is what automatic differentiation gives; each of its mistakes shows and is no other's."""

from functools import cache, wraps
from itertools import combinations

import numpy as np
import pytest
import torch

from autograder.compare import agrees
from autograder.derivatives.table import DERIVATIVES
from autograder.derivatives.use import Use
from autograder.diagnosis.sentences import SENTENCES
from autograder.diagnosis.sentences.operations import OF_OPERATIONS
from autograder.diagnosis.steps import evaluate
from autograder.operations.conditions import Evaluated
from autograder.operations.table import OPERATIONS
from tests.autograder.operations.samples import SAMPLES, SIZES
from tests.tables import each

FAR = 1e-2  # of the largest entry, by which a mistake is off at least


def drawn(sample, sizes, seed):
    """Inputs on which every operation's conditions hold."""
    rng = np.random.default_rng(seed)
    for _ in range(500):
        inputs = sample.inputs(rng, sizes)
        values = sample.forward.run({name: np.asarray(array)[None] for name, array in inputs.items()})
        if all(
            condition.holds(
                Evaluated([values[operand] for operand in node.operands], values[name], node.keywords)
            ).all()
            for name, node in sample.forward.nodes.items()
            for condition in node.operation.conditions
        ):
            return inputs
    pytest.fail(f"no instance of {sample.line} meets the conditions")


class Case:
    """An operand of an operation in a sample: environments, upstream gradients, the truth."""

    def __init__(self, sample, node, place):
        self.use = Use(sample.forward, node, place, frozenset(sample.shapes))
        self.vjps = DERIVATIVES[node.operation.name, place](self.use)
        self.environments, self.upstream, self.true = [], [], []
        for number, sizes in enumerate(SIZES):
            inputs = drawn(sample, sizes, number)
            tensors = {name: torch.tensor(a, requires_grad=a.dtype.kind == "f") for name, a in inputs.items()}
            values = sample.forward.run(tensors)
            rng = np.random.default_rng([8, number])
            handed_in = {f"D{name}": rng.standard_normal(np.shape(a)) for name, a in inputs.items()}
            self.environments.append({**inputs, **handed_in, "sizes": sizes})
            output, operand = values[node.name], values[self.use.operand]
            v = np.random.default_rng([7, number]).standard_normal(output.shape)
            (gradient,) = torch.autograd.grad(output, operand, torch.tensor(v), allow_unused=True)
            self.upstream.append(np.asarray(v))
            self.true.append(gradient.numpy())

    def gradients(self, vjp=None, mistake=None):
        ops = [mistake.op if s is vjp else s.right for s in self.vjps]
        for env, v in zip(self.environments, self.upstream, strict=True):
            with np.errstate(all="ignore"):
                yield evaluate([lambda e, _, v=v: v, *ops], env)


CASES = [
    (sample, node, place)
    for sample in SAMPLES
    for node in sample.forward.nodes.values()
    for place in range(len(node.operands))
    if (node.operation.name, place) in DERIVATIVES
]


@cache
def made(number):
    """One of them; it is drawn once for all tests here."""
    return Case(*CASES[number])


def every_case(test):
    """A test for all of them."""

    def of(number):
        sample, node, place = CASES[number]
        return f"{sample.line} with {sample.shapes}: {node.name}, operand {place}"

    return each(range(len(CASES)), of)(wraps(test)(lambda number: test(made(number))))


def test_every_operation_has_a_derivative():
    assert {name for name, _ in DERIVATIVES} == set(OPERATIONS)


@every_case
def test_it_is_what_automatic_differentiation_gives(case):
    for result, true in zip(case.gradients(), case.true, strict=True):
        assert result.shape == true.shape
        np.testing.assert_allclose(result, true, rtol=1e-9, atol=1e-12)


@every_case
def test_each_mistake_gives_numbers_and_others_than_the_right_ones(case):
    for vjp in case.vjps:
        for mistake in vjp.mistakes:
            result = [array for array in case.gradients(vjp, mistake) if array is not None]
            assert result, mistake
            assert any(
                wrong is not None and (wrong.shape != true.shape or _off(wrong, true) > FAR)
                for wrong, true in zip(case.gradients(vjp, mistake), case.true, strict=True)
            ), mistake


def _off(wrong, true):
    return np.abs(wrong - true).max() / np.abs(true).max()


@every_case
def test_no_mistake_is_taken_for_another(case):
    every = [(vjp, mistake) for vjp in case.vjps for mistake in vjp.mistakes]
    numbers = [list(case.gradients(*each)) for each in every]
    for (one, first), (other, second) in combinations(zip(every, numbers, strict=True), 2):
        if (one[1].fault, one[1].hint) == (other[1].fault, other[1].hint):
            continue
        assert not all(
            (a is None and b is None)
            or (a is not None and b is not None and a.shape == b.shape and agrees(a, b))
            for a, b in zip(first, second, strict=True)
        ), (one[1], other[1])


@every_case
def test_each_mistake_has_a_sentence(case):
    faults = {mistake.fault for vjp in case.vjps for mistake in vjp.mistakes}
    assert faults <= set(SENTENCES)


def test_each_sentence_belongs_to_a_mistake():
    faults = {
        mistake.fault for number in range(len(CASES)) for vjp in made(number).vjps for mistake in vjp.mistakes
    }
    assert set(OF_OPERATIONS) <= faults
