"""For every operation: a forward pass that uses it, inputs for it, and its value in plain numpy."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from autograder.forward_pass import ForwardPass
from autograder.operations.dimensions import length

SIZES = ({"N": 5, "D": 4, "E": 3}, {"N": 3, "D": 2, "E": 6}, {"N": 4, "D": 5, "E": 2})
DRAWS = {
    "any": lambda rng, shape: rng.standard_normal(shape),
    "positive": lambda rng, shape: rng.uniform(0.3, 2.0, shape),
    "small": lambda rng, shape: rng.uniform(0.2, 1.5, shape) * rng.choice([-1.0, 1.0], shape),
}


@dataclass(frozen=True)
class Sample:
    """A use of an operation."""

    operation: str
    line: str
    """Computes V."""
    expected: Callable
    """Of inputs by name, and sizes: V in plain numpy."""
    shapes: dict = field(default_factory=lambda: {"A": ("N", "D")})
    drawn: dict = field(default_factory=dict)
    """How an input is drawn, where not from a normal distribution; or its values, from rng and shape."""

    @property
    def forward(self):
        upstream = {} if self.is_scalar else {"upstream": "V"}
        return ForwardPass(self.line, **upstream, **self.shapes)

    @property
    def is_scalar(self):
        return not ForwardPass(self.line, **self.shapes).shapes["V"]

    def inputs(self, rng, sizes):
        """Draw arrays for the inputs."""
        result = {}
        for name, shape in self.shapes.items():
            how = self.drawn.get(name, "any")
            draw = DRAWS[how] if isinstance(how, str) else how
            result[name] = draw(rng, tuple(length(size, sizes) for size in shape))
        return result


def partly(rng, shape):
    """A mask with something left in every row and column, and something masked in every row."""
    mask = rng.random(shape) < 0.5
    mask[:, 0] = False
    mask[np.arange(shape[0]), 1 + np.arange(shape[0]) % (shape[1] - 1)] = True
    return mask


def crossed(rng, shape):
    """A square mask with something left in every row and column, that is no triangle and not symmetric."""
    mask = rng.random(shape) < 0.3
    mask[np.arange(shape[0]), (np.arange(shape[0]) + 1) % shape[0]] = True
    mask[1, 0] = mask[0, 0] = False
    return mask


def softmax(z, axis, mask=None):
    powers = np.exp(z) if mask is None else np.exp(z) * mask
    return powers / powers.sum(axis=axis, keepdims=True)


def mostly(rng, shape):
    """A mask that takes out one entry of some rows."""
    mask = np.ones(shape, dtype=bool)
    mask[:, 0] = rng.random(shape[0]) < 0.5
    mask[0, 0] = False
    return mask


def lower(rng, shape):
    """What attention may see."""
    return np.tril(np.ones(shape, dtype=bool))


def repeated(rng, shape):
    """Row 3 three times or more, row 0 never."""
    numbers = rng.integers(1, 5, shape)
    numbers.reshape(-1)[1:4] = 3
    return numbers


def probabilities(rng, shape):
    return softmax(rng.standard_normal(shape), 1)


def _axis(q, s):
    """The axis of N data points."""
    return q["A"].shape.index(s["N"])


def standardised(q, s):
    axis = _axis(q, s)
    return (q["A"] - q["A"].mean(axis, keepdims=True)) / (q["A"].var(axis, keepdims=True) + q["e"]) ** 0.5


def over_root(q, s):
    return q["A"] * ((q["A"] ** 2).mean(_axis(q, s), keepdims=True) + q["e"]) ** -0.5


def labels(rng, shape):
    """Two classes, as many as every instance has."""
    return np.arange(*shape) % 2


def one_hot(rng, shape):
    return np.eye(shape[1])[labels(rng, shape[:1])]


def _targets(given, classes):
    return np.eye(classes)[given] if given.ndim == 1 else given


N, ND, NN, N1 = ("N",), ("N", "D"), ("N", "N"), ("N", 1)
"""Shapes that many inputs have."""
MATRIX = {"A": ND, "B": ("D", "E")}
ALIKE = {"A": ND, "B": ND}
MASKED = {"A": ND, "M": ND}
WHERE = {"M": ND, "A": ND, "B": ND}
STATISTICS = {"A": ND, "M": (1, "D"), "S": (1, "D")}
MASKS = {"M": partly}
EPS = {"e": lambda rng, _: np.asarray(0.1)}


def squares(q):
    return (q["A"] - q["B"]) ** 2


def with_statistics(q, s):
    return (q["A"] - q["M"]) / q["S"]


PRODUCTS = [  # some with other inputs of the same shapes beside them
    ("A @ B", "nd,de->ne", MATRIX),
    ("A @ B", "hnd,hde->hne", {"A": (2, "N", "D"), "B": (2, "D", "E")}),
    ("A @ B", "nm,md->nd", {"A": NN, "B": ND, "C": NN}),
    ("A @ B.T", "nd,md->nm", {"A": ND, "B": ND, "C": ND}),
    ("A @ B", "nd,dc->nc", {"A": ND, "B": ("D", "D"), "C": ("D", "D")}),
    ("A @ B", "hnd,de->hne", {"A": (2, "N", "D"), "B": ("D", "E")}),
    ("A @ B", "nd,d->n", {"A": ND, "B": ("D",), "C": ND, "c": ("D",)}),
]
SIGNS = [
    ("addition", "+", np.add),
    ("difference", "-", np.subtract),
    ("elementwise_product", "*", np.multiply),
    ("quotient", "/", np.divide),
]
ELEMENTWISE = [  # by operation, what it does, and how A is drawn
    ("scale", "A / sqrt(D)", lambda A, s: A / s["D"] ** 0.5, "any"),
    ("scale", "2 * A / N", lambda A, s: 2 * A / s["N"], "any"),
    ("scale", "2 * A", lambda A, _: A + A, "any"),
    ("scale", "-A", lambda A, _: -A, "any"),
    ("shift", "A - 1.5", lambda A, _: A - 1.5, "any"),
    ("shift", "1 - A", lambda A, _: 1 - A, "any"),
    ("relu", "relu(A)", lambda A, _: np.maximum(0, A), "any"),
    ("leaky_relu", "leaky_relu(A, 0.1)", lambda A, _: np.maximum(0.1 * A, A), "any"),
    ("elu", "elu(A)", lambda A, _: np.where(A > 0, A, np.exp(A) - 1), "any"),
    ("abs", "abs(A)", lambda A, _: np.maximum(A, -A), "any"),
    ("sigmoid", "sigmoid(A)", lambda A, _: 1 / (1 + np.exp(-A)), "small"),
    ("tanh", "tanh(A)", lambda A, _: np.sinh(A) / np.cosh(A), "small"),
    ("softplus", "softplus(A)", lambda A, _: np.log(1 + np.exp(A)), "small"),
    ("exp", "exp(A)", lambda A, _: np.e**A, "any"),
    ("log", "log(A)", lambda A, _: np.log2(A) * np.log(2), "positive"),
    ("sqrt", "sqrt(A)", lambda A, _: A**0.5, "positive"),
    ("square", "A ** 2", lambda A, _: A * A, "small"),
    ("power", "A ** 3", lambda A, _: A * A * A, "positive"),
    ("reciprocal", "1 / A", lambda A, _: A**-1, "small"),
    ("sum", "sum(A)", lambda A, _: np.einsum("nd->", A), "any"),
    ("sum", "sum(A, axis=0)", lambda A, _: np.einsum("nd->d", A), "any"),
    ("sum", 'sum(A, axis="D")', lambda A, _: np.einsum("nd->n", A), "any"),
    ("sum", "sum(A, axis=1, keepdims=True)", lambda A, _: np.einsum("nd->n", A)[:, None], "any"),
    ("mean", "mean(A)", lambda A, s: np.einsum("nd->", A) / (s["N"] * s["D"]), "any"),
    ("mean", 'mean(A, "N")', lambda A, s: np.einsum("nd->d", A) / s["N"], "any"),
    ("mean", "mean(A, axis=1, keepdims=True)", lambda A, s: np.einsum("nd->n", A)[:, None] / s["D"], "any"),
    ("max", "max(A)", lambda A, _: A.max(), "any"),
    ("max", "max(A, axis=1)", lambda A, _: np.sort(A, axis=1)[:, -1], "any"),
    ("max", "max(A, axis=0, keepdims=True)", lambda A, _: np.sort(A, axis=0)[-1:], "any"),
    ("transpose", "A.T", lambda A, _: np.einsum("nd->dn", A), "any"),
    ("softmax", "softmax(A, axis=1)", lambda A, _: softmax(A, 1), "any"),
    ("softmax", 'softmax(A, axis="N")', lambda A, _: softmax(A, 0), "any"),
    ("log_sum_exp", "log_sum_exp(A, axis=1)", lambda A, _: np.log(np.exp(A).sum(axis=1)), "any"),
]
WITH_MASK = [
    ("sum", "sum(A, axis=1, where=M)", lambda A, M: (A * M).sum(1), ND, partly),
    ("mean", "mean(A, axis=1, where=M)", lambda A, M: (A * M).sum(1) / M.sum(1), ("N", 4), mostly),
    ("softmax", "softmax(A, axis=1, where=M)", lambda A, M: softmax(A, 1, M), ND, partly),
    ("softmax", "softmax(A, axis=1, where=M)", lambda A, M: softmax(A, 1, M), NN, crossed),
    (
        *("log_sum_exp", "log_sum_exp(A, axis=1, where=M, keepdims=True)"),
        *(lambda A, M: np.log((np.exp(A) * M).sum(axis=1, keepdims=True)), ND, partly),
    ),
    ("mask", "mask(M, A)", lambda A, M: M * A, ND, partly),
]
NORMALISED = [("normalise", standardised), ("rms_normalise", over_root)]
ENTROPIES = [
    ("cross_entropy", lambda Z: softmax(Z, 1), "any"),
    ("cross_entropy_of_probabilities", lambda P: P, probabilities),
]

SAMPLES = [
    *(
        Sample("product", f"V = {line}", lambda q, s, sums=sums: np.einsum(sums, q["A"], q["B"]), shapes)
        for line, sums, shapes in PRODUCTS
    ),
    *(
        Sample(operation, f"V = A {sign} B", lambda q, s, f=f: f(q["A"], q["B"]), shapes, {"B": "small"})
        for operation, sign, f in SIGNS
        for shapes in (
            ALIKE,
            {"A": ND, "B": ("D",)},
            {"A": ND, "B": N1},
            {"A": ND, "B": ()},
            {"A": N1, "B": ("D",)},
        )
    ),
    *(
        Sample(operation, f"V = {line}", lambda q, s, f=f: f(q["A"], s), drawn={"A": how})
        for operation, line, f, how in ELEMENTWISE
    ),
    *(
        Sample(
            operation,
            f"V = {line}",
            lambda q, s, f=f: f(q["A"], q["M"]),
            {"A": shape, "M": shape},
            {"M": mask},
        )
        for operation, line, f, shape, mask in WITH_MASK
    ),
    Sample(
        "tanh", "U = tanh(B)\nV = tanh(A)", lambda q, s: np.tanh(q["A"]), ALIKE, {"A": "small", "B": "small"}
    ),
    Sample("sum", "V = sum(A, axis=1)", lambda q, s: np.einsum("nm->n", q["A"]), {"A": NN}),
    Sample("sum", "V = sum(A, 0, True)", lambda q, s: np.einsum("nm->m", q["A"])[None], {"A": NN}),
    *(
        Sample(operation, f'V = {operation}(A, e, axis="N")', f, {"A": shape, "e": ()}, EPS)
        for operation, f in NORMALISED
        for shape in (ND, ("D", "N"), (2, "N", "D"))
    ),
    *(
        Sample(
            operation,
            f'H = {operation}(A, e, axis="N")\nV = H * G',
            lambda q, s, f=f: f(q, s) * q["G"],
            {"A": shape, "e": (), "G": shape[1:]},
            {**EPS, "G": "positive"},
        )
        for operation, f in NORMALISED
        for shape in (ND, ("D", "N"))
    ),
    Sample("normalise_with", "V = normalise_with(A, M, S)", with_statistics, STATISTICS, {"S": "positive"}),
    Sample(  # with statistics that are kept beside
        "normalise",
        'V = normalise(A, e, axis="N")\nU = normalise_with(A, M, S)',
        standardised,
        {**STATISTICS, "e": ()},
        {**EPS, "S": "positive"},
    ),
    Sample(
        *("addition", "V = A * C + B", lambda q, s: q["B"] + q["C"] * q["A"]),
        {"A": ND, "C": ("D",), "B": ("D",)},
    ),
    Sample(  # with the root of another variance beside
        "normalise_with",
        "R = sqrt(B)\nV = normalise_with(A, M, S)",
        with_statistics,
        {"A": ND, "B": (1, "D"), "M": (1, "D"), "S": (1, "D")},
        {"B": "positive", "S": "positive"},
    ),
    *(
        Sample("mean_squared_error", "V = mean_squared_error(A, B)", lambda q, s: squares(q).mean(), shapes)
        for shapes in (ALIKE, {"A": N1, "B": N1})
    ),
    Sample(
        *("mean_squared_error", "E = mean_squared_error(A, B)\nV = E * C"),
        *(lambda q, s: squares(q).mean() * q["C"], {**ALIKE, "C": ()}),
    ),
    Sample("summed_squared_error", "V = summed_squared_error(A, B)", lambda q, s: squares(q).sum(), ALIKE),
    *(
        Sample(
            operation,
            f"V = {operation}(A, B)",
            lambda q, s, P=P: -(np.log(P(q["A"])) * _targets(q["B"], s["D"])).sum() / s["N"],
            {"A": ND, "B": shape},
            {"A": drawn, "B": targets},
        )
        for operation, P, drawn in ENTROPIES
        for shape, targets in ((N, labels), (ND, one_hot))
    ),
    Sample("where", "V = where(M, A, B)", lambda q, s: np.where(q["M"], q["A"], q["B"]), WHERE, MASKS),
    Sample(
        *("where", "V = where(M, A, B)", lambda q, s: np.where(q["M"], q["A"], q["B"])),
        *({"M": NN, "A": NN, "B": ()}, {"M": lower}),
    ),
    Sample(
        *("reshape", 'V = reshape(A, ("D", "N", 2))'),
        *(lambda q, s: q["A"].flatten().reshape(s["D"], s["N"], 2), {"A": ("N", 2, "D")}),
    ),
    Sample(
        *("split_heads", "V = split_heads(A)"),
        *(lambda q, s: np.stack(np.split(q["A"], s["D"], axis=1)), {"A": ("N", "D*E"), "B": ("E",)}),
    ),
    Sample("join_heads", "V = join_heads(A)", lambda q, s: np.hstack(q["A"]), {"A": ("E", "N", "D")}),
    Sample(
        *("concatenate", "V = concatenate(A, B, axis=1)", lambda q, s: np.hstack([q["A"], q["B"]])),
        {"A": ND, "B": ("N", "E")},
    ),
    Sample("concatenate", "V = concatenate(A, B, 0)", lambda q, s: np.vstack([q["A"], q["B"]]), ALIKE),
    *(
        Sample(
            *("gather", "V = gather(A, x)"),
            lambda q, s: np.stack([q["A"][k] for k in q["x"].flatten()]).reshape(*q["x"].shape, -1),
            *({"A": (5, "D"), "x": shape}, {"x": repeated}),
        )
        for shape in ((6,), (2, 3))
    ),
    Sample(
        "powers",
        "V = powers(x, 3)",
        lambda q, s: np.vander(q["x"], 4, increasing=True),
        {"x": N},
        {"x": "small"},
    ),
]
