"""Wrong answers to assignment 02 that follow habits from elsewhere: other losses, rates, orders of things."""

from __future__ import annotations

from tests.autograder.mutants.people import DESCENT, LIMIT, SLOPE
from tests.autograder.mutants.people_by_descent import CLEAR, CURVE, RESIDUAL, SUMS, UPDATE
from tests.autograder.mutants.people_by_layer import all_of
from tests.autograder.mutants.people_by_other_data import LOSS, RATE
from tests.autograder.mutants.people_found_descent import wrong

PARTS = ("a", "b", "c", "d")
RETURN = "return a.detach(), losses"
BACKWARD = "    loss.backward()"
EIGENVALUES = "e = np.linalg.eigvalsh(H)"

FOUND = [
    # the gradient by hand
    wrong(
        SLOPE,
        "x standardised, and the mean",
        "input-changed@x mean-instead-of-sum@residual",
        0,
        (RESIDUAL, f"x = (x - np.mean(x)) / (np.std(x) + 1e-8)\n{RESIDUAL}"),
        (SUMS, "return [2 / len(x) * np.dot(r, x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "as many points as parameters",
        "input-changed@x input-changed@y",
        0,
        (
            SUMS,
            "g, m = np.zeros(4), len(theta)\nfor i in range(min(m, len(x))):\n"
            "    g += 2 * r[i] * x[i] ** np.arange(m)\nreturn g",
        ),
    ),
    wrong(
        SLOPE,
        "a penalty, and no factor two",
        f"missing-factor-two@residual {all_of('itself-added', PARTS)}",
        0,
        (SUMS, "return [np.sum(r * x**k) + 0.1 * theta[k] for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "a course's penalty, not on the constant, divided by the number of points",
        f"missing-factor-two@residual mean-instead-of-sum@residual {all_of('itself-added', PARTS[1:])}",
        0,
        (SUMS, "return [(np.sum(r * x**k) + 0.5 * (k > 0) * theta[k]) / len(x) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "a residual that is multiplied on and on",
        "wrong-powers@c wrong-powers@d",
        5,
        (SUMS, "g, out = 2 * r, []\nfor k in range(4):\n    g *= x**k\n    out.append(g.sum())\nreturn out"),
    ),
    wrong(
        SLOPE,
        "a parenthesis that closes too late",
        all_of("target-not-multiplied", PARTS[1:]),
        2.5,
        (RESIDUAL, "p = a + b * x + c * x**2 + d * x**3"),
        (SUMS, "return [-2 * np.sum(y - p * x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "what is held constant is left out",
        all_of("other-terms-left-out", PARTS),
        0,
        (SUMS, "return [2 * np.sum((theta[k] * x**k - y) * x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "what is held constant is left out, and no factor two",
        f"missing-factor-two@residual {all_of('other-terms-left-out', PARTS)}",
        0,
        (SUMS, "return [np.sum((theta[k] * x**k - y) * x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "times for powers in the curve, and no factor two",
        "wrong-term@residual missing-factor-two@residual",
        0,
        (RESIDUAL, RESIDUAL.replace("**", " * ")),
        (SUMS, "return [np.sum(r * x**k) for k in range(4)]"),
    ),
    wrong(
        SLOPE,
        "times for powers in the slopes",
        "wrong-powers@c wrong-powers@d",
        5,
        (SUMS, SUMS.replace("**", " * ")),
    ),
    wrong(
        SLOPE,
        "slopes under the parameters' names",
        all_of("unrecognised", PARTS[1:]),
        2.5,
        (
            SUMS,
            "a = 2 * np.sum(r)\nb = 2 * np.sum((a + b * x + c * x**2 + d * x**3 - y) * x)\n"
            "c = 2 * np.sum((a + b * x + c * x**2 + d * x**3 - y) * x**2)\n"
            "d = 2 * np.sum((a + b * x + c * x**2 + d * x**3 - y) * x**3)\nreturn [a, b, c, d]",
        ),
    ),
    wrong(
        SLOPE,
        "divided within the loop",
        all_of("unrecognised", PARTS[1:]),
        2.5,
        (
            SUMS,
            "g = np.zeros(4)\nfor i in range(len(x)):\n    g += 2 * r[i] * x[i] ** np.arange(4)\n"
            "    g[1:] /= len(x)\nreturn g",
        ),
    ),
    # the descent
    wrong(
        DESCENT,
        "the result of the update under another name",
        "update-not-kept@theta",
        7,
        (UPDATE, "after = a - learning_rate * a.grad"),
        (RETURN, "return after, losses"),
    ),
    wrong(
        DESCENT,
        "the learning rate twice",
        "wrong-learning-rate@theta",
        7,
        (BACKWARD, "    (learning_rate * loss).backward()"),
    ),
    wrong(
        DESCENT,
        "a rate that is divided again and again",
        "wrong-learning-rate@theta",
        7,
        (BACKWARD, f"{BACKWARD}\n    learning_rate = learning_rate / (1 + 1e-3 * _)"),
    ),
    wrong(
        DESCENT,
        "a rate that shrinks with the root of time",
        "wrong-learning-rate@theta",
        7,
        (UPDATE, "a -= learning_rate / (_ + 1) ** 0.5 * a.grad"),
    ),
    wrong(
        DESCENT,
        "a rate that shrinks by a tenth",
        "wrong-learning-rate@theta",
        7,
        (BACKWARD, f"{BACKWARD}\n    learning_rate *= 0.9"),
    ),
    wrong(
        DESCENT,
        "a rate that falls in stages",
        "unrecognised@theta unrecognised@losses",
        0,
        (UPDATE, "a -= learning_rate * 0.1 ** (_ // 2) * a.grad"),
    ),
    wrong(
        DESCENT,
        "running averages",
        "losses-added-up@losses",
        8,
        (RETURN, "return a.detach(), [sum(losses[: k + 1]) / (k + 1) for k in range(steps)]"),
    ),
    wrong(
        DESCENT,
        "a velocity that never decays",
        "another-descent@theta",
        7,
        ("losses = []", "losses = []\nv = torch.zeros(4)"),
        (UPDATE, "v = v + 0.9 * a.grad\n        a -= learning_rate * v"),
    ),
    wrong(
        DESCENT,
        "a layer's order of parameters, and the mean",
        "parameters-in-other-order@theta mean-instead-of-sum@losses",
        0,
        (LOSS, LOSS.replace("sum", "mean")),
        (RETURN, "return torch.cat([a[1:], a[:1]]).detach(), losses"),
    ),
    wrong(
        DESCENT,
        "the highest power's parameter first",
        "parameters-in-other-order@theta",
        7,
        (RETURN, "return a.detach().flip(0), losses"),
    ),
    wrong(
        DESCENT,
        "times for powers",
        "wrong-term@losses",
        8,
        (CURVE, CURVE.replace("**", " * ")),
    ),
    wrong(
        DESCENT,
        "the last point is left out",
        "input-changed@x input-changed@y",
        0,
        ("losses = []", "losses = []\nx, y = x[:-1], y[:-1]"),
    ),
    wrong(
        DESCENT,
        "four points at a time",
        "unrecognised@theta unrecognised@losses",
        0,
        (
            CLEAR,
            "    a.grad = None\n    for u, v in zip(x.split(4), y.split(4)):\n"
            "        w = a.detach().requires_grad_()\n"
            f"        torch.sum(({CURVE.replace('x', 'u').replace('a[', 'w[')} - v) ** 2).backward()\n"
            "        with torch.no_grad():\n            a -= learning_rate * w.grad",
        ),
    ),
    # the largest step
    wrong(
        LIMIT,
        "the last eigenvalue, unsorted",
        "wrong-eigenvalue@learning_rate",
        0,
        (EIGENVALUES, "e = np.linalg.eig(H)[0]"),
    ),
    wrong(
        LIMIT,
        "the first eigenvalue, unsorted, without the two",
        "wrong-eigenvalue@learning_rate wrong-scale@learning_rate",
        0,
        ("H = 2 * V.T @ V", "H = V.T @ V"),
        (EIGENVALUES, "e = np.linalg.eig(H)[0]"),
        (RATE, "return float(2 / e[0])"),
    ),
    wrong(
        LIMIT,
        "the second largest eigenvalue",
        "wrong-eigenvalue@learning_rate",
        0,
        (RATE, "return float(2 / e[-2])"),
    ),
    wrong(
        LIMIT,
        "how much longer one vector becomes",
        "unrecognised@learning_rate",
        0,
        (EIGENVALUES, "v = np.array([0.3, -0.8, 0.6, 0.1])\ne = [np.linalg.norm(H @ v) / np.linalg.norm(v)]"),
    ),
]
