"""Create a folder with an assignment that runs at once, to be turned into one's own (`autograder new`)."""

from __future__ import annotations

import re
from pathlib import Path

import jinja2

TEMPLATES = Path(__file__).parent / "templates" / "new"
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class NotWritten(Exception):
    """No folder was written; the message is a sentence for people."""


def write(name: str, to: Path) -> list[Path]:
    """Write an assignment's folder; return its files.

    Parameters
    ----------
    name : as in `04-normalisation`: lower-case letters and digits, with hyphens between them.
    to : the folder with assignments to put it in; created if necessary.

    Raises
    ------
    NotWritten
        The name is not valid, or something of that name exists already.
    """
    if not NAME.fullmatch(name):
        raise NotWritten(
            f"{name!r} is not a name for an assignment: use lower-case letters and digits, with hyphens "
            "between them, as in 04-normalisation."
        )
    folder = to / name.replace("-", "_")
    if folder.exists():
        raise NotWritten(f"{folder} exists already, and is left as it is: choose another name.")
    folder.mkdir(parents=True)
    title = re.sub(r"^\d+-", "", name).replace("-", " ").capitalize()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), keep_trailing_newline=True, autoescape=False
    )
    written = []
    for template in sorted(environment.list_templates()):
        path = folder / template.removesuffix(".j2")
        text = environment.get_template(template).render(name=name, title=title)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written
