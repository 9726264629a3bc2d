"""Seeds: the same at every regrading, others for another student or other code, from the course's secret."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from autograder.grading import secret
from autograder.nbgrader_names import CONFIG

ASSIGNMENT = "01-error-backpropagation"
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
CONTENT = secret.fingerprint(["1 + 1"], {})
KEY = b"the secret of somebody's course."


def named(folder, config="", key=KEY):
    """A folder with a course's configuration and a secret."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG).write_text(config)
    (folder / secret.FILE).write_bytes(key)


def built(folder, config=""):
    """A course folder with a secret, in which two have handed in."""
    named(folder, config)
    for student in ("amara", "bruno"):
        for room in ("submitted", "autograded"):
            (folder / room / student / ASSIGNMENT).mkdir(parents=True)
    return folder


@pytest.fixture
def course(tmp_path):
    return built(tmp_path / "course")


def notebook(course, student="amara", room="submitted"):
    return course / room / student / ASSIGNMENT / NOTEBOOK


def seed(path, keys=None, exercise="exercise1", content=CONTENT):
    return (keys or secret.Keys.of()).seeds(path, ASSIGNMENT).of(exercise, content)


def dealt(student="amara", content=CONTENT, key=KEY, exercise="exercise1", assignment=ASSIGNMENT):
    return secret.Seeds(key, student, assignment).of(exercise, content)


# Variants


def test_regrading_draws_what_the_courses_secret_gives_a_student_in_every_room_of_it(course):
    assert secret.course_secret(course, make=False) == KEY
    assert seed(notebook(course)) == seed(notebook(course, room="autograded")) == dealt(key=KEY)


def test_assignments_and_exercises_have_seeds_of_their_own():
    seeds = {dealt(assignment=a, exercise=e) for a in (ASSIGNMENT, "02") for e in ("exercise1", "exercise2")}
    assert len(seeds) == 4


def test_a_class_is_dealt_hundreds_of_variants_and_no_name_tells_which():
    students = [f"student{n}" for n in range(5000)]
    result = [dealt(student) for student in students]
    assert len(set(result)) == secret.VARIANTS >= 256
    assert max(result.count(one) for one in set(result)) < 2.5 * len(students) / secret.VARIANTS
    assert not set(result) & {dealt(student, key=b"the secret of another course ...") for student in students}
    # who shares a variant in one exercise does not in the next
    together = [student for student in students if dealt(student) == result[0]]
    assert len({dealt(student, exercise="exercise2") for student in together}) > 1


def test_a_student_who_hands_in_other_code_meets_other_instances():
    handed_in = {dealt(content=secret.fingerprint([f"a = {n}"], {})) for n in range(200)}
    assert len(handed_in) > 100


# Content


def test_other_code_or_other_files_are_other_content():
    """So are the same pieces in another order, in one cell, or as a file's name, and halves of characters."""
    codes = (["a = 1"], ["a = 2"], [" a = 1"], ["a = 1", "b = 1"], ["a = 1b = 1"], ["'\ud800'"], ["'\ud801'"])
    pieces = [(code, {}) for code in (*codes, ["a", "b"], ["ab"], ["b", "a"])]
    pieces += [(["a = 1"], files) for files in ({"table.npy": b""}, {"table.npy": b"1"}, {"table.npz": b""})]
    pieces += [(["a"], {"b": b""}), ([], {"a": b"b"}), ([], {"a = 1": b""}), (["a", "b", ""], {"": b""})]
    assert len({secret.fingerprint(*piece) for piece in pieces}) == len(pieces)


def test_empty_cells_and_blanks_at_the_end_are_no_content():
    assert secret.fingerprint(["", "a = 1\n", "  \n"], {}) == secret.fingerprint(["a = 1"], {})


# The course


@pytest.mark.parametrize(
    ("within", "path", "student"),
    [
        (".", f"submitted/amara/{ASSIGNMENT}/{NOTEBOOK}", "amara"),
        (f"submitted/amara/{ASSIGNMENT}", NOTEBOOK, "amara"),
        (f"submitted/amara/{ASSIGNMENT}", f"../../bruno/{ASSIGNMENT}/{NOTEBOOK}", "bruno"),
        (".", f"submitted/amara/{ASSIGNMENT}/mine/{NOTEBOOK}", "amara"),
    ],
)
def test_a_course_is_found_from_a_relative_path_and_from_within(course, monkeypatch, within, path, student):
    monkeypatch.chdir(course / within)
    assert secret.place(Path(path)) == secret.Place(course, student)
    assert secret.place(Path(path).absolute()) == secret.Place(course, student)


@pytest.mark.parametrize("setting", ['"rooms/in"', "'rooms/in'", 'r"rooms/in"', '"submitted/in"'])
def test_folders_that_the_configuration_names_are_known(tmp_path, setting):
    config = f"c = get_config()\nc.CourseDirectory.submitted_directory = {setting}\n"
    course = built(tmp_path / "course", config)
    for room in (setting.removeprefix("r").strip("\"'"), "autograded"):
        assert secret.place(notebook(course, room=room)) == secret.Place(course, "amara")


@pytest.mark.parametrize(
    "folder",
    [
        *(f"{room}/amara/{ASSIGNMENT}" for room in ("release", "source", "downloads", "feedback")),
        *(".", "submitted", "submitted/amara"),
    ],
)
def test_what_lies_elsewhere_in_a_course_is_no_submission(course, folder):
    assert secret.place(course / folder / NOTEBOOK) is None


def brought_along(folder):
    """A configuration and a secret, as a student might put them beside what is handed in."""
    named(folder, key=b"a secret that the student knows.")


@pytest.mark.parametrize(
    ("depth", "below"),
    [(0, "."), (1, "."), (2, "."), pytest.param(0, f"submitted/amara/{ASSIGNMENT}", id="a whole course")],
)
def test_a_course_that_a_submission_brings_along_is_none(course, depth, below):
    handed_in = notebook(course)
    brought_along(handed_in.parents[depth])
    path = handed_in.parent / below / NOTEBOOK
    path.parent.mkdir(parents=True, exist_ok=True)
    assert secret.place(path) == secret.Place(course, "amara")
    assert seed(path) == dealt()


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_outside_a_course_what_lies_beside_a_notebook_makes_none(tmp_path, depth):
    path = tmp_path / "downloads" / "amara" / ASSIGNMENT / NOTEBOOK
    brought_along(path.parents[depth])
    path.parent.mkdir(parents=True, exist_ok=True)
    assert secret.place(path) is None


def test_a_link_lies_where_it_is_and_not_where_it_leads(course, tmp_path):
    own = built(tmp_path / "students_own")
    notebook(own).write_text("{}")
    notebook(course).symlink_to(notebook(own))
    assert secret.place(notebook(course)) == secret.Place(course, "amara")
    folder = course / "submitted" / "carla"
    folder.symlink_to(own / "submitted" / "amara")
    assert secret.place(notebook(course, "carla")) == secret.Place(course, "carla")
    elsewhere = tmp_path / NOTEBOOK
    elsewhere.symlink_to(notebook(course))
    assert secret.place(elsewhere) is None


def test_a_configuration_that_is_no_text_or_a_folder_is_read_as_far_as_it_goes(tmp_path):
    course = built(tmp_path / "course")
    (course / CONFIG).write_bytes(b"\xff\xfe\0")
    assert secret.place(notebook(course)) == secret.Place(course, "amara")
    (course / CONFIG).unlink()
    (course / CONFIG).mkdir()
    assert secret.place(notebook(course)) is None


# Without a course, and without a secret


def test_outside_a_course_each_run_draws_its_own_and_a_seed_repeats_it(tmp_path):
    path = tmp_path / NOTEBOOK
    first = secret.Keys.of()
    assert len({seed(path) for _ in range(20)}) > 10
    assert seed(path, first) == seed(path, first)
    note = first.note([path])
    assert seed(path, secret.Keys.of(note.split()[-1])) == seed(path, first)
    assert "autograder check --seed" in note
    assert path.name in note


def test_a_key_that_anybody_can_compute_is_never_drawn(tmp_path):
    guesses = {dealt(student, key=key) for key in (b"", b"\0" * 16) for student in ("", "amara")}
    assert sum(seed(tmp_path / NOTEBOOK) in guesses for _ in range(100)) < 20


def test_a_course_without_a_secret_draws_one_for_the_run_and_keeps_none(course):
    (course / secret.FILE).unlink()
    keys = secret.Keys.of()
    assert seed(notebook(course), keys) == dealt("", key=keys.drawn)
    assert "--seed" in keys.note([notebook(course)])
    assert not (course / secret.FILE).exists()


def test_where_the_courses_secret_holds_there_is_nothing_to_repeat(course, monkeypatch):
    monkeypatch.chdir(course)
    assert secret.Keys.of().note([notebook(course)]) == ""
    assert secret.Keys.of().note([]) == ""


def test_a_course_that_nobody_named_is_reported(course, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert str(course) in secret.Keys.of().note([notebook(course)])
    assert secret.Keys.of(course=course).note([notebook(course)]) == ""


def test_a_seed_that_was_asked_for_holds_in_a_course_too(course):
    keys = secret.Keys.of("00ff" * 8)
    assert seed(notebook(course), keys) == dealt("", key=bytes.fromhex("00ff" * 8))
    assert keys.note([notebook(course)]) == ""


def test_a_course_can_be_named_for_a_notebook_that_lies_elsewhere(course, tmp_path):
    keys = secret.Keys.of(course=course)
    assert seed(tmp_path / NOTEBOOK, keys) == dealt("")
    assert seed(notebook(course), keys) == dealt("amara")


@pytest.mark.parametrize("given", ["", "x", "0", "zz", "12 3g"])
def test_what_is_no_seed_is_refused(given):
    with pytest.raises(ValueError, match="is not a seed"):
        secret.Keys.of(given)


def test_a_folder_that_is_no_course_is_refused(tmp_path):
    with pytest.raises(ValueError, match="not a course folder"):
        secret.Keys.of(course=tmp_path)


# The file


def test_the_secret_is_readable_by_the_instructor_alone(course):
    (course / secret.FILE).unlink()
    assert len(secret.course_secret(course, make=True)) == 32
    assert stat.S_IMODE((course / secret.FILE).stat().st_mode) == 0o600


def test_looking_only_makes_no_secret(course):
    (course / secret.FILE).unlink()
    assert secret.course_secret(course, make=False) == b""
    assert not (course / secret.FILE).exists()


@pytest.mark.parametrize("content", [b"", b"short"])
@pytest.mark.parametrize("make", [True, False])
def test_a_secret_that_could_be_guessed_is_refused(course, content, make):
    (course / secret.FILE).write_bytes(content)
    with pytest.raises(secret.UnusableSecret, match=r"holds \d bytes"):
        secret.course_secret(course, make=make)


def test_a_secret_that_cannot_be_read_is_reported(course):
    (course / secret.FILE).unlink()
    (course / secret.FILE).mkdir()
    with pytest.raises(secret.UnusableSecret, match="Is a directory"):
        secret.course_secret(course, make=False)
    with pytest.raises(secret.UnusableSecret):
        secret.Keys.of().require([notebook(course)])


def test_many_graders_at_once_agree_on_one_secret(course):
    (course / secret.FILE).unlink()
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret.course_secret(course, make=True), range(32)))
    assert len(keys) == 1
    assert [path.name for path in course.glob(f"{secret.FILE}*")] == [secret.FILE]
