"""The README says only what is true now: its commands exist and run, its outputs are real."""

import re
import shlex
import subprocess
from itertools import chain

import nbformat
import pytest

from autograder import assignments
from autograder.grading import grade
from autograder.reporting import report
from samples import samples
from samples.demo import hand_in
from tests import readme

ROOT = readme.README.parent
ASSIGNMENT = "01-error-backpropagation"


def test_every_command_is_a_target_of_make_or_one_of_ours_that_is_run_here(autograder, tmp_path):
    run = graded = 0
    for command, _ in readme.commands(readme.README):
        words = shlex.split(command)
        if words[0] == "make":  # demo has a test of its own, test is this run, lab is for people
            dry = subprocess.run(["make", "-n", *words[1:]], cwd=ROOT, capture_output=True, check=False)
            assert dry.returncode == 0, command
            continue
        if words[:2] == ["autograder", "grade"]:
            graded += _grades_a_class_of_one(autograder, tmp_path / "course", words[2:])
            continue
        assert words[0] == ".venv/bin/autograder", command
        words = [word.replace("~/backpropagation", str(tmp_path / "course")) for word in words[1:]]
        done = autograder(*words, cwd=ROOT)
        assert done.returncode == 0, done.stderr
        run += 1
    assert (run, graded) == (3, 1)


def _grades_a_class_of_one(autograder, course, words):
    """In the course that a command before it has built."""
    hand_in(course, ASSIGNMENT, "amara", "matrix_products")
    done = autograder("grade", *words, cwd=course)
    assert done.returncode == 0, done.stderr
    return "amara" in done.stdout


def test_the_report_in_the_readme_is_what_a_student_reads(fork_server, tmp_path):
    notebook = tmp_path / f"{ASSIGNMENT}.ipynb"
    released = ROOT / "notebooks" / notebook.name
    nbformat.write(samples(ASSIGNMENT)["missing_relu_mask"].notebook(released), notebook)
    marked = grade.grade_file(notebook, [assignments.load(ASSIGNMENT)], fork_server)
    readme.compare("report", report.exercise_as_text(marked.results[0]))


def test_the_readme_counts_as_its_tables_do():
    text = readme.README.read_text(encoding="utf-8")
    planted = readme.quoted("mutants").splitlines()[-1].strip("| ").split(" | ")
    people = readme.quoted("people").splitlines()[-1].strip("| ").split(" | ")
    assert f"Of {int(planted[1]):,} planted mistakes" in " ".join(text.split())
    assert planted[1] == planted[3], "the README says that every one is named"
    assert f"of {people[1]} answers as people write them, {people[2]}." in " ".join(text.split())


@pytest.mark.parametrize("page", [*readme.PAGES, ROOT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page):
    text = re.sub(r"(`+).*?\1", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert not missing


@pytest.mark.parametrize("page", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_file_and_folder_that_is_named_is_there(page):
    """By its path, or by its name alone: `mark.py`, `sandbox/client/`."""
    folders = ("autograder", "utils", "tests", "samples")
    paths = [*ROOT.iterdir(), *chain.from_iterable((ROOT / folder).rglob("*") for folder in folders)]
    tree = [path.relative_to(ROOT).as_posix() for path in paths]
    names = re.findall(r"`([\w/.-]+(?:\.py|/))`", (ROOT / page).read_text(encoding="utf-8"))
    assert len(names) > 30
    made = re.compile(r"nbgrader_config\.py|(submitted|autograded|release|source|build|files/checks)/")
    missing = [name for name in names if not made.fullmatch(name) and not _is_in(tree, name.rstrip("/"))]
    assert not missing


def _is_in(tree, name):
    return any(path == name or path.endswith(f"/{name}") for path in tree)
