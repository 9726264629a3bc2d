"""What late work costs by the course's own plugin, wherever nbgrader would find it, and whatever it does."""

import json
import shutil

import pytest

from autograder.nbgrader_bridge.course import course_folder as course
from tests import command
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.process import python
from tests.tables import thorough

CLASS = {"amara": "matrix_products", "hana": "missing_relu_mask"}
PLUGIN = '''
from nbgrader.plugins import BasePlugin

class SubMarks(BasePlugin):
    """A point an hour."""

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        {body}
'''
HOURLY = "return total_seconds_late // 3600"
NAMED = "c.AssignLatePenalties.plugin_class = 'late.SubMarks'"


@pytest.fixture(scope="module")
def due(built, tmp_path_factory):
    """A course with a class of two; `amara` came five hours late."""
    folder = shutil.copytree(built, tmp_path_factory.mktemp("due") / "course")
    classes.hand_in_all(folder, CLASS)
    classes.submitted(folder, "amara").with_name("timestamp.txt").write_text("2026-05-04 18:00:00 UTC")
    with classes.opened(folder) as book:
        book.update_or_create_assignment(NETWORK, duedate="2026-05-04 13:00:00")
    return folder


@pytest.fixture
def folder(due, tmp_path):
    with command.no_module_stays(tmp_path):  # the plugin is this course's
        yield shutil.copytree(due, tmp_path / "course")


def put_plugin(folder, body=HOURLY):
    (folder / "late.py").write_text(PLUGIN.format(body=body))


def use_plugin(folder, body=HOURLY):
    put_plugin(folder, body)
    classes.configure(folder, NAMED)


def penalties(folder):
    with classes.opened(folder) as book:
        result = book.assignment_submissions(NETWORK)
        return {s.student.id: (s.score, s.late_submission_penalty) for s in result}


KEPT = {"amara": (30.0, 5.0), "hana": (19.5, 0.0)}


def test_a_plugin_beside_the_settings_is_found_as_nbgrader_finds_it(folder, grade):
    use_plugin(folder)
    (line,) = [line for line in grade(folder).splitlines() if "amara" in line]
    assert penalties(folder) == KEPT
    assert line.split()[1::2] == ["amara", "20", "10", "−5", "25"]


def test_a_plugin_class_may_be_given_itself_and_may_have_settings_of_its_own(folder, grade):
    text = PLUGIN.format(body="return self.points * (total_seconds_late // 3600)")
    text = text.replace('    """A point an hour."""', "    points = Float(1.0).tag(config=True)")
    (folder / "late.py").write_text(f"from traitlets import Float\n{text}")
    given = "from late import SubMarks", "c.AssignLatePenalties.plugin_class = SubMarks"
    classes.configure(folder, *given, "c.SubMarks.points = 0.5")
    grade(folder)
    assert penalties(folder)["amara"] == (30.0, 2.5)


def test_a_plugin_may_read_a_file_of_the_courses_and_import_what_lies_there_when_it_is_called(folder, grade):
    body = "import hours, pathlib; return len(pathlib.Path('hours.txt').read_text().split()) * hours.EACH"
    use_plugin(folder, body)
    (folder / "hours.py").write_text("EACH = 1.5\n")
    (folder / "hours.txt").write_text("one two")
    grade(folder.parent, "--course", folder)
    assert penalties(folder)["amara"] == (30.0, 3.0)


@pytest.mark.parametrize("alone", [False, True], ids=["beside the others", "alone"])
def test_settings_may_be_json(folder, grade, alone):
    put_plugin(folder)
    settings = {"AssignLatePenalties": {"plugin_class": "late.SubMarks"}}
    if alone:
        (folder / course.CONFIG).unlink()
        settings["CourseDirectory"] = {"course_id": course.COURSE_ID}
    (folder / "nbgrader_config.json").write_text(json.dumps(settings))
    grade(folder)
    assert penalties(folder) == KEPT


@pytest.fixture
def above(folder):
    """The folder above, in which settings and plugin lie, and `nbgrader` is called."""
    (folder / course.CONFIG).rename(folder.parent / course.CONFIG)
    use_plugin(folder.parent)
    return folder.parent


def test_settings_and_plugin_may_lie_in_the_folder_above_that_names_the_course(folder, above, grade):
    settings = (above / course.CONFIG).read_text()
    classes.configure(above, "c.CourseDirectory.root = 'course'")
    grade(above)
    assert (folder / "autograded" / "amara").is_dir()
    assert (folder / "autograder-logs").is_dir()
    assert not (above / "autograded").exists()
    assert not (above / "gradebook.db").exists()
    (folder / course.CONFIG).write_text(settings)
    (above / "late.py").rename(folder / "late.py")
    assert penalties(folder) == KEPT


def test_settings_and_plugin_may_lie_where_we_are_and_the_course_be_named(above, grade):
    assert "−5" in grade(above, "--course", "course")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 1 / 0", "raised ZeroDivisionError: division by zero"),
        thorough("raise KeyError(student_id)", "raised KeyError: 'amara'"),
        thorough("import sys; sys.exit('no')", "raised SystemExit: no"),
        ("return 'five'", "gave 'five', which is not a number of points"),
        thorough("return float('nan')", "gave 'nan', which is not a number of points"),
        (
            f"{HOURLY}\n\n    def __init__(self, **_):\n        raise OSError('no clock')",
            "raised OSError: no clock",
        ),
    ],
)
def test_a_plugin_that_raises_is_named_and_the_marks_are_kept(folder, body, message, grade):
    use_plugin(folder, body)
    said = grade(folder)
    sentence = f"  amara: the late-penalty plugin late.SubMarks {message}."
    assert sentence in said
    assert sentence in classes.log(folder)
    assert penalties(folder) == {"amara": (30.0, 0.0), "hana": (19.5, 0.0)}
    assert (folder / "autograded" / "amara" / NETWORK / f"{NETWORK}.ipynb").exists()
    put_plugin(folder)
    grade(folder, "--force")
    assert penalties(folder) == KEPT
    assert "plugin" not in classes.log(folder)


@pytest.mark.parametrize(
    ("plugin", "message"),
    [
        (None, "could not be loaded"),
        ("raise RuntimeError('no plugin today')", "RuntimeError: no plugin today"),
        ("def (", "SyntaxError: invalid syntax"),
        ("SubMarks = 3", "could not be loaded"),
    ],
    ids=["missing", "raises", "syntax", "no-class"],
)
def test_a_plugin_that_cannot_be_loaded_is_reported_before_anything_is_graded(folder, plugin, message, grade):
    if plugin is not None:
        (folder / "late.py").write_text(plugin)
    classes.configure(folder, NAMED)
    said = grade(folder, status=1)
    assert said.startswith("Nothing was graded: The late-penalty plugin late.SubMarks could not be loaded: ")
    assert message in said
    assert len(said.splitlines()) == 1
    assert not classes.graded_folders(folder)


@pytest.mark.thorough  # nbgrader's own command, in processes of its own
def test_a_module_of_the_courses_takes_the_place_of_none_of_ours(folder):
    """`utils.py` in a course's folder is the instructor's, and no grader imports it.

    As the installed command runs: Python by itself does not look for modules in the folder we are in.
    """
    for name in ("utils", "numpy", "secrets"):
        (folder / f"{name}.py").write_text("raise RuntimeError('the wrong module')\n")
    use_plugin(folder)
    python("-P", "-m", "autograder.cli", "grade", NETWORK, cwd=folder)
    assert penalties(folder) == KEPT
