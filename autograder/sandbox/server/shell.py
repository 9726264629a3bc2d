"""Run cells in an IPython shell that produces what a kernel would: streams, displays, results and errors.

These are Jupyter's own messages (`msg_type` and `content`), so that the grader can treat them as if a kernel
had sent them. What is too much is truncated, with a message.
"""

from __future__ import annotations

import base64
import builtins
import contextlib
import fnmatch
import getpass
import logging
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from IPython.core.autocall import IPyAutocall
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.error import StdinNotImplementedError
from IPython.core.history import HistoryManager
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.macro import Macro
from IPython.utils.text import SList
from traitlets import Any as AnyTrait
from traitlets import Type
from traitlets.config import Config

import utils
from autograder import patches
from autograder.sandbox.protocol.requests import NOT_RUN
from autograder.sandbox.server import after_refusal
from autograder.sandbox.server.compiler import Compiler
from autograder.sandbox.server.interpreter import CellRun
from autograder.sandbox.server.recorder import MAX_TEXT, Descriptors, Recorder, Stream

MAX_FRAMES = 200  # lines of a traceback
RESERVE = 1 << 20  # bytes that are given up when memory runs out, so that a reply can be made
PLAIN = re.compile(r"[^\s>.I%!?,;/][^\n]*\n(?:\n\s*\S|(?!\s*(?:>>>|\.\.\.|In ))[^\n]*\S)")
"""How a cell of several lines begins that is neither indented nor after a prompt (`>>>`, `In [1]:`).

The second line may be empty. A single line is left to IPython: its first word may be a magic without
its `%`.
"""
PLAIN_LINE = re.compile(
    r"#[^\n]*\n?|(?P<word>[A-Za-z_]\w*)(?:\.(?P<of_module>[A-Za-z_]\w*))?[ \t]*[(=][^\n]*\n?"
)
"""A single line that is a comment, or begins with a name that is called or assigned to."""
OWN_SYNTAX = re.compile(r"^\s*(?:[%!?,;/]|>>>)|=\s*[%!]|\?\s*$", re.MULTILINE)
"""What a cell may contain of IPython's own syntax, which is not Python."""
FIRST = (
    "import matplotlib.pyplot, tempfile",  # by the backend in the environment, figures show when a cell ends
    "1 / 0",  # what shows an error is imported with the first one
    "import torch; torch.ones(1).backward()",  # a large file in the traceback, to be parsed once
)
"""What takes long the first time."""
NO_INPUT = "{} was called, but this frontend does not support input requests."  # a kernel's own words
WINDOWS = ("autosave", "clear", "connect_info", "ed", "edit", "less", "man", "more", "qtconsole")
"""Magics of a kernel that address the person in front of it, and change nothing."""
MAIN: Mapping[str, str | None] = {
    "__doc__": "Automatically created module for IPython interactive environment",
    **dict.fromkeys(("__package__", "__loader__", "__spec__")),
}
"""What `__main__` says about itself in a kernel."""


class _Publisher(DisplayPublisher):  # type: ignore[misc]  # IPython is not followed
    recorder: Recorder

    def publish(
        self,
        data: Mapping[str, Any],
        metadata: Mapping[str, Any] | None = None,
        *_: object,
        transient: Mapping[str, Any] | None = None,
        update: bool = False,
        **__: object,
    ) -> None:
        content = {"data": _encoded(data), "metadata": dict(metadata or {}), "transient": transient or {}}
        self.recorder.add("update_display_data" if update else "display_data", content)

    def clear_output(self, wait: bool = False) -> None:
        self.recorder.add("clear_output", {"wait": wait})


class _ResultHook(DisplayHook):  # type: ignore[misc]  # as above
    recorder: Recorder

    def start_displayhook(self) -> None:
        self._content: dict[str, Any] = {}

    def write_output_prompt(self) -> None:
        self._content["execution_count"] = self.prompt_count

    def write_format_data(
        self, format_dict: Mapping[str, Any], md_dict: Mapping[str, Any] | None = None
    ) -> None:
        self._content |= {"data": _encoded(format_dict), "metadata": dict(md_dict or {})}

    def finish_displayhook(self) -> None:
        if self._content.get("data"):
            self.recorder.add("execute_result", self._content)


class _History(HistoryManager):  # type: ignore[misc]  # as above
    """Keep the last inputs, which notebooks see as `_i`, as plain attributes: no observer slows them."""

    _i00 = _i = _ii = _iii = ""

    def get_tail(
        self, n: int | None = 10, raw: bool = True, output: bool = False, include_latest: bool = False
    ) -> list[tuple[int, int, Any]]:
        """Return the last inputs for `%rerun`: this notebook's, since there are no others."""
        inputs = list(self.get_range(raw=raw, output=output))
        return (inputs if include_latest else inputs[:-1])[-(n or 10) :]


class _MemoryStore(dict[str, Any]):
    """Keep in memory what `%store` and `%cd` would keep on disk."""

    def keys(self, pattern: str = "*") -> Any:  # noqa: ANN401  IPython's database gives a list
        return fnmatch.filter(super().keys(), pattern)

    def __delitem__(self, name: str) -> None:
        self.pop(name, None)


class Shell(InteractiveShell):  # type: ignore[misc]  # as above
    """Run cells without a terminal, windows, history or other programs."""

    compiler_class = Type(Compiler)
    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)
    execution_count = 1  # a plain attribute: no observer slows it down
    kernel = AnyTrait()  # there is none, but notebooks look for it to find out where they are
    refused = False
    """Whether something that works in a kernel was refused or not run so far."""
    waits = False
    """Whether a cell has mentioned asyncio: from then on all cells run in its loop, as in a kernel."""

    def init_history(self) -> None:
        """Use our own history, and keep in memory what `%cd` and `%store` remember."""
        self.history_manager = _History(shell=self, parent=self)
        self.db = _MemoryStore()

    def init_prefilter(self) -> None:
        """Remember what transforms a cell if no notebook has added to it."""
        super().init_prefilter()
        self._usual = self._transforms()

    def _tee(self, channel: str) -> contextlib.AbstractContextManager[None]:
        """Record nothing here: what is printed is recorded already, and IPython would keep a second copy."""
        del channel
        return contextlib.nullcontext()

    def transform_cell(self, raw_cell: str) -> str:
        """Transform IPython's own syntax; pass on a cell as it is if it has none."""
        plain = (PLAIN.match(raw_cell) or self._is_plain_line(raw_cell)) and not OWN_SYNTAX.search(raw_cell)
        if plain and self._transforms() == self._usual:
            return raw_cell if raw_cell.endswith("\n") else f"{raw_cell}\n"
        transformed: str = super().transform_cell(raw_cell)
        return transformed

    def _is_plain_line(self, cell: str) -> bool:
        """Return whether a single line is plain Python: its first name is no magic, macro or `exit`."""
        line = PLAIN_LINE.fullmatch(cell)
        if line is None or (word := line["word"]) is None:
            return line is not None
        result = self.user_ns.get(word, vars(builtins).get(word))
        if (name := line["of_module"]) is not None:
            if type(result) is not types.ModuleType:
                return False
            result = vars(result).get(name)
        elif self.find_magic(word) is not None:
            return False
        return not (self.autocall or issubclass(type(result), (IPyAutocall, Macro)))

    def _transforms(self) -> list[Any]:
        """List what transforms cells: a notebook may add to it."""
        manager = self.input_transformer_manager
        mine = (manager.cleanup_transforms, manager.line_transforms, manager.token_transformers)
        before = (self.prefilter_manager.transformers, self.prefilter_manager.checkers)
        return [*map(tuple, (*mine, *before)), tuple(self.input_transformers_post)]

    def should_run_async(self, raw_cell: str, **options: Any) -> bool:  # noqa: ANN401  IPython's
        """Return whether a cell runs in an event loop: in a kernel each does."""
        del options
        self.waits = self.waits or "await" in raw_cell or "async" in raw_cell
        return self.waits

    def _format_exception_for_storage(self, *_: object, **__: object) -> dict[str, Any]:
        """Keep errors out of the history: formatting one a second time costs more than most cells."""
        return {}

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there are no windows."""
        del gui

    def system(self, cmd: str) -> None:
        """Report that no program is run."""
        print(f"{NOT_RUN}!{cmd}")
        self.refused = True
        self.user_ns["_exit_code"] = 0

    system_raw = system_piped = system

    def getoutput(self, cmd: str, split: bool = True, depth: int = 0) -> Any:  # noqa: ANN401  IPython's
        """Report that no program is run, and return no output."""
        del depth
        self.system(cmd)
        return SList() if split else ""

    def ask_exit(self) -> None:
        """Do nothing: `exit` and `quit` end a kernel after the cell, but here the next cell still runs."""

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        try:
            value = str(evalue)
        except BaseException:  # an exception's own __str__ is a student's code
            value = "(an exception that cannot be printed)"
        lines = [str(line)[:MAX_TEXT] for line in stb]
        if len(lines) > MAX_FRAMES:
            left_out = f"… {len(lines) - MAX_FRAMES} lines left out …"
            lines = [*lines[: MAX_FRAMES // 2], left_out, *lines[-MAX_FRAMES // 2 :]]
        self.display_pub.recorder.add(
            "error", {"ename": etype.__name__, "evalue": value[:MAX_TEXT], "traceback": lines}
        )


Shell.__name__ = "ZMQInteractiveShell"  # a kernel's: by it libraries tell a notebook from a terminal


class IPythonInterpreter:
    """Run cells, and produce what a kernel would."""

    def __init__(self) -> None:
        """Make the process's one shell."""
        patches.speed_up_tracebacks()
        # it cannot write its list of fonts here, and would warn in every notebook
        logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
        self._recorder = Recorder()
        self.shell = _shell(self._recorder)
        self.user_ns: dict[str, Any] = self.shell.user_ns
        self._descriptors: Descriptors | None = None
        self._reserve = bytearray()
        self._patched = False
        ours, students = str(Path(__file__).parents[2]), str(Path(utils.__file__).parent)
        for module in list(sys.modules.values()):
            file = str(getattr(module, "__file__", ""))
            if file.startswith(ours) and not file.startswith(students):  # an installed `utils` lies in ours
                del module.__file__  # `%autoreload` reads all that has one

    @contextlib.contextmanager
    def warm_up(self) -> Iterator[None]:
        """Use now what notebooks use, so that later uses are faster; forget that and what runs meanwhile."""
        before = dict(self.user_ns)
        output, sys.stdout = sys.stdout, Stream("stdout", self._recorder)
        for source in FIRST:
            self.shell.run_cell(source, store_history=True)
        yield
        sys.stdout = output
        self.shell.reset(new_session=True)
        self.user_ns = self.shell.user_ns
        self.user_ns.update(MAIN)
        self.user_ns.update({name: value for name, value in before.items() if name not in self.user_ns})
        self._recorder.take()
        self.shell.refused = self.shell.waits = False
        for last in ("last_type", "last_value", "last_traceback"):  # of the error that was shown: `%debug`
            sys.__dict__.pop(last, None)
        self._patch()  # what that touches in memory, forks need not

    def _patch(self) -> None:
        if not self._patched:
            patches.explain_refusals(NOT_RUN)
            self._patched = True

    def precompile(self, source: str) -> None:
        """Compile a cell before a submission brings it."""
        with contextlib.suppress(SyntaxError):
            self.shell.compile.precompile(source, self.shell.transform_cell(source))

    def start(self) -> None:
        """Record what is printed from now on, by Python or past it."""
        sys.stdout, sys.stderr = Stream("stdout", self._recorder), Stream("stderr", self._recorder)
        self._descriptors = Descriptors()
        self._reserve = bytearray(RESERVE)
        self.shell.builtin_trap.__enter__()  # for good, not cell by cell
        self.shell.display_trap.__enter__()
        self.shell.home_dir = str(Path.home())  # the submission's, which `%popd` goes by
        self._patch()
        builtins.input, getpass.getpass = _refusing("raw_input"), _refusing("getpass")

    def run_cell(self, source: str) -> CellRun:
        """Run a cell as a kernel would."""
        # a kernel runs a cell that is a comment, too, but counts none that is empty
        counted = bool(source.strip())
        error: BaseException | None
        try:
            result = self.shell.run_cell(source, store_history=counted)
            error = result.error_before_exec or result.error_in_exec
            if result.error_in_exec is not None:
                self._go_on(source, error)
        except (KeyboardInterrupt, MemoryError) as ended:  # the latter while an error was to be shown
            error = ended
        if isinstance(error, MemoryError):
            self._reserve = (
                bytearray()
            )  # what the cell has kept is still there, and a reply needs memory, too
        if self._descriptors is not None:
            self._descriptors.drain(self._recorder)
        count = self.shell.execution_count - 1 if counted else None
        return CellRun(error, count, self._messages())

    def _go_on(self, source: str, error: BaseException | None) -> None:
        """Run the rest of a cell after a statement that failed because of what the sandbox refuses."""
        for _ in range(after_refusal.MOST):
            if not isinstance(error, Exception):
                return
            self.shell.refused = self.shell.refused or after_refusal.was_refused(error)
            if not self.shell.refused:
                return
            cell = self.shell.transform_cell(source)
            name = self.shell.compile.get_code_name(source, cell, 0)
            source = after_refusal.rest_of(cell, name, error.__traceback__)
            if not source.strip():
                return
            error = self.shell.run_cell(source).error_in_exec

    def _messages(self) -> list[dict[str, Any]]:
        messages = self._recorder.take()
        for message in messages:
            if "pieces" in message["content"]:
                text = "".join(message["content"].pop("pieces"))
                message["content"]["text"] = text.encode("utf-8", "replace").decode("utf-8")
        return messages


def _shell(recorder: Recorder) -> Shell:
    """Make the shell; its displays go to `recorder`."""
    config = Config()
    config.HistoryManager.enabled = False  # no thread, no file
    config.InteractiveShell.colors_force = True
    config.InteractiveShell.enable_html_pager = True
    config.IPKernelApp.connection_file = ""  # by its section libraries tell a notebook from a terminal
    shell: Shell = Shell.instance(config=config, history_length=0)
    shell.display_pub.recorder = shell.displayhook.recorder = recorder
    for installer in ("pip", "conda", "mamba", "uv"):  # a notebook must not change the instructor's machine
        shell.register_magic_function(lambda line: None, magic_name=installer)
    for script in ("bash", "sh", "script", "perl", "ruby", "python", "python3", "pypy"):
        shell.register_magic_function(_no_program(shell), "line_cell", script)
    for window in WINDOWS:
        shell.register_magic_function(lambda line: None, magic_name=window)
    shell.extension_manager.load_extension("storemagic")  # as a kernel does
    shell.set_hook("show_in_pager", lambda *_, **__: None, 0)  # a kernel's pager is no output
    return shell


def _refusing(name: str) -> Callable[..., str]:
    """Make the `input` of a kernel that nobody sits in front of."""

    def ask(*_: object, **__: object) -> str:
        raise StdinNotImplementedError(NO_INPUT.format(name))

    return ask


def _no_program(shell: Shell) -> Callable[..., None]:
    def say(line: str, cell: str | None = None) -> None:
        del cell
        shell.refused = True
        print(f"{NOT_RUN}{line}")

    return say


def _encoded(data: Mapping[str, Any]) -> dict[str, Any]:
    """Make a formatter's result fit for JSON: bytes, as of a PNG, become base64."""
    return {
        str(kind): base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
