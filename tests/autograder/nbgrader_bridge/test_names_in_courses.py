"""Names that courses have in their configuration and notebooks go on working, whatever a file is called."""

from nbgrader.converters import Autograde
from traitlets import import_item

from autograder.nbgrader_bridge import marks_cell
from autograder.nbgrader_bridge.autograde import preprocessor
from autograder.nbgrader_bridge.course.course_folder import CONFIG_TEXT
from autograder.nbgrader_bridge.submission import sanitize_notebook

HERE = "autograder.nbgrader_bridge"


def test_the_old_names_are_those_of_the_same_things():
    assert import_item(f"{HERE}.executor.BoxedExecute") is preprocessor.BoxedExecute
    assert import_item(f"{HERE}.valid_notebook.ValidNotebook") is sanitize_notebook.ValidNotebook
    assert import_item(f"{HERE}.hidden_test.marks") is marks_cell.marks


def test_all_that_a_new_courses_configuration_names_can_be_imported():
    config = Autograde().config
    exec(CONFIG_TEXT, {"get_config": lambda: config})
    names = [*config.Autograde.sanitize_preprocessors, *config.Autograde.autograde_preprocessors]
    assert len(names) == 13
    options = set(import_item(f"{HERE}.executor.BoxedExecute").class_trait_names(config=True))
    assert {import_item(name).__module__.split(".")[0] for name in names} <= {
        "autograder",
        "nbgrader",
        "nbconvert",
    }
    assert set(config.BoxedExecute) <= options
