"""What right answers come back in: whatever the notebook's own cells can unpack, any real numbers."""

from __future__ import annotations

import array
import itertools
from collections import UserDict, UserList, deque, namedtuple
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import torch

from tests.autograder.right_answers.right import Piece, Right

Gradients = namedtuple("Gradients", "DW DB")


def _backward(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    DY = 2 * (Y - T) / len(Y)
    DZ3 = (DY @ W[3].T) * (Z3 > 0)
    DZ2 = (DZ3 @ W[2].T) * (Z2 > 0)
    DZ1 = (DZ2 @ W[1].T) * (Z1 > 0)
    return [X.T @ DZ1, A1.T @ DZ2, A2.T @ DZ3, A3.T @ DY], [D.sum(0) for D in (DZ1, DZ2, DZ3, DY)]


def _error(W, B, X, T):
    A = X
    for k in range(4):
        A = A @ W[k] + B[k]
        A = torch.relu(A) if k < 3 else A
    return ((A - T) ** 2).mean()


def _slopes(theta, x, y):
    r = np.vander(x, 4, increasing=True) @ theta - y
    return [2 * np.sum(r * x**k) for k in range(4)]


def _descent(theta, x, y, learning_rate, steps):
    theta, losses = theta.clone(), []
    V = torch.stack([x**k for k in range(4)], dim=1)
    for _ in range(steps):
        r = V @ theta - y
        losses.append((r**2).sum())
        theta = theta - learning_rate * 2 * V.T @ r
    return theta, losses


def _limit(x):
    V = np.vander(x, 4, increasing=True)
    return 2 / np.linalg.eigvalsh(2 * V.T @ V).max()


class Old:
    """A sequence as Python had them first."""

    def __init__(self, items: list[Any]) -> None:
        self.items = items

    def __getitem__(self, index: int) -> Any:
        return self.items[index]


class Array:
    """What numpy can read, as data frames and other libraries' arrays."""

    def __init__(self, values: Any) -> None:
        self.values = values

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        return np.asarray(self.values)


def _objects(items: list[Any]) -> Any:
    result = np.empty(len(items), dtype=object)
    result[:] = items
    return result


def _one_by_one(items: list[Any]) -> Iterator[Any]:
    yield from items


SEQUENCES: dict[str, Piece] = {
    "deques": deque,
    "UserLists": UserList,
    "values of dicts": lambda items: dict(enumerate(items)).values(),
    "values of UserDicts": lambda items: UserDict(enumerate(items)).values(),
    "maps": lambda items: map(np.asarray, items),
    "zips": lambda items: (item for (item,) in zip(items)),
    "generators": _one_by_one,
    "iterators": iter,
    "reversed": lambda items: reversed(list(reversed(items))),
    "chains": lambda items: itertools.chain(items[:1], items[1:]),
    "tees": lambda items: itertools.tee(iter(items))[1],
    "arrays of objects": _objects,
    "old sequences": Old,
}

ELEMENTS: dict[str, Piece] = {
    "complex arrays": lambda a: a + 0j,
    "complex arrays by rounding": lambda a: a * (1 + 1e-18j),
    "arrays of Fractions": lambda a: np.vectorize(Fraction, otypes=[object])(a),
    "arrays of Decimals": lambda a: np.vectorize(Decimal, otypes=[object])(a),
    "lists of numbers": lambda a: a.tolist(),
    "lists of complex numbers": lambda a: (a + 0j).tolist(),
    "deques of arrays": lambda a: deque(map(np.asarray, a)),
    "long double": lambda a: a.astype(np.longdouble),
    "other libraries' arrays": Array,
    "memoryviews": lambda a: memoryview(np.ascontiguousarray(a)),
    "arrays in their own order": np.asfortranarray,
}

NUMBERS: dict[str, Piece] = {
    "Fractions": lambda v: Fraction(float(v)),
    "Decimals": lambda v: Decimal(float(v)),
    "complex": lambda v: complex(float(v)),
    "complex of numpy": lambda v: np.complex128(v),
    "arrays of one Fraction": lambda v: np.array(Fraction(float(v)), dtype=object),
}


def returned() -> list[Right]:
    """Right answers in all forms, to each exercise in which they make sense."""
    result = []

    def add(exercise: tuple[str, str], style: str, function: Piece) -> None:
        result.append(Right(exercise, f"returned in {style}", function))

    for name, sequence in SEQUENCES.items():
        add(("01", "exercise1"), name, lambda *given, s=sequence: s([s(part) for part in _backward(*given)]))
        add(("02", "exercise1"), name, lambda *given, s=sequence: s(_slopes(*given)))
        add(("02", "exercise2"), name, partial(_losses_in, sequence))
    for name, element in ELEMENTS.items():
        add(("01", "exercise1"), name, partial(_each, element))
    for name, number in NUMBERS.items():
        add(("02", "exercise1"), name, lambda *given, n=number: [n(value) for value in _slopes(*given)])
        add(("02", "exercise3"), name, lambda x, n=number: n(_limit(x)))
    add(("02", "exercise3"), "a complex tensor", lambda x: torch.tensor(complex(_limit(x))))
    add(("01", "exercise1"), "a namedtuple", lambda *given: Gradients(*_backward(*given)))
    add(("02", "exercise1"), "an array.array", lambda *given: array.array("d", _slopes(*given)))
    for shape in ((1,), (1, 1), (1, 1, 1)):
        add(("01", "exercise2"), f"shape {shape}", lambda *given, s=shape: _error(*given).reshape(s))
    add(("01", "exercise2"), "a mean over one axis", _mean_over_points)
    return result


def _each(element: Piece, *given: Any) -> Any:
    return [[element(array) for array in arrays] for arrays in _backward(*given)]


def _losses_in(sequence: Piece, *given: Any) -> Any:
    theta, losses = _descent(*given)
    return theta, sequence(losses)


def _mean_over_points(W, B, X, T):
    A = X
    for k in range(4):
        A = A @ W[k] + B[k]
        A = torch.relu(A) if k < 3 else A
    return ((A - T) ** 2).mean(dim=0)
