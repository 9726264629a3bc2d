"""Marks come back in each system's own form: what it gave out, with the marks filled in."""

import csv
import io
import json
from dataclasses import replace

import pytest

from autograder.collecting.roster import read_roster
from autograder.exporting import gradebooks
from autograder.exporting.gradebooks import CannotExport, Class, Marked, Part

NAME = "01-error-backpropagation"
PARTS = {"exercise1 DW1": Part(2.5, 2.5, "correct"), "exercise1 DB1": Part(0.0, 2.5, "wrong")}
ANNA = Marked(
    *("amaier", 19.5, "Anna Maier", {"number": "101", "login": "amaier", "email": "a@uni.edu"}),
    "submission_11 a@uni.edu",
    exercises={"exercise1-marks": 15.0, "exercise2-marks": 4.5},
    parts=PARTS,
)
BEN = Marked("botto", None, "Ben Otto", {"number": "102", "login": "botto"})
MAXIMA = {"exercise1-marks": 20.0, "exercise2-marks": 10.0}


def marked(roster=None, **options):
    return Class(NAME, 30.0, [ANNA, BEN], MAXIMA, roster, **options)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def values(row, *columns):
    return [row[column] for column in columns]


@pytest.fixture
def roster(tmp_path):
    def roster(text, **options):
        path = tmp_path / "roster.csv"
        path.write_text(text, encoding="utf-8")
        return read_roster(path, **options)

    return roster


WORKSHEET = (
    "Identifier,Full name,Username,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    'Participant 101,"Maier, ""Anna""",amaier,Submitted,-,30.00,"Monday, 4 May 2026, 2:00 PM",well done\n'
    "Participant 102,Ben Otto,botto,No submission,7,30.00,-,\n"
)


def test_moodle_s_worksheet_comes_back_as_it_was_with_the_marks(roster):
    before, after = rows(WORKSHEET), rows(gradebooks.moodle(marked(roster(WORKSHEET))))
    assert [row.pop("Grade") for row in after] == ["19.5", "7"]  # who has no marks keeps what was there
    assert [row.pop("Grade") for row in before] == ["-", "7"]
    assert after == before


def test_without_a_worksheet_moodle_gets_the_participants_numbers():
    first, second = rows(gradebooks.moodle(marked()))
    assert values(first, "Identifier", "Grade", "Maximum Grade") == ["Participant 101", "19.5", "30"]
    assert second["Grade"] == ""


def test_moodle_s_maximum_is_compared_and_not_scaled(roster):
    worksheet = roster(WORKSHEET.replace("30.00", "100.00"))
    assert "marks were not scaled" in gradebooks.remarks(marked(worksheet))[0]
    assert gradebooks.remarks(marked(roster(WORKSHEET))) == []


def test_what_is_no_worksheet_is_refused(roster):
    with pytest.raises(CannotExport, match="no column Grade"):
        gradebooks.moodle(marked(roster("Full name,Username\nAnna Maier,amaier\n")))


GRADEBOOK = (
    f"Student,ID,SIS User ID,SIS Login ID,Section,{NAME} (4711),Other (4712),Final Score\n"
    "    Points Possible,,,,,30,10,(read only)\n"
    '"Maier, Anna",101,77,amaier,A,,9,30\n"Otto, Ben",102,78,botto,A,,8,20\n"Student, Test",9,,,A,,,\n'
)


def test_canvas_gets_its_own_columns_and_this_assignment_s_and_they_are_a_roster_again(roster):
    text = gradebooks.canvas(marked(roster(GRADEBOOK)))
    possible, anna, ben = rows(text)
    column = f"{NAME} (4711)"
    assert list(anna) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    assert values(anna, "Student", column) == ["Maier, Anna", "19.5"]
    assert ben[column] == ""
    assert values(possible, "Student", column) == ["    Points Possible", "30"]
    assert [one.id for one in roster(text).students] == ["amaier", "botto"]


def test_canvas_s_column_can_be_named_and_a_doubt_is_a_sentence(roster):
    text = gradebooks.canvas(marked(roster(GRADEBOOK), column="Other"))
    assert rows(text)[1]["Other (4712)"] == "19.5"
    with pytest.raises(CannotExport, match="no column called like 'Third'"):
        gradebooks.canvas(marked(roster(GRADEBOOK), column="Third"))
    with pytest.raises(CannotExport, match="more than one column"):
        gradebooks.canvas(marked(roster(GRADEBOOK.replace("Other", f"{NAME} late"))))


@pytest.mark.parametrize(
    ("passed", "states"),
    [(None, ["notgraded"] * 2), (15, ["passed", "notgraded"]), (20, ["failed", "notgraded"])],
)
def test_ilias_gets_its_status_file(passed, states):
    first, second = rows(gradebooks.ilias(marked(passed=passed)))
    assert list(first) == list(gradebooks.ILIAS)
    assert [first["status"], second["status"]] == states
    assert values(first, "update", "usr_id", "login", "mark") == ["1", "101", "amaier", "19.5"]
    assert values(first, "lastname", "firstname") == ["Maier", "Anna"]
    assert values(second, "update", "mark") == ["0", ""]


def test_ilias_gets_its_list_of_teams_back(roster):
    head = "update,team_id,logins,status,mark,notice,comment,plagiarism,plag_comment\n"
    listed = roster(f'{head}0,3,"amaier, cem",notgraded,,,seen,,\n0,4,"botto, dana",notgraded,,,,,\n')
    cem = replace(ANNA, student="cem", keys={})
    one = Class(NAME, 30.0, [ANNA, cem, replace(cem, student="dana")], MAXIMA, listed, passed=15)
    first, second = rows(gradebooks.ilias(one))
    assert list(first) == ["update", *gradebooks.ILIAS_TEAMS]
    assert values(first, "update", "team_id", "logins") == ["1", "3", "amaier, cem"]
    assert values(first, "status", "mark", "comment") == ["passed", "19.5", "seen"]
    assert values(second, "update", "mark") == ["0", ""]
    (remark,) = gradebooks.remarks(one)
    assert remark.startswith("The members of team 4 have different marks")


def test_gradescope_gets_a_test_for_each_part():
    results = json.loads(gradebooks.gradescope(ANNA))
    assert results["score"] == 19.5
    assert [(t["name"], t["score"], t["max_score"], t["status"]) for t in results["tests"]] == [
        ("exercise1 DW1", 2.5, 2.5, "passed"),
        ("exercise1 DB1", 0.0, 2.5, "failed"),
    ]
    assert results["tests"][1]["output"] == "wrong"


@pytest.mark.parametrize("form", [gradebooks.moodle, gradebooks.canvas, gradebooks.plain])
def test_parts_have_columns_if_they_are_wanted(form):
    with_parts = rows(form(marked(with_parts=True)))
    anna = next(row for row in with_parts if "amaier" in row.values() or "Anna Maier" in row.values())
    assert values(anna, "exercise1 DW1", "exercise1 DB1") == ["2.5", "0"]
    assert "exercise1 DW1" not in rows(form(marked()))[0]


def test_a_name_is_no_formula_in_a_spreadsheet():
    one = Marked("=1+1", 5.0, "@SUM(A1)")
    (line,) = rows(gradebooks.plain(Class(NAME, 30.0, [one], MAXIMA)))
    assert values(line, "student", "name") == ["'=1+1", "'@SUM(A1)"]


def test_plain_marks_name_each_exercise():
    anna, ben = rows(gradebooks.plain(marked()))
    assert values(anna, "exercise1", "exercise2", "score", "max_score") == ["15", "4.5", "19.5", "30"]
    assert values(ben, "score", "late_submission_penalty") == ["", ""]
