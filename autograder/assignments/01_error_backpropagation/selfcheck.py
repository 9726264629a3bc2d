"""Self-checks and hints of `01-error-backpropagation`: small networks, their error, and ladders of hints."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

import numpy as np

from utils.checks.differences import slopes
from utils.checks.vocabulary import Array, Inputs, Instance, Ladder, Part, Stage, Task, Variant

ASSIGNMENT = "01-error-backpropagation"
WIDTHS = (4, 6, 6, 6, 1)
LAYERS = range(1, len(WIDTHS))

NETWORKS = ((1, 3), (1, 8), (5, 421), (9, 82))
"""Data points and seed of each small network.

The seeds are picked so that what can go wrong shows: no pre-activation is within 0.03 of the kink; with
several data points every unit is on for some and off for others, with one data point two to four units of
six are off in each layer; no entry of a gradient is smaller than 1 % of its array's largest, those of
units that are off apart.
"""

Activation = Callable[[Array], Array]


def networks() -> list[Instance]:
    """Small networks with data, and all that the forward pass computes on them."""
    return [_network(N, seed) for N, seed in NETWORKS]


def networks_in_single_precision() -> list[Instance]:
    """The same networks, with the numbers that single precision can hold."""
    return [
        Instance({name: _rounded(drawn.inputs[name]) for name in ("W", "B", "X", "T")}, drawn.size)
        for drawn in networks()
    ]


def _rounded(value: Array | list[Array]) -> Array | list[Array]:
    if isinstance(value, list):
        return [array.astype(np.float32).astype(np.float64) for array in value]
    return value.astype(np.float32).astype(np.float64)


def _network(N: int, seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((N, WIDTHS[0]))
    W: list[Array] = []
    B: list[Array] = []
    activation = X
    for layer, (below, units) in enumerate(pairwise(WIDTHS), start=1):
        W.append(rng.standard_normal((below, units)) * np.sqrt(2 / below))
        product = activation @ W[-1]
        if layer == LAYERS[-1] or N == 1:
            B.append(rng.normal(0.2, 0.4, units))
        else:
            B.append(_between_points(product))
        activation = np.maximum(product + B[-1], 0)
    names = forward(W, B, X)
    T = names["Y"] + rng.choice([-1.0, 1.0], (N, 1)) * rng.uniform(0.5, 1.5, (N, 1))
    return Instance({"W": W, "B": B, "X": X, **names, "T": T}, N)


def _between_points(product: Array) -> Array:
    """Choose biases (units,) that put each unit's kink into a wide gap between data points: (N, units)."""
    ordered = np.sort(product, axis=0)[: (len(product) + 1) // 2 + 1]
    low = np.diff(ordered, axis=0).argmax(axis=0)
    unit = np.arange(product.shape[1])
    bias: Array = -(ordered[low, unit] + ordered[low + 1, unit]) / 2
    return bias


def rectifier(Z: Array) -> Array:
    """max(0, Z), of any shape."""
    return np.maximum(0, Z)


def identity(Z: Array) -> Array:
    """Z as it is."""
    return Z


def forward(
    W: Sequence[Array], B: Sequence[Array], X: Array, otherwise: Mapping[str, Activation] | None = None
) -> dict[str, Array]:
    """Z1 A1 Z2 A2 Z3 A3 (N, 6) and Y (N, 1), with other activations where they are named."""
    otherwise = otherwise or {}
    names: dict[str, Array] = {}
    below = X
    for layer in LAYERS[:-1]:
        names[f"Z{layer}"] = below @ W[layer - 1] + B[layer - 1]
        below = names[f"A{layer}"] = otherwise.get(f"A{layer}", rectifier)(names[f"Z{layer}"])
    return names | {"Y": otherwise.get("Y", identity)(below @ W[-1] + B[-1])}


def error(inputs: Inputs, otherwise: Mapping[str, Activation] | None = None) -> float:
    """The mean squared error, as the forward pass gives it."""
    Y = forward(inputs["W"], inputs["B"], inputs["X"], otherwise)["Y"]
    return float(np.mean((Y - inputs["T"]) ** 2))


def measured_gradient(inputs: Inputs) -> dict[str, Array]:
    """DW1 … DW4, DB1 … DB4, by nudging every weight and every bias."""
    return {
        f"D{kind}{layer}": slopes(lambda: error(inputs), inputs[kind][layer - 1])
        for kind in "WB"
        for layer in LAYERS
    }


def measured_error_and_gradient(inputs: Inputs) -> dict[str, Array]:
    """The error, and its slopes by W1 … B4."""
    slopes_of = {name[1:]: array for name, array in measured_gradient(inputs).items()}
    return {"err": np.asarray(error(inputs)), **slopes_of}


def _parts(prefix: str, first: int) -> tuple[Part, ...]:
    """The eight arrays of a gradient, the last layer's first; `first` is where the weights' list stands."""
    return tuple(
        Part(
            f"{prefix}{kind}{layer}",
            (first + "WB".index(kind), layer - 1),
            columns=f"Z{layer}" if prefix and layer < LAYERS[-1] else "",
            rows=f"Z{layer - 1}" if prefix and kind == "W" and layer > 1 else "",
        )
        for layer in reversed(LAYERS)
        for kind in "WB"
    )


def _station(layer: int) -> str:
    return "DY" if layer == LAYERS[-1] else f"DZ{layer}"


def _hidden(layer: int) -> Ladder:
    """Hints for DZ1, DZ2, DZ3: through the weights above, then past the rectifier."""
    above, weights = _station(layer + 1), f"W{layer + 1}"
    units = WIDTHS[layer + 1]
    next_up = "Y" if layer == LAYERS[-2] else f"Z{layer + 1}"
    return Ladder(
        ask=f"How does Z{layer} reach the error? Which two things stand between Z{layer} and {next_up}?",
        look=f"DZ{layer} is made in two moves: {above} comes back through {weights} and gives DA{layer}; "
        f"then the rectifier between Z{layer} and A{layer} lets some of it pass. Look at the lines of the "
        f"forward pass for A{layer} and {next_up}, and do the same in the opposite order.",
        formula=f"(DA{layer})ₙᵢ = Σⱼ ({above})ₙⱼ ({weights})ᵢⱼ, and (DZ{layer})ₙᵢ is that where (Z{layer})ₙᵢ "
        f"> 0, and 0 where (Z{layer})ₙᵢ < 0.",
        shape=f"DZ{layer} has the shape of Z{layer}, (N,6). {above} is (N,{units}) and {weights} is "
        f"(6,{units}): their second indices run over the same {units} unit{'s' * (units > 1)} above and are "
        "summed over; their first ones are left, N and 6. The rectifier changes no shape.",
    )


def _weights(layer: int) -> Ladder:
    """Hints for DW1 … DW4."""
    below = "X" if layer == 1 else f"A{layer - 1}"
    station = _station(layer)
    rows, units = WIDTHS[layer - 1], WIDTHS[layer]
    return Ladder(
        ask=f"Take one weight of W{layer}. Which entries does it touch in the forward pass, and how "
        "strongly?",
        look=f"DW{layer} is made from {station}, which arrives from above, and from what W{layer} is "
        f"multiplied with in the forward pass: {below}.",
        formula=f"(DW{layer})ᵢⱼ = Σₙ ({below})ₙᵢ ({station})ₙⱼ",
        shape=f"DW{layer} has the shape of W{layer}, ({rows},{units}). {below} is (N,{rows}) and {station} "
        f"is (N,{units}): which index do both have, so that it is summed over? The other two are left, in "
        f"the order of the shape of W{layer}.",
    )


def _bias(layer: int) -> Ladder:
    """Hints for DB1 … DB4."""
    station, units = _station(layer), WIDTHS[layer]
    return Ladder(
        ask=f"How many biases does layer {layer} have, and for how many data points does each of them serve?",
        look=f"DB{layer} is made from {station} alone. A bias is added to every row: look at B{layer} in the "
        "forward pass.",
        formula=f"(DB{layer})ⱼ = Σₙ ({station})ₙⱼ",
        shape=f"DB{layer} has the shape of B{layer}, ({units},). {station} is (N,{units}): N is summed over, "
        "and one axis is left.",
    )


LADDERS = {
    "start": Ladder(
        ask="Walk from the error to the left, one station at a time. Which array does err depend on "
        "directly, without any other in between?",
        look="Begin at the output: DY. In the figure the stations DY, DZ3, DZ2, DZ1 stand from right to "
        "left; DW and DB of a layer are collected at its station.",
        formula="At each station: (DW)ᵢⱼ = Σₙ (A)ₙᵢ (DZ)ₙⱼ, (DB)ⱼ = Σₙ (DZ)ₙⱼ, and on to the next: (DA)ₙᵢ = "
        "Σⱼ (DZ)ₙⱼ (W)ᵢⱼ, which passes where Z > 0.",
        shape="Every gradient has the shape of what it belongs to: DY that of Y, (N,1); DZ3 that of Z3, "
        "(N,6); DW4 that of W4, (6,1); DB4 that of B4, (1,).",
    ),
    "DY": Ladder(
        ask="If one output Y grows by a little, how much does err change?",
        look="DY is the first step, before any weights: look at the line err = mean((Y - T)²), and at what "
        "stands between Y and err. The output unit is linear: nothing is switched on or off there.",
        formula="err = 1/N · Σₙ (Yₙ - Tₙ)². Only one summand holds Yₙ: differentiate it, and keep what "
        "stands before the sum.",
        shape="DY has the shape of Y, (N,1). So have T and Y - T; an array of shape (N,N) in between mixes "
        "the data points.",
    ),
    **{f"DZ{layer}": _hidden(layer) for layer in (3, 2, 1)},
    **{f"DW{layer}": _weights(layer) for layer in LAYERS},
    **{f"DB{layer}": _bias(layer) for layer in LAYERS},
    "answer": Ladder(
        ask="What do W and B look like, and what should DW and DB look like, then?",
        look="Look at the last line of your function, and at the lists that it hands over.",
        formula="The answer is a pair: first DW, with the gradients of W1, W2, W3, W4 in this order; then "
        "DB, with those of B1, B2, B3, B4.",
        shape="DW holds arrays of shapes (4,6), (6,6), (6,6), (6,1), and DB of shapes (6,), (6,), (6,), "
        "(1,).",
    ),
}

EXERCISE1 = Task(
    assignment=ASSIGNMENT,
    name="exercise1",
    by_hand=True,
    parameters=("W", "B", "X", "Z1", "A1", "Z2", "A2", "Z3", "A3", "Y", "T"),
    form="two lists, DW and DB, of four arrays each",
    cases="small networks",
    instances=networks,
    truth=measured_gradient,
    parts=_parts("D", 0),
    stages=tuple(Stage(_station(layer), (f"DW{layer}", f"DB{layer}")) for layer in reversed(LAYERS)),
    ladders=LADDERS,
)


def _activations(layer: int) -> Ladder:
    """Hints for A1, A2, A3 of the forward pass."""
    below = "X" if layer == 1 else f"A{layer - 1}"
    return Ladder(
        ask=f"Which values can A{layer} have, and which can't it?",
        look=f"Look at the line of your function that makes A{layer}, and beside it at the table of the "
        "forward pass at the top of the notebook.",
        formula=f"Z{layer} = {below} W{layer} + B{layer} and A{layer} = max(0, Z{layer}), the larger of the "
        "two, entry by entry.",
        shape=f"Z{layer} and A{layer} are (N,6); B{layer} is (6,), and is added to every row.",
    )


def _parameter(kind: str, layer: int) -> Ladder:
    """Hints for a gradient that PyTorch does not find as it should."""
    name = f"{kind}{layer}"
    return Ladder(
        ask=f"Does the error that you return depend on {name}, and does PyTorch see that it does?",
        look=f"Look at the one place where {name} stands in your function. Is it the parameter that came in, "
        "or a copy that PyTorch does not watch?",
        formula=f"{'Y' if layer == LAYERS[-1] else f'Z{layer}'} = {'X' if layer == 1 else f'A{layer - 1}'} "
        f"W{layer} + B{layer}",
        shape=f"The gradient of {name} has the shape of {name}: "
        + (f"({WIDTHS[layer - 1]},{WIDTHS[layer]})." if kind == "W" else f"({WIDTHS[layer]},)."),
    )


EXERCISE2 = Task(
    assignment=ASSIGNMENT,
    name="exercise2",
    parameters=("W", "B", "X", "T"),
    form="the error, a scalar tensor",
    cases="small networks",
    instances=networks_in_single_precision,
    truth=measured_error_and_gradient,
    parts=(Part("err", (0,)), *_parts("", 1)),
    stages=(
        Stage("err", ("err",)),
        *(Stage(f"{kind}{layer}", (f"{kind}{layer}",)) for layer in reversed(LAYERS) for kind in "WB"),
    ),
    ladders={
        "start": Ladder(
            ask="You have this forward pass in NumPy already. Which of its operations has PyTorch under "
            "another name?",
            look="Go through the table of the forward pass line by line: a product, a bias, a rectifier; "
            "and at the end the error.",
            formula="Z = A W + B, A = max(0, Z), three times; then Y = A3 W4 + B4 and err = 1/N · Σₙ (Yₙ - "
            "Tₙ)².",
            shape="The A are (N,6), Y and T are (N,1), and err is a single number: shape ().",
        ),
        "err": Ladder(
            ask="On the same numbers, what does each line give in NumPy, and what in PyTorch? Where do the "
            "error's two values part?",
            look="Look at the last lines, from Y to the error: what is squared, what is averaged, and is it "
            "still a tensor that PyTorch has recorded when it is returned?",
            formula="err = 1/N · Σₙ (Yₙ - Tₙ)²",
            shape="Y is (N,1), T is (N,1), and so is Y - T; the error is a single number, shape ().",
        ),
        "Y": Ladder(
            ask="Is the output unit like the hidden ones?",
            look="Look at the line that makes Y, and beside it at the table of the forward pass.",
            formula="Y = A3 W4 + B4",
            shape="Y is (N,1), like T, and its entries may have either sign.",
        ),
        **{f"A{layer}": _activations(layer) for layer in (3, 2, 1)},
        **{f"{kind}{layer}": _parameter(kind, layer) for kind in "WB" for layer in LAYERS},
    },
    questions={
        "factor 0.5": "err is half of what it should be. Which factor stands before the sum of squares?",
        "factor N": "err is N times too large. Is it a sum over the data points, or a mean?",
        "factor 1/N": "err is N times too small. How often does a mean divide by N?",
        "factor": "err is off by one factor on all networks. Which constant is too many, or missing?",
        "values": "err is another number than the forward pass in NumPy gives. Which lines differ from that "
        "one?",
        "axis": "err has the right number in another shape. Over which axes does your mean go?",
        "shape": "err has a shape, and should be a single number. Over which axes does your mean go?",
        "missing": "PyTorch finds no gradient for {where}. Does the error depend on {where} itself, or on a "
        "copy of it that PyTorch does not watch?",
    },
    tensors=True,
    leaves=("W", "B"),
    variants=(
        Variant(
            "err",
            "broadcast",
            "The error is that of every output against every target: (N,1) and (N,) make (N,N).",
            lambda inputs: float(
                np.mean((forward(inputs["W"], inputs["B"], inputs["X"])["Y"] - inputs["T"].T) ** 2)
            ),
        ),
        Variant(
            "Y",
            "output-rectified",
            "The error is that of a network whose output Y is rectified.",
            lambda inputs: error(inputs, {"Y": rectifier}),
        ),
        *(
            Variant(
                f"A{layer}",
                "not-rectified",
                f"The error is that of a network whose A{layer} is not rectified.",
                lambda inputs, layer=layer: error(inputs, {f"A{layer}": identity}),  # type: ignore[misc]  # mypy infers no default of a lambda
            )
            for layer in (3, 2, 1)
        ),
        *(
            Variant(
                f"B{layer}",
                "no-bias",
                f"The error is that of a network without the bias B{layer}.",
                lambda inputs, layer=layer: error(_without_bias(inputs, layer)),  # type: ignore[misc]  # as above
            )
            for layer in reversed(LAYERS)
        ),
    ),
)


def _without_bias(inputs: Inputs, layer: int) -> Inputs:
    biases = [bias * (k != layer) for k, bias in enumerate(inputs["B"], start=1)]
    return {**inputs, "B": biases}


TASKS = (EXERCISE1, EXERCISE2)
