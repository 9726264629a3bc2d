"""Formulas become MathML that a browser shows by itself, and nothing else."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from autograder.reporting.mathml import ATTRIBUTES, ELEMENTS, from_latex

NOTEBOOKS = sorted((Path(__file__).parents[3] / "notebooks").glob("*.ipynb"))


def formulas(path):
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            text = re.sub(r"`[^`]*`", "", "".join(cell["source"]))
            for result in re.finditer(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL):
                yield result[1] or result[2], bool(result[1])


def test_there_are_hundreds_of_formulas_in_ours():
    every = [formula for path in NOTEBOOKS for formula in formulas(path)]
    assert len(every) > 1150, "without those of any notebook there are fewer"


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_formula_of_ours_is_converted(path):
    result = list(formulas(path))
    assert result
    for formula, display in result:
        tree = ElementTree.fromstring(from_latex(formula, display=display))
        assert tree.tag == "math", formula
        assert "\\" not in "".join(tree.itertext()), formula


HOSTILE = [
    *(r"\text{<script>alert(1)</script>}", r"\text{&lt;script&gt;alert(1)&lt;/script&gt;}"),
    *(r"\href{javascript:alert(1)}{x}", r"\style{position:fixed}{x}", r"x \class{a}{y} \cssId{b}{z}"),
    *(r"\text{\"onmouseover=alert(1)}", r"\color{red}x", r"\unicode{x3c}img\unicode{x3e}"),
]


@pytest.mark.parametrize("formula", HOSTILE)
def test_nothing_of_a_student_s_formula_is_live(formula):
    written = from_latex(formula)
    if written.startswith("<code>"):
        assert "<" not in written[len("<code>") : -len("</code>")]
        return
    for element in ElementTree.fromstring(written).iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES
    assert "<script" not in written


BROKEN = ["{" * 5000, "x" * 100_000, r"\frac{1}", r"\begin{nothing}", "}", "", "\\"]


@pytest.mark.parametrize("formula", BROKEN)
def test_what_cannot_be_converted_is_shown_as_it_was_written(formula):
    assert from_latex(formula).startswith(("<code>$", "<math"))


def test_rows_of_equations_are_a_table():
    written = from_latex(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", display=True)
    assert written.count("<mtr>") == 2
    assert "&amp;" not in written


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("x", "<math><mi>x</mi></math>"),
        (r"\frac{1}{N}", "<math><mfrac><mn>1</mn><mi>N</mi></mfrac></math>"),
        (r"\mathrm{err}", "<math><mi>err</mi></math>"),
        ("{a+b}^2", "<math><msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup></math>"),
    ],
)
def test_a_formula_has_no_row_of_one_thing_and_a_name_is_one_name(formula, written):
    assert from_latex(formula) == written


def test_upright_letters_stay_apart_where_each_has_its_own_place():
    assert from_latex(r"\frac{\mathrm{a}}{\mathrm{b}}").count("<mi") == 2
