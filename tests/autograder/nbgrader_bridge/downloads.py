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


def canvas() -> tuple[bytes, str]:
    """Canvas: files side by side; ten people, and a roster of ten."""
    files: dict[str, bytes | str] = {
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
    return zipped(files), CANVAS_HEAD + _lines("Name{n},{n},{n}0,s{n},A", range(101, 111))


CANVAS_HEAD = "Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"


def ilias() -> tuple[bytes, str]:
    """ILIAS: a folder a person, with times before the files' names; ten people, one in a team's folder."""
    people: dict[str, dict[str, bytes | str]] = {
        "Maier_Anna_s101_101": {f"20260504140000_{NETWORK}.ipynb": work("matrix_products")},
        "Otto_Ben_s102_102": {f"20260504140000_{NETWORK} (7).ipynb": work("explicit_loops")},
        "Öz_Cem_s103_103": {"20260504140000_Untitled.ipynb": without_ids("einsum")},
        "Da_Dana_s104_104": {"20260504140000_abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")})},
        "Eh_Emil_s105_105": {"20260504140000_answer.txt": "see my mail"},
        "F_Finn_s106_106": {"20260504140000_solution.pdf": "%PDF"},
        "Team 3/G_Gül_s107_107": {"20260504140000_work.ipynb": "no notebook at all"},
        "H_Hana_s108_108": {"20260504140000_02.ipynb": work("loops", "02-gradient-descent")},
        "I_Ida_s109_109": {
            f"20260503140000_{NETWORK}.ipynb": work("empty"),
            f"20260504140000_{NETWORK}.ipynb": work("missing_relu_mask"),
            "20260504140000_helper.py": "x = 1",
        },
        "Known_Nobody_s999_999": {f"20260504140000_{NETWORK}.ipynb": work("matrix_products")},
    }
    files = {f"Abgaben/{who}/{name}": data for who, own in people.items() for name, data in own.items()}
    head = "update;usr_id;login;lastname;firstname;status;mark;notice;comment;plagiarism;plag_comment\n"
    roster = head + _lines("0;{n};s{n};Last{n};First{n};notgraded;;;;;", range(101, 111))
    return zipped({**files, "Abgaben/status.xlsx": "x"}), roster


def gradescope() -> tuple[bytes, str]:
    """Gradescope: a folder a submission, and what says whose it is; ten people."""
    work_of: dict[int, dict[str, bytes | str]] = {
        1: {f"{NETWORK}.ipynb": work("matrix_products")},
        2: {f"{NETWORK} (7).ipynb": work("explicit_loops")},
        3: {"Untitled.ipynb": without_ids("einsum")},
        4: {"abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")})},
        5: {"answer.txt": "see my mail"},
        6: {"solution.pdf": "%PDF"},
        7: {"work.ipynb": "no notebook at all"},
        8: {"02.ipynb": work("loops", "02-gradient-descent")},
        9: {f"{NETWORK}.ipynb": work("empty")},
        19: {f"{NETWORK}.ipynb": work("missing_relu_mask"), "helper.py": "x = 1"},
        99: {f"{NETWORK}.ipynb": work("matrix_products")},
    }
    said = "---\n"
    for number in work_of:
        person = 109 if number == 19 else 100 + number if number < 99 else 999
        said += f"submission_{number}:\n  :submitters:\n  - :name: Name{person}\n    :sid: '{person}0'\n"
        said += f"    :email: s{person}@uni.edu\n  :created_at: 2026-05-{4 + number // 10:02} 12:00:00.5 Z\n"
    files: dict[str, bytes | str] = {
        f"assignment_5_export/submission_{number}/{name}": data
        for number, own in work_of.items()
        for name, data in own.items()
    }
    files["assignment_5_export/submission_77/work.ipynb"] = work("empty")
    files["assignment_5_export/submission_metadata.yml"] = said
    roster = "Name,SID,Email\n" + _lines("Name{n},s{n},s{n}@uni.edu", range(101, 111))
    return zipped(files), roster


def github() -> tuple[bytes, str]:
    """GitHub Classroom: repositories as its command line clones them; ten people."""
    people: dict[int, dict[str, bytes | str]] = {
        101: {f"{NETWORK}.ipynb": work("matrix_products"), "README.md": "x", ".git/config": "x"},
        102: {f"{NETWORK} (7).ipynb": work("explicit_loops")},
        103: {"src/Untitled.ipynb": without_ids("einsum")},
        104: {"abgabe.zip": zipped({"deep/er/my.ipynb": work("transposed")})},
        105: {"README.md": "see my mail"},
        106: {"solution.pdf": "%PDF"},
        107: {"work.ipynb": "no notebook at all"},
        108: {"02.ipynb": work("loops", "02-gradient-descent")},
        109: {
            f"{NETWORK}.ipynb": work("empty"),
            f".ipynb_checkpoints/{NETWORK}-checkpoint.ipynb": work("zeros"),
            f"final/{NETWORK}.ipynb": work("missing_relu_mask"),
            "final/helper.py": "x = 1",
        },
        999: {f"{NETWORK}.ipynb": work("matrix_products")},
    }
    files: dict[str, bytes | str] = {
        f"sheet-1-submissions/sheet-1-s{number}/{name}": data
        for number, own in people.items()
        for name, data in own.items()
    }
    head = "assignment_name,github_username,roster_identifier,submission_timestamp,points_awarded\n"
    roster = head + _lines("sheet 1,s{n},i{n},2026-05-04 12:00:00 UTC,", range(101, 111))
    return zipped({**files, "sheet-1-submissions/notes.txt": "x"}), roster


def _lines(form: str, numbers: range) -> str:
    return "".join(form.replace("{n}", str(number)) + "\n" for number in numbers)
