"""Ask from inside the sandbox: what a cell prints, what a function gives, which attempts go through."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from autograder.exercise import Answer, Convention, Exercise, Instance, Part, Returned, Value
from autograder.sandbox.client.fork_server import ForkServer
from autograder.sandbox.client.host import Worker
from autograder.sandbox.client.replies import CellResult
from tests.process import living, python

ARRAY = Exercise("f", "f", ("x",), Convention(), (Part("f", 1.0, ()),), lambda _: (), lambda _: {})
BY_HAND = replace(ARRAY, convention=Convention(by_hand=True))
LEAF = Convention(tensors=True, leaves=("w",))
SCALAR = replace(ARRAY, name="g", parameters=("w",), convention=LEAF, parts=(Part("g", 1.0, (0,)),))
INSTANCE = Instance({"x": np.array([1.0, 2.0])}, "an instance")


def called(worker: Worker, source: str) -> Answer:
    """The answer of the function `f` that a cell defines."""
    ran = worker.run(source)
    assert ran.error is None, ran.error
    return worker.call(ARRAY, INSTANCE)


def ask(worker: Worker, expression: str) -> Value:
    """The value of an expression in the worker."""
    answer = called(worker, f"def f(x): return {expression}")
    assert isinstance(answer, Returned), answer
    return answer.value


def stream(ran: CellResult, name: str = "stdout") -> str:
    """What a cell has written to a stream."""
    texts = (m["content"] for m in ran.messages if m["msg_type"] == "stream")
    return "".join(content["text"] for content in texts if content["name"] == name)


def printed(worker: Worker, expression: str) -> str:
    """An expression as text; it has to come as numbers, for nobody sees what the bare world prints."""
    codes = ask(worker, f"[ord(character) for character in str({expression})]")
    assert isinstance(codes, list)
    return "".join(chr(int(np.asarray(code))) for code in codes)  # type: ignore[arg-type]  # numbers


def attempt(worker: Worker, source: str) -> str | None:
    """The type and message of the error that a cell ends with; None if it goes through."""
    return worker.run(source).error


def forks(fork_server: ForkServer) -> list[int]:
    """Give the living processes of a fork server, itself first and the one that forks second."""
    parents = living()
    result = [pid for pid in parents if pid == fork_server._process.pid]
    for above in result:
        result += [pid for pid, parent in parents.items() if parent == above]
    return result


def descriptors() -> int:
    """Count what this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


# As a kernel does, it lets a cell await at its top.
ALONE = """
import ast, asyncio, inspect, json, sys
{enter}
found = {{}}
for name, source in json.loads(sys.argv[1]).items():
    try:
        cell = compile(source, name, "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        outcome = eval(cell, {{}})
        if inspect.iscoroutine(outcome):
            asyncio.run(outcome)
        found[name] = None
    except BaseException as error:
        found[name] = type(error).__name__
print(json.dumps(found), file=sys.__stdout__, flush=True)
"""


def alone(enter: str, attempts: Mapping[str, str], folder: Path) -> dict[str, str | None]:
    """What becomes of attempts, in one process that has entered one layer and no other.

    Returns
    -------
    for each attempt the name of the exception that stopped it, None if it went through.
    """
    environment = {"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"}
    code = ALONE.format(enter=enter)
    done = python("-c", code, json.dumps(dict(attempts)), cwd=folder, environment=environment)
    result: dict[str, str | None] = json.loads(done.stdout)
    return result
