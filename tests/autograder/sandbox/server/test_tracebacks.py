"""Tracebacks that cost less are the same, letter for letter and colour for colour."""

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from autograder.sandbox.server import tracebacks

config = Config()
config.HistoryManager.enabled = False
config.InteractiveShell.colors_force = True
shell = InteractiveShell.instance(config=config)
shell._showtraceback = lambda kind, error, lines: told.append("\\n".join(lines))
told = []
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
        plain, told = told, []
        tracebacks.make_cheap()
        shell.execution_count = 1
print(json.dumps([plain, told]))
"""


def test_they_are_those_that_ipython_makes():
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120, check=True
    )
    plain, cheap = json.loads(done.stdout)
    assert len(plain) == 9
    assert "\x1b[" in plain[0]
    assert plain[0] != plain[1]
    assert cheap == plain
