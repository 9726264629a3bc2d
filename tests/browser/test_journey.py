"""A term in a browser: a student fetches, learns, submits; an instructor collects, grades, gives feedback."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Frame, FrameLocator, Locator, Page, expect

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.publishing.build import write_source
from samples import samples
from tests.browser.conftest import SECOND, Lab, environment, jupyterlab
from tests.browser.test_student_opens_the_notebook import Student, is_shown
from tests.process import python

pytestmark = pytest.mark.browser

NAME = "01-error-backpropagation"
RIGHT, WRONG, FORGOTTEN = "matrix_products", "no_factor_two", "missing_relu_mask"
HANA = samples(NAME)[FORGOTTEN].marks

# What all machines of a university share. nbgrader takes a student's name from the operating system; here all
# are one user, so the students give their names themselves, and `collect` does not ask whose the files are.
SHARED = """
c = get_config()
c.CourseDirectory.course_id = "{course_id}"
c.Exchange.root = "{exchange}"
c.ExchangeCollect.check_owner = False
c.Execute.timeout = 120  # for one cell, on a busy machine
"""


@dataclass(frozen=True)
class Person:
    """Somebody with a home, and a folder in it to work in."""

    home: Path
    folder: Path

    def runs(self, *command: str) -> None:
        """Run a Python program in a terminal, in the folder."""
        python("-m", *command, cwd=self.folder, environment=environment(self.home))


@dataclass(frozen=True)
class University:
    """An instructor with the course, a student with an empty folder, each with a JupyterLab of their own."""

    instructor: Person
    course: Lab
    student: Lab


@pytest.fixture
def university(tmp_path: Path) -> Iterator[University]:
    """The assignment is released, and one student, hana, has handed in already."""
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    exchange.chmod(0o777)

    def person(name: str, own: str) -> Person:
        one = Person(tmp_path / name, tmp_path / name / "work")
        one.folder.mkdir(parents=True)
        config = one.home / "config" / course.CONFIG
        config.parent.mkdir()
        shared = SHARED.format(course_id=course.COURSE_ID, exchange=exchange)
        config.write_text(f"{shared}c.CourseDirectory.{own}\n", encoding="utf-8")
        return one

    instructor = person("instructor", f'root = "{tmp_path / "instructor" / "work"}"')
    hana, amara = (person(name, f'student_id = "{name}"') for name in ("hana", "amara"))
    course.prepare(instructor.folder)
    write_source(assignments.load(NAME), instructor.folder / "source" / NAME)
    course.generate_assignment(instructor.folder, NAME)
    instructor.runs("nbgrader", "release_assignment", NAME)

    hana.runs("nbgrader", "fetch_assignment", NAME)
    notebook = hana.folder / NAME / f"{NAME}.ipynb"
    nbformat.write(samples(NAME)[FORGOTTEN].notebook(notebook), notebook)
    hana.runs("nbgrader", "submit", NAME)

    with (
        jupyterlab(instructor.home, instructor.folder) as teaching,
        jupyterlab(amara.home, amara.folder) as learning,
    ):
        yield University(instructor, teaching, learning)


def enters(page: Page, lab: Lab) -> None:
    """Open JupyterLab, and wait until it has put everything in its place."""
    page.goto(f"{lab.url}lab?token={lab.token}")
    expect(page.locator(".jp-Launcher")).to_be_visible()


class Learner(Student):
    """Someone with an assignment to do."""

    def chooses_assignments(self) -> None:
        self._chooses("Nbgrader", "nbgrader:open-assignment-list")
        expect(self.list("released")).to_contain_text(self.name)

    def fetches_and_opens_the_notebook(self) -> None:
        self.list("released").get_by_role("button", name="Fetch").click()
        self.list("fetched").locator(".assignment-notebooks-link").click()
        self.list("fetched").locator(".nested_list_item").get_by_role("link", name=self.name).click()
        expect(self.formulas).not_to_have_count(0)
        self._sees_an_idle_kernel()

    def runs(self, cell: Locator) -> None:
        cell.click()
        self.page.keyboard.press("ControlOrMeta+Enter")
        self._sees_an_idle_kernel()

    def asks_for_a_hint(self, exercise: str) -> Locator:
        """Take away the comment sign before the call, as the text says, and run the cell."""
        call = f'utils.hint("{exercise}")'
        editor = self.editor(call)
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(call)
        self.runs(editor)
        return self.below(editor)

    def checks(self, exercise: str) -> Locator:
        return self.below(self.editor(f"utils.check({exercise})"))

    def validates(self) -> str:
        """Press nbgrader's button; give what the dialog says."""
        self.page.locator(".validate-button").locator("visible=true").click()
        said = self.page.locator("#validation-message")
        expect(said).to_be_visible(timeout=180 * SECOND)  # the whole notebook runs, in a kernel of its own
        self.looks("validated")
        text = said.text_content()
        self.page.locator(".jp-Dialog").get_by_role("button", name="Ok").click()
        return text

    def submits(self) -> Locator:
        self.page.locator(".lm-TabBar-tab").filter(has_text="Assignments").first.click()
        self.list("fetched").get_by_role("button", name="Submit").click()
        submitted = self.list("submitted").locator(".nested_list_item")
        expect(submitted).to_have_count(1)
        return submitted

    def fetches_and_opens_feedback(self) -> FrameLocator:
        self.page.locator(".lm-TabBar-tab").filter(has_text="Assignments").first.click()
        self.list("submitted").get_by_role("button", name="Fetch Feedback").click()
        self.list("submitted").get_by_text("(view feedback)").click()  # goes to its folder
        self.page.locator(".jp-DirListing-item").filter(has_text=f"{self.name}.html").dblclick()
        return self.page.frame_locator(".jp-HTMLViewer iframe")

    def list(self, kind: str) -> Locator:
        return self.page.locator(f"#{kind}_assignments_list")

    def below(self, editor: Locator) -> Locator:
        """Find what the cell with this editor shows below."""
        cell = editor.locator("xpath=ancestor::*[contains(@class, 'jp-CodeCell')][1]")
        return cell.locator(".jp-OutputArea")


class Instructor:
    """Someone with formgrader open, inside JupyterLab."""

    def __init__(self, page: Page, screenshots: Path) -> None:
        self.page, self._screenshots, self._steps = page, screenshots, itertools.count(1)

    def opens_formgrader(self) -> None:
        self.page.get_by_role("menubar").get_by_text("Nbgrader", exact=True).click()
        self.page.locator('.lm-Menu-item[data-command="nbgrader:open-formgrader"]').click()
        self.page.frame_locator("#formgrader-iframe iframe").get_by_text("Search:").wait_for()

    def presses(self, sign: str) -> None:
        """Press a button of the assignment's row, and read that it went well."""
        expect(self.grader.get_by_text("Search:")).to_be_visible()
        self.row(NAME).locator(f".glyphicon-{sign}").click()
        dialog = self.grader.locator(".modal")
        expect(dialog).to_be_visible()
        assert dialog.get_attribute("id") == "success-modal", dialog.text_content()
        dialog.get_by_role("button", name="OK").click()
        expect(dialog).to_have_count(0)

    def reads(self, student: str) -> None:
        """Go by the links: gradebook, assignment, notebook, submission."""
        self.follows(self.grader.get_by_role("link", name="Manual Grading"))
        self.follows(self.grader.locator(f'td a[href$="/gradebook/{NAME}"]'))
        self.follows(self.grader.locator(f'td a[href$="/gradebook/{NAME}/{NAME}"]'))
        self.follows(self.row(student).get_by_role("link").first)
        expect(self.grader.locator("input.score").first).to_be_visible()

    def manages_assignments_again(self) -> None:
        self.follows(self.grader.get_by_role("link", name="Manual Grading"))
        self.follows(self.grader.get_by_role("link", name="Manage Assignments"))

    def follows(self, link: Locator) -> None:
        """Click a link, once its page has put everything in its place, and wait for where it leads."""
        if self.grader.locator("table.table-hover").count():
            expect(self.grader.get_by_text("Search:")).to_be_visible()
        address = link.first.get_attribute("href")
        link.first.click()
        self.grader.wait_for_url(lambda url: address in url)

    @property
    def grader(self) -> Frame:
        return self.page.locator("#formgrader-iframe iframe").element_handle().content_frame()

    def row(self, text: str) -> Locator:
        return self.grader.locator("tbody tr").filter(has_text=text)

    def looks(self, step: str, *, at: Locator | None = None) -> None:
        if at is not None:
            is_shown(at)
        self.page.screenshot(path=self._screenshots / f"instructor-{next(self._steps):02}-{step}.png")


@pytest.mark.thorough  # two servers, a kernel for each of them, and all of nbgrader's commands
def test_from_fetching_an_assignment_to_reading_its_feedback(university, context, screenshots):
    answers, wrong = samples(NAME)[RIGHT].cells, samples(NAME)[WRONG].cells
    notebook = university.student.folder / NAME / f"{NAME}.ipynb"
    amara = Learner(context.new_page(), NAME, notebook, screenshots)
    enters(amara.page, university.student)
    amara.chooses_assignments()
    amara.looks("assignments")
    amara.fetches_and_opens_the_notebook()
    amara.runs_all_cells()
    expect(amara.checks("exercise1")).to_contain_text("exercise1 is not written yet.")
    amara.looks("first-check", at=amara.checks("exercise1"))
    hint = amara.asks_for_a_hint("exercise1")
    expect(hint).to_contain_text("exercise1: hint 1 of")
    amara.looks("hint", at=hint)

    amara.types("exercise1", wrong["exercise1"])
    amara.runs_all_cells()
    check = amara.checks("exercise1")
    expect(check).to_contain_text("exercise1: 0 of 8 right")
    expect(check).to_contain_text(re.compile("Look first at DY. .*DY is half of what it should be"))
    amara.looks("wrong", at=check)

    for exercise, answer in answers.items():
        amara.types(exercise, answer)
    amara.runs_all_cells()
    for exercise in answers:
        expect(amara.checks(exercise)).to_contain_text(f"{exercise}: right")
    amara.looks("right", at=check)
    assert amara.validates() == "Success! Your notebook passes all the tests."
    amara.looks("submitted", at=amara.submits())

    teacher = Instructor(context.new_page(), screenshots)
    enters(teacher.page, university.course)
    teacher.opens_formgrader()
    teacher.presses("cloud-download")
    expect(teacher.row(NAME)).to_contain_text("2")
    teacher.looks("collected")
    university.instructor.runs("autograder.cli", "grade", NAME)

    teacher.reads("hana")
    for exercise in assignments.load(NAME).exercises:
        mark = teacher.grader.locator(f'[id="{exercise.marks_cell}"]')
        expect(mark).to_have_attribute("placeholder", f"{HANA[exercise.name]:g}")  # not decided by hand
    reasons = teacher.grader.get_by_text("the gradient also passes through units that are off").first
    expect(reasons).to_be_visible()
    teacher.looks("marks-and-reasons", at=reasons)

    teacher.manages_assignments_again()
    teacher.presses("comment")
    teacher.presses("envelope")
    page = context.new_page()
    lab = university.course
    page.goto(f"{lab.url}files/feedback/hana/{NAME}/{NAME}.html?token={lab.token}")
    reasons = page.get_by_text("the gradient also passes through units that are off").first
    reasons.scroll_into_view_if_needed()
    page.screenshot(path=screenshots / "instructor-feedback.png")
    expect(page.get_by_text(f"Score: {sum(HANA.values())} / 30.0")).to_be_visible()

    feedback = amara.fetches_and_opens_feedback()
    expect(feedback.get_by_text("Score: 30.0 / 30.0")).to_be_visible()
    amara.looks("feedback")
