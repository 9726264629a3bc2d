"""A report as text, HTML and JSON, compared with the pages in tests/golden as a whole."""

import html.parser
import json

import pytest

from autograder import assignments
from autograder.exercise import ExerciseResult, Fault, PartResult, Report, Verdict
from autograder.plain_text import has_commands
from autograder.reporting import report
from tests import golden_pages

ASSIGNMENT = assignments.load("01-error-backpropagation")
HOSTILE = (
    """<script>alert("1")</script> & 'quotes' `<b>code</b>` </li></ul></div><img src=x onerror=alert(1)>"""
)


def result(number, verdicts=(), faults=(), keeps=1.0):
    """An exercise in which some parts have a verdict that loses their marks, and the others are right."""
    exercise = ASSIGNMENT.exercises[number]
    parts = []
    for part in exercise.parts:
        verdict = Verdict(dict(verdicts).get(part.name, "correct"))
        earns = verdict in (Verdict.CORRECT, Verdict.CARRIED_FORWARD)
        parts.append(PartResult(part, verdict, keeps * part.marks if earns else 0.0))
    return ExerciseResult(exercise, tuple(parts), tuple(faults))


def raised(message):
    return Fault("raised", "answer", f"`exercise1` raised ValueError: {message}")


def whole():
    return Report("right.ipynb", ASSIGNMENT, (result(0), result(1)))


def mixed():
    verdicts = {
        "DW2": "wrong",
        "DB2": "wrong",
        "DW1": "carried-forward",
        "DB1": "malformed",
        "DW4": "missing",
    }
    faults = [
        Fault("unrecognised", "DW2", "`DW2` has the right shape, but not the right values.", 5.0),
        Fault("wrong-shape", "DB1", "`DB1` has shape (1, 6); (6,) was expected.", 2.5),
    ]
    by_torch = result(1, {"error": "wrong"}, [Fault("x", "error", "`error` is not right.")])
    results = (result(0, verdicts, faults), by_torch)
    return Report("mixed.ipynb", ASSIGNMENT, results, notebook_flags=("two notes", "one more"))


def hostile():
    every = {part.name: "missing" for part in ASSIGNMENT.exercises[0].parts}
    results = (result(0, every, [raised(HOSTILE)]), result(1))
    return Report(f"{HOSTILE}.ipynb", ASSIGNMENT, results, notebook_flags=(HOSTILE,))


def unreadable():
    return Report("picture.ipynb", None, message="The file is empty.")


REPORTS = {"whole": whole, "mixed": mixed, "hostile": hostile, "unreadable": unreadable}


def pages(outcome):
    yield "txt", report.as_text(outcome) + "\n"
    yield "json", json.dumps(report.as_json(outcome), indent=1, ensure_ascii=False) + "\n"
    if outcome.results:
        yield "html", "\n".join(report.exercise_as_html(exercise) for exercise in outcome.results) + "\n"


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_as_it_was(name):
    for kind, page in pages(REPORTS[name]()):
        golden_pages.compare(f"{name}.{kind}", page)


def test_every_golden_page_belongs_to_a_report():
    expected = {f"{name}.{kind}" for name, make in REPORTS.items() for kind, _ in pages(make())}
    ours = {path.name for path in golden_pages.FOLDER.iterdir() if path.stem in REPORTS}
    assert ours == expected


@pytest.mark.parametrize(
    ("score", "text"),
    [(20.0, "20"), (2.5, "2.5"), (0.75, "0.75"), (0.0, "0"), (1.875, "1.875"), (10, "10"), (100.0, "100")],
)
def test_marks_are_written_as_people_write_them(score, text):
    assert report.marks(score) == text


@pytest.mark.parametrize("parts", [3, 6, 7])
def test_a_sum_of_marks_shows_no_rounding(parts):
    assert report.marks(sum([0.1] * parts)) == str(parts / 10)


# Text


def test_text_shows_every_part_and_every_fault():
    text = " ".join(report.as_text(mixed()).split())
    for exercise in mixed().results:
        assert all(part.part.name in text for part in exercise.parts)
        assert all(fault.message in text for fault in exercise.faults)
    assert all(flag in text for flag in mixed().flags)


# HTML


class Tags(html.parser.HTMLParser):
    """Tags and attributes of a page, and whether they close as they should."""

    def __init__(self):
        super().__init__()
        self.open, self.seen, self.text = [], [], ""

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, {name for name, _ in attributes}))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def read(page):
    tags = Tags()
    tags.feed(page)
    tags.close()
    assert tags.open == []
    return tags


@pytest.mark.parametrize("name", ["whole", "mixed", "hostile"])
def test_html_holds_known_tags_only_and_closes_them(name):
    known = {"div", "p", "strong", "em", "span", "code", "ul", "li"}
    known |= {"table", "thead", "tbody", "tr", "th", "td"}
    for exercise in REPORTS[name]().results:
        seen = read(report.exercise_as_html(exercise)).seen
        assert {tag for tag, _ in seen} <= known
        assert {attribute for _, names in seen for attribute in names} <= {"class", "style", "scope"}


def test_html_shows_a_hostile_message_as_its_letters():
    page = report.exercise_as_html(hostile().results[0])
    assert [tag for tag in ("<script", "<img", "<b>") if tag in page] == []
    assert HOSTILE.replace("`", "") in read(page).text


QUOTED = {
    "a formula": "$\\href{javascript:alert(1)}{x}$",
    "a displayed formula": "\\[\\style{position:fixed}{30}\\]",
    "an environment": "\\begin{align}\\class{navbar}{x}\\end{align}",
}


@pytest.mark.parametrize("what", QUOTED)
def test_a_formula_that_a_message_quotes_is_letters(what):
    page = report.exercise_as_html(result(0, faults=[raised(QUOTED[what])]))
    assert page.startswith('<div class="tex2jax_ignore mathjax_ignore"')  # MathJax looks at none of it
    assert not has_commands(page)
    assert QUOTED[what] in read(page).text.replace("\u200b", "")


STEERING = "\x1b[2J\x1b]0;owned\x07\u202e03\u2028x\x9b31m\rexercise1: 20 of 20 P"


def test_nothing_in_a_report_steers_a_terminal_or_turns_its_lines():
    results = (result(0, faults=[raised(STEERING)]), result(1))
    for outcome in (
        Report(f"{STEERING}\n.ipynb", ASSIGNMENT, results, notebook_flags=(STEERING,)),
        Report(f"{STEERING}.ipynb", None, message=f"It is {STEERING}"),
    ):
        text = report.as_text(outcome)
        assert all(letter.isprintable() or letter in "\n\N{NO-BREAK SPACE}" for letter in text)
        assert "owned" in text
    assert not set("\x1b\x9b\r\u202e") & set(report.exercise_as_html(results[0]))


def test_html_sets_names_as_code():
    page = report.exercise_as_html(mixed().results[0])
    assert "<code>DW2</code> has the right shape" in page
    assert "`" not in page


def test_html_praises_only_what_is_whole():
    praise = "Every part is right"
    assert praise in report.exercise_as_html(whole().results[0])
    assert praise not in report.exercise_as_html(mixed().results[0])
    fault = Fault("mutates-input", "Y", "It changed its input.")
    changed = result(0, faults=[fault], keeps=0.75)
    assert praise not in report.exercise_as_html(changed)
    assert fault.message in report.exercise_as_html(changed)


# JSON

MARKS = [("score", float), ("max_score", float)]


def kinds(value):
    """Keys in their order, each with the type of what it has."""
    return [(key, type(each)) for key, each in value.items()]


@pytest.mark.parametrize("name", REPORTS)
def test_json_has_exactly_the_promised_form(name):
    results = report.as_json(REPORTS[name]())
    assert results["status"] in ("graded", "unreadable")
    assert kinds(results | {"assignment": results["assignment"] or ""}) == [
        *(("notebook", str), ("assignment", str), ("status", str), ("message", str)),
        *(*MARKS, ("flags", list), ("exercises", dict)),
    ]
    for exercise in results["exercises"].values():
        assert kinds(exercise) == [*MARKS, ("parts", dict), ("faults", list)]
        for part in exercise["parts"].values():
            assert kinds(part) == [*MARKS, ("verdict", str)]
            assert part["verdict"] in ("correct", "carried-forward", "wrong", "malformed", "missing")
        for fault in exercise["faults"]:
            assert kinds(fault) == [("fault", str), ("where", str), ("message", str)]
    assert json.loads(json.dumps(results, allow_nan=False)) == results


def test_json_of_a_graded_notebook_adds_up():
    results = report.as_json(mixed())
    assert (results["status"], results["assignment"]) == ("graded", "01-error-backpropagation")
    assert results["max_score"] == 30.0
    assert results["score"] == sum(exercise["score"] for exercise in results["exercises"].values()) == 16.0
    for exercise in results["exercises"].values():
        assert exercise["score"] == sum(part["score"] for part in exercise["parts"].values())
