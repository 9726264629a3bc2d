"""A student opens each notebook in JupyterLab, reads it, runs it, answers it, saves it."""

from __future__ import annotations

import itertools
import re
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from playwright.sync_api import Locator, Page, expect

from samples import samples
from tests.browser.conftest import WINDOW

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

ROOT = Path(__file__).parents[2]
RIGHT = {
    "01-error-backpropagation": "matrix_products",
    "02-gradient-descent": "vandermonde",
    "03-softmax-and-cross-entropy": "one_hot",
    "04-an-engine-of-your-own": "tables",
    "05-normalisation": "one_expression",
    "08-attention": "matrix_products",
}
BACKPROPAGATION, DESCENT, CLASSIFIER, ENGINE, NORMALISATION, ATTENTION = NOTEBOOKS = tuple(RIGHT)

FORMULA = re.compile(r"\$\$.+?\$\$|\$[^$]+?\$", re.DOTALL)
STDOUT = "application/vnd.jupyter.stdout"
STDERR = "application/vnd.jupyter.stderr"  # of errors, too
NOT_UNDERSTOOD = 'mjx-merror, [data-mjx-error], mjx-mtext[style*="red"]'  # an unknown command is shown in red
PICTURE = re.compile(r"!\[([^]]+)\]")

# Cells that are out of sight have no innerText, so everything is read as textContent.
COUNTS = """() => [...document.querySelectorAll('.jp-CodeCell')].map(
    cell => Number(cell.querySelector('.jp-InputPrompt').textContent.replace(/[^0-9]/g, '')))"""
ALL_RAN_OR_ONE_FAILED = f"""before => ({COUNTS})().every(count => count > before)
    || document.querySelector('.jp-OutputArea-output[data-mime-type="{STDERR}"]')"""
# JupyterLab shows an idle kernel before the notebook has one, and "Run All" then runs nothing.
HAS_A_KERNEL = """name => fetch(
    JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl + 'api/sessions',
    {headers: {'X-XSRFToken': (document.cookie.match(/\\b_xsrf=([^;]*)/) || ['', ''])[1]}}
).then(answer => answer.json()).then(sessions => sessions.some(
    session => session.path.endsWith(name) && session.kernel && session.kernel.connections > 0
        && session.kernel.execution_state === 'idle'))"""
HEIGHT = """cells => cells.at(-1).getBoundingClientRect().bottom - cells[0].getBoundingClientRect().top"""
# An element is wider than its place, so the page shows a scroll bar, or cuts it off.
OVERFLOWING = """elements => elements.filter(e => e.scrollWidth > e.clientWidth + 1)
    .map(e => [e.scrollWidth - e.clientWidth, e.textContent.trim().slice(0, 60)])"""
CORNER = """image => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    return [...context.getImageData(1, 1, 1, 1).data];
}"""

LINES = "editor => [...editor.querySelectorAll('.cm-line')].map(line => line.textContent)"
DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def is_shown(place: Locator) -> None:
    """Scroll to a place; what comes into sight on the way is drawn, and may move it once more."""
    for _ in range(2):
        place.evaluate("place => place.scrollIntoView({block: 'center'})")
        place.evaluate(DRAWN)
    expect(place).to_be_in_viewport()


class Student:
    """Someone with one notebook open in the browser."""

    def __init__(self, page: Page, name: str, notebook: Path, screenshots: Path) -> None:
        self.page, self.name, self.notebook = page, name, notebook
        self._screenshots, self._steps = screenshots, itertools.count(1)

    def opens(self, address: str) -> None:
        self.page.goto(address)
        expect(self.cells).to_have_count(len(nbformat.read(self.notebook, as_version=4).cells))
        expect(self.formulas).not_to_have_count(0)
        self._sees_an_idle_kernel()

    def runs_all_cells(self) -> None:
        expect(self.cells).not_to_have_count(0)  # a notebook just fetched may not be drawn yet
        before = max(self.counts, default=0)
        self._chooses("Run", "runmenu:run-all")
        self.page.wait_for_function(ALL_RAN_OR_ONE_FAILED, arg=before)
        self._sees_an_idle_kernel()
        assert self.outputs(STDERR).all_text_contents() == []
        number = self.page.locator(".jp-Notebook .jp-CodeCell").count()
        assert self.counts == list(range(before + 1, before + 1 + number))

    def types(self, exercise: str, code: str) -> None:
        editor = self.editor_of(exercise).element_handle()  # its text, by which it is found, goes meanwhile
        editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(code)
        for _ in range(2):  # lines that are out of sight are not on the page
            editor.evaluate("editor => editor.scrollIntoView({block: 'center'})")
            self.page.evaluate(DRAWN)
        lines = editor.evaluate(LINES)
        assert [line.rstrip() for line in lines] == [line.rstrip() for line in code.splitlines()]

    def prefers(self, theme: str) -> None:
        self.page.emulate_media(color_scheme=theme)
        light = "true" if theme == "light" else "false"
        expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", light)

    def saves(self) -> nbformat.NotebookNode:
        self._chooses("File", "docmanager:save")
        expect(self.page.locator(".lm-TabBar-tab.jp-mod-current.jp-mod-dirty")).to_have_count(0)
        return nbformat.read(self.notebook, as_version=4)

    def looks(self, step: str, *, at: Locator | None = None, whole: bool = False) -> None:
        """Keep a picture of what is seen now, or of the whole notebook from top to bottom."""
        if at is not None:
            is_shown(at)
        if whole:
            self._stretches()
        self.page.screenshot(path=self._screenshots / f"{self.name[:2]}-{next(self._steps):02}-{step}.png")
        if whole:
            self.page.set_viewport_size(WINDOW)

    def _sees_an_idle_kernel(self) -> None:
        kernel = self.page.locator(".jp-Notebook-ExecutionIndicator").first
        expect(kernel).to_have_attribute("data-status", "idle")
        self.page.wait_for_function(HAS_A_KERNEL, arg=self.notebook.name)

    def _stretches(self) -> None:
        """Make the window as tall as the notebook; cells that come into sight may turn out taller."""
        panel = self.page.locator(".jp-WindowedPanel-outer")
        panel.wait_for(state="visible")
        around = WINDOW["height"] - panel.bounding_box()["height"]
        for _ in range(4):
            height = int(self.cells.evaluate_all(HEIGHT) + around + 40)
            if self.page.viewport_size["height"] == height:
                break
            self.page.set_viewport_size({"width": WINDOW["width"], "height": height})
            self.cells.first.scroll_into_view_if_needed()

    def _chooses(self, menu: str, command: str) -> None:
        self.page.get_by_role("menubar").get_by_text(menu, exact=True).click()
        self.page.locator(f'.lm-Menu-item[data-command="{command}"]').click()

    @property
    def cells(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell")

    @property
    def markdown(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-MarkdownOutput")

    @property
    def formulas(self) -> Locator:
        return self.markdown.locator("mjx-container")

    @property
    def counts(self) -> list[int]:
        return self.page.evaluate(COUNTS)

    @property
    def printed(self) -> list[str]:
        return self.outputs(STDOUT).all_text_contents()

    @property
    def pictures(self) -> Locator:
        return self.outputs("text/html").locator('img:not([alt=""])')

    def outputs(self, kind: str) -> Locator:
        return self.page.locator(f'.jp-Notebook .jp-OutputArea-output[data-mime-type="{kind}"]')

    @property
    def editors(self) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell .cm-content")

    def editor(self, text: str) -> Locator:
        """Find the editor of the first code cell that holds this text."""
        return self.editors.filter(has_text=text).first

    def editor_of(self, exercise: str) -> Locator:
        """Find the editor of an exercise's function, or class."""
        return self.editors.filter(has_text=re.compile(rf"(?:def|class) {exercise}\b")).first


@pytest.fixture(scope="module", params=NOTEBOOKS)
def student(request, context, lab, screenshots) -> Iterator[Student]:
    """Someone who opens a notebook, fresh from the course.

    Opening takes longest, so the tests of a notebook share its page. They go on from each other in the order
    of this file, from reading to saving, but each of them can also be run alone.
    """
    name = request.param
    folder = lab.folder / name
    folder.mkdir()
    notebook = Path(shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", folder))
    page = context.new_page()
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    student = Student(page, name, notebook, screenshots)
    student.opens(lab.page_of(notebook))
    student.looks("opened")
    yield student
    page.close()
    elsewhere = [url for url in requests if url.startswith("http") and not url.startswith(lab.url)]
    assert elsewhere == [], "a notebook works without the network"


def test_mathematics_is_rendered(student):
    cells = nbformat.read(student.notebook, as_version=4).cells
    texts = [cell.source for cell in cells if cell.cell_type == "markdown"]
    expect(student.formulas).to_have_count(sum(len(FORMULA.findall(text)) for text in texts))
    assert student.page.locator(NOT_UNDERSTOOD).count() == 0
    assert [text for text in student.markdown.all_text_contents() if "$" in text] == []


def test_figures_are_shown_with_their_alternative_text(student):
    cells = nbformat.read(student.notebook, as_version=4).cells
    described = [text for cell in cells for text in PICTURE.findall(cell.source)]
    images = student.markdown.locator("img")
    expect(images).to_have_count(len(described))
    for image, description in zip(images.all(), described, strict=True):
        expect(image).to_have_attribute("alt", description)
        _is_seen(image)
        student.looks("figure", at=image)


def test_nothing_is_wider_than_the_page(student):
    student.looks("whole", whole=True)
    assert student.markdown.evaluate_all(OVERFLOWING) == []
    assert student.page.locator(".jp-CodeCell .cm-scroller").evaluate_all(OVERFLOWING) == []


def test_only_marks_cells_are_locked(student):
    cells = [c for c in nbformat.read(student.notebook, as_version=4).cells if c.cell_type == "code"]
    for cell, editor in zip(cells, student.editors.all(), strict=True):
        if cell.metadata.get("nbgrader", {}).get("grade"):
            expect(editor).to_have_attribute("aria-readonly", "true")
            editor.click()
            student.page.keyboard.insert_text("score = 100")
            assert "score = 100" not in editor.text_content()
        else:
            expect(editor).not_to_have_attribute("aria-readonly", "true")


def test_runs_to_the_end_before_anything_is_written(student):
    student.runs_all_cells()
    friendly = student.outputs(STDOUT).filter(has_text="exercise1 is not written yet. ")
    student.looks("not-written-yet", at=friendly.first)
    expect(friendly.first).to_be_visible()
    student.looks("not-written-yet-whole", whole=True)


def test_right_answers_are_written_run_and_saved(student):
    answers = samples(student.name)[RIGHT[student.name]].cells
    for exercise, code in answers.items():
        student.types(exercise, code)
        student.looks(f"writes-{exercise}", at=student.editor_of(exercise))
    student.runs_all_cells()
    for exercise in answers:
        written = f"{exercise} is written. Its marks are decided when your notebook is collected.\n"
        assert written in student.printed
    assert student.page.locator(".jp-OutputArea-output").evaluate_all(OVERFLOWING) == []
    for theme in ("light", "dark"):
        student.prefers(theme)
        student.looks(f"{theme}-whole", whole=True)
        student.looks(f"{theme}-table", at=SEES[student.name](student))
        for number, image in enumerate(student.pictures.all(), start=1):
            _is_seen(image)
            student.looks(f"{theme}-picture-{number}", at=image)

    saved = student.saves()
    assert {c.id: c.source for c in saved.cells if c.id in answers} == answers
    assert all(c.outputs for c in saved.cells if c.metadata.get("nbgrader", {}).get("grade"))

    printed, pictures = student.printed, student.pictures.count()
    student.page.reload()
    expect(student.outputs(STDOUT)).to_have_text(printed)
    expect(student.pictures).to_have_count(pictures)
    student.looks("opened-again")


def _sees_two_gradients_agree(student: Student) -> Locator:
    """By hand and by PyTorch: the numbers on the sheet, and a table of all eight arrays."""
    assert any(text.startswith("1.5422821523392") for text in student.printed)
    assert any(re.fullmatch(r"1\.542282[123]\n", text) for text in student.printed)  # rounding decides
    table = student.outputs(STDOUT).filter(has_text="by PyTorch")
    rows = [line.split() for line in table.text_content().splitlines()[1:]]
    assert [row[0] for row in rows] == ["W1", "W2", "W3", "W4", "B1", "B2", "B3", "B4"]
    assert max(float(row[-1]) for row in rows) < 1e-5
    _sees_pictures(student, ("agrees", "network 4-6-6-6-1", "How large"))
    return table


def _sees_the_descent(student: Student) -> Locator:
    """The slopes found on paper, a table that agrees with the sheet, pictures, and one with pages to turn."""
    assert "[ 10.  30.  90. 270.]\n" in student.printed
    table = student.outputs(STDOUT).filter(has_text="the sheet: y")
    rows = [line.split() for line in table.text_content().splitlines() if re.match(r" *\d+ ", line)]
    assert [int(row[0]) for row in rows] == list(range(99, 2000, 100))
    assert max(float(row[-1]) for row in rows) < 1e-4
    _sees_pictures(student, ("squared", "After 2000 steps", "squared", "Level", "Level", "map"))
    _turns_pages(student)
    return table


def _sees_pictures(student: Student, meanings: tuple[str, ...]) -> None:
    expect(student.pictures).to_have_count(len(meanings))
    for image, meaning in zip(student.pictures.all(), meanings, strict=True):
        expect(image).to_have_attribute("alt", re.compile(meaning))


def _turns_pages(student: Student) -> None:
    """With the slider by hand, then with the button; words and alternative text go along."""
    book = student.outputs("text/html").locator("figure")
    slider, words, image = book.locator("input"), book.locator("span"), book.locator('img:not([alt=""])')
    expect(words).to_have_text(re.compile("after 2000 steps, loss 11"))
    slider.fill("0")
    expect(words).to_have_text(re.compile("after 0 steps, loss 89"))
    expect(image).to_have_attribute("alt", re.compile("After 0 steps"))
    expect(slider).to_have_attribute("aria-valuetext", re.compile("after 0 steps"))
    student.looks("first-page", at=book)
    book.get_by_role("button").click()
    expect(words).to_have_text(re.compile("after 2000 steps"))
    expect(book.get_by_role("button")).to_have_text(re.compile("play"))


def _slopes_agree(student: Student, begins: str) -> Locator:
    """Four slopes stand in a table, beside what was measured."""
    table = student.outputs(STDOUT).filter(has_text="measured")
    rows = [line.split() for line in table.text_content().splitlines() if line.startswith(begins)]
    assert len(rows) == 4
    assert all(abs(float(row[-2]) - float(row[-1])) < 1e-6 for row in rows)
    return table


def _sees_digits_being_learned(student: Student) -> Locator:
    """The example done on paper, slopes that agree with measured ones, a network that learns, pictures."""
    assert any("[[  7.  -2.  -5.]" in text for text in student.printed)
    at_the_end = "".join(student.printed).rpartition("of the unseen digits")[0]
    assert float(re.findall(r"([\d.]+)% read right", at_the_end)[-1]) > 85
    meanings = ("no finite number", "beside them J", "triangle", "triangle", "handwritten", "units")
    _sees_pictures(student, (*meanings, "Loss by step", "They are read as", "They are read as", "units"))
    return _slopes_agree(student, "W1[")


def _sees_three_ways_add_up(student: Student) -> Locator:
    """The example done on paper, slopes that agree with measured ones, networks that learn, pictures."""
    assert any("16*DX = [[-1. -5.  7. -2.  1.]]" in text for text in student.printed)
    at_the_end = "".join(student.printed).rpartition("those that were kept: ")[2]
    assert float(re.findall(r"([\d.]+)% read right", at_the_end)[0]) > 70
    meanings = ("height", "normalised height", "40 points", "they add up", "along the circle")
    _sees_pictures(student, (*meanings, "Loss by step", "size of the weights"))
    return _slopes_agree(student, "X[")


def _reads(words: str, student: Student) -> Locator:
    """What a training has come to is said once."""
    said = student.outputs(STDOUT).filter(has_text=words)
    expect(said).to_have_count(1)
    return said


SEES = {
    BACKPROPAGATION: _sees_two_gradients_agree,
    DESCENT: _sees_the_descent,
    CLASSIFIER: _sees_digits_being_learned,
    ENGINE: partial(_reads, "200 of 200 on the right side"),
    NORMALISATION: _sees_three_ways_add_up,
    ATTENTION: partial(_reads, "at the end: right 100.0% of what it practised"),
}


def _is_seen(image: Locator) -> None:
    """The picture has arrived, fits its cell, and brings its own light ground into a dark theme."""
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 0
    place = image.locator(
        "xpath=ancestor::*[contains(@class, 'jp-OutputArea-output') or "
        "contains(@class, 'jp-MarkdownOutput')][1]"
    )
    assert image.bounding_box()["width"] <= place.bounding_box()["width"]
    *colour, opacity = image.evaluate(CORNER)
    assert opacity == 255
    assert min(colour) > 230
