"""Hidden data are drawn once a course and found again by their owner, while the same code draws them."""

import stat
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from autograder import assignments
from autograder.exercise import Instance
from autograder.marking import hidden_data

EXERCISES = [exercise for assignment in assignments.load_all() for exercise in assignment.exercises]
(BY_HAND, *_) = EXERCISES
SEED = 11
ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(hidden_data, "_FOLDERS", {})
    monkeypatch.setattr(hidden_data, "WORTH_KEEPING", 0.0)
    yield
    hidden_data.drawn.cache_clear()


@pytest.fixture
def course(tmp_path):
    """A course's folder, in which this process keeps what it draws."""
    hidden_data.keep(tmp_path)
    return tmp_path


@pytest.fixture
def counted(monkeypatch):
    """An exercise, and the seeds that its instances are drawn from."""
    seeds = []

    def instances(seed):
        seeds.append(seed)
        return BY_HAND.instances(seed)

    instances.__wrapped__ = BY_HAND.instances
    return replace(BY_HAND, instances=instances), seeds


def drawn(exercise, seed=SEED):
    """Instances and truths, as a process has them that remembers nothing."""
    hidden_data.drawn.cache_clear()
    return hidden_data.drawn(exercise, seed)


def numbers(drawn):
    instances, truths = drawn
    return repr([(one.inputs, one.description, one.public) for one in instances]), repr(truths)


def files(course):
    return [path for path in (course / hidden_data.FOLDER).iterdir() if path.is_file()]


def with_one(instance, truth):
    """An exercise with one instance, and this as the truth of each of its parts."""
    truths = {part.name: truth for part in BY_HAND.parts}
    return replace(BY_HAND, instances=lambda _: [instance], reference=lambda _: truths)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.title)
def test_what_is_found_again_is_what_was_drawn_to_the_last_bit(exercise, tmp_path):
    fresh = drawn(exercise)
    hidden_data.keep(tmp_path)
    drawn(exercise)
    again = drawn(exercise)
    with np.printoptions(floatmode="unique", threshold=100_000):
        assert numbers(again) == numbers(fresh)
    for one, other in zip(again[0], fresh[0], strict=True):
        assert [type(value) for value in one.inputs.values()] == [type(v) for v in other.inputs.values()]


def test_a_second_process_draws_nothing_anew(course, counted):
    exercise, seeds = counted
    for seed in (SEED, SEED, SEED, SEED + 1):
        drawn(exercise, seed)
    assert seeds == [SEED, SEED + 1]


def test_only_the_owner_can_read_a_file_whose_name_says_neither_exercise_nor_seed(course):
    drawn(BY_HAND)
    (path,) = files(course)
    assert stat.S_IMODE((course / hidden_data.FOLDER).stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert BY_HAND.name not in path.name


@pytest.mark.parametrize(
    "damage", [lambda _: b"", lambda _: b"no frame", lambda d: d[:-8], lambda d: d + b"0", lambda d: d[8:]]
)
def test_a_damaged_file_is_drawn_anew_and_replaced(course, damage):
    whole = numbers(drawn(BY_HAND))
    (path,) = files(course)
    data = path.read_bytes()
    path.write_bytes(damage(data))
    assert numbers(drawn(BY_HAND)) == whole
    assert path.read_bytes() == data


def test_what_other_code_drew_is_not_used(course, counted, monkeypatch):
    exercise, seeds = counted
    drawn(exercise)
    monkeypatch.setattr(hidden_data, "_code", lambda folder: "another version")
    drawn(exercise)
    assert seeds == [SEED, SEED]
    assert len(files(course)) == 2


def test_looking_writes_nothing(tmp_path):
    hidden_data.look_in(tmp_path)
    drawn(BY_HAND)
    assert list(tmp_path.iterdir()) == []


def test_looking_finds_what_a_class_has_drawn(course, counted, monkeypatch):
    exercise, seeds = counted
    drawn(exercise)
    monkeypatch.setattr(hidden_data, "_FOLDERS", {})
    hidden_data.look_in(course)
    drawn(exercise)
    assert seeds == [SEED]


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / hidden_data.FOLDER).write_text("a file")
    hidden_data.keep(tmp_path)
    assert drawn(BY_HAND)[0]


def test_a_disk_that_is_full_leaves_no_piece_of_a_file(course, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hidden_data.Path, "replace", full)
    assert drawn(BY_HAND)[0]
    assert files(course) == []


def test_numbers_that_a_file_would_change_are_kept_in_memory_alone(course):
    labels = np.array([SEED, 2], dtype=np.int32)
    (result,), _ = drawn(with_one(Instance({"labels": labels}, "whole numbers"), np.ones(1)))
    assert result.inputs["labels"].dtype == np.int32
    assert files(course) == []


def test_what_is_drawn_faster_than_read_is_not_kept(course, monkeypatch):
    monkeypatch.setattr(hidden_data, "WORTH_KEEPING", 3600.0)
    drawn(BY_HAND)
    assert files(course) == []


def test_whole_numbers_masks_tuples_and_sizes_come_back_from_a_file(course):
    arrays = {"t": np.array([1, 2**60]), "m": np.array([[True, False]])}
    given = {**arrays, "shape": (2, (3, 4)), "ops": [("add",)]}
    exercise = with_one(Instance(given, "whole numbers", sizes={"N": 2}), np.array([2, 3]))
    drawn(exercise)
    assert len(files(course)) == 1
    (result,), (truth,) = drawn(exercise)
    assert result.inputs is not given
    for name, array in arrays.items():
        np.testing.assert_array_equal(result.inputs[name], array, strict=True)
    assert (result.inputs["shape"], result.inputs["ops"]) == ((2, (3, 4)), [("add",)])
    assert result.sizes == {"N": 2}
    assert {array.dtype for array in truth.values()} == {np.dtype(np.int64)}


def test_whole_numbers_that_doubles_do_not_tell_apart_are_no_truth():
    with pytest.raises(ValueError, match="2\\*\\*53"):
        drawn(with_one(Instance({}, "x"), np.array([2**53])))


@pytest.mark.parametrize("pattern", hidden_data.OURS)
def test_every_file_that_draws_is_there_under_the_name_by_which_it_is_known(pattern):
    """Or what was drawn would outlive a change to it."""
    assert list((ROOT / "autograder").glob(pattern))
