"""Wrong answers to assignment 02 that were written down before the grader was asked.

They come from questions, bug reports and reviews that had not been looked at before. Those that had no name
then are all here, the ones that have none now among them, and those with two mistakes at once.
"""

from __future__ import annotations

from functools import partial

from tests.autograder.mutants.people import DESCENT, LIMIT, SLOPE, WHOLE, one_of

RIGHT = WHOLE


wrong = partial(one_of, RIGHT)

FOUND = (
    # 02
    wrong(
        SLOPE,
        "no intercept in the curve",
        "constant-left-out@residual",
        0,
        ("r = a + b * x + c * x**2 + d * x**3 - y", "r = b * x + c * x**2 + d * x**3 - y"),
    ),
    wrong(
        SLOPE,
        "polyval's order",
        "coefficients-reversed@residual",
        0,
        ("r = a + b * x + c * x**2 + d * x**3 - y", "r = np.polyval(theta, x) - y"),
    ),
    wrong(
        SLOPE,
        "c and d with the other sign",
        "wrong-sign@c wrong-sign@d",
        5,
        ("2 * np.sum(r * x**2)", "-2 * np.sum(r * x**2)"),
        ("2 * np.sum(r * x**3)", "-2 * np.sum(r * x**3)"),
    ),
    wrong(
        SLOPE,
        "sums multiplied",
        "wrong-scale@a summed-apart@b summed-apart@c summed-apart@d",
        0,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            "return [2 * np.sum(r) * np.sum(x**k) for k in range(4)]",
        ),
    ),
    wrong(
        SLOPE,
        "parentheses",
        ("prediction-not-multiplied@b prediction-not-multiplied@c prediction-not-multiplied@d"),
        2.5,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            (
                "q = r + y\n"
                "return [-2 * np.sum(y - q), -2 * np.sum(x * y - q), -2 * np.sum(x**2 * y - q), -"
                "2 * np.sum(x**3 * y - q)]"
            ),
        ),
    ),
    wrong(
        SLOPE,
        "the coefficients as well",
        "coefficient-kept@b coefficient-kept@c coefficient-kept@d",
        2.5,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            (
                "return [2 * np.sum(r), 2 * np.sum(r * b * x), 2 * np.sum(r * c * x**2), 2 * np.s"
                "um(r * d * x**3)]"
            ),
        ),
    ),
    wrong(
        SLOPE,
        "the step at once",
        "unrecognised@a unrecognised@b unrecognised@c unrecognised@d",
        0,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            (
                "g = np.array([2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum"
                "(r * x**3)])\n"
                "return theta - 1e-6 * g"
            ),
        ),
    ),
    wrong(
        SLOPE,
        "loss and gradient",
        "wrong-length@answer",
        0,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            (
                "return np.sum(r**2), [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 "
                "* np.sum(r * x**3)]"
            ),
        ),
    ),
    wrong(
        SLOPE,
        "x times two for x squared",
        "wrong-term@residual",
        0,
        ("r = a + b * x + c * x**2 + d * x**3 - y", "r = a + b * x + c * x*2 + d * x*3 - y"),
    ),
    wrong(
        SLOPE,
        "accumulated over coefficients",
        "unrecognised@b unrecognised@c unrecognised@d",
        2.5,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            (
                "g, out = 0, []\n"
                "for k in range(4):\n"
                "    g += 2 * np.sum(r * x**k)\n"
                "    out.append(g)\n"
                "return out"
            ),
        ),
    ),
    wrong(
        SLOPE,
        "wrong sign and mean",
        "wrong-sign@residual mean-instead-of-sum@residual",
        0,
        (
            ("return [2 * np.sum(r), 2 * np.sum(r * x), 2 * np.sum(r * x**2), 2 * np.sum(r * x**3)]"),
            "return [-2 * np.mean(r * x**k) for k in range(4)]",
        ),
    ),
    wrong(
        DESCENT,
        "a decaying rate",
        "wrong-learning-rate@theta",
        7,
        ("learning_rate * a.grad", "learning_rate / (_ + 1) * a.grad"),
    ),
    wrong(
        DESCENT,
        "momentum",
        "another-descent@theta",
        7,
        ("losses = []", "losses = []\nm = 0"),
        ("a -= learning_rate * a.grad", "m = 0.9 * m + a.grad\n        a -= learning_rate * m"),
    ),
    wrong(
        DESCENT,
        "Adam",
        "another-descent@theta",
        7,
        ("losses = []", "losses = []\nopt = torch.optim.Adam([a], lr=learning_rate)"),
        ("    with torch.no_grad():\n        a -= learning_rate * a.grad\n", "    opt.step()\n"),
    ),
    wrong(
        DESCENT,
        "losses and theta",
        "swapped-lists@answer",
        0,
        ("return a.detach(), losses", "return losses, a.detach()"),
    ),
    wrong(
        DESCENT,
        "twice the rate",
        "wrong-learning-rate@theta",
        7,
        ("learning_rate * a.grad", "2 * learning_rate * a.grad"),
    ),
    wrong(
        DESCENT,
        "the sheet's rate",
        "wrong-learning-rate@theta",
        7,
        ("learning_rate * a.grad", "1e-6 * a.grad"),
    ),
    wrong(
        DESCENT,
        "one coefficient after the other",
        "another-descent@theta",
        7,
        (
            (
                "    loss.backward()\n"
                "    with torch.no_grad():\n"
                "        a -= learning_rate * a.grad\n"
                "    a.grad = None\n"
            ),
            (
                "    for k in range(4):\n"
                "        l = torch.sum((a[0] + a[1] * x + a[2] * x**2 + a[3] * x**3 - y) ** 2)\n"
                "        l.backward()\n"
                "        with torch.no_grad():\n"
                "            a[k] -= learning_rate * a.grad[k]\n"
                "        a.grad = None\n"
            ),
        ),
    ),
    wrong(
        DESCENT,
        "the gradient's sign",
        "another-descent@theta",
        7,
        ("learning_rate * a.grad", "learning_rate * a.grad.sign()"),
    ),
    wrong(
        DESCENT,
        "summed losses",
        "losses-added-up@losses",
        8,
        ("losses.append(loss.item())", "losses.append(loss.item() + (losses[-1] if losses else 0))"),
    ),
    wrong(
        DESCENT,
        "clipped to norm one",
        "another-descent@theta",
        7,
        ("    with torch", "    torch.nn.utils.clip_grad_norm_([a], 1.0)\n    with torch"),
    ),
    wrong(
        DESCENT,
        "starts at zero",
        "wrong-start@theta",
        7,
        ("a = theta.clone().requires_grad_()", "a = torch.zeros(4, dtype=theta.dtype, requires_grad=True)"),
    ),
    wrong(
        DESCENT,
        "root of the loss",
        "wrong-error@losses",
        8,
        ("losses.append(loss.item())", "losses.append(loss.item() ** 0.5)"),
    ),
    wrong(
        DESCENT,
        "gradients kept, and a mean",
        "gradients-accumulated@theta mean-instead-of-sum@losses",
        0,
        ("    a.grad = None\n", ""),
        ("loss = torch.sum(", "loss = torch.mean("),
    ),
    wrong(
        LIMIT,
        "singular value of V",
        "wrong-eigenvalue@learning_rate",
        0,
        ("2 / e[-1]", "2 / np.linalg.svd(V)[1][0]"),
    ),
    wrong(LIMIT, "the best rate", "wrong-eigenvalue@learning_rate", 0, ("2 / e[-1]", "2 / (e[0] + e[-1])")),
    wrong(LIMIT, "the eigenvalue", "curvature-for-rate@learning_rate", 0, ("2 / e[-1]", "e[-1]")),
    wrong(
        LIMIT, "without powers", "wrong-eigenvalue@learning_rate", 0, ("[x**0, x, x**2, x**3]", "[x**0, x]")
    ),
)
