"""A thousand submissions, a tenth of them hostile, graded in one run: is every one accounted for.

python -m bench.thousand [--students 1000]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from autograder.grading import secret
from autograder.nbgrader_bridge.course import course_folder as courses
from samples import samples
from samples.attacks.canaries import Canaries
from samples.attacks.corpus import ASSIGNMENT, attacks, write
from samples.demo import hand_in

EVERY = 10  # of which one is hostile
LIMITS = ("--cell-seconds", "3", "--call-seconds", "2")


def main() -> None:
    """Grade the class, compare every mark with what it should be, and print the count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--students", type=int, default=1000)
    students = parser.parse_args().students
    with tempfile.TemporaryDirectory(prefix="thousand-", ignore_cleanup_errors=True) as folder:
        course = Path(folder) / "course"
        courses.build(course)
        with Canaries(Path(folder) / "canaries", course) as canaries:
            expected = _hand_in(course, canaries, students)
            secret.course_secret(
                course, make=True
            )  # another one each time: marks are right on any hidden data
            canaries.watch()
            started = time.monotonic()
            command = [sys.executable, "-m", "autograder.cli", "grade", ASSIGNMENT, *LIMITS]
            environment = canaries.environment()
            done = subprocess.run(
                command, cwd=course, env=environment, capture_output=True, text=True, check=False
            )
            seconds = time.monotonic() - started
            harm = canaries.harm()
        count: Counter[str] = Counter()
        book = courses.marks(course, ASSIGNMENT)
        log = (course / "autograder-logs" / f"{ASSIGNMENT}.txt").read_text(encoding="utf-8")
        for student, marks in expected.items():
            result = {name: book.get(student, {}).get(f"{name}-marks", 0.0) for name in marks}
            graded = (course / "autograded" / student / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").is_file()
            named = f"  {student}: " in log
            count["right marks" if result == marks else f"wrong marks: {student} {result} for {marks}"] += 1
            count["graded" if graded else "not graded, and said so" if named else f"lost: {student}"] += 1
    print(f"exit status {done.returncode}, {seconds:.0f} s, harm: {harm or 'none'}")
    for what, number in count.most_common():
        print(f"{number:6}  {what}")


def _hand_in(course: Path, canaries: Canaries, students: int) -> dict[str, dict[str, float]]:
    """Fill submitted/; the marks that each student deserves."""
    honest = [(name, s) for name, s in samples(ASSIGNMENT).items() if s.cells and name != "never_ends"]
    hostile = list(attacks().values())
    stride = max(len(hostile) // max(students // EVERY, 1), 1)
    released = course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    expected = {}
    for number in range(students):
        student = f"s{number:05}"
        if number % EVERY == EVERY // 2:
            attack = hostile[(number // EVERY * stride) % len(hostile)]
            folder = course / "submitted" / student / ASSIGNMENT
            write(attack, released, folder, canaries.places(student))
            expected[student] = dict(attack.marks)
        else:
            name, sample = honest[number % len(honest)]
            hand_in(course, ASSIGNMENT, student, name)
            expected[student] = dict(sample.marks)
    return expected


if __name__ == "__main__":
    main()
