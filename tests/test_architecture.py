"""Who may know whom, read off the imports.

Why not import-linter: half of these lines are about imports within functions, which it does not tell from
others (https://github.com/seddonym/import-linter/issues/230).
"""

import json
import re
import sys
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.imported import MODULES, ROOT, Import, imports, ours, under, violations
from tests.process import python

STANDARD = set(sys.stdlib_module_names)


def test_the_modules_are_found():
    assert {"utils", "autograder.exercise", "autograder.sandbox.server.worker", "autograder.cli"} <= set(
        MODULES
    )
    assert "autograder.assignments.01_error_backpropagation.exercises" in MODULES
    assert Import("autograder.exercise") in {Import(i.name) for i in imports("autograder.compare")}
    assert any(i.inside and i.name == "torch" for i in imports("autograder.calling.inputs"))


def test_utils_ships_without_the_grader():
    allowed = STANDARD | {"numpy", "torch", "matplotlib", "utils"}
    assert not violations(lambda name, i: under(name, "utils") and i.name.split(".")[0] not in allowed)


def test_the_vocabulary_imports_nothing_of_the_graders():
    """Of the students' side it has the one word for what is no number."""
    assert ours("autograder.exercise") == {"utils.reading"}


STAGES = {
    "dtypes": set(),
    "compare": {"exercise", "dtypes"},
    "forward_pass": {
        "forward_text",
        "operations.axes",
        "operations.dimensions",
        "operations.law",
        "operations.operation",
    },
    "forward_text": {
        "operations.axes",
        "operations.dimensions",
        "operations.law",
        "operations.operation",
        "operations.table",
    },
    "reference": {"exercise", "calling.drivers.graph", "calling.drivers.leaves", "dtypes", "forward_pass"},
    "calling.quotation": set(),
    "calling.descriptions": {"exercise"},
    "calling.drivers.graph": set(),
    "calling.drivers.leaves": set(),
    "calling.drivers.driver": {"exercise"},
    "calling.drivers.call": {"exercise"},
    "calling.drivers.differentiate": {
        "exercise",
        "calling.call_faults",
        "calling.drivers.leaves",
        "calling.quotation",
    },
    "calling.drivers.for_each": {"exercise", "calling.drivers.driver"},
    "calling.drivers.iterate": {"exercise", "calling.drivers.driver"},
    "calling.drivers.run_graph": {
        *("exercise", "calling.by_hand", "calling.call_faults", "calling.quotation"),
        *("calling.drivers.driver", "calling.drivers.graph"),
    },
    "calling.call_faults": {"exercise", "calling.descriptions", "calling.drivers.graph", "calling.quotation"},
    "calling.by_hand": {"exercise", "calling.call_faults"},
    "calling.inputs": {"exercise", "dtypes"},
    "calling.function_call": {
        *("exercise", "calling.by_hand", "calling.call_faults", "calling.inputs", "calling.quotation"),
        *("calling.drivers.driver", "calling.drivers.table"),
    },
    "submissions.notebook": {"json_items"},
    "json_items": set(),
    "sandbox.isolation.own_memory": set(),
    "submissions.signatures": set(),
    "submissions.recognition": {"exercise", "submissions.notebook", "submissions.signatures"},
    "submissions.submission": {"plain_text"},
    "grading.secret": {"exercise"},
    "plain_text": set(),
    "reporting.report": {"exercise", "plain_text"},
    "marking.originality": {"exercise"},
    "marking.differentiated": {"exercise", "compare"},
    "parallel.process_pool": {"sandbox.isolation.linux"},
    "parallel.cluster": {"parallel.process_pool"},
    "reporting.tables": {"plain_text", "reporting.report"},
    "marking.behaviour": {"exercise"},
    "marking.named_answers": {"marking.behaviour", "exercise", "whole_files"},
    "whole_files": set(),
    "reporting.mathml": {"plain_text"},
}
"""What a stage knows of ours; it never knows another stage, so that `grade` can join them."""


@pytest.mark.parametrize(("name", "known"), STAGES.items())
def test_a_stage_knows_the_vocabulary_and_no_other_stage(name, known):
    assert {n for n in ours(f"autograder.{name}") if under(n, "autograder")} <= {
        f"autograder.{n}" for n in known
    }


def test_the_sandbox_knows_the_vocabulary_and_how_a_function_is_called():
    sandbox = [name for name in MODULES if under(name, "autograder.sandbox")]
    known = {one for name in sandbox for one in ours(name) if not under(one, "autograder.sandbox")}
    assert known <= {
        "utils",
        "utils.reading",
        "autograder.exercise",
        *(f"autograder.{name}" for name in CALLING),
    }


CALLING = (
    "calling.function_call",
    "calling.by_hand",
    "calling.call_faults",
    "calling.descriptions",
    "dtypes",
    "calling.inputs",
    "json_items",
    "sandbox.isolation.own_memory",
    "calling.quotation",
)
"""How a function is called, and what is said of it."""


def reached(*names):
    """Modules of ours that are imported, sooner or later, by these."""
    result, left = set(), list(names)
    while left:
        name = left.pop()
        if name in MODULES and name not in result:
            result.add(name)
            left += ours(name)
    return result


PACKAGES = {
    "client": {"protocol", "isolation"},
    "protocol": set(),
    "server": {"protocol", "isolation"},
    "isolation": {"protocol"},
}
"""What each package of the sandbox knows of the others: the two sides of the trust boundary never meet."""
VOCABULARY = {"autograder.dtypes", "autograder.exercise", "autograder.json_items"}


@pytest.mark.parametrize(("package", "known"), PACKAGES.items())
def test_neither_side_of_the_trust_boundary_imports_the_other(package, known):
    names = [name for name in MODULES if under(name, f"autograder.sandbox.{package}")]
    assert len(names) > 3
    result = {name for module in names for name in ours(module) if under(name, "autograder.sandbox")}
    allowed = [f"autograder.sandbox.{name}" for name in (package, *known)]
    assert {name for name in result if not under(name, *allowed)} == set()


@pytest.mark.parametrize("package", ["protocol", "isolation"])
def test_what_both_sides_share_knows_no_more_than_the_vocabulary(package):
    names = [name for name in MODULES if under(name, f"autograder.sandbox.{package}")]
    result = {name for module in names for name in ours(module) if not under(name, "autograder.sandbox")}
    assert result <= VOCABULARY


def test_the_sandbox_has_no_module_beside_its_packages():
    beside = {name for name in MODULES if name.rpartition(".")[0] == "autograder.sandbox"}
    assert beside == {f"autograder.sandbox.{package}" for package in PACKAGES}


def test_the_students_side_reaches_no_reference_no_solution_and_no_host():
    result = reached("autograder.sandbox.server.main", "autograder.sandbox.server.worker")
    assert {
        "autograder.sandbox.isolation.isolation",
        "autograder.sandbox.server.shell",
        "autograder.calling.function_call",
    } <= result
    forbidden = (
        "autograder.assignments",
        "autograder.reference",
        "autograder.compare",
        "autograder.marking.mark",
    )
    forbidden += (
        "autograder.diagnosis",
        "autograder.grading.secret",
        "autograder.grading.grade",
        "autograder.grading.session",
    )
    forbidden += ("autograder.sandbox.client", "autograder.nbgrader_bridge")
    assert not {name for name in result if under(name, *forbidden)}


def test_only_a_session_and_the_doctor_start_a_worker():
    openers = {name for name in MODULES if "autograder.sandbox.client.host" in ours(name)}
    assert openers == {"autograder.grading.session", "autograder.sandbox.client.doctor"}


def test_the_students_side_is_started_and_never_imported():
    for name in MODULES:
        if not under(name, "autograder.sandbox.server"):
            assert not {result for result in ours(name) if under(result, "autograder.sandbox.server")}
        assert "autograder.sandbox.server.main" not in ours(name)


def test_what_students_have_never_reaches_the_grader():
    students = [name for name in MODULES if under(name, "utils")]
    assert not {result for result in reached(*students) if under(result, "autograder")}


LATE = (
    *("autograder.calling.drivers.differentiate", "autograder.calling.inputs"),
    *("autograder.sandbox.isolation.autodiff", "autograder.sandbox.server.main"),
)
"""Where torch is needed once there is something to be done with it."""
EARLY = (
    *("autograder.reference", "autograder.instances.evidence"),
    "autograder.nbgrader_bridge.whole_class.grading_process",
)


def test_torch_is_imported_only_where_gradients_are():
    free = ("autograder.computations", "autograder.assignments", "utils")
    assert not violations(
        lambda name, i: (
            under(i.name, "torch")
            and not (i.checking or (name in LATE and i.inside))
            and not (name in EARLY or under(name, *free))
        )
    )


def test_a_cluster_is_known_in_one_place_and_only_when_asked_for():
    assert not violations(
        lambda name, i: (
            under(i.name, "distributed", "dask")
            and not (name == "autograder.parallel.cluster" and (i.checking or i.inside))
        )
    )


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("autograder.cli", {"nbgrader", "torch", "distributed", "IPython", "nbconvert"}),
        (
            "autograder.nbgrader_bridge.whole_class.grade_class",
            {"torch", "distributed", "IPython.core.interactiveshell"},
        ),
        ("autograder.parallel.process_pool", {"numpy", "torch", "nbgrader"}),
    ],
)
def test_what_is_started_often_starts_without_what_it_does_not_need(module, unwanted):
    """Who keeps the gradebook of a large class imports no torch: its graders do."""
    code = f"import sys, {module}; print(*sorted({unwanted!r} & set(sys.modules)))"
    assert python("-c", code, cwd=ROOT).stdout.split() == []


def test_nbgrader_is_known_only_by_its_bridge():
    bridge = "autograder.nbgrader_bridge"
    assert not violations(lambda name, i: under(i.name, "nbgrader") and not under(name, bridge))


COMMANDS = "autograder.commands"


def test_nothing_imports_the_command_line():
    assert not violations(lambda name, i: i.name == "autograder.cli")
    assert not violations(
        lambda name, i: under(i.name, COMMANDS) and not under(name, COMMANDS, "autograder.cli")
    )


def test_a_course_server_s_forms_are_known_without_a_course():
    forms = [name for name in MODULES if under(name, "autograder.collecting")]
    known = {one for name in forms for one in ours(name) if not under(one, "autograder.collecting")}
    assert len(forms) > 4
    assert known == {"autograder.plain_text", "autograder.submissions.submission"}
    forms = [name for name in MODULES if under(name, "autograder.exporting")]
    known = {one for name in forms for one in ours(name) if not under(one, "autograder.exporting")}
    assert len(forms) > 2
    assert {one for one in known if not under(one, "autograder.collecting")} == {
        "autograder.reporting.report",
        "autograder.reporting.tables",
    }


def test_a_report_is_made_from_records_without_a_course():
    names = [name for name in MODULES if under(name, "autograder.reporting")]
    known = {one for name in names for one in ours(name) if not under(one, "autograder.reporting")}
    assert len(names) > 5
    assert known == {f"autograder.{name}" for name in ("exercise", "marking.behaviour", "plain_text")}


BRIDGE = {
    "course": set(),
    "submission": {"course"},
    "whole_class": {"course", "submission"},
    "collecting": {"course", "submission", "whole_class"},
    "returning": {"course", "submission", "whole_class", "collecting"},
    "arriving": {"course", "submission", "whole_class", "collecting"},
    "autograde": {"course", "submission", "whole_class"},
}
"""What each folder of the bridge to nbgrader knows of the others."""


@pytest.mark.parametrize(("package", "known"), BRIDGE.items())
def test_the_bridge_s_folders_know_each_other_in_one_direction(package, known):
    bridge = "autograder.nbgrader_bridge"
    names = [name for name in MODULES if under(name, f"{bridge}.{package}")]
    assert len(names) > 2
    result = {name for module in names for name in ours(module) if under(name, bridge)}
    allowed = [f"{bridge}.{name}" for name in (package, *known)]
    assert {name for name in result if not under(name, *allowed)} == set()


def test_beside_the_bridge_s_folders_are_the_names_that_courses_have_and_the_marks_cell():
    beside = {name for name in MODULES if name.rpartition(".")[0] == "autograder.nbgrader_bridge"}
    assert {name.rpartition(".")[2] for name in beside} == {
        *BRIDGE,
        *("executor", "hidden_test", "marks_cell", "valid_notebook"),
    }


def test_only_the_command_line_imports_the_bridge_and_only_when_asked():
    bridge = "autograder.nbgrader_bridge"
    assert not violations(
        lambda name, i: (
            under(i.name, bridge)
            and not under(name, bridge)
            and not (under(name, "autograder.cli", COMMANDS) and i.inside)
        )
    )


def test_only_declarations_know_assignments_by_name():
    declarations = "autograder.assignments"
    assert not violations(
        lambda name, i: i.name.startswith(f"{declarations}.") and not under(name, declarations)
    )


def test_no_assignment_knows_another():
    def another(name, i):
        folder = ".".join(name.split(".")[:3])
        declared = all(each.startswith("autograder.assignments.") for each in (name, i.name))
        return declared and not under(i.name, folder)

    assert not violations(another)


def test_imports_go_in_no_circle():
    try:
        TopologicalSorter({name: ours(name) for name in MODULES}).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_no_import_takes_everything():
    assert not violations(lambda name, i: i.star)


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
