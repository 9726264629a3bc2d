"""What people write: nobody is accused falsely, most is named, and an unknown mistake is paid for once."""

import textwrap

import numpy as np
import pytest
import torch

from tests import readme
from tests.autograder.marking import marked
from tests.autograder.mutants import people, people_attention, people_normalisation, people_softmax
from tests.autograder.mutants.people import BACKWARD
from tests.autograder.mutants.people_more import MORE
from tests.autograder.mutants.people_normalisation import NORMALISATIONS
from tests.autograder.mutants.people_softmax import CLASSIFIERS
from tests.autograder.mutants.people_torch import CURVES, FORWARD
from tests.autograder.test_diagnose import EXERCISES, SEEDS
from tests.tables import first_every_day

PEOPLE = [*BACKWARD, *FORWARD, *CURVES, *CLASSIFIERS, *NORMALISATIONS, *MORE, *people_attention.ATTENTION]
HEADS = people.HEADS | people_softmax.HEADS | people_normalisation.HEADS | people_attention.HEADS
FEWEST = 150
NAMED = 0.9  # of them


def function(answer):
    names = {"np": np, "numpy": np, "torch": torch}
    head = HEADS[answer.exercise]
    exec(f"{head}\n{textwrap.indent(answer.code, '    ')}", names)
    return names[head.partition("(")[0].removeprefix("def ")]


@pytest.mark.parametrize("seed", first_every_day(SEEDS))
@pytest.mark.parametrize("key", EXERCISES, ids="-".join)
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
    numbers = sorted({answer.exercise[0] for answer in PEOPLE})
    for title, chosen in (*((f"assignment {number}", {number}) for number in numbers), ("all", set(numbers))):
        answers = [answer for answer in PEOPLE if answer.exercise[0] in chosen]
        unnamed = sum("unrecognised" in answer.told for answer in answers)
        rows.append(f"| {title} | {len(answers)} | {len(answers) - unnamed} | {unnamed} |")
    readme.compare("people", "\n".join(rows))
