"""Integers of a hundred thousand digits, fractions, decimals, complex numbers, dates and text."""
# covers: odd answers
# honest: exercise2
# %% exercise1
from decimal import Decimal
from fractions import Fraction

def exercise1(W,B,*rest):
    strange = [10**100000, Fraction(1, 10**5000), Decimal("1e999999"), W[3]*1j]
    return strange, [numpy.datetime64("now"), "1.5"*10**6, b"\0"*10**6, numpy.zeros(6, dtype="i4,f8")]
