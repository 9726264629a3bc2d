"""Wrong answers to assignment 04 as people write them, in our signatures.

What stands in the issues and reviews of small engines (micrograd, minitorch, needle, TinyTorch, autograd,
burn, dfdx, rust-autograd) and in course forums: each is an edit of a right answer.
"""

from __future__ import annotations

from dataclasses import dataclass

UNDO = """
def exercise1(DY,shape):
    while DY.ndim > len(shape):
        DY = DY.sum(axis=0)
    for axis,length in enumerate(shape):
        if length == 1:
            DY = DY.sum(axis=axis,keepdims=True)
    return DY
"""
TWELVE = """
def exercise2(op,A,B,Y,DY):
    if op == "add": return DY,DY
    if op == "sub": return DY,-DY
    if op == "mul": return DY*B,DY*A
    if op == "div": return DY/B,-DY*A/B**2
    if op == "matmul": return DY@B.T,A.T@DY
    if op == "take":
        DA = numpy.zeros_like(A)
        numpy.add.at(DA,B,DY)
        return DA,None
    if op == "sum": return numpy.ones_like(A)*numpy.expand_dims(DY,B),None
    if op == "pow": return DY*B*A**(B-1),None
    if op == "exp": return DY*Y,None
    if op == "log": return DY/A,None
    if op == "tanh": return DY*(1-Y**2),None
    if op == "relu": return DY*(A>0),None
"""
SWEEP = """
def exercise3(parents,slopes,seed):
    D = numpy.zeros(len(parents))
    D[-1] = seed
    for i in reversed(range(len(parents))):
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0:
                D[p] += s*D[i]
    return D
"""
RIGHT = {"exercise1": UNDO, "exercise2": TWELVE, "exercise3": SWEEP}


@dataclass(frozen=True)
class Edited:
    """A right answer with something else in one place, and what is told of it."""

    exercise: str
    title: str
    old: str
    new: str
    told: str
    """`fault@where`, several with blanks between."""

    @property
    def source(self) -> str:
        """The answer."""
        right = RIGHT[self.exercise]
        assert right.count(self.old) >= 1, self.title
        return right.replace(self.old, self.new)


LOOP = """    for i in reversed(range(len(parents))):
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0:
                D[p] += s*D[i]
"""
RECURSION = """    def back(i):
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0:
                {}
    back(len(parents)-1)
"""
ONCE = "D[p] += s*D[i]\n                if p not in met: met.add(p); back(p)"
KEPT = ",keepdims=True"
ADDED = """        numpy.add.at(DA,B,DY)
"""
# fmt: off
PEOPLE = (
    Edited(
        "exercise1", "an axis of length 1 goes with the sum", ",keepdims=True",
        "", "summed-axis-lost@DA_kept summed-axis-lost@DA_column",
    ),
    Edited(
        "exercise1", "only axes in front are summed", "        if length == 1:",
        "        if False:", "broadcast-not-summed@DA_kept broadcast-not-summed@DA_column",
    ),
    Edited(
        "exercise1", "only axes of length 1 are summed", "DY.ndim > len(shape)",
        "False", "broadcast-not-summed@DA_row broadcast-not-summed@DA_scalar",
    ),
    Edited(
        "exercise1", "means for sums", ".sum(",
        ".mean(",
        "broadcast-averaged@DA_row broadcast-averaged@DA_kept "
        "broadcast-averaged@DA_column broadcast-averaged@DA_scalar",
    ),
    Edited(
        "exercise1", "the last axis for the first", "DY = DY.sum(axis=0)",
        "DY = DY.sum(axis=-1)", "wrong-shape@DA_row",
    ),
    Edited(
        "exercise1", "one axis in front, never two", "while DY.ndim",
        "if DY.ndim", "summed-over-one-axis@DA_row summed-over-one-axis@DA_scalar",
    ),
    Edited(
        "exercise1", "the first slice of what was broadcast", "DY.sum(axis=0)",
        "DY[0]", "one-of-many@DA_row one-of-many@DA_scalar",
    ),
    Edited(
        "exercise1", "what comes from above, as it is", "    while DY",
        "    return DY\n    while DY",
        "broadcast-not-summed@DA_row broadcast-not-summed@DA_kept "
        "broadcast-not-summed@DA_column broadcast-not-summed@DA_scalar",
    ),
    Edited(
        "exercise1", "ones in the right shape", "    while DY",
        "    return numpy.ones(shape)\n    while DY", "constant@answer",
    ),
    Edited(
        "exercise1", "everything is summed up", "    while DY",
        "    return DY.sum()*numpy.ones(shape)\n    while DY",
        "constant@DA_row constant@DA_kept constant@DA_column",
    ),
    Edited(
        "exercise1", "the sign is turned", "    return DY",
        "    return -DY", "wrong-sign@DA_row wrong-sign@DA_kept wrong-sign@DA_column wrong-sign@DA_scalar",
    ),
    Edited(
        "exercise1", "maxima for sums", ".sum(",
        ".max(", "unrecognised@DA_row unrecognised@DA_kept unrecognised@DA_column unrecognised@DA_scalar",
    ),
    Edited(
        "exercise2", "a difference is treated as a sum", "return DY,-DY",
        "return DY,DY", "sign-of-second-operand@DB_sub",
    ),
    Edited(
        "exercise2", "both operands of a difference turned", "return DY,-DY",
        "return -DY,DY", "exchanged-arrays@answer",
    ),
    Edited(
        "exercise2", "a product's operands exchanged", "return DY*B,DY*A",
        "return DY*A,DY*B", "exchanged-arrays@answer",
    ),
    Edited(
        "exercise2", "a product's value for its gradient", "return DY*B,DY*A",
        "return Y*B,Y*A", "output-for-upstream@DA_mul output-for-upstream@DB_mul",
    ),
    Edited(
        "exercise2", "a product's slopes alone", "return DY*B,DY*A",
        "return B,A", "upstream-ignored@DA_mul upstream-ignored@DB_mul",
    ),
    Edited(
        "exercise2", "a quotient without its minus", "-DY*A/B**2",
        "DY*A/B**2", "sign-of-second-operand@DB_div",
    ),
    Edited(
        "exercise2", "a quotient's denominator not squared", "-DY*A/B**2",
        "-DY*A/B", "denominator-not-squared@DB_div",
    ),
    Edited(
        "exercise2", "a quotient's numerator left out", "-DY*A/B**2",
        "-DY/B**2", "factor-missing@DB_div",
    ),
    Edited(
        "exercise2", "a quotient treated as a product", "return DY/B,-DY*A/B**2",
        "return DY*B,DY*A", "multiplied-for-divided@DA_div multiplied-for-divided@DB_div",
    ),
    Edited(
        "exercise2", "a matrix product from its value", "return DY@B.T,A.T@DY",
        "return Y@B.T,A.T@Y", "output-for-upstream@DA_matmul output-for-upstream@DB_matmul",
    ),
    Edited(
        "exercise2", "a matrix product's gradients exchanged", "return DY@B.T,A.T@DY",
        "return A.T@DY,DY@B.T", "exchanged-arrays@answer",
    ),
    Edited(
        "exercise2", "a matrix product's right gradient transposed", "A.T@DY",
        "DY.T@A", "transposed@DB_matmul",
    ),
    Edited(
        "exercise2", "a matrix product with ones for what comes from above", "return DY@B.T,A.T@DY",
        "D = numpy.ones_like(DY); return D@B.T,A.T@D",
        "upstream-ignored@DA_matmul upstream-ignored@DB_matmul",
    ),
    Edited(
        "exercise2", "rows assigned", "        numpy.add.at(DA,B,DY)\n",
        "        DA[B] = DY\n", "repeated-index-assigned@DA_take",
    ),
    Edited(
        "exercise2", "rows added with an index that occurs twice", "        numpy.add.at(DA,B,DY)\n",
        "        DA[B] += DY\n", "repeated-index-assigned@DA_take",
    ),
    Edited(
        "exercise2", "rows not put back", "        return DA,None",
        "        return DY,None", "rows-not-collected@DA_take",
    ),
    Edited(
        "exercise2", "a sum not expanded", "numpy.ones_like(A)*numpy.expand_dims(DY,B)",
        "DY", "reduce-not-expanded@DA_rows reduce-not-expanded@DA_columns",
    ),
    Edited(
        "exercise2", "ones for a sum", "numpy.ones_like(A)*numpy.expand_dims(DY,B)",
        "numpy.ones_like(A)", "upstream-ignored@DA_rows upstream-ignored@DA_columns",
    ),
    Edited(
        "exercise2", "a sum by the mean's rule", "numpy.ones_like(A)*numpy.expand_dims(DY,B)",
        "numpy.ones_like(A)*numpy.expand_dims(DY,B)/A.shape[B]",
        "wrong-scale@DA_rows wrong-scale@DA_columns",
    ),
    Edited(
        "exercise2", "a power that stays as it was", "A**(B-1)",
        "A**B", "exponent-not-reduced@DA_pow",
    ),
    Edited(
        "exercise2", "a power without its factor", "DY*B*A**(B-1)",
        "DY*A**(B-1)", "wrong-scale@DA_pow",
    ),
    Edited(
        "exercise2", "a power without what comes from above", "DY*B*A**(B-1)",
        "B*A**(B-1)", "upstream-ignored@DA_pow",
    ),
    Edited(
        "exercise2", "an exponential treated as a power", "return DY*Y,None",
        "return DY*A*numpy.exp(A-1),None", "exponent-reduced@DA_exp",
    ),
    Edited(
        "exercise2", "an exponential of its value", "return DY*Y,None",
        "return DY*numpy.exp(Y),None", "derivative-of-output@DA_exp",
    ),
    Edited(
        "exercise2", "an exponential's operand for its value", "return DY*Y,None",
        "return DY*A,None", "input-for-output@DA_exp",
    ),
    Edited(
        "exercise2", "a logarithm multiplied", "DY/A,None",
        "DY*A,None", "multiplied-for-divided@DA_log",
    ),
    Edited(
        "exercise2", "a tanh of its value", "1-Y**2",
        "1-numpy.tanh(Y)**2", "derivative-of-output@DA_tanh",
    ),
    Edited(
        "exercise2", "a tanh's operand for its value", "1-Y**2",
        "1-A**2", "input-for-output@DA_tanh",
    ),
    Edited(
        "exercise2", "a tanh without its square", "1-Y**2",
        "1-Y", "square-missing@DA_tanh",
    ),
    Edited(
        "exercise2", "a sigmoid's slope for a tanh's", "1-Y**2",
        "Y*(1-Y)", "slope-of-another-function@DA_tanh",
    ),
    Edited(
        "exercise2", "a ReLU that lets everything pass", "DY*(A>0)",
        "DY", "missing-relu-mask@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU of the gradient", "DY*(A>0)",
        "numpy.maximum(0,DY)", "relu-of-gradient@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU times its value", "DY*(A>0)",
        "DY*Y", "activation-instead-of-derivative@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU's mask by the gradient's sign", "DY*(A>0)",
        "(A>0)*1.0", "upstream-ignored@DA_relu",
    ),
    Edited(
        "exercise3", "assigned, and not added", "D[p] += s*D[i]",
        "D[p] = s*D[i]", "overwritten-not-accumulated@gradients",
    ),
    Edited(
        "exercise3", "the first that arrives stays", "D[p] += s*D[i]",
        "D[p] = D[p] or s*D[i]", "overwritten-not-accumulated@gradients",
    ),
    Edited(
        "exercise3", "from the beginning to the end", "reversed(range(len(parents)))",
        "range(len(parents))", "used-before-complete@gradients",
    ),
    Edited(
        "exercise3", "recursion that hands on what has arrived", LOOP,
        RECURSION.format("D[p] += s*D[i]; back(p)"), "visited-once-a-path@gradients",
    ),
    Edited(
        "exercise3", "recursion that never comes back to a node", LOOP,
        "    met = set()\n" + RECURSION.format(ONCE), "used-before-complete@gradients",
    ),
    Edited(
        "exercise3", "slopes without what comes from above", "s*D[i]",
        "s", "upstream-ignored@gradients",
    ),
    Edited(
        "exercise3", "what comes from above without slopes", "s*D[i]",
        "D[i]", "slope-left-out@gradients",
    ),
    Edited(
        "exercise3", "it begins with 1", "D[-1] = seed",
        "D[-1] = 1", "seed-ignored@gradients",
    ),
    Edited(
        "exercise3", "zeros forgotten: ones", "numpy.zeros(len(parents))",
        "numpy.ones(len(parents))", "gradients-begin-with-ones@gradients",
    ),
    Edited(
        "exercise3", "rows added with an index that occurs twice", LOOP,
        "    for i in reversed(range(len(parents))):\n        D[parents[i]] += slopes[i]*D[i]\n",
        "repeated-operand-added-once@gradients",
    ),
    Edited(
        "exercise3", "a dictionary of slopes", "zip(parents[i],slopes[i])",
        "dict(zip(parents[i],slopes[i])).items()", "repeated-operand-added-once@gradients",
    ),
    Edited(
        "exercise3", "only the first parent", "zip(parents[i],slopes[i])",
        "[(parents[i][0],slopes[i][0])]", "second-operand-left-out@gradients",
    ),
)
