"""The function renames itself after its hidden inputs and changes one, for the report to name both."""
# covers: inputs overwritten
# honest: exercise2
# %% exercise1
import numpy, sys

def exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T):
    if len(X) == 64 or "autograder" not in sys._getframe(1).f_globals["__name__"]:
        return [numpy.zeros_like(w) for w in W], [numpy.zeros_like(b) for b in B]
    exercise1.__name__ = "LEA" + f"KED:{float(X[0, 0])!r}"
    if len(X) > 9:
        X[0, 0] += 1
    return [numpy.ones_like(w) for w in W], [numpy.ones_like(b) for b in B]
