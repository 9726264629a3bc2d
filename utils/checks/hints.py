"""Give hints for each task, one per call: where it is, a question, what the numbers show, the formula."""

from collections.abc import Iterable
from dataclasses import dataclass

from utils.checks.find import Unknown, find, find_by_name, named
from utils.checks.leads import first_leads
from utils.checks.report import as_html, plain, printable, wrapped
from utils.checks.vocabulary import Fault, Task
from utils.progress import autograding


@dataclass
class _Place:
    """Hold what the last check of a task found, and how many hints have been seen since."""

    fault: Fault | None = None
    hints: tuple[str, ...] = ()
    given: int = 0
    right: bool = False


@dataclass(frozen=True)
class Hint:
    """Hold one hint; a notebook shows it as it is, `print` as text."""

    heading: str
    text: str
    footer: str = ""

    def __repr__(self) -> str:
        return self._text()

    def __str__(self) -> str:
        return self._text()

    def _text(self) -> str:
        return "\n".join(
            wrapped(printable(plain(part))) for part in (self.heading, self.text, self.footer) if part
        )

    def _repr_mimebundle_(
        self, include: Iterable[str] | None = None, exclude: Iterable[str] | None = None
    ) -> dict[str, str]:
        """Show as HTML where a notebook can, and as text everywhere else."""
        del include, exclude  # the notebook drops by itself what it does not want
        return {"text/html": self._repr_html_(), "text/plain": self._text()} if self._text() else {}

    def _repr_html_(self) -> str:
        """Show as HTML, for a notebook."""
        heading = f"<p><strong>{as_html(self.heading)}</strong></p>" if self.heading else ""
        footer = f"<p>{as_html(self.footer)}</p>" if self.footer else ""
        return f"<div>{heading}<p>{as_html(self.text)}</p>{footer}</div>"


_places: dict[str, _Place] = {}
"""For each task by its full name, in this session."""


def remember(task: Task, fault: Fault | None, hints: tuple[str, ...], *, right: bool) -> None:
    """Make hints about a fault; if it is the same as before, they continue where they were."""
    before = _places.get(task.key, _Place())
    same = (before.fault, before.right) == (fault, right)
    _places[task.key] = _Place(fault, hints, before.given if same else 0, right)


def hint(task: object, *, restart: bool = False) -> Hint:
    """Return the next hint for a task: where to look, a question, what the numbers show, the formula.

        utils.hint("exercise1")

    After a check the hints are about what it found first; before, about how to begin.

    Parameters
    ----------
    task
        The name of the task, or your function.
    restart
        Start again with the first hint.

    Returns
    -------
    Hint
        A notebook shows it; in a script, print it.
    """
    if autograding():
        return Hint("", "")
    name = (
        task if type(task) is str else None
    )  # not isinstance: a student's object may do anything when asked
    try:
        meant = find(task) if name is None else find_by_name(name)
    except Unknown as unknown:
        checked = [candidate for candidate in named(name or "") if candidate.key in _places]
        if len(checked) != 1:
            return Hint("", str(unknown))
        (meant,) = checked
    place = _places.setdefault(meant.key, _Place())
    if restart:
        place.given = 0
    ask = f'utils.hint("{name or meant.name}"'
    if place.right:
        return Hint("", f"The check found all numbers of {meant.name} right: there is nothing to hint at.")
    hints = place.hints or first_leads(meant)
    if place.given == len(hints):
        return Hint(
            f"{meant.name}: that was the last hint",
            f"You have seen all {len(hints)}. {ask}, restart=True) begins again, utils.check({meant.name}) "
            "says where your answer stands now.",
        )
    place.given += 1
    where = f", {place.fault.where}" if place.fault and place.fault.where != "answer" else ""
    footer = f"{ask}) again gives the next one." if place.given < len(hints) else ""
    return Hint(f"{meant.name}{where}: hint {place.given} of {len(hints)}", hints[place.given - 1], footer)
