"""Find the assignment's notebook in a submission, whatever a browser or a person has called it.

A browser adds `(7)` to a name, a course server puts a student's name in front, an archive adds a folder. A
notebook with the assignment's own name is the one. If there is none, the only notebook that is
the assignment's by its cells and functions takes its place; between two, nobody guesses.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from autograder import assignments
from autograder.nbgrader_bridge.course.release import ReleasedAssignment, ReleasedNotebook
from autograder.plain_text import in_one_line
from autograder.submissions import notebook
from autograder.submissions.notebook import UnreadableNotebook
from autograder.submissions.recognition import recognise

NAMELESS = Path("notebook.ipynb")  # what it holds decides, not what a copy of it is called


@dataclass(frozen=True)
class ChosenFile:
    """Hold a file that is graded as one of the assignment's notebooks."""

    file: str
    """Its name, relative to the submission's folder."""
    content: bytes
    notes: tuple[str, ...] = ()
    """What an instructor should look at: another file may be the work."""
    renamed: str = ""
    """A sentence that names this file, if the one with the assignment's name is missing."""


@dataclass(frozen=True)
class Candidate:
    """Hold a notebook that may be the assignment's, whatever its name."""

    file: str
    content: bytes
    code: tuple[str, ...]
    answers: int
    """Solution cells in which something was written."""


def chosen_files(
    named: Mapping[str, bytes],
    others: Mapping[str, bytes],
    released: ReleasedAssignment,
    given: Collection[str],
) -> dict[str, ChosenFile]:
    """Choose the file for each of an assignment's notebooks; leave out those that nobody handed in.

    Parameters
    ----------
    named : files that have the right name, by the notebook's name.
    others : notebooks with other names, by theirs.
    released : the assignment.
    given : sources of code cells as students were given them.

    Raises
    ------
    UnreadableNotebook
        A notebook is missing, and more than one may be meant for it.
    """
    files = {name: ChosenFile(f"{name}.ipynb", content) for name, content in named.items()}
    if not others:
        return files
    result = candidates(others, released, given)
    for name, one in released.notebooks.items():
        fitting = _different(result.get(name, []))
        if name in named:
            notes = _better(named[name], fitting, one, given)
            files[name] = ChosenFile(f"{name}.ipynb", named[name], notes)
            continue
        best = [candidate for candidate in fitting if candidate.answers] or fitting
        if len(best) > 1:
            raise UnreadableNotebook(
                f"{name}.ipynb is missing, and each of {_listed(best)} may be it. Give the one that counts "
                f"the name {name}.ipynb."
            )
        if best:
            renamed = (
                f"{in_one_line(best[0].file)} was graded as {name}.ipynb, which is missing: nbgrader's own "
                "commands take it only by that name"
            )
            files[name] = ChosenFile(best[0].file, best[0].content, renamed=renamed)
    return files


def missing(notebooks: Sequence[str], others: Sequence[str]) -> str:
    """Say that none of the assignment's notebooks is in a submission's folder, and what is there instead."""
    expected = " and ".join(f"{name}.ipynb" for name in notebooks)
    verb = "is" if len(notebooks) == 1 else "are"
    if not others:
        return f"{expected} {verb} missing, and there is no other notebook."
    listed = [in_one_line(name) for name in others[:3]] + (["…"] if len(others) > 3 else [])
    return f"{expected} {verb} missing. There is {', '.join(listed)}: rename it if that is the one."


def files_beside(file: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files beside a notebook and below its folder, by names relative to it."""
    folder = file.rpartition("/")[0]
    if not folder:
        return dict(files)
    start = f"{folder}/"
    return {name.removeprefix(start): data for name, data in files.items() if name.startswith(start)}


def _better(
    content: bytes, fitting: Sequence[Candidate], released: ReleasedNotebook, given: Collection[str]
) -> tuple[str, ...]:
    """Describe a notebook with another name that has more answers than the one with the right name."""
    try:
        answers = _answers(notebook.parsed(content), released, given)
        what = f"has answers in {answers} of its cells" if answers else "has no answers"
    except UnreadableNotebook:
        answers, what = 0, "is no notebook"
    better = [candidate for candidate in fitting if candidate.answers > answers]
    if not better:
        return ()
    verb = "has" if len(better) == 1 else "have"
    return (
        f"{released.name}.ipynb {what}, but {_listed(better)} beside it {verb} {better[0].answers}: if "
        "that is the work, give it the right name, and grade again",
    )


def _listed(candidates: Sequence[Candidate]) -> str:
    names = [in_one_line(candidate.file) for candidate in candidates[:3]]
    rest = len(candidates) - len(names)
    if rest:
        return f"{', '.join(names)} and {rest} more"
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else names[0]


def _different(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Keep one of those with the same code: a file that is downloaded twice is there twice."""
    return list({candidate.code: candidate for candidate in reversed(candidates)}.values())[::-1]


def candidates(
    others: Mapping[str, bytes], released: ReleasedAssignment, given: Collection[str]
) -> dict[str, list[Candidate]]:
    """Read the notebooks with other names; sort them by the assignment's notebook that each may be."""
    candidates: dict[str, list[Candidate]] = {}
    for file, content in others.items():
        try:
            parsed = notebook.parsed(content)
        except UnreadableNotebook:
            continue
        name = _name(file, parsed, released)
        if name is not None:
            answers = _answers(parsed, released.notebooks[name], given)
            candidates.setdefault(name, []).append(Candidate(file, content, _code(parsed), answers))
    return candidates


def _name(file: str, parsed: NotebookNode, released: ReleasedAssignment) -> str | None:
    """Return which of the assignment's notebooks this is: by cells and functions, or by nbgrader's ids."""
    known = assignments.load_all()
    if any(assignment.name in released.notebooks for assignment in known):
        cells = [notebook.cell_of(cell) for cell in parsed.cells]
        assignment = recognise(NAMELESS, cells, known)
        return assignment.name if assignment is not None and assignment.name in released.notebooks else None
    ids = set(_by_id(parsed))
    shared = {
        name: len(ids & {cell.name for cell in one.source_cells}) for name, one in released.notebooks.items()
    }
    most = max(shared.values(), default=0)
    best = [name for name, count in shared.items() if count == most]
    named = [name for name in best if name in file]
    if most == 0:
        return None
    return (named or best)[0] if len(named or best) == 1 else None


def _answers(parsed: NotebookNode, released: ReleasedNotebook, given: Collection[str]) -> int:
    """Count solution cells in which something was written, or new code cells if nbgrader's ids are lost."""
    stubs = {cell.name: cell.source.strip() for cell in released.source_cells if cell.solution}
    sources = _by_id(parsed)
    known = stubs.keys() & sources.keys()
    if known:
        return sum(sources[name].strip() not in ("", stubs[name]) for name in known)
    own = {source.strip() for source in (*given, *(cell.source for cell in released.source_cells))} | {""}
    return sum(source.strip() not in own for source in _code(parsed))


def _by_id(parsed: NotebookNode) -> dict[str, str]:
    """Return the sources of cells by their nbgrader ids."""
    sources = {}
    for cell in parsed.cells:
        grade_id = notebook.cell_of(cell).grade_id
        if grade_id is not None:
            sources[grade_id] = str(cell.source)
    return sources


def _code(parsed: NotebookNode) -> tuple[str, ...]:
    return tuple(str(cell.source) for cell in parsed.cells if cell.cell_type == "code")
