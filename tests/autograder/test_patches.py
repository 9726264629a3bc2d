"""Fast tracebacks are the same, letter for letter and colour for colour; each patch finds its target."""

import json

from tests.process import python

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
