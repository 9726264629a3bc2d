"""`autograder collect`: everybody in a download is placed, or is listed with the reason."""

import json
import os

import pytest

from tests.autograder.nbgrader_bridge import downloads
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.downloads import work, zipped

MOODLE = "Anna_101_assignsubmission_file_/{}"
CANVAS = "anna_101_{}_{}"


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


def seen(folder):
    """When each file was written last."""
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def moodle(sample, day=4):
    """One student's download."""
    return zipped({MOODLE.format("work.ipynb"): work(sample)}, day)


def roster(username, modified=""):
    """Moodle's list, of this one student."""
    head = "Identifier,Full name,Username,Last modified (submission)"
    return f"{head}\nParticipant 101,Anna,{username},{modified}\n"


def canvas(sample, attachment, day=4):
    return zipped({CANVAS.format(attachment, "a.ipynb"): work(sample)}, day)


SAID_OF_MOODLE = [
    "Finn F_106_assignsubmission_file: there is no notebook, but solution.pdf, photo.heic",
    "Hana H_108_assignsubmission_file: 02.ipynb is another assignment's notebook",
    "Nobody Known_999_assignsubmission_file: the roster has nobody of this name",
    "onlinetext.html: it was typed into the course server",
    "evil.ipynb: its name leads out of the archive",
    "notes.txt: its name has not the form that Moodle gives",
    f"s102: {NETWORK} (7).ipynb was renamed to {NETWORK}.ipynb",
    "In the roster, but not in the download: 2.\n  s105, s110",
]


def test_everybody_of_a_moodle_download_is_accounted_for_and_what_is_placed_is_graded(collect, grade, folder):
    said = collect(*downloads.moodle())
    assert "Moodle." in said
    assert [reason for reason in SAID_OF_MOODLE if reason not in said] == []
    for number in range(101, 111):
        assert f"s{number}" in said or f"_{number}_" in said
    assert said == (folder / "autograder-logs" / f"{NETWORK}.collected.txt").read_text().strip()
    assert submitted(folder)[f"s109/{NETWORK}/timestamp.txt"] == b"2026-05-04 14:09:00.000000 UTC"
    assert not list(folder.glob(".autograder-staging"))
    graded = grade(folder)
    assert "Graded now: 5" in graded
    assert "s107" in graded
    assert "it does not hold JSON" in graded


PLACED = {  # of 103 without ids, so in other bytes; 107 is no notebook, and grading says so
    **{101: "matrix_products", 102: "explicit_loops", 103: "", 104: "transposed"},
    **{107: "", 109: "missing_relu_mask"},
}


@pytest.mark.parametrize(
    ("system", "time"),
    [
        (downloads.moodle, "2026-05-04"),
        (downloads.canvas, ""),
        (downloads.ilias, "2026-05-04"),
        (downloads.gradescope, "2026-05-0"),
        (downloads.github, "2026-05-04"),
    ],
    ids=["moodle", "canvas", "ilias", "gradescope", "github"],
)
def test_ten_oddities_of_each_system(collect, folder, system, time):
    said = collect(*system())
    placed = submitted(folder)
    notebooks = {name: content for name, content in placed.items() if name.endswith(".ipynb")}
    assert set(notebooks) == {f"s{number}/{NETWORK}/{NETWORK}.ipynb" for number in PLACED}
    for number, sample in PLACED.items():
        assert not sample or notebooks[f"s{number}/{NETWORK}/{NETWORK}.ipynb"] == work(sample), number
    assert placed[f"s109/{NETWORK}/helper.py"] == b"x = 1"
    times = [content.decode() for name, content in placed.items() if name.endswith("timestamp.txt")]
    assert bool(times) == bool(time)
    assert all(each.startswith(time) for each in times)
    # who has nothing in its place is listed with a reason, or as somebody of whom there is nothing
    reasons = said[said.index("Nothing placed") :]
    for number in (105, 106, 108, 110, 999):
        assert str(number) in reasons, number
    assert "is another assignment's notebook" in reasons
    assert "the roster has nobody of this name" in reasons


def test_a_dry_run_says_the_same_and_writes_nothing_nor_does_a_second_time(collect, folder):
    before = seen(folder)
    dry = collect(*downloads.moodle(), "--dry-run")
    assert seen(folder) == before
    assert "Would be placed: 6." in dry
    assert dry.replace("Would be placed", "Placed") == collect(*downloads.moodle())
    before = seen(folder / "submitted")
    said = collect(*downloads.moodle())
    assert "In place already: 6." in said
    assert "Placed" not in said
    assert seen(folder / "submitted") == before


@pytest.mark.parametrize(
    ("first", "then", "which"),
    [
        (moodle("empty", 4), moodle("transposed", 5), "transposed"),
        (moodle("empty", 5), moodle("transposed", 4), "empty"),
        (moodle("empty", 4), moodle("transposed", 4), "empty"),
        (canvas("empty", 7), canvas("transposed", 8), "transposed"),
        (canvas("empty", 8), canvas("transposed", 7, 9), "empty"),
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
    collect(moodle("empty"), roster("s101", "2026-05-04 14:00"))
    said = collect(moodle("transposed"), roster("s101", f"2026-05-{day:02} 14:00"))
    assert (place(folder, "s101") / f"{NETWORK}.ipynb").read_bytes() == work(which)
    assert ("(newer)" in said) == (which == "transposed")


@pytest.mark.parametrize("change", ["edited", "added", "by hand"])
def test_what_an_instructor_has_changed_is_never_overwritten(collect, folder, change):
    here = place(folder, "101")
    if change != "by hand":
        collect(moodle("empty"))
    here.mkdir(parents=True, exist_ok=True)
    (here / ("note.txt" if change == "added" else f"{NETWORK}.ipynb")).write_text("mine")
    before = submitted(folder)
    said = collect(moodle("transposed", 9))
    assert submitted(folder) == before
    assert "remove it to have this one collected" in said


def test_a_link_in_submitted_is_not_written_through(collect, folder, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    place(folder, "101").parent.mkdir(parents=True)
    place(folder, "101").symlink_to(outside)
    collect(moodle("empty"))
    assert list(outside.iterdir()) == []
    assert place(folder, "101").is_symlink()


def test_canvas_keeps_lateness_and_the_newest_file(collect, folder):
    files = {"11_a.ipynb": work("empty"), "12_a-1.ipynb": work("transposed")}
    roster = f"{downloads.CANVAS_HEAD}Maier Anna,101,,amaier,A\n"
    said = collect(zipped({f"annamaier_LATE_101_{name}": data for name, data in files.items()}), roster)
    assert "amaier (late)" in said
    assert (place(folder, "amaier") / f"{NETWORK}.ipynb").read_bytes() == work("transposed")
    log = json.loads((folder / "autograder-logs" / f"{NETWORK}.collected.json").read_text())
    assert log["students"]["amaier"]["late"] is True
    assert not (place(folder, "amaier") / "timestamp.txt").exists()


def test_two_notebooks_of_which_nobody_knows_the_newer_are_not_guessed_between(collect, folder):
    files = {"a.ipynb": work("transposed"), "b.ipynb": work("missing_relu_mask")}
    said = collect(zipped({MOODLE.format(name): content for name, content in files.items()}))
    assert "a.ipynb and b.ipynb differ, and nothing says which is newer" in said
    assert submitted(folder) == {}


def test_times_are_read_in_the_zone_that_is_said(collect, folder):
    collect(*downloads.moodle(), "--timezone", "Europe/Berlin")
    assert (place(folder, "s101") / "timestamp.txt").read_text() == "2026-05-04 12:01:00.000000 UTC"
    assert "no time zone 'Mars'" in collect(*downloads.moodle(), "--timezone", "Mars", status=1)


def test_a_time_that_cannot_be_read_is_said(collect, folder):
    said = collect(moodle("empty"), roster("anna", "lundi 4 mai"))
    assert "anna: work.ipynb was renamed" in said
    assert "when it was handed in cannot be read: lundi 4 mai" in said


@pytest.mark.parametrize("student", ["../evil", ".hidden", "a/b", "..", ".ipynb_checkpoints"])
def test_a_name_that_is_no_folder_s_is_refused(collect, folder, student):
    assert "cannot be the name of a folder" in collect(moodle("empty"), roster(student))
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
        (moodle("empty"), ("--from", "blackboard"), 2, "--from takes gradescope, moodle"),
        (moodle("empty"), ("--assignment", "99-nothing"), 1, "knows no assignment 99-nothing"),
    ],
)
def test_what_cannot_be_collected_is_a_sentence(collect, folder, content, arguments, status, why):
    assert why in collect(content, "", *arguments, status=status)
    assert not (folder / "submitted").exists()
