"""A page of feedback is short, and what is read on it stays as it was."""

import re

from nbconvert.filters import Highlight2HTML
from nbformat import v4
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.nbgrader_bridge.returning.feedback_page import page_exporter, style
from autograder.nbgrader_bridge.returning.short_page import (
    code_rules,
    rules_for,
    short_code,
    without_blank_lines,
    without_unused_classes,
)

CODE = 'def f(x):\n    """Says <b>."""\n\n    return [x[0] + 1.5, "a b", f"{x!r}"]  # y\n'


def text(page):
    return re.sub(r"<[^>]*>", "", page)


def page(config):
    cell = v4.new_code_cell(CODE, outputs=[v4.new_output("stream", text="one\n\n  two\n")])
    notebook = v4.new_notebook(cells=[cell, v4.new_markdown_cell("# Head\n\n    as it  is\n\nthe *end*")])
    own = {"notebook": "n", "score": 1.0, "max_score": 2.0, "late_penalty": 0.0}
    exporter = page_exporter(CourseDirectory(config=config), config)
    return exporter.page(notebook, {"nbgrader": own, "autograder_style": style()})


def test_code_keeps_its_text_and_every_look_that_is_told_apart():
    highlighted = Highlight2HTML()(CODE)
    short = short_code(highlighted)
    assert text(short) == text(highlighted)
    assert len(short) < 0.7 * len(highlighted)
    kept = set(re.findall(r'<span class="(\w+)">', short))
    assert kept == set(re.findall(r'<span class="(\w+)">', highlighted)) & set(code_rules())
    assert {"k", "nf", "sd", "c1"} <= kept


def test_a_page_has_rules_for_the_words_that_are_in_it_and_no_others():
    rules = rules_for('<span class="k">def</span><span class="kn">import</span><span class="mine">')
    assert re.fullmatch(r"\.highlight \.k,\.highlight \.kn\{color:[^{}]*;font-weight:bold\}", rules)


def test_blanks_stay_where_they_are_seen():
    written = "<div>\n\n   <p>one\n  two</p>\n</div>\n<pre>a\n\n  b</pre>\n\n<textarea>\n\n c</textarea>"
    assert without_blank_lines(written) == (
        "<div>\n<p>one\ntwo</p>\n</div>\n<pre>a\n\n  b</pre>\n<textarea>\n\n c</textarea>"
    )


def test_odd_pages_take_no_longer_than_others():
    for odd in ("<pre>" * 100_000, " " * 1_000_000, "<b " * 100_000, "</pre>" * 100_000, "\n " * 300_000):
        assert len(without_unused_classes(without_blank_lines(odd), "")) <= len(odd)


def test_only_classes_that_have_a_rule_stay():
    written = '<p class="a b"><i class="b">class="b" stays</i><b title="c" class="a">'
    assert without_unused_classes(written, ".a{x:y}") == (
        '<p class="a"><i>class="b" stays</i><b title="c" class="a">'
    )


def test_what_was_written_and_printed_is_on_the_page_to_the_letter():
    html = page(Config())
    shown = [text(each).strip("\n") for each in re.findall(r"<pre>.*?</pre>", html, re.DOTALL)]
    assert shown == [CODE.replace("<", "&lt;").replace(">", "&gt;").strip("\n"), "one\n\n  two", "as it  is"]
    assert ".highlight .k{" in html


def test_a_template_of_the_course_is_used_as_it_is():
    html = page(Config(HTMLExporter={"template_name": "classic"}))
    assert '<span class="n">' in html
    assert "border-box-sizing" in html
