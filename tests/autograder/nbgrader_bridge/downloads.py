"""Downloads as course servers make them, of sample notebooks, each with what goes wrong in real life."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping
from functools import cache

import nbformat

from samples import samples
from tests.autograder.nbgrader_bridge.classes import NETWORK
from tests.process import ROOT


@cache
def work(sample: str, assignment: str = NETWORK) -> bytes:
    """A sample's notebook as a student saves it."""
    released = ROOT / "notebooks" / f"{assignment}.ipynb"
    return nbformat.writes(samples(assignment)[sample].notebook(released)).encode()


@cache
def without_ids(sample: str) -> bytes:
    """The same from an editor that keeps no metadata."""
    notebook = nbformat.reads(work(sample), as_version=4)
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


Files = dict[str, bytes | str]
PEOPLE = range(101, 111)  # one of them hands in nothing
NAMES = {
    **{101: "Anna Maier", 102: "Ben Otto", 103: "Cem Öz", 104: "Dana Da", 105: "Emil Eh", 106: "Finn F"},
    **{107: "Gül G", 108: "Hana H", 109: "Ida I", 110: "Jan J", 999: "Nobody Known"},
}


def _handed_in(changed: Mapping[int, Files]) -> dict[int, Files]:
    """What nine of them hand in, and somebody whom no roster knows; with what a server has otherwise."""
    same: dict[int, Files] = {
        101: {f"{NETWORK}.ipynb": work("matrix_products")},
        102: {f"{NETWORK} (7).ipynb": work("explicit_loops")},
        103: {"Untitled.ipynb": without_ids("einsum")},
        104: {"abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")})},
        105: {"answer.txt": "see my mail"},
        106: {"solution.pdf": "%PDF"},
        107: {"work.ipynb": "no notebook at all"},
        108: {"02.ipynb": work("loops", "02-gradient-descent")},
        109: {f"{NETWORK}.ipynb": work("empty")},
        999: {f"{NETWORK}.ipynb": work("matrix_products")},
    }
    return same | changed


def _in_folders(people: Mapping[int, Files], folder: Callable[[int], str]) -> Files:
    return {f"{folder(n)}/{name}": data for n, files in people.items() for name, data in files.items()}


def moodle() -> tuple[bytes, str]:
    """Moodle: ten people, and a roster of eleven."""
    other: dict[int, Files] = {
        105: {"onlinetext.html": "see my mail"},
        106: {"solution.pdf": "%PDF", "photo.heic": "x"},
        107: {f"{NETWORK}.ipynb": "no notebook at all"},
        109: {
            f"{NETWORK}.ipynb": work("empty"),
            f"{NETWORK}-Copy1.ipynb": work("missing_relu_mask"),
            "helper.py": "x = 1",
            "timestamp.txt": "2000-01-01 00:00:00 UTC",
        },
    }
    files = _in_folders(
        _handed_in(other),
        lambda n: f"{NAMES[n]}_{n}_assignsubmission_{'onlinetext' if n == 105 else 'file'}_",
    )
    head = "Identifier,Full name,Email address,Username,Status,Grade,Maximum Grade,"
    head += "Last modified (submission)\n"
    when = '"Monday, 4 May 2026, 2:{minute:02} PM"'
    roster = head + _lines(f"Participant {{n}},{{name}},s{{n}}@uni.edu,s{{n}},x,-,30.00,{when}")
    return zipped({**files, "../../evil.ipynb": "x", "notes.txt": "x"}), roster


def canvas() -> tuple[bytes, str]:
    """Canvas: files side by side; ten people, and a roster of ten."""
    files: Files = {
        f"maieranna_101_9001_{NETWORK}.ipynb": work("matrix_products"),
        f"ottoben_LATE_102_9002_{NETWORK}-1.ipynb": work("explicit_loops"),
        f"öz-cem_103_9003_{NETWORK} (7).ipynb": without_ids("einsum"),
        "dadana_104_9004_abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")}),
        "eheemil_105_text.html": "see my mail",
        "ffinn_106_9006_solution.pdf": "%PDF",
        "ggül_107_9007_work.ipynb": "no notebook at all",
        "hhana_108_9008_02.ipynb": work("loops", "02-gradient-descent"),
        f"iida_109_9009_{NETWORK}.ipynb": work("empty"),
        f"iida_109_9010_{NETWORK}-1.ipynb": work("missing_relu_mask"),
        "iida_109_9011_helper.py": "x = 1",
        f"nobody_999_9012_{NETWORK}.ipynb": work("matrix_products"),
        "submissions.txt": "x",
    }
    return zipped(files), CANVAS_HEAD + _lines("Name{n},{n},{n}0,s{n},A")


CANVAS_HEAD = "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"


def ilias() -> tuple[bytes, str]:
    """ILIAS: a folder a person, with times before the files' names; ten people, one in a team's folder."""
    people = {
        n: {f"20260504140000_{name}": data for name, data in files.items()}
        for n, files in _handed_in({}).items()
    }
    people[109] = {
        f"20260503140000_{NETWORK}.ipynb": work("empty"),
        f"20260504140000_{NETWORK}.ipynb": work("missing_relu_mask"),
        "20260504140000_helper.py": "x = 1",
    }

    def folder(n: int) -> str:
        first, last = NAMES[n].split()
        return f"Abgaben/{'Team 3/' if n == 107 else ''}{last}_{first}_s{n}_{n}"

    head = "update;usr_id;login;lastname;firstname;status;mark;notice;comment;plagiarism;plag_comment\n"
    roster = head + _lines("0;{n};s{n};Last{n};First{n};notgraded;;;;;")
    return zipped({**_in_folders(people, folder), "Abgaben/status.xlsx": "x"}), roster


def gradescope() -> tuple[bytes, str]:
    """Gradescope: a folder a submission, and what says whose it is; ten people."""
    people = _handed_in({})
    unknown = people.pop(999)
    again: Files = {f"{NETWORK}.ipynb": work("missing_relu_mask"), "helper.py": "x = 1"}
    submissions = {n - 100: files for n, files in people.items()} | {19: again, 99: unknown}
    said = "---\n"
    for number in submissions:
        person = {19: 109, 99: 999}.get(number, 100 + number)
        said += f"submission_{number}:\n  :submitters:\n  - :name: Name{person}\n    :sid: '{person}0'\n"
        said += f"    :email: s{person}@uni.edu\n  :created_at: 2026-05-{4 + number // 10:02} 12:00:00.5 Z\n"
    files = _in_folders(submissions, lambda number: f"assignment_5_export/submission_{number}")
    files["assignment_5_export/submission_77/work.ipynb"] = work("empty")
    files["assignment_5_export/submission_metadata.yml"] = said
    return zipped(files), "Name,SID,Email\n" + _lines("Name{n},s{n},s{n}@uni.edu")


def github() -> tuple[bytes, str]:
    """GitHub Classroom: repositories as its command line clones them; ten people."""
    other: dict[int, Files] = {
        101: {f"{NETWORK}.ipynb": work("matrix_products"), "README.md": "x", ".git/config": "x"},
        103: {"src/Untitled.ipynb": without_ids("einsum")},
        105: {"README.md": "see my mail"},
        109: {
            f"{NETWORK}.ipynb": work("empty"),
            f".ipynb_checkpoints/{NETWORK}-checkpoint.ipynb": work("zeros"),
            f"final/{NETWORK}.ipynb": work("missing_relu_mask"),
            "final/helper.py": "x = 1",
        },
    }
    files = _in_folders(_handed_in(other), lambda n: f"sheet-1-submissions/sheet-1-s{n}")
    head = "assignment_name,github_username,roster_identifier,submission_timestamp,points_awarded\n"
    roster = head + _lines("sheet 1,s{n},i{n},2026-05-04 12:00:00 UTC,")
    return zipped({**files, "sheet-1-submissions/notes.txt": "x"}), roster


def _lines(form: str) -> str:
    return "".join(f"{form.format(n=n, name=NAMES[n], minute=n - 100)}\n" for n in PEOPLE)
