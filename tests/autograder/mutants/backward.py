"""Wrong answers to exercise 1 of assignment 01: a backward pass, quantity by quantity."""

from __future__ import annotations

import itertools
from functools import partial

from tests.autograder.mutants.planted import Planted, Task, columns, mistakes

ORDER = ["DY", "DW4", "DB4", "DZ3", "DW3", "DB3", "DZ2", "DW2", "DB2", "DZ1", "DW1", "DB1"]
LAYERS = columns("""
k  Z   A   D    below  Z_below  up   W   inner  exchanged  outer  mask1  mask2  input1  input2  hidden
1  Z1  A1  DZ1  X      -        DZ2  W2  W2     W3         -      A2     A3     -       -       DZ1
2  Z2  A2  DZ2  A1     Z1       DZ3  W3  W3     W2         W3     A1     A3     A2      A3      DZ2
3  Z3  A3  DZ3  A2     Z2       DY   W4  -      -          W4     A1     A2     A1      A3      DZ3
4  Y   -   DY   A3     Z3       -    -   -      -          -      -      -      A1      A2      -
""")
"""What stands in a layer, below it, above it; what is only in some of them; what others are mistaken for."""
BACKWARD = Task(
    """
def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    W1, W2, W3, W4 = W
    B1, B2, B3, B4 = B
    DY = 2 * (Y - T) / len(X)
    DW4 = A3.T @ DY
    DB4 = DY.sum(axis=0)
    DZ3 = DY @ W4.T * (Z3 > 0)
    DW3 = A2.T @ DZ3
    DB3 = DZ3.sum(axis=0)
    DZ2 = DZ3 @ W3.T * (Z2 > 0)
    DW2 = A1.T @ DZ2
    DB2 = DZ2.sum(axis=0)
    DZ1 = DZ2 @ W2.T * (Z1 > 0)
    DW1 = X.T @ DZ1
    DB1 = DZ1.sum(axis=0)
    DW, DB = [DW1, DW2, DW3, DW4], [DB1, DB2, DB3, DB4]
    return DW, DB
""",
    marks={f"D{kind}{k}": 2.5 for kind in "WB" for k in (1, 2, 3, 4)},
    lost={"DY": "DW4 DB4", "DZ3": "DW3 DB3", "DZ2": "DW2 DB2", "DZ1": "DW1 DB1"},
    planted=mistakes(
        """
missing-factor-two@{where}   right / 2
wrong-sign@{where}           -right
wrong-scale@{where}          3 * right
sum-instead-of-mean@{where}  len(X) * right
mean-twice@{where}           right / len(X)

missing-relu-mask@DZ{k}                 {up} @ {W}.T
missing-relu-mask@DZ{k}                 {up} @ {W}.T * (A{k} >= 0)
inverted-relu-mask@DZ{k}                {up} @ {W}.T * (Z{k} <= 0)
activation-instead-of-derivative@DZ{k}  {up} @ {W}.T * A{k}
relu-of-gradient@DZ{k}                  np.maximum(0, {up} @ {W}.T)
gradient-masked-by-its-sign@DZ{k}       right * ({up} @ {W}.T > 0)
upstream-twice@DZ{k}                    ({up} @ {W}.T) ** 2 * (A{k} > 0)
output-for-upstream@DZ{k}               {A}
not-cleared@DZ{k}                       ({up} @ {W}.T).cumsum(axis=0) * (A{k} > 0)
wrong-relu-mask@DZ{k}                   {up} @ {W}.T * (Z{k}.sum(axis=0) > 0)
product-compared@DZ{k}                  ({up} @ {W}.T * A{k} > 0) + 0.0
wrong-relu-mask@DZ{k}                   {up} @ {W}.T * ({mask1} > 0)
wrong-relu-mask@DZ{k}                   {up} @ {W}.T * ({mask2} > 0)
weights-not-transposed@DZ{k}            {up} @ {inner} * (Z{k} > 0)
wrong-weights@DZ{k}                     {up} @ {exchanged}.T * (Z{k} > 0)
weights-summed@DZ{k}                    {up} * {inner}.sum(axis=1) * (Z{k} > 0)
weights-summed@DZ{k}                    {up}.sum(axis=1)[:, None] * {inner}.sum(axis=0) * (Z{k} > 0)
one-unit-above@DZ{k}                    {up}[:, :1] * {inner}[:, 0] * (Z{k} > 0)
mask-before-product@DZ{k}               ({up} * (Z{k} > 0)) @ {inner}.T
weights-normalised@DZ{k}                {up} @ ({W} / {W}.sum(axis=0)).T * (Z{k} > 0)
weights-left-out@DZ{k}                  {up} * (Z{k} > 0)
mask-without-bias@DZ{k}                 {up} @ {W}.T * ({below} @ W{k} > 0)
wrong-slope@DZ{k}                       {up} @ {W}.T * (A{k} * (1 - A{k}))
wrong-slope@DZ{k}                       {up} @ {W}.T * (1 - A{k}**2)
leaky-relu-mask@DZ{k}                   {up} @ {W}.T * np.where(Z{k} > 0, 1, 0.01)
leaky-relu-mask@DZ{k}                   {up} @ {W}.T * np.where(Z{k} > 0, 1, 0.2)
number-for-gradient@DZ{k}               np.where(Z{k} > 0, {up} @ {W}.T, 0.01)
weights-updated@DZ{k}                   {up} @ ({W} - 0.01 * D{W}).T * (Z{k} > 0)
weights-updated@DZ{k}                   {up} @ ({W} - 0.1 * D{W}).T * (Z{k} > 0)
gradient-for-weights@DZ{k}              {up} @ D{outer}.T * (Z{k} > 0)

itself-added@DW2              right + 0.1 * W2
itself-added@DW3              right + 0.01 * np.sign(W3)
sign-lost@DY                  np.abs(right)
wrong-input@DW1               (X - X.mean(axis=0)).T @ DZ1
reshape-for-transpose@DW1     X.reshape(X.shape[::-1]) @ DZ1
reshape-for-transpose@DW3     A2.reshape(A2.shape[::-1]) @ DZ3
values-summed@DB1             A1.sum(axis=0)
values-summed@DB3             Z3.sum(axis=0)
itself-added@DB1              right + B1
rounded@DW3                   np.round(right, 2)
cut-off@DW3                   np.clip(right, -0.05, 0.05)
brought-to-a-length@DW1       right / np.linalg.norm(right)
output-masked@DY              right * (Y > 0)
divided-in-part@DY            2 * Y - T / len(X)
divided-in-part@DY            2 * Y / len(X) - T
doubled-in-part@DY            (2 * Y - T) / len(X)
# mixing all outputs with all targets leaves the sum over the data as it was, so DB4 stays right
broadcast-targets@DY:DW4      2 * (Y - T[:, 0]).mean(axis=1)[:, None] / len(X)
wrong-upstream@DZ1            DZ3 @ W2.T * (Z1 > 0)
wrong-scale@DY                2 * (Y - T) / (len(X) - 1)
wrong-scale@DY                2 * (Y - T) * len(X)
hard-coded-size@DY            2 * (Y - T) / 64
output-activated@DY           right * Y * (1 - Y)
averaged@DY:DW4               np.full_like(Y, right.mean())
one-data-point@DY             right * (np.arange(len(X)) == 0)[:, None]
data-point-left-out@DY        right * (np.arange(len(X)) > 0)[:, None]
entries-in-another-order@DW1  (DZ1.T @ X).reshape(4, 6)
wrong-error@DY                np.full_like(Y, np.mean((Y - T) ** 2))
wrong-error@DY                np.clip(Y - T, -1, 1) / len(X)
wrong-error@DY                np.sign(Y - T) / len(X)
wrong-error@DY                (Y - T) ** 2 / len(X)

transposed@DW{k}                  right.T
summed-over-all-axes@DW{k}        np.full_like(right, right.sum())
data-point-left-out@DW{k}         {below}[1:].T @ {D}[1:]
product-of-sums@DW{k}             np.outer({below}.mean(axis=0), {D}.sum(axis=0))
mask-as-input@DW{k}               ({Z_below} > 0).T @ {D}
pre-activation-as-input@DW{k}     {Z_below}.T @ {D}
wrong-input@DW{k}                 {input1}.T @ {D}
wrong-input@DW{k}                 {input2}.T @ {D}
wrong-axis@DB{k}                  {D}.sum(axis=1)
summed-over-all-axes@DB{k}        {D}.sum()
not-summed@DB{k}                  {D}
extra-axis@DB{k}                  {D}.sum(axis=0, keepdims=True)
one-data-point@DB{k}              {D}[-1]
data-point-left-out@DB{k}         {D}[:-1].sum(axis=0)
weights-gradient-summed@DB{k}     ({below}.T @ {D}).sum(axis=0)
bias-as-factor@DB{k}              {D}.sum(axis=0) * B{k}
bias-as-factor@DB{k}              ({D} * {Z}).sum(axis=0)
returns-updated-parameters@DB{k}  B{k} - 0.1 * right
summed-over-all-axes@DB{k}        np.full(6, {hidden}.sum())
""",
        *({"where": where} for where in ORDER),
        *LAYERS,
    ),
)
single = BACKWARD.single
BESIDE_OTHERS = mistakes("""
missing-factor-two@DY        right / 2
sum-instead-of-mean@DY       right * len(X)
missing-relu-mask@DZ3        DY @ W4.T
missing-relu-mask@DZ2        DZ3 @ W3.T
weights-not-transposed@DZ1   DZ2 @ W2 * (Z1 > 0)
transposed@DW2               right.T
wrong-scale@DB3              6 * right
extra-axis@DB1               DZ1.sum(axis=0, keepdims=True)
wrong-sign@DZ1               -right
pre-activation-as-input@DW3  Z2.T @ DZ3
""")
IN_ONE_STEP = mistakes("""
missing-factor-two@DY+wrong-sign@DY                            (T - Y) / len(X)
missing-factor-two@DY+sum-instead-of-mean@DY                   Y - T
weights-not-transposed@DZ2+missing-relu-mask@DZ2               DZ3 @ W3
weights-not-transposed@DZ1+inverted-relu-mask@DZ1              DZ2 @ W2 * (Z1 < 0)
wrong-relu-mask@DZ3+wrong-sign@DZ3                             -(DY @ W4.T) * (Z2 > 0)
wrong-weights@DZ2+relu-of-gradient@DZ2+missing-factor-two@DZ2  np.maximum(DZ3 @ W2.T, 0) / 2
""")
whole = partial(
    BACKWARD.each,
    mistakes("""
reversed-order@answer                  DW[::-1], DB[::-1]
reversed-order@answer:DW1,DW2,DW3,DW4  DW[::-1], DB
reversed-order@answer:DB1,DB2,DB3,DB4  DW, DB[::-1]
swapped-lists@answer                   DB, DW
returns-parameters@answer              [W1, W2, W3, W4], [B1, B2, B3, B4]
zero@answer                            [0 * w for w in DW], [0 * b for b in DB]
constant@answer                        [0 * w + 1 for w in DW], [0 * b + 1 for b in DB]
zero@DW2                               np.zeros((6, 6))
constant@DB2                           np.ones(6)
not-finite@DW3                         right / 0.0
returns-nothing@answer                 None
missing@DW2                            None
malformed@answer                       "DW, DB"
wrong-length@answer                    DW, DB, 0.0
wrong-shape@DW1                        right.ravel()
unrecognised@DW4                       right + 1.0
unrecognised@DZ3                       np.sin(right) + 0.1
unrecognised@DZ2                       right ** 2 + 0.3
"""),
)


def combined() -> list[Planted]:
    """Two and three mistakes in one answer, at different places and at the same."""
    chosen = [each for count in (2, 3) for each in itertools.combinations(BESIDE_OTHERS, count)]
    apart = [each for each in chosen if len({row.where for row in each}) == len(each)]
    inward = [sorted(each, key=lambda row: ORDER.index(row.where)) for each in apart]
    return [BACKWARD.wrong(*each) for each in inward] + BACKWARD.each(IN_ONE_STEP)
