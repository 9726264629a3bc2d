"""The project's own files agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LARGE = 500_000  # bytes
CONDA_NAMES = {
    "pytorch-cpu": "torch",
    "matplotlib-base": "matplotlib",
    "bleach-with-css": "bleach[css]",
    "psycopg": "psycopg[binary]",
}
REQUIREMENT = re.compile(r"([\w.-]+(?:\[\w+\])?) ?(>=[\d.]+)(.*)")

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA = (ROOT / "environment.yml").read_text()


def _requirements(lines):
    """Names, as pip knows them, and floors."""
    found = {}
    for line in lines:
        name, floor, rest = REQUIREMENT.fullmatch(line).groups()
        assert not rest, line
        found[CONDA_NAMES.get(name, name)] = floor
    return found


def _listed(text):
    """What conda itself installs, and what it leaves to pip."""
    *items, last = yaml.safe_load(text)["dependencies"]
    assert items.pop() == "pip"
    return items, last["pip"]


def test_the_conda_environment_asks_for_what_the_project_asks_for():
    listed, _ = _listed(CONDA)
    found = _requirements(listed)
    assert found.pop("python") == PROJECT["requires-python"]
    wanted = [requirement for requirement in PROJECT["dependencies"] if "sys_platform" not in requirement]
    assert found == _requirements(wanted)
    assert len(found) == len(listed) - 1, "nothing is listed twice"


def test_what_one_system_alone_needs_comes_with_the_course_itself():
    _, by_pip = _listed(CONDA)
    assert by_pip == ["--editable ."]


def test_the_conda_environment_comes_from_one_channel():
    assert yaml.safe_load(CONDA)["channels"] == ["conda-forge"]


def test_every_extra_waits_in_the_conda_environment_behind_a_comment():
    extras = {name: asked for name, asked in PROJECT["optional-dependencies"].items() if name != "dev"}
    waiting = re.findall(r"^  # - (.+)  # (\w+)$", CONDA, re.MULTILINE)
    found = {name: [line for line, extra in waiting if extra == name] for _, name in waiting}
    assert {name: _requirements(lines) for name, lines in found.items()} == {
        name: _requirements(lines) for name, lines in extras.items()
    }
    uncommented = re.sub(r"^  # - ", "  - ", CONDA, flags=re.MULTILINE)
    assert len(_listed(uncommented)[0]) == len(_listed(CONDA)[0]) + len(waiting)


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


def test_nothing_large_is_kept():
    """A package or a recording that got in by mistake would be in every clone for good."""
    kept = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    sizes = {name: (ROOT / name).lstat().st_size for name in kept.stdout.split("\0") if name}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LARGE} == {}


def test_ci_runs_all_tests():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert {"make test", "make thorough"} <= set(lines), "nothing is left out where it counts"
