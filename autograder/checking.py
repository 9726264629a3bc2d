"""`autograder check`: notebooks marked one after the other, or, where there are many, on all cores.

What goes wrong with one notebook is said of that one, and the rest goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from autograder import assignments, grade, own_memory, process_pool, report
from autograder.exercise import Report
from autograder.originality import twins
from autograder.process_pool import Done, Task
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.protocol.limits import Limits
from autograder.secret import Keys

MANY = 3  # notebooks, from where on processes of their own pay; the command line says it, too


@dataclass(frozen=True)
class Checked:
    """A notebook that was marked, as it is printed."""

    text: str
    json: Mapping[str, object]
    lacks: Mapping[str, str] = field(default_factory=dict)
    """Layers of the sandbox that this machine lacks, and why."""


def check(
    notebooks: Sequence[Path],
    nursery: ForkServer,
    limits: Limits,
    jobs: int = 0,
    keys: Keys | None = None,
) -> Generator[Checked]:
    """Mark notebooks, in the order given.

    jobs : processes; as many as keep the cores busy if 0.
    keys : where the hidden data come from; from the notebooks' courses, or drawn for them, if not given.

    Raises
    ------
    NoForkServer, process_pool.CannotStart
        This machine can run no submission.
    """
    keys = keys or Keys.of()
    jobs = min(jobs or process_pool.cores() + 1, len(notebooks))
    if len(notebooks) < MANY or jobs == 1:
        yield from _one_by_one(notebooks, nursery, limits, keys)
    else:
        yield from _together(notebooks, nursery, limits, jobs, keys)


def _one_by_one(
    notebooks: Sequence[Path], nursery: ForkServer, limits: Limits, keys: Keys
) -> Iterator[Checked]:
    shapes = {str(path): _shapes(path) for path in notebooks} if len(notebooks) > 1 else {}
    flags = twins(shapes)
    for path in notebooks:
        yield _checked(path, nursery, limits, keys, flags.get(str(path), ()))


def _together(
    notebooks: Sequence[Path], nursery: ForkServer, limits: Limits, jobs: int, keys: Keys
) -> Iterator[Checked]:
    """In processes of their own; results that come early wait for those before them."""
    arguments = (nursery.address, limits, keys, assignments.searched())

    def worked(tasks: Iterator[Task], work: Callable[[bytes], bytes]) -> Iterator[Done]:
        return process_pool.work_through(tasks, jobs, start, arguments, work, fatal=(NoForkServer,))

    names = [os.fsencode(path) for path in notebooks]
    looked_at = list(worked((Task(str(n), name) for n, name in enumerate(names)), look_at))
    shapes = {
        str(notebooks[int(done.name)]): json.loads(done.result)
        for done in sorted(looked_at, key=lambda done: int(done.name))
        if done.result is not None
    }
    flags = twins(shapes)

    def task(n: int) -> Task:
        return Task(str(n), names[n] + b"\0" + json.dumps(flags.get(str(notebooks[n]), ())).encode())

    early: dict[int, Checked] = {}
    due = 0
    for done in worked((task(n) for n in range(len(notebooks))), mark):
        n = int(done.name)
        early[n] = _not_marked(notebooks[n], done.problem) if done.result is None else _read(done.result)
        while due in early:
            yield early.pop(due)
            due += 1


_HERE: list[tuple[ForkServer, Limits, Keys]] = []


def start(nursery: str, limits: Limits, keys: Keys, own: Sequence[Path] = ()) -> None:
    """In a process of its own: get ready.

    nursery : where to find the warm process that all share.
    own : folders with assignments beside ours.
    """
    import gc

    assignments.search(*own)
    assignments.load_all()
    gc.collect()
    gc.freeze()
    own_memory.limit()
    _HERE[:] = [(ForkServer(nursery), limits, keys)]


def look_at(path: bytes) -> bytes:
    """In a process of its own: what a notebook's functions look like up to renaming."""
    return json.dumps(_shapes(Path(os.fsdecode(path)))).encode()


def mark(task: bytes) -> bytes:
    """In a process of its own: mark one notebook."""
    path, _, flags = task.partition(b"\0")
    nursery, limits, keys = _HERE[0]
    checked = _checked(Path(os.fsdecode(path)), nursery, limits, keys, tuple(json.loads(flags)))
    return json.dumps(asdict(checked)).encode()


def _read(result: bytes) -> Checked:
    return Checked(**json.loads(result))


def _shapes(path: Path) -> dict[str, str]:
    try:
        return grade.code_shapes(path, assignments.load_all())
    except Exception:  # it is told when the notebook is marked
        return {}


def _checked(path: Path, nursery: ForkServer, limits: Limits, keys: Keys, flags: tuple[str, ...]) -> Checked:
    lacks: dict[str, str] = {}
    try:
        marked = grade.grade(path, assignments.load_all(), nursery, limits, flags, lacks, keys)
        return Checked(report.as_text(marked), report.as_json(marked), lacks)
    except NoForkServer:
        raise  # this machine's trouble, and not the notebook's
    except Exception as error:
        return _not_marked(path, f"It could not be marked: {type(error).__name__}: {error}"[:2000])


def _not_marked(path: Path, why: str) -> Checked:
    found = Report(str(path), None, message=why)
    return Checked(report.as_text(found), report.as_json(found))
