"""Which quantity is to blame: the first wrong one in backward order."""

from collections.abc import Mapping, Sequence

import numpy as np

from utils.checks.calling import Answer
from utils.checks.compare import agrees
from utils.checks.form import Cases, Found, form_fault
from utils.checks.signatures import OF_ONE_ARRAY, VALUES, Signature
from utils.checks.vocabulary import Fault, Stage, Task


def first_fault(task: Task, answers: Sequence[Answer], cases: Cases, found: Found) -> Fault | None:
    """Name what to look at first, or None if every part is right."""
    if not any(found.values()):
        return None
    return (
        next((answer.fault for answer in answers if answer.fault), None)
        or _variant(task, cases)
        or form_fault(task, answers, cases, found)
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


def _first(task: Task, found: Found) -> Fault:
    """Name the first wrong quantity: the stage if all its parts are wrong, or else the part."""
    for stage in task.stages:
        wrong = {name: signature for name in stage.parts if (signature := found[name])}
        if wrong:
            return _at_stage(task, stage, wrong, found)
    raise AssertionError("called with nothing wrong")


def _at_stage(task: Task, stage: Stage, wrong: Mapping[str, Signature], found: Found) -> Fault:
    """Blame a stage of which these parts are wrong, or one of them."""
    signatures = list(wrong.values())
    alike = len({signature.key for signature in signatures}) == 1
    formal = [name for name, signature in wrong.items() if signature.key in OF_ONE_ARRAY]
    vague = stage.parts[0] in wrong and all(signature.key == "values" for signature in signatures)
    if len(wrong) < len(stage.parts) and vague and _nothing_after(stage, task, found):
        return _although(stage, wrong)
    if len(wrong) < len(stage.parts) or (formal and not alike) or stage.name in wrong:
        return _at_part((formal or list(wrong))[0], stage, wrong, found)
    chosen = signatures[0] if alike else _most_telling(signatures)
    made = f"{listed(list(wrong))} {'are' if len(wrong) > 1 else 'is'} made from {stage.name}"
    return Fault(stage.name, chosen.key, f"{made}, and {'each' if len(wrong) > 1 else 'it'} {chosen.clause}.")


def _nothing_after(stage: Stage, task: Task, found: Found) -> bool:
    """Whether all parts of all stages after this one are wrong."""
    after = [name for later in task.stages[task.stages.index(stage) + 1 :] for name in later.parts]
    return bool(after) and all(found[name] for name in after)


def _although(stage: Stage, wrong: Mapping[str, Signature]) -> Fault:
    """Blame a stage though one part is right: the next stages are made from it, and not from its parts."""
    (name, signature), *_ = wrong.items()
    right = listed([part for part in stage.parts if part not in wrong])
    return Fault(
        stage.name,
        signature.key,
        f"{name} {signature.clause}, and everything further down is wrong, too, which is made from "
        f"{stage.name} and not from {name}. That {right} is right tells only of a sum.",
    )


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
    vague = {"clipped": -1, "on-units": 1, "few-entries": 2, "values": 3}
    return min(signatures, key=lambda signature: vague.get(signature.key, 0))


def listed(names: Sequence[str]) -> str:
    """Put names into a sentence: `DB3, DB2 and DB1`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
