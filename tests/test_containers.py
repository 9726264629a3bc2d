"""docs/containers.md and docker/: commands run as far as they can without Docker; what images hold."""

import fnmatch
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder import __version__
from samples.demo import hand_in
from tests import readme
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.sandbox.container import confined

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "containers.md"
IMAGES = {path.name.partition(".")[0]: path.read_text("utf-8") for path in ROOT.glob("docker/*.Dockerfile")}
COURSE, STUDENT = "backpropagation_course", "backpropagation_course_student"
WHEELS = [f"dist/{name}-{__version__}-py3-none-any.whl" for name in (COURSE, STUDENT)]
VALUED = {"--user", "--env", "--volume", "--security-opt"}


def of_docker(words):
    """The options of `docker run`, its image and what runs in it."""
    options, rest = [], iter(words)
    for word in rest:
        if not word.startswith("--"):
            return options, word, list(rest)
        options.append(f"{word}={next(rest)}" if word in VALUED else word)
    raise AssertionError("no image")


@pytest.fixture
def machine(tmp_path):
    """A folder with a course in which one student has handed in."""
    if os.geteuid() != 0:
        assert "CI" not in os.environ, "here this test may not be left out"
        pytest.skip("only root can make a container's places")
    tmp_path.chmod(0o755)
    hand_in(classes.built(tmp_path / "backpropagation"), classes.NETWORK, "hana", "missing_relu_mask")
    return tmp_path


@pytest.mark.thorough  # each command of the pages in a process of its own
def test_every_command_runs(machine, autograder):
    ran = []
    for command, _ in readme.commands(PAGE):
        line, _, target = command.partition(" > ")
        words = shlex.split(line)
        if words[0] == "make":
            subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, check=True, capture_output=True)
        elif words[:2] == ["docker", "build"]:
            assert (ROOT / words[words.index("--file") + 1]).is_file()
        elif words[0] == "autograder":
            (machine / target).write_text(autograder(*words[1:], cwd=machine).stdout, encoding="utf-8")
        elif words[0] == "apparmor_parser":
            parser = shutil.which(words[0], path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
            if parser is None:
                assert "CI" not in os.environ, "here AppArmor's compiler may not be missing"
                continue
            checked = [parser, "--skip-kernel-load", "--skip-cache", *words[1:]]
            subprocess.run(checked, cwd=machine, check=True, capture_output=True)
        else:
            assert words[:2] == ["docker", "run"], command
            options, image, inside = of_docker(words[2:])
            assert f"--tag {image} " in PAGE.read_text(encoding="utf-8")
            (profile,) = (o.partition("seccomp=")[2] for o in options if "seccomp=" in o)
            program = [Path(sys.executable).with_name(inside[0]), *inside[1:]]
            done = confined.run(program, machine / profile, machine / "backpropagation")
            assert done.returncode == 0, done.stdout + done.stderr
            assert "Graded now: 1." in done.stdout
        ran.append(words[0])
    assert ran.count("docker") == 3


def test_images_are_built_of_the_wheels_alone():
    ignored = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")]
    assert ignored == ["*", "!dist", "!requirements.lock"]
    wheel = {"grader": WHEELS[0], "student": WHEELS[1]}
    assert set(IMAGES) == set(wheel)
    for name, text in IMAGES.items():
        copied = " ".join(re.findall(r"^COPY (.*) \S+$", text, re.MULTILINE)).split()
        assert "ADD " not in text
        assert "requirements.lock" in copied
        taken = {file for file in WHEELS for pattern in copied if fnmatch.fnmatch(file, pattern)}
        assert taken == {wheel[name]}, "and in a student's image there is no solution"


@pytest.mark.parametrize("name", IMAGES)
def test_an_image_has_an_ordinary_user_a_known_python_and_known_versions(name):
    text = IMAGES[name]
    users = re.findall(r"^USER (\S+)$", text, re.MULTILINE)
    assert users
    assert "root" not in users
    version = re.search(r"^FROM python:(3\.\d+)-", text, re.MULTILINE)[1]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    installs = re.findall(r"pip install .*?(?=&&|\n\n)", text, re.DOTALL)
    assert len(installs) == 2
    assert all("^torch==" in line or "--constraint" in line for line in installs)


def test_what_an_image_installs_by_name_has_a_version_in_the_lock():
    locked = (ROOT / "requirements.lock").read_text()
    for name in re.search(r"\*\.whl ([\w ]+) \\", IMAGES["student"])[1].split():
        assert re.search(f"^{name}==", locked, re.MULTILINE), name
