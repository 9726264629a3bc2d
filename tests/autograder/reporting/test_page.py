"""The report's page needs nothing else, runs nothing, and says in tables what its pictures show."""

import csv
import io
import re
from xml.etree import ElementTree

import pytest

from autograder.reporting import charts, page, statistics
from tests.autograder.reporting.classes import EVIL, record


@pytest.fixture(scope="module")
def classes():
    return [statistics.of_class(record()), statistics.of_class(record("02"))]


@pytest.fixture(scope="module")
def html(classes):
    return page.as_html("course", classes, statistics.over_time([record(), record("02")]))


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
    for each in classes[0]["marks"]["histogram"]:
        assert f">{each['students']}</td>" in tables
    for row in classes[0]["mistakes"]:
        assert f"<code>{row['mistake']}</code>" in tables


def test_light_dark_print_and_phones_are_thought_of(html):
    for media in ("prefers-color-scheme: dark", "@media print", "max-width: 40em", "width=device-width"):
        assert media in html


def test_tables_for_other_programs(classes):
    parts = list(csv.DictReader(io.StringIO(page.parts_as_csv(classes))))
    assert [(row["assignment"], row["part"], row["wrong"]) for row in parts][:2] == [
        ("01-network", "DW4", "4"),
        ("01-network", "DW2", "4"),
    ]
    mistakes = list(csv.DictReader(io.StringIO(page.mistakes_as_csv(classes))))
    assert mistakes[0]["who"].split() == ["both", "both2", "two0", "two1"]


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
