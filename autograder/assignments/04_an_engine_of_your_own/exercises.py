"""What is graded in `04-an-engine-of-your-own`: broadcasting undone, twelve operations, a sweep, an engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from autograder.alternatives.engine import Engine
from autograder.alternatives.tapes import Tapes
from autograder.exercise import Array, Assignment, Instance
from autograder.forward_pass import ForwardPass
from autograder.instances.draw import draw
from autograder.instances.evidence import Mask
from autograder.instances.samplers import Place, Sampler
from autograder.instances.tapes import Tape
from autograder.invariants import sums_alike
from autograder.item_by_item import Item, item_by_item
from autograder.operations.operation import Shape

SIZES = [dict(zip("RCKVL", each, strict=True)) for each in ((3, 5, 2, 4, 6), (2, 3, 4, 5, 7), (5, 2, 3, 4, 6), (4, 6, 5, 3, 8))]  # fmt: skip  # noqa: E501
GRAPHS = [dict(zip("ndkv", each, strict=True)) for each in ((4, 3, 2, 5), (5, 4, 2, 3), (4, 2, 3, 6))]
A, B = np.array([[0.5, -1.5, 3.0], [1.0, -0.5, 2.5]]), np.array([[3.0, 0.5, -1.0], [-2.5, 1.5, 4.0]])
DY = np.array([[1.0, -3.0, 0.5], [2.0, 4.0, -1.0]])


def either_sign(place: Place) -> Array:
    """Draw numbers between 0.3 and 0.9, as many with a minus: the same ones of all candidates."""
    signs = np.where(np.arange(np.prod(place.shape[1:])) % 2, -1.0, 1.0).reshape(place.shape[1:])
    return place.rng.uniform(0.3, 0.9, place.shape) * place.rng.permuted(signs)


def positive(place: Place) -> Array:
    """Draw numbers between 0.3 and 1.5."""
    return place.rng.uniform(0.3, 1.5, place.shape)


def repeated(place: Place) -> Array:
    """Draw numbers of rows, one three times and one never: the same ones of all candidates."""
    (rows, *_), count = next(iter(place.known.values())).shape[1:], place.shape[1]
    used = place.rng.permutation(rows)[1:]
    numbers = np.concatenate([used[:1].repeat(3), place.rng.choice(used, count - 3)])
    return np.broadcast_to(place.rng.permutation(numbers), place.shape)


def undone(name: str, own: Shape, whole: Shape, example: Array, shape: tuple[int, ...]) -> Item:
    """Something of shape `own` that went into a result of shape `whole`."""
    forward = ForwardPass(
        f"Y_{name} = A_{name} + C_{name}", upstream=f"Y_{name}", **{f"A_{name}": own, f"C_{name}": whole}
    )
    sheet = {"A": np.zeros(shape), "C": np.zeros(example.shape), "DY": example}
    shaped: Callable[..., tuple[int, ...]] = lambda e: e[f"A_{name}"].shape  # noqa: E731
    return Item(forward, ("A",), {"shape": shaped}, {"A": positive, "C": positive}, sheet)


UNDONE = {
    "row": undone("row", ("C",), ("K", "R", "C"), np.stack([DY, 3 * A]), (3,)),
    "kept": undone("kept", (1, "C"), ("R", "C"), DY, (1, 3)),
    "column": undone("column", ("R", 1), ("R", "C"), DY, (2, 1)),
    "scalar": undone("scalar", (), ("R", "C"), DY, ()),
}


def operation(  # noqa: PLR0913  a row of the table below
    name: str, op: str, text: str, by: str = "A", second: int = 0, own: Sampler = either_sign,
    shapes: tuple[Shape, Shape] = (("R", "C"), ("R", "C")), sheet: tuple[Array, ...] = (A, B, DY),
) -> Item:  # fmt: skip
    """Give one of the twelve operations."""
    text = text.replace("A", f"A_{name}").replace("B", f"B_{name}")
    used = {f"{each}_{name}": shape for each, shape in zip("AB", shapes, strict=True) if f"{each}_" in text}
    constants = {"op": op} | ({} if f"B_{name}" in used else {"B": second})
    second_one = repeated if op == "take" else either_sign
    public = dict(zip(("A", "B", "DY"), sheet, strict=True))
    forward = ForwardPass(f"Y_{name} = {text}", upstream=f"Y_{name}", **used)
    return Item(forward, tuple(by), constants, {"A": own, "B": second_one}, public)


ROWS = (("V", "C"), ("L",))
TWELVE = {
    "add": operation("add", "add", "A + B", "AB"),
    "sub": operation("sub", "sub", "A - B", "AB"),
    "mul": operation("mul", "mul", "A * B", "AB"),
    "div": operation("div", "div", "A / B", "AB"),
    "matmul": operation(
        "matmul", "matmul", "A @ B", "AB", shapes=(("R", "C"), ("C", "K")), sheet=(A, DY.T[:, :1], DY[:, :1])
    ),
    "take": operation(
        "take", "take", "gather(A, B)", shapes=ROWS, sheet=(B, np.array([1, 0, 1, 1]), np.vstack([DY, A]))
    ),
    "rows": operation("rows", "sum", "sum(A, axis=1)", second=1, sheet=(A, B, DY[:, 0])),
    "columns": operation("columns", "sum", "sum(A, axis=0)", second=0, sheet=(A, B, DY[0])),
    "pow": operation("pow", "pow", "A ** 3", second=3, own=positive, sheet=(abs(A), B, DY)),
    "exp": operation("exp", "exp", "exp(A)"),
    "log": operation("log", "log", "log(A)", own=positive, sheet=(abs(A), B, DY)),
    "tanh": operation("tanh", "tanh", "tanh(A)"),
    "relu": operation("relu", "relu", "relu(A)"),
}
HALF = dict.fromkeys(("add", "sub", "mul", "div", "matmul", "rows", "columns"), 0.5)

GRAPH = ForwardPass(
    """
    X = gather(E, i)
    Z = X @ W
    A = Z + b
    H = tanh(A)
    C = c * g
    Q = H * C
    R = Q + A
    U = exp(R)
    T = U ** 1.5
    F = R * R
    G = T - s
    M = F * G
    P = relu(M)
    J = log(g)
    L = P / g
    dead = 3 * b
    O = L * J
    S = sum(O)
    err = S * s
    """,
    E=("v", "d"), i=("n",), W=("d", "k"), b=("k",), c=("n", 1), g=(1, "k"), s=(),
)  # fmt: skip
ENGINE = Engine(GRAPH, "An engine", value=0.125, gradient=0.25, unreached=("dead",))


def mixed(known: Mapping[str, Array]) -> Mask:
    """Whether what goes into a function has both signs, so that one slope is told from another."""
    flat = [known[name].reshape(len(known[name]), -1) for name in "AR"]
    return np.all([(each.min(axis=1) < 0) & (each.max(axis=1) > 0) for each in flat], axis=0)


def graphs(seed: int) -> list[Instance]:
    """Draw numbers for the graph; on one set of them the class is asked to go back twice."""
    samplers: dict[str, Sampler] = dict.fromkeys("EWb", either_sign) | dict.fromkeys("cgs", positive)
    samplers["i"], by = repeated, list(ENGINE.leaves)
    public = draw(GRAPH, np.random.default_rng(0), by=by, sizes=GRAPHS[:1], samplers=samplers)
    hidden = draw(GRAPH, seed, by=by, sizes=GRAPHS, samplers=samplers, conditions={"both signs": mixed})
    sheet = [Instance(one.inputs, "the sheet's own graph", True, one.sizes) for one in public]
    return [ENGINE.instance(one, times=1 + (k == 1)) for k, one in enumerate([*sheet, *hidden])]


def tape(*parents: tuple[int, ...]) -> Tape:
    """Give one of the sheet's graphs, with slopes that are easy to follow."""
    rows = np.array([(*own, -1, -1)[:2] for own in parents])
    slopes = np.resize([3.0, -1.0, 0.5, 4.0, -2.0, 1.5], rows.shape)
    return rows, np.where(rows < 0, 0.0, slopes)


TAPES = Tapes(
    sizes=(1, 2, 3),
    public={
        "chain": tape((), (0,), (1,), (2,)),
        "diamond": tape((), (0,), (1,), (1,), (2,), (4,), (5, 3)),
        "thrice": tape((), (0, 0), (), (1, 2), (0, 2), (3, 4)),
        "unreached": tape((), (), (0,), (0, 2), (2, 1), (4, 2)),
    },
)

ASSIGNMENT = Assignment(
    name="04-an-engine-of-your-own",
    title="An engine of your own",
    exercises=(
        item_by_item(
            "exercise1", UNDONE, title="Broadcasting undone", given="DY, shape", marks=1.0, sizes=SIZES,
            single=True,
        ),
        item_by_item(
            "exercise2", TWELVE, title="Twelve operations", given="op, A, B, Y, DY", sizes=SIZES,
            marks={name: HALF.get(name, 1.0) for name in TWELVE},
        ),
        TAPES.exercise("exercise3", "The backward sweep", marks=1.5),
        ENGINE.exercise("Tensor", graphs),
    ),
    practice={"cross_entropy_of": "Tensor"},
)  # fmt: skip
