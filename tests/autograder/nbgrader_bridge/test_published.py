"""Assignments as other courses publish them earn the same marks in all three ways of grading."""

import re
import shutil

import pytest

from tests.autograder.nbgrader_bridge import classes, others, public_style
from tests.autograder.nbgrader_bridge.public_style import PUBLISHED, SECONDS, STARTS_A_PROGRAM
from tests.autograder.nbgrader_bridge.test_like_nbgrader import OURS, PLAIN, SANDBOXED, other_ways
from tests.tables import first_every_day

CELLS_FILE = re.compile(r"\S+/ipykernel_\d+/\d+\.py")  # a kernel's number, and a cell's
ROW = ("measurements", "grade", "load-shape")


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
def folders(handed_in, ours, tmp_path_factory):
    """The class graded in every way."""
    published, start = handed_in
    result = {OURS: ours}
    for way, settings in {PLAIN: others.PLAIN, SANDBOXED: ""}.items():
        result[way] = shutil.copytree(start, tmp_path_factory.mktemp("nbgraders") / "course")
        classes.configure(result[way], settings)
        classes.nbgrader(result[way], "autograde", published.name, "--create")
    return result


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
    rows = others.rows(ours, published.name)
    cells = [each.metadata.nbgrader.grade_id for each in published.cells if each.metadata.nbgrader.grade]
    tested = [name for name in cells if name not in published.by_hand]
    assert EARNED[published.name] == {
        who: tuple(rows[who, published.name, "grade", name]["auto_score"] for name in tested)
        for who in published.students
    }


def test_who_starts_another_program_loses_marks_and_is_listed(handed_in, ours):
    published, _ = handed_in
    log = classes.log(ours, published.name)
    listed = [line for line in log.splitlines() if "starts another program" in line]
    if STARTS_A_PROGRAM in published.students:
        (line,) = listed
        assert line.startswith(f"  {STARTS_A_PROGRAM}: a cell starts another program")
        assert "!tail -n +2 data/stations.csv" in line
    else:
        assert not listed


@pytest.mark.thorough
@other_ways
def test_the_gradebook_is_that_of_plain_nbgrader_row_by_row(handed_in, folders, way):
    published, _ = handed_in
    mine, plain = (others.rows(folders[each], published.name) for each in (way, PLAIN))
    if STARTS_A_PROGRAM in published.students:
        assert mine[STARTS_A_PROGRAM, *ROW]["auto_score"] == 0 < plain[STARTS_A_PROGRAM, *ROW]["auto_score"]
    mine, plain = ({k: v for k, v in rows.items() if k[0] != STARTS_A_PROGRAM} for rows in (mine, plain))
    assert len(plain) > 50
    assert mine == plain


@pytest.mark.thorough
@other_ways
def test_every_cell_puts_out_what_it_puts_out_in_a_kernel(handed_in, folders, way):
    published, _ = handed_in
    for student in published.students.keys() - {STARTS_A_PROGRAM}:
        graded = (classes.autograded(folders[each], student, published.name) for each in (way, PLAIN))
        mine, real = (notebook.cells for notebook in graded)
        assert [cell.source for cell in mine] == [cell.source for cell in real]
        for own, cell in zip(mine, real, strict=True):
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
@other_ways
def test_who_is_to_be_marked_by_hand_is_listed(handed_in, folders, way):
    published, _ = handed_in
    rows = others.rows(folders[way], published.name)
    waiting = {(row[0], row[3]) for row, values in rows.items() if values.get("needs_manual_grade")}
    assert waiting == {
        (student, name)
        for student, written in published.students.items()
        for name in published.by_hand
        if name in written  # what nobody has written in is worth 0
    }
    log = classes.log(folders[way], published.name)
    listed = [line for line in log.splitlines() if line.endswith(published.by_hand)]
    assert sorted(listed) == sorted(f"  {student}: {name}" for student, name in waiting)
    assert (f"To be marked by hand: {len(waiting)}." in log) == bool(waiting)
    assert "Not graded" not in log
