"""More wrong answers to assignment 04 as people write them.

What small engines are reported to get wrong (micrograd, tinygrad, rust-autograd, tt-metal, TinyTorch), in our
signatures: a rule of another operation, a value for an operand, a slope alone, nodes in another order.
"""

from __future__ import annotations

from tests.autograder.mutants.people_engine import LOOP, Edited

STACK = """    waiting,met = [len(parents)-1],set()
    while waiting:
        i = waiting.pop()
        if i in met: continue
        met.add(i)
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: D[p] += s*D[i]; waiting.append(p)
"""
QUEUE = """    waiting = [len(parents)-1]
    while waiting:
        i = waiting.pop(0)
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: D[p] += s*D[i]; waiting.append(p)
"""
LISTED = """    order = []
    def put(i):
        for p in parents[i]:
            if p >= 0: put(p)
        order.append(i)
    put(len(parents)-1)
    for i in order[::-1]:
        for p,s in zip(parents[i],slopes[i]):
            if p >= 0: D[p] += s*D[i]
"""
# fmt: off
MORE = (
    Edited(
        "exercise1", "axes of length 1 squeezed away at the end", "    return DY",
        "    return DY.squeeze()", "summed-axis-lost@DA_kept summed-axis-lost@DA_column",
    ),
    Edited(
        "exercise1", "the axes that stay are summed", "if length == 1:",
        "if length > 1:",
        "wrong-shape@DA_row summed-over-wrong-axis@DA_kept summed-over-wrong-axis@DA_column",
    ),
    Edited(
        "exercise2", "a product by the rule of a sum", "return DY*B,DY*A",
        "return DY,DY", "factor-missing@DA_mul factor-missing@DB_mul",
    ),
    Edited(
        "exercise2", "a sum by the rule of a product", '"add": return DY,DY',
        '"add": return DY*B,DY*A', "same-as-another@DA_add same-as-another@DB_add",
    ),
    Edited(
        "exercise2", "a sum's value for its gradient", '"add": return DY,DY',
        '"add": return Y,Y', "output-for-upstream@DA_add output-for-upstream@DB_add",
    ),
    Edited(
        "exercise2", "a quotient with neither minus nor square", "-DY*A/B**2",
        "DY*A/B", "denominator-not-squared@DB_div wrong-sign@DB_div",
    ),
    Edited(
        "exercise2", "a power taken for an exponential", "DY*B*A**(B-1)",
        "DY*numpy.log(B)*B**A", "unrecognised@DA_pow",
    ),
    Edited(
        "exercise2", "a logarithm's value for its operand", "DY/A,None",
        "DY/Y,None", "derivative-of-output@DA_log",
    ),
    Edited(
        "exercise2", "a logarithm times its value", "DY/A,None",
        "DY*Y,None", "value-instead-of-derivative@DA_log",
    ),
    Edited(
        "exercise2", "a logarithm's slope alone", "DY/A,None",
        "1/A,None", "upstream-ignored@DA_log",
    ),
    Edited(
        "exercise2", "a tanh times its value", "DY*(1-Y**2)",
        "DY*Y", "value-instead-of-derivative@DA_tanh",
    ),
    Edited(
        "exercise2", "an exponential's slope alone", "return DY*Y,None",
        "return Y,None", "upstream-ignored@DA_exp",
    ),
    Edited(
        "exercise2", "an exponential that lets everything pass", "return DY*Y,None",
        "return DY,None", "derivative-missing@DA_exp",
    ),
    Edited(
        "exercise2", "a ReLU whose value is at least 0", "DY*(A>0)",
        "DY*(Y>=0)", "missing-relu-mask@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU that lets pass what is off", "DY*(A>0)",
        "DY*(A<=0)", "inverted-relu-mask@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU times its operand", "DY*(A>0)",
        "DY*A", "activation-instead-of-derivative@DA_relu",
    ),
    Edited(
        "exercise2", "a ReLU's value for its gradient", "DY*(A>0)",
        "Y*(A>0)", "output-for-upstream@DA_relu",
    ),
    Edited(
        "exercise2", "ones at the rows that were taken", "        numpy.add.at(DA,B,DY)\n",
        "        numpy.add.at(DA,B,1)\n", "upstream-ignored@DA_take",
    ),
    Edited(
        "exercise2", "a matrix product with a minus", "return DY@B.T,A.T@DY",
        "return DY@B.T,-A.T@DY", "wrong-sign@DB_matmul",
    ),
    Edited(
        "exercise2", "a matrix product averaged over rows", "A.T@DY",
        "A.T@DY/len(A)", "wrong-scale@DB_matmul",
    ),
    Edited("exercise3", "from a stack, each node once", LOOP, STACK, "used-before-complete@gradients"),
    Edited("exercise3", "from a queue, again and again", LOOP, QUEUE, "visited-once-a-path@gradients"),
    Edited("exercise3", "listed once for every way", LOOP, LISTED, "visited-once-a-path@gradients"),
    Edited(
        "exercise3", "what is not 0 stays", "D[p] += s*D[i]",
        "D[p] = s*D[i] if D[p] == 0 else D[p]", "overwritten-not-accumulated@gradients",
    ),
    Edited(
        "exercise3", "the gradient of the operand for that of the node", "s*D[i]",
        "s*D[p]", "last-node-hands-on-nothing@gradients",
    ),
)
