"""Write hints about a fault: where it is, what to ask oneself, what the numbers show, the formula."""

from collections.abc import Mapping, Sequence
from functools import reduce

import numpy as np

from utils.checks.compare import TOLERANCE, agrees, deviations
from utils.checks.shown import Case, Mismatch
from utils.checks.vocabulary import Array, Fault, Instance, Law, Side, Stage, Task, filled, listed
from utils.reading import Opaque

SHOWN = 3  # wrong entries that are listed
LAW = 1e-3  # of all that is summed up: two sides that are farther apart violate it


def leads(
    task: Task, fault: Fault, cases: Mapping[str, Sequence[Case]], mismatches: Mapping[str, Mismatch | None]
) -> tuple[str, ...]:
    """Return the hints for a fault, each saying more than the one before."""
    return (
        _place(task, fault, mismatches),
        _question(task, fault.where),
        _numbers(task, fault, cases, mismatches),
        _formula(task, fault.where),
    )


def first_leads(task: Task) -> tuple[str, ...]:
    """Return the hints for the start, before anything has been checked."""
    sentences = task.sentences["hints"]
    first = task.stages[0].name
    parts = [part.name for part in task.parts]
    shapes = listed([f"{name} {task.instances[-1].true[name].shape}" for name in parts])
    return (
        filled(sentences["start-place"], first=f"`{first}`", parts=listed(parts)),
        filled(sentences["start-question"], first=f"`{first}`"),
        filled(sentences["start-numbers"], name=task.name, shapes=shapes),
        _formulas(task, [*dict.fromkeys(f for s in reversed(task.stages) for f in _lines(task, s))]),
    )


def place_leads(task: Task, where: str) -> tuple[str, ...]:
    """Return the hints for a place for which there are no numbers: a line that raised an exception."""
    return (_question(task, where), _formula(task, where))


def _lines(task: Task, stage: Stage) -> list[str]:
    return [task.formulas[name] for name in (stage.name, *stage.parts) if name in task.formulas]


def _place(task: Task, fault: Fault, mismatches: Mapping[str, Mismatch | None]) -> str:
    sentences, where = task.sentences["hints"], fault.where
    if where == "answer":
        return filled(sentences["place-answer"], name=task.name, form=task.structure)
    stage = next((stage for stage in task.stages if where in (stage.name, *stage.parts)), None)
    if stage is None:
        return filled(sentences["place-line"], where=where)
    if where in mismatches:
        if any(mismatch for name, mismatch in mismatches.items() if _before(task, name, stage)):
            return filled(sentences["place-line"], where=where)
        right = [name for name in stage.parts if mismatches[name] is None]
        if not right or len(stage.parts) == 1:
            return _by_itself(task, where, stage, mismatches)
        return filled(sentences["place-part"], where=where, right=_made(right, stage), are=_are(right))
    right = [name for name, mismatch in mismatches.items() if mismatch is None and _before(task, name, stage)]
    wrong = [name for name in stage.parts if mismatches[name]]
    if not right or not wrong:
        return filled(sentences["place-first"], where=where)
    come = "comes" if len(wrong) == 1 else "come"
    return filled(
        sentences["place-behind"],
        where=where,
        right=listed(right),
        are=_are(right),
        wrong=listed(wrong),
        come=come,
    )


def _by_itself(task: Task, where: str, stage: Stage, mismatches: Mapping[str, Mismatch | None]) -> str:
    """Say of a part with which nothing right is made from one quantity what it can be wrong by."""
    sentences = task.sentences["hints"]
    before = [name for name in mismatches if _before(task, name, stage)]
    key = "place-next" if before else "place-alone" if len(stage.parts) == 1 else "place-several"
    text = filled(sentences[key], where=where, right=listed(before or [""]), are=_are(before))
    later = [name for name, mismatch in mismatches.items() if mismatch and name != where]
    return f"{text} {filled(sentences['place-later'], wrong=listed(later))}" if later else text


def _made(names: Sequence[str], stage: Stage) -> str:
    return f"{listed(names)}, made from {stage.name}, too,"


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _before(task: Task, name: str, stage: Stage) -> bool:
    return any(name in other.parts for other in task.stages[: task.stages.index(stage)])


def _question(task: Task, where: str) -> str:
    sentences = task.sentences["hints"]
    if where == "answer":
        return sentences["question-answer"]
    quantity = where.removeprefix("D")
    parts = [part.name for part in task.parts]
    hidden = [stage.name for stage in task.stages if stage.name not in parts]
    if not where.startswith("D") or (quantity not in task.formulas and where not in task.formulas):
        return filled(
            sentences["question-alone" if where in parts or where in hidden else "question-line"], where=where
        )
    stage = next((stage for stage in task.stages if where in (stage.name, *stage.parts)), None)
    if where in parts and stage is not None and stage.name != where:
        return filled(sentences["question-part"], quantity=quantity, next=stage.name.removeprefix("D"))
    before = hidden[: hidden.index(where)] if where in hidden else []
    following = before[-1].removeprefix("D") if before else "the result"
    return filled(sentences["question-behind"], quantity=quantity, next=following)


def _numbers(
    task: Task, fault: Fault, cases: Mapping[str, Sequence[Case]], mismatches: Mapping[str, Mismatch | None]
) -> str:
    """Show some of the wrong numbers, and a law that they violate."""
    sentences = task.sentences["hints"]
    stage = next((stage for stage in task.stages if fault.where in (stage.name, *stage.parts)), None)
    own = [fault.where] if fault.where in mismatches else list(stage.parts) if stage else []
    parts = [name for name in own if mismatches[name]] or [
        name for name, mismatch in mismatches.items() if mismatch
    ]
    shown = [_entries(sentences, name, cases[name]) for name in parts[:2]]
    broken = next(((law, sides) for law in task.laws if (sides := _broken(law, cases, parts))), None)
    if broken is not None:
        law, (left, right) = broken
        shown.append(
            filled(sentences["numbers-law"], law=law.sentence, left=f"{left:.5g}", right=f"{right:.5g}")
        )
    return " ".join(shown) or sentences["numbers-all-right"]


def _entries(sentences: Mapping[str, str], name: str, cases: Sequence[Case]) -> str:
    for case in reversed(cases):
        if not isinstance(case.given, np.ndarray):
            what = case.given.description if isinstance(case.given, Opaque) else "a list"
            return filled(sentences["numbers-missing"], part=name, given=what, expected=_array(case.true))
        if case.array.shape != case.true.shape:
            return filled(
                sentences["numbers-shape"], part=name, given=case.array.shape, expected=_array(case.true)
            )
    case = next(case for case in cases if not agrees(case.array, case.true))
    if case.true.ndim == 0:
        yours, true = (_plain(array) for array in (case.array, case.true))
        return filled(
            sentences["numbers-single"], case=case.instance.label, part=name, yours=yours, true=true
        )
    places = np.argwhere(deviations(case.array, case.true) > TOLERANCE)[:SHOWN]
    entries = [
        filled(
            sentences["numbers-entry"],
            yours=_plain(case.array[tuple(place)]),
            index=f"[{', '.join(str(int(i)) for i in place)}]",
            true=_plain(case.true[tuple(place)]),
        )
        for place in places
    ]
    return filled(sentences["numbers"], case=case.instance.label, part=name, entries=listed(entries))


def _plain(number: Array) -> str:
    return f"{float(number) + 0.0:.5g}"  # without the sign of a zero


def _array(true: Array) -> str:
    return f"an array of shape {true.shape}" if true.shape else "a single number"


def _broken(
    law: Law, cases: Mapping[str, Sequence[Case]], wrong: Sequence[str]
) -> tuple[float, float] | None:
    """Return the two sides of a law that a student's numbers violate, if one of these parts is in it."""
    if not any(name in wrong for side in (law.left, law.right) for product in side for name in product):
        return None
    number = len(next(iter(cases.values()))) - 1
    instance = next(iter(cases.values()))[number].instance
    given = {name: own[number].given for name, own in cases.items()}
    sides = [_sum(side, given, instance) for side in (law.left, law.right)]
    if None in sides:
        return None
    (left, large), (right, larger) = (side for side in sides if side is not None)
    return None if abs(left - right) <= LAW * (large + larger) else (left, right)


def _sum(side: Side, given: Mapping[str, object], instance: Instance) -> tuple[float, float] | None:
    """Sum up one side of a law, and the sizes of what is summed up."""
    total = size = 0.0
    for product in side:
        arrays = [given.get(name, _input(name, instance)) for name in product]
        known = [array for array in arrays if isinstance(array, np.ndarray)]
        if len(known) < len(arrays):
            return None
        try:
            product_of_them = reduce(np.multiply, known)
        except ValueError:  # a student's own are of other shapes
            return None
        if product_of_them.shape not in {array.shape for array in known}:
            return None
        total += float(product_of_them.sum())
        size += float(np.abs(product_of_them).sum())
    return total, size


def _input(name: str, instance: Instance) -> Array | None:
    """Return an input by its name, or by that of a list and its number in it: W2."""
    value = instance.inputs.get(name, instance.inputs.get(name[:-1]))
    if isinstance(value, list):
        number = int(name[-1]) - 1 if name[-1:].isdigit() else len(value)
        return value[number] if 0 <= number < len(value) else None
    return np.asarray(value) if isinstance(value, np.ndarray | float | int) else None


def _formula(task: Task, where: str) -> str:
    sentences = task.sentences["hints"]
    if where == "answer":
        inorder = sorted(task.parts, key=lambda part: part.path)
        names = [f"{part.name} {task.instances[-1].true[part.name].shape}" for part in inorder]
        return filled(sentences["formula-answer"], shapes=listed(names))
    formula = task.formulas.get(where) or task.formulas.get(where.removeprefix("D"))
    if formula is None:
        return _formulas(task, [*dict.fromkeys(task.formulas.values())])
    text = filled(sentences["formula"], formula=f"`{formula}`")
    if where.startswith("D") and where not in task.parameters:
        text += " " + filled(sentences["formula-shape"], where=where, quantity=where.removeprefix("D"))
    return text


def _formulas(task: Task, lines: Sequence[str]) -> str:
    sentences = task.sentences["hints"]
    return (
        filled(sentences["formula"], formula=", ".join(f"`{line}`" for line in lines))
        if lines
        else sentences["formula-none"]
    )
