"""`autograder collect`: everybody in a download is placed, or is listed with the reason."""

import json
import os

import pytest

from tests.autograder.nbgrader_bridge import downloads
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.downloads import work, zipped

MOODLE = "{}_{}_assignsubmission_file_/{}"
CANVAS = "{}_{}_{}_{}"


@pytest.fixture
def collect(autograder, folder, tmp_path):
    """Collect a download into the course; what was said."""

    def collect(content, roster="", *arguments, status=0, name="download.zip"):
        path = tmp_path / name
        if content is not None:
            path.write_bytes(content)
        if roster:
            (tmp_path / "roster.csv").write_text(roster, encoding="utf-8")
            arguments = ("--roster", tmp_path / "roster.csv", *arguments)
        done = autograder("collect", path, "--assignment", NETWORK, *arguments, cwd=folder)
        assert done.returncode == status, done.said
        return done.said

    return collect


def place(folder, student):
    return folder / "submitted" / student / NETWORK


def submitted(folder):
    """Everything in submitted/, by its path."""
    top = folder / "submitted"
    return {p.relative_to(top).as_posix(): p.read_bytes() for p in sorted(top.rglob("*")) if p.is_file()}


def one(sample, day=4, number=101):
    return zipped({MOODLE.format("Anna", number, "work.ipynb"): work(sample)}, day)


def test_a_moodle_download_with_ten_oddities(collect, folder):
    said = collect(*downloads.moodle())
    assert "Moodle." in said
    notebook = f"{NETWORK}/{NETWORK}.ipynb"
    placed = submitted(folder)
    assert {name for name in placed if name.endswith(".ipynb")} == {
        f"s{number}/{notebook}" for number in (101, 102, 103, 104, 107, 109)
    }
    assert placed[f"s104/{notebook}"] == work("transposed")
    assert placed[f"s109/{notebook}"] == work("missing_relu_mask")
    assert placed[f"s109/{NETWORK}/helper.py"] == b"x = 1"
    assert placed[f"s109/{NETWORK}/timestamp.txt"] == b"2026-05-04 14:09:00.000000 UTC"
    for reason in (
        "Finn F_106_assignsubmission_file: there is no notebook, but solution.pdf, photo.heic",
        "Hana H_108_assignsubmission_file: 02.ipynb is another assignment's notebook",
        "Nobody Known_999_assignsubmission_file: the roster has nobody of this name",
        "onlinetext.html: it was typed into the course server",
        "evil.ipynb: its name leads out of the archive",
        "notes.txt: its name has not the form that Moodle gives",
        f"s102: {NETWORK} (7).ipynb was renamed to {NETWORK}.ipynb",
        "In the roster, but not in the download: 2.\n  s105, s110",
    ):
        assert reason in said
    assert not list(folder.glob(".autograder-staging"))


PLACED = {
    101: "matrix_products",
    102: "explicit_loops",
    103: "",  # without ids: other bytes
    104: "transposed",
    107: "",  # no notebook, and grading says so
    109: "missing_relu_mask",
}


@pytest.mark.parametrize(
    ("system", "student", "time"),
    [
        (downloads.moodle, "s{}", "2026-05-04"),
        (downloads.canvas, "s{}", ""),
        (downloads.ilias, "s{}", "2026-05-04"),
        (downloads.gradescope, "s{}", "2026-05-0"),
        (downloads.github, "s{}", "2026-05-04"),
    ],
    ids=["moodle", "canvas", "ilias", "gradescope", "github"],
)
def test_ten_oddities_of_each_system(collect, folder, system, student, time):
    said = collect(*system())
    placed = submitted(folder)
    here = {student.format(number): sample for number, sample in PLACED.items()}
    assert {name.partition("/")[0] for name in placed} == set(here)
    for who, sample in here.items():
        if sample:
            assert placed[f"{who}/{NETWORK}/{NETWORK}.ipynb"] == work(sample), who
    assert placed[f"{student.format(109)}/{NETWORK}/helper.py"] == b"x = 1"
    for name, content in placed.items():
        if name.endswith("timestamp.txt"):
            assert time
            assert content.decode().startswith(time)
    assert bool(time) == any(name.endswith("timestamp.txt") for name in placed)
    # who has nothing in its place is listed with a reason, or as somebody of whom there is nothing
    reasons = said[said.index("Nothing placed") :]
    for number in (105, 106, 108, 110, 999):
        assert str(number) in reasons, number
    assert "is another assignment's notebook" in reasons
    assert "the roster has nobody of this name" in reasons


def test_everybody_of_the_roster_is_accounted_for(collect, folder):
    said = collect(*downloads.moodle())
    for number in range(101, 111):
        assert f"s{number}" in said or f"_{number}_" in said
    assert said == (folder / "autograder-logs" / f"{NETWORK}.collected.txt").read_text().strip()


def test_what_is_collected_is_graded_and_timed(collect, grade, folder):
    collect(*downloads.moodle())
    said = grade(folder)
    assert "Graded now: 5" in said
    assert "s107" in said
    assert "it does not hold JSON" in said


def test_a_dry_run_says_the_same_and_writes_nothing(collect, folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    dry = collect(*downloads.moodle(), "--dry-run")
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert "Would be placed: 6." in dry
    assert dry.replace("Would be placed", "Placed") == collect(*downloads.moodle())


def test_a_second_time_nothing_is_written_again(collect, folder):
    collect(*downloads.moodle())
    before = {path: path.stat().st_mtime_ns for path in (folder / "submitted").rglob("*")}
    said = collect(*downloads.moodle())
    assert "In place already: 6." in said
    assert "Placed" not in said
    assert {path: path.stat().st_mtime_ns for path in (folder / "submitted").rglob("*")} == before


@pytest.mark.parametrize(
    ("first", "then", "which"),
    [
        (one("empty", 4), one("transposed", 5), "transposed"),
        (one("empty", 5), one("transposed", 4), "empty"),
        (one("empty", 4), one("transposed", 4), "empty"),
        (
            zipped({CANVAS.format("anna", 101, 7, "a.ipynb"): work("empty")}),
            zipped({CANVAS.format("anna", 101, 8, "a-1.ipynb"): work("transposed")}),
            "transposed",
        ),
        (
            zipped({CANVAS.format("anna", 101, 8, "a.ipynb"): work("empty")}),
            zipped({CANVAS.format("anna", 101, 7, "a.ipynb"): work("transposed")}, 9),
            "empty",
        ),
    ],
)
def test_only_what_is_newer_takes_the_place_of_what_was_collected(collect, folder, first, then, which):
    collect(first)
    said = collect(then)
    assert (place(folder, "101") / f"{NETWORK}.ipynb").read_bytes() == work(which)
    assert ("(newer)" in said) == (which == "transposed")
    assert ("Left as they are" in said) == (which == "empty")


@pytest.mark.parametrize(("day", "which"), [(3, "empty"), (4, "empty"), (5, "transposed")])
def test_the_course_servers_own_times_say_what_is_newer(collect, folder, day, which):
    row = "Participant 101,Anna,s101@uni.edu,s101,x,-,30.00,2026-05-{:02} 14:00"
    header = (
        "Identifier,Full name,Email address,Username,Status,Grade,Maximum Grade,Last modified (submission)"
    )
    collect(one("empty"), f"{header}\n{row.format(4)}\n")
    said = collect(one("transposed"), f"{header}\n{row.format(day)}\n")
    assert (place(folder, "s101") / f"{NETWORK}.ipynb").read_bytes() == work(which)
    assert ("(newer)" in said) == (which == "transposed")


@pytest.mark.parametrize("change", ["edited", "added", "by hand"])
def test_what_an_instructor_has_changed_is_never_overwritten(collect, folder, change):
    here = place(folder, "101")
    if change != "by hand":
        collect(one("empty"))
    here.mkdir(parents=True, exist_ok=True)
    (here / ("note.txt" if change == "added" else f"{NETWORK}.ipynb")).write_text("mine")
    before = submitted(folder)
    said = collect(one("transposed", 9))
    assert submitted(folder) == before
    assert "remove it to have this one collected" in said


def test_a_link_in_submitted_is_not_written_through(collect, folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    place(folder, "101").parent.mkdir(parents=True)
    place(folder, "101").symlink_to(outside)
    collect(one("empty"))
    assert list(outside.iterdir()) == []
    assert place(folder, "101").is_symlink()


def test_canvas_keeps_lateness_and_the_newest_file(collect, folder):
    content = zipped(
        {
            CANVAS.format("annamaier_LATE", 101, 11, f"{NETWORK}.ipynb"): work("empty"),
            CANVAS.format("annamaier_LATE", 101, 12, f"{NETWORK}-1.ipynb"): work("transposed"),
        }
    )
    said = collect(
        content, "Student,ID,SIS Login ID,Section\n    Points Possible,,,\nMaier Anna,101,amaier,A\n"
    )
    assert "amaier (late)" in said
    assert (place(folder, "amaier") / f"{NETWORK}.ipynb").read_bytes() == work("transposed")
    log = json.loads((folder / "autograder-logs" / f"{NETWORK}.collected.json").read_text())
    assert log["students"]["amaier"]["late"] is True
    assert not (place(folder, "amaier") / "timestamp.txt").exists()


def test_two_notebooks_of_which_nobody_knows_the_newer_are_not_guessed_between(collect, folder):
    content = zipped(
        {
            MOODLE.format("Anna", 101, "a.ipynb"): work("transposed"),
            MOODLE.format("Anna", 101, "b.ipynb"): work("missing_relu_mask"),
        }
    )
    assert "a.ipynb and b.ipynb differ, and nothing says which is newer" in collect(content)
    assert submitted(folder) == {}


def test_times_are_read_in_the_zone_that_is_said(collect, folder):
    content, roster = downloads.moodle()
    collect(content, roster, "--timezone", "Europe/Berlin")
    assert (place(folder, "s101") / "timestamp.txt").read_text() == "2026-05-04 12:01:00.000000 UTC"
    assert "no time zone 'Mars'" in collect(content, roster, "--timezone", "Mars", status=1)


def test_a_time_that_cannot_be_read_is_said(collect, folder):
    roster = (
        "Identifier,Full name,Username,Last modified (submission)\nParticipant 101,Anna,anna,lundi 4 mai\n"
    )
    assert "anna: work.ipynb was renamed" in (said := collect(one("empty"), roster))
    assert "when it was handed in cannot be read: lundi 4 mai" in said


@pytest.mark.parametrize("student", ["../evil", ".hidden", "a/b", "..", ".ipynb_checkpoints"])
def test_a_name_that_is_no_folder_s_is_refused(collect, folder, student):
    roster = f"Identifier,Full name,Username\nParticipant 101,Anna,{student}\n"
    said = collect(one("empty"), roster)
    assert "cannot be the name of a folder" in said
    assert submitted(folder) == {}


def test_the_course_s_own_collector_plugin_is_asked(collect, folder):
    with (folder / "nbgrader_config.py").open("a") as config:
        pattern = r"ps1_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"
        config.write(f"\nc.FileNameCollectorPlugin.named_regexp = r'{pattern}'\n")
    content = zipped({"ps1_amaier_attempt_2026-05-04_work.ipynb": work("empty"), "other.ipynb": "x"})
    said = collect(content)
    assert "the course's collector plugin" in said
    assert list(submitted(folder)) == [f"amaier/{NETWORK}/{NETWORK}.ipynb", f"amaier/{NETWORK}/timestamp.txt"]
    assert "other.ipynb" in said


def test_a_folder_of_folders_is_collected_too(collect, folder, tmp_path):
    for student, sample in {"amara": "matrix_products", "bruno": "einsum"}.items():
        here = tmp_path / "class" / student
        here.mkdir(parents=True)
        (here / "work.ipynb").write_bytes(work(sample))
    (tmp_path / "class" / "amara" / "timestamp.txt").write_text("2026-05-04 12:00:00 UTC")
    os.mkfifo(tmp_path / "class" / "bruno" / "pipe.ipynb")
    said = collect(None, name="class")
    assert "Placed: 2." in said
    assert (place(folder, "amara") / "timestamp.txt").read_text() == "2026-05-04 12:00:00.000000 UTC"


@pytest.mark.parametrize(
    ("content", "arguments", "status", "why"),
    [
        (b"no archive", (), 1, "is not a zip file"),
        (None, (), 1, "is not there"),
        (one("empty"), ("--from", "blackboard"), 2, "--from takes gradescope, moodle"),
    ],
)
def test_what_cannot_be_collected_is_a_sentence(collect, folder, content, arguments, status, why):
    assert why in collect(content, "", *arguments, status=status)
    assert not (folder / "submitted").exists()


def test_an_assignment_that_is_not_released_is_a_sentence(autograder, folder, tmp_path):
    path = tmp_path / "download.zip"
    path.write_bytes(one("empty"))
    done = autograder("collect", path, "--assignment", "99-nothing", cwd=folder)
    assert done.returncode == 1
    assert "knows no assignment 99-nothing" in done.stderr
