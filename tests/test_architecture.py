"""Who may know whom, read off the imports.

Why not import-linter: version 2.17 was tried. It finds none of the assignments, whose folders' names begin
with a digit; it takes an import within a function for one that always runs; and its contracts say what is
forbidden, where most of these lines say what alone is allowed, of a module or of other people's packages.
"""

import json
import re
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.imported import MODULES, ROOT, Import, imports, ours, under, violations
from tests.process import python

STANDARD = set(sys.stdlib_module_names)


SANDBOX, BRIDGE = "autograder.sandbox", "autograder.nbgrader_bridge"
CLI, COMMANDS, ASSIGNMENTS = "autograder.cli", "autograder.commands", "autograder.assignments"
VOCABULARY = {"autograder.dtypes", "autograder.exercise", "autograder.json_items"}


def known_by(package, more_than=2):
    """Modules of ours that a package's modules, of which there are some, import from outside it."""
    modules = [name for name in MODULES if under(name, package)]
    assert len(modules) > more_than
    return {one for name in modules for one in ours(name) if not under(one, package)}


def in_the_grader(names):
    return {f"autograder.{name}" for name in names.split()}


def beside_the_folders_of(package):
    """What lies in a package itself: modules, and the names of its folders."""
    return {name.rpartition(".")[2] for name in MODULES if name.rpartition(".")[0] == package}


def test_the_modules_are_found():
    assert {"utils", *in_the_grader("exercise sandbox.server.worker cli")} <= set(MODULES)
    assert f"{ASSIGNMENTS}.01_error_backpropagation.exercises" in MODULES
    assert Import("autograder.exercise") in {Import(i.name) for i in imports("autograder.compare")}
    assert any(i.inside and i.name == "torch" for i in imports("autograder.calling.inputs"))


def test_the_vocabulary_imports_nothing_of_the_graders():
    """Of the students' side it has the one word for what is no number."""
    assert ours("autograder.exercise") == {"utils.reading"}


ALONE = (
    *(
        "dtypes",
        "json_items",
        "nbgrader_names",
        "patches",
        "plain_text",
        "whole_files",
        "submissions.signatures",
    ),
    *("calling.quotation", "calling.drivers.graph", "calling.drivers.leaves", "sandbox.isolation.own_memory"),
)
"""Stages that know nothing of ours."""
STAGES = dict.fromkeys(ALONE, "") | {
    "compare": "exercise dtypes",
    "forward_pass": "forward_text operations.axes operations.dimensions operations.law operations.operation",
    "forward_text": "operations.axes operations.dimensions operations.law operations.operation "
    "operations.table",
    "reference": "exercise calling.drivers.graph calling.drivers.leaves dtypes forward_pass",
    "calling.descriptions": "exercise",
    "calling.drivers.driver": "exercise",
    "calling.drivers.call": "exercise",
    "calling.drivers.differentiate": "exercise calling.call_faults calling.drivers.leaves calling.quotation",
    "calling.drivers.for_each": "exercise calling.drivers.driver",
    "calling.drivers.iterate": "exercise calling.drivers.driver",
    "calling.drivers.run_graph": "exercise calling.by_hand calling.call_faults calling.quotation "
    "calling.drivers.driver calling.drivers.graph",
    "calling.call_faults": "exercise calling.descriptions calling.drivers.graph calling.quotation",
    "calling.by_hand": "exercise calling.call_faults",
    "calling.inputs": "exercise dtypes",
    "calling.function_call": "exercise calling.by_hand calling.call_faults calling.inputs calling.quotation "
    "calling.drivers.driver calling.drivers.table",
    "submissions.notebook": "json_items nbgrader_names",
    "submissions.recognition": "exercise submissions.notebook submissions.signatures",
    "submissions.submission": "nbgrader_names plain_text",
    "grading.secret": "exercise nbgrader_names",
    "reporting.report": "exercise plain_text",
    "reporting.tables": "plain_text reporting.report",
    "reporting.mathml": "plain_text",
    "marking.originality": "exercise",
    "marking.differentiated": "exercise compare",
    "marking.behaviour": "exercise",
    "marking.named_answers": "marking.behaviour exercise whole_files",
    "parallel.process_pool": "sandbox.isolation.linux",
    "parallel.cluster": "parallel.process_pool",
}
"""What a stage knows of ours; it never knows another stage, so that `grade` can join them."""


@pytest.mark.parametrize(("name", "known"), STAGES.items())
def test_a_stage_knows_the_vocabulary_and_no_other_stage(name, known):
    assert {n for n in ours(f"autograder.{name}") if under(n, "autograder")} <= in_the_grader(known)


def test_the_sandbox_knows_the_vocabulary_and_how_a_function_is_called():
    """That is, how it is called, and what is said of it."""
    assert known_by(SANDBOX) <= {"utils", "utils.reading"} | VOCABULARY | in_the_grader(
        "calling.function_call calling.by_hand calling.call_faults calling.descriptions calling.inputs "
        "calling.quotation nbgrader_names patches"
    )


PACKAGES = {
    (SANDBOX, "client"): {"protocol", "isolation"},
    (SANDBOX, "protocol"): set(),
    (SANDBOX, "server"): {"protocol", "isolation"},
    (SANDBOX, "isolation"): {"protocol"},
    (BRIDGE, "course"): set(),
    (BRIDGE, "submission"): {"course"},
    (BRIDGE, "whole_class"): {"course", "submission"},
    (BRIDGE, "collecting"): {"course", "submission", "whole_class"},
    (BRIDGE, "returning"): {"course", "submission", "whole_class", "collecting"},
    (BRIDGE, "arriving"): {"course", "submission", "whole_class", "collecting"},
    (BRIDGE, "autograde"): {"course", "submission", "whole_class"},
}
"""What each folder knows of the others: the two sides of the sandbox's trust boundary never meet."""


@pytest.mark.parametrize(("parent", "folder", "known"), [(*key, known) for key, known in PACKAGES.items()])
def test_folders_know_each_other_in_one_direction_and_neither_side_of_the_boundary_the_other(
    parent, folder, known
):
    known_to_it = known_by(f"{parent}.{folder}", more_than=3 if parent == SANDBOX else 2)
    others = {one for one in known_to_it if under(one, parent)}
    assert {one for one in others if not under(one, *(f"{parent}.{name}" for name in known))} == set()


@pytest.mark.parametrize("package", ["protocol", "isolation"])
def test_what_both_sides_share_knows_no_more_than_the_vocabulary(package):
    assert {one for one in known_by(f"{SANDBOX}.{package}") if not under(one, SANDBOX)} <= VOCABULARY


@pytest.mark.parametrize(
    ("parent", "beside"),
    [(SANDBOX, set()), (BRIDGE, {"executor", "hidden_test", "marks_cell", "valid_notebook"})],
    ids=["the sandbox: nothing", "the bridge: the names that courses have, and the marks cell"],
)
def test_beside_its_folders_a_package_has_these_modules_and_no_others(parent, beside):
    folders = {folder for package, folder in PACKAGES if package == parent}
    assert beside_the_folders_of(parent) == folders | beside


def reached(*names):
    """Modules of ours that are imported, sooner or later, by these."""
    result, left = set(), list(names)
    while left:
        name = left.pop()
        if name in MODULES and name not in result:
            result.add(name)
            left += ours(name)
    return result


def test_the_students_side_reaches_no_reference_no_solution_and_no_host():
    result = reached(*in_the_grader("sandbox.server.main sandbox.server.worker"))
    assert in_the_grader("sandbox.isolation.isolation sandbox.server.shell calling.function_call") <= result
    forbidden = in_the_grader(
        "assignments reference compare marking.mark diagnosis grading.secret grading.grade grading.session "
        "sandbox.client nbgrader_bridge"
    )
    assert not {name for name in result if under(name, *forbidden)}


def test_only_a_session_and_the_doctor_start_a_worker():
    openers = {name for name in MODULES if f"{SANDBOX}.client.host" in ours(name)}
    assert openers == in_the_grader("grading.session sandbox.client.doctor")


def test_what_students_have_never_reaches_the_grader():
    students = [name for name in MODULES if under(name, "utils")]
    assert not {result for result in reached(*students) if under(result, "autograder")}


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("cli", "nbgrader torch distributed IPython nbconvert"),
        ("nbgrader_bridge.whole_class.grade_class", "torch distributed IPython.core.interactiveshell"),
        ("parallel.process_pool", "numpy torch nbgrader"),
    ],
)
def test_what_is_started_often_starts_without_what_it_does_not_need(module, unwanted):
    """Who keeps the gradebook of a large class imports no torch: its graders do."""
    code = f"import sys, autograder.{module}; print(*{set(unwanted.split())!r} & set(sys.modules))"
    assert python("-c", code, cwd=ROOT).stdout.split() == []


def test_a_course_server_s_forms_are_known_without_a_course():
    assert known_by("autograder.collecting", more_than=4) == in_the_grader(
        "nbgrader_names plain_text submissions.submission"
    )
    known = {one for one in known_by("autograder.exporting") if not under(one, "autograder.collecting")}
    assert known == in_the_grader("reporting.report reporting.tables")


def test_a_report_is_made_from_records_without_a_course():
    assert known_by("autograder.reporting", more_than=5) == in_the_grader(
        "exercise marking.behaviour plain_text"
    )


def test_imports_go_in_no_circle():
    assert_no_circle({name: ours(name) for name in MODULES})


def test_no_folder_of_the_grader_knows_another_that_knows_it():
    """A module that lies beside the folders counts as one of its own."""
    graph = {}
    for name in MODULES:
        room = ".".join(name.split(".")[:2])
        graph.setdefault(room, set()).update({".".join(one.split(".")[:2]) for one in ours(name)} - {room})
    assert len([one for one in graph if (ROOT / one.replace(".", "/")).is_dir()]) > 15
    assert_no_circle(graph)


def assert_no_circle(graph):
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


BESIDE = {
    *("cli", "new"),  # what somebody calls
    *("declare", "item_by_item", "operation_items", "forward_pass", "forward_text", "invariants"),
    *("reference", "notebook_declaration", "notebook_text"),  # how an assignment is written
    *("exercise", "compare", "dtypes"),  # what all the rest speaks of
    *("json_items", "nbgrader_names", "patches", "plain_text", "student_material", "whole_files"),
}


def test_beside_the_grader_s_folders_is_what_many_of_them_need():
    """Everything else has a folder: whoever looks at the tree sees what the grader is made of."""
    assert {path.stem for path in (ROOT / "autograder").glob("*.py")} - {"__init__"} == BESIDE


IN_UTILS = STANDARD | {"numpy", "torch", "matplotlib", "utils"}
TORCH_ON_CALL = in_the_grader(
    "calling.drivers.differentiate calling.inputs sandbox.isolation.autodiff sandbox.server.main"
)
"""Where torch is needed once there is something to be done with it."""
TORCH_AT_ONCE = in_the_grader(
    "reference instances.evidence nbgrader_bridge.whole_class.grading_process computations assignments"
)
FORBIDDEN = {
    "utils ships without the grader": lambda name, i: (
        under(name, "utils") and i.name.split(".")[0] not in IN_UTILS
    ),
    "the student's side is started and never imported": lambda name, i: (
        under(i.name, f"{SANDBOX}.server") and not under(name, f"{SANDBOX}.server")
    ),
    "what starts the student's side is imported nowhere": lambda name, i: i.name == f"{SANDBOX}.server.main",
    "torch is imported only where gradients are": lambda name, i: (
        under(i.name, "torch")
        and not (i.checking or (name in TORCH_ON_CALL and i.inside) or under(name, *TORCH_AT_ONCE, "utils"))
    ),
    "a cluster is known in one place and only when asked for": lambda name, i: (
        under(i.name, "distributed", "dask")
        and not (name == "autograder.parallel.cluster" and (i.checking or i.inside))
    ),
    "nbgrader is known only by its bridge": lambda name, i: (
        under(i.name, "nbgrader") and not under(name, BRIDGE)
    ),
    "nothing imports the command line": lambda name, i: i.name == CLI,
    "only the command line imports commands": lambda name, i: (
        under(i.name, COMMANDS) and not under(name, COMMANDS, CLI)
    ),
    "only the command line imports the bridge, and only when asked": lambda name, i: (
        under(i.name, BRIDGE) and not under(name, BRIDGE) and not (under(name, CLI, COMMANDS) and i.inside)
    ),
    "only declarations know assignments by name": lambda name, i: (
        under(i.name, ASSIGNMENTS) and i.name != ASSIGNMENTS and not under(name, ASSIGNMENTS)
    ),
    "no assignment knows another": lambda name, i: (
        name.startswith(f"{ASSIGNMENTS}.")
        and i.name.startswith(f"{ASSIGNMENTS}.")
        and not under(i.name, ".".join(name.split(".")[:3]))
    ),
    "no import takes everything": lambda name, i: i.star,
}


@pytest.mark.parametrize("forbidden", FORBIDDEN.values(), ids=FORBIDDEN)
def test_no_import_is_forbidden(forbidden):
    assert not violations(forbidden)


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").rglob("*.ipynb")), ids=lambda path: path.name)
def test_a_released_notebook_has_no_outputs(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    for cell in cells:
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []
            assert cell["execution_count"] is None
        assert "SOLUTION" not in "".join(cell["source"])
        assert "HIDDEN TESTS" not in "".join(cell["source"])


def test_every_assignment_has_its_notebook():
    result = {path.stem.replace("-", "_") for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert result == {path.parent.name for path in (ROOT / "autograder/assignments").glob("*/exercises.py")}


@pytest.mark.parametrize("folder", ["autograder", "utils", "samples"])
def test_what_is_shown_and_shipped_imports_no_tests(folder):
    """The demo, too, runs without them."""
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / folder).rglob("*.py")}
    assert texts
    importing = re.compile(r"^\s*(from|import) tests\b", re.MULTILINE)
    assert not [path for path, text in texts.items() if importing.search(text)]
