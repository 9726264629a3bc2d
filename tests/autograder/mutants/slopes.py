"""Wrong answers to exercise 1 of assignment 02: a cubic's gradient."""

from __future__ import annotations

from tests.autograder.mutants.planted import Task, columns, mistakes

COEFFICIENTS = columns("""
name  k  term  less  p1  p2  p3  p4  p5  p6
a     0  -     -     1   2   3   4   5   6
b     1  b     -     0   2   3   4   5   6
c     2  c     1     0   1   3   4   5   6
d     3  d     2     0   1   2   4   5   6
""")
"""Of each coefficient its power, and powers of others."""
SLOPES = Task(
    """
def exercise1(theta, x, y):
    prediction = theta[0] + theta[1] * x + theta[2] * x**2 + theta[3] * x**3
    residual = prediction - y
    a = 2 * np.sum(residual)
    b = 2 * np.sum(residual * x)
    c = 2 * np.sum(residual * x**2)
    d = 2 * np.sum(residual * x**3)
    return [a, b, c, d]
""",
    marks=dict.fromkeys("abcd", 2.5),
    lost=dict.fromkeys(("residual", "x", "y"), "a b c d"),
    planted=mistakes(
        """
missing-factor-two@residual         0.5 * right
wrong-sign@residual                 -right
wrong-scale@residual                3 * right
mean-instead-of-sum@residual        1 / len(x) * right
wrong-error@residual                np.sign(right)
wrong-error@residual                np.sign(right) / 2
wrong-error@residual                prediction
square-not-differentiated@residual  right ** 2
coefficients-reversed@residual      np.polyval(theta, x) - y
term-left-out@residual              prediction - theta[2] * x**2 - y
wrong-term@residual                 prediction + theta[3] * (x - x**3) - y
coefficient-in-bracket@residual     prediction + (theta[2] ** 2 - theta[2]) * x**2 - y
factor-on-one-term@residual         prediction - y / 2
factor-on-one-term@residual         prediction / 2 - y
sum-for-difference@residual         prediction + y
sign-lost@residual                  np.abs(right)
broadcast-targets@residual          (prediction[:, None] - y).sum(axis=1)
broadcast-targets@residual          (prediction[:, None] - y).sum(axis=0)
input-changed@x                     x / np.abs(x).max()
input-changed@x+input-changed@y     x = x[:4]; y = y[:4]
input-changed@x+wrong-sign@residual x = x - x.mean(); residual = -right
itself-added@a+itself-added@b+itself-added@c+itself-added@d+missing-factor-two@residual
    residual = 0.5 * right; answer = 0.3 * theta + np.array(right)
constant-left-out@residual          prediction - theta[0] - y
coefficient-kept@b                  2 * np.sum(residual * theta[1] * x)
coefficient-kept@d                  2 * np.sum(residual * theta[3] * x**3)

missing-factor-two@{name}   right / 2
wrong-sign@{name}           -right
wrong-scale@{name}          3 * right
mean-instead-of-sum@{name}  right / len(x)
wrong-powers@{name}          2 * np.sum(residual * x**{p1})
wrong-powers@{name}          2 * np.sum(residual * x**{p2})
wrong-powers@{name}          2 * np.sum(residual * x**{p3})
wrong-powers@{name}          2 * np.sum(residual * x**{p4})
wrong-powers@{name}          2 * np.sum(residual * x**{p5})
wrong-powers@{name}          2 * np.sum(residual * x**{p6})
zero@{name}         0.0
wrong-shape@{name}  2 * residual * x**{k}

target-not-multiplied@{term}  2 * np.sum(prediction * x**{k} - y)
summed-apart@{term}           2 * np.sum(residual) * np.sum(x**{k})

other-terms-left-out@{name}  2 * np.sum((theta[{k}] * x**{k} - y) * x**{k})
slope-of-chord@{name}        right + 0.01 * np.sum(x ** (2 * {k}))

wrong-powers@{name}  2 * np.sum(residual * {k} * x**{less})
wrong-powers@{name}  2 * np.sum(residual * {k} * theta[{k}] * x**{less})

missing-factor-two@residual+wrong-powers@b       residual = 0.5 * right; b = 2 * np.sum(residual)
missing-factor-two@residual+wrong-sign@residual  -0.5 * right
wrong-powers@a+wrong-powers@c                    a = 2 * np.sum(residual * x); c = 2 * np.sum(residual * x**3)
reversed-order@answer   right[::-1]
zero@answer             residual = 0 * x
constant@answer         [1.0] * 4
wrong-length@answer     right[:3]
returns-nothing@answer  None
malformed@answer        str(right)
malformed@answer        sum(right)
""",
        *COEFFICIENTS,
    ),
)
slope_mutants = SLOPES.single
