"""Runs of `autograder grade` in which a process gets SIGKILL, at random; repeated until all is done."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder.nbgrader_bridge.whole_class.autograded_folder import STAGING
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import Run

# A grader, or the process that graders are forked from; a fork server, or the process that waits for it.
VICTIMS = {
    "host": re.compile(r"autograder\.cli"),
    "grader": re.compile(r"multiprocessing\.(?!resource_tracker)"),
    "fork server": re.compile(r"autograder\.sandbox\.server"),
}
MOMENTS = ("work", "work", "folder", "gradebook", "autograded")
STALL_SECONDS = 100.0  # a run that takes as long to see what has gone waits for what does not come
LOOK_SECONDS = {"work": 0.03, "folder": 0.005, "gradebook": 0.001, "autograded": 0.001}  # between two looks


@dataclass(frozen=True)
class Blow:
    """Who is killed, and when."""

    victim: str
    moment: str
    """`work`: after a part of a whole run's processor time; `folder`: when some submissions are in place;
    `gradebook`: while a transaction is open; `autograded`: while a submission is moved to its place."""
    part: float
    """Of the processor time, or of the folders: from 0 to 1."""
    jobs: int


@dataclass(frozen=True)
class Outcome:
    """What a blow did."""

    blow: Blow
    struck: bool
    """Whether the run was still under way."""
    kept: int
    """Submissions in their places when it struck."""
    status: int
    """Exit status of the run that was struck."""


def blows(seed: int, victims: Collection[str] = VICTIMS.keys()) -> Iterator[Blow]:
    """Every victim in turn, at moments that the seed decides."""
    dice = random.Random(seed)
    while True:
        for victim in victims:
            yield Blow(victim, dice.choice(MOMENTS), dice.random(), dice.choice((1, 1, 2)))


def strike(built: Path, folder: Path, blow: Blow, seconds: float) -> Outcome:
    """Grade a class in a new copy of a course, strike, run again, and look whether all is as it must be.

    seconds : of processor time, of a run that nobody disturbs.
    """
    shutil.copytree(built, folder)
    run = Run(folder, ("--jobs", str(blow.jobs)))
    process = run.start()
    try:
        kept = struck(run, process, blow, seconds, lambda: _victim(run, blow))
        message = said_soon(process)
        if blow.victim == "host" and kept is not None:
            assert process.returncode == -signal.SIGKILL
            assert classes.eventually(lambda: not run.processes()), run.processes()
        else:
            assert process.returncode == 0, message
        assert_goes_on(run)
    finally:
        for pid in run.processes():
            os.kill(pid, signal.SIGKILL)
    shutil.rmtree(folder)
    shutil.rmtree(run.scratch)
    return Outcome(blow, kept is not None, kept or 0, process.returncode)


def said_soon(process: subprocess.Popen[str]) -> str:
    """What a run said that has been struck; it ends in its own time, and waits for nobody who is gone."""
    struck_at = time.monotonic()
    message = classes.said(process, status=None)
    assert time.monotonic() - struck_at < STALL_SECONDS, message
    return message


def assert_goes_on(run: Run) -> None:
    """The same command does the rest, and then all is as if nothing had happened."""
    while "Graded now: 0." not in run.finish():  # one who handed in no notebook is tried every time
        pass
    classes.assert_whole(run.folder)
    run.assert_nothing_is_left()


def measured(built: Path, folder: Path, arguments: tuple[str, ...] = ("--jobs", "1")) -> float:
    """Seconds of processor time that a run takes which nobody disturbs."""
    shutil.copytree(built, folder)
    run = Run(folder, arguments)
    process = run.start()
    seconds = 0.0
    while process.poll() is None:
        seconds = max(seconds, _spent(run))
        time.sleep(LOOK_SECONDS["work"])
    classes.said(process)
    classes.assert_whole(folder)
    run.assert_nothing_is_left()
    shutil.rmtree(folder)
    return seconds


def _moment(blow: Blow, run: Run, seconds: float) -> Callable[[], bool]:
    return {
        "work": lambda: _spent(run) > blow.part * seconds,
        "folder": lambda: len(classes.graded_folders(run.folder)) > blow.part * (len(classes.CLASS) - 2),
        "gradebook": (run.folder / "gradebook.db-journal").exists,
        "autograded": (run.folder / STAGING / "new").exists,
    }[blow.moment]


def _spent(run: Run) -> float:
    """Seconds of processor time that a run's living processes have used, and those they waited for."""
    ticks = 0
    for pid in run.processes():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def struck(
    run: Run, process: subprocess.Popen[str], blow: Blow, seconds: float, victim: Callable[[], int | None]
) -> int | None:
    """Kill the victim at the moment; how many submissions were in their places, None if it came too late.

    victim : its process, None if there is none yet.
    """
    now = _moment(blow, run, seconds)
    while process.poll() is None:
        if now() and (pid := victim()) is not None:
            kept = len(classes.graded_folders(run.folder))
            os.kill(pid, signal.SIGKILL)
            return kept
        time.sleep(LOOK_SECONDS[blow.moment])
    return None


def _victim(run: Run, blow: Blow) -> int | None:
    result = [pid for pid, line in sorted(run.processes().items()) if VICTIMS[blow.victim].search(line)]
    return result[int(1000 * blow.part) % len(result)] if result else None
