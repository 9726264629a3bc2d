"""Read the text of a forward pass: one quantity per line, made of operations, numbers and dimensions."""

from __future__ import annotations

import ast
import math
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from autograder.operations.axes import resolved
from autograder.operations.dimensions import named
from autograder.operations.law import Law
from autograder.operations.operation import Operation, Shape, kind
from autograder.operations.table import OPERATIONS

SIGNS: Mapping[type[ast.operator], str] = {
    ast.MatMult: "product",
    ast.Add: "addition",
    ast.Sub: "difference",
    ast.Mult: "elementwise_product",
    ast.Div: "quotient",
}
FUNCTIONS = [name for name in OPERATIONS if name not in SIGNS.values() and name not in ("scale", "shift")]
INNER = "{}.{}"  # names what a line computes on its way: no sheet has such names
MASK = "where"
EXAMPLE = "a line names one quantity and says how it is computed, as in `Z = X @ W + B`"


class NotAForwardPass(ValueError):
    """The text cannot be read; the message is a sentence for the assignment's author."""


@dataclass(frozen=True)
class Node:
    """Hold one quantity that is computed."""

    name: str
    operation: Operation
    operands: tuple[str, ...]
    line: int
    """The number of the text's line that it is computed in."""
    keywords: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """The operation's keywords: axes counted from the last, numbers, laws."""

    @property
    def is_inner(self) -> bool:
        """Return whether the text gives it no name."""
        return "." in self.name


class ForwardText:
    """Hold what a text says: the quantities it computes, in order, and the shapes of all."""

    def __init__(self, text: str, inputs: Mapping[str, Shape]) -> None:
        """Read it, line by line; empty lines and comments are skipped.

        Raises
        ------
        NotAForwardPass
            A line cannot be read, an operation or a name is not known, or shapes do not match.
        """
        self.shapes: dict[str, Shape] = dict(inputs)
        self.nodes: dict[str, Node] = {}
        self._dimensions = set(named(inputs.values()))
        self._number, self._line = 0, ""
        for self._number, line in enumerate(textwrap.dedent(text).strip().splitlines(), start=1):
            self._line = line.strip()
            if self._line and not self._line.startswith("#"):
                self._read()
        if not self.nodes:
            raise NotAForwardPass(f"The forward pass has no line: {EXAMPLE}.")

    def _read(self) -> None:
        try:
            (statement,) = ast.parse(self._line).body
        except (SyntaxError, ValueError):
            raise self._refused(f"it cannot be read as an expression; {EXAMPLE}") from None
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if name in self.shapes:
                    raise self._refused(f"{name} is there already; give this line's quantity another name")
                self._add(value, name)
            case _:
                raise self._refused(EXAMPLE)

    def _add(self, expression: ast.expr, name: str = "") -> str:
        """Add what an expression computes, its operands first; return its name."""
        match expression:
            case ast.Name(id=known) if not name:
                return self._known(known)
            case ast.Attribute(value=value, attr="T"):
                return self._node("transpose", [self._add(value)], name)
            case ast.UnaryOp(op=ast.USub(), operand=value) if self._law(value) is None:
                return self._scaled(self._add(value), Law(-1.0), name)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(left, right, name)
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in SIGNS:
                laws = self._law(left), self._law(right)
                if laws == (None, None):
                    return self._node(SIGNS[type(sign)], [self._add(left), self._add(right)], name)
                return self._with_a_law(expression, *laws, name)
            case ast.Call(func=ast.Name(id=called)) if called in FUNCTIONS:
                return self._call(expression, called, name)
        raise self._refused(self._no_operation(expression, whole=bool(name)))

    def _no_operation(self, expression: ast.expr, *, whole: bool = False) -> str:
        """Say why an expression is not an operation, and what to write."""
        written = ast.unparse(expression)
        match expression:
            case ast.Name(id=known) if whole and known in self.shapes:
                return f"it computes nothing; leave it out and use {known} below"
            case ast.Call(func=ast.Name(id=called)):
                near = get_close_matches(called, FUNCTIONS, n=1)
                hint = f"did you mean {near[0]}? There" if near else "there"
                return f"{called} is not an operation; {hint} are {', '.join(FUNCTIONS)}"
            case ast.Call(func=ast.Attribute(attr=called)) if called in FUNCTIONS:
                return f"`{written}` is not an operation; write {called}(…)"
        if self._law(expression) is not None:
            return f"`{written}` has no quantity in it; {EXAMPLE}"
        names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
        if names and names <= self._dimensions - set(self.shapes):
            return f"`{written}` is not a factor; numbers, dimensions, their products, powers and roots are"
        return (
            f"`{written}` is not an operation; write it with the signs @ + - * / and **, with .T, or with a "
            f"function such as {FUNCTIONS[0]}(…)"
        )

    def _known(self, name: str) -> str:
        if name in self.shapes:
            return name
        if name in self._dimensions:
            raise self._refused(f"{name} is a dimension: it can be a factor, as in `X / {name}`, no operand")
        raise self._refused(
            f"{name} is neither an input nor computed above; give its shape, as in "
            f'`ForwardPass(…, {name}=("N", 4))`, or a line in front of this one'
        )

    # --- numbers and dimensions

    def _law(self, expression: ast.expr) -> Law | None:
        """Read a number, a dimension, a product, quotient, power or root of these; else None."""
        match expression:
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                if not math.isfinite(value):
                    raise self._refused("a factor is a finite number")
                return Law(float(value))
            case ast.Name(id=name) if name in self._dimensions:
                if name in self.shapes:
                    raise self._refused(f"{name} is both a quantity and a dimension; rename one of them")
                return Law(1.0, {name: 1.0})
            case ast.UnaryOp(op=ast.USub(), operand=value):
                law = self._law(value)
                return law and Law(-1.0) * law
            case ast.Call(func=ast.Name(id="sqrt"), args=[value], keywords=[]):
                law = self._law(value)
                return law and law**0.5
            case ast.BinOp(left=left, op=ast.Mult() | ast.Div() | ast.Pow() as sign, right=right):
                first, second = self._law(left), self._law(right)
                if first is None or second is None:
                    return None
                if isinstance(sign, ast.Pow):
                    return None if second.powers else first**second.factor
                if isinstance(sign, ast.Div) and not second.factor:
                    raise self._refused("nothing is divided by 0")
                return first * (second if isinstance(sign, ast.Mult) else second**-1)
        return None

    def _with_a_law(self, expression: ast.BinOp, left: Law | None, right: Law | None, name: str) -> str:
        """Add a product, quotient, sum or difference of a quantity and a law."""
        law = left or right
        if law is None or (left and right):
            raise self._refused(self._no_operation(expression))
        other = self._add(expression.right if left else expression.left)
        match expression.op:
            case ast.Mult():
                return self._scaled(other, law, name)
            case ast.Div() if right and not right.factor:
                raise self._refused("nothing is divided by 0")
            case ast.Div() if right:
                return self._scaled(other, law**-1, name)
            case ast.Div() if law == Law():
                return self._node("reciprocal", [other], name)
            case ast.Div():
                return self._scaled(self._node("reciprocal", [other]), law, name)
            case ast.Add():
                return self._node("shift", [other], name, by=law)
            case ast.Sub() if right:
                return self._node("shift", [other], name, by=Law(-1.0) * law)
            case ast.Sub():
                return self._node("shift", [self._scaled(other, Law(-1.0))], name, by=law)
        raise self._refused("@ takes two matrices; a number or a dimension is multiplied with *")

    def _scaled(self, operand: str, law: Law, name: str = "") -> str:
        """Add a scaled quantity; two factors become one."""
        inner = self.nodes.get(operand)
        if inner is not None and inner.is_inner and inner.operation.name == "scale":
            del self.nodes[operand], self.shapes[operand]
            (operand,), law = inner.operands, inner.keywords["by"] * law
        return self._node("scale", [operand], name, by=law)

    def _power(self, base: ast.expr, exponent: ast.expr, name: str) -> str:
        law = self._law(exponent)
        if law is None or law.powers:
            raise self._refused(f"an exponent is a number, and `{ast.unparse(exponent)}` is none")
        known = {2.0: "square", 0.5: "sqrt", -1.0: "reciprocal"}
        if law.factor in known:
            return self._node(known[law.factor], [self._add(base)], name)
        return self._node("power", [self._add(base)], name, exponent=law.factor)

    # --- functions

    def _call(self, call: ast.Call, called: str, name: str) -> str:
        """Add a function of quantities; arguments that are not quantities are its keywords, in order."""
        operation = OPERATIONS[called]
        operands: list[str] = []
        keywords: dict[str, Any] = {}
        for argument in call.args:
            free = [key for key in operation.keywords if key not in keywords]
            literal = _literal(argument)
            if literal is None:
                operands.append(self._add(argument))
            elif free:
                keywords[free[0]] = literal
            else:
                raise self._refused(f"{called} takes no number there: `{ast.unparse(argument)}`")
        for keyword in call.keywords:
            if keyword.arg == MASK and operation.masked:
                operands.append(self._add(keyword.value))
            elif keyword.arg and keyword.arg in operation.keywords and keyword.arg not in keywords:
                keywords[keyword.arg] = self._literal(keyword)
            else:
                known = [*operation.keywords, *([MASK] if operation.masked else [])]
                takes = f"takes {', '.join(f'{key}=' for key in known)}" if known else "takes none"
                raise self._refused(f"{called} has no keyword {keyword.arg}=, it {takes}")
        return self._node(called, operands, name, **keywords)

    def _literal(self, keyword: ast.keyword) -> Any:  # noqa: ANN401  a number, a name, a tuple
        result = _literal(keyword.value)
        if result is None:
            raise self._refused(
                f"{keyword.arg}= is {kind(keyword.arg or '')}, not `{ast.unparse(keyword.value)}`"
            )
        return result

    def _node(self, called: str, operands: list[str], name: str = "", **given: Any) -> str:  # noqa: ANN401
        """Add the result of an operation on operands."""
        operation = OPERATIONS[called]
        name = name or INNER.format(self._number, len(self.nodes))
        shapes = [self.shapes[operand] for operand in operands]
        keywords = {**operation.keywords, **given}
        shape = keywords.get("shape")
        for size in named([shape]) if isinstance(shape, tuple) else ():
            if size not in self._dimensions:
                raise self._refused(f"no input has the dimension {size}, so its size is not known")
        try:
            operation.check(len(operands), keywords)
            if "axis" in keywords and shapes:
                keywords["axis"] = resolved(keywords["axis"], shapes[0])
            self.shapes[name] = operation.shape(*shapes, **keywords)
            if operation.implied is not None:
                keywords |= operation.implied(*shapes)
        except ValueError as reason:
            raise self._refused(str(reason)) from None
        self.nodes[name] = Node(name, operation, tuple(operands), self._number, keywords)
        return name

    def _refused(self, why: str) -> NotAForwardPass:
        return NotAForwardPass(f"Line {self._number} of the forward pass, `{self._line}`: {why}.")


def _literal(expression: ast.expr) -> Any:  # noqa: ANN401
    """Return a number, text or tuple of these; None for anything else."""
    try:
        return ast.literal_eval(expression)
    except (ValueError, TypeError, SyntaxError):
        return None
