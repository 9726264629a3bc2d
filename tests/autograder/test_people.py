"""What people write: nobody is accused falsely, most is named, and an unknown mistake is paid for once."""

import pytest

from autograder import assignments
from tests import readme
from tests.autograder.marked_answers import marked, remembered
from tests.autograder.people import answers
from tests.autograder.people.answers import PEOPLE, TABLES
from tests.tables import first_every_day, first_of_each_every_day

SEEDS = (5, 1789)
EXERCISES = {
    (assignment.name[:2], exercise.name): remembered(exercise)
    for assignment in assignments.load_all()
    for exercise in assignment.exercises
}
FEWEST = 100  # in each assignment
NAMED = 0.9  # of them


@pytest.mark.parametrize("seed", first_every_day(SEEDS))
@pytest.mark.parametrize("key", first_of_each_every_day(TABLES, lambda key: key[0]), ids="-".join)
def test_what_people_write_is_reported_by_name_and_place_and_costs_what_it_should(key, seed):
    exercise, expected, results = EXERCISES[key], {}, {}
    for answer in TABLES[key]:
        result = marked(exercise, answer.function, seed)
        expected[answer.source] = answer.title, answer.told, pytest.approx(answer.score)
        names = {f"{fault.fault}@{fault.where}" for fault in result.faults}
        results[answer.source] = answer.title, names, result.score
        paid = sum(fault.cost for fault in result.faults)
        assert paid == pytest.approx(exercise.max_score - result.score), answer.title
        assert all(f.message.strip() and "  " not in f.message for f in result.faults), answer.title
    assert results == expected


@pytest.mark.parametrize("key", TABLES, ids="-".join)
def test_a_table_begins_with_what_is_right_and_is_sorted(key):
    table = TABLES[key]
    function = answers.defined(table.with_body(table.right))
    assert marked(EXERCISES[key], function, SEEDS[0]).score == EXERCISES[key].max_score
    told = [row[1] for row in table.rows]
    assert told == sorted(told)


@pytest.mark.parametrize("number", sorted({number for number, _ in TABLES}))
def test_most_of_what_people_write_has_a_name(number):
    own = [answer for answer in PEOPLE if answer.exercise[0] == number]
    assert len(own) >= FEWEST
    assert sum(not unnamed(answer) for answer in own) >= NAMED * len(own)


def test_the_table_in_the_readme_counts_them():
    rows = ["| as people write them | how many | fully named | place only |", "| --- | ---: | ---: | ---: |"]
    numbers = sorted({number for number, _ in TABLES})
    for title, chosen in (*((f"assignment {number}", {number}) for number in numbers), ("all", set(numbers))):
        own = [answer for answer in PEOPLE if answer.exercise[0] in chosen]
        places = sum(map(unnamed, own))
        rows.append(f"| {title} | {len(own)} | {len(own) - places} | {places} |")
    readme.compare("people", "\n".join(rows))


def unnamed(answer):
    return any(each.startswith("unrecognised@") for each in answer.told)
