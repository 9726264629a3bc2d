"""Libraries are patched only in the versions that a patch was made for, and what they do stays the same."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from nbgrader import api, dbutil
from nbgrader.api import Gradebook
from sqlalchemy import text

from autograder import patches
from tests.process import python


def test_a_change_is_made_only_in_the_versions_it_was_made_for(monkeypatch):
    made = []
    versions = ("0.9", "0", "0.9.6", "0.8", "0.9.60", "1")
    changes = [
        patches.made_for("nbgrader", known)(lambda known=known: made.append(known)) for known in versions
    ]
    monkeypatch.setattr(patches, "version", lambda _: "0.9.6")
    for change in 2 * changes:  # once in a process is enough
        change()
    assert made == ["0.9", "0", "0.9.6"]


@pytest.fixture
def no_other_program(monkeypatch):
    """No other program can be started: a new gradebook needs none."""
    monkeypatch.setattr(subprocess, "Popen", None)
    patches.read_schema_version_here(api, dbutil.ALEMBIC_DIR)


def test_a_new_gradebook_knows_the_newest_version_of_nbgraders_tables(tmp_path, no_other_program):
    """As `nbgrader db upgrade` reads it, which would change them otherwise."""
    files = "".join(path.read_text() for path in Path(dbutil.ALEMBIC_DIR).glob("versions/*.py"))
    versions = set(re.findall(r"^revision = '(\w+)'", files, re.MULTILINE))
    older = set(re.findall(r"^down_revision = '(\w+)'", files, re.MULTILINE))
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "course") as book:
        in_book = set(book.db.scalars(text("SELECT version_num FROM alembic_version")))
    assert in_book == versions - older


def test_gradebooks_of_one_address_share_an_engine_and_stay_usable(tmp_path, no_other_program):
    patches.share_engines(api)
    url = f"sqlite:///{tmp_path}/gradebook.db"
    with Gradebook(url, "course") as first:
        first.add_student("amara")
    with Gradebook(url, "course") as second:
        assert [student.id for student in second.students] == ["amara"]
    assert second.engine is first.engine
    with Gradebook(f"sqlite:///{tmp_path}/other.db", "course") as other:
        assert other.engine is not first.engine
        assert other.students == []


def test_no_parser_of_web_addresses_is_built():
    code = "import autograder, jsonschema, sys; print(sys.modules['rfc3987_syntax'])"
    assert python("-c", code).stdout == "None\n"


SCRIPT = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from autograder import patches

config = Config()
config.HistoryManager.enabled = False
config.InteractiveShell.colors_force = True
shell = InteractiveShell.instance(config=config)
shell._showtraceback = lambda kind, error, lines: shown.append("\\n".join(lines))
shown = []
CELLS = (
    "def f(n):\\n    if n:\\n        return 1/0\\n    return [][0]",
    "f(1)", "f(0)", "f(1)",
    "def g(n):\\n    '''é'''\\n    return f(n) + f(n)",
    "g(0)", "g(1)", "import json\\njson.loads('{')", "raise ValueError from KeyError('k')", "x y", "h",
)
for number in range(2):
    for cell in CELLS:
        shell.run_cell(cell)
    if number == 0:
        plain, shown = shown, []
        patches.speed_up_tracebacks()
        shell.execution_count = 1
print(json.dumps([plain, shown]))
"""


def test_fast_tracebacks_are_those_that_ipython_makes():
    plain, cheap = json.loads(python("-c", SCRIPT).stdout)
    assert len(plain) == 9
    assert "\x1b[" in plain[0]
    assert plain[0] != plain[1]
    assert cheap == plain


APPLIED = """
import inspect, json
import pygments.formatters.terminal256 as formatters, stack_data.core
from autograder import patches
targets = [
    (stack_data, "style_with_executing_node"), (formatters, "Terminal256Formatter"),
    (stack_data.core, "_pygmented_with_ranges"), (inspect, "getmodule"),
]
before = [getattr(*target) for target in targets]
patches.speed_up_tracebacks()
once = [getattr(*target) for target in targets]
patches.speed_up_tracebacks()
print(json.dumps([
    [target[1] for target, old, new in zip(targets, before, once) if old is new],
    [target[1] for target, new in zip(targets, once) if getattr(*target) is not new],
]))
"""


def test_every_patch_of_tracebacks_finds_what_it_replaces_and_replaces_it_once():
    assert json.loads(python("-c", APPLIED).stdout) == [[], []]
