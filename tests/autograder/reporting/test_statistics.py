"""What a class got wrong, counted."""

import json
import statistics as standard

import pytest

from autograder.reporting import statistics
from autograder.reporting.anonymous import anonymous
from autograder.reporting.records import ClassRecord, StudentRecord
from tests.autograder.reporting.classes import DUE, EVIL, MASK, TWO, record, student


@pytest.fixture(scope="module")
def summed():
    """What is counted in a class, all of which is JSON."""
    result = statistics.of_class(record())
    assert json.loads(json.dumps(result)) == result
    return result


def test_everybody_is_counted_once(summed):
    assert (summed["students"], summed["graded"]) == (13, 12)
    steps = [each["students"] for each in summed["marks"]["histogram"]]
    assert [students for students in steps if students] == [2, 4, 6]
    assert (summed["marks"]["mean"], summed["marks"]["median"]) == pytest.approx((80 / 12, 7.5))


def test_parts_have_their_success_their_verdicts_and_their_correlation_with_all_else(summed):
    parts = {part["part"]: part for part in summed["parts"]}
    assert parts["DW4"]["success"] == pytest.approx(8 / 12)
    assert parts["DW4"]["verdicts"]["wrong"] == 4
    assert sum(parts["DW2"]["verdicts"].values()) == 12
    four, two = [5.0] * 6 + [0.0] * 2 + [5.0] * 2 + [0.0] * 2, [5.0] * 8 + [0.0] * 4
    expected = standard.correlation(four, two)
    assert [part["discrimination"] for part in parts.values()] == pytest.approx([expected] * 2)
    assert statistics.correlation([1.0] * 20, list(range(20))) is None
    assert statistics.correlation([1.0, 2.0], [1.0, 2.0]) is None


def test_mistakes_are_listed_by_how_many_make_them_and_pairs_with_what_chance_would_make(summed):
    assert [(row["mistake"], row["where"], row["students"], row["who"]) for row in summed["mistakes"]] == [
        (*TWO, 4, ["both", "both2", "two0", "two1"]),
        (*MASK, 4, ["both", "both2", "mask0", "mask1"]),
    ]
    (pair,) = summed["together"]
    assert (pair["students"], pair["expected"]) == (2, pytest.approx(16 / 12))


def test_lateness_is_by_time_or_by_what_the_server_says(summed):
    time = summed["time"]
    assert (time["late"], time["unknown"]) == (["both", "both2"], 1)
    assert time["days"][0] == {"day": "2026-05-09", "students": 2}
    assert sum(each["students"] for each in time["days"]) == 12


def test_old_days_are_one_column():
    students = [student("a", hours=-24 * 100), student("b"), student("c", hours=-24)]
    days = statistics.of_class(ClassRecord("x", 10.0, students, DUE))["time"]["days"]
    assert len(days) == statistics.DAYS + 1
    assert days[0]["day"].startswith("before")
    assert sum(each["students"] for each in days) == 3


def test_who_needs_a_person_is_listed_with_the_reason(summed):
    assert [(row["kind"], row["student"]) for row in summed["needs"]] == [("Not graded", EVIL)]
    assert summed["flags"] == [{"student": "both2", "exercise": "exercise1", "flag": "uses differences"}]


def test_a_mistake_is_unlearnt_or_made_again():
    students = [student("two0", TWO), student("two1"), student("new", TWO), student("both")]
    (row,) = statistics.over_time([record(), ClassRecord("02", 10.0, students)])
    assert row["mistake"] == TWO[0]
    (step,) = row["steps"]
    assert (step["made"], step["again"], step["no_longer"]) == (4, ["two0"], 2)
    assert (step["not_seen"], step["new"]) == (1, 1)
    assert statistics.over_time([record()]) == []


def test_a_class_of_nobody_is_no_error():
    for students in ([], [StudentRecord("a")]):
        summed = statistics.of_class(ClassRecord("x", 10.0, students))
        assert summed["mistakes"] == summed["parts"] == summed["marks"]["histogram"] == []


def test_names_are_left_out_and_numbers_stay():
    first, second = anonymous([record(), record("02")])
    text = json.dumps([statistics.of_class(first), statistics.of_class(second)])
    for name in ("both", "right0", "mask1", EVIL, "alert"):
        assert name not in text.replace("missing-relu-mask", "")
    assert statistics.of_class(first)["marks"] == statistics.of_class(record())["marks"]
    assert len({one.student for one in (*first.students, *second.students)}) == 13


def test_a_mistake_in_several_places_is_no_pair():
    twice = [student(f"s{n}", ("unrecognised", "DY"), ("unrecognised", "DZ2")) for n in range(3)]
    others = [student(f"o{n}") for n in range(3)]
    assert statistics.of_class(ClassRecord("x", 10.0, [*twice, *others], DUE))["together"] == []
