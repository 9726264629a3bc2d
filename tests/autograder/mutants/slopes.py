"""Wrong answers to exercise 1 of assignment 02: a cubic's gradient."""

from __future__ import annotations

from tests.autograder.mutants.planted import Planted, Task, columns, mistakes

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
)
RESIDUAL = """
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
"""
SCALES = """
missing-factor-two@{name}   right / 2
wrong-sign@{name}           -right
wrong-scale@{name}          3 * right
mean-instead-of-sum@{name}  right / len(x)
"""
POWER = "wrong-powers@{name} 2 * np.sum(residual * x**{power})"
NO_NUMBER = """
zero@{name}         0.0
wrong-shape@{name}  2 * residual * x**{k}
"""
TERM = """
target-not-multiplied@{term}  2 * np.sum(prediction * x**{k} - y)
summed-apart@{term}           2 * np.sum(residual) * np.sum(x**{k})
"""
ALONE = """
other-terms-left-out@{name}  2 * np.sum((theta[{k}] * x**{k} - y) * x**{k})
slope-of-chord@{name}        right + 0.01 * np.sum(x ** (2 * {k}))
"""
BY_X = """
wrong-powers@{name}  2 * np.sum(residual * {k} * x**{less})
wrong-powers@{name}  2 * np.sum(residual * {k} * theta[{k}] * x**{less})
"""
COEFFICIENTS = columns("""
name  k  term  less
a     0  -     -
b     1  b     -
c     2  c     1
d     3  d     2
""")
TOGETHER = """
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
"""


def slope_mutants() -> list[Planted]:
    """Every mistake in a cubic's gradient, and some together."""
    rows = mistakes(RESIDUAL)
    for this in COEFFICIENTS:
        powers = [this | {"power": power} for power in range(7) if power != int(this["k"])]
        rows += mistakes(SCALES, this) + mistakes(POWER, *powers) + mistakes(NO_NUMBER, this)
    rows += [row for table in (TERM, ALONE, BY_X) for row in mistakes(table, *COEFFICIENTS)]
    return SLOPES.each([*rows, *mistakes(TOGETHER)])
