"""Wrong descents and slopes of a cubic: other curves, other losses kept, some parameters only."""

from __future__ import annotations

from tests.autograder.mutants.people import DESCENT, SLOPE
from tests.autograder.mutants.people_found_descent import wrong

RESIDUAL = "r = a + b * x + c * x**2 + d * x**3 - y"
SUMS = "return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"
CURVE = "a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3"
UPDATE = "a -= learning_rate * a.grad"
CLEAR = "    a.grad = None"
POWERS = "V = np.stack([x**0, x, x**2, x**3])\n"

FOUND = [
    wrong(
        SLOPE,
        "a lost parenthesis",
        "factor-on-one-term@residual",
        0,
        (RESIDUAL, "p = a + b * x + c * x**2 + d * x**3"),
        (SUMS, "return [np.sum((2 * p - y) * x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "sums multiplied",
        "summed-apart@b summed-apart@c summed-apart@d",
        2.5,
        (SUMS, "s = 2 * r.sum()\nreturn [s, s * x.sum(), s * (x**2).sum(), s * (x**3).sum()]"),
    ),
    wrong(
        SLOPE,
        "means multiplied",
        "mean-instead-of-sum@a summed-apart@b summed-apart@c summed-apart@d",
        0,
        (SUMS, "s = 2 * r.mean()\nreturn [s, s * x.mean(), s * (x**2).mean(), s * (x**3).mean()]"),
    ),
    wrong(
        SLOPE,
        "brackets around coefficient and x",
        "coefficient-in-bracket@residual",
        0,
        (RESIDUAL, "r = a + b * x + (c * x) ** 2 + (d * x) ** 3 - y"),
    ),
    wrong(
        SLOPE,
        "one coefficient twice",
        "wrong-term@residual",
        0,
        (RESIDUAL, RESIDUAL.replace("c * x**2", "b * x**2")),
    ),
    wrong(
        SLOPE,
        "the last point overwrites those before it",
        "one-data-point@c one-data-point@d",
        5,
        (SUMS, "return [2 * np.sum(r), 2 * np.sum(r * x), 2 * r[-1] * x[-1] ** 2, 2 * r[-1] * x[-1] ** 3]"),
    ),
    wrong(
        DESCENT,
        "minus behind the sign of equality",
        "another-descent@theta",
        7,
        (UPDATE, "a.copy_(-learning_rate * a.grad)"),
    ),
    wrong(SLOPE, "a power twice", "wrong-term@residual", 0, (RESIDUAL, RESIDUAL.replace("x**3", "x**2"))),
    wrong(SLOPE, "the residual's size", "sign-lost@residual", 0, (RESIDUAL, f"{RESIDUAL}\nr = np.abs(r)")),
    wrong(
        SLOPE,
        "forward differences",
        "slope-of-chord@a slope-of-chord@b slope-of-chord@c slope-of-chord@d",
        0,
        (
            SUMS,
            "def L(t):\n    return np.sum((t[0] + t[1] * x + t[2] * x**2 + t[3] * x**3 - y) ** 2)\n"
            "return [(L(theta + 0.01 * e) - L(theta)) / 0.01 for e in np.eye(4)]",
        ),
    ),
    wrong(
        SLOPE,
        "x as a column",
        "broadcast-targets@residual",
        0,
        (
            SUMS,
            "P = np.hstack([x[:, None] ** k for k in range(4)])\n"
            "return 2 * (P.T @ (P @ theta[:, None] - y)).sum(axis=1)",
        ),
    ),
    wrong(
        SLOPE,
        "targets as a column",
        "broadcast-targets@residual",
        0,
        (SUMS, f"{POWERS}return 2 * (V @ (theta @ V - y[:, None]).T).sum(axis=1)"),
    ),
    wrong(DESCENT, "a power twice", "wrong-term@losses", 8, (CURVE, CURVE.replace("x**3", "x**2"))),
    wrong(
        DESCENT,
        "the highest power first",
        "coefficients-reversed@losses",
        8,
        (CURVE, "a[3] + a[2] * x + a[1] * x**2 + a[0] * x**3"),
    ),
    wrong(DESCENT, "no constant term", "constant-left-out@losses", 8, (CURVE, CURVE.replace("a[0] + ", ""))),
    wrong(DESCENT, "y as a column", "broadcast-targets@losses", 8, ("- y)", "- y[:, None])")),
    wrong(
        DESCENT,
        "y as a column, and a mean",
        "broadcast-targets@losses mean-instead-of-sum@losses",
        8,
        ("- y)", "- y[:, None])"),
        ("torch.sum", "torch.mean"),
    ),
    wrong(
        DESCENT,
        "one step more",
        "too-many-steps@theta",
        7,
        ("range(steps)", "range(1, steps + 2)"),
    ),
    wrong(DESCENT, "one step less", "too-few-steps@theta", 7, ("range(steps)", "range(1, steps)")),
    wrong(
        DESCENT,
        "the last loss as well",
        "wrong-shape@losses",
        8,
        ("return a.detach()", f"losses.append(torch.sum(({CURVE} - y) ** 2).item())\nreturn a.detach()"),
    ),
    wrong(
        DESCENT,
        "losses now and then",
        "wrong-shape@losses",
        8,
        ("    losses.append(loss.item())", "    if _ % 100 == 99:\n        losses.append(loss.item())"),
    ),
    wrong(
        DESCENT,
        "one parameter forgotten",
        "not-updated@theta",
        7,
        (UPDATE, "a[:3] -= learning_rate * a.grad[:3]"),
    ),
    wrong(
        DESCENT,
        "one gradient never cleared",
        "gradients-accumulated-in-part@theta",
        7,
        (CLEAR, "    a.grad[:3] = 0"),
    ),
    wrong(
        DESCENT,
        "gradients cleared now and then",
        "gradients-cleared-late@theta",
        7,
        (CLEAR, "    if _ % 10 == 9:\n        a.grad = None"),
    ),
    wrong(DESCENT, "a number of steps of its own", "steps-ignored@theta", 0, ("range(steps)", "range(100)")),
    wrong(
        DESCENT,
        "a tutorial's numbers",
        "steps-ignored@theta wrong-learning-rate@theta",
        0,
        ("range(steps)", "range(100)"),
        (UPDATE, "a -= 1e-6 * a.grad"),
    ),
    wrong(
        DESCENT,
        "backward twice",
        "wrong-learning-rate@theta",
        7,
        ("    loss.backward()", "    loss.backward(retain_graph=True)\n    loss.backward()"),
    ),
]
