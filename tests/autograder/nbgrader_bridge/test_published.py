"""Assignments as other courses publish them earn the same marks in all three ways of grading."""

import re
import shutil

import nbformat
import pytest

from tests.autograder.nbgrader_bridge import others, public_style
from tests.autograder.nbgrader_bridge.public_style import PUBLISHED, SECONDS, STARTS_A_PROGRAM
from tests.autograder.nbgrader_bridge.test_like_nbgrader import OURS, PLAIN, SANDBOXED, command
from tests.tables import first_every_day


def marks(folder, name):
    """By student and cell, what nbgrader's gradebook has; None where a person has to mark."""
    return {
        (row[0], row[3]): None if values["needs_manual_grade"] else values["auto_score"]
        for row, values in others.rows(folder, name).items()
        if row[2:3] == ("grade",)
    }


CELLS_FILE = re.compile(r"\S+/ipykernel_\d+/\d+\.py")  # a kernel's number, and a cell's
ROW = ("measurements", "grade", "load-shape")


def log(folder, name):
    path = folder / "autograder-logs" / f"{name}.txt"
    return path.read_text() if path.is_file() else ""  # where nothing is to be reported, nbgrader writes none


@pytest.fixture(scope="module", params=first_every_day(reversed(PUBLISHED)))
def handed_in(request, tmp_path_factory):
    published = PUBLISHED[request.param]
    folder = tmp_path_factory.mktemp("published") / "course"
    public_style.build(folder, published)
    return published, folder


@pytest.fixture(scope="module")
def ours(handed_in, tmp_path_factory, autograder):
    published, start = handed_in
    folder = shutil.copytree(start, tmp_path_factory.mktemp("ours") / "course")
    done = autograder("grade", published.name, "--cell-seconds", SECONDS, cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def nbgraders(handed_in, tmp_path_factory):
    published, start = handed_in
    folders = {}
    for way, settings in {PLAIN: others.PLAIN, SANDBOXED: ""}.items():
        folder = folders[way] = shutil.copytree(start, tmp_path_factory.mktemp("nbgraders") / "course")
        with (folder / "nbgrader_config.py").open("a") as config:
            config.write(settings)
        done = command(folder, "autograde", published.name, "--create")
        assert done.returncode == 0, done.stderr
    return folders


EARNED = {
    "measurements": {
        "right": (1, 2, 3),
        "partly": (1, 2, 2),
        "wrong": (0, 0, 0),
        "empty": (0, 0, 0),
        "raises": (1, 0, 3),
        "syntax": (0, 0, 3),
        "endless": (1, 0, 3),
        STARTS_A_PROGRAM: (0, 0, 3),
        "warns": (1, 0, 3),
        "writes": (0, 2, 3),
    },
    "classifier": {
        "right": (1, 2, 3, 4),
        "wrong": (1, 2, 0, 0),
        "partly": (1, 2, 3, 2),
        "empty": (0, 0, 0, 0),
        "raises": (1, 0, 0, 4),
        "endless": (1, 2, 3, 0),
        "scalar": (0, 0, 0, 0),
        "exits": (1, 2, 3, 4),
        "draws": (1, 2, 3, 4),
    },
}


@pytest.mark.thorough  # published courses, graded with their own tests
def test_everybody_earns_what_the_assignment_s_own_tests_give(handed_in, ours):
    published, _ = handed_in
    given = marks(ours, published.name)
    cells = [each.metadata.nbgrader.grade_id for each in published.cells if each.metadata.nbgrader.grade]
    tested = [name for name in cells if name not in published.by_hand]
    earned = {who: tuple(given[who, name] for name in tested) for who in published.students}
    assert earned == EARNED[published.name]


@pytest.mark.thorough  # published courses, graded
def test_who_is_to_be_marked_by_hand_is_listed(handed_in, ours):
    published, _ = handed_in
    said = log(ours, published.name)
    waiting = [name for (_, name), mark in marks(ours, published.name).items() if mark is None]
    assert set(waiting) == set(published.by_hand)
    assert (f"To be marked by hand: {len(waiting)}." in said) == bool(waiting)
    assert "Not graded" not in said


def test_who_starts_another_program_loses_marks_and_is_listed(handed_in, ours):
    published, _ = handed_in
    listed = [line for line in log(ours, published.name).splitlines() if "starts another program" in line]
    if STARTS_A_PROGRAM in published.students:
        (line,) = listed
        assert line.startswith(f"  {STARTS_A_PROGRAM}: a cell starts another program")
        assert "!tail -n +2 data/stations.csv" in line
    else:
        assert not listed


@pytest.mark.thorough
@pytest.mark.parametrize("way", [OURS, SANDBOXED])
def test_the_gradebook_is_that_of_plain_nbgrader_row_by_row(handed_in, ours, nbgraders, way):
    published, _ = handed_in
    mine, plain = (
        others.rows(folder, published.name)
        for folder in (ours if way == OURS else nbgraders[way], nbgraders[PLAIN])
    )
    if STARTS_A_PROGRAM in published.students:
        assert mine[STARTS_A_PROGRAM, *ROW]["auto_score"] == 0 < plain[STARTS_A_PROGRAM, *ROW]["auto_score"]
    mine, plain = ({k: v for k, v in rows.items() if k[0] != STARTS_A_PROGRAM} for rows in (mine, plain))
    assert len(plain) > 50
    assert mine == plain


@pytest.mark.thorough
@pytest.mark.parametrize("way", [OURS, SANDBOXED])
def test_every_cell_puts_out_what_it_puts_out_in_a_kernel(handed_in, ours, nbgraders, way):
    published, _ = handed_in
    for student in published.students.keys() - {STARTS_A_PROGRAM}:
        place = f"autograded/{student}/{published.name}/{published.name}.ipynb"
        mine = nbformat.read((ours if way == OURS else nbgraders[way]) / place, as_version=4)
        real = nbformat.read(nbgraders[PLAIN] / place, as_version=4)
        assert [cell.source for cell in mine.cells] == [cell.source for cell in real.cells]
        for own, cell in zip(mine.cells, real.cells, strict=True):
            if cell.cell_type == "code" and "%%time" not in cell.source:
                assert shown(own) == shown(cell), (student, cell.source)


def shown(cell):
    """What a reader sees, without what differs from run to run.

    Whether stderr came before stdout differs, and where a kernel cut a stream in two when it was flushed: a
    notebook shows the pieces of a stream as one text.
    """
    streams = {"stdout": "", "stderr": ""}
    others = []
    for each in cell.outputs:
        if each.output_type == "stream":
            streams[each.name] += CELLS_FILE.sub("cell.py", each.text)
        elif each.output_type == "error":
            others.append(("error", each.ename))
        else:
            others.append((each.output_type, " ".join(sorted(each.data))))
    return streams, sorted(others)


@pytest.mark.thorough
def test_nbgrader_with_our_executor_lists_the_same_marks_by_hand(handed_in, ours, nbgraders):
    published, _ = handed_in
    waiting = {
        f"  {student}: {name}"
        for student, written in published.students.items()
        for name in published.by_hand
        if name in written  # what nobody has written in is worth 0
    }
    for folder in (ours, nbgraders[SANDBOXED]):
        lines = log(folder, published.name).splitlines()
        assert {line for line in lines if line.endswith(published.by_hand)} == waiting
