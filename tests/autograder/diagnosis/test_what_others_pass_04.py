"""What other courses' graders are known to pass in an engine has a name here, and loses marks."""

import numpy

from autograder import assignments
from tests import readme
from tests.autograder.marked_answers import marked
from tests.autograder.mutants.people_engine import PEOPLE

EXERCISES = {exercise.name: exercise for exercise in assignments.load("04-an-engine-of-your-own").exercises}
WRITTEN = {one.title: one for one in PEOPLE}
PASSED = (
    # who passes it and why; what it is, as in `people_engine`
    ("dlsys hw1: upstream gradients of ones", "a product's slopes alone"),
    ("dlsys hw1: upstream gradients of ones", "a power without what comes from above"),
    ("dlsys hw1: the exponent of the power test is always 0", "a power that stays as it was"),
    ("dlsys hw1 (issue 15): upstream gradients of ones", "ones for a sum"),
    ("minitorch: `grad_check` with upstream gradients of ones", "a power without what comes from above"),
    ("TinyTorch (issue 2053): `.sum()` behind it", "a matrix product with ones for what comes from above"),
    ("CS231n: pooling windows that never overlap", "assigned, and not added"),
)


def test_what_others_pass_is_named_and_loses_marks():
    rows = ["| passed by | the mistake | here it is | lost |", "| --- | --- | --- | ---: |"]
    for passed, title in PASSED:
        answer, names = WRITTEN[title], {"numpy": numpy}
        exec(answer.source, names)
        result = marked(EXERCISES[answer.exercise], names[answer.exercise], 3)
        lost = result.exercise.max_score - result.score
        faults = " and ".join(dict.fromkeys(f"`{fault.fault}`" for fault in result.faults))
        assert lost > 0, title
        assert "unrecognised" not in faults, title
        rows.append(f"| {passed} | {title} | {faults} | {lost:g} of {result.exercise.max_score:g} P |")
    readme.compare("others-04", "\n".join(rows))
