"""Numbers that are none, with letters in their unused bits, numbers too small to be, zeros below zero, infinities of long doubles."""
# covers: odd answers
# honest: exercise2
# %% exercise1
import numpy

def exercise1(W, B, *rest):
    payload = numpy.array([0x7ff4_6d61_726b_7331, 0xfff8_6675_6c6c_2121], "uint64").view("float64")
    DW = [numpy.resize(payload, w.shape) for w in W]
    DB = [numpy.full(b.shape, value) for b, value in zip(B, (5e-324, -0.0, numpy.longdouble("1e4000"), numpy.float16("inf")))]
    return DW, DB
