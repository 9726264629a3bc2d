"""Each mistake that an assignment's syllabus names is planted, and its notebook's solutions are right."""

import pytest

from autograder import assignments
from tests.autograder.marked_answers import defined_by, marked
from tests.autograder.mutants import attention, classifier, normalisation, softmax
from tests.autograder.mutants.planted import Planted
from tests.autograder.test_diagnose import EXERCISES

PLANTED = {
    "03": (*softmax.probability_mutants(), *softmax.jacobian_mutants(), *classifier.single()),
    "05": tuple(mutant for task in normalisation.TASKS for mutant in normalisation.single(task)),
    "08": (*attention.head_single(), *attention.projection_single(), *attention.several_single()),
}
SYLLABUS = {
    "03": {
        *("missing-softmax-derivative", "softmax-diagonal-only", "softmax-row-sum-missing"),
        *("softmax-wrong-axis", "double-softmax", "sum-instead-of-mean", "mean-twice"),
        *("averaged-over-classes", "targets-not-subtracted", "wrong-sign", "logits-for-probabilities"),
        *("log-probabilities-for-probabilities", "sigmoid-for-softmax", "targets-as-columns", "overflow"),
        *("maximum-over-everything", "clipped-probabilities"),
    },
    "05": {
        *("statistics-as-constants", "missing-mean-path", "missing-variance-path", "factor-missing"),
        *("gamma-outside-the-means", "sum-for-mean", "unbiased-variance", "unbiased-in-backward-only"),
        *("statistics-along-wrong-axis", "path-wrong-scale", "root-missing", "root-inverted"),
        *("raw-for-normalised", "wrong-operand", "mean-twice", "not-summed", "summed-over-wrong-axis"),
        *("wrong-axis", "gamma-in-beta", "running-statistics-in-training"),
        *("batch-statistics-in-evaluation", "mean-subtracted", "rms-as-constant", "weight-twice"),
        *("weight-missing", "zero"),
    },
    "08": {
        *("missing-softmax-derivative", "softmax-diagonal-only", "softmax-row-sum-missing"),
        *("softmax-wrong-axis", "mean-for-weighted-sum", "scale-missing", "scale-left-out", "scale-squared"),
        *("scale-of-wrong-width", "scale-after-softmax", "operand-not-transposed", "wrong-operand"),
        *("upstream-transposed", "mask-left-out", "mask-after-softmax", "masked-scores-zero"),
        *("mask-transposed", "another-mask", "path-missing", "wrong-weights"),
        *("heads-mixed-with-positions", "heads-averaged", "last-head-only"),
    },
}


@pytest.mark.parametrize("number", SYLLABUS)
def test_each_mistake_of_the_syllabus_is_planted(number):
    assert all(isinstance(mutant, Planted) for mutant in PLANTED[number])
    assert {fault for mutant in PLANTED[number] for fault, _ in mutant.faults} >= SYLLABUS[number]


@pytest.mark.parametrize("number", ["03", "05"])
def test_the_notebooks_solutions_earn_everything(number):
    (folder,) = (folder for name, folder in assignments.folders().items() if name.startswith(number))
    notebook = defined_by(folder)
    for key, exercise in EXERCISES.items():
        if key[0] == number:
            result = marked(exercise, notebook[exercise.name], 5)
            assert (result.score, result.faults) == (exercise.max_score, ())
