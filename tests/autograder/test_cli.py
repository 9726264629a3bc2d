"""`autograder check` as people and scripts call it: arguments in, two streams and a status out."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import nbformat
import pytest

from autograder.sandbox.isolation.layers import PROTECTS, Layer
from samples import FOLDER, samples
from tests.autograder import refusing
from tests.autograder.notebook_files import written

ROOT = Path(__file__).parents[2]
SHEET = FOLDER / "01-error-backpropagation" / "filled_in_sheet.ipynb"
NO_NOTEBOOK = FOLDER / "01-error-backpropagation" / "no_notebook.ipynb"
RIGHT = "import numpy\ndef exercise3(x): return 1/numpy.linalg.norm(numpy.vander(x, 4), 2)**2"


@pytest.fixture(scope="session")
def run(autograder):
    """The command with arguments, in this process."""
    return partial(autograder, cwd=ROOT)


def process(*arguments, cwd=ROOT, without=None, **environment):
    """What the command does in a process of its own, maybe `without` a layer of the sandbox."""
    words = ("-m", "autograder.cli", *map(str, arguments))
    return subprocess.run(
        [sys.executable, *words] if without is None else refusing.command(without, *words),
        capture_output=True,
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"} | environment,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )


def everything(folder):
    """What stands in a folder: names, sizes and times of change."""
    found = {str(path.relative_to(folder)): path.lstat() for path in sorted(folder.rglob("*"))}
    return {name: (one.st_size, one.st_mtime_ns, one.st_mode) for name, one in found.items()}


def only(done):
    """What is said as JSON of a single notebook."""
    (entry,) = json.loads(done.stdout)
    return entry


@pytest.fixture(scope="module")
def several(tmp_path_factory, run):
    """One call on files of all kinds, and what stood in their folder before and after."""
    folder = tmp_path_factory.mktemp("several")
    half = folder / "02-gradient-descent.ipynb"
    sample = samples("02-gradient-descent")["half_learning_rate"]
    nbformat.write(sample.notebook(ROOT / "notebooks" / half.name), half)
    noise = "import sys; print('noise'); print('noise', file=sys.stderr); open('left', 'w').write('x')"
    right, empty = written(folder / "right.ipynb", noise, RIGHT), folder / "empty.ipynb"
    empty.touch()
    unknown = written(folder / "unknown.ipynb", "1 + 1")
    files = [NO_NOTEBOOK, right, empty, half, folder / "nowhere.ipynb", folder, unknown, right]
    before = everything(folder)
    done = run("check", *files, "--json", "--seed", "c0ffee", cwd=folder)
    return files, done, before, everything(folder)


def test_each_file_is_marked_or_said_to_be_unreadable_in_its_turn_and_nothing_is_written(several):
    files, done, before, after = several
    assert done.returncode == 0
    assert "noise" not in done.stdout + done.stderr
    result = json.loads(done.stdout)
    assert isinstance(result, list)
    assert [entry["notebook"] for entry in result] == [str(path) for path in files]
    scores = [entry["score"] if entry["status"] == "graded" else entry["status"] for entry in result]
    no = "unreadable"
    assert scores == [no, 5.0, no, 25.0, no, no, no, 5.0]
    assert all(entry["score"] == 0.0 and entry["message"] for entry in result if entry["status"] == no)
    assert all(not entry["message"] for entry in result if entry["status"] == "graded")
    assert after == before


@pytest.fixture(scope="module")
def whole(run):
    """Leave a test out, with the doctor's words, on a machine that lacks a layer by itself."""
    done = run("doctor")
    if done.returncode != 0:
        pytest.skip(done.stdout)
    return done


def test_where_the_sandbox_is_whole_nothing_is_said_of_it(several, whole):
    assert several[1].stderr == ""


def test_the_doctor_names_every_layer_and_what_it_protects_from(whole):
    lines = whole.stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [["holds", f"{layer}:"] for layer in Layer]
    assert all(PROTECTS[layer] in line for layer, line in zip(Layer, lines, strict=True))
    assert whole.stderr == ""


def test_a_missing_layer_is_reported_on_stderr_and_marks_are_given_all_the_same(whole, tmp_path):
    """One of them; each is in sandbox/isolation/test_isolation.py."""
    path = written(tmp_path / "x.ipynb", RIGHT)
    done = process("check", path, "--json", "--seed", "c0ffee", without=Layer.NAMESPACES)
    assert done.returncode == 0
    assert only(done)["score"] == 5.0
    (note,) = done.stderr.splitlines()
    assert f"lacks layers of the sandbox: {Layer.NAMESPACES}." in note
    assert "autograder doctor" in note


@pytest.mark.thorough  # the command in a process of its own
def test_the_doctor_has_status_1_where_a_layer_is_missing(whole):
    done = process("doctor", without=Layer.FILES)
    assert done.returncode == 1
    missing = [line for line in done.stdout.splitlines() if line.startswith("MISSING")]
    assert [line.split()[1] for line in missing] == [f"{Layer.FILES}:"]
    assert "Without it" in missing[0]


@pytest.mark.thorough  # the command in a process of its own, with everything it imports
@pytest.mark.parametrize("command", ["check", "grade"])
def test_where_every_layer_is_required_nothing_runs_without_one(command, whole, tmp_path):
    path = written(tmp_path / "x.ipynb", RIGHT)
    argument = path if command == "check" else "02-gradient-descent"
    done = process(command, argument, "--require-sandbox", cwd=tmp_path, without=Layer.SYSTEM_CALLS)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "system-calls:" in done.stderr
    assert "Nothing was run" in done.stderr


def test_nothing_is_written_when_a_notebook_imports_a_file_beside_it(tmp_path, run):
    (tmp_path / "helper.py").write_text(RIGHT)
    path = written(tmp_path / "x.ipynb", "from helper import exercise3 as e", "def exercise3(x): return e(x)")
    before = everything(tmp_path)
    assert only(run("check", path, "--json"))["score"] == 5.0
    assert everything(tmp_path) == before


@pytest.mark.thorough  # the command in a process of its own
def test_the_temporary_folder_is_left_clean(tmp_path):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    leaves = "open('left', 'w').write('x')\nimport tempfile; tempfile.mkdtemp()"
    path = written(tmp_path / "x.ipynb", leaves, RIGHT)
    assert process("check", path, "--json", TMPDIR=str(temporary)).returncode == 0
    assert list(temporary.iterdir()) == []


def test_text_tells_marks_and_reasons(tmp_path, run):
    path = written(tmp_path / "x.ipynb", RIGHT.replace("1/", "3/"))
    done = run("check", path, NO_NOTEBOOK)
    assert done.returncode == 0
    assert f"{path}: 0 of 30 P (02-gradient-descent)" in done.stdout
    assert "exercise3: How large a step may be — 0 of 5 P" in done.stdout
    assert "learning_rate" in done.stdout
    assert f"{NO_NOTEBOOK}: not marked" in done.stdout


def test_where_nothing_ran_nothing_is_said_of_a_sandbox(run):
    done = run("check", NO_NOTEBOOK, "--json")
    assert done.returncode == 0
    assert done.stderr == ""


@pytest.mark.thorough  # the command in a process of its own
@pytest.mark.parametrize("form", [(), ("--json",)], ids=["text", "json"])
def test_text_or_a_file_name_that_is_no_text_does_not_stop_the_others(tmp_path, form):
    """A lone surrogate, as a student's error message may hold, can be written in no encoding."""
    hostile = written(tmp_path / "hostile.ipynb", "def exercise3(x): raise ValueError(chr(0xD800))")
    named = tmp_path / os.fsdecode(b"\xff.ipynb")
    named.touch()
    done = process("check", hostile, named, NO_NOTEBOOK, *form)
    assert done.returncode == 0, done.stderr[-500:]
    assert "no_notebook" in done.stdout


@pytest.mark.thorough  # the command in a process of its own
def test_a_terminal_without_unicode_gets_its_report_too(tmp_path):
    path = written(tmp_path / "x.ipynb", RIGHT)
    ascii_alone = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    done = process("check", path, **ascii_alone)
    assert done.returncode == 0, done.stderr[-500:]
    assert "5 of 30 P" in done.stdout


STEERS = "\\x1b[2J\\x1b]0;owned\\x07\\x9b31m\\u202e\\u2028\\r20 of 20 P"
"""What steers a terminal, as Python writes it."""


ANSWERS = {
    "an exception's name": f"def exercise3(x): raise type('{STEERS}', (Exception,), {{}})('x')",
    "an exception's message": f"def exercise3(x): raise RuntimeError('{STEERS}')",
    "a function's name": f"def exercise3(x): return x\nexercise3.__name__ = '{STEERS}'",
    "a type's name": f"def exercise3(x): return type('{STEERS}', (), {{}})()",
    "a type of numbers": f"import numpy\ndef exercise3(x): return numpy.zeros(2, [('{STEERS}', float)])",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_no_word_of_a_students_steers_the_terminal(answer, tmp_path, run):
    path = written(tmp_path / "x\x1b[31m\u202e.ipynb", answer)
    done = run("check", path, tmp_path / "nowhere\x1b[2J.ipynb")
    assert done.returncode == 0
    lines = (done.stdout + done.stderr).split("\n")
    odd = {letter for line in lines for letter in line if not letter.isprintable()}
    assert odd <= {"\N{NO-BREAK SPACE}"}
    assert "31m" in lines[0]


def test_in_a_flat_folder_nobody_reads_what_lies_beside_and_it_is_reported(tmp_path, run):
    (tmp_path / "marks.csv").write_text("ana;30")
    reads = "import os\ndef exercise3(x): return float(len(os.listdir('.')))"
    ana, ben = (written(tmp_path / f"{name}.ipynb", reads) for name in ("ana", "ben"))
    for entry in json.loads(run("check", ana, ben, "--json").stdout):
        (flag,) = [flag for flag in entry["flags"] if "marks.csv" in flag]
        assert "other notebooks" in flag


MISUSED = {
    "no notebook": ("check",),
    "only an option": ("check", "--json"),
    "no option": ("check", NO_NOTEBOOK, "--jason"),
    "no number": ("check", NO_NOTEBOOK, "--cell-seconds", "soon"),
    "zero": ("check", NO_NOTEBOOK, "--cell-seconds", "0"),
    "negative": ("check", NO_NOTEBOOK, "--call-seconds", "-1"),
    "no seed": ("check", NO_NOTEBOOK, "--seed", "soon"),
    "empty seed": ("check", NO_NOTEBOOK, "--seed", ""),
    "no course": ("check", NO_NOTEBOOK, "--course", FOLDER),
    "no course to lint": ("lint", "--course", NO_NOTEBOOK),
    "no course to bundle": ("bundle", "--course", "nowhere"),
    "no marks to pass": ("export", "02-gradient-descent", "--as", "ilias", "--passed", "nan"),
    "no command": ("mark", NO_NOTEBOOK),
    "nothing": (),
}


@pytest.mark.parametrize("arguments", MISUSED.values(), ids=MISUSED)
def test_wrong_usage_exits_with_2(arguments, run):
    done = run(*arguments)
    assert done.returncode == 2
    if arguments:
        assert done.stdout == ""
        assert done.stderr


@pytest.mark.parametrize("arguments", [("build", "--course"), ("new", "09-x", "--to")], ids=["build", "new"])
def test_where_nothing_can_be_written_a_sentence_says_so(arguments, run, tmp_path):
    taken = tmp_path / "taken"
    taken.touch()
    done = run(*arguments, taken)
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert "Not a directory: " in sentence
    assert "Errno" not in sentence


COIN = """
import numpy, zlib
def exercise1(theta, x, y):
    powers = numpy.vander(x, 4, increasing=True)
    gradient = 2 * powers.T @ (powers @ theta - y)
    lost = zlib.crc32(theta.tobytes()) % 16 if len(x) == 7 else 0
    return numpy.where([lost >> k & 1 for k in range(4)], 0.3 * gradient + 1, gradient)
"""
"""Which entries are right depends on the hidden data."""


def lost(done):
    """Parts without marks, which tell what the hidden data were."""
    parts = only(done)["exercises"]["exercise1"]["parts"]
    return [name for name, part in parts.items() if part["score"] == 0]


def test_outside_a_course_the_seed_is_reported_that_repeats_the_marks(tmp_path, run):
    path = written(tmp_path / "x.ipynb", COIN)
    before = everything(tmp_path)
    done = run("check", path, "--json")
    (note,) = done.stderr.splitlines()
    assert "drawn at random for this run" in note
    seed = note.split("--seed ")[1]
    assert lost(run("check", path, "--json", "--seed", seed)) == lost(done)
    assert len({str(lost(run("check", path, "--json", "--seed", f"c0{n:02}"))) for n in range(4)}) > 1
    assert everything(tmp_path) == before


def test_a_secret_that_a_submission_brings_along_is_not_used(tmp_path, run):
    written(tmp_path / "x.ipynb", COIN)
    (tmp_path / "nbgrader_config.py").write_text("raise SystemExit('run')")
    (tmp_path / ".autograder-secret").write_bytes(b"a secret that the student knows.")
    done = run("check", "x.ipynb", "--json", cwd=tmp_path)
    assert "--seed" in done.stderr


def test_a_courses_secret_that_cannot_be_used_is_reported_before_anything_runs(tmp_path, run):
    folder = tmp_path / "submitted" / "amara" / "02-gradient-descent"
    folder.mkdir(parents=True)
    path = written(folder / "02-gradient-descent.ipynb", RIGHT)
    (tmp_path / "nbgrader_config.py").touch()
    (tmp_path / ".autograder-secret").touch()
    done = run("check", path, "--json")
    assert done.returncode == 1
    assert done.stdout == ""
    (sentence,) = done.stderr.splitlines()
    assert "holds 0 bytes" in sentence


def test_help_exits_with_0_and_names_the_commands(run):
    done = run("--help")
    assert done.returncode == 0
    assert "check" in done.stdout
    assert "build" in done.stdout


def test_time_limits_are_those_of_the_arguments(tmp_path, run):
    path = written(tmp_path / "x.ipynb", "import time\ndef exercise3(x): time.sleep(60)")
    entry = only(run("check", path, "--json", "--call-seconds", "0.5"))
    assert [fault["fault"] for fault in entry["exercises"]["exercise3"]["faults"]] == ["timeout"]
    assert entry["score"] == 0.0


def test_the_sheet_itself_earns_full_marks_with_every_layer_required(whole, run):
    entry = only(run("check", SHEET, "--json", "--require-sandbox"))
    assert (entry["score"], entry["max_score"]) == (30.0, 30.0)
    assert entry["assignment"] == "01-error-backpropagation"
