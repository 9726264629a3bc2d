"""A check's report is a table in a notebook and text in a terminal, and reads the same in both."""

import re
from html.parser import HTMLParser

import pytest

import utils
from tests import golden_pages
from tests.utils.checks.students import DESCENT, NETWORK, function, sample
from utils.checks.report import HEADINGS, Report
from utils.checks.vocabulary import Row

REPORTS = {
    "check_missing_mask": (NETWORK, "missing_relu_mask", "exercise1"),
    "check_not_summed": (NETWORK, "not_summed_bias", "exercise1"),
    "check_no_factor_two": (NETWORK, "no_factor_two", "exercise2"),
    "check_accumulated": (DESCENT, "gradients_accumulated", "exercise2"),
}


class Page(HTMLParser):
    """The tags and the words of a page, and whether all tags are closed."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words, self.styles = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.styles.append(dict(attrs).get("style", ""))
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data.split()


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_it_was(name):
    report = utils.check(sample(*REPORTS[name]))
    for kind, page in (("txt", f"{report}\n"), ("html", f"{report._repr_html_()}\n")):
        golden_pages.compare(f"{name}.{kind}", page)


@pytest.mark.parametrize("name", REPORTS)
def test_text_and_table_say_the_same(name):
    report = utils.check(sample(*REPORTS[name]))
    page = Page(report._repr_html_())
    assert page.open == []
    heading = "largest relative error"
    assert "".join(page.words).replace(heading.replace(" ", ""), "error") == "".join(str(report).split())


def test_a_table_has_a_line_for_each_part_and_a_heading_for_each_column():
    page = Page(utils.check(sample(NETWORK, "zeros", "exercise1"))._repr_html_())
    assert page.tags.count("tr") == 9
    assert page.tags.count("th") == len(HEADINGS) == 8


@pytest.mark.parametrize("student", ["missing_relu_mask", "matrix_products", "raises"])
def test_a_report_reads_in_light_and_dark_and_without_colours(student):
    report = utils.check(sample(NETWORK, student, "exercise1"))
    styles = "; ".join(Page(report._repr_html_()).styles)
    assert not re.search(r"#[0-9a-f]{3}|rgb|hsl", styles.replace("rgba(128, 128, 128, 0.4)", "grey"))
    for color in re.findall(r"(?<![-\w])(?:color|background): *([^;]+)", styles):
        assert color in ("inherit", "none")
    words = ("✓ right", "✗ wrong") if report.rows and not report.passed else ()
    assert all(word in str(report) for word in words)


def test_sizes_and_places_stay_on_one_line():
    row = Row("DA", "(2, 3)", False, "wrong values", 0.5, (0, 1), 1.0, 2.0, "K = 4, L = 7")
    page = Report("exercise2: 0 of 1 right (K = 4, L = 7)", rows=(row,))._repr_html_()
    assert "(K&nbsp;=&nbsp;4, L&nbsp;=&nbsp;7)" in page
    assert ">K&nbsp;=&nbsp;4, L&nbsp;=&nbsp;7<" in page
    assert ">[0,&nbsp;1]<" in page


def test_lines_fit_a_terminal():
    for assignment, student, exercise in REPORTS.values():
        message = str(utils.check(sample(assignment, student, exercise))).splitlines()
        assert max(len(line) for line in message if "stopped with" not in line) <= 100


def test_what_students_write_is_escaped():
    text = "def exercise1(W,B,X,*rest): raise ValueError('<img src=x onerror=alert(1)>\\x1b[31m')"
    report = utils.check(function(text), f"{NETWORK}/exercise1")
    page = report._repr_html_()
    assert "<img" not in page
    assert "&lt;img" in page
    assert "\x1b" not in page + str(report)


def test_a_report_is_true_if_all_is_right():
    right = Row("DW1", "(4, 6)", right=True, word="right")
    assert Report("all right", passed=True, rows=(right,))
    assert not Report("not all right", rows=(right,))


def test_a_front_end_without_html_gets_text():
    report = utils.check(sample(NETWORK, "zeros", "exercise1"))
    assert report._repr_mimebundle_() == {"text/html": report._repr_html_(), "text/plain": str(report)}
    hint = utils.hint("01/exercise1")
    assert hint._repr_mimebundle_() == {"text/html": hint._repr_html_(), "text/plain": str(hint)}
