"""Every command that a document shows is run by a test: word by word, as far as one machine goes.

Most pages have a test of their own. Here are others, and what holds that no page is forgotten.
"""

import os
import re
import shlex
import subprocess
import tomllib

import pytest

from samples.demo import hand_in
from tests import readme
from tests.autograder.nbgrader_bridge import classes, dask_cluster, downloads, postgres

ROOT = readme.ROOT
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OWN_TEST = {
    "README.md": "tests/test_readme.py",
    "containers.md": "tests/test_containers.py",
    "jupyterhub.md": "tests/browser/hub.py",
    "running-a-course.md": "tests/test_running_a_course.py",
    "term.md": "tests/test_term.py",
    "writing-an-assignment.md": "tests/test_writing_an_assignment.py",
}
HERE = {"cluster.md", "postgres.md", "sandbox.md", "watching.md"}
NOT_WORD_BY_WORD = {"installing.md": "tests/test_wheel.py"}  # what it describes is tried with other words


def commands(page):
    """What a page of docs/ has people type, in order."""
    return [shlex.split(line, comments=True) for line, _ in readme.commands(ROOT / "docs" / page)]


def test_no_page_with_commands_is_without_a_test():
    with_commands = {page.name for page in readme.PAGES if "```console" in page.read_text(encoding="utf-8")}
    assert with_commands == OWN_TEST.keys() | HERE | NOT_WORD_BY_WORD.keys()
    assert all((ROOT / test).is_file() for test in NOT_WORD_BY_WORD.values())
    for page, test in OWN_TEST.items():
        text = (ROOT / test).read_text(encoding="utf-8")
        assert page in text or page == "README.md", f"{test} does not read {page}"


def test_every_command_of_ours_is_shown_somewhere(autograder, tmp_path):
    shown = "".join(page.read_text(encoding="utf-8") for page in readme.PAGES)
    listed = re.findall(r"^│ (\w+) ", autograder("--help", cwd=tmp_path).stdout, re.MULTILINE)
    assert len(listed) > 10
    typed = set(re.findall(r"^\$ (?:\S*/)?autograder (\w+)", shown, re.MULTILINE))
    assert set(listed) - typed == set()


def test_the_doctor_says_what_the_page_on_the_sandbox_shows(autograder, tmp_path):
    ((program, *words),) = commands("sandbox.md")
    assert program == "autograder"
    done = autograder(*words, cwd=tmp_path)
    layers = re.findall(r"^(?:holds  |MISSING)  ([\w-]+): ", done.stdout, re.MULTILINE)
    text = (ROOT / "docs" / "sandbox.md").read_text(encoding="utf-8")
    assert layers == re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)


def test_grading_as_work_arrives_prints_what_the_page_shows(autograder, tmp_path):
    folder = classes.built(tmp_path / "course")
    (folder / "drop").mkdir()
    (folder / "drop" / "goran.ipynb").write_bytes(downloads.work("no_factor_two"))
    ((line, lines),) = readme.commands(ROOT / "docs" / "watching.md")
    done = autograder(*shlex.split(line)[1:], "--once", cwd=folder)
    assert done.returncode == 0, done.said
    assert lines
    assert set(lines) <= set(done.stdout.splitlines())
    page = folder / "outbound" / "goran" / f"{classes.NETWORK}.html"
    assert "carried-forward" in page.read_text()


def is_an_extra(words, name):
    """Whether `pip install` asks for what an extra of ours asks for."""
    return words[:2] == ["pip", "install"] and words[2:] == PROJECT["optional-dependencies"][name]


@pytest.mark.thorough  # a scheduler and a worker, which take seconds to start
def test_a_cluster_is_started_and_used_as_the_page_says(tmp_path):
    """Other ports, and no machine but this one: of Kubernetes only the names are held against the page."""
    install, grade, scheduler, worker, forward, through = commands("cluster.md")
    assert is_an_extra(install, "cluster")
    assert forward[:2] == ["kubectl", "port-forward"]
    text = (ROOT / "docs" / "cluster.md").read_text(encoding="utf-8")
    assert f'name="{forward[2].removeprefix("service/").removesuffix("-scheduler")}"' in text
    course = classes.built(tmp_path / "course")
    hand_in(course, classes.NETWORK, "hana", "missing_relu_mask")
    with dask_cluster.opened(tmp_path / "cluster") as cluster:
        assert scheduler == ["dask", "scheduler"]
        cluster.start_scheduler()
        assert worker[:2] == ["dask", "worker"]
        workers = ["1" if word == "8" else word for word in worker[3:]]
        cluster._start("worker", "-m", *worker[:2], cluster.address, *workers)
        assert classes.eventually(lambda: "Registered to:" in cluster.log("worker"), classes.SECONDS)
        for words in (grade, [*through, "--force"]):
            told = [re.sub(r"^tcp://.*", cluster.address, word) for word in words[3:]]
            assert "Graded now: 1." in classes.Run(course, tuple(told)).finish()


@pytest.mark.thorough  # a server is started
def test_a_database_is_made_kept_and_had_again_as_the_page_says(autograder, tmp_path):
    programs = postgres.installed()
    if programs is None:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("PostgreSQL is not installed")
    install, role, database, build, dump, restore = commands("postgres.md")
    assert is_an_extra(install, "postgres")
    with postgres.served(programs) as server:
        owner = role.pop()
        assert owner != postgres.ROLE
        environment = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "PGUSER": postgres.ROLE}

        def run(words):
            program = str(programs / words[0])
            subprocess.run([program, *words[1:]], cwd=tmp_path, env=environment, check=True, input="")

        role.remove("--pwprompt")  # it asks at a terminal
        run([*role, owner])
        run(database)
        course = tmp_path / "course"
        course.mkdir()
        assert autograder("build", "--course", course, cwd=tmp_path).returncode == 0
        with (course / "nbgrader_config.py").open("a") as config:
            url = f"postgresql+psycopg://{owner}@127.0.0.1:{server.port}/{database[-1]}"
            config.write(f"\nc.CourseDirectory.db_url = {url!r}\n")
        assert autograder(*build[1:], cwd=course).returncode == 0
        hand_in(course, classes.NETWORK, "hana", "missing_relu_mask")
        done = autograder("grade", classes.NETWORK, cwd=course)
        assert "Graded now: 1." in done.stdout, done.said
        run(dump)
        done = autograder("grade", classes.NETWORK, "--force", cwd=course)
        assert done.returncode == 0
        run(restore)
        assert sum(classes.course.marks(course, classes.NETWORK)["hana"].values()) == 19.5
