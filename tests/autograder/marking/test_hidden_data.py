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
    hidden_data.drawn.cache_clear()
    yield
    hidden_data.drawn.cache_clear()


def counted(monkeypatch, exercise):
    """The seeds that instances are drawn from."""
    seeds = []
    draw = exercise.instances

    def instances(seed):
        seeds.append(seed)
        return draw(seed)

    instances.__wrapped__ = draw
    return replace(exercise, instances=instances), seeds


def numbers(drawn):
    instances, truths = drawn
    return repr([(one.inputs, one.description, one.public) for one in instances]), repr(truths)


def files(course):
    return [path for path in (course / hidden_data.FOLDER).iterdir() if path.is_file()]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.title)
def test_what_is_found_again_is_what_was_drawn_to_the_last_bit(exercise, tmp_path):
    fresh = hidden_data.drawn(exercise, SEED)
    hidden_data.drawn.cache_clear()
    hidden_data.keep(tmp_path)
    hidden_data.drawn(exercise, SEED)
    hidden_data.drawn.cache_clear()
    again = hidden_data.drawn(exercise, SEED)
    with np.printoptions(floatmode="unique", threshold=100_000):
        assert numbers(again) == numbers(fresh)
    for one, other in zip(again[0], fresh[0], strict=True):
        assert [type(value) for value in one.inputs.values()] == [type(v) for v in other.inputs.values()]


def test_a_second_process_draws_nothing_anew(tmp_path, monkeypatch):
    exercise, seeds = counted(monkeypatch, BY_HAND)
    hidden_data.keep(tmp_path)
    for _ in range(3):
        hidden_data.drawn(exercise, SEED)
        hidden_data.drawn.cache_clear()
    assert seeds == [SEED]
    hidden_data.drawn(exercise, SEED + 1)
    assert seeds == [SEED, SEED + 1]


def test_only_the_owner_can_read_them(tmp_path):
    hidden_data.keep(tmp_path)
    hidden_data.drawn(BY_HAND, SEED)
    assert stat.S_IMODE((tmp_path / hidden_data.FOLDER).stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)] == [0o600]


def test_a_file_says_by_its_name_neither_exercise_nor_seed(tmp_path):
    hidden_data.keep(tmp_path)
    hidden_data.drawn(BY_HAND, SEED)
    (path,) = files(tmp_path)
    assert BY_HAND.name not in path.name


@pytest.mark.parametrize(
    "damage", [b"", b"no frame", lambda data: data[:-8], lambda data: data + b"0", lambda data: data[8:]]
)
def test_a_damaged_file_is_drawn_anew_and_replaced(tmp_path, damage):
    hidden_data.keep(tmp_path)
    whole = numbers(hidden_data.drawn(BY_HAND, SEED))
    (path,) = files(tmp_path)
    data = path.read_bytes()
    path.write_bytes(damage(data) if callable(damage) else damage)
    hidden_data.drawn.cache_clear()
    assert numbers(hidden_data.drawn(BY_HAND, SEED)) == whole
    assert path.read_bytes() == data


def test_what_other_code_drew_is_not_used(tmp_path, monkeypatch):
    exercise, seeds = counted(monkeypatch, BY_HAND)
    hidden_data.keep(tmp_path)
    hidden_data.drawn(exercise, SEED)
    hidden_data.drawn.cache_clear()
    monkeypatch.setattr(hidden_data, "_code", lambda folder: "another version")
    hidden_data.drawn(exercise, SEED)
    assert seeds == [SEED, SEED]
    assert len(files(tmp_path)) == 2


def test_looking_writes_nothing(tmp_path):
    hidden_data.look_in(tmp_path)
    hidden_data.drawn(BY_HAND, SEED)
    assert list(tmp_path.iterdir()) == []


def test_looking_finds_what_a_class_has_drawn(tmp_path, monkeypatch):
    exercise, seeds = counted(monkeypatch, BY_HAND)
    hidden_data.keep(tmp_path)
    hidden_data.drawn(exercise, SEED)
    hidden_data.drawn.cache_clear()
    monkeypatch.setattr(hidden_data, "_FOLDERS", {})
    hidden_data.look_in(tmp_path)
    hidden_data.drawn(exercise, SEED)
    assert seeds == [SEED]


def test_a_folder_that_cannot_be_written_stops_nobody(tmp_path):
    (tmp_path / hidden_data.FOLDER).write_text("a file")
    hidden_data.keep(tmp_path)
    assert hidden_data.drawn(BY_HAND, SEED)[0]


def test_a_disk_that_is_full_leaves_no_piece_of_a_file(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    hidden_data.keep(tmp_path)
    monkeypatch.setattr(hidden_data.Path, "replace", full)
    assert hidden_data.drawn(BY_HAND, SEED)[0]
    assert files(tmp_path) == []


def test_numbers_that_a_file_would_change_are_kept_in_memory_alone(tmp_path):
    def instances(seed):
        return [Instance({"labels": np.array([seed, 2], dtype=np.int32)}, "whole numbers")]

    exercise = replace(
        BY_HAND, instances=instances, reference=lambda _: {p.name: np.ones(1) for p in BY_HAND.parts}
    )
    hidden_data.keep(tmp_path)
    result, _ = hidden_data.drawn(exercise, SEED)
    assert result[0].inputs["labels"].dtype == np.int32
    assert files(tmp_path) == []


def whole(instances):
    return replace(
        BY_HAND,
        instances=lambda _: instances,
        reference=lambda _: {p.name: np.array([2, 3]) for p in BY_HAND.parts},
    )


def test_what_is_drawn_faster_than_read_is_not_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(hidden_data, "WORTH_KEEPING", 3600.0)
    hidden_data.keep(tmp_path)
    hidden_data.drawn(BY_HAND, SEED)
    assert files(tmp_path) == []


def test_whole_numbers_masks_tuples_and_sizes_come_back_from_a_file(tmp_path):
    given = {
        "t": np.array([1, 2**60]),
        "m": np.array([[True, False]]),
        "shape": (2, (3, 4)),
        "ops": [("add",)],
    }
    exercise = whole([Instance(given, "whole numbers", sizes={"N": 2})])
    hidden_data.keep(tmp_path)
    hidden_data.drawn(exercise, SEED)
    assert len(files(tmp_path)) == 1
    hidden_data.drawn.cache_clear()
    ((result,), (truth,)) = hidden_data.drawn(exercise, SEED)
    assert result.inputs is not given
    for name in ("t", "m"):
        np.testing.assert_array_equal(result.inputs[name], given[name], strict=True)
    assert (result.inputs["shape"], result.inputs["ops"]) == ((2, (3, 4)), [("add",)])
    assert result.sizes == {"N": 2}
    assert {array.dtype for array in truth.values()} == {np.dtype(np.int64)}


def test_whole_numbers_that_doubles_do_not_tell_apart_are_no_truth():
    exercise = replace(
        whole([Instance({}, "x")]), reference=lambda _: {p.name: np.array([2**53]) for p in BY_HAND.parts}
    )
    with pytest.raises(ValueError, match="2\\*\\*53"):
        hidden_data.drawn(exercise, SEED)


@pytest.mark.parametrize("pattern", hidden_data.OURS)
def test_every_file_that_draws_is_there_under_the_name_by_which_it_is_known(pattern):
    """Or what was drawn would outlive a change to it."""
    assert list((ROOT / "autograder").glob(pattern))
