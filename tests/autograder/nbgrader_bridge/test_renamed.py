"""`autograder grade` on a real course: renamed notebooks, work handed in again, and equal code."""

import csv
import json
import os
import shutil

import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK, sums
from tests.autograder.nbgrader_bridge.downloads import work

RIGHT = f"{NETWORK}.ipynb"


def submitted(folder, student):
    return classes.submitted(folder, student).parent


def handed_in(folder, **samples):
    """Hand in each student's notebook, in the place of what there was; it says no time."""
    for student, sample in samples.items():
        shutil.rmtree(submitted(folder, student), ignore_errors=True)
        hand_in(folder, NETWORK, student, sample)


def told(folder, student):
    """What is listed of a student."""
    lines = classes.log(folder).splitlines()
    return " ".join(line for line in lines if line.startswith(f"  {student}: "))


def test_renamed_notebooks_are_graded_under_the_right_name_with_what_lies_beside_them(folder, grade):
    handed_in(folder, **dict.fromkeys(("amara", "bruno", "chiara", "deniz", "emeka"), "matrix_products"))
    amara, bruno, chiara, deniz = (submitted(folder, who) for who in ("amara", "bruno", "chiara", "deniz"))
    (amara / RIGHT).rename(amara / f"{NETWORK} (7).ipynb")

    with classes.edited(bruno / RIGHT) as notebook:
        cell = classes.by_name(notebook)["exercise1"]
        (bruno / "hw").mkdir()
        (bruno / "hw" / "mine.py").write_text(f"import numpy as np\n{cell.source}")
        cell.source = "from mine import exercise1"
    (bruno / RIGHT).rename(bruno / "hw" / "Untitled.ipynb")

    (chiara / RIGHT).rename(chiara / "right.ipynb")
    (chiara / "Untitled.ipynb").write_bytes(work("einsum"))

    (deniz / RIGHT).rename(deniz / f"{NETWORK} (1).ipynb")
    shutil.copy(folder / "release" / NETWORK / RIGHT, deniz)

    grade(folder)
    assert sums(folder) == {"amara": 30, "bruno": 30, "chiara": 0, "deniz": 0, "emeka": 30}
    assert f"{NETWORK} (7).ipynb was graded as {RIGHT}, which is missing" in told(folder, "amara")
    assert "hw/Untitled.ipynb was graded as" in told(folder, "bruno")
    assert "each of Untitled.ipynb and right.ipynb may be it" in told(folder, "chiara")
    assert f"{RIGHT} has no answers, but {NETWORK} (1).ipynb beside it has 2" in told(folder, "deniz")
    assert (folder / "autograded" / "amara" / NETWORK / RIGHT).is_file()
    assert not (folder / "autograded" / "chiara").exists()
    course.generate_feedback(folder, NETWORK, "amara")


@pytest.mark.thorough  # six runs
def test_without_a_timestamp_what_is_changed_is_graded_again_and_nothing_else(folder, grade):
    handed_in(folder, **dict.fromkeys(("amara", "bruno", "chiara", "deniz"), "empty"))
    (submitted(folder, "bruno") / "timestamp.txt").write_text("last Tuesday")
    (submitted(folder, "chiara") / "timestamp.txt").write_text("2026-05-04 12:00:00 UTC")
    grade(folder)
    assert "All 4 submissions" in grade(folder)

    for student in ("amara", "bruno", "chiara"):
        classes.answer(classes.submitted(folder, student), "matrix_products")
    (submitted(folder, "deniz") / RIGHT).touch()
    assert "Graded now: 2." in grade(folder)
    assert sums(folder) == {"amara": 30, "bruno": 30, "chiara": 0, "deniz": 0}, "a known time decides"
    (submitted(folder, "chiara") / "timestamp.txt").write_text("2026-05-04 12:00:01 UTC")
    assert "Graded now: 1." in grade(folder)
    assert sums(folder)["chiara"] == 30

    (submitted(folder, "deniz") / "helper.py").write_text("x = 1")
    assert "Graded now: 1." in grade(folder)
    assert "All 4 submissions" in grade(folder)


@pytest.mark.thorough  # several runs
def test_equal_code_is_told_and_flagged_as_long_as_it_is_equal_and_nobody_has_seen_to_it(folder, grade):
    """Over the whole class, also where the others were graded before, and up to renaming."""
    handed_in(folder, amara="matrix_products", bruno="einsum")
    (submitted(folder, "bruno") / RIGHT).rename(submitted(folder, "bruno") / "Untitled.ipynb")
    grade(folder)
    assert classes.flagged(folder) == set(), "what is only renamed needs no look at the work"
    log = classes.log(folder)
    assert "Graded under another name than the assignment's: 1.\n  bruno: Untitled.ipynb" in log

    handed_in(folder, zoe="matrix_products")
    path = classes.submitted(folder, "zoe")
    path.write_text(path.read_text().replace("DY", "delta"))
    grade(folder)
    assert "exercise1 is the same as in amara, up to renaming" in told(folder, "zoe")
    assert "bruno" not in told(folder, "zoe")
    assert classes.flagged(folder) == {"amara", "zoe"}
    with classes.opened(folder) as book:
        book.find_submission_notebook(NETWORK, NETWORK, "amara").flagged = False
        book.db.commit()
    grade(folder, "--force")
    assert classes.flagged(folder) == {"zoe"}, "a person has seen to it"
    assert "same as in zoe" in told(folder, "amara"), "the list says it all the same"

    handed_in(folder, zoe="recursion_over_layers")
    grade(folder)
    assert classes.flagged(folder) == set()
    assert "same as in" not in classes.log(folder)


LONG = "a" * 110
ODD_NAMES = ["rené\u202e", "=SUM(1,2)", 'O\'Hara, "Käthe"', f"{LONG}1", f"{LONG}2"]


@pytest.mark.thorough  # a whole class
def test_students_with_odd_names_keep_their_own_places_in_list_and_marks(folder, grade):
    logs = folder / "autograder-logs"
    handed_in(folder, **dict.fromkeys(ODD_NAMES, "raises"))
    shutil.copyfile(folder / "nbgrader_config.py", submitted(folder, ODD_NAMES[0]) / RIGHT)
    output = grade(folder)
    listed = json.loads((logs / f"{NETWORK}.json").read_text(encoding="utf-8"))
    assert listed["students"].keys() == set(ODD_NAMES)
    with (logs / f"{NETWORK}.csv").open(newline="", encoding="utf-8") as file:
        names = [row["student"].removeprefix("'") for row in csv.DictReader(file)][1:]
    assert sorted(names) == sorted(ODD_NAMES[1:])
    assert "\u202e" not in output
    handed_in(folder, **{f"{LONG}1": "matrix_products"})
    output = grade(folder, "--student", f"{LONG}1")
    assert "│        20 │        10 │  30 │" in output
    listed = json.loads((logs / f"{NETWORK}.json").read_text(encoding="utf-8"))
    assert listed["students"].keys() == set(ODD_NAMES) - {f"{LONG}1"}


def test_a_class_of_odd_submissions_is_graded_to_its_end_and_everybody_is_accounted_for(folder, grade):
    """What submissions of attacks/no_notebooks do not show: the course's own folders are in the way."""
    handed_in(folder, **dict.fromkeys(("amara", "bruno", "chiara", "deniz", "zoe"), "matrix_products"))
    (folder / "autograded").mkdir()
    (folder / "autograded" / "bruno").write_text("a file, where the student's folder should be")
    (folder / "submitted" / "chiara").rename(folder / "submitted" / os.fsdecode(b"chiara\xe9"))
    (folder / "submitted" / "deniz").rename(folder / "submitted" / ("d" * 255))
    out = grade(folder)
    assert sums(folder)["amara"] == sums(folder)["zoe"] == sums(folder)["d" * 255] == 30
    assert "autograded/ could not be written" in told(folder, "bruno")
    assert "not text that can be written down" in told(folder, "chiara\ufffd")
    assert "Graded now: 3." in out
    # the same again, and bruno's folder is free now
    (folder / "autograded" / "bruno").unlink()
    assert "Graded now: 1." in grade(folder)
