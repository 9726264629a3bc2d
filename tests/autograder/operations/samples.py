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


MATRIX = {"A": ("N", "D"), "B": ("D", "E")}
SQUARE = {"A": ("N", "N"), "B": ("N", "D"), "C": ("N", "N")}
TWO_ROWS = {"A": ("N", "D"), "B": ("N", "D"), "C": ("N", "D")}
WEIGHTS = {"A": ("N", "D"), "B": ("D", "D"), "C": ("D", "D")}
ALIKE = {"A": ("N", "D"), "B": ("N", "D")}
ROW = {"A": ("N", "D"), "B": ("D",)}
COLUMN = {"A": ("N", "D"), "B": ("N", 1)}
NUMBER = {"A": ("N", "D"), "B": ()}
OUTER = {"A": ("N", 1), "B": ("D",)}
MASKED = {"A": ("N", "D"), "M": ("N", "D")}
WHERE = {"M": ("N", "D"), "A": ("N", "D"), "B": ("N", "D")}
MASKS = {"M": partly}
POSITIVE, SMALL = {"A": "positive"}, {"A": "small"}

SAMPLES = [
    Sample("product", "V = A @ B", lambda q, s: np.einsum("nd,de->ne", q["A"], q["B"]), MATRIX),
    Sample(
        "product",
        "V = A @ B",
        lambda q, s: np.einsum("hnd,hde->hne", q["A"], q["B"]),
        {"A": (2, "N", "D"), "B": (2, "D", "E")},
    ),
    Sample("product", "V = A @ B", lambda q, s: np.einsum("nm,md->nd", q["A"], q["B"]), SQUARE),
    Sample("product", "V = A @ B.T", lambda q, s: np.einsum("nd,md->nm", q["A"], q["B"]), TWO_ROWS),
    Sample("product", "V = A @ B", lambda q, s: np.einsum("nd,dc->nc", q["A"], q["B"]), WEIGHTS),
    Sample(
        "product",
        "V = A @ B",
        lambda q, s: np.einsum("hnd,de->hne", q["A"], q["B"]),
        {"A": (2, "N", "D"), "B": ("D", "E")},
    ),
    Sample(
        "product",
        "V = A @ b",
        lambda q, s: np.einsum("nd,d->n", q["A"], q["b"]),
        {"A": ("N", "D"), "b": ("D",), "C": ("N", "D"), "c": ("D",)},
    ),
    *(
        Sample(operation, f"V = A {sign} B", lambda q, s, f=f: f(q["A"], q["B"]), shapes, {"B": "small"})
        for operation, sign, f in (
            ("addition", "+", np.add),
            ("difference", "-", np.subtract),
            ("elementwise_product", "*", np.multiply),
            ("quotient", "/", np.divide),
        )
        for shapes in (ALIKE, ROW, COLUMN, NUMBER, OUTER)
    ),
    Sample("scale", "V = A / sqrt(D)", lambda q, s: q["A"] / s["D"] ** 0.5),
    Sample("scale", "V = 2 * A / N", lambda q, s: 2 * q["A"] / s["N"]),
    Sample("scale", "V = 2 * A", lambda q, s: q["A"] + q["A"]),
    Sample("scale", "V = -A", lambda q, s: -q["A"]),
    Sample("shift", "V = A - 1.5", lambda q, s: q["A"] - 1.5),
    Sample("shift", "V = 1 - A", lambda q, s: 1 - q["A"]),
    Sample("relu", "V = relu(A)", lambda q, s: np.maximum(0, q["A"])),
    Sample("leaky_relu", "V = leaky_relu(A, 0.1)", lambda q, s: np.maximum(0.1 * q["A"], q["A"])),
    Sample("elu", "V = elu(A)", lambda q, s: np.where(q["A"] > 0, q["A"], np.exp(q["A"]) - 1)),
    Sample("abs", "V = abs(A)", lambda q, s: np.maximum(q["A"], -q["A"])),
    Sample("sigmoid", "V = sigmoid(A)", lambda q, s: 1 / (1 + np.exp(-q["A"])), drawn=SMALL),
    Sample("tanh", "V = tanh(A)", lambda q, s: np.sinh(q["A"]) / np.cosh(q["A"]), drawn=SMALL),
    Sample(
        "tanh",
        "U = tanh(B)\nV = tanh(A)",
        lambda q, s: np.tanh(q["A"]),
        {"A": ("N", "D"), "B": ("N", "D")},
        {"A": "small", "B": "small"},
    ),
    Sample("softplus", "V = softplus(A)", lambda q, s: np.log(1 + np.exp(q["A"])), drawn=SMALL),
    Sample("exp", "V = exp(A)", lambda q, s: np.e ** q["A"]),
    Sample("log", "V = log(A)", lambda q, s: np.log2(q["A"]) * np.log(2), drawn=POSITIVE),
    Sample("sqrt", "V = sqrt(A)", lambda q, s: q["A"] ** 0.5, drawn=POSITIVE),
    Sample("square", "V = A ** 2", lambda q, s: q["A"] * q["A"], drawn=SMALL),
    Sample("power", "V = A ** 3", lambda q, s: q["A"] * q["A"] * q["A"], drawn=POSITIVE),
    Sample("reciprocal", "V = 1 / A", lambda q, s: q["A"] ** -1, drawn=SMALL),
    Sample("sum", "V = sum(A)", lambda q, s: np.einsum("nd->", q["A"])),
    Sample("sum", "V = sum(A, axis=0)", lambda q, s: np.einsum("nd->d", q["A"])),
    Sample("sum", 'V = sum(A, axis="D")', lambda q, s: np.einsum("nd->n", q["A"])),
    Sample("sum", "V = sum(A, axis=1, keepdims=True)", lambda q, s: np.einsum("nd->n", q["A"])[:, None]),
    Sample("sum", "V = sum(A, axis=1)", lambda q, s: np.einsum("nm->n", q["A"]), {"A": ("N", "N")}),
    Sample("sum", "V = sum(A, 0, True)", lambda q, s: np.einsum("nm->m", q["A"])[None], {"A": ("N", "N")}),
    Sample("mean", "V = mean(A)", lambda q, s: np.einsum("nd->", q["A"]) / (s["N"] * s["D"])),
    Sample("mean", 'V = mean(A, "N")', lambda q, s: np.einsum("nd->d", q["A"]) / s["N"]),
    Sample(
        "mean",
        "V = mean(A, axis=1, keepdims=True)",
        lambda q, s: np.einsum("nd->n", q["A"])[:, None] / s["D"],
    ),
    *(
        Sample("max", f"V = max(A{axes})", lambda q, s, f=f: f(q["A"]))
        for axes, f in (
            ("", lambda A: A.max()),
            (", axis=1", lambda A: np.sort(A, axis=1)[:, -1]),
            (", axis=0, keepdims=True", lambda A: np.sort(A, axis=0)[-1:]),
        )
    ),
    Sample("sum", "V = sum(A, axis=1, where=M)", lambda q, s: (q["A"] * q["M"]).sum(1), MASKED, MASKS),
    Sample(
        "mean",
        "V = mean(A, axis=1, where=M)",
        lambda q, s: (q["A"] * q["M"]).sum(1) / q["M"].sum(1),
        {"A": ("N", 4), "M": ("N", 4)},
        {"M": mostly},
    ),
    Sample("transpose", "V = A.T", lambda q, s: np.einsum("nd->dn", q["A"])),
    Sample("softmax", "V = softmax(A, axis=1)", lambda q, s: softmax(q["A"], 1)),
    Sample("softmax", 'V = softmax(A, axis="N")', lambda q, s: softmax(q["A"], 0)),
    Sample(
        "softmax",
        "V = softmax(A, axis=1, where=M)",
        lambda q, s: softmax(q["A"], 1, q["M"]),
        MASKED,
        {"M": partly},
    ),
    Sample(
        "softmax",
        "V = softmax(A, axis=1, where=M)",
        lambda q, s: softmax(q["A"], 1, q["M"]),
        {"A": ("N", "N"), "M": ("N", "N")},
        {"M": crossed},
    ),
    Sample("log_sum_exp", "V = log_sum_exp(A, axis=1)", lambda q, s: np.log(np.exp(q["A"]).sum(axis=1))),
    Sample(
        "log_sum_exp",
        "V = log_sum_exp(A, axis=1, where=M, keepdims=True)",
        lambda q, s: np.log((np.exp(q["A"]) * q["M"]).sum(axis=1, keepdims=True)),
        MASKED,
        {"M": partly},
    ),
    *(
        Sample(
            operation, line, expected, {"A": shape, "e": (), **more}, {"e": lambda rng, _: np.asarray(0.1)}
        )
        for operation, expected in (("normalise", standardised), ("rms_normalise", over_root))
        for line, shape, more in (
            (f'V = {operation}(A, e, axis="N")', ("N", "D"), {}),
            (f'V = {operation}(A, e, axis="N")', ("D", "N"), {}),
            (f'V = {operation}(A, e, axis="N")', (2, "N", "D"), {}),
        )
    ),
    *(
        Sample(
            operation,
            f'H = {operation}(A, e, axis="N")\nV = H * G',
            lambda q, s, f=expected: f(q, s) * q["G"],
            {"A": shape, "e": (), "G": ("D",) if shape[1] == "D" else ("N",)},
            {"e": lambda rng, _: np.asarray(0.1), "G": "positive"},
        )
        for operation, expected in (("normalise", standardised), ("rms_normalise", over_root))
        for shape in (("N", "D"), ("D", "N"))
    ),
    Sample(
        "normalise_with",
        "V = normalise_with(A, M, S)",
        lambda q, s: (q["A"] - q["M"]) / q["S"],
        {"A": ("N", "D"), "M": (1, "D"), "S": (1, "D")},
        {"S": "positive"},
    ),
    Sample(  # with statistics that are kept beside
        "normalise",
        'V = normalise(A, e, axis="N")\nU = normalise_with(A, M, S)',
        standardised,
        {"A": ("N", "D"), "e": (), "M": (1, "D"), "S": (1, "D")},
        {"S": "positive", "e": lambda rng, _: np.asarray(0.1)},
    ),
    Sample(
        "addition",
        "V = A * C + B",
        lambda q, s: q["B"] + q["C"] * q["A"],
        {"A": ("N", "D"), "C": ("D",), "B": ("D",)},
    ),
    Sample(  # with the root of another variance beside
        "normalise_with",
        "R = sqrt(B)\nV = normalise_with(A, M, S)",
        lambda q, s: (q["A"] - q["M"]) / q["S"],
        {"A": ("N", "D"), "B": (1, "D"), "M": (1, "D"), "S": (1, "D")},
        {"B": "positive", "S": "positive"},
    ),
    Sample(
        "mean_squared_error",
        "V = mean_squared_error(A, B)",
        lambda q, s: ((q["A"] - q["B"]) ** 2).sum() / (s["N"] * s["D"]),
        ALIKE,
    ),
    Sample(
        "mean_squared_error",
        "V = mean_squared_error(A, B)",
        lambda q, s: ((q["A"] - q["B"]) ** 2).sum() / s["N"],
        {"A": ("N", 1), "B": ("N", 1)},
    ),
    Sample(
        "mean_squared_error",
        "E = mean_squared_error(A, B)\nV = E * C",
        lambda q, s: ((q["A"] - q["B"]) ** 2).sum() / (s["N"] * s["D"]) * q["C"],
        {**ALIKE, "C": ()},
    ),
    Sample(
        "summed_squared_error",
        "V = summed_squared_error(A, B)",
        lambda q, s: ((q["A"] - q["B"]) ** 2).sum(),
        ALIKE,
    ),
    *(
        Sample(
            operation,
            f"V = {operation}(A, B)",
            lambda q, s, P=P: -(np.log(P(q["A"])) * _targets(q["B"], s["D"])).sum() / s["N"],
            {"A": ("N", "D"), "B": shape},
            {"A": drawn, "B": targets},
        )
        for operation, P, drawn, shape, targets in (
            ("cross_entropy", lambda Z: softmax(Z, 1), "any", ("N",), labels),
            ("cross_entropy", lambda Z: softmax(Z, 1), "any", ("N", "D"), one_hot),
            ("cross_entropy_of_probabilities", lambda P: P, probabilities, ("N",), labels),
            ("cross_entropy_of_probabilities", lambda P: P, probabilities, ("N", "D"), one_hot),
        )
    ),
    Sample("where", "V = where(M, A, B)", lambda q, s: np.where(q["M"], q["A"], q["B"]), WHERE, MASKS),
    Sample(
        "where",
        "V = where(M, A, B)",
        lambda q, s: np.where(q["M"], q["A"], q["B"]),
        {"M": ("N", "N"), "A": ("N", "N"), "B": ()},
        {"M": lower},
    ),
    Sample("mask", "V = mask(M, A)", lambda q, s: q["M"] * q["A"], MASKED, MASKS),
    Sample(
        "reshape",
        'V = reshape(A, ("D", "N", 2))',
        lambda q, s: q["A"].flatten().reshape(s["D"], s["N"], 2),
        {"A": ("N", 2, "D")},
    ),
    Sample(
        "split_heads",
        "V = split_heads(A)",
        lambda q, s: np.stack(np.split(q["A"], s["D"], axis=1)),
        {"A": ("N", "D*E"), "B": ("E",)},
    ),
    Sample("join_heads", "V = join_heads(A)", lambda q, s: np.hstack(q["A"]), {"A": ("E", "N", "D")}),
    Sample(
        "concatenate",
        "V = concatenate(A, B, axis=1)",
        lambda q, s: np.hstack([q["A"], q["B"]]),
        {"A": ("N", "D"), "B": ("N", "E")},
    ),
    Sample("concatenate", "V = concatenate(A, B, 0)", lambda q, s: np.vstack([q["A"], q["B"]]), ALIKE),
    *(
        Sample(
            "gather",
            "V = gather(A, x)",
            lambda q, s: np.stack([q["A"][k] for k in q["x"].flatten()]).reshape(*q["x"].shape, -1),
            {"A": (5, "D"), "x": shape},
            {"x": repeated},
        )
        for shape in ((6,), (2, 3))
    ),
    Sample(
        "powers",
        "V = powers(x, 3)",
        lambda q, s: np.vander(q["x"], 4, increasing=True),
        {"x": ("N",)},
        {"x": "small"},
    ),
]
