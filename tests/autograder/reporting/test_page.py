"""The report's page needs nothing else, runs nothing, and says in tables what its pictures show."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from autograder.reporting import charts, page, statistics
from autograder.reporting.records import ClassRecord, SameCode
from tests.autograder.reporting.classes import DUE, EVIL, record, student


@pytest.fixture(scope="module")
def classes():
    return [statistics.of_class(record()), statistics.of_class(record("02"))]


@pytest.fixture(scope="module")
def html(classes):
    return page.as_html("course", classes, statistics.over_time([record(), record("02")]))


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def large(number):
    """Sum up a class in which everybody makes a mistake of their own, and all make one in three places."""
    places = [("unrecognised", where) for where in ("DW1", "DW2", "DW3")]
    needs = {"died": "exercise1: died"}
    students = [student(f"s{n:03}", *places, (f"wrong-{n}", "DY"), needs=needs) for n in range(number)]
    same = [SameCode("exercise1", (f"s{n:03}", f"s{n + 1:03}"), 9, 10) for n in range(0, number, 2)]
    one = ClassRecord("01", 10.0, students, DUE, same, headings={"died": "Ended early"})
    return statistics.of_class(one)


def test_nothing_is_loaded_and_nothing_runs(html):
    assert not re.search(r"<script|<link|<img|@import|url\(|https?:|\bon\w+=", html.replace(EVIL, ""))
    assert EVIL not in html
    assert "&lt;script&gt;" in html


def test_every_picture_has_a_description_and_a_table_behind_it(html):
    pictures = re.findall(r"<svg.*?</svg>", html, re.DOTALL)
    assert len(pictures) == 8
    for picture in pictures:
        tree = ElementTree.fromstring(picture)
        assert len(tree.attrib["aria-label"]) > 30
        after = html[html.index(picture) + len(picture) :]
        assert re.match(r"\s*</div>\s*<div class=\"wide\"><table>", after)


def test_every_number_of_a_picture_stands_in_the_page_s_tables(html, classes):
    tables = " ".join(re.findall(r"<table>.*?</table>", html, re.DOTALL))
    assert all(f">{each['students']}</td>" in tables for each in classes[0]["marks"]["histogram"])
    assert all(f"<code>{row['mistake']}</code>" in tables for row in classes[0]["mistakes"])


def test_light_dark_print_and_phones_are_thought_of(html):
    for media in ("prefers-color-scheme: dark", "@media print", "max-width: 40em", "width=device-width"):
        assert media in html


def test_tables_for_other_programs(classes):
    first, second, *_ = rows(page.parts_as_csv(classes))
    assert [first[key] for key in ("assignment", "part", "wrong")] == ["01-network", "DW4", "4"]
    assert [second[key] for key in ("assignment", "part", "wrong")] == ["01-network", "DW2", "4"]
    assert rows(page.mistakes_as_csv(classes))[0]["who"].split() == ["both", "both2", "two0", "two1"]


@pytest.mark.parametrize("values", [[], [0], [0, 0, 0], [3], list(range(40))])
def test_columns_are_drawn_of_anything(values):
    drawn = charts.columns([f"<{n}>" for n in range(len(values))], values, "a & b")
    tree = ElementTree.fromstring(str(drawn))
    heights = [float(each.attrib["height"]) for each in tree.iter("rect")]
    assert len(heights) == sum(value > 0 for value in values)
    assert all(0 < height <= charts.COLUMN_HEIGHT for height in heights)


def test_bars_stay_in_their_place():
    drawn = charts.bars(["a", "b", "x" * 90], [-1.0, 2.0, 0.5], ["1", "2", "3"], "three bars")
    widths = [float(each.attrib["width"]) for each in ElementTree.fromstring(str(drawn)).iter("rect")]
    assert widths[1::2] == [0.0, widths[0], widths[0] / 2]


def test_a_large_class_is_read_at_once_and_nothing_is_lost():
    one = large(600)
    html = page.as_html("course", [one], [])
    at_once = html
    while "<details>" in at_once:
        at_once = re.sub(r"<details>(?:(?!<details>).)*?</details>", "", at_once, flags=re.DOTALL)
    assert at_once.count("<tr>") < 80
    for kept in ("586 more (all of them are in mistakes.csv)", "290 more (all of them are in report.json)"):
        assert kept in html
    assert all(f"<code>wrong-{n}</code>" in html for n in range(600))
    assert len(rows(page.mistakes_as_csv([one]))) == 603


def test_a_mistake_in_several_places_is_one_row_and_a_reason_that_many_have_is_one():
    html = page.as_html("course", [large(30)], [])
    (row,) = re.findall(r'<tr><th scope="row"><code>unrecognised</code>.*?</tr>', html, re.DOTALL)
    assert "exercise1 DW1, DW2, DW3" in row
    assert '<td class="n">15</td>' in row
    assert html.count("exercise1: died") == 1
    assert '<td class="n">30</td>' in html[html.index("exercise1: died") :]


@pytest.mark.parametrize(("students", "said"), [(15, None), (16, "2 more (all of them are in mistakes.csv)")])
def test_one_row_more_than_fits_is_not_folded(students, said):
    """There are their own mistakes, and the one of all."""
    html = page.as_html("course", [large(students)], [])
    assert said in html if said else "all of them are in mistakes.csv" not in html
