"""Mark one exercise: call a student's function on every instance, compare, explain, and give marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.calling import by_hand
from autograder.compare import Mismatch, Truth, arrays, mismatches
from autograder.diagnosis import answer_structure
from autograder.diagnosis.finished import finished
from autograder.diagnosis.sentences import sentence
from autograder.exercise import (
    Answer,
    Answers,
    CallAll,
    Diagnosis,
    Exercise,
    ExerciseResult,
    Failed,
    Fault,
    Finding,
    Instance,
    PartResult,
    Returned,
    Value,
    Verdict,
)
from autograder.marking import behaviour, hidden_calls, ignoring, raising, slope, steady
from autograder.marking.differentiated import differentiates, remembering
from autograder.marking.hidden_data import drawn
from autograder.marking.originality import looks_numerical

MUTATION_KEEPS = 0.75  # of a part's marks, when the function changes its inputs on the way
ENOUGH = 3  # instances on which a function gives numbers, for a mistake to be named by these
OF_LATER_CALLS = frozenset({"gradients-accumulated"})  # whatever the data are
NO_GRADIENT = frozenset(  # each says why all gradients are missing
    {"returns-nothing", "not-a-tensor", "detached", "not-scalar", "backward-called", "changed-in-place"}
)


def mark_exercise(
    exercise: Exercise, call_all: CallAll, seed: int, *, carry_forward: bool = True
) -> ExerciseResult:
    """Mark an exercise by calling the student's function through `call_all`.

    A part earns its marks if on every instance it is right, or is what the right step gives from the
    student's own numbers. The first instance is given twice, and both answers must agree. The function's own
    words are passed on only as long as it has seen no hidden instance.
    """
    if not exercise.convention.by_hand:
        return _mark(exercise, call_all, seed, carry_forward)
    answered: list[tuple[Instance, Answer]] = []
    result = _mark(exercise, remembering(call_all, answered), seed, carry_forward)
    if result.score < exercise.max_score and differentiates(
        exercise, call_all, answered, drawn(exercise, seed)
    ):
        return lost(exercise, by_hand.fault(exercise.name))
    return result


def _mark(exercise: Exercise, call_all: CallAll, seed: int, carry_forward: bool) -> ExerciseResult:
    instances, truths = drawn(exercise, seed)
    returned: list[Returned] = []
    again: Answer | None = None
    end: Failed | None = None
    asked = [*instances, instances[0]]
    secret = False
    for answer, instance in zip(call_all(exercise, asked), asked, strict=False):  # a failure is the last
        secret |= not instance.public
        shown = hidden_calls.redacted(answer, exercise, instance, instances) if secret else answer
        if len(returned) == len(instances):
            again = shown
        elif isinstance(shown, Failed):
            end = shown
            break
        else:
            returned.append(shown)
    if end is not None:  # and the calls above are over: others may follow
        answered = dict[Instance, Answer](zip(instances, [*returned, end], strict=False))
        return _ended(exercise, call_all, answered, (instances, truths))
    assert again is not None
    noticed = {(f.fault, f.where): f for answer in reversed(returned) for f in reversed(answer.faults)}
    # each once, as it was on the first instance that showed it
    call_faults = tuple(reversed(noticed.values()))
    with np.errstate(all="ignore"):  # answers may hold any numbers, the largest there are included
        compared = _Compared.of(exercise, instances, truths, returned)
        unsteady = steady.fault(exercise, returned[0], again)
        if unsteady:
            return lost(exercise, unsteady)
        result = _marked(exercise, compared, call_faults, carry_forward)
        result = slope.checked(exercise, call_all, instances, returned, result)
        return ignoring.checked(exercise, call_all, instances, returned, result)


def lost(exercise: Exercise, fault: Fault) -> ExerciseResult:
    """Mark an exercise without an answer: every part is missing, for one reason."""
    parts = tuple(PartResult(part, Verdict.MISSING, 0.0) for part in exercise.parts)
    return ExerciseResult(exercise, parts, (replace(fault, cost=exercise.max_score),))


def _ended(
    exercise: Exercise,
    call_all: CallAll,
    answered: dict[Instance, Answer],
    drawn: tuple[Sequence[Instance], Sequence[Truth]],
) -> ExerciseResult:
    """Give no marks if there is no answer on the last instance; name what is wrong with those on others."""
    *_, end = answered.values()
    assert isinstance(end, Failed)
    result = lost(exercise, end.fault)
    if end.fault.fault != "raised":
        return result
    for instance, answer in raising.go_on(exercise, call_all, drawn[0][len(answered) :]):
        answered[instance] = hidden_calls.redacted(answer, exercise, instance)
    rows = [(i, t, a) for i, t in zip(*drawn, strict=True) if isinstance(a := answered.get(i), Returned)]
    more: Sequence[Fault] = ()
    where = raising.on_which(end.fault, answered)
    if rows:
        with np.errstate(all="ignore"):  # as above
            compared = _Compared.of(exercise, *map(list, zip(*rows, strict=True)))
            more = _marked(exercise, compared, (), carry_forward=True).faults
    named = [replace(f, cost=0.0) for f in more if f.fault != "unrecognised"] if len(rows) >= ENOUGH else []
    if rows and not named:
        where += f" The numbers there are {'not right' if any(compared.wrong) else 'right'}."
    (fault,) = result.faults
    return replace(result, faults=(replace(fault, message=fault.message + where), *named))


@dataclass(frozen=True)
class _Compared:
    """Hold an answer and the true values, on every instance."""

    instances: Sequence[Instance]
    truths: Sequence[Truth]
    values: Sequence[Value]
    answers: Answers
    wrong: Sequence[Mapping[str, Mismatch]]

    @staticmethod
    def of(
        exercise: Exercise,
        instances: Sequence[Instance],
        truths: Sequence[Truth],
        returned: Sequence[Returned],
    ) -> _Compared:
        wrong = [
            mismatches(answer.value, truth, exercise.parts, exercise.lists)
            for answer, truth in zip(returned, truths, strict=True)
        ]
        answers = [
            {k: None if k in w and w[k].fault.where == "answer" else a for k, a in result.items()}
            for w, result in zip(wrong, (arrays(a.value, exercise.parts) for a in returned), strict=True)
        ]
        return _Compared(instances, truths, [answer.value for answer in returned], answers, wrong)

    def at(self, part: str) -> list[tuple[Instance, Mismatch]]:
        """Return the instances on which a part is not right."""
        return [(i, w[part]) for i, w in zip(self.instances, self.wrong, strict=True) if part in w]


def _marked(
    exercise: Exercise, compared: _Compared, call_faults: tuple[Fault, ...], carry_forward: bool
) -> ExerciseResult:
    wrong = {part.name: compared.at(part.name) for part in exercise.parts if compared.at(part.name)}
    call_fault_names = {fault.fault for fault in call_faults}
    diagnosis = _diagnosis(exercise, compared, call_fault_names) if wrong else Diagnosis((), frozenset())
    keeps = MUTATION_KEEPS if any(fault.fault == "mutates-input" for fault in call_faults) else 1.0
    results = []
    for part in exercise.parts:
        if part.name not in wrong:
            verdict, score = Verdict.CORRECT, keeps * part.marks
        elif carry_forward and part.name in diagnosis.earned and _tells(compared.answers, part.name):
            verdict, score = Verdict.CARRIED_FORWARD, keeps * part.marks
        else:
            verdict, score = wrong[part.name][0][1].verdict, 0.0
        results.append(PartResult(part, verdict, score))
    unpaid = {result.part.name: result.part.marks for result in results if result.score == 0}
    kept_back = sum((1 - keeps) * result.part.marks for result in results if result.score)
    faults = []
    for seen in call_faults:
        changes = seen.fault == "mutates-input"
        faults.append(replace(seen, cost=kept_back if changes else _cost(seen, wrong, unpaid)))
        kept_back = 0.0 if changes else kept_back  # once, however many inputs were changed
    for finding in diagnosis.findings:
        fault = _as_fault(finding, wrong, compared)
        cost = sum(unpaid.pop(part, 0.0) for part in finding.costs)
        if fault is not None and not _is_implied_by(call_fault_names, fault):
            faults.append(replace(fault, cost=cost))
    numerical = (
        exercise.convention.by_hand and not wrong and looks_numerical(compared.answers, compared.truths)
    )
    flags = ("has the rounding of numerical differentiation",) if numerical else ()
    unknown = {p for f in diagnosis.findings if f.fault == "unrecognised" for p in f.costs if p in wrong}
    message = behaviour.of_answer(compared.instances, compared.answers, unknown)
    return ExerciseResult(exercise, tuple(results), _summed(faults), flags, behaviour=message)


def _cost(
    fault: Fault, wrong: Mapping[str, list[tuple[Instance, Mismatch]]], unpaid: dict[str, float]
) -> float:
    """Return what a fault of a call costs; subtract the parts it accounts for from `unpaid`."""
    if fault.fault not in NO_GRADIENT:
        return 0.0
    paid = [part for part in unpaid if _is_implied_by({fault.fault}, wrong[part][0][1].fault)]
    return sum(unpaid.pop(part) for part in paid)


def _is_implied_by(call_faults: set[str], fault: Fault) -> bool:
    """Return whether a fault of the call already says what this one would."""
    if fault.fault in ("missing", "detached") and call_faults & NO_GRADIENT:
        return True
    return "not-scalar" in call_faults and fault.fault == "wrong-shape" and fault.where == "error"


def _summed(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return each fault once, in order, with its total cost."""
    costs: dict[Fault, float] = {}
    for fault in faults:
        bare = replace(fault, cost=0.0)
        costs[bare] = costs.get(bare, 0.0) + fault.cost
    return tuple(replace(fault, cost=cost) for fault, cost in costs.items())


def _diagnosis(exercise: Exercise, compared: _Compared, call_faults: set[str]) -> Diagnosis:
    """Explain the answer: by its structure as a whole, else by the exercise's own steps, else not at all."""
    names = [part.name for part in exercise.parts]
    everything = tuple(names)
    fillers = answer_structure.filler(compared.answers, compared.truths, names)
    if answer_structure.returns_inputs(compared.answers, compared.instances, exercise.parts):
        return Diagnosis((Finding("returns-parameters", "answer", everything),), frozenset())
    step = answer_structure.returns_updated(
        compared.answers, compared.instances, compared.truths, exercise.parts
    )
    if step is not None:
        hint = f"{step:.3g}"
        return Diagnosis((Finding("returns-updated-parameters", "answer", everything, hint),), frozenset())
    if answer_structure.hard_coded(compared.answers, compared.instances, compared.truths):
        return Diagnosis((Finding("hard-coded", "answer", everything),), frozenset())
    if len(fillers) == len(names):
        kinds = set(fillers.values())
        result = [Finding(kind, "answer", everything) for kind in kinds]
        each = [Finding(kind, part, (part,)) for part, kind in fillers.items()]
        return Diagnosis(tuple(result if len(kinds) == 1 else each), frozenset())
    if exercise.explain is None or call_faults & (NO_GRADIENT - {"not-scalar"}):
        return _unexplained(compared, names)
    rearranged = _rearranged(exercise, compared)
    if rearranged is not None:
        return rearranged
    if not exercise.convention.leaves and any(_is_broken(wrong) for wrong in compared.wrong):
        elsewhere = answer_structure.in_other_lists(exercise.parts, compared.values, compared.truths)
        if elsewhere:
            return Diagnosis((Finding("wrong-length", "answer", everything, elsewhere),), frozenset())
    explained = exercise.explain(compared.instances, compared.answers, names)
    unknown = {finding.where for finding in explained.findings if finding.fault == "unrecognised"}
    differentiated = exercise.convention.leaves  # what PyTorch gives is no placeholder
    wrong = [name for name in names if unknown and compared.at(name)]
    multiplied = wrong and answer_structure.multiplied(compared.answers, compared.truths, wrong)

    def known(finding: Finding) -> Finding:
        if finding.fault == "unrecognised" and multiplied:
            return replace(finding, fault=multiplied[0], where="answer", hint=multiplied[1], forward="")
        if finding.fault != "unrecognised" or not compared.at(finding.where):
            return finding
        if finding.where in fillers and not (fillers[finding.where] == "constant" and differentiated):
            return replace(finding, fault=fillers[finding.where])
        done = finished(
            *([each[finding.where] for each in both] for both in (compared.answers, compared.truths))
        )
        if done is not None:
            return replace(finding, fault=done[0], hint=done[1])
        same = [
            other
            for other in answer_structure.copies(compared.answers, finding.where)
            if other not in unknown and not (compared.at(other) and _is_later(exercise, other, finding.where))
        ]
        return replace(finding, fault="same-as-another", hint=same[0]) if same else finding

    return Diagnosis(tuple(map(known, explained.findings)), explained.earned)


def _rearranged(exercise: Exercise, compared: _Compared) -> Diagnosis | None:
    """Explain an answer that is right in another order, or at least has the right shapes in one."""
    assert exercise.explain is not None
    names = [part.name for part in exercise.parts]
    fits = answer_structure.fits(compared.answers, compared.truths)
    taken = answer_structure.exchanged(compared.answers, compared.truths)
    wrong = {name for each in compared.wrong for name in each if name in names}
    taken = taken if fits or wrong <= set(taken) else {}
    others = list(answer_structure.rearrangements(exercise, compared.values))
    fitting = [] if taken or fits else others
    fitting = [other for other in fitting if answer_structure.fits(other.answers, compared.truths)]
    if fitting and fitting[0].fault == "exchanged-arrays" and len(fitting) > 1:
        fitting = []  # shapes leave open which order it is
    for other in others:
        exchanged = taken and other.fault == "exchanged-arrays"
        if other in fitting or (not exchanged and answer_structure.agree(other.answers, compared.truths)):
            inner = exercise.explain(compared.instances, other.answers, names)
            finding = Finding(other.fault, "answer", other.moved, other.hint)
            findings = (_read_elsewhere(each, compared) for each in inner.findings)
            return Diagnosis((finding, *findings), inner.earned - set(other.moved))
    if taken:
        finding = Finding("exchanged-arrays", "answer", tuple(taken), answer_structure.in_places(taken))
        moved = {other: part for part, other in taken.items()}
        read = [{name: each[moved.get(name, name)] for name in each} for each in compared.answers]
        inner = exercise.explain(compared.instances, read, names)
        return Diagnosis((finding, *inner.findings), inner.earned - set(taken))
    return None


def _is_broken(wrong: Mapping[str, Mismatch]) -> bool:
    """Return whether a list of an answer has the wrong length, or is not a list."""
    return any(mismatch.fault.where == "answer" for mismatch in wrong.values())


def _read_elsewhere(finding: Finding, compared: _Compared) -> Finding:
    """Describe an unexplained part as what it is when read elsewhere, not by what it lacks there."""
    in_its_place = [mismatch.fault.fault for _, mismatch in compared.at(finding.where)]
    if finding.fault != "unrecognised" or finding.hint or "unrecognised" in in_its_place[:1]:
        return finding
    return replace(finding, hint=f"Read in that order, `{finding.where}` does not have the right values.")


def _is_later(exercise: Exercise, one: str, other: str) -> bool:
    """Return whether a part is handed in after another, from which it may have been made as it is."""
    order = [part.name for part in exercise.parts]
    return order.index(one) > order.index(other)


def _unexplained(compared: _Compared, names: Sequence[str]) -> Diagnosis:
    wrong = [name for name in names if compared.at(name)]
    return Diagnosis(tuple(Finding("unrecognised", name, (name,)) for name in wrong), frozenset())


def _as_fault(
    finding: Finding, wrong: Mapping[str, list[tuple[Instance, Mismatch]]], compared: _Compared
) -> Fault | None:
    """Turn a finding into a fault with its sentence; None for a part that is right after all."""
    text = sentence(finding.fault, finding.where, finding.hint, finding.forward)
    if text is not None:
        numbers = _numbers(wrong.get(finding.where, ())) if finding.fault == "unrecognised" else ""
        return Fault(finding.fault, finding.where, text + numbers + _only_on(finding, wrong, compared))
    if finding.where in wrong:
        return _mismatch_fault(finding.where, wrong[finding.where], len(compared.instances))
    if not any(part in wrong for part in finding.costs):
        return None
    parts = " and ".join(f"`{part}`" for part in finding.costs)
    return Fault(
        finding.fault,
        finding.where,
        f"At `{finding.where}` something goes wrong that is like no mistake we know: {parts} are not what "
        f"follows from the step before. Go through this step once more, shapes first."
        + (f" In the forward pass: `{finding.forward}`." if finding.forward else "")
        + _only_on(finding, wrong, compared),
    )


def _numbers(failures: Sequence[tuple[Instance, Mismatch]]) -> str:
    """Show the numbers of the sheet's own data, if they are wrong there."""
    numbers = (mismatch.numbers for instance, mismatch in failures if instance.public)
    return next((f" {shown}" for shown in numbers if shown), "")


def _only_on(
    finding: Finding, wrong: Mapping[str, list[tuple[Instance, Mismatch]]], compared: _Compared
) -> str:
    """Say on which inputs to look, if the sheet's own data do not show the fault."""
    instances = [instance for part in finding.costs for instance, _ in wrong.get(part, [])]
    anywhere = any(instance.public for instance in compared.instances)
    if not instances or not anywhere or any(instance.public for instance in instances):
        return ""
    if finding.fault in OF_LATER_CALLS:
        return ""
    return f" On the sheet's own data all is right; it goes wrong on {instances[0].description}."


def _mismatch_fault(part: str, failures: Sequence[tuple[Instance, Mismatch]], instances: int) -> Fault:
    """Say what is wrong with a part: with numbers if the sheet's own data show it, else where it is wrong."""
    for instance, mismatch in failures:
        if instance.public:
            return replace(mismatch.fault, message=f"{mismatch.fault.message} {mismatch.numbers}".strip())
    instance, mismatch = failures[0]
    if mismatch.fault.fault == "unrecognised":
        return replace(
            mismatch.fault,
            message=f"`{part}` is right on the sheet's own data, but not on {instance.description}"
            f" ({len(failures)} of {instances} trials went wrong).",
        )
    return hidden_calls.mismatch(mismatch.fault, instance)


def _tells(answers: Answers, part: str) -> bool:
    """Return whether a part carries evidence of its own: neither zeros nor constants prove anything."""
    known = [a for answer in answers if (a := answer[part]) is not None and a.any()]
    varied = any(a.size == 1 or float(np.ptp(a)) > 0 for a in known)
    return varied or len({float(a.flat[0]) for a in known}) > 1
