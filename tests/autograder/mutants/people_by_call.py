"""Wrong answers whose mistake lies in how a function is called, or in how it hands over its answer."""

from __future__ import annotations

from tests.autograder.mutants.people import ANSWER, BACK, DESCENT, SLOPE, TORCH
from tests.autograder.mutants.people_attention import SCALED, SOFTMAX, one
from tests.autograder.mutants.people_found_descent import wrong
from tests.autograder.mutants.people_softmax import network, softmax

UNPACKED = "a, b, c, d = theta"

FOUND = [
    wrong(
        DESCENT,
        "losses before parameters",
        "swapped-lists@answer",
        0,
        ("return a.detach(), losses", "return losses, a.detach()"),
    ),
    softmax(
        "the error before the probabilities", "swapped-lists@answer", 0, ("return P, err", "return err, P")
    ),
    network(
        "DZ2 last",
        "swapped-lists@answer",
        0,
        ("return DZ2, [DW1, DW2], [DB1, DB2]", "return [DW1, DW2], [DB1, DB2], DZ2"),
    ),
    network(
        "DZ2 last, and another mistake",
        "swapped-lists@answer wrong-scale@DW1",
        0,
        ("return DZ2, [DW1, DW2], [DB1, DB2]", "return [2.5 * DW1, DW2], [DB1, DB2], DZ2"),
    ),
    wrong(
        DESCENT,
        "parameters alone",
        "wrong-length@answer",
        0,
        ("return a.detach(), losses", "return a.detach()"),
    ),
    wrong(
        BACK,
        "a pair for each layer",
        "wrong-length@answer",
        0,
        (ANSWER, "list(zip([DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]))"),
    ),
    network(
        "the sheet's ten classes",
        "raised@answer",
        0,
        ("T = np.eye(P.shape[1])[t]", "T = np.eye(10)[t]"),
    ),
    softmax(
        "the axis of the maximum is lost",
        "raised@answer",
        0,
        ("Z.max(axis=1, keepdims=True)", "Z.max(axis=1)"),
    ),
    softmax("rounded", "rounded@P", 3, ("return P, err", "return np.round(P, 4), err")),
    softmax("rounded to three", "rounded@P", 3, ("return P, err", "return P.round(3), err")),
    # arguments that are not used
    wrong(
        SLOPE,
        "targets of the sheet",
        "ignores-argument@y",
        0,
        ("a, b, c, d = theta", f"{UNPACKED}\ny = np.sin(x)"),
    ),
    wrong(
        DESCENT,
        "data of a tutorial",
        "ignores-argument@x ignores-argument@y",
        0,
        ("losses = []", "losses = []\nx = torch.linspace(-np.pi, np.pi, 2000)\ny = torch.sin(x)"),
    ),
    wrong(
        DESCENT,
        "a start of its own",
        "ignores-argument@theta",
        0,
        ("a = theta.clone()", "torch.manual_seed(0)\na = torch.randn(4)"),
    ),
    wrong(DESCENT, "a fixed number of steps", "steps-ignored@theta", 0, ("range(steps)", "range(40)")),
    wrong(
        DESCENT,
        "the sheet's learning rate and number of steps",
        "steps-ignored@theta wrong-learning-rate@theta",
        0,
        ("range(steps)", "range(50)"),
        ("a -= learning_rate * a.grad", "a -= 1e-6 * a.grad"),
    ),
    wrong(
        TORCH,
        "layers of its own",
        "ignores-argument@W ignores-argument@B",
        0,
        (
            "A = X\nfor k in range(3):\n    A = torch.relu(A @ W[k] + B[k])\nY = A @ W[3] + B[3]",
            "torch.manual_seed(0)\n"
            "hidden = [torch.nn.Sequential(torch.nn.Linear(n, 6), torch.nn.ReLU()) for n in (4, 6, 6)]\n"
            "Y = torch.nn.Sequential(*hidden, torch.nn.Linear(6, 1))(X)",
        ),
    ),
    # what is left or kept
    wrong(
        DESCENT,
        "a new tensor for the parameters",
        "gradient-of-a-result@answer",
        0,
        (
            "    with torch.no_grad():\n        a -= learning_rate * a.grad\n    a.grad = None",
            "    a = a - learning_rate * a.grad",
        ),
    ),
    wrong(
        BACK,
        "lists that outlive a call",
        "not-deterministic@answer",
        0,
        (
            "return [DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]",
            "global kept\n"
            "if 'kept' not in globals():\n"
            "    kept = [], []\n"
            "kept[0].extend((DW1, DW2, DW3, DW4))\n"
            "kept[1].extend((DB1, DB2, DB3, DB4))\n"
            "return kept",
        ),
    ),
    wrong(
        TORCH,
        "goes back itself",
        "gradients-left@error",
        10,
        (
            "return torch.mean((Y - T) ** 2)",
            "err = torch.mean((Y - T) ** 2)\nerr.backward(retain_graph=True)\nreturn err",
        ),
    ),
    # said of the array that it is, and not of another
    wrong(
        BACK,
        "a bare number for the only unit",
        "summed-over-all-axes@DB4",
        17.5,
        ("DY.sum(axis=0)", "DY.sum()"),
    ),
    wrong(
        TORCH,
        "all biases of a layer for each unit",
        "bias-summed@Z1 bias-summed@Z2 bias-summed@Z3",
        1.5,
        ("B[k])", "B[k].sum())"),
    ),
    # zeros behind others
    one("nothing comes through the softmax", "zero@DS", 3, (SOFTMAX, "DS = 0 * P")),
    one("nothing scaled", "zero@DR", 7, (SCALED, "DR = np.zeros_like(DS)")),
]
