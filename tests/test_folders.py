"""What the grader is made of can be read off its folders, which know each other in one direction."""

from graphlib import CycleError, TopologicalSorter

import pytest

from tests.imported import MODULES, ROOT, ours


def room(name):
    """The folder of the grader in which a module lies, or the module itself if it lies beside them."""
    return ".".join(name.split(".")[:2])


def test_no_folder_of_the_grader_knows_another_that_knows_it():
    graph = {}
    for name in MODULES:
        graph.setdefault(room(name), set()).update({room(one) for one in ours(name)} - {room(name)})
    assert len([one for one in graph if (ROOT / one.replace(".", "/")).is_dir()]) > 15
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


BESIDE = {
    *("cli", "new"),  # what somebody calls
    *(
        "declare",
        "forward_pass",
        "forward_text",
        "invariants",
        "item_by_item",
        "operation_items",
        "reference",
    ),
    *("notebook_declaration", "notebook_text"),  # how an assignment is written
    *("exercise", "compare", "dtypes"),  # what all the rest speaks of
    *("json_items", "plain_text", "student_material", "whole_files"),
}


def test_beside_the_grader_s_folders_is_what_many_of_them_need():
    """Everything else has a folder: whoever looks at the tree sees what the grader is made of."""
    beside = {path.stem for path in (ROOT / "autograder").glob("*.py")} - {"__init__"}
    assert beside == BESIDE
