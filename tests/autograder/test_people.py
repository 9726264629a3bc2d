"""What people write: nobody is accused falsely, most is named, and an unknown mistake is paid for once."""

import textwrap
from operator import itemgetter

import numpy as np
import pytest
import torch

from tests import readme
from tests.autograder.marked_answers import marked
from tests.autograder.mutants import (
    people,
    people_attention,
    people_by_call,
    people_by_descent,
    people_by_entry,
    people_by_forward_pass,
    people_by_habit,
    people_by_layer,
    people_by_other_data,
    people_by_probabilities,
    people_by_scores,
    people_found,
    people_found_descent,
    people_found_later,
    people_found_softmax,
    people_later,
    people_later_attention,
    people_later_descent,
    people_later_normalisation,
    people_later_softmax,
    people_normalisation,
    people_softmax,
)
from tests.autograder.mutants.people import BACKWARD
from tests.autograder.mutants.people_engine import PEOPLE as ENGINE
from tests.autograder.mutants.people_engine_more import MORE as MORE_OF_ENGINE
from tests.autograder.mutants.people_later_engine import LATER as LATER_OF_ENGINE
from tests.autograder.mutants.people_more import MORE
from tests.autograder.mutants.people_normalisation import NORMALISATIONS
from tests.autograder.mutants.people_softmax import CLASSIFIERS
from tests.autograder.mutants.people_torch import CURVES, FORWARD
from tests.autograder.test_diagnose import EXERCISES, SEEDS
from tests.tables import first_every_day, first_of_each_every_day

PEOPLE = [*BACKWARD, *FORWARD, *CURVES, *CLASSIFIERS, *NORMALISATIONS, *MORE, *people_attention.ATTENTION]
for found in (
    *(people_found, people_found_descent, people_found_softmax, people_found_later),
    *(people_later, people_later_descent, people_later_softmax, people_later_normalisation),
    *(people_later_attention, people_by_call, people_by_descent, people_by_entry),
    *(people_by_forward_pass, people_by_habit, people_by_layer, people_by_other_data),
    *(people_by_probabilities, people_by_scores),
):
    PEOPLE += found.FOUND
HEADS = people.HEADS | people_softmax.HEADS | people_normalisation.HEADS | people_attention.HEADS
FEWEST = 150
NAMED = 0.9  # of them


def function(answer):
    names = {"np": np, "numpy": np, "torch": torch}
    head = HEADS[answer.exercise]
    exec(f"{head}\n{textwrap.indent(answer.code, '    ')}", names)
    return names[head.partition("(")[0].removeprefix("def ")]


@pytest.mark.parametrize("seed", first_every_day(SEEDS))
@pytest.mark.parametrize("key", first_of_each_every_day(EXERCISES, itemgetter(0)), ids="-".join)
def test_what_people_write_is_reported_by_name_and_place_and_costs_what_it_should(key, seed):
    exercise, expected, results = EXERCISES[key], {}, {}
    for answer in (each for each in PEOPLE if each.exercise == key):
        result = marked(exercise, function(answer), seed)
        expected[answer.title, answer.code] = set(answer.told.split()), pytest.approx(answer.score)
        names = {f"{fault.fault}@{fault.where}" for fault in result.faults}
        results[answer.title, answer.code] = names, result.score
        paid = sum(fault.cost for fault in result.faults)
        assert paid == pytest.approx(exercise.max_score - result.score), answer.title
        assert all(f.message.strip() and "  " not in f.message for f in result.faults), answer.title
    assert results == expected


def test_most_of_what_people_write_has_a_name():
    assert len(PEOPLE) >= FEWEST
    assert sum("unrecognised" not in answer.told for answer in PEOPLE) >= NAMED * len(PEOPLE)


def test_the_table_in_the_readme_counts_them():
    rows = ["| as people write them | how many | fully named | place only |", "| --- | ---: | ---: | ---: |"]
    told = [(answer.exercise[0], answer.told) for answer in PEOPLE]
    told += [
        ("04", answer.told) for answer in (*ENGINE, *MORE_OF_ENGINE, *LATER_OF_ENGINE)
    ]  # held by that assignment's test
    numbers = sorted({number for number, _ in told})
    for title, chosen in (*((f"assignment {number}", {number}) for number in numbers), ("all", set(numbers))):
        own = [each for number, each in told if number in chosen]
        unnamed = sum("unrecognised" in each for each in own)
        rows.append(f"| {title} | {len(own)} | {len(own) - unnamed} | {unnamed} |")
    readme.compare("people", "\n".join(rows))
