"""What was said of every part is kept when a notebook is graded, by either command."""

import json

from autograder.nbgrader_bridge.course import course_folder as course
from autograder.nbgrader_bridge.course.results import Results
from samples.demo import hand_in
from tests.autograder.nbgrader_bridge.classes import NETWORK


def said(folder, student):
    return Results(folder, NETWORK).exercises(student)


def test_both_commands_keep_the_same_parts_and_mistakes(folder, grade):
    hand_in(folder, NETWORK, "hana", "missing_relu_mask")
    course.autograde(folder, NETWORK, "hana")
    before = said(folder, "hana")
    grade(folder, "--force")
    assert said(folder, "hana") == before
    exercise = before["exercise1"]
    assert (exercise.score, exercise.max_score) == (15, 20)
    assert [exercise.parts[part].verdict for part in ("DW2", "DW1")] == ["wrong", "carried-forward"]
    assert [(f.fault, f.where, f.cost) for f in exercise.faults] == [("missing-relu-mask", "DZ2", 5.0)]


def test_the_last_line_counts_and_an_unfinished_one_does_not(folder, grade):
    hand_in(folder, NETWORK, "amara", "matrix_products")
    grade(folder)
    path = folder / "autograder-logs" / f"{NETWORK}.results.jsonl"
    entry = json.loads(path.read_text())
    entry["exercises"]["exercise1"]["score"] = 7.5
    with path.open("a") as file:
        file.write(json.dumps(entry) + "\n[]\n" + json.dumps(entry)[:50])
    assert said(folder, "amara")["exercise1"].score == 7.5
