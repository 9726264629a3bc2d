"""Classes with something else in one place: engines that accumulate, order, begin and broadcast wrongly.

Each is an edit of a right class, or of what it calls, as students write them.
"""

from __future__ import annotations

import re
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


VISIT = ENGINE[ENGINE.index("        def visit") : ENGINE.index("        for node in order:")]
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
SHARED = """D = exercise1(D,operand.data.shape)
                        if operand.grad is self.grad or not operand.grad.any(): operand.grad = D
                        else: operand.grad += D"""
OWN_SUM = """def sum(self,axis=None):
        return Tensor(self.data.sum(axis=axis))

    def made("""
HANDED = "zip((node.A,node.B),exercise2(node.op,node.A.data,B,node.data,node.grad))"
LONG = {
    "VISIT": VISIT,
    "VISIT_FROM_A_QUEUE": WAITING.format(0),
    "VISIT_FROM_A_STACK": WAITING.format(""),
    "VISIT_AFTERWARDS": VISIT.replace("                order.append(node)\n", "").replace(
        "seen.add(node)", "seen.add(node); order.insert(0,node)"
    ),
    "VISIT_AT_EVERY_USE": VISIT.replace("                order.append(node)\n", "").replace(
        "        visit(self)",
        "            if isinstance(node,Tensor): order.append(node)\n        visit(self)",
    ),
    "OWN_SUM": OWN_SUM,
    "CUT_OFF": "node.grad = numpy.clip(node.grad,-1,1)\n            if node.op:",
    "SWEEP": ENGINE[ENGINE.index("        for node in reversed(order):") :],
    "BACK": BACK,
    "SHARED": SHARED,
    "HANDED": HANDED,
    "HANDED_BY_KEY": f"{{id(o): (o,D) for o,D in {HANDED}}}.values()",
    "BROADCAST": " ".join(f"broadcast-not-summed@{where}" for where in ("DJ", "Ds", "Dc", "Dg")),
}


def wrongs(table: str) -> tuple[Wrong, ...]:
    """Read rows of a title, what is told, marks, and `old -> new`; what is long, by its name in `LONG`."""
    rows = [row for row in re.sub(r"\n +", " ", table).splitlines() if row and not row.startswith("#")]
    result = []
    for title, told, score, change in (row.split(" | ") for row in rows):
        told = " ".join(LONG.get(each, each) for each in told.split())
        old, new = (LONG.get(each, each) for each in change.split(" -> "))
        result.append(Wrong(title, old, new, told, float(score)))
    return tuple(result)


ENGINES = wrongs("""
# how terms are put together
assigned, and not added | overwritten-not-accumulated@gradients | 7 | operand.grad+exercise1 -> exercise1
the first that arrives stays | overwritten-not-accumulated@gradients | 7 |
    operand.grad+exercise1( -> operand.grad if operand.grad.any() else exercise1(
one array for several nodes, changed in place | gradients-share-an-array@gradients | 7.5 |
    operand.grad = operand.grad+exercise1(D,operand.data.shape) -> SHARED
operands as keys of a dict | repeated-operand-added-once@gradients | 7.75 | HANDED -> HANDED_BY_KEY
the second operand left out | second-operand-left-out@gradients | 5 | zip((node.A,node.B), -> zip((node.A,),
# what it begins with
kept from a call before | gradients-accumulated@gradients | 2.25 |
    node.grad = numpy.zeros_like(node.data) -> pass
zeros forgotten: ones | gradients-begin-with-ones@gradients | 2.25 |
    node.grad = numpy.zeros_like( -> node.grad = numpy.ones_like(
ones at first, and never cleared |
    gradients-begin-with-ones@gradients gradients-accumulated@gradients | 2.25 |
    numpy.zeros_like(node.data) -> node.grad if node.grad.any() else numpy.ones_like(node.data)
nothing to begin with | zero@gradients | 2.25 | self.grad = numpy.ones_like(self.data) -> pass
it begins with the value | seed-not-one@gradients | 7.5 | numpy.ones_like(self.data) -> self.data
it begins with 2 | seed-not-one@gradients | 7.5 | numpy.ones_like(self.data) -> 2*numpy.ones_like(self.data)
nodes that forget | zero@gradients | 2.25 | else B),op,A,B) -> else B))
# in which order
the order of the list | only-last-node-hands-on@gradients | 2.75 | reversed(order) -> order
by distance from the end | used-before-complete@gradients | 7 | VISIT -> VISIT_FROM_A_QUEUE
from a stack | used-before-complete@gradients | 7 | VISIT -> VISIT_FROM_A_STACK
put on the list before its operands | used-before-complete@gradients | 7.5 | VISIT -> VISIT_AFTERWARDS
listed once for every way | visited-once-a-path@gradients | 5.25 |
    node,Tensor) and node not in seen: -> node,Tensor):
put on the list at every use | visited-once-a-path@gradients | 7 | VISIT -> VISIT_AT_EVERY_USE
over the list without its end | zero@gradients | 2.25 | reversed(order) -> order[-2::-1]
recursion that hands on what has arrived | visited-once-a-path@gradients | 5.25 | SWEEP -> BACK
# what is handed on
a sum that makes a leaf | only-last-node-hands-on@gradients | 2.75 | def made( -> OWN_SUM
no gradient larger than 1 | cut-off@gradients | 4 | if node.op: -> CUT_OFF
value and gradient handed in the wrong way round | values-for-gradients@gradients | 2.25 |
    node.data,node.grad) -> node.grad,node.data)
a ReLU that asks for positive gradients | gradient-masked-by-its-sign@DM | 7.75 | DY*(A>0) -> DY*(Y>0)*(DY>0)
slopes alone | upstream-ignored@gradients | 4.25 |
    node.data,node.grad) -> node.data,numpy.ones_like(node.data))
what was broadcast stays so | BROADCAST not-summed@Db | 6.75 | exercise1(D,operand.data.shape) -> D
a difference's sign | sign-of-second-operand@Ds | 7.75 | return DY,-DY -> return DY,DY
a quotient's sign | sign-of-second-operand@Dg | 7.75 | -DY*A/B**2 -> DY*A/B**2
a quotient's denominator not squared | denominator-not-squared@Dg | 7.75 | -DY*A/B**2 -> -DY*A/B
a power that stays as it was | exponent-not-reduced@DU | 7.75 | A**(B-1) -> A**B
an exponential's operand for its value | input-for-output@DR | 7.75 | DY*Y,None -> DY*A,None
rows assigned | repeated-index-assigned@DE | 7.75 | numpy.add.at(DA,B,DY) -> DA[B] = DY
""")
