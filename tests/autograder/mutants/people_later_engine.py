"""Still more wrong answers to assignment 04: what goes wrong in the sweep over a table, and in single slopes.

Nodes that are never asked, numbers from the wrong cell of the table, terms that come together in another way,
brackets, an integral for a derivative.
"""

from __future__ import annotations

from tests.autograder.mutants.engines import VISIT, Wrong
from tests.autograder.mutants.people_engine import LOOP, Edited

READY = """    open_uses = numpy.bincount(parents[parents >= 0],minlength=len(D))
    todo = [len(D)-1]
    for i in todo:
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0:
                D[p] += s*D[i]
                open_uses[p] -= 1
                if open_uses[p] == 0: todo.append(p)
"""
UNTIL_A_LEAF = """    i = len(D)-1
    while max(parents[i]) >= 0:
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: D[p] += s*D[i]
        i -= 1
"""
AVERAGED = """    arrived = [[] for _ in D]
    arrived[-1].append(seed)
    for i in reversed(range(len(D))):
        D[i] = sum(arrived[i])/max(1,len(arrived[i]))
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: arrived[p].append(s*D[i])
"""
PULLED = """    for j in range(len(D)-2,-1,-1):
        for i,own in enumerate(parents):
            if j in own: D[j] += slopes[i,list(own).index(j)]*D[i]
"""
MULTIPLIED = """    D[:-1] = 1
    for i in reversed(range(len(D))):
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: D[p] = D[p]*s*D[i]
"""
# fmt: off
LATER = (
    Edited(
        "exercise3", "every number that is not positive stands for none", "p >= 0",
        "p > 0", "first-node-left-out@gradients",
    ),
    Edited(
        "exercise3", "the seed is multiplied in at the end, too", "    return D",
        "    return seed*D", "seed-twice@gradients",
    ),
    Edited("exercise3", "over at the first leaf", LOOP, UNTIL_A_LEAF, "stops-at-a-leaf@gradients"),
    Edited(
        "exercise3", "slopes looked up by the operand's number", LOOP,
        LOOP.replace("for p,s in zip(parents[i],slopes[i]):", "for k,p in enumerate(parents[i]):").replace(
            "s*D[i]", "slopes[p,k]*D[i]"
        ),
        "slopes-of-another-row@gradients",
    ),
    Edited(
        "exercise3", "slopes read from right to left", "slopes[i])",
        "slopes[i][::-1])", "slopes-exchanged@gradients",
    ),
    Edited("exercise3", "what arrives is averaged", LOOP, AVERAGED, "terms-averaged@gradients"),
    Edited(
        "exercise3", "handed in from the last to the first", "    return D",
        "    return D[::-1]", "gradients-in-order-of-sweep@gradients",
    ),
    Edited(
        "exercise3", "asked of all nodes, whose first column counts, from 1", "    D[-1] = seed\n" + LOOP,
        "    D[-1] = 1\n" + PULLED, "seed-ignored@gradients repeated-operand-added-once@gradients",
    ),
    Edited(
        "exercise3", "the sweep begins at the last but one", "range(len(parents)))",
        "range(len(parents)-1))", "last-node-hands-on-nothing@gradients",
    ),
    Edited("exercise3", "sizes of slopes", "s*D[i]", "abs(s)*D[i]", "slope-signs-left-out@gradients"),
    Edited("exercise3", "the seed for each node's own", "s*D[i]", "s*seed", "seed-for-upstream@gradients"),
    Edited("exercise3", "each node waits for all that use it", LOOP, READY, "waits-for-unreached@gradients"),
    Edited(
        "exercise3", "overwritten, where something arrives", "D[p] +=",
        "if D[i]: D[p] =", "overwritten-not-accumulated@gradients",
    ),
    Edited(
        "exercise3", "cleared once it is handed on", "    return D",
        "    D[(parents >= 0).any(axis=1)] = 0\n    return D", "gradients-not-kept@gradients",
    ),
    Edited(
        "exercise3", "cleared, but for where it begins", "    return D",
        "    D[:-1][(parents[:-1] >= 0).any(axis=1)] = 0\n    return D", "gradients-not-kept@gradients",
    ),
    Edited("exercise3", "terms multiplied with one another", LOOP, MULTIPLIED, "terms-multiplied@gradients"),
    Edited(
        "exercise3", "an array of whole numbers", "zeros(len(parents))",
        "zeros(len(parents),dtype=int)", "fractions-cut-off@gradients",
    ),
    Edited(
        "exercise1", "one axis summed, and the rest made to fit", "    while",
        "    if DY.shape != tuple(shape) and shape: return numpy.resize(DY.sum(axis=0),shape)\n    while",
        "sum-resized@DA_row sum-resized@DA_column",
    ),
    Edited(
        "exercise2", "1 taken from a power", "DY*B*A**(B-1)",
        "B*DY*A**B-1", "reduced-behind-the-power@DA_pow",
    ),
    Edited(
        "exercise2", "a power's integral", "DY*B*A**(B-1)",
        "DY*Y*A/(B+1)", "integrated@DA_pow",
    ),
    Edited(
        "exercise2", "a tanh's slope without its square", "DY*(1-Y**2)",
        "DY/numpy.cosh(A)", "wrong-slope@DA_tanh",
    ),
    Edited("exercise2", "a square around all of it", "DY*(1-Y**2)", "DY*(1-Y)*(1-Y)", "wrong-slope@DA_tanh"),
    Edited("exercise2", "two for squared", "DY*(1-Y**2)", "DY-2*DY*Y", "wrong-slope@DA_tanh"),
    Edited("exercise2", "a plus in a tanh's slope", "1-Y**2", "Y**2+1", "wrong-slope@DA_tanh"),
    Edited(
        "exercise2", "a ReLU that hands on what is positive", "DY*(A>0)",
        "numpy.maximum(DY,0)*(A>0)", "gradient-masked-by-its-sign@DA_relu",
    ),
    Edited(
        "exercise2", "a logarithm kept away from 0", "DY/A,None",
        "DY/(0.1+A),None", "divisor-shifted@DA_log",
    ),
    Edited(
        "exercise2", "a quotient the other way round", "-DY*A/B**2",
        "-DY*B/A**2", "quotient-turned-over@DB_div",
    ),
    Edited(
        "exercise2", "the whole quotient rule", "-DY*A/B**2",
        "DY/B-DY*A/B**2", "numerator-differentiated@DB_div",
    ),
    Edited(
        "exercise2", "a sum that weighs its entries", "numpy.ones_like(A)*",
        "A*", "sum-times-entries@DA_rows sum-times-entries@DA_columns",
    ),
    Edited(
        "exercise2", "an exponent as a factor", "return DY*Y,None",
        "return DY*A*Y,None", "exponent-as-factor@DA_exp",
    ),
    Edited(
        "exercise2", "a falling exponential", "return DY*Y,None",
        "return DY/Y,None", "wrong-slope@DA_exp",
    ),
)
LATER_ENGINES = (
    Wrong(
        "put on the list at every use", VISIT,
        VISIT.replace("                order.append(node)\n", "").replace(
            "        visit(self)",
            "            if isinstance(node,Tensor): order.append(node)\n        visit(self)",
        ),
        "visited-once-a-path@gradients", 7.0,
    ),
    Wrong(
        "value and gradient handed in the wrong way round", "node.data,node.grad)",
        "node.grad,node.data)", "values-for-gradients@gradients", 2.25,
    ),
    Wrong(
        "no gradient larger than 1", "            if node.op:\n",
        "            node.grad = numpy.maximum(-1,numpy.minimum(node.grad,1))\n            if node.op:\n",
        "cut-off@gradients", 4.0,
    ),
    Wrong(
        "a sum that makes a leaf", "    def made(",
        "    def sum(self,axis=None):\n        return Tensor(self.data.sum(axis=axis))\n\n    def made(",
        "only-last-node-hands-on@gradients", 2.75,
    ),
    Wrong("over the list without its end", "reversed(order)", "order[-2::-1]", "zero@gradients", 2.25),
    Wrong(
        "a ReLU that asks for positive gradients", "DY*(A>0)",
        "DY*(Y>0)*(DY>0)", "gradient-masked-by-its-sign@DM", 7.75,
    ),
)
