"""Keep a half-finished notebook running: a task that is still a stub says so in one line."""

import ast
import inspect
import os
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["Unfinished", "attempt", "autograding", "ready"]


class Unfinished(Exception):
    """A task is still the stub that the notebook came with; raised when a notebook is validated."""

    def _render_traceback_(self) -> list[str]:
        """Show the sentence alone (IPython asks for this): there is no line of code to look at."""
        return [str(self)]


def autograding() -> bool:
    """Return whether the notebook is run to be marked, once for every student of a class.

    Nobody is looking then, so pictures, checks and hints return at once and show nothing.
    """
    return os.environ.get("NBGRADER_EXECUTION") == "autograde"


@contextmanager
def attempt(*tasks: str) -> Iterator[None]:
    """Run a block that needs these tasks; if one is still a stub, say so and continue.

        with utils.attempt("exercise1"):
            DW, DB = exercise1(W, B, X, Z1, A1, Z2, A2, Z3, A3, Y, T)

    Only NotImplementedError, which the stubs raise, is handled. Every other error is shown.
    """
    try:
        yield
    except NotImplementedError as stub:
        name = str(stub) or " or ".join(tasks)  # a stub of ours names its task
        print(f"{name} is not written yet. Write it in its cell, then run all cells again.")


def ready(task: str) -> None:
    """Say whether `task` has been written, as far as this can be told without its marks.

    Raises
    ------
    Unfinished
        The task is missing or still a stub, and the notebook is being validated by nbgrader.
    """
    if autograding():
        return
    function = vars(sys.modules["__main__"]).get(task)
    if not callable(function):
        problem = f"{task} is not defined. Run its cell first; if it is gone, write it again."
    elif stub := _stub(task, function):
        problem = f"{task} is not written yet: {stub} still raises NotImplementedError."
    else:
        print(f"{task} is written. Its marks are decided when your notebook is collected.")
        return
    if os.environ.get("NBGRADER_EXECUTION") == "validate":
        raise Unfinished(problem)
    print(problem)


def _stub(task: str, function: Callable[..., object]) -> str:
    """Return what is still a stub in a task: its cell, or a method of its class; empty if nothing is."""
    if not isinstance(function, type):
        return "its cell" if _is_stub(function) else ""
    methods = {name: value for name, value in vars(function).items() if inspect.isfunction(value)}
    return next((f"{task}.{name}" for name, method in methods.items() if _is_stub(method)), "")


def _is_stub(function: Callable[..., object]) -> bool:
    """Return whether the function contains nothing but a docstring and `raise`."""
    try:
        (definition,) = ast.parse(textwrap.dedent(inspect.getsource(function))).body
    except (OSError, TypeError, SyntaxError, ValueError):
        return False
    body = getattr(definition, "body", [])
    statements = [s for s in body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    return len(statements) == 1 and isinstance(statements[0], ast.Raise)
