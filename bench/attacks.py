"""The hostile submissions of samples/attacks, against plain nbgrader and against both of our ways to grade.

    python -m bench.attacks [--only NAME,NAME] [--keep FILE]

What was found is kept in FILE, if one is named; run again, it goes on where it was.

Plain nbgrader gets a course folder, a home and a process namespace of its own for each attack, without a
network but its own loopback: an honest student has been graded already, the attacker and another honest
student are graded in one run. Its kernels have ten seconds for a cell. `autograder grade` gets everybody in
one class, and so does `nbgrader autograde` with our executor, but for files that are no notebooks: nbgrader
opens those itself, before any executor, so each is tried alone. An attack succeeds if it gains a mark,
harms somebody, reads a secret, stops the run, outlives it, or leaves something in the feedback that runs in
a browser. As root, on Linux; an hour or so.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from autograder.nbgrader_bridge.course import course_folder as courses
from bench.throughput import PLAIN
from samples.attacks import pages, trial
from samples.attacks.canaries import LATER, NEIGHBOUR, Canaries, copy_course, remove
from samples.attacks.corpus import ASSIGNMENT, Attack, attacks

BIN = Path(sys.executable).parent
NBGRADER = [str(BIN / "nbgrader"), "autograde", ASSIGNMENT]
GRADE = [str(BIN / "autograder"), "grade", ASSIGNMENT, "--cell-seconds", "3", "--call-seconds", "2"]
ALONE = ["unshare", "--pid", "--fork", "--mount-proc", "--kill-child", "--net"]
PATIENCE = 90  # seconds for plain nbgrader with two notebooks, on a busy machine
ENDED = 20  # seconds more until everything in the namespace is ended
CLASS = 900  # seconds for the whole class
POLITE = 15  # to whoever else is at work on the machine
MEMORY = 16 << 30  # bytes of address space of any process; an attack asks for 3 GB
SHORT = "\nc.BoxedExecute.timeout = 3\nc.BoxedExecute.call_timeout = 2\n"
FILES = "no_notebooks"  # the room of what is handed in and is no notebook
LIMITS = "\nc.Execute.timeout = 10\nc.Execute.iopub_timeout = 10\n"

Harm = list[str]
"""What an attack did, in words; nothing if it failed."""


def main() -> None:
    """Run the corpus against both, and print what succeeded."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", default="", help="names of attacks, with commas")
    parser.add_argument("--keep", type=Path, help="a file for what plain nbgrader let happen")
    parser.add_argument("--one", nargs=3, metavar=("NAME", "TEMPLATE", "RESULT"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, template, result = options.one
        Path(result).write_text(json.dumps(_one(attacks()[name], Path(template))), encoding="utf-8")
        return
    chosen = [attacks()[name] for name in options.only.split(",")] if options.only else [*attacks().values()]
    os.nice(POLITE)
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="attacks-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        remaining = options.keep or folder / "plain.json"
        files = [attack for attack in chosen if attack.room == FILES]
        cells = [attack for attack in chosen if attack.room != FILES]
        plain = _alone(chosen, folder / "plain", PLAIN + LIMITS, console, remaining)
        sandboxed = _alone(files, folder / "boxed", SHORT, console, remaining.with_suffix(".boxed.json"))
        in_class, harm = _class(cells, folder / "executor", NBGRADER)
        _tell(console, "our executor", harm)
        ours, harm = _class(chosen, folder / "ours", GRADE)
        _tell(console, "autograder grade", harm)
        ways = {
            "nbgrader autograde": plain,
            "our executor in it": sandboxed | in_class,
            "autograder grade": ours,
        }
        remove(folder)
    _print(console, chosen, ways)


def _class(chosen: Sequence[Attack], folder: Path, command: Sequence[str]) -> tuple[dict[str, Harm], Harm]:
    """Return what each attack gained in one class, and what cannot be laid at the door of one."""
    course = folder / "course"
    courses.build(course)
    with (course / courses.CONFIG).open("a", encoding="utf-8") as config:
        config.write(SHORT)
    with Canaries(folder / "canaries", course) as canaries:
        trial.hand_in(canaries, chosen)
        run = trial.run(canaries, command, folder / "run.json", CLASS)
        harm = canaries.harm() + canaries.told_secrets(run.output)
        harm += [f"honest {student} was harmed" for student in trial.HONEST if _wronged(course, student)]
        harm += [f"outlived by {process}" for process in run.left]
        if run.status is None or run.status < 0:
            harm.append(f"the run ended with status {run.status}")
        result = {attack.name: _gained(course, attack) + _shown(canaries, attack) for attack in chosen}
    return result, harm


def _tell(console: Console, way: str, harm: Harm) -> None:
    for words in harm:
        console.print(f"In the class of {way}: {words}", highlight=False)


def _alone(
    chosen: Sequence[Attack], folder: Path, settings: str, console: Console, remaining: Path
) -> dict[str, Harm]:
    """Return what each attack did to nbgrader with these settings, in a world of its own."""
    results = json.loads(remaining.read_text(encoding="utf-8")) if remaining.exists() else {}
    remaining_attacks = [attack for attack in chosen if attack.name not in results]
    template = folder / "template" / "course"
    courses.build(template)
    with (template / courses.CONFIG).open("a", encoding="utf-8") as config:
        config.write(settings)
    with Canaries(folder / "template" / "canaries", template) as canaries:
        trial.hand_in(canaries, (), (NEIGHBOUR,))
        trial.run(canaries, NBGRADER, folder / "template" / "run.json", PATIENCE)
    for attack in track(remaining_attacks, folder.name, console=console, transient=True):
        result = folder / "result.json"
        result.unlink(missing_ok=True)
        one = [sys.executable, "-m", "bench.attacks", "--one", attack.name, str(template), str(result)]
        with (folder / "log.txt").open("wb") as log:
            running = subprocess.Popen([*ALONE, *one], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                running.wait(timeout=PATIENCE + ENDED)
            except subprocess.TimeoutExpired:
                running.kill()  # and with it, by its namespace, all that it started
                running.wait()
        if result.exists():
            results[attack.name] = json.loads(result.read_text(encoding="utf-8"))
        else:
            results[attack.name] = ["the run never ended, or was ended with all around it"]
            console.print((folder / "log.txt").read_text(errors="replace")[-500:], style="dim", markup=False)
        remaining.write_text(json.dumps(results, indent=1), encoding="utf-8")
    return results


def _one(attack: Attack, template: Path) -> Harm:
    """One attack against plain nbgrader; runs in a namespace of its own."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["PATH"] = f"{BIN}{os.pathsep}{os.environ['PATH']}"
    with tempfile.TemporaryDirectory(prefix="attack-", ignore_cleanup_errors=True) as name:
        course = copy_course(template, Path(name) / "course")
        with Canaries(Path(name) / "canaries", course) as canaries:
            trial.hand_in(canaries, [attack], (LATER,))
            run = trial.run(canaries, NBGRADER, Path(name) / "run.json", PATIENCE)
            result = _gained(course, attack) + _shown(canaries, attack) + canaries.harm()
            result += canaries.told_secrets(run.output)
            result += [f"honest {who} was harmed" for who in (NEIGHBOUR, LATER) if _wronged(course, who)]
            if run.left:
                result.append(f"outlived by {len(run.left)} processes")
            if run.status is None:
                result.append("the run never ended")
            elif run.status < 0:
                result.append("the run was killed")
        remove(course)
    return result


def _gained(course: Path, attack: Attack) -> Harm:
    marks = trial.marks(course, [attack.name])[attack.name]
    return [
        f"{exercise}: {marks[exercise]:g} P for {deserved:g}"
        for exercise, deserved in attack.marks.items()
        if not marks[exercise] <= deserved
    ]


def _wronged(course: Path, student: str) -> bool:
    return trial.marks(course, [student])[student] != trial.expected(student)


def _shown(canaries: Canaries, attack: Attack) -> Harm:
    """Return what the notebook that was marked gives away, and what its feedback would do."""
    notebook = trial.autograded(canaries.course, attack.name)
    if notebook is None:
        return []
    result = canaries.told_secrets(trial.outputs(notebook))
    if "scripts" in attack.covers or pages.MARK in trial.outputs(notebook):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbconvert's, of languages and pictures that are none
            try:
                folder = courses.generate_feedback(canaries.course, ASSIGNMENT, attack.name)
            except courses.CourseError:
                return [*result, "no feedback can be made"]
        page = (folder / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
        result += [f"in the browser: {live}" for live in pages.live(page)][:1]
    return result


def _print(console: Console, chosen: Sequence[Attack], ways: Mapping[str, Mapping[str, Harm]]) -> None:
    console.print(_each(chosen, ways))
    rooms: dict[str, list[str]] = defaultdict(list)
    for attack in chosen:
        rooms[attack.room].append(attack.name)
    table = Table(title="Attacks that succeed", title_justify="left")
    for column in ("", "attacks", *ways):
        table.add_column(column, justify="left" if not column else "right")
    for room, names in sorted(rooms.items()):
        counts = (sum(bool(result[name]) for name in names) for result in ways.values())
        table.add_row(room.replace("_", " "), str(len(names)), *map(str, counts))
    totals = (sum(map(bool, result.values())) for result in ways.values())
    table.add_section()
    table.add_row("all", str(len(chosen)), *map(str, totals))
    console.print(table)


def _each(chosen: Sequence[Attack], ways: Mapping[str, Mapping[str, Harm]]) -> Table:
    table = Table("attack", *ways, title="What each attack did")
    for attack in chosen:
        table.add_row(attack.name, *("; ".join(result[attack.name])[:200] for result in ways.values()))
    return table


if __name__ == "__main__":
    main()
