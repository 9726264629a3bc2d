"""Wrong answers to exercises with PyTorch and to assignment 02, as people write them."""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import MEAN, WHOLE, Written, changed, otherwise

TORCH = ("01", "exercise2")
SLOPE, DESCENT, LIMIT = ("02", "exercise1"), ("02", "exercise2"), ("02", "exercise3")


torched = partial(otherwise, TORCH, WHOLE[TORCH])
stepped = partial(otherwise, DESCENT, WHOLE[DESCENT])
cubic = partial(otherwise, SLOPE, WHOLE[SLOPE])


def limit(title: str, message: str, *edits: tuple[str, str]) -> Written:
    """A wrong limit of the learning rate."""
    return Written(title, LIMIT, changed(LIMIT, *edits), message, 0.0)


FORWARD = [
    torched(
        "backward inside",
        "backward-called@error",
        4,
        (f"return {MEAN}", f"err = {MEAN}\nerr.backward()\nreturn err"),
    ),
    torched(
        "squared in place",
        "changed-in-place@error",
        4,
        (f"return {MEAN}", "D = Y - T\nD *= D\nreturn D.mean()"),
    ),
    torched("a number", "not-a-tensor@error", 4, (MEAN, f"{MEAN}.item()")),
    torched("no record", "detached@error", 4, (MEAN, f"{MEAN}.detach()")),
    torched("no return", "returns-nothing@answer", 0, ("return torch", "err = torch")),
    torched("no mean", "not-scalar@error", 0, (MEAN, "(Y - T) ** 2")),
    torched("a sum", "sum-instead-of-mean@error", 6, (MEAN, "torch.sum((Y - T) ** 2)")),
    torched("half", "missing-factor-two@error", 6, (MEAN, f"0.5 * {MEAN}")),
    torched("(N,1) and (N,)", "broadcast-targets@error", 6, ("(Y - T)", "(Y.squeeze() - T)")),
    torched("no square", "wrong-error@error", 6, (MEAN, "torch.mean(Y - T)")),
    torched("Huber", "unknown-error@error", 6, (MEAN, "torch.nn.functional.smooth_l1_loss(Y, T)")),
    torched(
        "logits",
        "unknown-error@error",
        6,
        (MEAN, "torch.nn.functional.binary_cross_entropy_with_logits(Y, T)"),
    ),
    torched(
        "a mask at the end",
        "output-masked@error",
        6,
        ("range(3)", "range(4)"),
        ("Y = A @ W[3] + B[3]", "Y = A"),
    ),
    torched(
        "a sigmoid at the end",
        "wrong-activation@Y",
        6,
        ("Y = A @ W[3] + B[3]", "Y = torch.sigmoid(A @ W[3] + B[3])"),
    ),
    torched(
        "sigmoids",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        ("torch.relu", "torch.sigmoid"),
    ),
    torched(
        "tanh",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        ("torch.relu", "torch.tanh"),
    ),
    torched(
        "leaky",
        "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3",
        1.5,
        ("torch.relu(A @ W[k] + B[k])", "torch.nn.functional.leaky_relu(A @ W[k] + B[k], 0.1)"),
    ),
    torched(
        "linear",
        "missing-relu@A1 missing-relu@A2 missing-relu@A3",
        1.5,
        ("torch.relu(A @ W[k] + B[k])", "A @ W[k] + B[k]"),
    ),
    torched(
        "biases behind",
        "bias-after-activation@B1 bias-after-activation@B2 bias-after-activation@B3",
        1.5,
        ("torch.relu(A @ W[k] + B[k])", "torch.relu(A @ W[k]) + B[k]"),
    ),
    torched(
        "no biases",
        "missing-bias@B1 missing-bias@B2 missing-bias@B3 missing-bias@B4",
        3,
        (" + B[k]", ""),
        (" + B[3]", ""),
    ),
    torched("no bias at the end", "missing-bias@B4", 5.25, (" + B[3]", "")),
]

CURVES = [
    cubic("half", "missing-factor-two@residual", 0, ("2 * ", "")),
    cubic("a mean", "mean-instead-of-sum@residual", 0, ("np.sum", "np.mean")),
    cubic("N times", "wrong-scale@residual", 0, ("2 * ", "2 * len(x) * ")),
    cubic(
        "the derivative by x",
        "wrong-powers@b wrong-powers@c wrong-powers@d",
        2.5,
        ("2 * np.sum(r * x)", "2 * np.sum(r)"),
        ("2 * np.sum(r * x**2)", "4 * np.sum(r * x) / 2"),
        ("2 * np.sum(r * x**3)", "6 * np.sum(r * x**2)"),
    ),
    cubic(
        "y minus the curve",
        "wrong-sign@residual",
        0,
        ("r = a + b * x + c * x**2 + d * x**3 - y", "r = y - (a + b * x + c * x**2 + d * x**3)"),
    ),
    cubic("one slope N times", "wrong-scale@a", 7.5, ("[2 * np.sum(r),", "[2 * np.sum(r) * len(x),")),
    stepped("the gradient stays", "gradients-accumulated@theta", 7, ("    a.grad = None\n", "")),
    stepped(
        "cleared too early",
        "parameters-unchanged@theta",
        7,
        ("    loss.backward()\n", "    loss.backward()\n    a.grad.zero_()\n"),
    ),
    stepped(
        "not assigned",
        "parameters-unchanged@theta",
        7,
        ("        a -= learning_rate * a.grad\n", "        a - learning_rate * a.grad\n"),
    ),
    stepped("uphill", "wrong-direction@theta", 7, ("a -= ", "a += ")),
    stepped("the start comes back", "returns-start@theta", 7, ("return a.detach()", "return theta")),
    stepped(
        "means",
        "mean-instead-of-sum@losses",
        8,
        ("losses.append(loss.item())", "losses.append(loss.item() / len(x))"),
    ),
    stepped("a mean for a loss", "mean-instead-of-sum@losses", 8, ("torch.sum(", "torch.mean(")),
    stepped(
        "one step too few",
        "too-few-steps@theta",
        7,
        (
            "        a -= learning_rate * a.grad\n",
            "        if _ < steps - 1:\n            a -= learning_rate * a.grad\n",
        ),
    ),
    Written(
        "the start, and losses of nothing",
        DESCENT,
        "return theta.clone(), [0.0] * steps",
        "returns-start@theta zero@losses",
        0,
    ),
    stepped(
        "the input is watched",
        "mutates-input@theta",
        11.25,
        (
            "a = theta.clone().requires_grad_()",
            "a = theta.requires_grad_().clone().detach().requires_grad_()",
        ),
    ),
    limit("the smallest", "wrong-eigenvalue@learning_rate", ("e[-1]", "e[0]")),
    limit(
        "the first of eigh",
        "wrong-eigenvalue@learning_rate",
        ("e = np.linalg.eigvalsh(H)", "e = np.linalg.eigh(H)[0]"),
        ("e[-1]", "e[0]"),
    ),
    limit("half", "missing-factor-two@learning_rate", ("2 / e", "1 / e")),
    limit("a mean's", "mean-instead-of-sum@learning_rate", ("2 * V.T @ V", "2 * V.T @ V / len(x)")),
    limit("no return", "returns-nothing@answer", ("return float", "rate = float")),
]
