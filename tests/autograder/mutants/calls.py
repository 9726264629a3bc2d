"""Wrong answers to any exercise: what shows in the call, whatever is computed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from tests.autograder.mutants import attention
from tests.autograder.mutants.backward import Mutant
from tests.autograder.mutants.classifier import classifier
from tests.autograder.mutants.descent import descent, limit
from tests.autograder.mutants.forward import forward
from tests.autograder.mutants.normalisation import BATCH, EVALUATION, LAYER, ROOT
from tests.autograder.mutants.planted import Planted
from tests.autograder.mutants.slopes import slopes
from tests.autograder.mutants.softmax import backward, probabilities

RIGHT: dict[tuple[str, str], Callable[..., Any]] = {
    ("01", "exercise1"): Mutant((), 20.0).exercise1,
    ("01", "exercise2"): forward({}),
    ("02", "exercise1"): slopes(),
    ("02", "exercise2"): descent(),
    ("02", "exercise3"): limit(lambda e, N: 2 / e.max()),
    ("03", "exercise1"): probabilities(),
    ("03", "exercise2"): backward(),
    ("03", "exercise3"): classifier(),
    ("05", "exercise1"): LAYER.function(),
    ("05", "exercise2"): BATCH.function(),
    ("05", "exercise3"): EVALUATION.function(),
    ("05", "exercise4"): ROOT.function(),
    ("08", "exercise1"): attention.head(),
    ("08", "exercise2"): attention.projections(),
    ("08", "exercise3"): attention.several(),
}
CHANGES: dict[tuple[str, str], tuple[str, Callable[..., None]]] = {
    ("01", "exercise1"): ("T", lambda W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T: np.add(T, 1, out=T)),
    ("01", "exercise2"): ("T", lambda W, B, X, T: T.mul_(2)),
    ("02", "exercise1"): ("theta", lambda theta, x, y: np.multiply(theta, 0, out=theta)),
    ("02", "exercise2"): ("y", lambda theta, x, y, learning_rate, steps: y.zero_()),
    ("02", "exercise3"): ("x", lambda x: x.sort()),
    ("03", "exercise1"): ("t", lambda Z, t: np.add(t, 1, out=t)),
    ("03", "exercise2"): ("P", lambda P, DP: np.add(P, 1, out=P)),
    ("03", "exercise3"): ("P", lambda W, B, X, Z1, A1, Z2, P, t: np.subtract(P, 1, out=P)),
    ("05", "exercise1"): ("DY", lambda X, G, B, eps, M, S, H, DY: np.multiply(DY, G, out=DY)),
    ("05", "exercise2"): ("H", lambda X, G, B, eps, M, S, H, RM, RS, DY: np.add(H, 1, out=H)),
    ("05", "exercise3"): ("X", lambda X, G, B, eps, M, S, RM, RS, DY: np.subtract(X, RM, out=X)),
    ("05", "exercise4"): ("S", lambda X, G, eps, S, H, DY: np.multiply(S, S, out=S)),
    ("08", "exercise1"): ("M", lambda Q, K, V, M, P, DO: np.logical_not(M, out=M)),
    ("08", "exercise2"): ("P", lambda X, Wq, Wk, Wv, M, Q, K, V, P, DO: np.subtract(P, 1, out=P)),
    ("08", "exercise3"): ("M", lambda Wq, Wk, Wv, Wo, X, M, H, G: M.logical_not_()),
}
BY_HAND = {
    *(("01", "exercise1"), ("02", "exercise1"), ("08", "exercise1"), ("08", "exercise2")),
    *(("03", f"exercise{k}") for k in (1, 2, 3)),
    *(("05", f"exercise{k}") for k in (1, 2, 3, 4)),
}


def call_mutants(key: tuple[str, str], marks: float) -> list[Planted]:
    """Answers that are told by the call alone, to the exercise of that assignment and name."""
    right, (changed, change) = RIGHT[key], CHANGES[key]

    def stub(*given: Any) -> Any:
        raise NotImplementedError

    def raises(*given: Any) -> Any:
        raise ValueError(f"matmul: {len(given)} mismatched arguments")

    def leaves(*given: Any) -> Any:
        raise SystemExit

    def changes(*given: Any) -> Any:
        result = right(*given)
        with torch.no_grad():
            change(*given)
        return result

    calls = itertools.count(1)

    def drifts(*given: Any) -> Any:
        return _times(right(*given), 1 + 0.1 * next(calls))

    def differentiates(*given: Any) -> Any:
        W = torch.ones(3, requires_grad=True)
        torch.autograd.grad(torch.sum(W**2), W)
        return right(*given)

    sheet: list[Any] = []

    def remembers(*given: Any) -> Any:
        if not sheet:
            sheet.append(right(*given))
        return sheet[0]

    result = [
        Planted((("not-implemented", "answer"),), 0.0, stub),
        Planted((("raised", "answer"),), 0.0, raises),
        Planted((("raised", "answer"),), 0.0, leaves),
        Planted((("mutates-input", changed),), 0.75 * marks, changes),
        Planted((("not-deterministic", "answer"),), 0.0, drifts),
    ]
    if key in BY_HAND:
        result.append(Planted((("uses-autograd", "answer"),), 0.0, differentiates))
    if key not in (
        ("01", "exercise2"),
        ("08", "exercise3"),
    ):  # an error that is remembered has no gradient by other parameters
        result.append(Planted((("hard-coded", "answer"),), 0.0, remembers))
    return result


def _times(result: Any, factor: float) -> Any:
    if isinstance(result, (list, tuple)):
        return [_times(item, factor) for item in result]
    return factor * result
