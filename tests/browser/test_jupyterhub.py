"""docs/jupyterhub.md: a week on a JupyterHub, from two students' login to the feedback that they fetch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from samples import samples
from tests.browser.conftest import SECOND, WINDOW
from tests.browser.hub import INSTRUCTOR, STUDENTS, Hub, commands, started
from tests.browser.test_journey import FORGOTTEN, NAME, RIGHT, Instructor, Learner

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

ANSWERS = dict(zip(STUDENTS, (RIGHT, FORGOTTEN), strict=True))
MISTAKE = "the gradient also passes through units that are off"
SLOW = 180 * SECOND


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    with started(tmp_path / "hub") as running:
        yield running


@pytest.fixture
def people(browser: Browser) -> Iterator[dict[str, BrowserContext]]:
    """A browser for each: nobody is logged in twice."""
    expect.set_options(timeout=SLOW)
    contexts = {
        name: browser.new_context(viewport=WINDOW, color_scheme="light") for name in (INSTRUCTOR, *STUDENTS)
    }
    for context in contexts.values():
        context.set_default_timeout(SLOW)
    yield contexts
    for context in contexts.values():
        context.close()


def logs_in(context: BrowserContext, hub: Hub, name: str, screenshots: Path) -> Learner:
    """Log in at the hub, and wait until a server of one's own has put everything in its place."""
    page = context.new_page()
    page.goto(f"{hub.url}hub/login")
    page.locator("#username_input").fill(name)
    page.locator("#password_input").fill(hub.password)
    page.locator("#login_submit").click()
    expect(page.locator(".jp-Launcher")).to_be_visible()
    assert page.url.startswith(f"{hub.url}user/{name}/lab")
    return Learner(page, NAME, hub.home(name) / NAME / f"{NAME}.ipynb", screenshots)


class AtTheTerminal:
    """The instructor, who types what the page says, line by line."""

    def __init__(self, hub: Hub) -> None:
        self.hub, self.folder = hub, hub.home(INSTRUCTOR)
        self._lines = [words for words in commands() if words[0] != "pip"]

    def until(self, last: str) -> str:
        """Type up to a command, and give what it printed."""
        said = ""
        while self._lines:
            words = [word.replace("~", str(self.hub.home(INSTRUCTOR))) for word in self._lines.pop(0)]
            if words[0] == "cd":
                self.folder = Path(words[1])
                continue
            said = self.hub.runs(*words, cwd=self.folder)
            if words[1] == last:
                return said
        raise AssertionError(f"the page has no such command: {last}")

    @property
    def is_done(self) -> bool:
        return not self._lines


def test_a_week_on_a_jupyterhub(hub, people, screenshots):
    terminal = AtTheTerminal(hub)
    terminal.until("release_assignment")

    students = {}
    for name, answer in ANSWERS.items():
        student = students[name] = logs_in(people[name], hub, name, screenshots)
        student.chooses_assignments()
        student.fetches_and_opens_the_notebook()
        cells = samples(NAME)[answer].cells
        for exercise, code in cells.items():
            student.types(exercise, code)
        student.runs_all_cells()
        said = "exercise1: right" if answer == RIGHT else "Look first at DZ2"
        expect(student.checks("exercise1")).to_contain_text(said)
        student.saves()
        student.submits()

    assert "autograded" not in {path.name for path in terminal.folder.iterdir()}
    terminal.until("collect")
    assert {path.name for path in (terminal.folder / "submitted").iterdir()} == set(STUDENTS)
    assert "Graded now: 2." in terminal.until("grade")
    terminal.until("report")
    report = (terminal.folder / "report" / "report.html").read_text(encoding="utf-8")
    assert "hana" in report  # beside her mistake

    teacher = Instructor(logs_in(people[INSTRUCTOR], hub, INSTRUCTOR, screenshots).page, screenshots)
    teacher.opens_formgrader()
    expect(teacher.row(NAME)).to_contain_text("2")
    teacher.reads("hana")
    expect(teacher.grader.get_by_text(MISTAKE).first).to_be_visible()

    terminal.until("release_feedback")
    assert terminal.is_done
    for name, answer in ANSWERS.items():
        marks = sum(samples(NAME)[answer].marks.values())
        feedback = students[name].fetches_and_opens_feedback()
        expect(feedback.get_by_text(f"Score: {marks:.1f} / 30.0")).to_be_visible()
        expect(feedback.get_by_text(MISTAKE)).to_have_count(0 if answer == RIGHT else 1)
