"""`autograder watch` as a process of its own: with nbgrader's own exchange, and killed in the middle."""

import getpass
import json
import signal

import nbformat
import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK, Run
from tests.autograder.nbgrader_bridge.downloads import work

NAP = 3  # seconds


def nbgrader(folder, *arguments):
    """Run a command of nbgrader's, whose cache of what was submitted lies beside the folder."""
    classes.nbgrader(folder, *arguments, HOME=str(folder.parent))


@pytest.mark.thorough  # nbgrader's own commands, in processes of their own
def test_what_nbgrader_submits_is_graded_and_what_watch_tells_nbgrader_fetches(folder):
    """Owners are looked at: whoever runs this test is the student, too."""
    student, home, exchange = getpass.getuser(), folder.parent / "home", folder.parent / "exchange"
    home.mkdir()
    exchange.mkdir()
    exchange.chmod(0o777)
    (home / course.CONFIG).write_text("c = get_config()\nc.CourseDirectory.course_id = 'backpropagation'\n")
    for place in (folder, home):
        classes.configure(place, f"c.Exchange.root = {str(exchange)!r}")
    nbgrader(folder, "release_assignment", NETWORK)
    nbgrader(home, "fetch_assignment", NETWORK)
    (home / NETWORK / f"{NETWORK}.ipynb").write_bytes(work("missing_relu_mask"))
    nbgrader(home, "submit", NETWORK)
    said = Run(folder, ("--once", "--show", "faults", "--jobs", "1"), command="watch").finish()
    assert f"{student}: 19.5 of 30, try 1 of 3 today." in said
    nbgrader(home, "fetch_feedback", NETWORK)
    (page,) = (home / NETWORK / "feedback").rglob("*.html")
    assert page.name == f"{NETWORK}.html"
    assert "In <code>DZ2</code> the gradient also passes" in page.read_text()


@pytest.mark.thorough  # three whole runs, each with processes of its own
@pytest.mark.parametrize("moment", ["taken", "graded"])
def test_whoever_is_killed_in_the_middle_loses_nothing_and_gives_nothing_away(folder, moment):
    students = {"amara": "matrix_products", "goran": "no_factor_two", "hana": "missing_relu_mask"}
    drop = folder.parent / "drop"
    drop.mkdir()
    for student, sample in students.items():
        # each takes its time, so that one is graded while others are not
        notebook = nbformat.reads(work(sample), as_version=4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(f"import time; time.sleep({NAP})"))
        nbformat.write(notebook, drop / f"{student}.ipynb")
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
    assert again.finish().count("try 1 of 1 today.") == len(students) - before
    assert course.marks(folder, NETWORK) == classes.expected(students)
    states = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["student"] for one in states if one["state"] == "graded"].count("goran") == 1
    assert (folder / "outbound" / "hana" / f"{NETWORK}.html").is_file()
    again.assert_nothing_is_left()
    (drop / "goran.ipynb").write_bytes(work("transposed"))
    assert "goran" not in again.finish(), "its try is used up"
