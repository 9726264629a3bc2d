"""Runs of `autograder grade --cluster` in which a process of the cluster gets SIGKILL, at random."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.autograder.nbgrader_bridge import classes, dask_cluster, faults
from tests.autograder.nbgrader_bridge.classes import Run
from tests.autograder.nbgrader_bridge.faults import Blow, Outcome

VICTIMS = ("scheduler", "worker")
KEPT = (
    r"(1 submission is|\d+ submissions are) graded and kept\. Run the same command again to grade the rest\."
)
GONE = "The Dask scheduler is gone. Start it and its workers again, or grade without `--cluster`."
ALL = f"Graded now: {len(classes.CLASS) - 1}. Graded before and not handed in again: 0."


def blows(seed: int) -> Iterator[Blow]:
    """Every victim in turn, at moments that the seed decides."""
    return faults.blows(seed, VICTIMS)


def strike(built: Path, folder: Path, blow: Blow, seconds: float) -> Outcome:
    """Grade a class on a cluster, strike, go on at home, and look whether all is as it must be.

    seconds : of processor time at home, of a run that nobody disturbs.
    """
    shutil.copytree(built, folder)
    with dask_cluster.started(folder.with_name(f"{folder.name}-cluster")) as cluster:
        run = Run(folder, ("--cluster", cluster.address))
        process = run.start()
        victim = cluster.started["scheduler" if blow.victim == "scheduler" else "one"]
        kept = faults.struck(run, process, blow, seconds, lambda: victim.pid)
        message = faults.said_soon(process)
        if process.returncode == 0:  # a worker's end costs a retry, and the scheduler's may come too late
            assert ALL in message, message
        else:
            assert blow.victim == "scheduler", message
            assert process.returncode == 1, message
            told = (
                f"Nothing was graded: {re.escape(GONE)}",
                rf"Nothing was graded: No Dask scheduler answers at {re.escape(cluster.address)}[^\n]*",
                f"Stopped: {re.escape(GONE)}\n{KEPT}",
            )
            assert re.fullmatch("|".join(told), message), message
    faults.assert_goes_on(Run(folder))
    shutil.rmtree(folder)
    return Outcome(blow, kept is not None, kept or 0, process.returncode)


def measured(built: Path, folder: Path) -> float:
    """Seconds of processor time at home that a run on a cluster takes which nobody disturbs."""
    with dask_cluster.started(folder.with_name(f"{folder.name}-cluster")) as cluster:
        return faults.measured(built, folder, ("--cluster", cluster.address))
