"""Fifty runs of `autograder grade`, each with a process killed at a random moment: `python -m bench.faults`.

The process is the host, a grader, a warm process, or, of a run on a cluster, its scheduler or a worker.
Every run is repeated until all is graded, and then the course is examined: everybody graded once, with the
right marks, nothing half-written, no process and no file left over. It stops at the first run that fails.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections import Counter
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.autograder.nbgrader_bridge import classes, cluster_faults, faults

VICTIMS = (*faults.VICTIMS, *cluster_faults.VICTIMS)


def main() -> None:
    """Deal the blows and print whom they hit, and when."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    console = Console(width=110)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="faults-") as name:
        built = classes.built(Path(name) / "course")
        classes.hand_in_all(built)
        at_home = faults.measured(built, Path(name) / "undisturbed")
        on_cluster = cluster_faults.measured(built, Path(name) / "undisturbed")
        console.print(
            f"A run that nobody disturbs takes {at_home:.1f} s of processor time, "
            f"and {on_cluster:.1f} s where others grade."
        )
        for number, blow in enumerate(islice(faults.blows(arguments.seed, VICTIMS), arguments.runs), start=1):
            place = Path(name) / f"run{number}"
            if blow.victim in cluster_faults.VICTIMS:
                outcome = cluster_faults.strike(built, place, blow, on_cluster)
            else:
                outcome = faults.strike(built, place, blow, at_home)
            outcomes.append(outcome)
            what = f"hit with {outcome.kept} kept" if outcome.struck else "over before"
            console.print(f"{number:3}  {blow.victim:9} {blow.moment:9} {what}", highlight=False)
        shutil.rmtree(built)
    console.print(_table(outcomes))


def _table(outcomes: list[faults.Outcome]) -> Table:
    table = Table(title="Killed, started again, all graded once", title_justify="left")
    for column in ("victim", "runs", "hit while grading", *dict.fromkeys(faults.MOMENTS)):
        table.add_column(column, justify="left" if column == "victim" else "right")
    for victim in VICTIMS:
        own = [outcome for outcome in outcomes if outcome.blow.victim == victim]
        moments = Counter(outcome.blow.moment for outcome in own if outcome.struck)
        cells = [str(moments[moment]) for moment in dict.fromkeys(faults.MOMENTS)]
        table.add_row(victim, str(len(own)), str(sum(outcome.struck for outcome in own)), *cells)
    return table


if __name__ == "__main__":
    main()
