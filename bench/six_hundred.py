"""A class of six hundred, from a download and back: how long each step takes, and how large it is.

python -m bench.six_hundred FOLDER [--students 600] [--nbgrader 6]

Answers are the samples and those of `tests/autograder/people`, drawn as a class makes them: half of them
right, few mistakes frequent, many rare. In the first assignment they are copies to the letter; in the others
most students leave a line of their own. FOLDER keeps the course, to look at its report and its pages.
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import subprocess
import sys
import textwrap
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import nbformat

from autograder.nbgrader_bridge.course import course_folder as courses
from samples import samples
from tests.autograder.people.answers import PEOPLE, TABLES

ASSIGNMENTS = ("01-error-backpropagation", "03-softmax-and-cross-entropy")
ANSWERS = [answer for answer in PEOPLE if answer.exercise[0] in ("01", "03")]
IMPORT = "import numpy as np\n"
FIRST = (
    "Amara",
    "Björn",
    "Chiara",
    "Deniz",
    "Emeka",
    "Freya",
    "Goran",
    "Hana",
    "Ivan",
    "Jun",
    "Kaya",
    "Özlem",
)
LAST = ("Adeyemi", "Bauer", "Çelik", "Dvořák", "Eriksson", "Fischer", "García", "Huang", "Lefèvre", "O'Brien")
DUE = datetime(2026, 5, 10, 18)
HEADER = "Identifier,Full name,Email address,Username,Status,Grade,Maximum Grade,Last modified (submission)"
DIFFERENCES = """
def error(W, B):
    A = X
    for k in range(3):
        A = np.maximum(A @ W[k] + B[k], 0)
    return np.mean((A @ W[3] + B[3] - T) ** 2)
def slope(array):
    result = np.zeros_like(array)
    for place in np.ndindex(*array.shape):
        before = array[place]
        array[place] = before + 1e-6
        above = error(W, B)
        array[place] = before - 1e-6
        result[place] = (above - error(W, B)) / 2e-6
        array[place] = before
    return result
W, B = [w.copy() for w in W], [b.copy() for b in B]
return [slope(w) for w in W], [slope(b) for b in B]
"""


def main() -> None:
    """Take the class through the week, and print what each step took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--students", type=int, default=600)
    parser.add_argument("--nbgrader", type=int, default=6, help="pages of nbgrader's own to compare with")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    shutil.rmtree(folder, ignore_errors=True)
    course = folder / "course"
    courses.build(course)
    for number, assignment in enumerate(ASSIGNMENTS):
        download, roster = _download(folder, course, assignment, arguments.students, number)
        _timed(course, "collect", download, "--assignment", assignment, "--roster", roster)
        _timed(course, "grade", assignment, "--cell-seconds", 5, "--call-seconds", 3)
        _timed(course, "export", assignment, "--roster", roster, "--parts")
    _timed(course, "report")
    first, sizes = ASSIGNMENTS[0], {}
    pages = sorted((course / "feedback").glob(f"*/{first}/{first}.html"))
    sizes["our pages"] = sum(page.stat().st_size for page in pages) / len(pages)
    chosen = pages[:: max(1, len(pages) // max(1, arguments.nbgrader))][: arguments.nbgrader]
    started = time.monotonic()
    for page in chosen:
        courses.generate_feedback(course, first, page.parts[-3])
    if chosen:
        print(f"{(time.monotonic() - started) / len(chosen) * 1000:.0f} ms  a page by nbgrader")
        sizes["nbgrader's"] = sum(page.stat().st_size for page in chosen) / len(chosen)
    for name, size in sizes.items():
        print(f"{size / 1000:.0f} kB  {name}, in the mean")
    for path in sorted((course / "report").iterdir()):
        print(f"{path.stat().st_size / 1000:.0f} kB  {path.name}")


def _timed(course: Path, *arguments: object) -> None:
    started, used = time.monotonic(), _used()
    command = [sys.executable, "-m", "autograder.cli", *map(str, arguments)]
    done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
    seconds, work = time.monotonic() - started, _used() - used
    print(
        f"{seconds:.1f} s, {work:.1f} s of a core: autograder {arguments[0]}, exit status {done.returncode}"
    )
    print(textwrap.indent("\n".join((done.stdout + done.stderr).splitlines()[:6]), "    "), flush=True)


def _used() -> float:
    """Count the seconds of a core that all commands have used: the same on a busy machine."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _download(folder: Path, course: Path, assignment: str, students: int, number: int) -> tuple[Path, Path]:
    """Write what Moodle gives out: a zip, and the grading worksheet."""
    draw = random.Random(number)
    released = course / "release" / assignment / f"{assignment}.ipynb"
    download, roster = folder / f"{assignment}.zip", folder / f"{assignment}.csv"
    lines = [HEADER]
    with zipfile.ZipFile(download, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in range(students):
            name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}-{n}"
            handed_in = DUE + timedelta(days=7 * number) + timedelta(hours=8 - draw.expovariate(1 / 40))
            date = "-" if n % 40 == 39 else f"{handed_in:%A}, {handed_in.day} {handed_in:%B %Y, %I:%M %p}"
            lines.append(f'Participant {n},{name},s{n:03}@uni.edu,s{n:03},x,-,30.00,"{date}"')
            if date != "-":
                content = _work(draw, assignment, released, own_line=number > 0 and n % 20 != 0)
                place = f"{name}_{n}_assignsubmission_file_/{assignment}{' (1)' if n % 9 == 0 else ''}.ipynb"
                archive.writestr(place, "no notebook" if n % 150 == 7 else content)
    roster.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return download, roster


def _work(draw: random.Random, assignment: str, released: Path, *, own_line: bool) -> str:
    """Draw a student's answers and write them into the notebook."""
    known = {name: one for name, one in samples(assignment).items() if name != "never_ends"}
    best = max(one.score for one in known.values())
    right = [one for one in known.values() if one.score == best]
    others = [one for one in known.values() if one.score < best]
    chosen = draw.choice(right if draw.random() < 0.8 else others)
    cells = dict(chosen.cells)
    for exercise in sorted(cells):
        wrong = [one for one in ANSWERS if one.exercise == (assignment[:2], exercise)]
        if wrong and draw.random() < 0.4:
            cells[exercise] = IMPORT + wrong[min(int(draw.expovariate(0.12)), len(wrong) - 1)].source
        elif assignment[:2] == "01" and exercise == "exercise1" and draw.random() < 0.02:
            cells[exercise] = IMPORT + TABLES["01", exercise].with_body(DIFFERENCES)
        if own_line:
            cells[exercise] = _with_line(cells[exercise], draw.randrange(10**6))
    notebook = nbformat.read(released, as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if name in cells:
            cell.source = cells[name]
    return nbformat.writes(notebook)


def _with_line(code: str, number: int) -> str:
    """Add a line without effect to the functions, as a student leaves one behind."""
    lines = []
    for line in code.splitlines():
        lines.append(line)
        if line.startswith("def ") and line.rstrip().endswith(":"):
            lines.append(f"    left_over = {number}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
