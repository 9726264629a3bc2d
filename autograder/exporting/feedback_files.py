"""Name feedback files so that each course server returns them to the right student.

| system | how it reads a file's name in the zip |
|---|---|
| Moodle | folder `NAME_NUMBER_assignsubmission_file_`: the number is the participant's |
| Canvas | `NAME_USER_ATTACHMENT_…`: the first two numbers between `_` |
| ILIAS | folder `LASTNAME_FIRSTNAME_LOGIN_NUMBER` in one that begins with `multi_feedback` |
| others | a folder for each student |
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping

from autograder.collecting.systems import CANVAS, ILIAS
from autograder.exporting.gradebooks import Marked

ZIPPED = ("moodle", "canvas", "ilias")
MULTI_FEEDBACK = "multi_feedback"  # ILIAS and its plugin with status files look into a folder in the zip
EPOCH = (1980, 1, 1, 0, 0, 0)  # the same feedback is the same file


def name_for(system: str, one: Marked, page: str) -> str | None:
    """Return a page's name in the zip; None if the server could not know whose it is.

    page : its own name, `01-error-backpropagation.html`.
    """
    if system == "moodle":
        return f"{one.label}_/{page}" if one.label else None
    if system == "ilias":
        known = ILIAS.match(one.label.rpartition("/")[2])
        return f"{MULTI_FEEDBACK}/{one.label}/{page}" if known else None
    if system == "canvas":
        source = one.source.rpartition("/")[2]
        result = CANVAS.match(source)
        if result is None or not result["file"]:
            return None
        return f"{source[: -len(result['file'])]}{page}"
    return f"{one.student}/{page}"


def zipped(files: Mapping[str, bytes] | Iterable[tuple[str, bytes]]) -> bytes:
    """Put files into a zip."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items() if isinstance(files, Mapping) else files:
            archive.writestr(zipfile.ZipInfo(name, EPOCH), content, zipfile.ZIP_DEFLATED)
    return file.getvalue()
