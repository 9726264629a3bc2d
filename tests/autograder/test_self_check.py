"""The file of an assignment's checks is fresh, holds no solution, and has its sentences from one source."""

import io
import json
import re
from functools import reduce

import numpy as np
import pytest

from autograder import assignments, student_material
from autograder.diagnosis.sentences import SENTENCES
from autograder.self_check import known
from autograder.self_check.file import INSTANCES, SEED, instances_of, made, name_of, says_the_same
from autograder.self_check.sentences import FAULTS, HINTS, SHOWN
from tests.tables import first_every_day
from utils.checks.contents import every_task

NAMES = list(assignments.folders())
LARGEST = 400_000  # bytes


def committed(name):
    return (student_material.FOLDER / name_of(assignments.load(name))).read_bytes()


def contents(name):
    arrays = dict(np.load(io.BytesIO(committed(name)), allow_pickle=False))
    return json.loads(arrays.pop("words").tobytes()), arrays


@pytest.fixture(params=NAMES)
def name(request):
    return request.param


@pytest.mark.parametrize("name", first_every_day(NAMES[1:] + NAMES[:1]), indirect=True)  # 01 takes longest
def test_what_is_committed_is_what_is_made(name, monkeypatch):
    """Of single mistakes, that is: diagnosing all pairs takes a minute."""
    monkeypatch.setattr(known, "_at_one_place", lambda exercise, findings: False)
    words, arrays = contents(name)
    fresh = dict(np.load(io.BytesIO(made(assignments.load(name)))))
    said = json.loads(fresh.pop("words").tobytes())
    assert [said[kind] for kind in ("faults", "shown", "hints")] == [FAULTS, SHOWN, HINTS]
    for new, old in zip(said["exercises"], words["exercises"], strict=True):
        ours, theirs = ([k["findings"][0][:2] for k in each["known"]] for each in (new, old))
        assert ours == theirs[: len(ours)]
        for key in (f"{new['name']}/known", f"{new['name']}/probe"):
            one, other = fresh[key], arrays[key][: len(fresh[key])]
            largest = np.abs(one[np.isfinite(one)]).max()  # some are too large for single precision
            assert np.allclose(one, other, rtol=1e-4, atol=1e-4 * largest, equal_nan=True)
    for key, array in fresh.items():
        if "/true/" in key or "/input/" in key:
            assert np.allclose(array, arrays[key], rtol=1e-6)


def test_there_is_a_task_for_every_exercise():
    exercises = {name: assignments.load(name).exercises for name in NAMES}
    graded = {f"{name}/{one.name}": one.parameters for name in NAMES for one in exercises[name]}
    assert {task.key: task.parameters for task in every_task()} == graded


def test_a_file_is_small(name):
    assert len(committed(name)) < LARGEST


def test_it_holds_arrays_of_numbers_and_one_text(name):
    words, arrays = contents(name)
    assert all(array.dtype.kind in "fib" for array in arrays.values()), "numbers, and masks"
    assert words["assignment"] == name
    kinds = {key.split("/")[1] for key in arrays}
    assert {kind for kind in kinds if not kind.isdecimal()} == {"probe", "known", "shapes"}


CODE = re.compile(  # a sheet writes sum(O), too, or sum(A over C)
    r"\b(def|lambda|import|return \w|numpy|np\.|torch\.)|@|\.T\b|\*\*|\.sum\(|\bsum\([^)]*=|dot\(|=="
)


def test_no_text_is_a_derivative_or_code(name):
    """A forward formula is none: it is what the sheet begins with."""
    words, _ = contents(name)
    texts = [*words["hints"].values(), *words["shown"].values()]
    for exercise in words["exercises"]:
        formulas = exercise["formulas"].values()
        texts += [*exercise["sentences"], *formulas, *(law[2] for law in exercise["invariants"])]
        assert not [formula for formula in formulas if re.search(r"\bD[A-Z]|∂|ᵀ", formula.split("=")[0])]
    assert not [text for text in texts if CODE.search(text)]


def pattern(template):
    """What a sentence may look like, whatever is put into its gaps."""
    pieces = re.split(r"\{\w+\}", template.replace("`{where}`", "{where}"))
    return re.compile(".*".join(re.escape(piece) for piece in pieces))


def test_every_sentence_about_a_mistake_is_the_graders(name):
    words, _ = contents(name)
    templates = {}
    for key, template in SENTENCES.items():
        templates.setdefault(key.partition("@")[0], []).append(pattern(template))
    for exercise in words["exercises"]:
        for record in exercise["known"]:
            for fault, _, number in record["findings"]:
                text = exercise["sentences"][number]
                assert any(each.fullmatch(text) for each in templates[fault]), (fault, text)
    assert words["faults"] == FAULTS
    assert words["shown"] == SHOWN
    assert words["hints"] == HINTS


def test_sentences_are_plain():
    for text in (*FAULTS.values(), *SHOWN.values(), *HINTS.values()):
        assert not re.search(r"rectif|blame|ladder|rung|station|mend\b", text, re.IGNORECASE), text
        assert text[0].isupper() or text.startswith(("`{", "{")), text


EXERCISES = [
    pytest.param(exercise, id=f"{name}-{exercise.name}")
    for name in NAMES
    for exercise in assignments.load(name).exercises
]


@pytest.mark.parametrize("exercise", EXERCISES)
def test_instances_are_small_and_those_of_no_student(exercise):
    small, others = instances_of(exercise)
    hidden = sum(not instance.public for instance in exercise.instances(SEED))
    assert min(INSTANCES, hidden) <= len(small) <= INSTANCES + 1
    assert not any(instance.public for instance in small)
    assert all(instance.public for instance in others)


@pytest.mark.parametrize("exercise", [each for each in EXERCISES if each.values[0].invariants])
def test_invariants_hold_for_what_is_right_and_break_where_one_layer_is_off(exercise):
    def sides(law, arrays):
        return [
            sum(float(reduce(np.multiply, [arrays[name] for name in product]).sum()) for product in side)
            for side in (law.left, law.right)
        ]

    for instance in instances_of(exercise)[0]:
        arrays = dict(exercise.reference(instance))
        lists = {name: value for name, value in instance.inputs.items() if isinstance(value, list)}
        arrays |= {f"{n}{i + 1}": a for n, value in lists.items() for i, a in enumerate(value)}
        arrays |= {n: value for n, value in instance.inputs.items() if isinstance(value, np.ndarray | float)}
        for law in exercise.invariants:
            left, right = sides(law, arrays)
            assert left == pytest.approx(right, rel=1e-9, abs=1e-12)
            name = law.left[0][-1]
            other = arrays[name] + np.arange(1, arrays[name].size + 1).reshape(arrays[name].shape)
            left, right = sides(law, arrays | {name: other})
            assert left != pytest.approx(right)


def test_files_differ_where_a_number_does(name):
    content = committed(name)
    arrays = dict(np.load(io.BytesIO(content)))
    changed = io.BytesIO()
    key = next(key for key in arrays if key.endswith("/probe"))
    arrays[key] = arrays[key] * np.linspace(1, 1.01, len(arrays[key]))
    np.savez(changed, **arrays)
    assert says_the_same(content, content)
    assert not says_the_same(content, changed.getvalue())
