"""The demonstration: a class is graded from release to feedback, and its table is printed."""

import re
import tomllib
from pathlib import Path
from types import SimpleNamespace

import pytest

from samples import FOLDER, demo
from tests import readme
from tests.process import python

REPOSITORY = Path(demo.__file__).parents[1]
FEWEST_STUDENTS = 12


@pytest.fixture(scope="module")
def demonstration(tmp_path_factory):
    """What the command prints; it takes a minute or two."""
    folder = tmp_path_factory.mktemp("demo") / "course"
    done = python("-m", "samples.demo", folder, cwd=REPOSITORY, status=None, timeout=900)
    return SimpleNamespace(folder=folder, status=done.returncode, out=done.stdout, err=done.stderr)


def rows(text):
    """For each table, by its title: the cells of its rows."""
    tables = {}
    for line in text.splitlines():
        if title := re.match(r"([\w-]+), \d+ P\s*$", line):
            tables[title.group(1)] = []
        elif line.startswith("│"):
            cells = [cell.strip() for cell in line.strip("│ ").split("│")]
            table = tables[next(reversed(tables))]
            if len(cells) == 1:  # a long name goes on in the next line
                table[-1][1] += f" {cells[0]}"
            else:
                table.append(cells)
    return tables


@pytest.mark.thorough  # nbgrader's own commands, one after the other, for each assignment
def test_the_demonstration_prints_the_marks_of_the_class(demonstration):
    """One test, so that the class is graded once."""
    assert demonstration.err == ""
    assert demonstration.status == 0

    first, *others = demonstration.out.split("\n\n0")
    assert len(others) == len(demo.CLASS) - 1
    readme.compare("demo", first)
    tables = rows(demonstration.out)
    expected = tomllib.loads((FOLDER / "marks.toml").read_text("utf-8"))
    assert list(tables) == list(demo.CLASS)
    assert len(tables["01-error-backpropagation"]) >= FEWEST_STUDENTS
    for assignment, members in demo.CLASS.items():
        assert [row[:2] for row in tables[assignment]] == [
            [student, sample.replace("_", " ")] for student, sample in members.items()
        ]
        for (student, sample), (_, _, *scores) in zip(members.items(), tables[assignment], strict=True):
            marks = list(expected[assignment][sample].values())
            page = demonstration.folder / "feedback" / student / assignment / f"{assignment}.html"
            if sample == "no_notebook":
                assert set(scores) == {"–"}
                assert f"{student} was not graded. The file is not a notebook" in demonstration.out
                assert not page.exists()
            else:
                assert [float(score) for score in scores] == [*marks, sum(marks)]
                assert "What to look at" in page.read_text("utf-8") or sum(marks) == 30

    *_, feedback, last = demonstration.out.strip().splitlines()
    assert last == f"Report: {demonstration.folder}/report/report.html"
    assert "missing-relu-mask" in Path(last.removeprefix("Report: ")).read_text("utf-8")
    assert feedback == f"Feedback: {demonstration.folder}/feedback/STUDENT/ASSIGNMENT/ASSIGNMENT.html"
    message = feedback.removeprefix("Feedback: ").replace("STUDENT", "amara")
    assert Path(message.replace("ASSIGNMENT", "01-error-backpropagation")).is_file()
