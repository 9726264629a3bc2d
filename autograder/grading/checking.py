"""Mark the notebooks of `autograder check`: one after another, or, if there are many, on all cores.

What goes wrong with one notebook is reported for that one, and does not affect the others.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from autograder import assignments
from autograder.exercise import Report
from autograder.grading import grade
from autograder.grading.secret import Keys
from autograder.marking.originality import twins
from autograder.parallel import process_pool
from autograder.parallel.process_pool import Done, Task
from autograder.reporting import report
from autograder.sandbox.client.fork_server import ForkServer, NoForkServer
from autograder.sandbox.isolation import own_memory
from autograder.sandbox.protocol.limits import Limits
from autograder.submissions.notebook import Cell, UnreadableNotebook, read_all

MOST_HELD = 100_000_000  # characters of cells that wait to be marked; the rest is read again
MANY = 3  # notebooks, from which on processes of their own pay; the command line knows it, too


@dataclass(frozen=True)
class Checked:
    """Hold a marked notebook as it is printed."""

    text: str
    json: Mapping[str, object]
    missing_layers: Mapping[str, str] = field(default_factory=dict)
    """Layers of the sandbox that this machine lacks, and why."""


@dataclass(frozen=True)
class ReadNotebook:
    """A notebook that was read, as it goes to the process that marks it."""

    cells: tuple[Cell, ...] | None
    """None if it has still to be read."""
    problem: str = ""
    """Why it cannot be read."""
    shapes: Mapping[str, str] = field(default_factory=dict)
    """By exercise, a fingerprint of its code up to renaming."""

    def to_bytes(self) -> bytes:
        """Write it down for another process."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> ReadNotebook:
        """Read what `to_bytes` wrote."""
        content = json.loads(data)
        cells = content["cells"]
        return cls(
            None if cells is None else tuple(Cell(**cell) for cell in cells),
            content["problem"],
            content["shapes"],
        )


def check_notebooks(
    notebooks: Sequence[Path],
    fork_server: ForkServer,
    limits: Limits,
    jobs: int = 0,
    keys: Keys | None = None,
) -> Generator[Checked]:
    """Mark notebooks; yield the results in the order of the notebooks.

    Parameters
    ----------
    jobs : processes; if 0, as many as keep the cores busy.
    keys : where the hidden data come from; if not given, from the notebooks' courses, or drawn for them.

    Raises
    ------
    NoForkServer, process_pool.CannotStart
        This machine cannot run submissions.
    """
    keys = keys or Keys.of()
    fork_server.expect(len(notebooks))
    jobs = min(jobs or process_pool.cores() + 1, len(notebooks))
    if len(notebooks) < MANY or jobs == 1:
        yield from _one_by_one(notebooks, fork_server, limits, keys)
    else:
        yield from _together(notebooks, fork_server, limits, jobs, keys)


def _one_by_one(
    notebooks: Sequence[Path], fork_server: ForkServer, limits: Limits, keys: Keys
) -> Iterator[Checked]:
    read = _held((n, _read_notebook(path)) for n, path in enumerate(notebooks))
    flags = twins({str(path): read[n].shapes for n, path in enumerate(notebooks)})
    for n, path in enumerate(notebooks):
        yield _check(path, read.pop(n), fork_server, limits, keys, flags.get(str(path), ()))


def _held(notebooks: Iterable[tuple[int, ReadNotebook]]) -> dict[int, ReadNotebook]:
    """Hold what was read until it is marked; if that is too much, the fingerprints alone."""
    read, size = {}, 0
    for n, one in notebooks:
        size += sum(len(cell.source) for cell in one.cells or ())
        read[n] = one if size <= MOST_HELD else replace(one, cells=None)
    return read


def _together(
    notebooks: Sequence[Path], fork_server: ForkServer, limits: Limits, jobs: int, keys: Keys
) -> Iterator[Checked]:
    """Mark notebooks in separate processes; hold back results that come before those of earlier notebooks.

    All are read before the first is marked, because what two of them have in common is reported with each.
    """
    arguments = (fork_server.address, limits, keys, assignments.searched())

    def work_through(tasks: Iterator[Task], work: Callable[[bytes], bytes]) -> Iterator[Done]:
        return process_pool.work_through(tasks, jobs, start_process, arguments, work, fatal=(NoForkServer,))

    names = [os.fsencode(path) for path in notebooks]
    outcomes = work_through((Task(str(n), name) for n, name in enumerate(names)), read_in_process)
    read = _held(
        (int(done.name), ReadNotebook.from_bytes(done.result)) for done in outcomes if done.result is not None
    )
    flags = twins({str(notebooks[n]): read[n].shapes for n in sorted(read)})

    def task(n: int) -> Task:
        one = read.pop(n, ReadNotebook(None))  # its process ended: perhaps by something else's doing
        flagged = json.dumps(flags.get(str(notebooks[n]), ())).encode()
        return Task(str(n), b"\0".join((names[n], flagged, one.to_bytes())))

    early: dict[int, Checked] = {}
    due = 0
    for done in work_through((task(n) for n in range(len(notebooks))), check_in_process):
        n = int(done.name)
        early[n] = (
            _not_marked(notebooks[n], done.problem)
            if done.result is None
            else Checked(**json.loads(done.result))
        )
        while due in early:
            yield early.pop(due)
            due += 1


_HERE: list[tuple[ForkServer, Limits, Keys]] = []


def start_process(fork_server: str, limits: Limits, keys: Keys, own: Sequence[Path] = ()) -> None:
    """Initialise one of the processes that check notebooks.

    Parameters
    ----------
    fork_server : the address of the fork server that all share.
    own : folders with assignments other than ours.
    """
    import gc

    assignments.search(*own)
    assignments.load_all()
    gc.collect()
    gc.freeze()
    own_memory.limit()
    _HERE[:] = [(ForkServer(fork_server), limits, keys)]


def read_in_process(path: bytes) -> bytes:
    """Read one notebook, in one of the processes that check."""
    return _read_notebook(Path(os.fsdecode(path))).to_bytes()


def check_in_process(task: bytes) -> bytes:
    """Mark one notebook, in one of the processes that check."""
    path, flags, read = task.split(b"\0", 2)
    one = ReadNotebook.from_bytes(read)
    checked = _check(Path(os.fsdecode(path)), one, *_HERE[0], tuple(json.loads(flags)))
    return json.dumps(asdict(checked)).encode()


def _read_notebook(path: Path) -> ReadNotebook:
    try:
        cells = read_all(path)
    except UnreadableNotebook as reason:
        return ReadNotebook((), str(reason))
    except Exception as error:
        return ReadNotebook((), _unmarked(error))
    try:
        return ReadNotebook(cells, shapes=grade.code_shapes(cells, assignments.load_all()))
    except Exception:  # it is reported when the notebook is marked
        return ReadNotebook(cells)


def _check(
    path: Path,
    read: ReadNotebook,
    fork_server: ForkServer,
    limits: Limits,
    keys: Keys,
    flags: tuple[str, ...],
) -> Checked:
    if read.problem:
        return _not_marked(path, read.problem)
    try:
        marked = grade.grade_file(
            path, assignments.load_all(), fork_server, limits, flags, keys, cells=read.cells
        )
        return Checked(report.as_text(marked), report.as_json(marked), dict(fork_server.missing_layers))
    except NoForkServer:
        raise  # this machine's problem, not the notebook's
    except Exception as error:
        return _not_marked(path, _unmarked(error))


def _unmarked(error: Exception) -> str:
    return f"It could not be marked: {type(error).__name__}: {error}"[:2000]


def _not_marked(path: Path, why: str) -> Checked:
    not_marked = Report(str(path), None, message=why)
    return Checked(report.as_text(not_marked), report.as_json(not_marked))
