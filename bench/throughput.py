"""How fast a class is graded, beside plain nbgrader: same submissions, same machine, one run.

    python -m bench.throughput [--plain N] [--executor N] [--ours N,N,N] [--rounds R]

Each way of grading gets a course folder of its own with the same submissions and writes the gradebook and
autograded/. What a way takes to start is taken off by grading two classes of different size: what is
compared is what each further submission costs. Times vary on a busy machine, so every figure is the median
of several rounds, and the rounds of all ways are interleaved.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from autograder.nbgrader_bridge.course import course_folder
from bench.bare import bare_seconds
from samples import samples
from samples.demo import hand_in

ASSIGNMENT = "01-error-backpropagation"
ENDLESS = "never_ends"
LEFT_OUT = (ENDLESS, "exits")  # time limits and a kernel's death are no measure of speed
PR_SET_CHILD_SUBREAPER = 36  # prctl(2)
BIN = Path(sys.executable).parent
PLAIN = """
c.Autograde.autograde_preprocessors[0] = "nbgrader.preprocessors.Execute"
"""


@dataclass(frozen=True)
class Way:
    """A way to grade a class."""

    name: str
    command: tuple[str, ...]
    plain: bool = False


@dataclass(frozen=True)
class Cost:
    """What one run took."""

    seconds: float
    processor: float
    """Seconds of processor time, of all its processes."""
    host: int
    """Bytes of memory that the process which keeps the gradebook took at most."""


WAYS = {
    "plain": Way("nbgrader autograde", ("nbgrader", "autograde", ASSIGNMENT), plain=True),
    "executor": Way("nbgrader autograde, our executor", ("nbgrader", "autograde", ASSIGNMENT)),
    "ours": Way("autograder grade", ("autograder", "grade", ASSIGNMENT)),
}


def main() -> None:
    """Measure, and print the table that the README quotes."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--plain", default="4,14", help="sizes of the classes that plain nbgrader grades")
    parser.add_argument("--executor", default="10,60")
    parser.add_argument("--ours", default="10,400")
    parser.add_argument(
        "--flat", default="10,100,1000", help="sizes for the cost by size; empty leaves it out"
    )
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    console = Console(width=110)
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = _Bench(Path(folder), console)
        sizes = {key: _sizes(getattr(options, key)) for key in WAYS}
        rounds = [
            {key: [bench.run(WAYS[key], size) for size in sizes[key]] for key in WAYS}
            for _ in range(options.rounds)
        ]
        each = {key: _each(sizes[key], [costs[key] for costs in rounds]) for key in WAYS}
        bare = bare_seconds(bench.released, _names(200))
        console.print(_table(each))
        ours = each["ours"]
        console.print(
            f"Processor time for each further submission: {1e3 * ours.processor:.0f} ms; the same cells in a "
            f"fork of a warm interpreter, without a sandbox, marks or gradebook: {1e3 * bare:.0f} ms "
            f"(ratio {ours.processor / bare:.2f})."
        )
        if options.flat:
            console.print(_flat(bench, _sizes(options.flat), options.rounds))
        console.print(_endless(bench))
        console.print(_check(bench))


class _Bench:
    """Course folders with classes in them."""

    def __init__(self, folder: Path, console: Console) -> None:
        self.folder, self.console = folder, console
        self._course = folder / "course"
        course_folder.build(self._course)
        self.released = self._course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"

    def run(self, way: Way, size: int) -> Cost:
        """Grade a class of this size from nothing."""
        return self.graded(way, _names(size))

    def graded(self, way: Way, names: Sequence[str]) -> Cost:
        """Grade a class that hands in these samples from nothing."""
        size = len(names)
        folder = self.folder / "run"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self._course, folder)
        if way.plain:
            with (folder / course_folder.CONFIG).open("a", encoding="utf-8") as config:
                config.write(PLAIN)
        for number, name in enumerate(names):
            hand_in(folder, ASSIGNMENT, f"s{number:05}", name)
        cost = _measured([str(BIN / way.command[0]), *way.command[1:]], folder)
        graded = len(course_folder.marks(folder, ASSIGNMENT))
        written = len(list(folder.glob(f"autograded/*/{ASSIGNMENT}/*.ipynb")))
        assert graded == written == size, (way.name, size, graded, written)
        self.console.print(
            f"  {way.name}, {size} submissions: {cost.seconds:.1f} s", style="dim", highlight=False
        )
        return cost


def _names(size: int) -> list[str]:
    """Alternate right and wrong samples, in an order that puts the same mix into every class."""
    names = [n for n, s in samples(ASSIGNMENT).items() if n not in LEFT_OUT and s.cells]
    return [names[(7 * number) % len(names)] for number in range(size)]


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",")]


def _measured(command: Sequence[str], folder: Path) -> Cost:
    environment = os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    host = 0
    while process.poll() is None:
        host = max(host, _memory(process.pid))
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    assert process.returncode == 0, (command, process.returncode)
    with contextlib.suppress(ChildProcessError):
        while True:  # processes whose parent has ended are ours now: what they used is to be counted
            os.waitpid(-1, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, host)


def _memory(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    except OSError:
        pass
    return 0


def _each(sizes: Sequence[int], rounds: Sequence[Sequence[Cost]]) -> Cost:
    """Return what each further submission costs: the slope between a small class and a large one."""
    small, large = sizes
    few, many = zip(*rounds, strict=True)

    def slope(of: Callable[[Cost], float]) -> float:
        return (median(map(of, many)) - median(map(of, few))) / (large - small)

    return Cost(slope(lambda c: c.seconds), slope(lambda c: c.processor), max(c.host for c in many))


def _table(each: dict[str, Cost]) -> Table:
    table = Table(
        title=f"{ASSIGNMENT}, {os.cpu_count()} cores, each further submission", title_justify="left"
    )
    for column in ("", "seconds", "processor seconds", "times as fast"):
        table.add_column(column, justify="left" if not column else "right")
    for key, cost in each.items():
        ratio = each["plain"].seconds / cost.seconds
        table.add_row(WAYS[key].name, f"{cost.seconds:.3f}", f"{cost.processor:.3f}", f"{ratio:.0f}")
    return table


def _flat(bench: _Bench, sizes: Sequence[int], rounds: int) -> Table:
    """Return whether a submission costs the same in classes of every size, and what the host takes."""
    costs = [[bench.run(WAYS["ours"], size) for size in sizes] for _ in range(rounds)]
    table = Table(title="autograder grade by the size of the class", title_justify="left")
    for column in ("submissions", "seconds in all", "since the class before, each", "host at most"):
        table.add_column(column, justify="right")
    last_size, last_seconds = 0, 0.0
    for size, of_size in zip(sizes, zip(*costs, strict=True), strict=True):
        seconds, host = median(cost.seconds for cost in of_size), max(cost.host for cost in of_size)
        since = "" if not last_size else f"{1e3 * (seconds - last_seconds) / (size - last_size):.0f} ms"
        table.add_row(str(size), f"{seconds:.1f}", since, f"{host / 1e6:.0f} MB")
        last_size, last_seconds = size, seconds
    return table


def _endless(bench: _Bench) -> Table:
    """Return what endless loops cost with the default limits: alone, and three among honest submissions."""
    table = Table(title="autograder grade where an exercise never ends", title_justify="left")
    for column in ("honest", "endless", "seconds in all", "for the endless ones", "processor seconds"):
        table.add_column(column, justify="right")
    for honest, endless in ((0, 1), (27, 3)):
        names = [*_names(honest), *[ENDLESS] * endless]
        cost = bench.graded(WAYS["ours"], names)
        without = bench.run(WAYS["ours"], max(honest, 1)).seconds
        extra = cost.seconds - without
        row = (f"{cost.seconds:.1f}", f"{extra:.1f}", f"{cost.processor:.1f}")
        table.add_row(str(honest), str(endless), *row)
    return table


def _check(bench: _Bench) -> str:
    """One notebook checked, beside the imports that it cannot do without."""
    notebook = bench.folder / f"{ASSIGNMENT}.ipynb"
    hand_in(bench.folder / "run", ASSIGNMENT, "checked", "matrix_products")
    shutil.copyfile(bench.folder / "run/submitted/checked" / ASSIGNMENT / notebook.name, notebook)
    imports, checks = [], []
    for _ in range(5):
        imports.append(_measured([sys.executable, "-c", "import torch, nbformat"], bench.folder).seconds)
        checks.append(_measured([str(BIN / "autograder"), "check", str(notebook)], bench.folder).seconds)
    ratio = median(checks) / median(imports)
    return (
        f"autograder check of one notebook: {median(checks):.2f} s; import torch, nbformat alone: "
        f"{median(imports):.2f} s (ratio {ratio:.2f})."
    )


if __name__ == "__main__":
    main()
