"""Downloads as course servers make them, of sample notebooks, each with what goes wrong in real life."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import nbformat

from samples import samples
from tests.autograder.nbgrader_bridge.classes import NETWORK

ROOT = Path(__file__).parents[3]
RELEASED = ROOT / "notebooks" / f"{NETWORK}.ipynb"


@cache
def work(sample: str, assignment: str = NETWORK) -> bytes:
    """A sample's notebook as a student saves it."""
    released = ROOT / "notebooks" / f"{assignment}.ipynb"
    return nbformat.writes(samples(assignment)[sample].notebook(released)).encode()


@cache
def without_ids(sample: str) -> bytes:
    """The same from an editor that keeps no metadata."""
    notebook = samples(NETWORK)[sample].notebook(RELEASED)
    for cell in notebook.cells:
        cell.metadata = nbformat.NotebookNode()
    return nbformat.writes(notebook).encode()


def zipped(files: Mapping[str, bytes | str], day: int = 4) -> bytes:
    """A zip file's bytes; its files were changed on that day of May."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 5, day, 12, 0, 0)), content)
    return file.getvalue()


def moodle() -> tuple[bytes, str]:
    """Moodle: ten people, and a roster of eleven."""
    people: dict[str, dict[str, bytes | str]] = {
        "Anna Maier_101_assignsubmission_file_/": {f"{NETWORK}.ipynb": work("matrix_products")},
        "Ben Otto_102_assignsubmission_file_/": {f"{NETWORK} (7).ipynb": work("explicit_loops")},
        "Cem Öz_103_assignsubmission_file_/": {"Untitled.ipynb": without_ids("einsum")},
        "Dana Da_104_assignsubmission_file_/": {
            "abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")})
        },
        "Emil Eh_105_assignsubmission_onlinetext_/": {"onlinetext.html": "see my mail"},
        "Finn F_106_assignsubmission_file_/": {"solution.pdf": "%PDF", "photo.heic": "x"},
        "Gül G_107_assignsubmission_file_/": {f"{NETWORK}.ipynb": "no notebook at all"},
        "Hana H_108_assignsubmission_file_/": {"02.ipynb": work("loops", "02-gradient-descent")},
        "Ida I_109_assignsubmission_file_/": {
            f"{NETWORK}.ipynb": work("empty"),
            f"{NETWORK}-Copy1.ipynb": work("missing_relu_mask"),
            "helper.py": "x = 1",
            "timestamp.txt": "2000-01-01 00:00:00 UTC",
        },
        "Nobody Known_999_assignsubmission_file_/": {f"{NETWORK}.ipynb": work("matrix_products")},
    }
    files = {folder + name: data for folder, own in people.items() for name, data in own.items()}
    header = (
        "Identifier,Full name,Email address,Username,Status,Grade,Maximum Grade,Last modified (submission)\n"
    )
    names = {
        **{101: "Anna Maier", 102: "Ben Otto", 103: "Cem Öz", 104: "Dana Da", 105: "Emil Eh", 106: "Finn F"},
        **{107: "Gül G", 108: "Hana H", 109: "Ida I", 110: "Jan J"},
    }
    roster = header + "".join(
        f"Participant {number},{name},s{number}@uni.edu,s{number},x,-,30.00,"
        f'"Monday, 4 May 2026, 2:{number - 100:02} PM"\n'
        for number, name in names.items()
    )
    return zipped({**files, "../../evil.ipynb": "x", "notes.txt": "x"}), roster
