"""Whatever is returned, the check says something and raises nothing: in this repository, and in a bundle."""

import zipfile
from pathlib import Path

import hypothesis
import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import utils
from utils.checks.contents import every_task

TASKS = {task.key: task for task in every_task()}
KEYS = list(TASKS)
EXAMPLES = 12  # of each task


@st.composite
def in_form(draw, key):  # a strategy is shown with what it is given, and a task is long
    """For each instance, an answer in the right form: arrays that are true, or turned over, or any."""
    task = TASKS[key]
    kinds = [draw(st.sampled_from(["true", "true", "turned", "any"])) for _ in task.parts]
    answers = []
    for instance in task.instances:
        answer = []
        for part, kind in sorted(zip(task.parts, kinds, strict=True), key=lambda pair: pair[0].path):
            true = instance.true[part.name]
            value = draw(anything) if kind == "any" else true.T if kind == "turned" else true
            holder = answer
            for index in part.path[:-1]:
                holder += [[] for _ in range(index + 1 - len(holder))]
                holder = holder[index]
            holder.append(value)
        answers.append(answer[0] if task.parts[0].path == () else tuple(answer))
    return answers


single = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.binary()
)
array = arrays.arrays(
    arrays.scalar_dtypes() | st.just(np.dtype(object)),
    arrays.array_shapes(min_dims=0, min_side=0, max_side=5),
    fill=st.nothing(),
)
tensor = st.builds(torch.full, st.lists(st.integers(0, 4), max_size=3), st.floats(width=32))
anything = st.recursive(
    single | array | tensor,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("key", KEYS)
def test_the_check_of_any_answer_is_a_report(key):
    task = TASKS[key]

    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(in_form(key), anything.map(lambda one: [one] * len(task.instances))))
    def reported(answers):
        turn = iter(answers * 9)
        report = utils.check(lambda *_: next(turn), key)
        assert task.name in str(report)
        assert report._repr_html_()
        assert str(utils.hint(key))

    reported()


@pytest.mark.thorough  # a process more, which imports torch and pytest anew
def test_in_an_unzipped_bundle_it_is_the_same(tmp_path):
    from autograder import assignments
    from autograder.publishing import bundle
    from tests.process import python

    name = next(task.assignment for task in every_task() if task.assignment.startswith("03"))
    root = Path(utils.__file__).parents[1]
    bundle.write(assignments.load(name), root / "notebooks" / f"{name}.ipynb", tmp_path)
    with zipfile.ZipFile(tmp_path / f"{name}.zip") as archive:
        archive.extractall(tmp_path)
    alone = tmp_path / "test_alone.py"
    alone.write_text(Path(__file__).read_text(encoding="utf-8"), encoding="utf-8")
    packages = Path(hypothesis.__file__).parents[1]
    begin = (
        f"import sys; sys.path[:0] = [{str(tmp_path / name)!r}, {str(packages)!r}]; import pytest, utils; "
        f"assert utils.__file__.startswith({str(tmp_path / name)!r}); "
        f"sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-k', 'any_answer', {str(alone)!r}]))"
    )
    ran = python("-E", "-s", "-S", "-c", begin, cwd=tmp_path)
    assert f"{len(KEYS)} passed" in ran.stdout
