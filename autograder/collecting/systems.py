"""Recognise which course server a download comes from, and sort its files by person.

| system | a person's files |
|---|---|
| Moodle | `Anna Maier_123456_assignsubmission_file_/work.ipynb`; without the last `_` since 4.1 |
| Canvas | `maieranna_LATE_12345_67890_work-1.ipynb`: user, attachment, the file's own name |
| ILIAS | `Maier_Anna_amaier_4711/work.ipynb`, perhaps with `20260504120000_` before the file's name |
| Gradescope | `submission_123456/work.ipynb`, and `submission_metadata.yml` that says whose it is |
| GitHub Classroom | `homework-submissions/homework-amaier/work.ipynb`, as its command line clones them |
| plain | `amaier/work.ipynb` or `amaier.ipynb` |
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import yaml

from autograder.collecting import roster as rosters
from autograder.collecting.download import Download
from autograder.collecting.people import (
    File,
    People,
    Person,
    Sorted,
    folders,
    is_work,
    listed,
    notebooks,
)
from autograder.collecting.roster import Roster
from autograder.nbgrader_names import TIMESTAMP

MOODLE = re.compile(
    r"^(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?$", re.DOTALL
)
CANVAS = re.compile(
    r"^(?:(?P<name>.+?)_)??(?:(?P<late>LATE)_)?(?P<user>\d+|anon_[^_]+)_(?:(?P<attachment>\d+)_(?P<file>.+)"
    r"|(?P<text>text|link)\.html)$",
    re.DOTALL,
)
ILIAS = re.compile(r"^(?P<last>[^_]+)_(?P<first>[^_]+)_(?P<login>.+)_(?P<number>\d+)$", re.DOTALL)
ILIAS_FEEDBACK = re.compile(r"^multi_feedback", re.IGNORECASE)  # begins the folder around everything
ILIAS_TEAM = re.compile(r"^Team[ _](?P<number>\d+)$")
ILIAS_TIME = re.compile(r"^(?P<time>\d{14})_(?P<file>.+)$", re.DOTALL)
GRADESCOPE = re.compile(r"^submission_\d+$")
METADATA = "submission_metadata.yml"
CLONED = "-submissions"  # how GitHub Classroom's command line names the folder that it clones into
COPY = re.compile(r"\s*\(\d+\)|\s*[-_ ]*(?:kopie|copy)(?:\s*\d+)?", re.IGNORECASE)
NO_FORM = "its name has not the form"
ANOTHER = NO_FORM + " that {} gives to what is handed in"
TYPED_IN = "it was typed into the course server and is no file"
ENOUGH = 0.5  # share of notebooks and archives that have a system's form

Collect = Callable[[str], Mapping[str, str] | None]
"""Returns `student_id`, `file_id` and perhaps `timestamp` for a name; None if it is not a submission."""


def sort(download: Download, assignment: str, roster: Roster | None = None, system: str = "") -> Sorted:
    """Sort a download by person, by the rules of the system that it comes from.

    system : one of `SYSTEMS`, if somebody has said which.
    """
    if system:
        return SYSTEMS[system](download, assignment, roster)
    work = notebooks(download)
    for recognise in SYSTEMS.values():
        result = recognise(download, assignment, roster)
        # files in a system's form reveal the system even if it is unknown whose they are
        of_form = [name for name in work if not result.left_out.get(listed(name), "").startswith(NO_FORM)]
        if of_form and len(of_form) >= ENOUGH * len(work):
            return result
    return plain(download, assignment, roster)


def moodle(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort a Moodle download made by *Download all submissions*."""
    del assignment, roster
    people = People("moodle")
    for name in download.names:
        result, below = _first_part(MOODLE, name)
        if result is None:
            people.leave_out(name, ANOTHER.format("Moodle"))
        elif result["kind"] != "file":
            people.leave_out(name, TYPED_IN)
        else:
            number, who = result["number"], result["name"]
            keys = {rosters.NUMBERED: [number], rosters.NAME: [who]}
            label = f"{who}_{number}_assignsubmission_file"
            own = "/".join(filter(None, (result["file"], below))) or name.rpartition("/")[2]
            people.add(Person(keys, number, label, who), own, File(name))
    return people.sorted


def canvas(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort a Canvas download made by *Download Submissions*."""
    del assignment, roster
    people = People("canvas")
    for name in download.names:
        result = CANVAS.match(name.rpartition("/")[2])
        if result is None:
            people.leave_out(name, ANOTHER.format("Canvas"))
        elif result["text"]:
            people.leave_out(name, TYPED_IN)
        else:
            user, who = result["user"], result["name"] or ""
            keys = {rosters.NUMBERED: [user], rosters.NAME: [who]}
            late = "_LATE" if result["late"] else ""
            one = Person(keys, user, f"{who}{late}_{user}", who, late=bool(late))
            people.add(one, result["file"], File(name, int(result["attachment"])))
    return people.sorted


def ilias(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort an ILIAS download made by *Download All Submissions*, or its multi-feedback.

    ILIAS itself puts a team's work into the folder of whoever handed it in, below `Team 3`; with the
    list of teams (which a status file may be), it counts for all of them. The plugin that writes such files
    has `Team_3` instead, and the work in each member's folder.
    """
    del assignment
    people = People("ilias")
    matches: list[tuple[str, re.Match[str], str, str]] = []
    for name in download.names:
        around, _, inside = name.partition("/")
        result, below = _first_part(ILIAS, inside if ILIAS_FEEDBACK.match(around) else name)
        if result is None or not below:
            people.leave_out(name, ANOTHER.format("ILIAS"))
            continue
        team = next(filter(None, map(ILIAS_TEAM.match, name.split("/"))), None)
        matches.append((name, result, below, team[0] if team is not None else ""))
    together = _ilias_teams(matches, roster)
    for name, result, below, team_folder in matches:
        folder, _, last = below.rpartition("/")
        timed = ILIAS_TIME.match(last)
        own = timed["file"] if timed else last
        file = File(name, time=timed["time"] if timed else "")
        for one in together.get(team_folder) or [_in_ilias(result, team_folder)]:
            people.add(one, f"{folder}/{own}" if folder else own, file)
    return people.sorted


def _in_ilias(result: re.Match[str], team_folder: str = "") -> Person:
    """Identify the person behind a folder; the plugin accepts feedback only below its team's own folder."""
    login, number = result["login"], result["number"]
    who = f"{result['first']} {result['last']}"
    keys = {rosters.NUMBERED: [number], rosters.LOGIN: [login], rosters.NAME: [who]}
    label = f"{team_folder}/{result[0]}" if "_" in team_folder else result[0]
    return Person(keys, login, label, who)


def _ilias_teams(
    matches: Sequence[tuple[str, re.Match[str], str, str]], roster: Roster | None
) -> dict[str, list[Person]]:
    """List all members of each team whose work is in one member's folder, by the team's folder."""
    teams: dict[str, dict[str, Person]] = {}
    for _, result, _, team_folder in matches:
        if " " in team_folder:
            members = teams.setdefault(team_folder, {})
            members[rosters.folded(result["login"])] = _in_ilias(result)
    for team_folder, members in teams.items():
        number = team_folder.partition(" ")[2]
        for login in (roster.teams if roster is not None else {}).get(number, ()):
            other = Person({rosters.LOGIN: [login]}, login, f"{team_folder} {login}", login)
            members.setdefault(rosters.folded(login), other)
    return {team_folder: list(members.values()) for team_folder, members in teams.items()}


def gradescope(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort a Gradescope download made by *Export Submissions*; its metadata say whose each one is."""
    del assignment, roster
    people = People("gradescope")
    metadata, why = _metadata(download)
    for name in download.names:
        result, below = _first_part(GRADESCOPE, name)
        if result is None or not below:
            if not name.endswith(METADATA):
                people.leave_out(name, ANOTHER.format("Gradescope"))
            continue
        entry = metadata.get(result[0])
        submitters = entry.get(":submitters") if isinstance(entry, dict) else None
        if not isinstance(entry, dict) or not isinstance(submitters, list) or not submitters:
            people.leave_out(name, why or f"{METADATA} does not say whose it is")
            continue
        time = str(entry.get(":created_at", ""))
        for submitter in submitters:
            one = _submitter(submitter if isinstance(submitter, dict) else {}, result[0])
            person = people.person(one)
            person.time = max(person.time, time)
            people.add(one, f"{result[0]}/{below}", File(name, time=time))
    _keep_newest_submission(people)
    return people.sorted


def github(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort repositories cloned by GitHub Classroom's command line, one per student."""
    del assignment
    people = People("github")
    inside = [name.partition("/")[2] if _is_clone_folder(name) else name for name in download.names]
    names = dict(zip(inside, download.names, strict=True))
    slugs = {name.partition("/")[0][: -len(CLONED)] for name in download.names if _is_clone_folder(name)}
    logins = {s.keys.get(rosters.LOGIN, "") for s in roster.students} - {""} if roster else set()
    fitting = Counter(
        folder[: -len(login) - 1]
        for folder in folders(inside)
        for login in logins
        if folder.endswith(f"-{login}")
    )
    slug = next(iter(slugs), "") or (max(fitting, key=lambda each: fitting[each]) if fitting else "")
    for short, name in names.items():
        folder, _, below = short.partition("/")
        if not slug or not below or not folder.startswith(f"{slug}-"):
            people.leave_out(name, ANOTHER.format("GitHub Classroom"))
            continue
        login = folder[len(slug) + 1 :]
        one = Person({rosters.LOGIN: [login]}, login, folder, login)
        people.add(one, below, File(name))
    return people.sorted


def plain(download: Download, assignment: str, roster: Roster | None) -> Sorted:
    """Sort what somebody has put together: a folder or a notebook for each student, by name."""
    del roster
    people = People("plain")
    wrapped = _wrapping(download)
    for name in download.names:
        parts = name.split("/")[1 if wrapped else 0 :]
        if len(parts) == 1 and not is_work(name):
            people.leave_out(name, "it is neither a notebook nor in a student's folder")
            continue
        who = parts[0] if len(parts) > 1 else _of_file(parts[0], assignment)
        own = parts[1:] if len(parts) > 1 else parts
        if len(own) > 1 and own[0] == assignment:
            own = own[1:]
        if not who:
            people.leave_out(name, "its name does not say whose it is")
            continue
        kinds = (rosters.ID, rosters.LOGIN, rosters.EMAIL, rosters.NAME)
        one = people.person(Person({kind: [who] for kind in kinds}, who, who, who))
        if own == [TIMESTAMP]:
            one.time = _text(download, name)
        else:
            people.add(one, "/".join(own), File(name))
    return people.sorted


def by_names(download: Download, collect: Collect) -> Sorted:
    """Sort a download by the course's own rule for names, such as nbgrader's collector plugins."""
    people = People("own")
    for name in download.names:
        entry = collect(name)
        if not entry or not entry.get("student_id") or not entry.get("file_id"):
            people.leave_out(name, "the course's collector plugin does not say whose it is")
            continue
        who, time = entry["student_id"], entry.get("timestamp") or ""
        full = " ".join(filter(None, (entry.get("first_name"), entry.get("last_name"))))
        keys = {rosters.ID: [who], rosters.LOGIN: [who], rosters.EMAIL: [entry.get("email") or "", who]}
        one = people.person(Person(keys | {rosters.NAME: [full]}, who, who, full))
        one.time = max(one.time, time)
        suffix = ".ipynb" if ".ipynb" in name.lower() and ".ipynb" not in entry["file_id"] else ""
        people.add(one, entry["file_id"] + suffix, File(name, time=time))
    return people.sorted


SYSTEMS: Mapping[str, Callable[[Download, str, Roster | None], Sorted]] = {
    "gradescope": gradescope,
    "moodle": moodle,
    "canvas": canvas,
    "ilias": ilias,
    "github": github,
    "plain": plain,
}
"""In the order in which they are tried on a download: the last one accepts any."""
TITLES = {
    "gradescope": "Gradescope",
    "moodle": "Moodle",
    "canvas": "Canvas",
    "ilias": "ILIAS",
    "github": "GitHub Classroom",
    "plain": "plain folders",
    "own": "the course's collector plugin",
}


def _first_part(pattern: re.Pattern[str], name: str) -> tuple[re.Match[str] | None, str]:
    """Find the first folder, or the file's own name, that matches a pattern; return what follows it."""
    parts = name.split("/")
    for n, part in enumerate(parts):
        if result := pattern.match(part):
            return result, "/".join(parts[n + 1 :])
    return None, ""


def _metadata(download: Download) -> tuple[dict[str, Any], str]:
    """Read Gradescope's metadata; return nothing and the reason if there are none."""
    files = [name for name in download.names if name.rpartition("/")[2] == METADATA]
    files = [name for name in files if not any(GRADESCOPE.match(part) for part in name.split("/"))]
    if not files:
        return {}, f"the export's {METADATA} is missing, which says whose it is"
    try:
        content = yaml.safe_load(download.read(files[0]))
    except (yaml.YAMLError, ValueError, RecursionError):
        return {}, f"{METADATA} cannot be read, which says whose it is"
    return (content, "") if isinstance(content, dict) else ({}, f"{METADATA} says nothing")


def _submitter(entry: Mapping[str, Any], submission: str) -> Person:
    sid, email = str(entry.get(":sid") or ""), str(entry.get(":email") or "")
    who = str(entry.get(":name") or "")
    keys = {rosters.EMAIL: [email], rosters.ID: [sid], rosters.NAME: [who]}
    return Person(keys, email or sid or who, f"{submission} {email or sid or who}", who)


def _keep_newest_submission(people: People) -> None:
    """Keep one submission of each person: a file's name says which it is from, so two would be mixed up."""
    newest: dict[str, Person] = {}
    for one in people.sorted.people:
        before = newest.get(one.id)
        if before is not None:
            old, one_kept = sorted((before, one), key=lambda each: each.time)
            for file in old.files.values():
                people.leave_out(file.name, "the same person has handed in again; the newest counts")
        else:
            one_kept = one
        newest[one.id] = one_kept
    people.sorted.people[:] = newest.values()
    for one in people.sorted.people:
        one.files = {own.partition("/")[2]: file for own, file in one.files.items()}


def _is_clone_folder(name: str) -> bool:
    first, _, rest = name.partition("/")
    return bool(rest) and first.endswith(CLONED)


def _wrapping(download: Download) -> bool:
    """Return whether a single folder contains everything, with the students' folders in it."""
    work = [name.split("/") for name in notebooks(download)]
    return (
        bool(work)
        and len({parts[0] for parts in work}) == 1
        and all(len(parts) > 2 for parts in work)
        and (len({parts[1] for parts in work}) > 1 or any(len(parts) > 3 for parts in work))
    )


def _of_file(name: str, assignment: str) -> str:
    """Remove from a file's name what is not the assignment's."""
    stem = re.split(r"\.ipynb|\.zip", name, maxsplit=1, flags=re.IGNORECASE)[0]
    return COPY.sub("", stem.replace(assignment, "")).strip(" _-")


def _text(download: Download, name: str) -> str:
    try:
        return download.read(name)[:200].decode("utf-8", "replace").strip()
    except ValueError:
        return ""
