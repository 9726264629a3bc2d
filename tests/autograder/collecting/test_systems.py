"""Each system's download is recognised by its form, and its files are sorted by person."""

import zipfile

import pytest

from autograder.collecting import systems
from autograder.collecting.download import open_download
from autograder.collecting.roster import read_roster

NAME = "01-error-backpropagation"
METADATA = """---
submission_11:
  :submitters:
  - :name: Anna Maier
    :sid: '77'
    :email: anna@uni.edu
  - :name: Ben Otto
    :sid: '78'
    :email: ben@uni.edu
  :created_at: 2026-05-04 12:00:00.424398000 Z
  :score: 0.0
submission_12:
  :submitters:
  - :name: Anna Maier
    :sid: '77'
    :email: anna@uni.edu
  :created_at: 2026-05-05 12:00:00.000000000 Z
"""
FORMS = {
    "moodle": [
        "Anna Maier_101_assignsubmission_file_/work.ipynb",
        "Anna Maier_101_assignsubmission_file_/data/a.txt",
        "Ben_Otto_102_assignsubmission_file/work (7).ipynb",
        "Gruppe A-Cem Öz_103_assignsubmission_file_work.ipynb",
        "Dana D_104_assignsubmission_onlinetext_/onlinetext.html",
    ],
    "canvas": [
        "maieranna_101_9001_work.ipynb",
        "ottoben_LATE_102_9002_work-1.ipynb",
        "özcem_103_9003_data_1_2.txt",
        "anon_X7Yz2_9004_work.ipynb",
        "dana_105_text.html",
    ],
    "ilias": [
        "Abgaben/Maier_Anna_amaier_101/20260504120000_work.ipynb",
        "Abgaben/Maier_Anna_amaier_101/20260503120000_work.ipynb",
        "Abgaben/Team 3/Otto_Ben_b_otto_102/20260504120000_work.ipynb",
        "Abgaben/status.xlsx",
    ],
    "gradescope": [
        "assignment_5_export/submission_11/work.ipynb",
        "assignment_5_export/submission_12/work.ipynb",
        "assignment_5_export/submission_13/work.ipynb",
        "assignment_5_export/submission_metadata.yml",
    ],
    "github": [
        "sheet-one-submissions/sheet-one-amaier/work.ipynb",
        "sheet-one-submissions/sheet-one-ben-otto/src/work.ipynb",
        "sheet-one-submissions/readme.md",
    ],
    "plain": ["amaier/work.ipynb", f"botto/{NAME}/work.ipynb", f"cem_{NAME} (1).ipynb", "notes.txt"],
}
PEOPLE = {
    "moodle": {"101": ["data/a.txt", "work.ipynb"], "102": ["work (7).ipynb"], "103": ["work.ipynb"]},
    "canvas": {
        "101": ["work.ipynb"],
        "102": ["work-1.ipynb"],
        "103": ["data_1_2.txt"],
        "anon_X7Yz2": ["work.ipynb"],
    },
    "ilias": {"amaier": ["work.ipynb"], "b_otto": ["work.ipynb"]},
    "gradescope": {"anna@uni.edu": ["work.ipynb"], "ben@uni.edu": ["work.ipynb"]},
    "github": {"amaier": ["work.ipynb"], "ben-otto": ["src/work.ipynb"]},
    "plain": {"amaier": ["work.ipynb"], "botto": ["work.ipynb"], "cem": [f"cem_{NAME} (1).ipynb"]},
}
LEFT_OUT = {"moodle": 1, "canvas": 1, "ilias": 2, "gradescope": 2, "github": 1, "plain": 1}


def download(tmp_path, names):
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, METADATA if name.endswith(systems.METADATA) else "{}")
    return open_download(path)


@pytest.mark.parametrize("system", FORMS)
def test_a_download_is_recognised_and_sorted_by_person(tmp_path, system):
    opened = download(tmp_path, FORMS[system])
    result = systems.sort(opened, NAME)
    opened.close()
    assert result.system == system
    assert {one.id: sorted(one.files) for one in result.people} == PEOPLE[system]
    assert len(result.left_out) == LEFT_OUT[system], result.left_out


@pytest.mark.parametrize("system", FORMS)
def test_every_file_is_somebody_s_or_is_listed(tmp_path, system):
    opened = download(tmp_path, FORMS[system])
    result = systems.sort(opened, NAME)
    opened.close()
    placed = {file.name for one in result.people for file in one.files.values()}
    lost = set(opened.names) - placed - set(result.left_out)
    assert {name.rpartition("/")[2] for name in lost} <= {systems.METADATA}


def test_lateness_and_times_are_kept(tmp_path):
    opened = download(tmp_path, FORMS["canvas"])
    late = [one.id for one in systems.canvas(opened, NAME, None).people if one.late]
    opened.close()
    assert late == ["102"]
    opened = download(tmp_path, FORMS["ilias"])
    anna, _ben = systems.ilias(opened, NAME, None).people
    opened.close()
    assert anna.files["work.ipynb"].time == "20260504120000"  # the older one is listed
    assert anna.keys["number"] == ["101"]
    opened = download(tmp_path, FORMS["gradescope"])
    people = systems.gradescope(opened, NAME, None).people
    opened.close()
    assert {one.id: one.time[:10] for one in people} == {
        "anna@uni.edu": "2026-05-05",
        "ben@uni.edu": "2026-05-04",
    }


def test_cloned_repositories_are_known_by_the_roster_too(tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("identifier,github_username\nanna,amaier\nben,ben-otto\n")
    names = [name.partition("/")[2] for name in FORMS["github"][:2]]
    opened = download(tmp_path, names)
    result = systems.sort(opened, NAME, read_roster(roster))
    opened.close()
    assert result.system == "github"
    assert [one.id for one in result.people] == ["amaier", "ben-otto"]


def test_a_folder_around_plain_folders_is_no_student(tmp_path):
    opened = download(tmp_path, ["class/amara/work.ipynb", "class/bruno/work.ipynb", "class/bruno/a.txt"])
    result = systems.sort(opened, NAME)
    opened.close()
    assert {one.id: sorted(one.files) for one in result.people} == {
        "amara": ["work.ipynb"],
        "bruno": ["a.txt", "work.ipynb"],
    }


@pytest.mark.parametrize("content", ["", "- a list", "submission_11: 3", "{", "a: &a [*a]"])
def test_metadata_that_say_nothing_place_nothing_and_say_so(tmp_path, content):
    path = tmp_path / "download.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("submission_11/work.ipynb", "{}")
        archive.writestr(systems.METADATA, content)
    opened = open_download(path)
    result = systems.sort(opened, NAME)
    opened.close()
    assert (result.system, result.people) == ("gradescope", [])
    assert list(result.left_out) == ["submission_11/work.ipynb"]


def test_ilias_s_own_form_and_the_plugin_s_are_told_apart_from_the_folder_around_them(tmp_path):
    names = [
        "Multi_Feedback_Sheet_12/Maier_Anna_amaier_101/work.ipynb",
        "Multi_Feedback_Sheet_12/Team_3/Otto_Ben_b_otto_102/work.ipynb",
        "status.csv",
    ]
    opened = download(tmp_path, names)
    sorted_ = systems.sort(opened, NAME)
    opened.close()
    assert sorted_.system == "ilias"
    assert {one.id: one.label for one in sorted_.people} == {
        "amaier": "Maier_Anna_amaier_101",
        "b_otto": "Team_3/Otto_Ben_b_otto_102",
    }


def test_a_team_s_work_in_ilias_is_everybody_s_in_the_list_of_teams(tmp_path):
    (tmp_path / "status.csv").write_text('update,team_id,logins\n0,3,"b_otto, cem"\n0,4,dana\n')
    roster = read_roster(tmp_path / "status.csv")
    opened = download(tmp_path, ["Abgaben/Team 3/Otto_Ben_b_otto_102/work.ipynb"])
    people = systems.ilias(opened, NAME, roster).people
    opened.close()
    assert {one.id: list(one.files) for one in people} == {"b_otto": ["work.ipynb"], "cem": ["work.ipynb"]}
    assert {one.id: one.label for one in people}["b_otto"] == "Otto_Ben_b_otto_102"
