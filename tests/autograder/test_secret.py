"""Seeds: the same at every regrading, different for each student, from a secret that stays in the course."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograder import secret

ASSIGNMENT = "01-error-backpropagation"


@pytest.fixture
def course(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text("")
    for student in ("amara", "bruno"):
        for room in ("submitted", "autograded"):
            (tmp_path / room / student / ASSIGNMENT).mkdir(parents=True)
    return tmp_path


def _seed(course, room, student, assignment=ASSIGNMENT, make=True, exercise="exercise1"):
    return secret.seeds(course / room / student / ASSIGNMENT, assignment, make=make)(exercise)


def test_regrading_draws_the_same_instances_in_every_room_of_the_course(course):
    assert _seed(course, "autograded", "amara") == _seed(course, "autograded", "amara")
    assert _seed(course, "autograded", "amara") == _seed(course, "submitted", "amara")


def test_assignments_and_exercises_have_seeds_of_their_own(course):
    seeds = {
        _seed(course, "submitted", student, assignment, exercise=exercise)
        for student in ("amara", "bruno")
        for assignment in ("01-error-backpropagation", "02-gradient-descent")
        for exercise in ("exercise1", "exercise2")
    }
    assert len(seeds) >= 4
    by_exercise = [
        {_seed(course, "submitted", "amara", exercise=exercise)} for exercise in ("exercise1", "exercise2")
    ]
    assert not by_exercise[0] & by_exercise[1]


def test_a_class_is_dealt_a_number_of_variants_and_no_name_tells_which():
    students = [f"student{n}" for n in range(1000)]
    dealt = [secret.of_student(b"a secret", student, ASSIGNMENT, "exercise1") for student in students]
    assert len(set(dealt)) == secret.VARIANTS
    assert max(dealt.count(seed) for seed in set(dealt)) < 2.5 * len(students) / secret.VARIANTS
    other = [secret.of_student(b"another", student, ASSIGNMENT, "exercise1") for student in students]
    assert not set(dealt) & set(other)
    # who shares a variant in one exercise does not in the next
    second = [secret.of_student(b"a secret", student, ASSIGNMENT, "exercise2") for student in students]
    together = [n for n in range(1000) if dealt[n] == dealt[0]]
    assert len({second[n] for n in together}) > 1


def test_a_seed_is_what_a_student_gets_anywhere_who_knows_the_courses_secret(course):
    seed = _seed(course, "submitted", "amara")
    key = secret.of_course(course, make=False)
    assert secret.of_student(key, "amara", ASSIGNMENT, "exercise1") == seed


def test_another_course_has_another_secret(course, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "nbgrader_config.py").write_text("")
    (other / "submitted/amara" / ASSIGNMENT).mkdir(parents=True)
    assert _seed(course, "submitted", "amara") != _seed(other, "submitted", "amara")


def test_the_secret_is_readable_by_the_instructor_alone(course):
    _seed(course, "submitted", "amara")
    mode = (course / secret.FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert len((course / secret.FILE).read_bytes()) == 32


def test_looking_only_makes_no_secret(course):
    _seed(course, "submitted", "amara", make=False)
    assert not (course / secret.FILE).exists()


def test_outside_a_course_everybody_has_the_same_instances(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    seeds = {secret.seeds(tmp_path / name, ASSIGNMENT, make=True)("exercise1") for name in "ab"}
    assert len(seeds) == 1
    assert not list(tmp_path.rglob(secret.FILE))


def test_many_graders_at_once_agree_on_one_secret(course):
    with ThreadPoolExecutor(8) as pool:
        seeds = set(pool.map(lambda _: _seed(course, "submitted", "amara"), range(32)))
    assert len(seeds) == 1
    assert [path.name for path in course.iterdir() if path.name.startswith(secret.FILE)] == [secret.FILE]
