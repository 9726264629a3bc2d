"""Every operation computes what plain numpy does, on arrays and tensors, alone and in a batch."""

import numpy as np
import torch

from autograder.operations.table import OPERATIONS
from tests.autograder.operations.samples import SAMPLES, SIZES
from tests.tables import each

every_sample = each(SAMPLES, lambda sample: sample.line)


def drawn(sample, seed=0):
    for number, sizes in enumerate(SIZES):
        yield sample.inputs(np.random.default_rng([seed, number]), sizes), sizes


def test_every_operation_has_a_sample():
    assert {sample.operation for sample in SAMPLES} == set(OPERATIONS)


@every_sample
def test_a_sample_uses_its_operation(sample):
    assert sample.operation in [node.operation.name for node in sample.forward.nodes.values()]


@every_sample
def test_arrays_and_tensors_have_the_same_value(sample):
    for inputs, sizes in drawn(sample):
        expected = sample.expected(inputs, sizes)
        result = sample.forward.run(inputs)["V"]
        assert type(result).__module__ == "numpy"
        np.testing.assert_allclose(result, expected, rtol=1e-12)
        tensors = {name: torch.tensor(array) for name, array in inputs.items()}
        np.testing.assert_allclose(sample.forward.run(tensors)["V"].numpy(), expected, rtol=1e-12)


@every_sample
def test_the_shape_is_that_of_the_rule(sample):
    for inputs, sizes in drawn(sample):
        shape = sample.forward.shapes["V"]
        expected = tuple(eval(str(size), dict(sizes)) for size in shape)  # "D + E", side by side
        assert np.shape(sample.expected(inputs, sizes)) == expected


@every_sample
def test_a_batch_is_computed_at_once(sample):
    sizes = SIZES[0]
    single = [sample.inputs(np.random.default_rng(k), sizes) for k in range(3)]
    batch = {name: np.stack([inputs[name] for inputs in single]) for name in single[0]}
    together = sample.forward.run(batch)["V"]
    for one, inputs in zip(together, single, strict=True):
        np.testing.assert_allclose(one, sample.expected(inputs, sizes), rtol=1e-12)


@every_sample
def test_formulas_and_questions_name_the_operands(sample):
    assert all(name in sample.forward.formula("V") for name in sample.forward.line("V"))
    for node in sample.forward.nodes.values():
        questions = [text.format(*node.operands, value="V") for text in node.operation.questions]
        assert all(text.endswith("?") for text in questions)
        assert any(name in " ".join(questions) for name in ("V", *node.operands))


@each(OPERATIONS.values())
def test_questions_hold_no_code(operation):
    for question in operation.questions:
        assert not set("=@()[]*") & set(question), question


def test_a_sigmoid_is_exact_at_both_ends():
    result = OPERATIONS["sigmoid"].compute(np.array([-40.0, 0.0, 800.0, -800.0]))
    np.testing.assert_allclose(result, [np.exp(-40.0), 0.5, 1, 0], rtol=1e-14)


def test_softmax_and_cross_entropy_bear_scores_of_any_size():
    Z = np.array([[1000.0, 0, -1000], [-1000, -1001, -999]])
    P = OPERATIONS["softmax"].compute(Z, axis=(-1,))
    np.testing.assert_allclose(P.sum(axis=1), 1)
    np.testing.assert_allclose(P[0], [1, 0, 0])
    errors = OPERATIONS["cross_entropy"].compute(Z, np.array([1, 2]))
    np.testing.assert_allclose(errors, (1000 - np.log(P[1, 2])) / 2)
    np.testing.assert_allclose(
        OPERATIONS["log_sum_exp"].compute(Z, axis=(-1,), keepdims=False)[0], 1000, rtol=1e-15
    )


def test_a_gradient_through_a_mask_is_a_number_everywhere():
    Z = torch.tensor([[1.0, 2, 3], [4, 5, 6]], dtype=torch.float64, requires_grad=True)
    mask = torch.tensor([[True, False, False], [True, True, False]])
    value = OPERATIONS["softmax"].compute(Z, mask, axis=(-1,))
    (gradient,) = torch.autograd.grad((value * torch.arange(3.0)).sum(), Z)
    assert torch.isfinite(gradient).all()
    assert (gradient[~mask] == 0).all()
