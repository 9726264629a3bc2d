"""`autograder report` on a graded course: what the gradebook, the log and the results say, in one page."""

import json

import pytest

from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK

MEMBERS = {name: classes.CLASS[name] for name in ("amara", "goran", "hana", "ivan", "liam", "nils")}


@pytest.fixture
def graded(folder, grade):
    classes.hand_in_all(folder, {**MEMBERS, "copycat": "matrix_products"})
    grade(folder)
    return folder


@pytest.fixture
def report(autograder):
    def report(folder, *arguments, status=0):
        done = autograder("report", *arguments, cwd=folder)
        assert done.returncode == status, done.said
        return done.said

    return report


def test_the_report_of_a_course(graded, report):
    said = report(graded)
    assert "6 of 7 graded" in said
    (one,) = json.loads((graded / "report" / "report.json").read_text())["assignments"]
    marks = {row["mistake"]: row["who"] for row in one["mistakes"] if row["exercise"] == "exercise1"}
    assert marks["missing-factor-two"] == ["goran"]
    assert marks["missing-relu-mask"] == ["hana"]
    assert "nils" in [row["student"] for row in one["needs"] if row["kind"] == "Not graded"]
    (same,) = [row for row in one["same_code"] if row["exercise"] == "exercise1"]
    assert same["students"] == ["amara", "copycat"]
    assert same["shared_lines"] == same["lines"] > 5
    html = (graded / "report" / "report.html").read_text(encoding="utf-8")
    assert "missing-relu-mask" in html
    assert "goran" in html


def test_grading_prints_the_same_for_programs(folder, autograder, report):
    classes.hand_in_all(folder, {"hana": "missing_relu_mask"})
    done = autograder("grade", NETWORK, "--json", cwd=folder)
    assert done.returncode == 0, done.said
    assert "Graded now: 1" in done.stderr
    report(folder)
    assert json.loads(done.stdout) == json.loads((folder / "report" / "report.json").read_text())


def test_names_can_be_left_out(graded, report):
    report(graded, "--anonymous", "--to", "shared")
    for path in (graded / "shared").iterdir():
        text = path.read_text(encoding="utf-8")
        assert not [name for name in (*MEMBERS, "copycat") if name in text], path.name


def test_a_mark_by_hand_and_a_second_grading_are_what_the_report_says(graded, report, grade):
    with classes.opened(graded) as gradebook:
        gradebook.find_grade("exercise1-marks", NETWORK, NETWORK, "liam").manual_score = 20.0
        gradebook.db.commit()
    grade(graded, "--force")
    report(graded, NETWORK)
    (one,) = json.loads((graded / "report" / "report.json").read_text())["assignments"]
    assert one["graded"] == 6
    assert one["marks"]["mean"] == pytest.approx((30 + 30 + 21 + 19.5 + 25 + 20) / 6)


@pytest.mark.parametrize(
    ("arguments", "why"), [((), "Nothing has been graded"), (("99-nothing",), "knows no assignment")]
)
def test_without_anything_to_report_it_is_a_sentence(folder, report, arguments, why):
    assert why in report(folder, *arguments, status=1)
    assert not (folder / "report").exists()
