"""Each system's download is recognised by its form, and its files are sorted by person."""

import zipfile
from contextlib import closing

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
ANNA_S_FIRST = "assignment_5_export/submission_11/work.ipynb"  # Ben's only one; she has handed in again
FORMS = {  # whose each file is, and as what; None: it is listed as left out; (): nothing is handed in with it
    "moodle": {
        "Anna Maier_101_assignsubmission_file_/work.ipynb": ("101", "work.ipynb"),
        "Anna Maier_101_assignsubmission_file_/data/a.txt": ("101", "data/a.txt"),
        "Ben_Otto_102_assignsubmission_file/work (7).ipynb": ("102", "work (7).ipynb"),
        "Gruppe A-Cem Öz_103_assignsubmission_file_work.ipynb": ("103", "work.ipynb"),
        "Dana D_104_assignsubmission_onlinetext_/onlinetext.html": None,
    },
    "canvas": {
        "maieranna_101_9001_work.ipynb": ("101", "work.ipynb"),
        "ottoben_LATE_102_9002_work-1.ipynb": ("102", "work-1.ipynb"),
        "özcem_103_9003_data_1_2.txt": ("103", "data_1_2.txt"),
        "anon_X7Yz2_9004_work.ipynb": ("anon_X7Yz2", "work.ipynb"),
        "dana_105_text.html": None,
    },
    "ilias": {
        "Abgaben/Maier_Anna_amaier_101/20260504120000_work.ipynb": ("amaier", "work.ipynb"),
        "Abgaben/Maier_Anna_amaier_101/20260503120000_work.ipynb": None,
        "Abgaben/Team 3/Otto_Ben_b_otto_102/20260504120000_work.ipynb": ("b_otto", "work.ipynb"),
        "Abgaben/status.xlsx": None,
    },
    "gradescope": {
        ANNA_S_FIRST: ("ben@uni.edu", "work.ipynb"),
        "assignment_5_export/submission_12/work.ipynb": ("anna@uni.edu", "work.ipynb"),
        "assignment_5_export/submission_13/work.ipynb": None,
        f"assignment_5_export/{systems.METADATA}": (),
    },
    "github": {
        "sheet-one-submissions/sheet-one-amaier/work.ipynb": ("amaier", "work.ipynb"),
        "sheet-one-submissions/sheet-one-ben-otto/src/work.ipynb": ("ben-otto", "src/work.ipynb"),
        "sheet-one-submissions/readme.md": None,
    },
    "plain": {
        "amaier/work.ipynb": ("amaier", "work.ipynb"),
        f"botto/{NAME}/work.ipynb": ("botto", "work.ipynb"),
        f"cem_{NAME} (1).ipynb": ("cem", f"cem_{NAME} (1).ipynb"),
        "notes.txt": None,
    },
}


@pytest.fixture
def sort(tmp_path):
    """Sort a download of these files."""

    def sort(names, roster=None, metadata=METADATA):
        path = tmp_path / "download.zip"
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, metadata if name.endswith(systems.METADATA) else "{}")
        with closing(open_download(path)) as opened:
            return systems.sort(opened, NAME, roster)

    return sort


def whose(result):
    return {file.name: (one.id, own) for one in result.people for own, file in one.files.items()}


@pytest.mark.parametrize("system", FORMS)
def test_a_download_is_recognised_and_every_file_is_somebody_s_or_is_listed(sort, system):
    result = sort(FORMS[system])
    assert result.system == system
    assert whose(result) == {name: person for name, person in FORMS[system].items() if person}
    left_out = {name for name, person in FORMS[system].items() if person is None}
    assert set(result.left_out) == left_out | (FORMS[system].keys() & {ANNA_S_FIRST})


def test_lateness_and_times_are_kept(sort):
    assert [one.id for one in sort(FORMS["canvas"]).people if one.late] == ["102"]
    anna, _ben = sort(FORMS["ilias"]).people
    assert anna.files["work.ipynb"].time == "20260504120000"  # the older one is listed
    assert anna.keys["number"] == ["101"]
    times = {one.id: one.time[:10] for one in sort(FORMS["gradescope"]).people}
    assert times == {"anna@uni.edu": "2026-05-05", "ben@uni.edu": "2026-05-04"}


def test_cloned_repositories_are_known_by_the_roster_too(sort, tmp_path):
    roster = tmp_path / "roster.csv"
    roster.write_text("identifier,github_username\nanna,amaier\nben,ben-otto\n")
    names = [name.partition("/")[2] for name in list(FORMS["github"])[:2]]
    result = sort(names, read_roster(roster))
    assert result.system == "github"
    assert [one.id for one in result.people] == ["amaier", "ben-otto"]


def test_a_folder_around_plain_folders_is_no_student(sort):
    files = {"amara/work.ipynb", "bruno/work.ipynb", "bruno/a.txt"}
    result = sort([f"class/{name}" for name in files])
    assert whose(result) == {f"class/{name}": tuple(name.split("/")) for name in files}


@pytest.mark.parametrize("content", ["", "- a list", "submission_11: 3", "{", "a: &a [*a]"])
def test_metadata_that_say_nothing_place_nothing_and_say_so(sort, content):
    result = sort(["submission_11/work.ipynb", systems.METADATA], metadata=content)
    assert (result.system, result.people) == ("gradescope", [])
    assert list(result.left_out) == ["submission_11/work.ipynb"]


def test_ilias_s_own_form_and_the_plugin_s_are_told_apart_from_the_folder_around_them(sort):
    labels = {"amaier": "Maier_Anna_amaier_101", "b_otto": "Team_3/Otto_Ben_b_otto_102"}
    around = "Multi_Feedback_Sheet_12"
    result = sort([*(f"{around}/{label}/work.ipynb" for label in labels.values()), "status.csv"])
    assert result.system == "ilias"
    assert {one.id: one.label for one in result.people} == labels


def test_a_team_s_work_in_ilias_is_everybody_s_in_the_list_of_teams(sort, tmp_path):
    (tmp_path / "status.csv").write_text('update,team_id,logins\n0,3,"b_otto, cem"\n0,4,dana\n')
    roster = read_roster(tmp_path / "status.csv")
    people = sort(["Abgaben/Team 3/Otto_Ben_b_otto_102/work.ipynb"], roster).people
    assert {one.id: list(one.files) for one in people} == {"b_otto": ["work.ipynb"], "cem": ["work.ipynb"]}
    assert people[0].label == "Otto_Ben_b_otto_102"
