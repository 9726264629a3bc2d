"""A class's marks in a terminal: everybody while that can be read, and a summary where it cannot."""

import io

from rich.console import Console

from autograder import tables

MAXIMA = {"exercise1-marks": 20.0, "exercise2-marks": 10.0}


def shown(scores, width=100):
    console = Console(file=io.StringIO(), width=width, legacy_windows=False)
    tables.show(console, "01, 30 P", MAXIMA, scores)
    return console.file.getvalue()


def test_a_row_a_student_with_the_sum():
    text = shown(
        {"zoe": dict.fromkeys(MAXIMA, 2.25), "amara": {"exercise1-marks": 17.5, "exercise2-marks": None}}
    )
    assert "(20 P)" in text
    rows = [line.split() for line in text.splitlines() if "│" in line]
    assert [row[1] for row in rows] == ["amara", "zoe"]
    assert [row[3::2] for row in rows] == [["17.5", "–", "17.5"], ["2.25", "2.25", "4.5"]]


def test_a_large_class_is_a_distribution_that_counts_everybody():
    scores = {f"s{n}": {"exercise1-marks": n % 21, "exercise2-marks": 10.0 * (n % 2)} for n in range(500)}
    text = shown(scores)
    assert "500 students, mean" in text
    rows = [line.split("│") for line in text.splitlines() if "│" in line]
    assert len(rows) == tables.STEPS
    assert sum(int(row[2]) for row in rows) == 500
    assert max(row[3].count("█") for row in rows) == tables.WIDTH
    assert "27 to 30" in rows[0][1]
    assert "0 to under 3" in rows[-1][1]


def test_full_marks_are_in_the_highest_step_and_no_marks_in_the_lowest():
    scores = {f"s{n}": {"exercise1-marks": 20.0, "exercise2-marks": 10.0} for n in range(60)}
    scores["zero"] = dict.fromkeys(MAXIMA, 0.0)
    rows = [line.split("│") for line in shown(scores).splitlines() if "│" in line]
    assert [int(row[2]) for row in rows] == [60, *[0] * (tables.STEPS - 2), 1]


def test_nobody_is_no_table():
    assert shown({}) == ""


def test_a_list_of_problems_names_each_and_is_empty_where_there_are_none():
    assert tables.listed([("zoe", "no notebook")], "Not graded") == ["Not graded: 1.", "  zoe: no notebook"]
    assert tables.listed([], "Not graded") == []


def test_names_and_problems_are_letters_in_their_own_lines():
    name = "[bold]zoë[/bold]\x1b[2J\n30"
    text = shown({name: dict.fromkeys(MAXIMA, 2.25)})
    assert "[bold]zoë[/bold]" in text
    assert "\x1b" not in text
    (head, line) = tables.listed([(name, "bad\x1b[31m\n  ana: 30 of 30\u2028x")], "Not graded")
    assert head == "Not graded: 1."
    assert line.startswith("  [bold]zoë[/bold]")
    assert line.isprintable()
