"""Wrong answers to any exercise: what shows in the call, whatever is computed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from tests.autograder.mutants.attention import HEAD, PROJECTIONS, SEVERAL
from tests.autograder.mutants.backward import BACKWARD
from tests.autograder.mutants.classifier import CLASSIFIER
from tests.autograder.mutants.descent import DESCENT, LIMIT
from tests.autograder.mutants.forward import FORWARD
from tests.autograder.mutants.normalisation import TASKS as NORMALISATIONS
from tests.autograder.mutants.planted import Planted, columns
from tests.autograder.mutants.slopes import SLOPES
from tests.autograder.mutants.softmax import JACOBIAN, PROBABILITIES

TASKS = {
    **{("01", task.name): task for task in (BACKWARD, FORWARD)},
    **{("02", task.name): task for task in (SLOPES, DESCENT, LIMIT)},
    **{("03", task.name): task for task in (PROBABILITIES, JACOBIAN, CLASSIFIER)},
    **{("05", task.name): task for task in NORMALISATIONS},
    **{("08", task.name): task for task in (HEAD, PROJECTIONS, SEVERAL)},
}
RIGHT = {key: task.function() for key, task in TASKS.items()}
CHANGED = columns("""
exercise      input  changed
01 exercise1  T      np.add(T, 1, out=T)
01 exercise2  T      T.mul_(2)
02 exercise1  theta  np.multiply(theta, 0, out=theta)
02 exercise2  y      y.zero_()
02 exercise3  x      x.sort()
03 exercise1  t      np.add(t, 1, out=t)
03 exercise2  P      np.add(P, 1, out=P)
03 exercise3  P      np.subtract(P, 1, out=P)
05 exercise1  DY     np.multiply(DY, G, out=DY)
05 exercise2  H      np.add(H, 1, out=H)
05 exercise3  X      np.subtract(X, RM, out=X)
05 exercise4  S      np.multiply(S, S, out=S)
08 exercise1  M      np.logical_not(M, out=M)
08 exercise2  P      np.subtract(P, 1, out=P)
08 exercise3  M      M.logical_not_()
""")
CHANGES = {tuple(row["exercise"].split()): (row["input"], row["changed"]) for row in CHANGED}
IN_TORCH = {("01", "exercise2"), ("02", "exercise2"), ("02", "exercise3"), ("08", "exercise3")}
DIFFERENTIATED = {("01", "exercise2"), ("08", "exercise3")}
"""An error that is remembered has no gradient by other parameters."""
AUTOGRAD = "w = torch.ones(3, requires_grad=True); torch.autograd.grad(torch.sum(w**2), w)"


def call_mutants(key: tuple[str, str], marks: float) -> list[Planted]:
    """Give answers that are told by the call alone, to the exercise of that assignment and name."""
    task, right = TASKS[key], RIGHT[key]
    changed, change = CHANGES[key]
    calls = itertools.count(1)
    sheet: list[Any] = []

    def drifts(*given: Any) -> Any:
        return _times(right(*given), 1 + 0.1 * next(calls))

    def remembers(*given: Any) -> Any:
        if not sheet:
            sheet.append(right(*given))
        return sheet[0]

    def told(fault: str, function: Callable[..., Any]) -> Planted:
        return Planted(((fault, "answer"),), 0.0, function)

    result = [
        told("not-implemented", task.function("raise NotImplementedError")),
        told("raised", task.function('raise ValueError("matmul: mismatched arguments")')),
        told("raised", task.function("raise SystemExit")),
        Planted((("mutates-input", changed),), 0.75 * marks, task.function(answer=f"(right, {change})[0]")),
        told("not-deterministic", drifts),
    ]
    if key not in IN_TORCH:
        result.append(told("uses-autograd", task.function(AUTOGRAD)))
    if key not in DIFFERENTIATED:
        result.append(told("hard-coded", remembers))
    return result


def _times(result: Any, factor: float) -> Any:
    if isinstance(result, (list, tuple)):
        return [_times(item, factor) for item in result]
    return factor * result
