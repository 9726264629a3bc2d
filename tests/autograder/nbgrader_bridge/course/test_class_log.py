"""One list of what needs a person, over all runs: who is graded again is replaced, nobody is forgotten."""

import csv
import json
import shutil
import signal
from contextlib import contextmanager

import nbformat
import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from autograder.nbgrader_bridge.course.class_log import ClassLog, FollowUp
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK, Run

CLASS = {"amara": "matrix_products", "flora": "flagged", "liam": "raises", "olga": "einsum"}
CLASS |= {"nils": classes.UNREADABLE}
WORTH_A_LOOK = "try:\n    import sympy\nexcept ImportError:\n    pass"


def text(folder):
    return (folder / "autograder-logs" / f"{NETWORK}.txt").read_text()


def listed(folder):
    return json.loads((folder / "autograder-logs" / f"{NETWORK}.json").read_text())["students"]


def hand_in(folder, student, sample):
    """Hand in; again, a minute after whatever was handed in before."""
    place = folder / "submitted" / student / NETWORK
    minutes = 1 + int((place / "timestamp.txt").read_text()[14:16]) if place.exists() else 0
    shutil.rmtree(place, ignore_errors=True)
    classes.hand_in_all(folder, {student: "explicit_loops" if sample == "flagged" else sample})
    (place / "timestamp.txt").write_text(f"2026-05-04 12:{minutes:02}:00 UTC")
    if sample == "flagged":
        path = place / f"{NETWORK}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        notebook.cells.insert(0, nbformat.v4.new_code_cell(WORTH_A_LOOK))
        nbformat.write(notebook, path)


@pytest.fixture(scope="module")
def graded(built, tmp_path_factory, grade):
    """A class with one of each, graded."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("graded") / "course")
    for student, sample in CLASS.items():
        hand_in(folder, student, sample)
    (folder / "submitted" / "olga" / NETWORK / "timestamp.txt").write_text("the day before yesterday")
    return folder, grade(folder)


@pytest.fixture
def folder(graded, tmp_path):
    return shutil.copytree(graded[0], tmp_path / "course")


def test_the_list_names_each_with_what_is_to_be_seen_to(graded):
    folder, message = graded
    assert listed(folder).keys() == {"flora", "liam", "nils", "olga"}
    first, not_graded, *others = text(folder).splitlines()
    assert first == "Not graded: 1."
    assert not_graded.startswith(f"  nils: {NETWORK}.ipynb: The file is not a notebook")
    assert others == [
        *("Ended early: 1.", "  liam: exercise1: raised; exercise2: raised"),
        "In time or late, which is not known: 1.",
        "  olga: timestamp.txt holds no time that can be read, so nobody knows whether it was late",
        *("Worth a look: 1.", "  flora: imports sympy, which can differentiate automatically"),
    ]
    assert message.endswith(text(folder).strip()), "so says the terminal"


def test_one_student_graded_anew_replaces_nobody_else(folder, grade):
    hand_in(folder, "liam", "recursion_over_layers")
    message = grade(folder, "--student", "liam")
    assert "nils" not in message, "only of the one who was asked for"
    assert listed(folder).keys() == {"flora", "nils", "olga"}
    assert "nils" in text(folder)
    hand_in(folder, "amara", "raises")
    message = grade(folder, "--student", "amara")
    assert "amara: exercise1: raised" in message
    assert listed(folder).keys() == {"amara", "flora", "nils", "olga"}


def test_a_run_that_has_nothing_to_grade_still_tells_the_list(folder, grade):
    shutil.rmtree(folder / "submitted" / "nils")
    message = grade(folder)
    assert "are graded, and none was handed in again since" in message
    assert "liam: exercise1: raised; exercise2: raised" in message
    assert "nils" not in text(folder), "who handed in nothing is no matter any more"


def test_who_was_graded_by_nbgrader_meanwhile_is_not_told_as_not_graded(folder, grade):
    shutil.rmtree(folder / "submitted" / "nils")
    hand_in(folder, "nils", "own_forward_pass")
    course.autograde(folder, NETWORK, "nils")
    grade(folder)
    assert "nils" not in listed(folder)


@pytest.mark.thorough  # a class that is interrupted
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_after_an_interruption_those_before_it_are_named_too(built, tmp_path, grade, by):
    folder = shutil.copytree(built, tmp_path / "course")
    members = {f"s{n:02}" for n in range(12)}
    for student in members:
        hand_in(folder, student, "raises")
    process = Run(folder, ("--jobs", "1")).start()
    assert classes.eventually(lambda: len(classes.graded_folders(folder)) > 0)
    process.send_signal(by)
    classes.said(process, status=None)
    assert {path.parent.name for path in classes.graded_folders(folder)} <= listed(folder).keys()
    message = grade(folder)
    assert listed(folder).keys() == members
    assert "Ended early: 12." in text(folder)
    assert "Ended early: 12." in message


# Flagged in formgrader


def is_flagged(folder, student, value=None):
    with classes.opened(folder) as book:
        notebook = book.find_submission_notebook(NETWORK, NETWORK, student)
        if value is not None:
            notebook.flagged = value
            book.db.commit()
        return notebook.flagged


def test_what_is_worth_a_look_is_flagged_in_formgrader_and_nothing_else(graded):
    assert [who for who in CLASS if is_flagged(graded[0], who)] == ["flora"]


@pytest.mark.parametrize("lost", [False, True], ids=["known as ours", "the list is lost"])
def test_our_flag_goes_with_its_reason_and_is_taken_for_a_persons_without_the_list(folder, grade, lost):
    if lost:
        shutil.rmtree(folder / "autograder-logs")
    hand_in(folder, "flora", "classes")
    grade(folder)
    assert is_flagged(folder, "flora") == lost
    assert "flora" not in listed(folder)


def test_a_persons_flag_stays(folder, grade):
    is_flagged(folder, "amara", value=True)
    grade(folder, "--force")
    assert is_flagged(folder, "amara")
    hand_in(folder, "amara", "flagged")
    grade(folder)
    assert is_flagged(folder, "amara")
    hand_in(folder, "amara", "matrix_products")
    grade(folder)
    assert is_flagged(folder, "amara"), "it was a person's before it was ours"


def test_a_flag_that_a_person_took_away_is_not_set_again_for_the_same(folder, grade):
    is_flagged(folder, "flora", value=False)
    grade(folder, "--force", "--student", "flora")
    assert not is_flagged(folder, "flora")
    assert "flora" in listed(folder), "the list says it all the same"


# Marks


@contextmanager
def changed(folder, cell, student):
    """A mark in the gradebook, for a person to change."""
    with classes.opened(folder) as book:
        yield book.find_grade(cell, NETWORK, NETWORK, student)
        book.db.commit()


def test_the_table_and_the_spreadsheet_show_what_the_gradebook_holds(folder, grade):
    with changed(folder, "exercise2-marks", "liam") as row:
        row.manual_score, row.needs_manual_grade = 7.5, False
    with changed(folder, "exercise1-marks", "olga") as row:
        row.extra_credit = 1.25
    hand_in(folder, "amara", "missing_relu_mask")
    lines = [line.split() for line in grade(folder).splitlines() if "│" in line]
    rows = {line[1]: line[3::2] for line in lines}
    assert rows["amara"] == ["15", "4.5", "19.5"]
    assert rows["liam"] == ["0", "7.5", "7.5"], "of an earlier run, by hand"
    assert rows["olga"] == ["21.25", "10", "31.25"]
    assert "nils" not in rows
    with (folder / "autograder-logs" / f"{NETWORK}.csv").open(newline="") as file:
        written = {row["student"]: row["score"] for row in csv.DictReader(file)}
    assert (written["liam"], written["amara"]) == ("7.5", "19.5")


def test_a_mark_by_hand_on_work_that_is_graded_again_waits_for_a_person(folder, grade):
    with changed(folder, "exercise2-marks", "liam") as row:
        row.manual_score, row.needs_manual_grade = 7.5, False
    hand_in(folder, "liam", "recursion_over_layers")
    grade(folder)
    assert "To be marked by hand: 1.\n  liam: exercise2-marks\n" in text(folder)
    with changed(folder, "exercise2-marks", "liam") as row:
        row.needs_manual_grade = False
    grade(folder)
    assert "by hand" not in text(folder), "somebody has seen to it"


# The list by itself


def log(folder, **entries):
    result = ClassLog(folder, "ps1")
    result.update(entries)
    return result


def test_what_was_written_is_read_again(tmp_path):
    needs = FollowUp("no notebook", ("exercise1: died",), "p", "t", ("a", "b"), ("why",), {"problem": ("a",)})
    log(tmp_path, amara=needs, bruno=FollowUp())
    again = ClassLog(tmp_path, "ps1")
    assert again.entry("amara").text("flags") == "a; b"
    assert again.entry("bruno") == FollowUp()
    again.save()
    assert json.loads((tmp_path / "autograder-logs" / "ps1.json").read_text())["students"]["amara"] == {
        **{"problem": "no notebook", "ended": ["exercise1: died"], "penalty": "p", "time": "t"},
        **{"flags": ["a", "b"], "by_hand": ["why"], "flagged": {"problem": ["a"]}},
    }


def test_a_long_list_is_shown_a_few_of_each_kind_and_written_whole(tmp_path):
    many = {f"s{n:03}": FollowUp("no notebook" if n < 2 else "", flags=("alike",)) for n in range(600)}
    result = log(tmp_path, **many)
    not_graded = ["Not graded: 2.", "  s000: no notebook", "  s001: no notebook"]
    look = ["Worth a look: 600.", *[f"  s{n:03}: alike" for n in range(15)], "  … and 585 more"]
    assert result.lines(most=20) == not_graded + look
    assert len(result.text.read_text().splitlines()) == 604


def test_a_line_is_not_spent_on_saying_that_one_more_is_left(tmp_path):
    two = {f"s{n}": FollowUp(problem="no notebook", time="unknown") for n in range(2)}
    shown = log(tmp_path, **two, **{f"t{n:02}": FollowUp(flags=("alike",)) for n in range(30)}).lines(most=12)
    assert shown[:3] == ["Not graded: 2.", "  s0: no notebook", "  s1: no notebook"]
    assert shown[3:6] == ["In time or late, which is not known: 2.", "  s0: unknown", "  s1: unknown"]
    assert shown[6:] == ["Worth a look: 30.", *[f"  t{n:02}: alike" for n in range(4)], "  … and 26 more"]


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"students": {"amara": {"unknown": 1}}, "notices": []}', "é"]
)
def test_a_list_that_somebody_broke_is_put_aside_and_begun_anew(tmp_path, content):
    (tmp_path / "autograder-logs").mkdir()
    path = tmp_path / "autograder-logs" / "ps1.json"
    path.write_bytes(content.encode("latin-1"))
    log(tmp_path, amara=FollowUp("no notebook"))
    assert "amara" in json.loads(path.read_text())["students"]
    assert path.with_suffix(".json.unreadable").read_bytes() == content.encode("latin-1")


def test_where_nothing_needs_a_person_the_list_says_so(tmp_path):
    assert log(tmp_path, amara=FollowUp()).text.read_text() == "Nothing to report.\n"
