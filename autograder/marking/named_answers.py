"""Keep the names that an instructor has given to answers that no known mistake explains.

They are in a course's `autograder-names.json`, a file that can be copied into other courses: for each name it
holds how such an answer behaves on the sheet's own data, and the sentence that students read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from autograder.exercise import ExerciseResult, Fault
from autograder.marking.behaviour import Behaviour, alike
from autograder.whole_files import write_whole

FILE = "autograder-names.json"
UNKNOWN = "unrecognised"
NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
LONGEST = 1000  # letters of a sentence


class UnusableNames(Exception):
    """The file cannot be read, or a name cannot be given; the message is a sentence for people."""


@dataclass(frozen=True)
class NamedAnswer:
    """Hold the name of answers with one behaviour, and the sentence for them."""

    assignment: str
    exercise: str
    name: str
    sentence: str
    behaviour: Behaviour


def read_names(course: Path) -> list[NamedAnswer]:
    """Read the names that were given in a course.

    Raises
    ------
    UnusableNames
        The file exists, but holds something else.
    """
    try:
        return from_json((course / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return []
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UnusableNames(
            f"{course / FILE} cannot be read ({type(error).__name__}). Repair it, or move it away."
        ) from None


def write_names(course: Path, names: Sequence[NamedAnswer]) -> None:
    """Write all names, whole or not at all."""
    write_whole(course / FILE, to_json(names) + "\n")


def to_json(names: Sequence[NamedAnswer]) -> str:
    """Serialise names, for a file or another process."""
    return json.dumps({"names": [asdict(one) for one in names]}, indent=1, ensure_ascii=False)


def from_json(text: str) -> list[NamedAnswer]:
    """Read what `to_json` wrote."""
    content: Any = json.loads(text)
    return [_named(entry) for entry in content["names"]]


def add(names: Sequence[NamedAnswer], new: NamedAnswer) -> list[NamedAnswer]:
    """Add a name, replacing one for the same behaviour.

    Raises
    ------
    UnusableNames
        The name is not valid, or the sentence is missing or too long.
    """
    if not NAME.fullmatch(new.name) or new.name == UNKNOWN:
        raise UnusableNames(
            f"{new.name!r} is not a valid name: write it like missing-relu-mask, in lower-case letters."
        )
    if not new.sentence.strip() or len(new.sentence) > LONGEST:
        raise UnusableNames(f"Give it a sentence for students, of at most {LONGEST:,} characters.")
    return [*(one for one in names if not _same(one, new)), new]


def find(
    names: Sequence[NamedAnswer], assignment: str, exercise: str, behaviour: Behaviour
) -> NamedAnswer | None:
    """Find the name of answers that behave like this one."""
    for one in names:
        if (one.assignment, one.exercise) == (assignment, exercise) and alike(one.behaviour, behaviour):
            return one
    return None


def tell(result: ExerciseResult, names: Sequence[NamedAnswer], assignment: str) -> ExerciseResult:
    """Replace what was not recognised by an instructor's name and sentence; marks stay."""
    unknown = [fault for fault in result.faults if fault.fault == UNKNOWN]
    named = find(names, assignment, result.exercise.name, result.behaviour) if unknown else None
    if named is None:
        return result
    cost = sum(fault.cost for fault in unknown)
    message = Fault(named.name, unknown[0].where, named.sentence, cost)
    first = result.faults.index(unknown[0])
    rest = [fault for fault in result.faults if fault not in unknown]
    return replace(result, faults=(*rest[:first], message, *rest[first:]))


def _same(one: NamedAnswer, other: NamedAnswer) -> bool:
    return (one.assignment, one.exercise) == (other.assignment, other.exercise) and alike(
        one.behaviour, other.behaviour
    )


def _named(entry: Mapping[str, Any]) -> NamedAnswer:
    behaviour = {str(part): [float(n) for n in numbers] for part, numbers in entry["behaviour"].items()}
    return NamedAnswer(
        str(entry["assignment"]),
        str(entry["exercise"]),
        str(entry["name"]),
        str(entry["sentence"]),
        behaviour,
    )
