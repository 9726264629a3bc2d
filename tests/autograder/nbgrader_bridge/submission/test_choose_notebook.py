"""The assignment's notebook is found among what was handed in, whatever it is called; nobody guesses."""

import json

import nbformat
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course.release import ReleasedAssignment, ReleasedCell, ReleasedNotebook
from autograder.nbgrader_bridge.submission.choose_notebook import chosen_files, files_beside
from autograder.student_material import FOLDER
from autograder.submissions import notebook
from autograder.submissions.notebook import UnreadableNotebook
from samples import samples

NETWORK, DESCENT = "01-error-backpropagation", "02-gradient-descent"
RIGHT = f"{NETWORK}.ipynb"


def handed_out(name=NETWORK):
    return FOLDER / "notebooks" / f"{name}.ipynb"


def with_answers(sample="matrix_products", name=NETWORK):
    return json.dumps(samples(name)[sample].notebook(handed_out(name))).encode()


def stub():
    return handed_out().read_bytes()


def without_ids(content):
    """As a notebook is that was copied cell by cell into another program."""
    result = nbformat.reads(content.decode(), as_version=4)
    for n, cell in enumerate(result.cells):
        cell.metadata, cell.id = {}, f"new-{n}"
    return json.dumps(result).encode()


def ours():
    """What the gradebook knows of our assignment's notebook."""
    cells = []
    for cell in nbformat.reads(stub().decode(), as_version=4).cells:
        if marked := cell.metadata.get("nbgrader"):
            kind = {key: bool(marked[key]) for key in ("locked", "grade", "solution", "task")}
            cells.append(ReleasedCell(marked["grade_id"], "code", cell.source, "", max_score=1.0, **kind))
    return ReleasedNotebook(NETWORK, None, tuple(cells))


GIVEN = [cell.source for cell in notebook.read(handed_out())]


def choose(named, others, *notebooks):
    """Choose for these notebooks of an assignment; for ours if none is given."""
    released = {one.name: one for one in notebooks or (ours(),)}
    return chosen_files(named, others, ReleasedAssignment(NETWORK, released), GIVEN)


with_or_without_ids = pytest.mark.parametrize("changed", [bytes, without_ids], ids=["ids", "no ids"])


@pytest.mark.parametrize(
    "file",
    [
        f"{NETWORK} (7).ipynb",
        f"{NETWORK}-checkpoint.ipynb",
        f"{NETWORK}(1).ipynb",
        f"Copy of {NETWORK}.ipynb",
        f"Kopie von {NETWORK}.ipynb",
        f"{NETWORK}_Lastname.ipynb",
        f"lastname_12345_678901_{NETWORK}-2.ipynb",
        f"Amara B_12345_assignsubmission_file_/{RIGHT}",
        f"hw/{RIGHT}",
        "Untitled.ipynb",
        "Untitled1-Copy1.ipynb",
        "Hausübung ∂.ipynb",
        f"{NETWORK}.ipynb.txt",
        f"{NETWORK}.ipynb.json",
        NETWORK.upper() + ".IPYNB",
        f"{DESCENT}.ipynb (wrong name)/x.ipynb",
    ],
)
@with_or_without_ids
def test_the_one_notebook_that_is_the_assignments_is_taken_and_named(file, changed):
    content = changed(with_answers())
    result = choose({}, {file: content})[NETWORK]
    assert (result.file, result.content) == (file, content)
    assert result.renamed.startswith(f"{file} was graded as {RIGHT}, which is missing")
    assert result.notes == (), "nothing to look at: a browser does that"


def test_the_right_name_is_right_and_nothing_is_said():
    result = choose({NETWORK: with_answers()}, {f"{NETWORK}(1).ipynb": stub(), "Untitled.ipynb": b"{}"})
    assert (result[NETWORK].file, result[NETWORK].notes) == (RIGHT, ())


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        (("matrix_products", "einsum"), r"each of a0\.ipynb and a1\.ipynb may be it.* the name " + RIGHT),
        (list(samples(NETWORK))[:9], r"a0\.ipynb, a1\.ipynb, a2\.ipynb and \d more"),
    ],
    ids=["two", "many"],
)
def test_several_that_differ_are_named_shortly_and_none_is_taken(answers, said):
    with pytest.raises(UnreadableNotebook, match=said):
        choose({}, {f"a{n}.ipynb": with_answers(each) for n, each in enumerate(answers)})


@pytest.mark.parametrize(
    ("first", "taken"),
    [(with_answers(), "one.ipynb"), (stub(), "two.ipynb")],
    ids=["the same twice", "an untouched download"],
)
def test_what_says_no_more_is_no_rival(first, taken):
    assert choose({}, {"one.ipynb": first, "two.ipynb": with_answers()})[NETWORK].file == taken


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (stub(), "has no answers"),
        (with_answers("first_exercise_only"), "has answers in 1 of its cells"),
        (b"", "is no notebook"),
    ],
    ids=["untouched", "half the answers", "no notebook"],
)
@with_or_without_ids
def test_a_right_name_that_holds_less_than_what_lies_beside_it_counts_and_is_reported(named, said, changed):
    result = choose({NETWORK: named}, {"Untitled.ipynb": changed(with_answers())})[NETWORK]
    assert result.file == RIGHT, "the name that the assignment gave counts"
    (note,) = result.notes
    assert note.startswith(f"{RIGHT} {said}, but Untitled.ipynb beside it has 2")


NOT_OURS = {
    **{"nothing": b"", "no text": b"\xff", "a list": b"[]", "a number": b'{"cells": 5}'},
    **{"no cells": b'{"cells": []}', "too deep": b"[" * 100_000},
    "another assignment's": with_answers("vandermonde", DESCENT),
}


@pytest.mark.parametrize("what", NOT_OURS)
def test_what_is_no_notebook_of_the_assignment_is_not_taken(what):
    assert choose({}, {"Untitled.ipynb": NOT_OURS[what]}) == {}


def solution(name):
    return ReleasedCell(name, "code", "# yours", "", False, False, True, False, 0.0)


def of_cells(**sources):
    new = nbformat.v4.new_code_cell
    cells = [new(source, metadata={"nbgrader": {"grade_id": name}}) for name, source in sources.items()]
    return json.dumps(nbformat.v4.new_notebook(cells=cells)).encode()


THEIRS = (
    ReleasedNotebook("problem1", None, (solution("a"), solution("b"))),
    ReleasedNotebook("problem2", None, (solution("c"),)),
)


FIRST, SECOND = of_cells(a="mine", b="too"), of_cells(c="mine")


@pytest.mark.parametrize(
    ("named", "others", "taken"),
    [
        ({}, {"x.ipynb": SECOND, "y.ipynb": FIRST, "z.ipynb": of_cells(q="")}, ("y.ipynb", "x.ipynb")),
        ({"problem1": FIRST}, {"problem2 (1).ipynb": SECOND}, ("problem1.ipynb", "problem2 (1).ipynb")),
    ],
    ids=["both are missing", "one is missing"],
)
def test_somebody_elses_notebooks_are_found_by_nbgraders_ids(named, others, taken):
    assert not {one.name for one in THEIRS} & set(assignments.folders())
    result = choose(named, others, *THEIRS)
    assert len(result) == 2
    assert (result["problem1"].file, result["problem2"].file) == taken
    assert not any(one.notes for one in result.values())


def test_what_lies_beside_a_notebook_in_a_folder_is_what_lies_in_that_folder():
    files = {"hw/helper.py": b"1", "hw/data/x.csv": b"2", "helper.py": b"3", "hwx/y": b"4"}
    assert files_beside("hw/x.ipynb", files) == {"helper.py": b"1", "data/x.csv": b"2"}
    assert files_beside("x.ipynb", files) == files
