"""Write a report for people and for programs: as text, HTML or JSON."""

from __future__ import annotations

import re
import textwrap

from jinja2 import Environment, PackageLoader
from markupsafe import Markup, escape

from autograder.exercise import ExerciseResult, Fault, Report, Verdict
from autograder.plain_text import for_terminal, in_one_line, without_commands

SIGNS = {
    Verdict.CORRECT: "✓",
    Verdict.CARRIED_FORWARD: "✓",
    Verdict.WRONG: "✗",
    Verdict.MALFORMED: "✗",
    Verdict.MISSING: "–",
}


LONGEST_PATH = 1000
CARRIED_FORWARD = "not the true value, but what follows rightly from your own numbers before it: full marks."


def marks(score: float) -> str:
    """Write marks as people do: 20, 2.5, 0.75."""
    return f"{score:.4f}".rstrip("0").rstrip(".")


def as_text(report: Report) -> str:
    """Write a report as text for a terminal."""
    if report.assignment is None:
        return f"{in_one_line(report.notebook, LONGEST_PATH)}: not marked\n  {for_terminal(report.message)}"
    name = in_one_line(report.notebook, LONGEST_PATH)
    head = f"{name}: {marks(report.score)} of {marks(report.max_score)} P ({report.assignment.name})"
    pieces = [head, *(_indented(exercise_as_text(result)) for result in report.results)]
    pieces += [f"  For the instructor: {for_terminal(flag)}." for flag in report.flags]
    return "\n".join(pieces)


def exercise_as_text(result: ExerciseResult) -> str:
    """Write an exercise's result as text: for a terminal, or for a notebook without HTML."""
    exercise = result.exercise
    lines = [f"{exercise.name}: {exercise.title} — {_earned(result)}"]
    width = max(len(part.part.name) for part in result.parts)
    for part in result.parts:
        score = f"{marks(part.score)} / {marks(part.part.marks)}"
        lines.append(f"  {SIGNS[part.verdict]} {part.part.name:<{width}}  {score:>10}  {part.verdict}")
    if any(part.verdict is Verdict.CARRIED_FORWARD for part in result.parts):
        lines += textwrap.wrap(
            f"carried-forward: {CARRIED_FORWARD}", 96, initial_indent="  ", subsequent_indent="  "
        )
    if result.faults:
        lines.append("  What to look at:")
        for fault in result.faults:
            lines += textwrap.wrap(
                f"{for_terminal(fault.message)}{_costs(fault)}",
                96,
                initial_indent="  - ",
                subsequent_indent="    ",
            )
    return "\n".join(lines)


def _earned(result: ExerciseResult) -> str:
    """Write `15 of 20 P`, and the marks in the marks cell's points if those are different."""
    earned = f"{marks(result.score)} of {marks(result.exercise.max_score)} P"
    if result.scaled and result.points is not None:
        earned += f", {marks(result.earned)} of {marks(result.points)} points"
    return earned


def _costs(fault: Fault) -> str:
    return f" (−{marks(fault.cost)}\N{NO-BREAK SPACE}P)" if fault.cost else ""


def exercise_as_html(result: ExerciseResult) -> str:
    """Write an exercise's result as HTML for nbgrader's feedback, to go above the marks; all is escaped."""
    whole = all(part.verdict is Verdict.CORRECT for part in result.parts)
    carried = any(part.verdict is Verdict.CARRIED_FORWARD for part in result.parts)
    template = _TEMPLATES.get_template("exercise.html.j2")
    return template.render(result=result, whole=whole, carried=CARRIED_FORWARD if carried else "")


ENDINGS = frozenset(
    ("timeout", "memory", "died", "missing", "raised", "gradient-of-a-result", "uses-autograd", "hard-coded")
)


def endings(report: Report | None) -> tuple[str, ...]:
    """List what ended an exercise as a whole, for the log of a class: `exercise1: timeout`."""
    results = report.results if report is not None else ()
    return tuple(
        f"{result.exercise.name}: {fault.fault}"
        for result in results
        for fault in result.faults
        if fault.where == "answer" and fault.fault in ENDINGS
    )


def as_json(report: Report) -> dict[str, object]:
    """Make the object that `autograder check --json` prints for a notebook."""
    return {
        "notebook": report.notebook,
        "assignment": report.assignment.name if report.assignment else None,
        "status": "graded" if report.readable else "unreadable",
        "message": report.message,
        "score": report.score,
        "max_score": report.max_score,
        "flags": list(report.flags),
        "exercises": {result.exercise.name: _exercise_as_json(result) for result in report.results},
    }


def _exercise_as_json(result: ExerciseResult) -> dict[str, object]:
    return {
        "score": result.score,
        "max_score": result.exercise.max_score,
        "parts": {
            part.part.name: {
                "score": part.score,
                "max_score": part.part.marks,
                "verdict": str(part.verdict),
            }
            for part in result.parts
        },
        "faults": [
            {"fault": fault.fault, "where": fault.where, "message": fault.message} for fault in result.faults
        ],
    }


def _code(text: str) -> Markup:
    """Escape `text`, which may quote a student, then set text between backticks as code."""
    text = without_commands(for_terminal(text))
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.splitlines())


_TEMPLATES = Environment(loader=PackageLoader("autograder"), autoescape=True)
_TEMPLATES.filters.update(marks=marks, sign=SIGNS.__getitem__, code=_code)
