"""Marks for one exercise: a student's function on every instance, each part compared with the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from autograder.compare import Mismatch, mismatches
from autograder.exercise import (
    Answer,
    Array,
    Call,
    Exercise,
    ExerciseResult,
    Failed,
    Fault,
    Instance,
    PartResult,
    Returned,
    Verdict,
)

SEED = 20230515  # of the hidden instances
NO_GRADIENT = frozenset({"not-a-tensor", "detached", "not-scalar"})  # each says why all gradients are missing
MUTATION_KEEPS = 0.75  # of a part's marks, when the function changes its inputs on the way


def mark(exercise: Exercise, call: Call, seed: int = SEED) -> ExerciseResult:
    """Mark an exercise by calling the student's function through `call`.

    A part earns its marks if it is right on every instance. The first instance is given twice, and
    both answers must agree.
    """
    instances = exercise.instances(seed)
    answers: list[Returned] = []
    for instance in instances:
        answer = call(exercise, instance)
        if isinstance(answer, Failed):
            return lost(exercise, _on(answer.fault, instance, first=not answers))
        answers.append(answer)

    truths = [exercise.reference(instance) for instance in instances]
    found = [
        mismatches(answer.value, truth, exercise.parts, exercise.lists)
        for answer, truth in zip(answers, truths, strict=True)
    ]
    again = call(exercise, instances[0])
    unsteady = _unsteady(exercise, again, found[0], truths[0])
    faults = list(dict.fromkeys(fault for answer in answers for fault in answer.faults))
    keeps = MUTATION_KEEPS if any(fault.fault == "mutates-input" for fault in faults) else 1.0

    results = []
    for part in exercise.parts:
        seen = [(i, f[part.name]) for i, f in zip(instances, found, strict=True) if part.name in f]
        verdict, score = Verdict.CORRECT, keeps * part.marks
        if seen:
            verdict, score = seen[0][1].verdict, 0.0
            told = _told(part.name, seen, len(instances))
            if not (told.fault == "missing" and NO_GRADIENT & {fault.fault for fault in faults}):
                faults.append(told)
        elif part.name in unsteady:
            verdict, score = Verdict.WRONG, 0.0
        results.append(PartResult(part, verdict, score))
    if unsteady:
        faults.append(
            Fault(
                "not-deterministic",
                "answer",
                f"Called twice with the same inputs, `{exercise.name}` gave two different answers "
                f"({', '.join(unsteady)}). A gradient depends on the inputs alone: look for random "
                "numbers, or for something kept from one call to the next.",
            )
        )
    return ExerciseResult(exercise, tuple(results), tuple(dict.fromkeys(faults)))


def lost(exercise: Exercise, fault: Fault) -> ExerciseResult:
    """No answer: every part is missing, for one reason."""
    parts = tuple(PartResult(part, Verdict.MISSING, 0.0) for part in exercise.parts)
    return ExerciseResult(exercise, parts, (fault,))


def _on(fault: Fault, instance: Instance, *, first: bool) -> Fault:
    """Say on which inputs a function failed, where it had answered on others."""
    if first:
        return fault
    return replace(fault, message=f"On {instance.description}: {fault.message}")


def _told(part: str, seen: Sequence[tuple[Instance, Mismatch]], instances: int) -> Fault:
    """What to say of a part: with numbers if the sheet's own data show it, else where it is wrong."""
    for instance, mismatch in seen:
        if instance.public:
            return replace(mismatch.fault, message=f"{mismatch.fault.message} {mismatch.numbers}".strip())
    instance, mismatch = seen[0]
    if mismatch.fault.fault == "unrecognised":
        return replace(
            mismatch.fault,
            message=f"`{part}` is right on the sheet's own data, but not on {instance.description}"
            f" ({len(seen)} of {instances} trials went wrong).",
        )
    return _on(mismatch.fault, instance, first=False)


def _unsteady(
    exercise: Exercise, again: Answer, before: Mapping[str, Mismatch], truth: Mapping[str, Array]
) -> tuple[str, ...]:
    """Parts that were right at the first call and are not at the second."""
    if isinstance(again, Failed):
        return tuple(part.name for part in exercise.parts)
    after = mismatches(again.value, truth, exercise.parts, exercise.lists)
    return tuple(name for name in after if name not in before)
