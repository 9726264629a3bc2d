"""Of what a student wrote, a page holds nothing that runs, loads, or covers it, and the rest as it was."""

from pathlib import Path

import nbformat
import pytest
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from autograder.nbgrader_bridge.submission import sanitize_html
from autograder.nbgrader_bridge.submission.grade_notebook import grade_notebook
from autograder.sandbox.protocol.limits import Limits
from samples.attacks import pages

ROOT = Path(__file__).parents[4]
SCRIPT = f"javascript:document.title=/{pages.MARK}/.source"
PNG = "data:image/png;base64,iVBORw0KGgo="
NAMES = ["exercise1-marks", "exercise1"]


def cleaned(text):
    cell = nbformat.v4.new_markdown_cell(text)
    sanitize_html.sanitize_text_cells([cell], NAMES)
    return cell.source


def page(text):
    """What nbconvert makes of it, with the places of marks that nbgrader puts into its pages."""
    places = "".join(f'<a name="{name}"></a><div id="{name}_extra_credit"></div>' for name in NAMES)
    rendered = MarkdownWithMath(renderer=IPythonRenderer(escape=False)).render(text)
    return f'{places}<div id="toc"></div>{rendered}'


# Text cells

HONEST = {
    "formulas": "$0<x<1$, $\\frac{1}{2}$ and $$\\begin{align} a &= b<c\\\\[1ex] d &= e\\end{align}$$",
    "own macros": "$\\newcommand{\\R}{\\mathbb{R}} x\\in\\R$, $\\color{red}{x}$, $\\hspace{-2pt}$",
    "links": "[a](https://a.b/c?d=e#f), [b](#My-part), [c](notes/b.html), [d](mailto:a@b.c), <https://ok.org>",
    "references": "see [1] and [the book][b]\n\n[1]: https://x.org 'A title'\n[b]: <https://x.org/a(b)>",
    "pictures": "![n](figures/a.png) ![](b.svg 'title')",
    "a pasted picture": f"![]({PNG[:22]}{'iVBORw0K' * 9000})",
    "a pasted picture as Colab has it": f"![image.png]({PNG})",
    "tables": "| a | b |\n|---|--:|\n| 1 | **2** |",
    "lists": "1. one\n2. two\n   - [x] done\n\nTerm\n: definition",
    "code": "`a <b> c`\n\n```python\nif x<y: print('<b>')\n```\n\n    <script>",
    "code about links": "`[x](javascript:alert(1))`",
    "elements without attributes": "H<sub>2</sub>O <b>bold</b><br>\n<!-- a note -->",
    "comparisons": "a <- b, c<d, x < y:z, if a<5 and b>3",
    "headings": "# My part\n\nMarks\n=====\n\n## exercise 1: my way",
    "entities": "a &amp; b &lt;script&gt; &copy;",
}


@pytest.mark.parametrize("what", HONEST)
def test_an_honest_text_stays_as_it_is(what):
    assert cleaned(HONEST[what]) == HONEST[what]


HOSTILE = {
    "blanks before": f"[x](     {SCRIPT})",
    "another line": f"[x](\n{SCRIPT})",
    "a reference behind blanks": f"[x][1]\n\n[1]:       {SCRIPT}",
    "a reference on another line": f"[x]\n\n[x]:\n   <{SCRIPT}>",
    "a reference in a quotation": f"> [x]:\n> {SCRIPT}\n\n[x]",
    "a reference in a list": f"- [x]: {SCRIPT}\n\n[x]",
    "an escaped colon": f"[x]({SCRIPT.replace(':', chr(92) + ':', 1)})",
    "letters as numbers": f"[x](&#106;&#x61;{SCRIPT[2:]})",
    "a colon by name": f"[x](javascript&colon;{SCRIPT[11:]})",
    "a link of its own": f"<{SCRIPT}>",
    "a link around a picture": f"[![a](b.png)]({SCRIPT})",
    "a link in a table": f"|a|\n|-|\n|[x]({SCRIPT})|",
    "capital letters": f"[x](JavaScript:{SCRIPT[11:]})",
    "another script": f"[x](vbscript:{pages.MARK})",
    "a page as data": f"[x](data:text/html,{pages.MARK})",
    "a picture from elsewhere": f"![x](http://x/{pages.MARK}.png)",
    "a picture from elsewhere by reference": f"![x][1]\n\n[1]: //x/{pages.MARK}.png",
    "an element": f'<svg onload="document.title=/{pages.MARK}/">',
    "an element over lines": f"<div\nclass='navbar-fixed-top {pages.MARK}'\n>30</div>",
    "an element in a definition": f"Term\n: <script>document.title='{pages.MARK}'</script>",
    "a diagram": f"```mermaid\n{pages.MARK}\n```",
    "a diagram in another fence": f"~~~  mermaid x\n{pages.MARK}\n~~~",
    "a diagram in a list": f"- ```mermaid\n  {pages.MARK}\n  ```",
    "a formula": f"$\\href{{{SCRIPT}}}{{x}}$",
    "a formula of entities": f"&#36;&#92;href{{{SCRIPT}}}{{x}}&#36;",
    "a formula of escapes": f"\\\\(\\\\href{{{SCRIPT}}}{{x}}\\\\)",
    "a formula in an environment": f"\\begin{{align}}\\class{{{pages.MARK}}}{{x}}\\end{{align}}",
    "a formula drawn elsewhere": f"$\\smash{{\\raise 40em{{{pages.MARK}}}}}$",
    "a heading named like the marks": "# exercise1-marks",
    "a heading with a line below": "exercise1-marks\n-",
    "a heading in pieces": "## exercise1-**ma**rks",
    "a heading of entities": "# &#101;xercise1",
    "a heading named like a part of the page": "# toc",
    "a heading named like an input": "# exercise1_extra_credit",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_text_becomes_letters(what):
    assert pages.live(page(HOSTILE[what])) != []  # nbconvert itself does nothing about it
    assert pages.live(page(cleaned(HOSTILE[what]))) == []


def test_where_nothing_else_helps_the_whole_text_is_shown_letter_by_letter():
    text = f"Before ``` and ````\n\n> [x]:\n> {SCRIPT}\n\n[x] **after**"
    shown = cleaned(text)
    assert shown.startswith("*This text is shown as it was written")
    assert text in shown
    assert pages.live(page(shown)) == []


def test_texts_that_are_far_too_long_are_shown_and_not_parsed():
    text = "\\\\[" * 30_000
    assert text in cleaned(text)
    many = [nbformat.v4.new_markdown_cell(f"# {n}" + "\\\\[" * 6000) for n in range(200)]
    sanitize_html.sanitize_text_cells(many, NAMES)
    assert many[-1].source.startswith("*This text is shown")


def test_a_raw_cell_is_letters():
    text = "<b class='x'>$&#92;href{javascript:x}{y}$ &lt; \\style{a}{b}"
    cell = nbformat.v4.new_raw_cell(text)
    sanitize_html.sanitize_text_cells([cell], NAMES)
    assert cell.source.replace("\u200b", "") == text
    assert "<b" not in cell.source
    assert "&#" not in cell.source


# Outputs


def test_a_table_keeps_its_form_and_loses_its_classes():
    row = '<tr style="x"><th scope="col" id="a" data-x="y">1</th></tr>'
    result = sanitize_html.sanitize_fragment(f'<table border="1" class="dataframe">{row}</table>')
    assert result == '<table><tbody><tr><th scope="col">1</th></tr></tbody></table>'


def test_a_picture_within_the_page_is_shown_and_one_from_elsewhere_is_not():
    assert f'src="{PNG}"' in sanitize_html.sanitize_fragment(f'<img src="{PNG}" width="60" onerror="x">')
    for source in ("http://x/a.png", "a.png", "//x/a.png", "data:image/svg+xml,<svg>", "data:text/html,x"):
        assert "src" not in sanitize_html.sanitize_fragment(f'<img src="{source}">')


ATTRIBUTES = [
    *('class="navbar-fixed-top"', 'style="position:fixed"', 'id="toc"', 'name="top"', 'target="_blank"'),
    *('data-toggle="tooltip"', f'title="{"x" * 5000}"', 'colspan="99999"', 'align="x"', 'dir="rtl"'),
    *('href="javascript:x"', 'href="data:text/html,x"', 'href="java&#9;script:x"', 'href="x:y"'),
    'tabindex="1"',
]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
def test_attributes_that_do_more_than_a_table_needs_go(attribute):
    assert sanitize_html.sanitize_fragment(f"<a {attribute}>x</a>") == "<a>x</a>"
    assert sanitize_html.sanitize_fragment(f"<td {attribute}>x</td>") == "x"


LINKS = ["https://x.org/a?b=c", "http://x.org", "mailto:a@b.c", "#part", "notes/a.html"]


@pytest.mark.parametrize("link", LINKS)
def test_a_link_stays(link):
    kept = sanitize_html.sanitize_fragment(f'<a href="{link}" target="_blank">x</a>')
    assert kept == f'<a href="{link}">x</a>'


def output(metadata):
    cell = nbformat.v4.new_code_cell("x")
    cell.outputs = [nbformat.v4.new_output("display_data", {"image/png": "x"}, metadata=metadata)]
    sanitize_html.sanitize_html(nbformat.v4.new_notebook(cells=[cell]))
    return cell.outputs[0].metadata


def test_of_metadata_the_sizes_of_pictures_stay():
    sizes = {"width": 300, "height": 200}
    assert output({"image/png": sizes}) == {"image/png": sizes}
    assert output(sizes) == sizes


NO_SIZES = ["300", "1 onload=x", 3.5, True, None, -1, 0, 10**9, [3], {"width": 3}]
NO_METADATA = [
    *({"image/png": {"width": size}, "height": size} for size in NO_SIZES),
    {"filenames": {"image/png": "http://x"}},
    {"image/png": {"alt": "x", "unconfined": True, "class": "x"}},
    {"text/html": {"isolated": True}},
    {"image/png": "x"},
    {"image/png": {"image/png": {"width": 3}}},
]


@pytest.mark.parametrize("metadata", NO_METADATA, ids=repr)
def test_a_size_is_a_whole_number_and_nothing_else_of_metadata_stays(metadata):
    assert output(metadata) == {}


def test_what_a_later_cell_rewrites_is_clean_too(fork_server):
    hostile = f"<script>document.title='{pages.MARK}'</script>"
    sources = (
        "from IPython.display import *\ndisplay(HTML('a'), display_id='one');",
        f"update_display(HTML({hostile!r}), display_id='one', metadata={{'width': '1 onload=x'}})",
    )
    run = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    grade_notebook(run, "amara", b"", {}, fork_server, Limits())
    (shown,) = run.cells[0].outputs
    assert pages.MARK not in str(shown)
    assert shown.metadata == {}


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda path: path.stem)
def test_the_assignments_own_texts_stay_as_they_are(path):
    run = nbformat.read(path, as_version=4)
    texts = [cell.source for cell in run.cells]
    sanitize_html.sanitize_html(run)
    assert [cell.source for cell in run.cells] == texts
