"""Who computes a forward pass anew, with a mistake in it, and goes back rightly, is told that mistake."""

import re
from importlib import import_module

import numpy as np
import pytest

from autograder.computations.own_forward_pass import _OwnForwardPass
from autograder.computations.own_forward_pass import or_own_forward_pass as given_anew
from autograder.diagnosis.planting import Explanations
from autograder.diagnosis.steps import BackwardPass
from autograder.exercise import Diagnosis, Finding
from tests.autograder.marked_answers import marked
from tests.autograder.people.answers import TABLES, defined
from tests.autograder.test_diagnose import EXERCISES

BACK, HEAD = ("01", "exercise1"), ("08", "exercise1")
ONE = TABLES[HEAD].right
NETWORK = """
A1 = activation(X @ W[0] + B[0])
A2 = activation(A1 @ W[1] + B[1])
A3 = activation(A2 @ W[2] + B[2])
Y = A3 @ W[3] + B[3]
D = 2 * (Y - T) / len(X)
DW4, DB4 = A3.T @ D, D.sum(axis=0)
D = D @ W[3].T * slope(A3)
DW3, DB3 = A2.T @ D, D.sum(axis=0)
D = D @ W[2].T * slope(A2)
DW2, DB2 = A1.T @ D, D.sum(axis=0)
D = D @ W[1].T * slope(A1)
return [X.T @ D, DW2, DW3, DW4], [D.sum(axis=0), DB2, DB3, DB4]
"""
RELU = "activation, slope = lambda Z: np.maximum(Z, 0), lambda A: A > 0"
SIGMOID = "activation, slope = lambda Z: 1 / (1 + np.exp(-Z)), lambda A: A * (1 - A)"
SCORES = """
S = np.where(M, Q @ K.T / np.sqrt(Q.shape[1]), -np.inf)
P = np.exp(S - S.max(axis=1, keepdims=True))
P = P / P.sum(axis=1, keepdims=True)
"""
SCALED = "Q @ K.T / np.sqrt(Q.shape[1])"
UNMASKED = SCORES.replace(f"np.where(M, {SCALED}, -np.inf)", SCALED)
NO_BIAS = re.sub(r" \+ B\[[012]\]", "", NETWORK)
ACTIVATIONS = "wrong-activation@A1 wrong-activation@A2 wrong-activation@A3"
BIASES = "missing-bias@B1 missing-bias@B2 missing-bias@B3"
ANSWERS = {
    "the sigmoid": (BACK, SIGMOID + NETWORK, ACTIVATIONS, 5),
    "no bias": (BACK, RELU + NO_BIAS, BIASES, 12.5),
    "centred data": (BACK, "X = X - X.mean(axis=0)\n" + RELU + NETWORK, "input-changed@X", 17.5),
    "scores without the mask": (HEAD, UNMASKED + ONE, "mask-left-out@P", 8),
    "scores without their scale": (HEAD, SCORES.replace(SCALED, "Q @ K.T") + ONE, "scale-left-out@S", 11),
}


@pytest.mark.parametrize(("key", "code", "told", "score"), ANSWERS.values(), ids=ANSWERS)
def test_a_mistake_in_the_own_forward_pass_is_named(key, code, told, score):
    result = marked(EXERCISES[key], defined(TABLES[key].with_body(code)), 1)
    assert {f"{fault.fault}@{fault.where}" for fault in result.faults} == set(told.split())
    assert result.score == pytest.approx(score)


@pytest.mark.parametrize(
    ("key", "module", "forward"),
    [(BACK, "01_error_backpropagation.network", "NETWORK"), (HEAD, "08_attention.exercises", "ATTENTION")],
)
def test_what_a_forward_pass_with_a_mistake_leads_to_is_explained(key, module, forward):
    """Every ninth way of all that are known."""
    exercise = EXERCISES[key]
    instances, parts = exercise.instances(1), [part.name for part in exercise.parts]
    forward = getattr(import_module(f"autograder.assignments.{module}"), forward)
    own = _OwnForwardPass(forward, parts, exercise.explain.computation)
    tried = 0
    for way in own._ways[::9]:
        with np.errstate(all="ignore"):
            gradients = [own._gradients(way, instance) for instance in instances]
        if any(each is None or not all(np.isfinite(a).all() for a in each.values()) for each in gradients):
            continue
        tried += 1
        found = exercise.explain(instances, gradients, parts)
        assert all(finding.fault != "unrecognised" for finding in found.findings), way
    assert tried > 10


def test_what_has_names_or_follows_from_nothing_is_left_as_it_was():
    exercise, rng = EXERCISES[BACK], np.random.default_rng(0)
    instances = exercise.instances(1)
    truths = map(exercise.reference, instances)
    answers = [{name: rng.standard_normal(array.shape) for name, array in one.items()} for one in truths]
    parts = list(answers[0])
    result = exercise.explain(instances, answers, parts)
    assert {finding.fault for finding in result.findings} == {"unrecognised"}

    named = Diagnosis((Finding("zero", "DW1", ("DW1",)),), frozenset(parts[1:]))
    whole = Explanations(lambda *_: named, BackwardPass(()))
    assert given_anew(whole, None, parts).explain(instances, answers, parts) is named
