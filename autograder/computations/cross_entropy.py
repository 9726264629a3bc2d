"""Name cross-entropies that are confused with each other, of scores and of probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from typing import TypeAlias

import torch
from torch.nn import functional

from autograder.computations.operation_mistakes import Compute, OperationMistakes, Replacement, Within
from autograder.computations.softmax import OF_LOGARITHMS, REPLACED, Logarithms, normalised
from autograder.operations.targets import mean_of_chosen, one_hot

CLASSES = (-1,)
SMOOTHED = (0.1, 0.2, 0.05, 0.01)  # how much of a target people share out among the classes
TINY = (1e-15, 1e-12, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3)

_Error: TypeAlias = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], torch.Tensor]
"""Of P, log P and the targets, whole numbers (N,) or (N, C)."""
_Shares: TypeAlias = Callable[[torch.Tensor], torch.Tensor]
"""Of the targets (N, C): what each class gets of the part that is shared out."""


def _right(_: torch.Tensor, L: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    result: torch.Tensor = mean_of_chosen(L, one_hot(t, L))
    return result


def _targets(P: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return one_hot(t, P).to(P.dtype)  # type: ignore[no-any-return]


def _of_truth(array: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Return the entries of the right classes, (N,)."""
    T = _targets(array, t)
    return (T * torch.where(T > 0, array, 0.0)).sum(-1)


def _columns(L: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Return the column of every target."""
    return L[:, _numbers(t)]


def _numbers(t: torch.Tensor) -> torch.Tensor:
    if t.ndim != 1:
        raise ValueError("targets are no numbers of classes")
    return t


def _beside(P: torch.Tensor, t: torch.Tensor, step: int) -> torch.Tensor:
    """Numbers of classes that are counted from another one on."""
    return (_numbers(t) + step) % P.shape[-1]


def _binary(P: torch.Tensor, L: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -torch.where(_targets(P, t) > 0, L, torch.log1p(-P))


def _squares(P: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return (P - _targets(P, t)) ** 2


def _plus(tiny: float, P: torch.Tensor, _: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -torch.log(_of_truth(P, t) + tiny).mean()


def _at_least(tiny: float, P: torch.Tensor, _: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return -torch.log(_of_truth(P, t).clamp(tiny, 1 - tiny)).mean()


def _over(P: torch.Tensor, number: int | float) -> torch.Tensor:
    return torch.log(torch.as_tensor(float(number), dtype=P.dtype))


def _smoothed(
    share: float, among: _Shares, _: torch.Tensor, L: torch.Tensor, t: torch.Tensor
) -> torch.Tensor:
    """Take a part of each target away, and share it out among classes."""
    T = _targets(L, t)
    return -(((1 - share) * T + share * among(T)) * L).sum(-1).mean()


def _smoothed_errors() -> Iterator[tuple[str, _Error]]:
    shares: dict[str, _Shares] = {
        "all classes": lambda T: torch.ones_like(T) / T.shape[-1],
        "all other classes": lambda T: (1 - T) / (T.shape[-1] - 1),
    }
    for share, (classes, among) in product(SMOOTHED, shares.items()):
        hint = f"one with smoothed targets, of which {share:g} is shared out among {classes}"
        yield hint, partial(_smoothed, share, among)


def _place_of_largest(t: torch.Tensor, classes: int) -> torch.Tensor:
    """Return the first place of the largest number, which is taken for the number of a class."""
    place = torch.where(t == t.max(), torch.arange(len(t)), len(t)).min()
    return place.clamp(max=classes - 1)


def _missed(P: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return (_of_truth(P, t) < P.amax(-1)).to(P.dtype).mean()


def _one_added(P: torch.Tensor, L: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Add 1 to the sum in the denominator, after the maximum was taken away: then P.max is 1 over the sum."""
    return _right(P, L, t) + torch.log1p(P.amax(-1)).mean()


FORMS: tuple[tuple[str, str, _Error], ...] = (
    ("sum-instead-of-mean", "", lambda P, L, t: _right(P, L, t) * len(P)),
    ("mean-twice", "", lambda P, L, t: _right(P, L, t) / len(P)),
    ("averaged-over-classes", "", lambda P, L, t: _right(P, L, t) / P.shape[-1]),
    ("targets-as-columns", "", lambda P, L, t: -_columns(L, t).mean()),
    ("first-row-for-all", "", lambda P, L, t: -_of_first_row(L, t).mean()),
    ("wrong-targets", "the class before the right one", lambda P, L, t: _right(P, L, _beside(P, t, -1))),
    ("wrong-targets", "the class after the right one", lambda P, L, t: _right(P, L, _beside(P, t, 1))),
    ("missing-logarithm", "", lambda P, L, t: -_of_truth(P, t).mean()),
    ("logarithm-of-zero", "", lambda P, L, t: -torch.log(_of_truth(P, t)).mean()),
    ("wrong-logarithm", "2", lambda P, L, t: _right(P, L, t) / _over(P, 2)),
    ("wrong-logarithm", "10", lambda P, L, t: _right(P, L, t) / _over(P, 10)),
)
OTHERS: tuple[tuple[str, _Error], ...] = (
    ("the squares of P - T, summed over the classes", lambda P, L, t: _squares(P, t).sum(-1).mean()),
    ("the mean of the squares of P - T", lambda P, L, t: _squares(P, t).mean()),
    ("a binary cross-entropy of every class", lambda P, L, t: _binary(P, L, t).sum(-1).mean()),
    ("the mean of a binary cross-entropy of every class", lambda P, L, t: _binary(P, L, t).mean()),
    ("the logarithms of all classes, whatever the right one is", lambda P, L, t: -L.sum(-1).mean()),
    ("the mean of all logarithms, whatever the right class is", lambda P, L, t: -L.mean()),
    ("the entropy of P, in which the targets have no part", lambda P, L, t: -(P * L).sum(-1).mean()),
    ("the likeliest class, not the right one", lambda P, L, t: -L.amax(-1).mean()),
    ("the exponential of the cross-entropy, its perplexity", lambda P, L, t: torch.exp(_right(P, L, t))),
    ("the mean of the squares of the logarithms", lambda P, L, t: (_of_truth(L, t) ** 2).mean()),
    ("1 - P of the right class", lambda P, L, t: (1 - _of_truth(P, t)).mean()),
    (
        "the logarithm of a mean, not the mean of logarithms",
        lambda P, L, t: -torch.log(_of_truth(P, t).mean()),
    ),
    (
        "one in which the logarithm of the number of classes is subtracted",
        lambda P, L, t: _right(P, L, t) - _over(P, P.shape[-1]),
    ),
    (
        "one of the entries on the diagonal, and not of the right classes",
        lambda P, L, t: -L.diagonal().mean(),
    ),
    ("the largest of all data points' errors, not their mean", lambda P, L, t: -_of_truth(L, t).min()),
    ("the share of data points of which another class is likelier", lambda P, L, t: _missed(P, t)),
    ("the last data point alone", lambda P, L, t: -_of_truth(L, t)[-1]),
    ("the first data point alone", lambda P, L, t: -_of_truth(L, t)[0]),
    (
        "that of one class in every row, the place at which the largest target stands",
        lambda P, L, t: -L[:, _place_of_largest(_numbers(t), P.shape[-1])].mean(),
    ),
    *_smoothed_errors(),
    ("one with 1 added to the sum of the exponentials before its logarithm is taken", _one_added),
    (
        "the focal loss, with (1 - P)² in front of each logarithm",
        lambda P, L, t: -((1 - _of_truth(P, t)) ** 2 * _of_truth(L, t)).mean(),
    ),
    (
        "the number of the right class as a factor of all logarithms, where it chooses one of them",
        lambda P, L, t: -(_numbers(t)[:, None] * L).sum(-1).mean(),
    ),
)


def _maximum(Z: torch.Tensor) -> torch.Tensor:
    """Return the mean of the rows' maxima."""
    return Z.amax(-1).mean()


def _of_first_row(L: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """Pick the first row's entries of all right classes, as if the array were one long row."""
    return L[0][_numbers(t)]


ANSWER = "the cross-entropy, but {}"
OF_SCORES: tuple[tuple[str, _Error], ...] = (
    (
        ANSWER.format("the maximum that was subtracted from the scores is not added back everywhere"),
        lambda Z, L, t: _right(L, L, t) - _maximum(Z),
    ),
    (
        ANSWER.format("the maximum of each row comes in once more than it is subtracted"),
        lambda Z, L, t: _right(L, L, t) + _maximum(Z),
    ),
    (
        ANSWER.format(
            "without the score of the right class, which the logarithm of the sum is compared with"
        ),
        lambda Z, L, t: _right(L, L, t) + _of_truth(Z, t).mean(),
    ),
    (
        ANSWER.format(
            "of shifted scores and without that of the right class: the logarithm of their sum alone"
        ),
        lambda Z, L, t: -L.amax(-1).mean(),
    ),
    (
        "a binary cross-entropy of a sigmoid of every score, summed over the classes",
        lambda Z, L, t: _binary_of_scores(Z, t).sum(-1).mean(),
    ),
    (
        "the mean of a binary cross-entropy of a sigmoid of every score",
        lambda Z, L, t: _binary_of_scores(Z, t).mean(),
    ),
)
"""Of Z, log P and the targets."""


def _binary_of_scores(Z: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return functional.softplus(Z) - _targets(Z, t) * Z


def _forms(made: Callable[[_Error], Compute]) -> Iterator[Replacement]:
    """Yield every wrong error, each as a function of an operation's own operands."""
    for fault, hint, error in FORMS:
        yield Replacement(fault, made(error), hint)
    for tiny in TINY:
        for clipped in (_plus, _at_least):
            error = partial(clipped, tiny)
            yield Replacement("clipped-probabilities", made(error), f"{tiny:.0e}", rare=True)
    for hint, error in OTHERS:
        yield Replacement("wrong-error", made(error), hint, rare=True)


def _both(way: Logarithms, Z: torch.Tensor) -> torch.Tensor:
    """P, log P and Z, (3, N, C)."""
    return torch.stack((*way(Z, CLASSES), Z))


def _of_both(error: _Error, both: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return error(both[0], both[1], t)


def _of_scores(error: _Error, both: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return error(both[2], both[1], t)


CROSS_ENTROPY = OperationMistakes(
    replaced=(
        *_forms(lambda error: partial(_of_both, error)),
        *(
            Replacement("wrong-error", partial(_of_scores, error), hint, rare=True)
            for hint, error in OF_SCORES
        ),
    ),
    within=Within(
        operation="softmax",
        right=partial(_both, normalised),
        rest=partial(_of_both, _right),
        replaced={
            replacement: partial(_both, way) for replacement, way in (REPLACED | OF_LOGARITHMS).items()
        },
    ),
    measures=True,
)


def _of_probabilities(error: _Error, P: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    return error(P, torch.log(P), t)


CROSS_ENTROPY_OF_PROBABILITIES = OperationMistakes(
    replaced=tuple(_forms(lambda error: partial(_of_probabilities, error))), measures=True
)
