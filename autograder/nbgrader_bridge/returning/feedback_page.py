"""Write feedback pages with nbgrader's own template, many in one process.

`nbgrader generate_feedback` creates an exporter, opens the gradebook several times, and parses the page once
more for each notebook. Here one exporter writes all of them; texts that all students share are
converted once; formulas become MathML, and the style sheet is only as long as the page needs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader import utils as nbgrader_utils
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from PIL import Image
from traitlets.config import Config

from autograder.nbgrader_bridge.returning.short_page import (
    rules_for,
    short_code,
    without_blank_lines,
    without_unused_classes,
)
from autograder.reporting.mathml import from_latex

TEMPLATES = Path(__file__).parents[2] / "templates"
PAGE = "feedback_page"
WITHOUT_ALT = re.compile(r"<img (?![^>]*\balt=)")
NO_ALT = '<img alt="No description has been provided for this image" '
COLOURS = 64  # of the assignment's own drawings: few are used, and a page is sent to everybody
PNG = "image/png"
Picture = tuple[str, str]
"""What kind of file it is, and the file as notebooks hold it."""
CODE_RULES = "/* code */"  # where they stand in the page


class Renderer(IPythonRenderer):
    """Render a notebook's text, with formulas as MathML."""

    def inline_math(self, body: str) -> str:
        """Write a formula within a line."""
        return from_latex(body.strip())

    def block_math(self, body: str) -> str:
        """Write a formula on a line of its own."""
        return from_latex(body.strip(), display=True)

    def multiline_math(self, text: str) -> str:
        """Write a formula that was found with its signs."""
        return from_latex(text.strip().strip("$").strip(), display=True)

    def latex_environment(self, name: str, body: str) -> str:
        """Write an environment."""
        return from_latex(rf"\begin{{{name}}}{body}\end{{{name}}}", display=True)


class PageExporter(HTMLExporter):
    """Export notebooks to pages, and cache converted texts."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401  traitlets' own
        super().__init__(**settings)  # type: ignore[no-untyped-call]
        highlight = Highlight2HTML(pygments_lexer="ipython3", parent=self)  # type: ignore[no-untyped-call]
        self._highlight = lru_cache(maxsize=2048)(highlight)
        self._texts: dict[tuple[str, ...], str] = {}
        self._is_ours = self.template_name == PAGE
        self.register_filter("highlight_code", self._highlighted)  # type: ignore[no-untyped-call]

    def _highlighted(self, source: str, metadata: object = None, language: str | None = None) -> str:
        del metadata
        highlighted = str(self._highlight(source, language=language))
        return short_code(highlighted) if self._is_ours else highlighted

    @pass_context
    def markdown2html(self, context: Any, source: str) -> str:  # noqa: ANN401  jinja's
        """Render a text, or look up how it was rendered before."""
        attachments = getattr(context.get("cell", {}), "attachments", {})
        key = (source, *(text for each in attachments.values() for text in each.values()))
        if key not in self._texts:
            renderer = Renderer(attachments=attachments, exclude_anchor_links=True, escape=False)
            self._texts[key] = str(MarkdownWithMath(renderer=renderer).render(source))
        return self._texts[key]

    def page(self, notebook: NotebookNode, resources: dict[str, Any]) -> str:
        """Write a page; `HTMLExporter` would parse it again to find pictures without a description."""
        resources = self._init_resources(resources)  # type: ignore[no-untyped-call]
        html, _ = TemplateExporter.from_notebook_node(self, notebook, resources)
        html = WITHOUT_ALT.sub(NO_ALT, html)
        if self._is_ours:
            html = without_unused_classes(without_blank_lines(html), style())
            html = html.replace(CODE_RULES, rules_for(html), 1)
        return str(html)


def page_exporter(directory: CourseDirectory, config: Config) -> PageExporter:
    """Create an exporter from a course's settings; use a template that the course names as it is."""
    settings = GenerateFeedback(coursedir=directory, config=Config(config)).config
    settings.CSSHTMLHeaderPreprocessor.enabled = False  # a hundred kilobytes of a style that is not used
    if "template_name" not in config.get("HTMLExporter", {}):
        nbgraders = settings.HTMLExporter.extra_template_basedirs
        settings.HTMLExporter.template_name = PAGE
        settings.HTMLExporter.extra_template_basedirs = [str(TEMPLATES), *nbgraders]
        settings.HTMLExporter.extra_template_paths = [
            *settings.HTMLExporter.extra_template_paths,
            *nbgraders,
        ]
    return PageExporter(config=settings)


def style() -> str:
    """Return the page's style sheet, with a place for the colours of its code."""
    return (TEMPLATES / PAGE / "style.css").read_text(encoding="utf-8") + CODE_RULES


def with_marks(
    notebook: NotebookNode, scores: Mapping[str, tuple[float, float]], comments: Mapping[str, str | None]
) -> None:
    """Put marks and comments into a notebook's cells, as nbgrader's `GetGrades` does.

    scores : by cell, what was earned and what there is to earn.
    """
    for cell in notebook.cells:
        if nbgrader_utils.is_solution(cell) or nbgrader_utils.is_task(cell):
            cell.metadata.nbgrader["comment"] = comments.get(cell.metadata.nbgrader["grade_id"])
        if nbgrader_utils.is_grade(cell) or nbgrader_utils.is_task(cell):
            earned, points = scores.get(cell.metadata.nbgrader["grade_id"], (0.0, 0.0))
            cell.metadata.nbgrader["score"], cell.metadata.nbgrader["points"] = earned, points


def with_small_pictures(notebook: NotebookNode, released: Mapping[str, Picture]) -> None:
    """Replace the assignment's own pictures by smaller files.

    released : pictures as they were released, and the smaller ones; a student's own stay as they are.
    """
    for cell in notebook.cells:
        for name, pictures in cell.get("attachments", {}).items():
            smaller_ones = [released[p] for p in pictures.values() if isinstance(p, str) and p in released]
            if smaller_ones:
                cell.attachments[name] = NotebookNode(smaller_ones[:1])


def smaller(content: bytes) -> tuple[str, bytes]:
    """Store a drawing with few colours; return it unchanged if that is not smaller, or no picture."""
    try:
        with Image.open(io.BytesIO(content)) as picture:
            file = io.BytesIO()
            flat = picture.convert("RGBA") if picture.mode == "P" else picture
            method = Image.Quantize.FASTOCTREE if flat.mode == "RGBA" else Image.Quantize.MEDIANCUT
            few = flat.quantize(COLOURS, method=method).convert(flat.mode)
            few.save(file, "WEBP", lossless=True, quality=100, method=4)  # 6 takes forty times as long
    except (OSError, ValueError):
        return PNG, content
    return ("image/webp", file.getvalue()) if len(file.getvalue()) < len(content) else (PNG, content)
