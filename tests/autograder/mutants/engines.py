"""Classes with something else in one place: engines that accumulate, order, begin and broadcast wrongly.

Each is an edit of a right class, or of what it calls, as students write them.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.autograder.people.answers import TABLES

UNDO, TWELVE = (TABLES["04", name].with_edits() for name in ("exercise1", "exercise2"))

ENGINE = """
class Tensor(Operators):
    def __init__(self,data,op="",A=None,B=0):
        self.data = numpy.asarray(data,dtype=float)
        self.grad = numpy.zeros_like(self.data)
        self.op,self.A,self.B = op,A,B

    def made(self,op,A,B=0):
        return Tensor(FORWARD[op](A.data,B.data if isinstance(B,Tensor) else B),op,A,B)

    def backward(self):
        order,seen = [],set()
        def visit(node):
            if isinstance(node,Tensor) and node not in seen:
                seen.add(node)
                visit(node.A)
                visit(node.B)
                order.append(node)
        visit(self)
        for node in order:
            node.grad = numpy.zeros_like(node.data)
        self.grad = numpy.ones_like(self.data)
        for node in reversed(order):
            if node.op:
                B = node.B.data if isinstance(node.B,Tensor) else node.B
                for operand,D in zip((node.A,node.B),exercise2(node.op,node.A.data,B,node.data,node.grad)):
                    if isinstance(operand,Tensor):
                        operand.grad = operand.grad+exercise1(D,operand.data.shape)
"""


@dataclass(frozen=True)
class Wrong:
    """A class with something else in one place, what is told of it, and its marks of 8."""

    title: str
    old: str
    new: str
    told: str
    """`fault@where`, several with blanks between."""
    score: float

    @property
    def source(self) -> str:
        """What the student has written: the class, behind what it calls where the mistake is there."""
        (whole,) = (each for each in (ENGINE, TWELVE, UNDO) if self.old in each)
        changed = whole.replace(self.old, self.new)
        return changed if whole is ENGINE else f"{changed}\n{ENGINE}"


def _named(fault: str, *places: str) -> str:
    return " ".join(f"{fault}@{place}" for place in places)


ADDED = "operand.grad = operand.grad+exercise1(D,operand.data.shape)"
ZEROED = "            node.grad = numpy.zeros_like(node.data)\n"
SEED = "self.grad = numpy.ones_like(self.data)\n"
HANDED = "zip((node.A,node.B),exercise2(node.op,node.A.data,B,node.data,node.grad)):"
VISIT = ENGINE[ENGINE.index("        def visit") : ENGINE.index("        for node in order:")]
SWEEP = ENGINE[ENGINE.index("        for node in reversed(order):") :]
WAITING = """        waiting = [self]
        while waiting:
            node = waiting.pop({})
            if isinstance(node,Tensor) and node not in seen:
                seen.add(node)
                order.insert(0,node)
                waiting += [node.A,node.B]
"""
BACK = """        def back(node):
            if not node.op: return
            B = node.B.data if isinstance(node.B,Tensor) else node.B
            for operand,D in zip((node.A,node.B),exercise2(node.op,node.A.data,B,node.data,node.grad)):
                if isinstance(operand,Tensor):
                    operand.grad = operand.grad+exercise1(D,operand.data.shape)
                    back(operand)
        back(self)
"""
ALIASED = """D = exercise1(D,operand.data.shape)
                        if operand.grad is self.grad or not operand.grad.any(): operand.grad = D
                        else: operand.grad += D"""
OVERWRITTEN = "overwritten-not-accumulated@gradients"
TOO_SOON, EVERY_PATH = "used-before-complete@gradients", "visited-once-a-path@gradients"
ONES, KEPT = "gradients-begin-with-ones@gradients", "gradients-accumulated@gradients"
# fmt: off
ENGINES = (
    # how terms are put together
    Wrong("assigned, and not added", ADDED, ADDED.replace("operand.grad+", ""), OVERWRITTEN, 7.0),
    Wrong(
        "the first that arrives stays", ADDED,
        "operand.grad = operand.grad if operand.grad.any() else exercise1(D,operand.data.shape)",
        OVERWRITTEN, 7.0,
    ),
    Wrong(
        "one array for several nodes, changed in place", ADDED, ALIASED,
        "gradients-share-an-array@gradients", 7.5,
    ),
    Wrong(
        "operands as keys of a dict", HANDED,
        "{id(o): (o,D) for o,D in " + HANDED.removesuffix(":") + "}.values():",
        "repeated-operand-added-once@gradients", 7.75,
    ),
    Wrong(
        "the second operand left out", "zip((node.A,node.B),", "zip((node.A,),",
        "second-operand-left-out@gradients", 5.0,
    ),
    # what it begins with
    Wrong("kept from a call before", ZEROED, "            pass\n", KEPT, 2.25),
    Wrong("zeros forgotten: ones", ZEROED, ZEROED.replace("zeros", "ones"), ONES, 2.25),
    Wrong(
        "ones at first, and never cleared", ZEROED,
        "            node.grad = node.grad if node.grad.any() else numpy.ones_like(node.data)\n",
        f"{ONES} {KEPT}", 2.25,
    ),
    Wrong("nothing to begin with", SEED, "pass\n", "zero@gradients", 2.25),
    Wrong(
        "it begins with the value", SEED, "self.grad = self.data\n", "seed-not-one@gradients", 7.5,
    ),
    Wrong("it begins with 2", SEED, SEED.replace("= n", "= 2*n"), "seed-not-one@gradients", 7.5),
    Wrong("nodes that forget", ",op,A,B)\n\n", ")\n\n", "zero@gradients", 2.25),
    # in which order
    Wrong("the order of the list", "reversed(order)", "order", "only-last-node-hands-on@gradients", 2.75),
    Wrong("by distance from the end", VISIT, WAITING.format(0), TOO_SOON, 7.0),
    Wrong("from a stack", VISIT, WAITING.format(""), TOO_SOON, 7.0),
    Wrong(
        "put on the list before its operands", VISIT,
        VISIT.replace("                order.append(node)\n", "").replace(
            "seen.add(node)", "seen.add(node); order.insert(0,node)"
        ),
        TOO_SOON, 7.5,
    ),
    Wrong("listed once for every way", " and node not in seen", "", EVERY_PATH, 5.25),
    Wrong("recursion that hands on what has arrived", SWEEP, BACK, EVERY_PATH, 5.25),
    # what is handed on
    Wrong(
        "slopes alone", "node.data,node.grad)", "node.data,numpy.ones_like(node.data))",
        "upstream-ignored@gradients", 4.25,
    ),
    Wrong(
        "what was broadcast stays so", "exercise1(D,operand.data.shape)", "D",
        _named("broadcast-not-summed", "DJ", "Ds", "Dc", "Dg") + " not-summed@Db", 6.75,
    ),
    Wrong("a difference's sign", "return DY,-DY", "return DY,DY", "sign-of-second-operand@Ds", 7.75),
    Wrong("a quotient's sign", "-DY*A/B**2", "DY*A/B**2", "sign-of-second-operand@Dg", 7.75),
    Wrong(
        "a quotient's denominator not squared", "-DY*A/B**2", "-DY*A/B",
        "denominator-not-squared@Dg", 7.75,
    ),
    Wrong("a power that stays as it was", "A**(B-1)", "A**B", "exponent-not-reduced@DU", 7.75),
    Wrong("an exponential's operand for its value", "DY*Y,None", "DY*A,None", "input-for-output@DR", 7.75),
    Wrong(
        "rows assigned", "        numpy.add.at(DA,B,DY)\n", "        DA[B] = DY\n",
        "repeated-index-assigned@DE", 7.75,
    ),
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
