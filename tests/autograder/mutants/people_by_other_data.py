"""Wrong answers to assignments 01 and 02: changed data, penalties, slopes of others, measured slopes."""

from __future__ import annotations

from tests.autograder.mutants.people import ANSWER, BACK, DESCENT, LIMIT, SLOPE, TORCH, Written
from tests.autograder.mutants.people_by_layer import all_of
from tests.autograder.mutants.people_found_descent import wrong

LAST = f"return {ANSWER}"
WEIGHTS, BIASES, HIDDEN = (
    tuple(f"{kind}{k}" for k in numbers)
    for kind, numbers in (("DW", (4, 3, 2, 1)), ("DB", (4, 3, 2, 1)), ("DZ", (3, 2, 1)))
)
LAYER, OUTPUT = "A = torch.relu(A @ W[k] + B[k])", "Y = A @ W[3] + B[3]"
RESIDUAL = "r = a + b * x + c * x**2 + d * x**3 - y"
SUMS = "return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"
LOSS = "loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)"
UPDATE = "a -= learning_rate * a.grad"
RATE = "return float(2 / e[-1])"
MEASURED = """
def err(V, C):
    A = X
    for k in range(3):
        A = np.maximum(0, A @ V[k] + C[k])
    return np.mean((A @ V[3] + C[3] - T) ** 2)

V, C = [w.copy() for w in W], [b.copy() for b in B]
start, h, measured = err(V, C), 0.1, []
for P in (V, C):
    G = [np.zeros_like(p) for p in P]
    for p, g in zip(P, G):
        for i in np.ndindex(p.shape):
            p[i] += h
            g[i] = (err(V, C) - start) / h
            p[i] -= h
    measured.append(G)
return measured[0], measured[1]
"""
DOUBLED = """rate = 1e-8
while True:
    t = np.ones(4)
    for _ in range(200):
        t = t - rate * H @ t
    if not np.linalg.norm(t) < 1e3:
        return rate
    rate *= 2"""

FOUND = [
    # 01, by hand
    wrong(
        BACK,
        "one number for all weights of a layer",
        all_of("summed-over-all-axes", WEIGHTS),
        10,
        (LAST, f"DW1, DW2, DW3, DW4 = (np.full_like(D, D.sum()) for D in (DW1, DW2, DW3, DW4))\n{LAST}"),
    ),
    wrong(BACK, "the size of the difference", "sign-lost@DY", 15, ("(Y - T)", "np.abs(Y - T)")),
    wrong(BACK, "data centred first", "wrong-input@DW1", 17.5, ("X.T @ DZ1", "(X - X.mean(axis=0)).T @ DZ1")),
    wrong(
        BACK,
        "a penalty on the weights' sizes",
        all_of("itself-added", WEIGHTS),
        10,
        (
            LAST,
            f"DW1, DW2, DW3, DW4 = (D + 0.01 * np.sign(w) for D, w in zip((DW1, DW2, DW3, DW4), W))\n{LAST}",
        ),
    ),
    wrong(
        BACK,
        "errors shared out in proportion to the weights",
        all_of("weights-normalised", HIDDEN),
        5,
        ("N = len(X)", "N = len(X)\nV = [w / w.sum(axis=0) for w in W]"),
        ("DY @ W", "DY @ V"),
        ("DZ3 @ W", "DZ3 @ V"),
        ("DZ2 @ W", "DZ2 @ V"),
    ),
    Written("measured with a long step", BACK, MEASURED, all_of("slope-of-chord", WEIGHTS + BIASES), 0),
    wrong(
        BACK,
        "one list from behind",
        "reversed-order@answer",
        10,
        ("[DW1, DW2, DW3, DW4]", "[DW4, DW3, DW2, DW1]"),
    ),
    wrong(
        BACK,
        "a column of ones, and the wrong row cut off",
        all_of("unrecognised", WEIGHTS),
        10,
        ("A3.T @ DY,", "(np.c_[np.ones(N), A3].T @ DY)[:-1],"),
        ("A2.T @ DZ3,", "(np.c_[np.ones(N), A2].T @ DZ3)[:-1],"),
        ("A1.T @ DZ2,", "(np.c_[np.ones(N), A1].T @ DZ2)[:-1],"),
        ("X.T @ DZ1,", "(np.c_[np.ones(N), X].T @ DZ1)[:-1],"),
    ),
    wrong(
        BACK,
        "activations added to what is handed down",
        "unrecognised@DZ2",
        15,
        ("DZ3 @ W[2].T * (Z2 > 0)", "(DZ3 @ W[2].T + A2) * (Z2 > 0)"),
    ),
    wrong(
        BACK,
        "one mask that is narrowed from layer to layer",
        "unrecognised@DZ2 unrecognised@DZ1",
        10,
        ("(Z2 > 0)", "(Z3 > 0) * (Z2 > 0)"),
        ("(Z1 > 0)", "(Z3 > 0) * (Z2 > 0) * (Z1 > 0)"),
    ),
    wrong(
        BACK,
        "the first ten points",
        "unrecognised@DY",
        15,
        (
            "N = len(X)",
            "X, Z1, A1, Z2, A2 = (q[:10] for q in (X, Z1, A1, Z2, A2))\n"
            "Z3, A3, Y, T = (q[:10] for q in (Z3, A3, Y, T))\nN = len(X)",
        ),
    ),
    wrong(
        BACK,
        "gradients from the output on, inputs from the front",
        "wrong-shape@DW4 wrong-shape@DB4 unrecognised@DW3 unrecognised@DB3 wrong-upstream@DW2 "
        "wrong-upstream@DB2 wrong-shape@DW1 wrong-shape@DB1",
        0,
        (
            LAST,
            "D = [DY, DZ3, DZ2, DZ1]\nDW = [a.T @ d for a, d in zip([X, A1, A2, A3], D)]\n"
            "return DW, [d.sum(axis=0) for d in D]",
        ),
    ),
    # 01, with PyTorch
    wrong(
        TORCH,
        "biases in a library's layer, and once more",
        all_of("bias-added-twice", ("B4", "B3", "B2", "B1")),
        3,
        (LAYER, "A = torch.relu(torch.nn.functional.linear(A, W[k].T, B[k]) + B[k])"),
        (OUTPUT, "Y = torch.nn.functional.linear(A, W[3].T, B[3]) + B[3]"),
    ),
    wrong(
        TORCH,
        "thresholds for biases",
        all_of("difference-for-sum", ("Y", "Z3", "Z2", "Z1")),
        3,
        (" + B[k]", " - B[k]"),
        (" + B[3]", " - B[3]"),
    ),
    wrong(
        TORCH,
        "normalised over the units",
        "input-changed@Z1",
        1.5,
        (LAYER, "A = torch.relu(torch.nn.functional.layer_norm(A @ W[k] + B[k], (6,)))"),
    ),
    wrong(
        TORCH,
        "a softmax over one output",
        " ".join(f"zero@{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4))
        + " ignores-argument@W ignores-argument@B ignores-argument@X",
        0,
        (OUTPUT, "Y = torch.softmax(A @ W[3] + B[3], dim=1)"),
    ),
    # 02
    wrong(
        SLOPE, "x brought to one", "input-changed@x", 0, (RESIDUAL, f"x = x / np.abs(x).max()\n{RESIDUAL}")
    ),
    wrong(SLOPE, "targets centred", "input-changed@y", 0, (RESIDUAL, f"y = y - y.mean()\n{RESIDUAL}")),
    wrong(
        DESCENT,
        "the constant steps twice",
        "another-descent@theta",
        7,
        (UPDATE, f"{UPDATE}\n        a[0] -= learning_rate * a.grad[0]"),
    ),
    wrong(
        DESCENT,
        "slopes by hand, one of them copied",
        "another-descent@theta",
        7,
        (UPDATE, "a -= learning_rate * a.grad[[0, 1, 1, 3]]"),
    ),
    wrong(
        DESCENT, "a penalty in the loss", "penalty-added@losses", 8, (LOSS, f"{LOSS} + 0.1 * torch.sum(a**2)")
    ),
    wrong(
        DESCENT,
        "x standardised",
        "input-changed@x",
        0,
        ("losses = []", "losses = []\nx = (x - x.mean()) / x.std()"),
    ),
    wrong(
        LIMIT,
        "x brought to one",
        "input-changed@x",
        0,
        ("V = np", "x = x / np.abs(x).max()\nV = np"),
    ),
    wrong(LIMIT, "doubled until it diverges", "unrecognised@learning_rate", 0, (RATE, DOUBLED)),
]
