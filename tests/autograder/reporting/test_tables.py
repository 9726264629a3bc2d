"""A class's marks in a terminal: everybody while that can be read, and a summary where it cannot."""

import csv
import io

import pytest
from rich.console import Console

from autograder.reporting import tables
from autograder.reporting.tables import Row
from tests import golden_pages

MAXIMA = {"exercise1-marks": 20.0, "exercise2-marks": 10.0}


def row(first, second, penalty=0.0):
    total = max(0.0, (first or 0.0) + (second or 0.0) - penalty)
    return Row({"exercise1-marks": first, "exercise2-marks": second}, total, penalty)


def shown(rows, width=100, maxima=MAXIMA):
    console = Console(file=io.StringIO(), width=width, legacy_windows=False)
    tables.show(console, "01, 30 P", maxima, rows)
    return console.file.getvalue()


def cells(text):
    return [[word.strip() for word in line.split("│")[1:-1]] for line in text.splitlines() if "│" in line]


def test_a_row_a_student_with_the_sum():
    text = shown({"zoe": row(2.25, 2.25), "amara": row(17.5, None)})
    assert "(20 P)" in text
    assert cells(text) == [["amara", "17.5", "–", "17.5"], ["zoe", "2.25", "2.25", "4.5"]]


def test_what_lateness_costs_has_a_column_where_anybody_was_late():
    text = shown({"zoe": row(20, 10, 3.5), "amara": row(17.5, 2), "bruno": row(1, 1, 5)})
    assert "late" in text
    assert cells(text) == [
        ["amara", "17.5", "2", "", "19.5"],
        ["bruno", "1", "1", "−5", "0"],
        ["zoe", "20", "10", "−3.5", "26.5"],
    ]
    assert "late" not in shown({"zoe": row(20, 10)})


LONG = {
    f"{'maria-magdalena.von-und-zu.' * n}student-{n}@students.university.example": row(2.5 * n, 10)
    for n in range(3)
}
MANY = {f"exercise{n}-marks": 10.0 for n in range(1, 13)}
MOST = Row(dict.fromkeys(MANY, 2.5) | {"exercise3-marks": None}, 27.5)


@pytest.mark.parametrize(
    ("name", "rows", "maxima"),
    [
        ("marks_short_names", {"zoe": row(20, 10, 3), "amara": row(15, None)}, MAXIMA),
        ("marks_long_names", LONG, MAXIMA),
        ("marks_many_exercises", {"zoe": MOST, "amara": MOST}, MANY),
    ],
)
def test_in_80_columns_everybody_is_named_in_full(name, rows, maxima):
    text = shown(rows, 80, maxima)
    golden_pages.compare(f"{name}.txt", text)
    assert "…" not in text
    assert all(student in text for student in rows)


@pytest.mark.parametrize("width", [20, 40, 60, 80, 120])
@pytest.mark.parametrize("length", [5, 20, 40, 61, 200])
def test_no_name_is_cut_off_at_any_width(width, length):
    names = [f"{'x' * (length - 2)}{n:02}" for n in range(5)]
    text = shown({name: row(20, 10) for name in names}, width)
    assert all(name in text for name in names)
    assert "…" not in text


def test_a_large_class_is_a_distribution_that_counts_everybody():
    text = shown({f"s{n}": row(n % 21, 10.0 * (n % 2)) for n in range(500)})
    assert "500 students, mean" in text
    result = cells(text)
    assert len(result) == tables.STEPS
    assert sum(int(line[1]) for line in result) == 500
    assert max(line[2].count("█") for line in result) == tables.WIDTH
    assert result[0][0] == "27 to 30"
    assert result[-1][0] == "0 to under 3"


def test_full_marks_are_in_the_highest_step_and_no_marks_in_the_lowest():
    rows = {f"s{n}": row(20, 10) for n in range(60)} | {"zero": row(0, 0)}
    assert [int(line[1]) for line in cells(shown(rows))] == [60, *[0] * (tables.STEPS - 2), 1]


def test_nobody_is_no_table():
    assert shown({}) == ""


def test_a_spreadsheet_gets_a_row_a_student_and_what_there_is_to_be_earned():
    text = tables.as_csv(MAXIMA, {"zoe": row(20, None, 2.5), 'last, "first"': row(0.75, 10)})
    assert list(csv.reader(io.StringIO(text))) == [
        ["student", "exercise1-marks", "exercise2-marks", "late_submission_penalty", "score"],
        ["(to be earned)", "20", "10", "", "30"],
        ['last, "first"', "0.75", "10", "0", "10.75"],
        ["zoe", "20", "", "2.5", "17.5"],
    ]


def test_names_are_letters_in_their_own_lines():
    text = shown({"[bold]zoë[/bold]\x1b[2J\n30": row(2.25, 2.25)})
    assert "[bold]zoë[/bold]" in text
    assert "\x1b" not in text


def test_a_name_is_no_formula_in_a_spreadsheet_and_steers_no_terminal():
    rows = {"=1+1": row(1, 2), "@amara": row(1, 2), "rené\u202e": row(3, 4), "a-b": row(5, 6)}
    read = [line[0] for line in csv.reader(io.StringIO(tables.as_csv(MAXIMA, rows)))]
    assert sorted(read[2:]) == ["'=1+1", "'@amara", "a-b", "rené\u202e"]
    assert "\u202e" not in shown(rows, width=20), "a line a student"
    assert "\u202e" not in shown(rows), "a table"
