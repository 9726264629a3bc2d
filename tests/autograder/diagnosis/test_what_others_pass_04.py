"""What other courses' graders are known to pass is named here and loses marks; the table is made of it."""

import pytest

from autograder import assignments
from autograder.calling import function_call
from autograder.marking.mark import mark_exercise
from tests import readme
from tests.autograder.diagnosis import others_engine
from tests.autograder.people.answers import PEOPLE

SEED = 3
WRITTEN = {others_engine.NAME: {one.title: one for one in PEOPLE if one.exercise[0] == "04"}}
LISTS = [others_engine]


def marked(name, answer):
    (exercise,) = (one for one in assignments.load(name).exercises if one.name == answer.exercise[1])

    def call(exercise, instance):
        return function_call.call(answer.function, exercise.convention, instance.inputs)

    return mark_exercise(exercise, function_call.one_by_one(call), SEED)


@pytest.mark.parametrize("others", LISTS, ids=lambda one: one.NAME)
def test_what_others_pass_is_named_and_loses_marks(others):
    rows = ["| passed by | the mistake | here it is | lost |", "| --- | --- | --- | ---: |"]
    for passed, title in others.PASSED:
        result = marked(others.NAME, WRITTEN[others.NAME][title])
        lost = result.exercise.max_score - result.score
        names = " and ".join(dict.fromkeys(f"`{fault.fault}`" for fault in result.faults))
        assert lost > 0, title
        assert "unrecognised" not in names, title
        rows.append(f"| {passed} | {title} | {names} | {lost:g} of {result.exercise.max_score:g} P |")
    readme.compare(f"others-{others.NAME[:2]}", "\n".join(rows))
