"""The sheet's numbers come out to the last digit, in whatever order the sums are taken.

Libraries sum in other orders on other processors. This is what the data are made for: in either precision
no sum on the way to the first entry of DW1 is rounded, so every order gives the same.
"""

import os

import numpy
import pytest
import torch

import utils
from tests.process import python

DIGITS = {"float64": "1.542282152339245", "float32": "1.5422822"}
SEEDS = range(10)

LAYERS = {
    "matmul": lambda A, W, B: A @ W + B,
    "linear": lambda A, W, B: torch.nn.functional.linear(A, W.T, B),
    "addmm": lambda A, W, B: torch.addmm(B, A, W),
    "einsum": lambda A, W, B: torch.einsum("ni,ij->nj", A, W) + B,
    "sum": lambda A, W, B: (A[:, :, None] * W).sum(1) + B,
}
ERRORS = {
    "mean": lambda Y, T: ((Y - T) ** 2).mean(),
    "mse_loss": torch.nn.functional.mse_loss,
    "sum": lambda Y, T: (Y - T).pow(2).sum() / len(Y),
    "product": lambda Y, T: ((T - Y).T @ (T - Y))[0, 0] / len(Y),
}

# What makes libraries take the kernels of old processors, which sum in another order than recent ones.
OLD = {"MKL_CBWR": "COMPATIBLE", "ATEN_CPU_CAPABILITY": "default", "OPENBLAS_CORETYPE": "Prescott"}
BY_LIBRARIES = """
import numpy, torch, utils

X, T = [torch.Tensor(array) for array in utils.getdata()]
W, B = [[torch.nn.Parameter(torch.Tensor(array)) for array in arrays] for arrays in utils.getparams()]
A = [X]
for i in range(3):
    A.append(torch.relu(A[i] @ W[i] + B[i]))
Y = A[3] @ W[3] + B[3]
((Y - T) ** 2).mean().backward()
print(numpy.linalg.norm(W[0].grad[0, 0]))

A, W = [[array.detach().numpy() for array in arrays] for arrays in (A, W)]
D = 2 * (Y - T).detach().numpy() / len(T)
for i in (3, 2, 1):
    D = (D @ W[i].T) * (A[i] > 0)
print(numpy.linalg.norm((A[0].T @ D)[0, 0]))
"""


def by_torch(dtype, layer, error, seed=None):
    """The entry as it is printed; data points, inputs and units in another order for each seed."""
    rng = numpy.random.default_rng(seed)
    (X, T), (W, B) = utils.getdata(), utils.getparams()
    sizes = (len(X), 4, 6, 6, 6)
    points, *units = [numpy.arange(n) if seed is None else rng.permutation(n) for n in sizes]
    units.append(numpy.array([0]))
    A, target = (torch.tensor(a, dtype=dtype) for a in (X[points][:, units[0]], T[points]))
    weights = [
        torch.tensor(w[numpy.ix_(units[i], units[i + 1])], dtype=dtype).requires_grad_()
        for i, w in enumerate(W)
    ]
    biases = [torch.tensor(b[units[i + 1]], dtype=dtype) for i, b in enumerate(B)]
    for i in range(3):
        A = torch.relu(layer(A, weights[i], biases[i]))
    (DW1,) = torch.autograd.grad(error(layer(A, weights[3], biases[3]), target), weights[:1])
    row, column = (list(order).index(0) for order in units[:2])
    return str(numpy.linalg.norm(DW1[row, column]))


@pytest.mark.parametrize("dtype", DIGITS)
@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("layer", LAYERS)
def test_in_all_forms_of_a_layer_and_of_the_error(dtype, layer, error):
    assert by_torch(getattr(torch, dtype), LAYERS[layer], ERRORS[error]) == DIGITS[dtype]


@pytest.mark.parametrize("dtype", DIGITS)
@pytest.mark.parametrize("seed", SEEDS)
def test_with_data_points_and_units_in_any_order(dtype, seed):
    assert by_torch(getattr(torch, dtype), LAYERS["matmul"], ERRORS["mean"], seed) == DIGITS[dtype]


def test_with_the_kernels_of_old_processors():
    done = python("-c", BY_LIBRARIES, environment=os.environ | OLD)
    assert done.stdout.split() == ["1.5422822", "1.5422822"]


def one_by_one(order, *, fused):
    """Add one product after another, the products rounded, or fused with the addition."""

    def dot(P, Q):
        total = numpy.zeros((len(P), Q.shape[1]), dtype=P.dtype)
        for k in order(len(Q)):
            if fused:  # in a type that holds every product without rounding
                wide = numpy.multiply(P[:, [k]], Q[[k]], dtype=numpy.float64)
                total = (total + wide).astype(P.dtype)
            else:
                total = total + P[:, [k]] * Q[[k]]
        return total

    return dot


def pairwise(P, Q):
    """Add one half of the products to the other half, and so on."""
    terms = [P[:, [k]] * Q[[k]] for k in range(len(Q))]
    while len(terms) > 1:
        terms = [sum(terms[i + 1 : i + 2], terms[i]) for i in range(0, len(terms), 2)]
    return terms[0]


def by_hand(dot):
    """The backward pass in single precision, each of its products of matrices taken by `dot`."""
    arrays = [*utils.getdata(), *(array for arrays in utils.getparams() for array in arrays)]
    X, T, *parameters = (array.astype(numpy.float32) for array in arrays)
    W, B, A = parameters[:4], parameters[4:], [X]
    for i in range(3):
        A.append(numpy.maximum(0, dot(A[i], W[i]) + B[i]))
    D = 2 * (dot(A[3], W[3]) + B[3] - T) / len(T)
    for i in (3, 2, 1):
        D = dot(D, W[i].T) * (A[i] > 0)
    first = dot(X.T, D)[0, 0]
    assert first.dtype == numpy.float32
    return str(numpy.linalg.norm(first))


ORDERS = {
    "forwards": numpy.arange,
    "backwards": lambda n: numpy.arange(n)[::-1],
    **{f"shuffled by {seed}": numpy.random.default_rng(seed).permutation for seed in SEEDS},
}


@pytest.mark.parametrize("fused", [False, True])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_one_by_one(order, fused):
    assert by_hand(one_by_one(order, fused=fused)) == "1.5422822"


def test_pairwise():
    assert by_hand(pairwise) == "1.5422822"
