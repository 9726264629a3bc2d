"""`autograder watch` grades what arrives once it is whole, as often a day as it may, and tells students."""

import json
import os
import re
import shutil
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from nbgrader.utils import notebook_hash

from autograder.nbgrader_bridge.arriving import arrival_notice, arrivals, watch
from autograder.nbgrader_bridge.arriving.arrival_notice import Show
from autograder.nbgrader_bridge.course.course_lock import CourseBusy, locked
from autograder.nbgrader_bridge.whole_class.assignment_run import AssignmentRun
from tests import command
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.autograder.nbgrader_bridge.downloads import work, zipped

SECRET = "5ec2e7"


class Course:
    """A course with an inbound folder, which is looked into once after the other."""

    def __init__(self, folder, fork_server, monkeypatch):
        self.folder, self.fork_server = folder, fork_server
        self.inbound = folder.parent / "inbound"
        self.inbound.mkdir()
        self.said = []
        command.warm_up()
        monkeypatch.setattr(arrivals, "SETTLED_SECONDS", 0.0)
        monkeypatch.setattr(watch, "SETTLED_SECONDS", 0.05)

    def drop(self, name, content):
        path = self.inbound / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def submit(self, student, sample, when, secret=SECRET, name=f"{NETWORK}.ipynb"):
        """Put a submission where `nbgrader submit` puts it, and as it does."""
        place = self.inbound / f"{student}+{NETWORK}+{when}+abc"
        place.mkdir()
        (place / name).write_bytes(work(sample))
        (place / "timestamp.txt").write_text(when)
        if secret:
            (place / "submission_secret.txt").write_text(secret)
        return place

    def trust_all(self):
        """Take submissions in the exchange whoever owns them: here, all are the tests' own user's."""
        classes.configure(self.folder, "c.ExchangeCollect.check_owner = False")

    def look(self, **options):
        self.said.clear()
        options = {"inbound": self.inbound, "once": True, "jobs": 1} | options
        watch.watch(self.folder, watch.Options(NETWORK, **options), self.said.append, self.fork_server)
        return "\n".join(self.said)

    def submitted(self, student):
        return classes.submitted(self.folder, student).parent

    def page(self, student):
        return (self.folder / "outbound" / student / f"{NETWORK}.html").read_text()

    @property
    def marks(self):
        return classes.sums(self.folder)


@pytest.fixture
def watched(folder, fork_server, monkeypatch):
    return Course(folder, fork_server, monkeypatch)


def test_what_lies_in_a_drop_folder_is_graded_once_and_each_is_reported(watched):
    watched.drop("amara.ipynb", work("matrix_products"))
    watched.drop("goran/My answer (2).ipynb", work("no_factor_two"))
    watched.drop(f"hana/{NETWORK}/{NETWORK}.ipynb", work("missing_relu_mask"))
    watched.drop("nils.ipynb", b"no notebook")
    watched.drop("notes.txt", b"")
    (watched.inbound / "otto").mkdir()
    (watched.inbound / "link").symlink_to(watched.inbound / "amara.ipynb")
    os.utime(watched.inbound / "nils.ipynb", (0, 0))  # so old that nobody is copying it any more
    said = watched.look()
    assert watched.marks == {"amara": 30, "goran": 21, "hana": 19.5, "nils": 0}
    assert "amara: 30 of 30, try 1 of 3 today." in said
    assert "nils: not graded:" in said
    assert "notes.txt is left alone" in said
    assert "link is left alone: it is a link" in said
    assert "15 / 20" in watched.page("goran")
    assert "The file is not a notebook" in watched.page("nils")
    assert (watched.submitted("hana") / "timestamp.txt").is_file()
    assert "Not graded: 1." in classes.log(watched.folder)
    renamed = f"  My answer (2).ipynb was renamed to {NETWORK}.ipynb."
    assert f"goran: 21 of 30, try 1 of 3 today.\n{renamed}" in said
    assert "graded" not in watched.look(), "nobody is graded again"


TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC")  # any number may be in it


@pytest.mark.parametrize(
    ("show", "there", "not_there"),
    [
        (Show.NOTHING, ["was graded: try 1 of 3 today"], ["15", "exercise1", "DZ2"]),
        (Show.MARKS, ["15 / 20"], ["DZ2", "wrong", "carried-forward"]),
        (Show.FAULTS, ["15 / 20", "carried-forward", "In <code>DZ2</code> the gradient also passes"], []),
    ],
)
def test_students_see_at_once_what_was_chosen(watched, show, there, not_there):
    content = json.loads(work("missing_relu_mask"))
    printing = dict(content["cells"][-1], id="own", source="print('an' + ' output')", metadata={})
    content["cells"].append(printing | {"cell_type": "code", "outputs": [], "execution_count": None})
    watched.drop("hana.ipynb", json.dumps(content).encode())
    watched.look(show=show)
    page = watched.page("hana")
    for text in there:
        assert text in page
    for text in [*not_there, "an output"]:
        assert text not in TIME.sub("", page.replace(NETWORK, ""))


def test_what_a_student_writes_is_text_on_the_page(watched):
    name = "<b>x"
    watched.drop(f"{name}/a.ipynb", work("empty"))
    watched.look(show=Show.FAULTS)
    assert name not in watched.page(name)
    assert "&lt;b&gt;x" in watched.page(name)


@pytest.mark.thorough  # several runs
def test_tries_are_counted_by_the_day_and_the_newest_waits(watched, monkeypatch):
    now = datetime(2026, 5, 4, 10, tzinfo=UTC)
    clock = SimpleNamespace(fromisoformat=datetime.fromisoformat, now=lambda zone: now.astimezone(zone))
    monkeypatch.setattr(watch, "datetime", clock)
    for sample, sum_ in (("empty", 0), ("no_factor_two", 21), ("transposed", 21)):
        watched.drop("goran.ipynb", work(sample))
        watched.look(tries=2)
        assert watched.marks == {"goran": sum_}
    assert "graded after midnight" in watched.page("goran")
    submitted = classes.submitted(watched.folder, "goran")
    assert submitted.read_bytes() == work("transposed"), "it counts, though nobody is told"
    assert watched.look(tries=2) == ""
    now = datetime(2026, 5, 5, 0, 1, tzinfo=UTC)
    assert "goran: 25 of 30, try 1 of 2 today." in watched.look(tries=2)
    assert watched.look(tries=2) == ""


@pytest.mark.thorough  # several runs
def test_the_same_work_again_is_no_new_try_but_going_back_is(watched):
    samples = ("no_factor_two", "no_factor_two", "transposed", "no_factor_two")
    for sample, marks, number in zip(samples, (21, 21, 25, 21), (1, None, 2, 3), strict=True):
        watched.drop("goran.ipynb", work(sample))
        said = watched.look(tries=9)
        assert said.startswith(f"goran: {marks} of 30, try {number} of 9 today.") if number else said == ""
        assert watched.marks == {"goran": marks}


def test_an_archive_is_read_as_collect_reads_it(watched):
    helped = {"work/my work.ipynb": work("no_factor_two"), "work/helper.py": b"x = 1"}
    watched.drop("goran/hand-in.zip", zipped(helped))
    hostile = {"a.ipynb": work("transposed"), "../up.py": b"", "in.zip": b"none", "more.7z": b"7z"}
    watched.drop("hana.ZIP", zipped(hostile))
    watched.drop("ivan/photo.heic", b"heic")
    watched.drop("kaya.zip", b"PK, but no archive")
    watched.drop("liam.rar", b"Rar!")
    for name in ("ivan/photo.heic", "ivan", "kaya.zip"):
        os.utime(watched.inbound / name, (0, 0))  # nobody is copying them any more
    (watched.inbound / "goran" / "link.py").symlink_to("/etc/passwd")
    said = watched.look()
    assert watched.marks == {"goran": 21, "hana": 25}
    names = {path.name for path in watched.submitted("goran").iterdir()}
    assert {f"{NETWORK}.ipynb", "helper.py", "timestamp.txt"} <= names
    for line in (
        f"  hand-in/work/my work.ipynb was renamed to {NETWORK}.ipynb.",
        "  link.py was left out: it is a link or not an ordinary file",
        "  hana.ZIP: ../up.py was left out: its name leads out of the archive.",
        "  hana/in.zip was left out: it is called like a zip file, but is none that can be read.",
        "  hana/more.7z was left out: it is not unpacked: of archives only zip files are",
        "ivan: not graded: there is no notebook, but photo.heic.",
        "kaya: not graded: there is no notebook, but kaya.zip.",
        "liam.rar is left alone: it is an archive of a kind that is not unpacked here; STUDENT.zip is.",
    ):
        assert line in said
    assert not list(watched.folder.parent.rglob("up.py"))
    assert "its name leads out of the archive" in watched.page("hana")
    assert "there is no notebook, but photo.heic" in watched.page("ivan")
    watched.drop("goran/hand-in.zip", zipped(helped, day=5))
    assert "goran" not in watched.look(), "the same files, packed again, are no try"


@pytest.mark.parametrize("name", ["ivan.ipynb", "ivan.zip"])
def test_what_is_still_being_copied_is_waited_for_and_nobody_waits_with_it(watched, name):
    whole = work("transposed")
    if name == "ivan.zip":
        whole = zipped({"a.ipynb": whole})
    watched.drop(name, whole[: len(whole) // 2])
    watched.drop("amara.ipynb", work("matrix_products"))
    assert "ivan" not in watched.look()
    assert watched.marks == {"amara": 30}
    watched.drop(name, whole)
    assert "ivan: 25 of 30, try 1 of 3 today." in watched.look()


def test_what_changes_between_two_looks_is_not_whole(tmp_path):
    (tmp_path / "ivan.ipynb").write_bytes(b"{}")
    result = arrivals.Arrivals(tmp_path, NETWORK)
    assert not result.whole(), "seen for the first time"
    assert not result.whole(), "unchanged for a moment only"


def test_what_is_exchanged_while_it_is_read_is_not_taken(tmp_path, monkeypatch):
    """A folder that is a link for a moment would lead to somebody else's files."""
    (tmp_path / "ivan").mkdir()
    (tmp_path / "ivan" / "a.ipynb").write_bytes(b"{}")
    real = arrivals.read_files

    def meanwhile(folder, names):
        (tmp_path / "ivan").rename(tmp_path / "elsewhere")
        result = real(tmp_path / "elsewhere", names)
        (tmp_path / "elsewhere").rename(tmp_path / "ivan")
        return result

    monkeypatch.setattr(arrivals, "read_files", meanwhile)
    with pytest.raises(arrivals.StillChanging):
        arrivals.read(arrivals.Arrival("ivan", tmp_path / "ivan", None))


def test_a_submission_in_the_exchange_is_graded_and_told_where_nbgrader_fetches(watched):
    watched.trust_all()
    watched.submit("goran", "empty", "2026-05-04 09:00:00.000000 UTC", "0ld")
    watched.submit("goran", "no_factor_two", "2026-05-04 10:00:00.000000 UTC")
    hanas = watched.submit("hana", "empty", "2026-05-04 10:00:00 UTC")
    shutil.copytree(hanas, watched.inbound / "ivan+other+2026-05-04 10:00:00 UTC")
    assert "goran: 21 of 30, try 1 of 3 today." in watched.look()
    assert watched.marks == {"goran": 21, "hana": 0}, "the newest counts, and no other assignment's"
    page = watched.folder.parent / "feedback" / f"{notebook_hash(secret=SECRET, notebook_id=NETWORK)}.html"
    assert "/ 20" in page.read_text()
    assert not (watched.folder / "outbound").exists()
    place = watched.submitted("goran")
    assert (place / "timestamp.txt").read_text() == "2026-05-04 10:00:00.000000 UTC"
    assert (place / "submission_secret.txt").read_text() == SECRET
    assert watched.look() == ""


def test_a_submission_without_its_secret_is_still_being_written(watched):
    watched.trust_all()
    place = watched.submit("goran", "empty", "2026-05-04 09:00:00.000000 UTC", "")
    assert watched.look() == ""
    (place / "submission_secret.txt").write_text(SECRET)
    assert "goran: 0 of 30" in watched.look()


def test_somebody_else_s_name_on_a_submission_takes_nobody_s_try(watched):
    watched.submit("goran", "empty", "2026-05-04 09:00:00.000000 UTC")
    assert "is left alone: it is owned by" in watched.look()
    assert not watched.submitted("goran").parent.exists()
    watched.trust_all()
    assert "goran: 0 of 30, try 1 of 3 today." in watched.look()


def test_what_is_newer_or_undated_in_submitted_stays(watched):
    place = watched.submitted("ivan")
    place.mkdir(parents=True)
    (place / f"{NETWORK}.ipynb").write_bytes(work("empty"))
    watched.drop("ivan.ipynb", work("transposed"))
    assert "nothing says when" in watched.look()
    (place / "timestamp.txt").write_text("2999-01-01 00:00:00 UTC")
    watched.drop("ivan.ipynb", work("no_factor_two"))
    assert "is newer" in watched.look()
    assert (place / f"{NETWORK}.ipynb").read_bytes() == work("empty")


@pytest.mark.thorough  # several runs
@pytest.mark.parametrize(
    ("owner", "step"), [(AssignmentRun, "grade_submissions"), (arrival_notice, "put_beside")]
)
def test_an_interrupted_run_goes_on_and_the_try_counts_once(watched, monkeypatch, owner, step):
    watched.drop("goran.ipynb", work("no_factor_two"))

    def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, interrupted)
        with pytest.raises(KeyboardInterrupt):
            watched.look()
    log = watched.folder / "autograder-logs" / f"{NETWORK}.attempts.jsonl"
    with log.open("ab") as file:
        file.write(b'{"student": "gor')  # killed while it wrote
    assert "goran: 21 of 30, try 1 of 3 today." in watched.look()
    assert "15 / 20" in watched.page("goran")
    _, *lines = log.read_text().splitlines()
    states = [json.loads(line)["state"] for line in lines if line.endswith("}")]
    assert states == ["taken", "graded"]


def test_another_command_at_work_is_waited_for(watched):
    watched.drop("goran.ipynb", work("no_factor_two"))
    with locked(watched.folder), pytest.raises(CourseBusy):
        watched.look()
    assert "goran: 21 of 30, try 1 of 3 today." in watched.look()


def test_a_page_that_cannot_be_written_stops_nobody(watched):
    (watched.folder / "outbound").mkdir()
    (watched.folder / "outbound" / "amara").write_text("a file in the place of a folder")
    watched.drop("amara.ipynb", work("matrix_products"))
    watched.drop("goran.ipynb", work("no_factor_two"))
    assert "amara: The notice could not be written" in watched.look()
    assert "15 / 20" in watched.page("goran")
    assert watched.marks == {"amara": 30, "goran": 21}


def test_the_command_says_what_is_wrong(watched, autograder):
    def look(*arguments, status):
        done = autograder("watch", *arguments, "--once", cwd=watched.folder)
        assert done.returncode == status, done.said
        return done

    assert "There is no folder" in look(NETWORK, "--inbound", watched.folder / "none", status=1).stderr
    look(NETWORK, "--tries", "0", status=2)
    unknown = look("01-misspelt", "--inbound", watched.inbound, status=1)
    assert "Stopped: The gradebook knows no assignment 01-misspelt." in unknown.stderr
    watched.drop("amara.ipynb", work("matrix_products"))
    graded = look(NETWORK, "--inbound", watched.inbound, status=0)
    assert "amara: 30 of 30, try 1 of 3 today." in graded.stdout
