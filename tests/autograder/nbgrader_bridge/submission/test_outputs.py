"""What cells put out in the sandbox is what they would put out in a kernel, output by output."""

import base64
import os
import re
import struct
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.nbgrader_bridge.submission.grade_notebook import grade_notebook
from autograder.sandbox.protocol.limits import Limits

ROOT = Path(__file__).parents[4]

CELLS = {
    "imports": "import sys, os, warnings, logging\nimport numpy, torch\nfrom IPython.display import *",
    "nothing": "",
    "blanks": "   \n  ",
    "a comment": "# a comment",
    "stdout": "print('one')\nprint('two', end='')\nprint()",
    "stderr": "print('told', file=sys.stderr)",
    "both in turn": "print('a')\nprint('b', file=sys.stderr)\nprint('c')",
    "past Python": (
        "import ctypes, time; sys.stdout.flush(); os.write(1, b'written past Python\\n')\n"
        "time.sleep(0.5)  # a kernel reads it in a thread of its own"
    ),
    "carriage return": "print('10 %\\r20 %\\r30 %')",
    "backspaces": "print('abc\\b\\bX')",
    "no newline": "sys.stdout.write('x'); sys.stdout.write('y'); None",
    "unicode": "print('Σ ∂ → 你好 🎓')",
    "nul": "print('a\\0b')",
    "a warning": "warnings.warn('look out')",
    "numpy warns": "numpy.array([1.0])/0.0",
    "logging": "logging.getLogger('x').warning('a log line')",
    "a result": "1 + 1",
    "a result that is None": "None",
    "a result with a semicolon": "1 + 1;",
    "a string": "'text'",
    "several lines": "1\n2\n3",
    "an array": "numpy.arange(12.0).reshape(3, 4)",
    "a tensor": "torch.ones(2, 3)",
    "a parameter": "torch.nn.Parameter(torch.zeros(2))",
    "a long list": "list(range(2000))",
    "a class of one's own": "class P:\n    def __repr__(self): return 'a P'\nP()",
    "html by a method": "class H(P):\n    def _repr_html_(self): return '<b>bold</b>'\nH()",
    "latex by a method": "class L(P):\n    def _repr_latex_(self): return '$x^2$'\nL()",
    "a repr that fails": "class F:\n    def __repr__(self): raise ValueError('no')\nF()",
    "an html that fails": "class G(P):\n    def _repr_html_(self): raise ValueError('no')\nG()",
    "display": "display('shown', 3)\nprint('after')",
    "display html": "display(HTML('<i>html</i>'))",
    "display markdown": "Markdown('**bold**')",
    "display latex": "Math('x^2')",
    "display json": "JSON({'a': [1, 2]})",
    "display raw": "display({'text/plain': 'p', 'text/html': '<u>h</u>'}, raw=True, metadata={'a': 'b'})",
    "a handle": "handle = display('first', display_id='one')",
    "update": "handle.update('second')",
    "update by name": "update_display('third', display_id='one')",
    "update within": "h = display('draft', display_id=True); h.update('final')",
    "clear": "print('gone'); clear_output(); print('kept')",
    "clear and wait": "print('gone'); clear_output(wait=True); print('kept')",
    "clear at the end": "print('gone'); clear_output()",
    "clear and wait at the end": "print('kept'); clear_output(wait=True)",
    "progress": "for n in range(3):\n    clear_output(wait=True); print(n)",
    "a plot": "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])",
    "a plot shown": "plt.plot([1, 2]); plt.show()\nprint('after')",
    "two figures": "plt.figure(); plt.plot([1]); plt.figure(); plt.plot([2]); None",
    "a figure as result": "figure, axes = plt.subplots(); plt.close(figure); figure",
    "a figure of utils": "import utils; utils.getdata()[0].shape",
    "an image": "Image(data=base) if (base := bytes.fromhex('89504e470d0a1a0a')) else None",
    "an error": "1/0",
    "an error below": "def f(x):\n    return g(x)\ndef g(x):\n    return x['a']\nf(3)",
    "after an error": "print('goes on')",
    "an error after output": "print('before')\nraise ValueError('told')",
    "an error with two lines": "raise ValueError('first\\nsecond')",
    "an error from another": "try: 1/0\nexcept Exception as e: raise RuntimeError('outer') from e",
    "an assertion": "assert 1 == 2, 'not equal'",
    "a library's error": "numpy.linalg.inv(numpy.zeros((2, 2)))",
    "syntax": "def f(:\n    pass",
    "indentation": "if True:\nprint(1)",
    "an undefined name": "no_such_name",
    "a group": "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "an error with notes": "e = ValueError('x'); e.add_note('a note'); raise e",
    "system exit": "raise SystemExit(3)",
    "interrupted": "raise KeyboardInterrupt",
    "exits": "sys.exit()",
    "input": "input('your name? ')",
    "a password": "import getpass; getpass.getpass()",
    "line magic": "%precision 3",
    "a float with it": "3.14159265",
    "capture": "%%capture out\nprint('captured'); display('too')",
    "what was captured": "out.stdout, len(out.outputs)",
    "show it": "out()",
    "a magic that is none": "%no_such_magic",
    "a cell magic that is none": "%%no_such_magic\nx",
    "html magic": "%%html\n<b>bold</b>",
    "latex magic": "%%latex\n$x$",
    "markdown magic": "%%markdown\n*x*",
    "who": "who_is_here = 1\n%who_ls int",
    "help": "len?",
    "the last result": "_",
    "numbered results": "Out[19] if 19 in Out else None",
    "the cell's number": "len(In)",
    "an await": "import asyncio\nawait asyncio.sleep(0)\n'awaited'",
    "a thread's print": "import threading; t = threading.Thread(target=print); t.start(); t.join()",
    "a log set up": "logging.basicConfig(level=logging.INFO, force=True); logging.info('set up')",
    "the environment": "os.environ['NBGRADER_EXECUTION'], plt.get_backend()",
    "main": "__name__, __doc__",
}  # fmt: skip


def notebook():
    new = nbformat.v4.new_code_cell
    cells = [new(source, id=re.sub(r"\W+", "-", name)) for name, source in CELLS.items()]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=metadata)


@pytest.fixture(scope="module")
def kernels(tmp_path_factory):
    """The notebook, run in a real kernel as nbgrader runs it."""
    run = notebook()
    environment = os.environ | {"NBGRADER_EXECUTION": "autograde", "PYTHONPATH": str(ROOT)}
    environment.pop("PYTEST_CURRENT_TEST")  # with it a kernel does not look at what is written past Python
    folder = tmp_path_factory.mktemp("kernel")
    client = NotebookClient(run, timeout=60, allow_errors=True, resources={"metadata": {"path": str(folder)}})
    client.execute(env=environment)
    return dict(zip(CELLS, run.cells, strict=True))


@pytest.fixture(scope="module")
def ours(fork_server):
    """The same, run in the sandbox."""
    run = notebook()
    grade_notebook(run, "amara", b"", {}, fork_server, Limits())
    return dict(zip(CELLS, run.cells, strict=True))


def settled(outputs):
    """Outputs without what differs from one run of a kernel to the next."""
    result = []
    for output in outputs:
        last = result[-1] if result else {}
        streams = [o for o in result[-2:] if o["output_type"] == "stream"] if "name" in last else []
        same = [o for o in streams if o["name"] == output.get("name")]
        if same and output["output_type"] == "stream":  # a kernel sends its streams when it likes
            same[0]["text"] += steady(output["text"])
        else:
            result.append({key: steady(value) for key, value in output.items()})
            if "metadata" in output:  # of which sizes may stay
                kept = {
                    key: output["metadata"][key] for key in ("width", "height") if key in output["metadata"]
                }
                result[-1]["metadata"] = kept
    return result


def steady(value):
    """A value without addresses, and without the names that cells have as files."""
    if isinstance(value, dict):
        return {key: png(item) if key == "image/png" else steady(item) for key, item in value.items()}
    if isinstance(value, list):
        return [steady(item) for item in value]
    if isinstance(value, str):
        text = re.sub(r"0x[0-9a-f]{6,}", "0x…", value)
        return re.sub(r"(/\S*/ipykernel_\d+/)?\b\d{6,}\.py\b", "CELL", text)
    return value


def png(data):
    """Its size in pixels."""
    return struct.unpack(">II", base64.b64decode(data)[16:24]) if len(data) > 40 else data


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_puts_out_what_it_would_in_a_kernel(name, kernels, ours):
    mine, real = settled(ours[name].outputs), settled(kernels[name].outputs)
    if name in ("input", "a password"):  # below the cell's own line stand those of whoever refuses
        for (output,) in (mine, real):
            output["traceback"] = [output["traceback"][n] for n in (0, 1, 2, -1)]
    assert mine == real
    assert ours[name].execution_count == kernels[name].execution_count


def test_an_output_that_no_notebook_can_hold_is_left_out_with_a_word(fork_server):
    """nbgrader gives up the whole notebook."""
    cell = nbformat.v4.new_code_cell("display({'application/x': {'a': 1}}, raw=True)\n1 + 1")
    run = nbformat.v4.new_notebook(cells=[cell])
    grade_notebook(run, "amara", b"", {}, fork_server, Limits())
    nbformat.validate(run)
    left_out, result = cell.outputs
    assert "left out" in left_out.text
    assert result.data["text/plain"] == "2"
