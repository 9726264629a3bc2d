"""The project's own files agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib", "bleach-with-css": "bleach[css]"}
LINUX = "; sys_platform == 'linux'"  # such packages come to conda through pip, with the course itself


def _requirements(lines):
    found = {}
    for line in lines:
        name, floor = re.fullmatch(r"([\w.-]+(?:\[\w+\])?) ?>=([\d.]+)", line).groups()
        found[CONDA_NAMES.get(name, name)] = floor
    return found


def test_the_conda_environment_asks_for_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    environment = yaml.safe_load((ROOT / "environment.yml").read_text())
    wanted = _requirements(line for line in project["dependencies"] if LINUX not in line)
    listed = [item for item in environment["dependencies"] if isinstance(item, str) and item != "pip"]
    found = _requirements(listed)
    assert found.pop("python") == project["requires-python"].removeprefix(">=")
    assert found == wanted


def test_every_dependency_has_a_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^    "[\w.-]+(?:\[\w+\])?[>=]=[^"]+",(.*)$', text, re.MULTILINE)
    assert len(listed) > 10
    assert all(reason.strip().startswith("# ") for reason in listed)


def test_the_lock_pins_every_dependency_and_holds_no_address():
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.!]+", pin) for pin in pins)
    names = {re.sub(r"[-_.]+", "-", pin.split("==")[0]).lower() for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    assert {re.split(r"[>=\[]", requirement)[0].lower() for requirement in asked} <= names
    assert "torch==2.13.0" in pins
    assert not any(name.startswith(("nvidia", "cuda", "triton")) for name in names)


def test_who_develops_has_every_extra():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert {line for extra in extras.values() for line in extra} == set(extras["dev"])


def test_built_things_are_ignored():
    ignored = subprocess.run(
        ["git", "check-ignore", "build/course/x", ".venv/x", "autograder/__pycache__/x.pyc"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(ignored.stdout.splitlines()) == 3


def test_ci_calls_make_test():
    assert "make test" in (ROOT / ".ci/run").read_text().splitlines()
