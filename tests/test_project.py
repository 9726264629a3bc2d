"""The project's own files agree with each other."""

import re
import subprocess
import sys
import tomllib
from itertools import chain
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
LARGE = 500_000  # bytes
CONDA_NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib", "psycopg": "psycopg[binary]"}
REQUIREMENT = re.compile(r"([\w.-]+(?:\[\w+\])?) ?(>=[\d.]+)(.*)")

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PROJECT = PYPROJECT["project"]
DEVELOPMENT = PYPROJECT["dependency-groups"]["dev"]
STUDENT = tomllib.loads((ROOT / "wheels/student/pyproject.toml").read_text())["project"]
LOCKED = tomllib.loads((ROOT / "uv.lock").read_text())["package"]
OURS = next(package for package in LOCKED if package["name"] == PROJECT["name"])
CONDA = (ROOT / "environment.yml").read_text()


def _requirements(lines):
    """Names, as pip knows them, and floors."""
    result = {}
    for line in lines:
        name, floor, rest = REQUIREMENT.fullmatch(line).groups()
        assert not rest, line
        result[CONDA_NAMES.get(name, name)] = floor
    return result


def _listed(text):
    """What conda itself installs, and what it leaves to pip."""
    *items, last = yaml.safe_load(text)["dependencies"]
    assert items.pop() == "pip"
    return items, last["pip"]


def test_the_conda_environment_asks_for_what_the_project_asks_for():
    listed, _ = _listed(CONDA)
    result = _requirements(listed)
    assert result.pop("python") == PROJECT["requires-python"]
    wanted = [requirement for requirement in PROJECT["dependencies"] if "sys_platform" not in requirement]
    assert result == _requirements(wanted)
    assert len(result) == len(listed) - 1, "nothing is listed twice"


def test_the_conda_environment_comes_from_one_channel_and_by_pip_what_one_system_alone_needs():
    assert yaml.safe_load(CONDA)["channels"] == ["conda-forge"]
    assert _listed(CONDA)[1] == ["--editable ."], "it comes with the course itself"


def test_every_extra_waits_in_the_conda_environment_behind_a_comment():
    waiting = re.findall(r"^  # - (.+)  # (\w+)$", CONDA, re.MULTILINE)
    extras = PROJECT["optional-dependencies"]
    assert {extra for _, extra in waiting} == set(extras)
    for name, lines in extras.items():
        assert _requirements(line for line, extra in waiting if extra == name) == _requirements(lines)
    uncommented = re.sub(r"^  # - ", "  - ", CONDA, flags=re.MULTILINE)
    assert len(_listed(uncommented)[0]) == len(_listed(CONDA)[0]) + len(waiting)


def test_every_dependency_has_a_reason_beside_it():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^    "[\w.-]+(?:\[\w+\])?[>=]=[^"]+",(.*)$', text, re.MULTILINE)
    assert len(listed) > 10
    assert all(reason.strip().startswith("# ") for reason in listed)


def _git(*words):
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout


def _name(written):
    """A package's name as every tool writes it."""
    return re.sub(r"[-_.]+", "-", written).lower()


def _pins():
    """Names and versions that `make setup` installs."""
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    result = [re.fullmatch(r"([\w.-]+)==([\w.!]+)(?: ; [^;]+)?", x) for x in lines if not x.startswith("#")]
    assert all(result), "a pin and nothing else, least of all an address"
    return {(_name(pin[1]), pin[2]) for pin in result}


def test_pip_and_uv_install_the_same_versions():
    installed = [package for package in LOCKED if package is not OURS]
    locked = {(package["name"], package["version"].partition("+")[0]) for package in installed}
    assert _pins() == locked


def test_the_lock_knows_all_that_is_asked_for():
    asked = [*PROJECT["dependencies"], *chain(*PROJECT["optional-dependencies"].values())]
    metadata = OURS["metadata"]
    for lines, known in ((asked, metadata["requires-dist"]), (DEVELOPMENT, metadata["requires-dev"]["dev"])):
        split = [re.match(r"([\w.-]+)(?:\[\w+\])?([>=]=[^;]+)", line) for line in lines]
        assert {(_name(x[1]), x[2]) for x in split} == {(x["name"], x["specifier"]) for x in known}


def test_uv_takes_its_lock_as_it_is():
    uv = Path(sys.executable).with_name("uv")
    check = [uv, "lock", "--check", "--offline", "--no-cache"]
    done = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_lock_brings_gigabytes():
    """Torch comes without CUDA: from PyTorch's own index, and on a Mac there is no other."""
    assert not [name for name, _ in _pins() if name.startswith(("nvidia", "cuda", "triton"))]
    torch = [package for package in LOCKED if package["name"] == "torch"]
    sources = {package["version"].partition("+")[2]: package["source"]["registry"] for package in torch}
    assert sources == {"cpu": "https://download.pytorch.org/whl/cpu", "": "https://pypi.org/simple"}
    assert ("torch", "2.13.0") in _pins()


def test_who_develops_has_every_extra():
    extras = PROJECT["optional-dependencies"].values()
    assert {line for extra in extras for line in extra} <= set(DEVELOPMENT)


def test_the_students_wheel_asks_for_what_the_course_asks_for():
    assert set(STUDENT["dependencies"]) < set(PROJECT["dependencies"])
    for field in ("requires-python", "authors", "license"):
        assert STUDENT[field] == PROJECT[field]


def test_built_things_are_ignored():
    built = ["build/course/x", ".venv/x", "autograder/__pycache__/x.pyc"]
    assert _git("check-ignore", *built).splitlines() == built


def test_nothing_large_is_kept():
    """A package or a recording that got in by mistake would be in every clone for good."""
    kept = _git("ls-files", "-z").split("\0")
    sizes = {name: (ROOT / name).lstat().st_size for name in kept if name}
    assert sizes.pop("uv.lock"), "text, with a line for every file of every package"
    assert {name: size for name, size in sizes.items() if size > LARGE} == {}


def test_ci_runs_all_tests_as_long_as_there_is_time():
    lines = (ROOT / ".ci/run").read_text().splitlines()
    assert {"make test", "make thorough"} <= set(lines)
