"""Nothing in a submission gains a mark, reads an answer, harms anybody, or outlives its time."""

import fcntl
import json
import os
import re
import sys
import warnings
from types import SimpleNamespace

import pytest

from autograder.nbgrader_bridge import course_folder as courses
from samples.attacks import pages, trial
from samples.attacks.canaries import Canaries, remove
from samples.attacks.corpus import ASSIGNMENT, PHRASES, attacks

FEWEST = 80
CELL, CALL = "10", "2"  # seconds; what never ends is to end soon here, and a busy machine is slow
ENOUGH = 900  # seconds for the whole class, on a busy machine
MEMORY = 500  # MB that the grader itself may take, however large the class
LARGEST = 2900  # MB of one process; an attack asks for 3000
GRADE = [sys.executable, "-m", "autograder.cli", "grade", ASSIGNMENT, "--jobs", "4"]

NAMES = list(attacks())
FORGING = [name for name, attack in attacks().items() if "forged verdicts" in attack.covers]
SCRIPTED = [name for name, attack in attacks().items() if "scripts" in attack.covers]


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """The whole class, graded in one run: once, even where several processes share the tests."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "attacks"
    with (shared / "attacks.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "seen.json").exists():
            folder.mkdir()
            (folder / "seen.json").write_text(json.dumps(grade_all(folder)), encoding="utf-8")
    return SimpleNamespace(**json.loads((folder / "seen.json").read_text(encoding="utf-8")))


def grade_all(folder):
    """Hand in, grade, look, write the feedback, and leave no file of a student's behind."""
    course = folder / "course"
    courses.build(course)
    with Canaries(folder / "canaries", course) as canaries:
        trial.hand_in(canaries, attacks().values())
        command = [*GRADE, "--cell-seconds", CELL, "--call-seconds", CALL]
        run = trial.run(canaries, command, folder / "run.json", ENOUGH)
        students = [*trial.HONEST, *NAMES]
        shown = {student: trial.autograded(course, student) for student in students}
        seen = {
            "status": run.status,
            "left": run.left,
            "peak": run.peak,
            "largest": run.largest,
            "output": run.output,
            "harm": canaries.harm() + canaries.told_secrets(run.output),
            "marks": {student: trial.marks(course, student) for student in students},
            "told": {student: trial.told(course, student, run.output) for student in students},
            "reasons": {name: trial.reasons(course, name) for name in FORGING},
            "leaks": {s: canaries.told_secrets(trial.outputs(n)) for s, n in shown.items() if n is not None},
            "pages": {name: page(course, name) for name in SCRIPTED},
        }
    remove(course)
    return seen


def page(course, student):
    """The feedback that a student and the instructor see."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbconvert's, of languages and pictures that are none
        folder = courses.generate_feedback(course, ASSIGNMENT, student)
    return (folder / f"{ASSIGNMENT}.html").read_text("utf-8")


every_attack = pytest.mark.parametrize("name", NAMES)


# The corpus


def test_there_are_many_attacks():
    assert len(NAMES) >= FEWEST


@every_attack
def test_each_attack_says_what_it_tries(name):
    attack = attacks()[name]
    assert attack.description.endswith(".")
    assert attack.covers
    assert set(attack.covers) <= set(PHRASES)
    assert attack.sections
    assert attack.says


@pytest.mark.parametrize("phrase", PHRASES)
def test_all_that_students_try_is_covered(phrase):
    assert any(phrase in attack.covers for attack in attacks().values())


# The class


def test_the_class_is_graded_to_its_end(graded):
    assert graded.status == 0, graded.output[-2000:]


@pytest.mark.parametrize("student", trial.HONEST)
def test_honest_students_get_what_they_deserve(graded, student):
    assert graded.marks[student] == trial.expected(student)


@every_attack
def test_no_attack_gains_a_mark_or_costs_honest_work_one(graded, name):
    assert graded.marks[name] == attacks()[name].marks


@every_attack
def test_it_is_told_what_happened(graded, name):
    assert attacks()[name].says in graded.told[name]


@pytest.mark.parametrize("name", FORGING)
def test_what_a_student_says_stands_in_a_report_as_a_quotation(graded, name):
    assert graded.reasons[name]
    assert "full marks by hand" not in re.sub("“[^”]*”", "", graded.reasons[name])
    assert len(graded.reasons[name]) < 10_000


def test_nothing_is_harmed(graded):
    assert graded.harm == []


def test_nothing_steers_the_terminal_of_whoever_grades(graded):
    lines = graded.output.splitlines()
    assert all(line.isprintable() for line in lines), [line for line in lines if not line.isprintable()][:3]


@every_attack
def test_nothing_is_given_away(graded, name):
    assert graded.leaks.get(name, []) == []


def test_nothing_outlives_the_class(graded):
    assert graded.left == []


def test_memory_is_bounded(graded):
    assert graded.peak < MEMORY
    assert graded.largest < LARGEST


# The instructor's browser


@pytest.mark.parametrize("name", SCRIPTED)
def test_feedback_holds_nothing_live_of_a_students(graded, name):
    assert pages.live(graded.pages[name]) == []


@pytest.mark.browser
@pytest.mark.parametrize("name", SCRIPTED)
def test_feedback_runs_nothing_of_a_students(graded, name, browser, tmp_path):
    path = tmp_path / "feedback.html"
    path.write_text(graded.pages[name], encoding="utf-8")
    asked = []
    opened = browser.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    opened.goto(path.as_uri())
    opened.wait_for_timeout(300)
    assert pages.MARK not in opened.title()
    assert not [url for url in asked if pages.MARK in url]
    opened.close()


# The checks themselves


@pytest.mark.parametrize(
    "page",
    [
        "<p><script>document.title='owned-by-a-student'</script>",
        "<img src=x onerror='document.title=\"owned-by-a-student\"'>",
        "<a href=\"java\tscript:document.title='owned-by-a-student'\">x</a>",
        "<iframe srcdoc='owned-by-a-student'></iframe>",
        "<style>@import 'http://x/owned-by-a-student.css'</style>",
        "<p>$\\href{javascript:'owned-by-a-student'}{x}$</p>",
        "<p>$\\smash{\\raise 9em{owned-by-a-student}}$</p>",
        "<img width=9 onload=document.title='owned-by-a-student'>",
        "<img src='http://x/owned-by-a-student.png'>",
        "<div class='navbar-fixed-top owned-by-a-student'>30 of 30</div>",
        "<pre class='mermaid'>click A href 'javascript:owned-by-a-student'</pre>",
        "<a name='exercise1-marks'></a><h1 id='exercise1-marks'>30 of 30</h1>",
        "<p class='tex2jax_ignore'></p><p>$\\class{owned-by-a-student}{x}$</p>",
    ],
)
def test_a_live_page_is_noticed(page):
    assert pages.live(page) != []


@pytest.mark.parametrize(
    "page",
    [
        "<pre>&lt;script&gt;document.title='owned-by-a-student'&lt;/script&gt;</pre>",
        "<pre>$\\href{javascript:'owned-by-a-student'}{x}$</pre>",
        "<img alt='owned-by-a-student' src='data:image/png;base64,'>",
        "<script type='application/json'>\"owned-by-a-student\"</script>",
        "<div class='tex2jax_ignore'><p>$\\href{javascript:'owned-by-a-student'}{x}$</p></div>",
        "<h1 id='Hello'>Hello</h1><h1 id='Hello'>Hello</h1>",
    ],
)
def test_a_page_that_only_quotes_is_no_harm(page):
    assert pages.live(page) == []


def test_harm_is_noticed(tmp_path):
    course = tmp_path / "course"
    folder = course / "submitted" / "aaron"
    folder.mkdir(parents=True)
    notebook = folder / "sheet.ipynb"
    notebook.write_text("{}")
    with Canaries(tmp_path / "canaries", course) as canaries:
        canaries.watch()
        assert canaries.harm() == []
        (canaries.outside / "outside.txt").write_text("a student was here")
        (course / "submitted" / "aaron" / "new.txt").write_text("a student was here")
        (canaries.home / ".bashrc").write_text("echo full marks")
        assert len(canaries.harm()) == 3
        notebook.chmod(0o600)
        os.setxattr(folder, "user.a", b"1")
        os.utime(canaries.outside / "outside.txt", (0, 0))
        assert len(canaries.harm()) == 5
        assert canaries.told_secrets(f"it is {canaries.secret}") == ["a secret is told"]


def test_who_calls_is_heard_and_who_stays_is_found(tmp_path):
    course = tmp_path / "course"
    course.mkdir()
    with Canaries(tmp_path / "canaries", course) as canaries:
        canaries.watch()
        stays = "import subprocess, sys; subprocess.Popen(['sleep', '300'], start_new_session=True)"
        calls = f"import socket; socket.create_connection(('127.0.0.1', {canaries.listener.port}))"
        run = trial.run(canaries, [sys.executable, "-c", f"{stays}; {calls}"], tmp_path / "run.json", 60)
        assert run.status == 0
        assert run.left == ["sleep 300"]
        assert canaries.harm() == ["somebody called over the network"]
