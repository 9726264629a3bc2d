"""Wrong answers to assignment 02 from a later trial, whose mistakes have names since."""

from __future__ import annotations

from tests.autograder.mutants.people import DESCENT, LIMIT, SLOPE
from tests.autograder.mutants.people_found_descent import wrong

RESIDUAL = "r = a + b * x + c * x**2 + d * x**3 - y"
SUMS = "return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"
LOSS = "loss = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)"
STEP = "    with torch.no_grad():\n        a -= learning_rate * a.grad\n"

FOUND = [
    # 02
    wrong(
        SLOPE,
        "squares summed with the powers",
        "square-not-differentiated@residual",
        0,
        (SUMS, "s = r * r\nreturn [2 * np.dot(s, x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "a penalty on the size",
        "itself-added@a itself-added@b itself-added@c itself-added@d",
        0,
        (SUMS, "g = [2 * np.sum(r * x**k) + 2 * 0.3 * theta[k] for k in range(4)]\nreturn g"),
    ),
    wrong(
        SLOPE,
        "a penalty on the slopes alone",
        "itself-added@b itself-added@c itself-added@d",
        2.5,
        (SUMS, "g = [2 * np.sum(r * x**k) + (k > 0) * 0.25 * theta[k] for k in range(4)]\nreturn g"),
    ),
    wrong(SLOPE, "a parabola", "term-left-out@residual", 0, (RESIDUAL, "r = a + b * x + c * x**2 - y")),
    wrong(
        SLOPE,
        "no quadratic term, and no two",
        "term-left-out@residual missing-factor-two@residual",
        0,
        (RESIDUAL, "r = (a + b * x + d * x**3 - y) / 2"),
    ),
    wrong(
        SLOPE,
        "a loop over data that starts at one",
        "point-left-out@residual",
        0,
        (
            SUMS,
            "g = np.zeros(4)\n"
            "for n in range(1, x.size):\n"
            "    g += 2 * r[n] * x[n] ** np.arange(4)\n"
            "return list(g)",
        ),
    ),
    wrong(
        SLOPE,
        "a slice that ends too early",
        "point-left-out@residual",
        0,
        (RESIDUAL, "x, y = x[:-1], y[:-1]\nr = a + b * x + c * x**2 + d * x**3 - y"),
    ),
    wrong(
        DESCENT,
        "one loss for all steps",
        "gradient-of-the-start@theta",
        7,
        (f"for _ in range(steps):\n    {LOSS}\n", f"{LOSS}\nfor _ in range(steps):\n"),
        ("loss.backward()", "loss.backward(retain_graph=True)"),
    ),
    wrong(
        DESCENT,
        "the first loss again and again",
        "losses-of-the-start@losses",
        8,
        ("losses.append(loss.item())", "losses.append(losses[0] if losses else loss.item())"),
    ),
    wrong(
        DESCENT,
        "one loss for all steps, with noise in the parameters",
        "losses-of-the-start@losses unrecognised@theta",
        0,
        (f"for _ in range(steps):\n    {LOSS}\n", f"{LOSS}\nfor _ in range(steps):\n"),
        ("loss.backward()", "loss.backward(retain_graph=True)"),
        ("learning_rate * a.grad", "learning_rate * a.grad * torch.tensor([1, 2, 3, 4])"),
    ),
    wrong(
        DESCENT,
        "the last line belongs to the loop",
        "stopped-early@losses",
        0,
        ("return a", "    return a"),
    ),
    wrong(
        DESCENT,
        "ends where the loss has fallen enough",
        "stopped-early@losses",
        0,
        (STEP, STEP + "    if loss < 0.7 * losses[0] or len(losses) > 2:\n        break\n"),
    ),
    wrong(
        DESCENT,
        "ends before the update where little is gained",
        "stopped-early@losses",
        0,
        (STEP, "    if len(losses) > 1 and losses[-1] > 0.5 * losses[-2]:\n        break\n" + STEP),
    ),
    wrong(
        DESCENT,
        "ends early, and uphill",
        "stopped-early@losses wrong-direction@theta",
        0,
        ("a -= learning", "a += learning"),
        ("    a.grad = None\n", "    a.grad = None\n    if losses[-1] > losses[0]:\n        break\n"),
    ),
    wrong(
        DESCENT,
        "decay from the optimiser",
        "another-descent@theta",
        7,
        ("losses = []", "losses = []\nopt = torch.optim.SGD([a], lr=learning_rate, weight_decay=0.13)"),
        (STEP, "    opt.step()\n"),
    ),
    wrong(
        DESCENT,
        "a point at a time",
        "another-descent@theta",
        7,
        ("losses = []", "losses = []\nxs, ys = x, y"),
        (LOSS, f"x, y = xs[_ % len(xs)], ys[_ % len(ys)]\n    {LOSS}"),
    ),
    wrong(
        DESCENT,
        "steps by a point, losses of all",
        "another-descent@theta",
        7,
        (
            "loss.backward()",
            "q = _ % len(y)\n    ((torch.stack([x**k for k in range(4)]).T @ a - y)[q] ** 2).backward()",
        ),
    ),
    wrong(
        LIMIT,
        "powers less their means",
        "wrong-eigenvalue@learning_rate",
        0,
        ("H = 2 * V.T @ V", "V = V - V.mean(axis=0)\nH = 2 * V.T @ V"),
    ),
]
