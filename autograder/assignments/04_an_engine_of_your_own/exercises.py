"""What is graded in `04-an-engine-of-your-own`: twelve operations, a sweep, an engine."""

from __future__ import annotations

import numpy as np

from autograder.computations.engine import Engine
from autograder.computations.tapes import Tapes
from autograder.exercise import Assignment
from autograder.forward_pass import ForwardPass
from autograder.instances.samplers import either_sign, positive, repeated
from autograder.instances.tapes import Tape
from autograder.invariants import nothing_is_lost as kept
from autograder.item_by_item import item_by_item
from autograder.operation_items import MATRIX, operation, undone

SIZES = [dict(zip("RCKVL", map(int, each), strict=True)) for each in ("35246", "23457", "52346", "46538")]
GRAPHS = [dict(zip("ndkv", map(int, each), strict=True)) for each in ("4325", "5423", "4236", "4523")]
DY = np.array([[1.0, -3.0, 0.5], [2.0, 4.0, -1.0]])
SHEET = np.array([[0.5, -1.5, 3.0], [1.0, -0.5, 2.5]]), np.array([[3.0, 0.5, -1.0], [-2.5, 1.5, 4.0]]), DY
UNDONE = {
    "row": undone("row", ("C",), ("K", "R", "C"), np.stack([DY, 3 * SHEET[0]]), (3,)),
    "kept": undone("kept", (1, "C"), ("R", "C"), DY, (1, 3)),
    "column": undone("column", ("R", 1), ("R", "C"), DY, (2, 1)),
    "scalar": undone("scalar", (), ("R", "C"), DY, ()),
}
PLUS, PRODUCT = (abs(SHEET[0]), *SHEET[1:]), (SHEET[0], DY.T[:, :1], DY[:, :1])
TAKEN = DY, np.array([1, 0, 1, 1]), np.vstack(SHEET[:2])
TWELVE = {
    "add": operation("add", "A + B", "AB", sheet=SHEET),
    "sub": operation("sub", "A - B", "AB", sheet=SHEET),
    "mul": operation("mul", "A * B", "AB", sheet=SHEET),
    "div": operation("div", "A / B", "AB", sheet=SHEET),
    "matmul": operation("matmul", "A @ B", "AB", shapes=(MATRIX, ("C", "K")), sheet=PRODUCT),
    "take": operation("take", "gather(A, B)", B=repeated, shapes=(("V", "C"), ("L",)), sheet=TAKEN),
    "rows": operation("rows", "sum(A, axis=1)", op="sum", second=1, sheet=(*SHEET[:2], DY[:, 0])),
    "columns": operation("columns", "sum(A, axis=0)", op="sum", second=0, sheet=(*SHEET[:2], DY[0])),
    "pow": operation("pow", "A ** 3", second=3, A=positive, sheet=PLUS),
    "exp": operation("exp", "exp(A)", sheet=SHEET),
    "log": operation("log", "log(A)", A=positive, sheet=PLUS),
    "tanh": operation("tanh", "tanh(A)", sheet=SHEET),
    "relu": operation("relu", "relu(A)", sheet=SHEET),
}  # fmt: skip
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
ENGINE = Engine(GRAPH, "An engine", value=0.125, gradient=0.25, unreached=("dead",), mixed=("A", "R"))


SAMPLERS = dict.fromkeys("EWb", either_sign) | dict.fromkeys("cgs", positive) | {"i": repeated}


def tape(*parents: tuple[int, ...]) -> Tape:
    """Return one of the sheet's graphs, with slopes that are easy to follow."""
    rows = np.array([(*own, -1, -1)[:2] for own in parents])
    slopes = np.resize([3.0, -1.0, 0.5, 4.0, -2.0, 1.5], rows.shape)
    return rows, np.where(rows < 0, 0.0, slopes)


TAPES = Tapes(
    sizes=(1, 2, 2, 3),
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
            "exercise1", UNDONE, title="Broadcasting undone", given="DY, shape", marks=1.0,
            sizes=[*SIZES, {"R": 3, "C": 3, "K": 2}], single=True,
            invariants=[kept(f"DA_{name}", f"DY{k}") for k, name in enumerate(UNDONE, 1)],
        ),
        item_by_item(
            "exercise2", TWELVE, title="Twelve operations", given="op, A, B, Y, DY", sizes=SIZES,
            marks={name: HALF.get(name, 1.0) for name in TWELVE},
        ),
        TAPES.exercise("exercise3", "The backward sweep", marks=1.5),
        ENGINE.exercise("Tensor", GRAPHS, SAMPLERS),
    ),
    practice={"cross_entropy_of": "Tensor"},
)  # fmt: skip
