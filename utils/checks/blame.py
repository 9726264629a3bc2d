"""Which quantity is to blame: the first wrong one in backward order, or the form of the whole answer."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from utils.checks.calling import Answer, Unreadable, Value, at
from utils.checks.compare import agrees
from utils.checks.signatures import FORM, VALUES, Case, Signature
from utils.checks.vocabulary import Fault, Stage, Task

Found = Mapping[str, Signature | None]
Cases = Mapping[str, Sequence[Case]]
Path = tuple[int, ...]

PLACEHOLDERS = {
    "input": "is something that came in",
    "zero": "is zero everywhere",
    "constant": "has the same number in every entry",
    "same-always": "is the same, whatever the data and parameters",
}
"""Signatures of an answer that is none, and what is said of all of it."""


def first_fault(task: Task, answers: Sequence[Answer], cases: Cases, found: Found) -> Fault | None:
    """Name what to look at first, or None if every part is right."""
    if not any(found.values()):
        return None
    return (
        next((answer.fault for answer in answers if answer.fault), None)
        or _variant(task, cases)
        or _whole(task, answers, cases, found)
        or _first(task, found)
    )


def _variant(task: Task, cases: Cases) -> Fault | None:
    """See whether the value is that of a computation with one thing done otherwise."""
    for variant in task.variants:
        for case in cases[task.parts[0].name]:
            value = np.asarray(variant.value(case.instance.inputs))
            if not (isinstance(case.given, np.ndarray) and agrees(case.given, value)):
                break
        else:
            return Fault(variant.where, variant.signature, variant.sentence)
    return None


def _whole(
    task: Task,
    answers: Sequence[Answer],
    cases: Cases,
    found: Found,
) -> Fault | None:
    """See whether it is the form of the whole answer."""
    value = answers[-1].value
    missing = [signature and signature.key == "missing" for signature in found.values()]
    flat = all(len(part.path) == 1 for part in task.parts) and not task.leaves
    if all(missing) or (flat and not (isinstance(value, (list, np.ndarray)) and len(value) == len(missing))):
        what = _kind(value)
        return Fault("answer", "malformed", f"{task.name} should return {task.form}, but returns {what}.")
    lists = sorted({part.path[0] for part in task.parts if len(part.path) == 2})
    if lists and _reads_as(task, answers, cases, lambda path: (path[0], _last(task, path) - path[1])):
        return Fault(
            "answer",
            "reversed",
            "All arrays are right, but in reverse order: the last layer's comes first. They belong in the "
            "order of the parameters.",
        )
    if len(lists) == 2 and _reads_as(task, answers, cases, lambda path: (1 - path[0], path[1])):
        return Fault(
            "answer",
            "swapped",
            "All arrays are right, but the two lists are swapped: weights come first, biases second.",
        )
    keys = {signature.key if signature else "" for signature in found.values()}
    for key, clause in PLACEHOLDERS.items():
        if key in keys and keys <= {key, "same-always"}:
            return Fault("answer", key, f"Every array that you return {clause}.")
    return None


def _kind(value: Value) -> str:
    if isinstance(value, Unreadable):
        return value.description
    if isinstance(value, list):
        return f"a list or tuple of {len(value)}"
    return f"an array of shape {value.shape}" if value.ndim else "a single number"


def _last(task: Task, path: tuple[int, ...]) -> int:
    return max(part.path[1] for part in task.parts if part.path[0] == path[0])


def _reads_as(
    task: Task,
    answers: Sequence[Answer],
    cases: Cases,
    elsewhere: Callable[[tuple[int, ...]], tuple[int, ...]],
) -> bool:
    """Whether every part is right once it is looked for elsewhere."""
    for part in task.parts:
        path = elsewhere(part.path) if len(part.path) == 2 else part.path
        for answer, case in zip(answers, cases[part.name], strict=True):
            given = at(answer.value, path)
            if not (isinstance(given, np.ndarray) and agrees(given, case.true)):
                return False
    return True


def _first(task: Task, found: Found) -> Fault:
    """Name the first wrong quantity: the stage if all its parts are wrong, or else the part."""
    for stage in task.stages:
        wrong = {name: signature for name in stage.parts if (signature := found[name])}
        if wrong:
            return _at_stage(stage, wrong, found)
    raise AssertionError("called with nothing wrong")


def _at_stage(stage: Stage, wrong: Mapping[str, Signature], found: Found) -> Fault:
    """Blame a stage of which these parts are wrong, or one of them."""
    signatures = list(wrong.values())
    alike = len({signature.key for signature in signatures}) == 1
    formal = [name for name, signature in wrong.items() if signature.key in FORM]
    if len(wrong) < len(stage.parts) or (formal and not alike) or stage.name in wrong:
        return _at_part((formal or list(wrong))[0], stage, wrong, found)
    chosen = signatures[0] if alike else _most_telling(signatures)
    made = f"{listed(list(wrong))} {'are' if len(wrong) > 1 else 'is'} made from {stage.name}"
    return Fault(stage.name, chosen.key, f"{made}, and {'each' if len(wrong) > 1 else 'it'} {chosen.clause}.")


def _at_part(name: str, stage: Stage, wrong: Mapping[str, Signature], found: Found) -> Fault:
    """Blame one array: what it is made from is right, as another one shows that is made from it, too."""
    signature = wrong[name]
    if signature.key == "on-units":  # says something of a quantity on the way, not of one product
        signature = Signature("values", "wrong values", VALUES)
    sentence = f"{name} {signature.clause}."
    right = [part for part in stage.parts if part not in wrong]
    if right:
        verb = "is" if len(right) == 1 else "are"
        sentence += f" {listed(right)}, made from {stage.name} like it, {verb} right."
    too = [part for part, other in found.items() if other and part != name and other.key == signature.key]
    if too and signature.key != "values":
        sentence += f" The same is true of {listed(too)}."
    return Fault(name, signature.key, sentence)


def _most_telling(signatures: Sequence[Signature]) -> Signature:
    """Choose the signature that says most, of several that stand side by side."""
    vague = ("values", "few-entries", "on-units")
    return next((signature for signature in signatures if signature.key not in vague), signatures[0])


def listed(names: Sequence[str]) -> str:
    """Put names into a sentence: `DB3, DB2 and DB1`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
