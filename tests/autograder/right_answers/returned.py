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

from tests.autograder.mutants.calls import RIGHT, TASKS
from tests.autograder.right_answers.backward_pieces import objects
from tests.autograder.right_answers.right import Piece, Right

Gradients = namedtuple("Gradients", "DW DB")
BACKWARD, SLOPES, LIMIT = (RIGHT["01", "exercise1"], RIGHT["02", "exercise1"], RIGHT["02", "exercise3"])
DESCENT = TASKS["02", "exercise2"].function(kept="loss.detach()")
FORWARD = TASKS["01", "exercise2"]


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
    "arrays of objects": objects,
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
        add(("01", "exercise1"), name, lambda *given, s=sequence: s([s(part) for part in BACKWARD(*given)]))
        add(("02", "exercise1"), name, lambda *given, s=sequence: s(SLOPES(*given)))
        add(("02", "exercise2"), name, partial(_losses_in, sequence))
    for name, element in ELEMENTS.items():
        add(("01", "exercise1"), name, partial(_each, element))
    for name, number in NUMBERS.items():
        add(("02", "exercise1"), name, lambda *given, n=number: [n(value) for value in SLOPES(*given)])
        add(("02", "exercise3"), name, lambda x, n=number: n(LIMIT(x)))
    add(("02", "exercise3"), "a complex tensor", lambda x: torch.tensor(complex(LIMIT(x))))
    add(("01", "exercise1"), "a namedtuple", lambda *given: Gradients(*BACKWARD(*given)))
    add(("02", "exercise1"), "an array.array", lambda *given: array.array("d", SLOPES(*given)))
    for shape in ((1,), (1, 1), (1, 1, 1)):
        add(("01", "exercise2"), f"shape {shape}", FORWARD.function(answer=f"right.reshape({shape})"))
    add(("01", "exercise2"), "a mean over one axis", FORWARD.function(error="((Y - T) ** 2).mean(dim=0)"))
    return result


def _each(element: Piece, *given: Any) -> Any:
    return [[element(array) for array in arrays] for arrays in BACKWARD(*given)]


def _losses_in(sequence: Piece, *given: Any) -> Any:
    theta, losses = DESCENT(*given)
    return theta, sequence(losses)
