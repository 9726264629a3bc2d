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


def stub(name=NETWORK):
    return handed_out(name).read_bytes()


def without_ids(content):
    """As a notebook is that was copied cell by cell into another program."""
    result = nbformat.reads(content.decode(), as_version=4)
    for n, cell in enumerate(result.cells):
        cell.metadata, cell.id = {}, f"new-{n}"
    return json.dumps(result).encode()


def released(*notebooks):
    """What the gradebook knows of notebooks; of ours if none is given."""
    return ReleasedAssignment(NETWORK, {one.name: one for one in notebooks or (_released(NETWORK),)})


def _released(name):
    cells = []
    for cell in nbformat.reads(stub(name).decode(), as_version=4).cells:
        marked = cell.metadata.get("nbgrader")
        if marked:
            kind = {key: bool(marked[key]) for key in ("locked", "grade", "solution", "task")}
            cells.append(ReleasedCell(marked["grade_id"], "code", cell.source, "", max_score=1.0, **kind))
    return ReleasedNotebook(name, None, tuple(cells))


GIVEN = [cell.source for cell in notebook.read(handed_out())]


def choose(named=None, others=None, of=None):
    return chosen_files(named or {}, others or {}, of or released(), GIVEN)


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
@pytest.mark.parametrize("changed", [lambda content: content, without_ids], ids=["ids", "no ids"])
def test_the_one_notebook_that_is_the_assignments_is_taken_and_named(file, changed):
    content = changed(with_answers())
    result = choose(others={file: content})[NETWORK]
    assert (result.file, result.content) == (file, content)
    assert result.renamed.startswith(f"{file} was graded as {RIGHT}, which is missing")
    assert result.notes == (), "nothing to look at: a browser does that"


def test_the_right_name_is_right_and_nothing_is_said():
    result = choose({NETWORK: with_answers()}, {f"{NETWORK}(1).ipynb": stub(), "Untitled.ipynb": b"{}"})
    assert result[NETWORK].file == RIGHT
    assert result[NETWORK].notes == ()


def test_two_that_differ_are_named_and_none_is_taken():
    others = {f"{NETWORK} (1).ipynb": with_answers(), "Untitled.ipynb": with_answers("einsum")}
    with pytest.raises(UnreadableNotebook) as message:
        choose(others=others)
    assert f"each of {NETWORK} (1).ipynb and Untitled.ipynb may be it" in str(message.value)
    assert f"the name {RIGHT}" in str(message.value)


def test_many_that_differ_are_named_shortly():
    names = [f"a{n}.ipynb" for n in range(9)]
    answers = list(samples(NETWORK))[:9]
    with pytest.raises(UnreadableNotebook, match=r"a0\.ipynb, a1\.ipynb, a2\.ipynb and \d more"):
        choose(others={n: with_answers(a) for n, a in zip(names, answers, strict=True)})


def test_the_same_twice_is_one():
    result = choose(others={f"{NETWORK} (1).ipynb": with_answers(), f"{NETWORK} (2).ipynb": with_answers()})
    assert result[NETWORK].file == f"{NETWORK} (1).ipynb"


def test_an_untouched_download_beside_it_is_no_rival():
    result = choose(others={f"{NETWORK} (1).ipynb": stub(), f"{NETWORK} (2).ipynb": with_answers()})
    assert result[NETWORK].file == f"{NETWORK} (2).ipynb"


@pytest.mark.parametrize("changed", [lambda content: content, without_ids], ids=["ids", "no ids"])
def test_an_untouched_notebook_with_the_right_name_beside_answers_is_reported(changed):
    result = choose({NETWORK: stub()}, {f"{NETWORK} (1).ipynb": changed(with_answers())})[NETWORK]
    assert result.file == RIGHT, "the name that the assignment gave counts"
    (note,) = result.notes
    assert note.startswith(f"{RIGHT} has no answers, but {NETWORK} (1).ipynb beside it has")


def test_half_the_answers_beside_all_are_reported():
    half = with_answers("first_exercise_only")
    result = choose({NETWORK: half}, {"Untitled.ipynb": with_answers()})[NETWORK]
    assert "has answers in 1 of its cells, but Untitled.ipynb beside it has 2" in result.notes[0]


def test_a_right_name_that_is_no_notebook_beside_answers_is_reported():
    result = choose({NETWORK: b""}, {"Untitled.ipynb": with_answers()})[NETWORK]
    assert f"{RIGHT} is no notebook, but Untitled.ipynb beside it has 2" in result.notes[0]


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b'{"cells": 5}', b'{"cells": []}', b"[" * 100_000])
def test_what_is_no_notebook_of_the_assignment_is_not_taken(content):
    assert choose(others={"Untitled.ipynb": content}) == {}


def test_another_assignments_notebook_is_not_taken():
    assert choose(others={"Untitled.ipynb": with_answers("vandermonde", DESCENT)}) == {}


def solution(name, source="# yours"):
    return ReleasedCell(name, "code", source, "", False, False, True, False, 0.0)


def of_cells(**sources):
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"nbgrader": {"grade_id": name}})
        for name, source in sources.items()
    ]
    return json.dumps(nbformat.v4.new_notebook(cells=cells)).encode()


THEIRS = (
    ReleasedNotebook("problem1", None, (solution("a"), solution("b"))),
    ReleasedNotebook("problem2", None, (solution("c"),)),
)


def test_somebody_elses_assignment_is_found_by_nbgraders_ids():
    assert not {one.name for one in THEIRS} & set(assignments.folders())
    others = {
        "x.ipynb": of_cells(c="mine"),
        "y.ipynb": of_cells(a="mine", b="too"),
        "z.ipynb": of_cells(q=""),
    }
    result = choose(others=others, of=released(*THEIRS))
    assert {name: one.file for name, one in result.items()} == {"problem1": "y.ipynb", "problem2": "x.ipynb"}


def test_of_two_notebooks_the_missing_one_alone_is_looked_for():
    named, others = {"problem1": of_cells(a="1", b="2")}, {"problem2 (1).ipynb": of_cells(c="3")}
    result = choose(named, others, released(*THEIRS))
    assert {name: one.file for name, one in result.items()} == {
        "problem1": "problem1.ipynb",
        "problem2": "problem2 (1).ipynb",
    }
    assert result["problem1"].notes == ()


def test_what_lies_beside_a_notebook_in_a_folder_is_what_lies_in_that_folder():
    files = {"hw/helper.py": b"1", "hw/data/x.csv": b"2", "helper.py": b"3", "hwx/y": b"4"}
    assert files_beside("hw/x.ipynb", files) == {"helper.py": b"1", "data/x.csv": b"2"}
    assert files_beside("x.ipynb", files) == files
