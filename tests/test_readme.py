"""The README says only what is true now: its commands exist and run, its outputs are real."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat

from autograder import assignments, grade, report
from autograder.sandbox.client.fork_server import ForkServer
from samples import samples
from samples.demo import hand_in
from tests import readme

ROOT = readme.README.parent
ASSIGNMENT = "01-error-backpropagation"


def _commands():
    blocks = re.findall(r"```console\n(.*?)```", readme.README.read_text(encoding="utf-8"), re.DOTALL)
    return [line[2:] for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_every_command_is_a_target_of_make_or_one_of_ours_that_is_run_here(tmp_path):
    run = graded = 0
    for command in _commands():
        words = shlex.split(command)
        if words[0] == "make":  # demo has a test of its own, test is this run, lab is for people
            dry = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, check=False)
            assert dry.returncode == 0, command
            continue
        if words[:2] == ["autograder", "grade"]:
            graded += _grades_a_class_of_one(tmp_path / "course", words[2:])
            continue
        assert words[0] == ".venv/bin/autograder", command
        words = [word.replace("~/backpropagation", str(tmp_path / "course")) for word in words[1:]]
        done = subprocess.run(
            [sys.executable, "-m", "autograder.cli", *words],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        run += 1
    assert (run, graded) == (3, 1)


def _grades_a_class_of_one(course, words):
    """In the course that a command before it has built."""
    hand_in(course, ASSIGNMENT, "amara", "matrix_products")
    done = subprocess.run(
        [sys.executable, "-m", "autograder.cli", "grade", *words],
        cwd=course,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return "amara" in done.stdout


def test_the_report_in_the_readme_is_what_a_student_reads(tmp_path):
    notebook = tmp_path / f"{ASSIGNMENT}.ipynb"
    released = ROOT / "notebooks" / notebook.name
    nbformat.write(samples(ASSIGNMENT)["missing_relu_mask"].notebook(released), notebook)
    with ForkServer() as nursery:
        marked = grade.grade_file(notebook, [assignments.load(ASSIGNMENT)], nursery)
    readme.compare("report", report.exercise_as_text(marked.results[0]))


def test_every_link_to_a_file_leads_somewhere():
    text = readme.README.read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in t]
    assert targets
    assert all((ROOT / Path(target)).exists() for target in targets)
