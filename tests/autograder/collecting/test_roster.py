"""Rosters of every system say who is who; a name that two people have is nobody's."""

import pytest

from autograder.collecting.roster import UnusableRoster, read_roster

ROSTERS = {  # and the student's id
    "nbgrader": ("id,first_name,last_name,email\namaier,Anna,Maier,a@uni.edu\n", "amaier"),
    "moodle": (
        "Identifier,Full name,Email address,Status,Grade\n"
        "Participant 123456,Anna Maier,amaier@uni.edu,Submitted,-\n",
        "amaier@uni.edu",
    ),
    "moodle with usernames": (
        "Identifier,Full name,Username,ID number\nParticipant 123456,Anna Maier,amaier,77\n",
        "amaier",
    ),
    "canvas": (
        "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"
        '"Maier, Anna",123456,77,amaier,A\n"Student, Test",9,,,A\n',
        "amaier",
    ),
    "ilias": ("update;usr_id;login;lastname;firstname\n0;123456;amaier;Maier;Anna\n", "amaier"),
    "gradescope": ("First Name,Last Name,SID,Email\nAnna,Maier,77,amaier@uni.edu\n", "77"),
    "github": ("identifier,github_username,github_id,name\nanna.maier,amaier,5,Anna Maier\n", "amaier"),
}


def roster(tmp_path, text, **options):
    path = tmp_path / "roster.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8-sig"))
    return read_roster(path, **options)


@pytest.mark.parametrize("system", ROSTERS)
def test_the_students_are_read_and_found_by_name_and_surer_by_the_system_s_own_number(tmp_path, system):
    text, student = ROSTERS[system]
    known = roster(tmp_path, text)
    assert [one.id for one in known.students] == [student]
    for name in ("Anna Maier", "maieranna", "Maier_Anna"):
        assert known.find({"name": [name]})[0].id == student
    if "123456" in text:
        assert known.find({"number": ["123456"], "name": ["Somebody Else"]})[0] is known.students[0]


def test_ilias_s_list_of_teams_has_a_student_for_each_login(tmp_path):
    head = "update,team_id,logins,status,mark,notice,comment,plagiarism,plag_comment\n"
    known = roster(tmp_path, head + '0,3,"amaier, b_otto",notgraded,,,,,\n0,4,cem,notgraded,,,,,\n')
    assert [one.id for one in known.students] == ["amaier", "b_otto", "cem"]
    assert known.teams == {"3": ["amaier", "b_otto"], "4": ["cem"]}
    assert known.find({"login": ["b_otto"]})[0].id == "b_otto"


TWO_ANNAS = "id,name\na1,Anna Maier\na2,Anna Maier\n"
TWO_LINES = "id,name,group\na1,Anna Maier,A\na2,Bo Maier,A\na1,Anna Maier,B\n"
UMLAUTS = "id,name\na1,Jörg Groß\n"
NO_ONE = "the roster has nobody of this name"
SEVERAL = "the roster has 2 students to whom this name belongs (a1, a2)"


@pytest.mark.parametrize(
    ("content", "keys", "student", "why"),
    [
        pytest.param(TWO_ANNAS, {"name": ["Anna Maier"]}, None, SEVERAL, id="a name that two have"),
        pytest.param(TWO_ANNAS, {"id": ["a2"], "name": ["Anna Maier"]}, "a2", "", id="an id is surer"),
        pytest.param(TWO_ANNAS, {"name": ["Nobody"]}, None, NO_ONE, id="nobody's name"),
        pytest.param(TWO_LINES, {"name": ["Anna Maier"]}, "a1", "", id="in two lines, by name"),
        pytest.param(TWO_LINES, {"id": ["a1"]}, "a1", "", id="in two lines, by id"),
        pytest.param(UMLAUTS.encode("utf-8"), {"name": ["grossjorg"]}, "a1", "", id="UTF-8"),
        pytest.param(UMLAUTS.encode("cp1252"), {"name": ["grossjorg"]}, "a1", "", id="Windows"),
    ],
)
def test_who_is_meant_is_found_and_nobody_where_that_is_not_known(tmp_path, content, keys, student, why):
    found, said = roster(tmp_path, content).find(keys)
    assert (found and found.id, said) == (student, why)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("\n\r\n  \nid,name\n\n,,\na1,Zoë\n\n", id="empty lines"),
        pytest.param("id,name\na1,Zoë\n".encode("cp1252"), id="Windows"),
        pytest.param("id;name\r\na1;Zoë\r\n".encode("utf-16"), id="Excel's Unicode text"),
        pytest.param("sep=;\r\nid;name\r\na1;Zoë, née Li\r\n", id="Excel's separator"),
    ],
)
def test_a_list_that_a_spreadsheet_has_saved_is_read(tmp_path, content):
    known = roster(tmp_path, content)
    assert [(one.id, one.name[:3]) for one in known.students] == [("a1", "Zoë")]


def test_a_column_can_be_named(tmp_path):
    text = "Matrikel;Name\n4711;Anna Maier\n"
    assert roster(tmp_path, text, id_column="Matrikel").students[0].id == "4711"
    with pytest.raises(UnusableRoster, match=r"no column 'Nummer'\. It has: Matrikel, Name"):
        roster(tmp_path, text, id_column="Nummer")


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"", "is empty"), (b"one,two\n1,2\n", "lists no students"), (b"\x00\x01\xff", "lists no students")],
)
def test_what_is_no_roster_is_a_sentence(tmp_path, content, why):
    with pytest.raises(UnusableRoster, match=why):
        roster(tmp_path, content)
