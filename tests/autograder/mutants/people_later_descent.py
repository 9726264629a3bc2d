"""Wrong answers to assignment 02 from a later trial, whose mistakes have names since."""

from __future__ import annotations

from tests.autograder.mutants.people import SLOPE
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
        (SUMS, "g = [2 * np.sum(r * x**k) + (k > 0) * 0.02 * theta[k] for k in range(4)]\nreturn g"),
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
]
