"""`autograder watch` as a process of its own: with nbgrader's own exchange, and killed in the middle."""

import getpass
import json
import os
import signal
import subprocess
import sys

import nbformat
import pytest

from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK, Run
from tests.autograder.nbgrader_bridge.downloads import work

NAP = 3  # seconds


@pytest.fixture
def exchange(folder):
    """An exchange of this machine's, in which the assignment is released."""
    place = folder.parent / "exchange"
    place.mkdir()
    place.chmod(0o777)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write(f"\nc.Exchange.root = {str(place)!r}\n")
    nbgrader(folder, "release_assignment", NETWORK)
    return place


def nbgrader(folder, *arguments):
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder,
        env=os.environ | {"HOME": str(folder.parent)},  # the cache of what was submitted lies there
        capture_output=True,
        text=True,
        check=False,
        timeout=classes.SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.thorough  # nbgrader's own commands, in processes of their own
def test_what_nbgrader_submits_is_graded_and_what_watch_tells_nbgrader_fetches(folder, exchange):
    """Owners are looked at: whoever runs this test is the student, too."""
    student, home = getpass.getuser(), folder.parent / "home"
    home.mkdir()
    config = f"c.CourseDirectory.course_id = 'backpropagation'\nc.Exchange.root = {str(exchange)!r}\n"
    (home / "nbgrader_config.py").write_text(f"c = get_config()\n{config}")
    nbgrader(home, "fetch_assignment", NETWORK)
    (home / NETWORK / f"{NETWORK}.ipynb").write_bytes(work("missing_relu_mask"))
    nbgrader(home, "submit", NETWORK)
    said = Run(folder, ("--once", "--show", "faults", "--jobs", "1"), command="watch").finish()
    assert f"{student}: 19.5 of 30, try 1 of 3 today." in said
    nbgrader(home, "fetch_feedback", NETWORK)
    (page,) = (home / NETWORK / "feedback").rglob("*.html")
    assert page.name == f"{NETWORK}.html"
    assert "In <code>DZ2</code> the gradient also passes" in page.read_text()


def slow(notebook):
    """Work that takes its time, so that one is graded while others are not."""
    opened = nbformat.reads(notebook, as_version=4)
    opened.cells.insert(0, nbformat.v4.new_code_cell(f"import time; time.sleep({NAP})"))
    return nbformat.writes(opened).encode()


@pytest.mark.thorough  # three whole runs, each with processes of its own
@pytest.mark.parametrize("moment", ["taken", "graded"])
def test_whoever_is_killed_in_the_middle_loses_nothing_and_gives_nothing_away(folder, moment):
    students = {"amara": "matrix_products", "goran": "no_factor_two", "hana": "missing_relu_mask"}
    drop = folder.parent / "drop"
    drop.mkdir()
    for student, sample in students.items():
        (drop / f"{student}.ipynb").write_bytes(slow(work(sample)))
    log = folder / "autograder-logs" / f"{NETWORK}.attempts.jsonl"
    arguments = ("--inbound", str(drop), "--tries", "1", "--jobs", "1", "--seconds", "0.2")
    run = Run(folder, arguments, command="watch")
    process = run.start()
    assert classes.eventually(lambda: log.is_file() and f'"{moment}"' in log.read_text())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert classes.eventually(lambda: not run.processes()), run.processes()
    before = log.read_text().count('"graded"')
    assert before < len(students), "it was not in the middle"
    again = Run(folder, (*arguments, "--once"), command="watch")
    said = again.finish()
    assert said.count("try 1 of 1 today.") == len(students) - before
    assert {who: sum(cells.values()) for who, cells in classes.course.marks(folder, NETWORK).items()} == {
        "amara": 30,
        "goran": 21,
        "hana": 19.5,
    }
    states = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["student"] for one in states if one["state"] == "graded"].count("goran") == 1
    assert (folder / "outbound" / "hana" / f"{NETWORK}.html").is_file()
    again.assert_nothing_is_left()
    (drop / "goran.ipynb").write_bytes(work("transposed"))
    assert "goran" not in Run(folder, (*arguments, "--once"), command="watch").finish(), "its try is used up"
