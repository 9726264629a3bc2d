"""Wrong answers as people write them: what stands in public questions, rewritten in our signatures.

They share nothing with the grader. Each says what is to be told of it, name and place, and what it earns;
where no name is known yet, `unrecognised` and where the explained part ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial


@dataclass(frozen=True)
class Written:
    """An answer that somebody might hand in."""

    title: str
    exercise: tuple[str, str]
    code: str
    """The function's lines."""
    told: str
    """`name@place`, several with blanks between, in any order."""
    score: float


BACK, TORCH = ("01", "exercise1"), ("01", "exercise2")
SLOPE, DESCENT, LIMIT = ("02", "exercise1"), ("02", "exercise2"), ("02", "exercise3")
PARTS = tuple(f"D{kind}{k}" for kind in "WB" for k in (1, 2, 3, 4))
HEADS = {
    BACK: "def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):",
    TORCH: "def exercise2(W, B, X, T):",
    SLOPE: "def exercise1(theta, x, y):",
    DESCENT: "def exercise2(theta, x, y, learning_rate, steps):",
    LIMIT: "def exercise3(x):",
}

PASS = """
N = len(X)
DY = 2 * (Y - T) / N
DW4, DB4 = A3.T @ DY, DY.sum(axis=0)
DZ3 = DY @ W[3].T * (Z3 > 0)
DW3, DB3 = A2.T @ DZ3, DZ3.sum(axis=0)
DZ2 = DZ3 @ W[2].T * (Z2 > 0)
DW2, DB2 = A1.T @ DZ2, DZ2.sum(axis=0)
DZ1 = DZ2 @ W[1].T * (Z1 > 0)
DW1, DB1 = X.T @ DZ1, DZ1.sum(axis=0)
return [DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]
"""
LOOP = """
A = X
for k in range(3):
    A = torch.relu(A @ W[k] + B[k])
Y = A @ W[3] + B[3]
return torch.mean((Y - T) ** 2)
"""
CUBIC = """
a, b, c, d = theta
r = a + b * x + c * x**2 + d * x**3 - y
return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]
"""
STEPS = """
a = theta.clone().requires_grad_()
losses = []
for _ in range(steps):
    loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)
    losses.append(loss.item())
    loss.backward()
    with torch.no_grad():
        a -= learning_rate * a.grad
    a.grad = None
return a.detach(), losses
"""
HESSIAN = """
V = np.stack([x**0, x, x**2, x**3], axis=1)
H = 2 * V.T @ V
e = np.linalg.eigvalsh(H)
return float(2 / e[-1])
"""
WHOLE = {BACK: PASS, TORCH: LOOP, SLOPE: CUBIC, DESCENT: STEPS, LIMIT: HESSIAN}


def changed(exercise: tuple[str, str], *edits: tuple[str, str]) -> str:
    """The right lines of an exercise with some of them written otherwise."""
    return edited(WHOLE[exercise], *edits)


def edited(code: str, *edits: tuple[str, str]) -> str:
    """Lines with some of them written otherwise."""
    for old, new in edits:
        if old not in code:
            raise ValueError(old)
        code = code.replace(old, new)
    return code


def otherwise(
    exercise: tuple[str, str], right: str, title: str, told: str, score: float, *edits: tuple[str, str]
) -> Written:
    """A right answer with some of its lines written otherwise."""
    return Written(title, exercise, edited(right, *edits), told, score)


def one_of(
    right: Mapping[tuple[str, str], str],
    exercise: tuple[str, str],
    title: str,
    told: str,
    score: float,
    *edits: tuple[str, str],
) -> Written:
    """The same of the right answer to one of several exercises."""
    return otherwise(exercise, right[exercise], title, told, score, *edits)


back = partial(otherwise, BACK, WHOLE[BACK])


def error(title: str, told: str, score: float, line: str) -> Written:
    """A backward pass that begins with another DY."""
    return back(title, told, score, ("DY = 2 * (Y - T) / N", line))


def everywhere(name: str, kinds: str = "WB") -> str:
    """The same at every part."""
    return " ".join(f"{name}@{part}" for part in PARTS if part[1] in kinds)


AVERAGED = """DW1, DW2, DW3, DW4 = (D / N for D in (DW1, DW2, DW3, DW4))
DB1, DB2, DB3, DB4 = (D / N for D in (DB1, DB2, DB3, DB4))
"""
STEPPED = """DW1, DW2, DW3, DW4 = (w - 0.1 * D for w, D in zip(W, (DW1, DW2, DW3, DW4)))
DB1, DB2, DB3, DB4 = (b - 0.1 * D for b, D in zip(B, (DB1, DB2, DB3, DB4)))
"""
ANSWER, MEAN = "[DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]", "torch.mean((Y - T) ** 2)"
UNMASKED = """DA3 = DY @ W[3].T
DZ3 = DA3 * (Z3 > 0)"""

BACKWARD = [
    error("the two is forgotten", "missing-factor-two@DY", 15, "DY = (Y - T) / N"),
    error("neither two nor mean", "missing-factor-two@DY sum-instead-of-mean@DY", 15, "DY = Y - T"),
    error("a sum", "sum-instead-of-mean@DY", 15, "DY = 2 * (Y - T)"),
    error("the wrong way round", "wrong-sign@DY", 15, "DY = 2 * (T - Y) / N"),
    error("cs231n's descent at once", "wrong-scale@DY", 15, "DY = -0.1 * 2 * (Y - T) / N"),
    error("the sheet's 64", "hard-coded-size@DY", 15, "DY = 2 * (Y - T) / 64"),
    error("half, and the sheet's 64", "hard-coded-size@DY missing-factor-two@DY", 15, "DY = (Y - T) / 64"),
    error("divided by the width", "wrong-scale@DY", 15, "DY = 2 * (Y - T) / X.shape[1]"),
    error("N times and not divided", "wrong-scale@DY", 15, "DY = N * 2 * (Y - T)"),
    error("N - 1", "wrong-scale@DY", 15, "DY = 2 * (Y - T) / (N - 1)"),
    error("integer division", "unrecognised@DY", 15, "DY = 2 * (Y - T) // N"),
    error("clipped", "unrecognised@DY", 15, "DY = 2 * np.clip(Y - T, -0.3, 0.3) / N"),
    error("standardised", "unrecognised@DY", 15, "DY = 2 * (Y - T) / np.std(Y - T) / N"),
    error("Huber", "wrong-error@DY", 15, "DY = np.clip(Y - T, -1, 1) / N"),
    error("log-cosh", "wrong-error@DY", 15, "DY = np.tanh(Y - T) / N"),
    error("absolute", "wrong-error@DY", 15, "DY = np.where(Y > T, 1.0, -1.0) / N"),
    error("the error's own value", "wrong-error@DY", 15, "DY = np.full_like(Y, np.mean((Y - T) ** 2))"),
    error("the square", "wrong-error@DY", 15, "DY = (Y - T) ** 2 / N"),
    error("the root", "wrong-error@DY", 15, "DY = (Y - T) / N / np.sqrt(np.mean((Y - T) ** 2))"),
    error("a classifier's", "wrong-error@DY", 15, "DY = (Y - T) / (Y * (1 - Y)) / N"),
    error("logits", "wrong-error@DY", 15, "DY = (1 / (1 + np.exp(-Y)) - T) / N"),
    error("a sigmoid's slope at the end", "output-activated@DY", 15, "DY = 2 * (Y - T) * Y * (1 - Y) / N"),
    error("a tanh's slope at the end", "output-activated@DY", 15, "DY = 2 * (Y - T) * (1 - Y**2) / N"),
    error("a mask at the end", "output-masked@DY", 15, "DY = 2 * (Y - T) / N * (Y > 0)"),
    error("the mean of the residuals", "averaged@DY", 17.5, "DY = 2 * np.mean(Y - T) * np.ones_like(Y) / N"),
    error("broadcast", "broadcast-targets@DY", 17.5, "DY = 2 * (Y - T[:, 0]).mean(axis=1)[:, None] / N"),
    error(
        "the last point", "one-data-point@DY", 15, "DY = 2 * (Y - T) / N * (np.arange(N) == N - 1)[:, None]"
    ),
    error("mean(Y) - T", "unrecognised@DY", 15, "DY = Y.mean() - T"),
    back("no mask in layer 2", "missing-relu-mask@DZ2", 15, ("W[2].T * (Z2 > 0)", "W[2].T")),
    back(
        "no mask anywhere",
        "missing-relu-mask@DZ3 missing-relu-mask@DZ2 missing-relu-mask@DZ1",
        5,
        *((f" * (Z{k} > 0)", "") for k in (1, 2, 3)),
    ),
    back(
        "the mask of the layer above", "wrong-relu-mask@DZ2", 15, ("W[2].T * (Z2 > 0)", "W[2].T * (Z3 > 0)")
    ),
    back(
        "masks of what the gradient is",
        "relu-of-gradient@DZ3",
        15,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", "DZ3 = DY @ W[3].T\nDZ3 = DZ3 * (DZ3 > 0)"),
    ),
    back("a sigmoid's slope", "wrong-slope@DZ3", 15, ("(Z3 > 0)", "A3 * (1 - A3)")),
    back(
        "a sigmoid's slope everywhere",
        "wrong-slope@DZ3 wrong-slope@DZ2 wrong-slope@DZ1",
        5,
        *((f"(Z{k} > 0)", f"A{k} * (1 - A{k})") for k in (1, 2, 3)),
    ),
    back(
        "a sigmoid's slope of Z", "wrong-slope@DZ2", 15, ("(Z2 > 0)", "np.exp(-Z2) / (1 + np.exp(-Z2)) ** 2")
    ),
    back("a tanh's slope", "wrong-slope@DZ2", 15, ("(Z2 > 0)", "(1 - A2**2)")),
    back("a leaky slope", "leaky-relu-mask@DZ1", 15, ("(Z1 > 0)", "np.where(Z1 > 0, 1, 0.01)")),
    back("a leakier slope", "leaky-relu-mask@DZ3", 15, ("(Z3 > 0)", "np.where(Z3 > 0, 1, 0.2)")),
    back("times A", "activation-instead-of-derivative@DZ3", 15, ("(Z3 > 0)", "A3")),
    back("times relu(Z)", "activation-instead-of-derivative@DZ2", 15, ("(Z2 > 0)", "np.maximum(0, Z2)")),
    back("only where A > 1", "wrong-slope@DZ2", 15, ("(Z2 > 0)", "(A2 > 1)")),
    back("masks of units, not of points", "wrong-relu-mask@DZ2", 15, ("(Z2 > 0)", "(Z2.mean(axis=0) > 0)")),
    back(
        "clipped for safety", "unrecognised@DZ2", 15, ("(Z2 > 0)", "(Z2 > 0)\nDZ2 = np.clip(DZ2, -0.1, 0.1)")
    ),
    back("not transposed", "weights-not-transposed@DZ2", 15, ("DZ3 @ W[2].T", "DZ3 @ W[2]")),
    back("an index too low", "wrong-weights@DZ2", 15, ("DZ3 @ W[2].T", "DZ3 @ W[1].T")),
    back("past the weights", "weights-left-out@DZ2", 15, ("DZ3 @ W[2].T", "DZ3")),
    back("a layer skipped", "wrong-upstream@DZ1", 15, ("DZ2 @ W[1].T", "DZ3 @ W[1].T")),
    back(
        "goes on with what is not masked",
        "wrong-upstream@DZ2",
        15,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", UNMASKED),
        ("DZ3 @ W[2].T", "DA3 @ W[2].T"),
    ),
    back(
        "collects what is not masked",
        "missing-relu-mask@DW3 missing-relu-mask@DB3",
        15,
        ("DZ3 = DY @ W[3].T * (Z3 > 0)", UNMASKED),
        ("A2.T @ DZ3, DZ3.sum", "A2.T @ DA3, DA3.sum"),
    ),
    back(
        "steps on the way",
        "weights-updated@DZ3",
        15,
        ("DZ3 = DY @", "W = list(W)\nW[3] = W[3] - 0.01 * DW4\nDZ3 = DY @"),
    ),
    back("the same layer's A", "wrong-input@DW3", 17.5, ("A2.T @ DZ3", "A3.T @ DZ3")),
    back("Z for A", "pre-activation-as-input@DW2", 17.5, ("A1.T @ DZ2", "Z1.T @ DZ2")),
    back("the other product", "transposed@DW2", 17.5, ("A1.T @ DZ2", "DZ2.T @ A1")),
    back(
        "the quantity above",
        "wrong-upstream@DW2 wrong-upstream@DB2",
        15,
        ("A1.T @ DZ2, DZ2.", "A1.T @ DZ3, DZ3."),
    ),
    back("Ng's 1/m once more", "mean-twice@DY", 15, ("return [DW1", AVERAGED + "return [DW1")),
    back("means for biases", everywhere("mean-twice", "B"), 10, (".sum(axis=0)", ".mean(axis=0)")),
    back("keepdims", everywhere("extra-axis", "B"), 10, (".sum(axis=0)", ".sum(axis=0, keepdims=True)")),
    back("no axis", everywhere("summed-over-all-axes", "B"), 10, (".sum(axis=0)", ".sum()")),
    back(
        "one sum for all units",
        "summed-over-all-axes@DB3",
        17.5,
        ("DZ3.sum(axis=0)", "np.sum(DZ3) * np.ones(6)"),
    ),
    back("a loop that assigns", "one-data-point@DB3", 17.5, ("DZ3.sum(axis=0)", "DZ3[-1]")),
    back(
        "biases forgotten",
        "zero@DB1 zero@DB2 zero@DB3 zero@DB4",
        10,
        ("[DB1, DB2, DB3, DB4]", "[0 * b for b in B]"),
    ),
    back(
        "a table of stubs",
        " ".join(f"zero@DB{k} constant@DW{k}" for k in (1, 2, 3, 4)),
        0,
        (ANSWER, "[w**0 for w in W], [0 * b for b in B]"),
    ),
    back(
        "last layer first", "reversed-order@answer", 0, (ANSWER, "[DW4, DW3, DW2, DW1], [DB4, DB3, DB2, DB1]")
    ),
    back("biases first", "swapped-lists@answer", 0, (ANSWER, "[DB1, DB2, DB3, DB4], [DW1, DW2, DW3, DW4]")),
    back("the step taken", "returns-updated-parameters@answer", 0, ("return [DW1", STEPPED + "return [DW1")),
    back("the parameters", "returns-parameters@answer", 0, (ANSWER, "W, B")),
    back("no return", "returns-nothing@answer", 0, ("return [DW1", "result = [DW1")),
    back("weight decay", "itself-added@DW2", 17.5, ("A1.T @ DZ2", "A1.T @ DZ2 + 0.5 * W[1]")),
]
