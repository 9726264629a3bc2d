"""Modules, classes and functions have the field's names, and every module says what it is."""

import ast
import re

from tests.imported import MODULES

PARTS = re.compile(
    "nursery|zygote|nest|desk|teach|rehearse|boxed|crew|farewell|deaf|unstick|shelf|disarm|chain|slots?|"
    "alternatives?|blends?|glimpse|story|blame|ladder|rung|station|examine|lacks|rectifier|mend"
)
"""Words of ours that the field has others for."""
WHOLE = re.compile("told|noted|seen|found|kept|laid|left|choices?|model|box|ledger|lesson")
"""Those that do no harm as a part of a name: `left_out`, `bounding_box`."""
IN_COURSES = {"BoxedExecute"}
"""A name that courses have in their configuration."""


def named_in(tree):
    """The names of classes and functions."""
    kinds = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)} - IN_COURSES


def test_modules_classes_and_functions_have_the_fields_names():
    """The sheets' own names, in assignments, are another matter."""
    wrong = []
    for module in (name for name in MODULES if not re.match(r"autograder.assignments.\d", name)):
        tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
        for name in (module.rpartition(".")[2], *named_in(tree)):
            parts = re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", name).lower())
            if WHOLE.fullmatch(name.strip("_").lower()) or any(map(PARTS.fullmatch, parts)):
                wrong.append(f"{name} in {module}")
    assert wrong == []


def test_every_module_says_what_it_is():
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}
    assert [name for name, tree in trees.items() if not ast.get_docstring(tree)] == []
