"""Nothing in a submission gains a mark, reads an answer, harms anybody, or outlives its time."""

import json
import os
import re
import sys
import warnings
from types import SimpleNamespace

import pytest

from autograder.nbgrader_bridge.course import course_folder as courses
from samples.attacks import pages, trial
from samples.attacks.canaries import Canaries, remove
from samples.attacks.corpus import ASSIGNMENT, PHRASES, attacks
from tests.autograder.nbgrader_bridge import classes

FEWEST = 80
CELL, CALL = "10", "2"  # seconds; what never ends is to end soon here, and a busy machine is slow
ENOUGH = 900  # seconds for the whole class, on a busy machine
MEMORY = 500  # MB that the grader itself may take, however large the class
LARGEST = 2900  # MB of one process; an attack asks for 3000
GRADE = [sys.executable, "-m", "autograder.cli", "grade", ASSIGNMENT, "--jobs", "4"]

NAMES = list(attacks())
ALL = pytest.param(NAMES, id="all", marks=pytest.mark.thorough)  # some wait for their time limits: minutes


def one_of_each():
    """For each thing that students try an attack, if none of those before is one."""
    chosen = []
    for phrase in PHRASES:
        if not any(phrase in attacks()[name].covers for name in chosen):
            chosen.append(next(name for name in NAMES if phrase in attacks()[name].covers))
    return chosen


def covering(names, phrase):
    return [name for name in names if phrase in attacks()[name].covers]


@pytest.fixture(scope="module", params=[pytest.param(one_of_each(), id="one of each"), ALL])
def graded(request, tmp_path_factory):
    """The whole class, graded in one run; what became of it is read once, and as it is in JSON."""
    seen = grade_all(tmp_path_factory.mktemp("attacks"), request.param)
    return SimpleNamespace(names=request.param, **json.loads(json.dumps(seen)))


def grade_all(folder, names):
    """Hand in, grade, look, write the feedback, and leave no file of a student's behind."""
    course = folder / "course"
    classes.built(course, ASSIGNMENT, whole=True)
    with Canaries(folder / "canaries", course) as canaries:
        trial.hand_in(canaries, [attacks()[name] for name in names])
        command = [*GRADE, "--cell-seconds", CELL, "--call-seconds", CALL]
        run = trial.run(canaries, command, folder / "run.json", ENOUGH)
        students = [*trial.HONEST, *names]
        shown = {student: trial.autograded(course, student) for student in students}
        seen = {
            "status": run.status,
            "left": run.left,
            "peak": run.peak,
            "largest": run.largest,
            "output": run.output,
            "harm": canaries.harm() + canaries.told_secrets(run.output),
            "marks": trial.marks(course, students),
            "told": {student: trial.told(course, student, run.output) for student in students},
            "reasons": {name: trial.reasons(course, name) for name in covering(names, "forged verdicts")},
            "leaks": {s: canaries.told_secrets(trial.outputs(n)) for s, n in shown.items() if n is not None},
            "pages": {name: page(course, name) for name in covering(names, "scripts")},
        }
    remove(course)
    return seen


def page(course, student):
    """The feedback that a student and the instructor see."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nbconvert's, of languages and pictures that are none
        folder = courses.generate_feedback(course, ASSIGNMENT, student)
    return (folder / f"{ASSIGNMENT}.html").read_text("utf-8")


# The corpus


def test_there_are_many_attacks_and_each_says_what_it_tries():
    assert len(NAMES) >= FEWEST
    for name, attack in attacks().items():
        assert attack.description.endswith("."), name
        assert all([attack.covers, attack.sections, attack.says]), name


def test_all_that_students_try_is_covered_and_nothing_else():
    assert {phrase for attack in attacks().values() for phrase in attack.covers} == set(PHRASES)


# The class


def test_the_class_is_graded_to_its_end(graded):
    assert graded.status == 0, graded.output[-2000:]


def test_honest_students_get_what_they_deserve(graded):
    deserved = {student: trial.expected(student) for student in trial.HONEST}
    assert {student: graded.marks[student] for student in deserved} == deserved


def test_no_attack_gains_a_mark_or_costs_honest_work_one(graded):
    deserved = {name: attacks()[name].marks for name in graded.names}
    assert {name: graded.marks[name] for name in deserved} == deserved


def test_it_is_told_what_happened(graded):
    said = {name: (attacks()[name].says, graded.told[name]) for name in graded.names}
    assert {name: pair for name, pair in said.items() if pair[0] not in pair[1]} == {}


def test_what_a_student_says_stands_in_a_report_as_a_quotation(graded):
    assert graded.reasons
    for name, reasons in graded.reasons.items():
        assert reasons, name
        assert "full marks by hand" not in re.sub("“[^”]*”", "", reasons), name
        assert len(reasons) < 10_000, name


def test_nothing_is_harmed(graded):
    assert graded.harm == []


def test_nothing_steers_the_terminal_of_whoever_grades(graded):
    lines = graded.output.splitlines()
    assert all(line.isprintable() for line in lines), [line for line in lines if not line.isprintable()][:3]


def test_nothing_is_given_away(graded):
    assert {name: leaks for name, leaks in graded.leaks.items() if leaks} == {}


def test_nothing_outlives_the_class(graded):
    assert graded.left == []


def test_memory_is_bounded(graded):
    assert graded.peak < MEMORY
    assert graded.largest < LARGEST


# The instructor's browser


def test_feedback_holds_nothing_live_of_a_students(graded):
    live = {name: pages.live(page) for name, page in graded.pages.items()}
    assert live
    assert {name: result for name, result in live.items() if result} == {}


@pytest.mark.browser
def test_feedback_runs_nothing_of_a_students(graded, browser, tmp_path):
    """All pages are open at once, so that each has its time to do harm."""
    opened, asked = {}, []
    for name, text in graded.pages.items():
        path = tmp_path / f"{name}.html"
        path.write_text(text, encoding="utf-8")
        opened[name] = browser.new_page()
        opened[name].on("request", lambda request, name=name: asked.append((name, request.url)))
        opened[name].goto(path.as_uri())
    opened[name].wait_for_timeout(300)
    assert [name for name, page in opened.items() if pages.MARK in page.title()] == []
    assert [(name, url) for name, url in asked if pages.MARK in url] == []
    for page in opened.values():
        page.close()


# The checks themselves


LIVE = (
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
)
QUOTED = (
    "<pre>&lt;script&gt;document.title='owned-by-a-student'&lt;/script&gt;</pre>",
    "<pre>$\\href{javascript:'owned-by-a-student'}{x}$</pre>",
    "<img alt='owned-by-a-student' src='data:image/png;base64,'>",
    "<script type='application/json'>\"owned-by-a-student\"</script>",
    "<div class='tex2jax_ignore'><p>$\\href{javascript:'owned-by-a-student'}{x}$</p></div>",
    "<h1 id='Hello'>Hello</h1><h1 id='Hello'>Hello</h1>",
)


@pytest.mark.parametrize("page", [*LIVE, *QUOTED])
def test_a_live_page_is_noticed_and_one_that_only_quotes_is_no_harm(page):
    assert bool(pages.live(page)) == (page in LIVE)


def test_harm_is_noticed(tmp_path):
    folder = tmp_path / "course" / "submitted" / "aaron"
    folder.mkdir(parents=True)
    (folder / "sheet.ipynb").write_text("{}")
    with Canaries(tmp_path / "canaries", tmp_path / "course") as canaries:
        canaries.watch()
        assert canaries.harm() == []
        (canaries.outside / "outside.txt").write_text("a student was here")
        (folder / "new.txt").write_text("a student was here")
        (canaries.home / ".bashrc").write_text("echo full marks")
        assert len(canaries.harm()) == 3
        (folder / "sheet.ipynb").chmod(0o600)
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
