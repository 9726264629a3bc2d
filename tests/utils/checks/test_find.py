"""A function is known by its name and its parameters, and what can't be told is asked for."""

import dataclasses
import sys
import types

import pytest

import utils
from tests.utils.checks import students
from tests.utils.checks.students import DESCENT, NETWORK, function, task
from utils.checks.contents import every_task
from utils.checks.find import Unknown, find, find_by_name, named

FIRST = "def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,T): pass"
SECOND = "def exercise1(theta,x,y): pass"


@pytest.fixture
def six(monkeypatch):
    """Six assignments of ours and no others, whose parameters might be nearer."""
    ours = [each for each in every_task() if each.assignment in students.ASSIGNMENTS]
    monkeypatch.setattr("utils.checks.find.every_task", lambda: ours)


@pytest.mark.parametrize("result", every_task(), ids=lambda result: result.key)
def test_a_function_with_the_notebooks_own_signature_is_found(result):
    text = f"def {result.name}({','.join(result.parameters)}): pass"
    assert find(function(text, name=result.name)) is result
    assert find(function(text, name=result.name), result.key) is result


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("def exercise1(W,B,X,Z1,A1,Z2,A2,Z3,A3,Y,target): pass", f"{NETWORK}/exercise1"),
        ("def exercise1(w,b,x,z1,a1,z2,a2,z3,a3,y,t): pass", f"{NETWORK}/exercise1"),
        ("def exercise1(W,B,X,Y,T): pass", f"{NETWORK}/exercise1"),
        ("def exercise1(p,q,r): pass", f"{DESCENT}/exercise1"),
        ("def exercise1(theta,x): pass", f"{DESCENT}/exercise1"),
        ("def exercise2(params,X,T,lr,n): pass", f"{DESCENT}/exercise2"),
        ("exercise3 = len", f"{DESCENT}/exercise3"),
    ],
)
@pytest.mark.usefixtures("six")
def test_other_names_or_numbers_of_parameters_are_told_apart_as_far_as_they_go(text, key):
    name = "exercise" + text.split("exercise")[1][0]
    assert find(function(text, name=name), name) is task(key)


def test_of_two_tasks_with_as_many_parameters_the_names_decide(monkeypatch):
    known = task(f"{DESCENT}/exercise1")
    other = dataclasses.replace(known, assignment="03-more", parameters=("p", "q", "y"))
    wider = dataclasses.replace(known, assignment="04-more", parameters=("theta", "x", "y", "z"))
    monkeypatch.setattr("utils.checks.find.every_task", lambda: (known, other, wider))
    assert find(function(SECOND)) is known
    assert find(function("def exercise1(p,q,y): pass")) is other
    assert find(function("def exercise1(p,q,z): pass")) is other
    assert find(function("def exercise1(s,t,u,v): pass")) is wider


@pytest.mark.parametrize(
    "text", ["def exercise1(*a): pass", "def exercise1(): pass", "def exercise1(e, f, i, j, l): pass"]
)
@pytest.mark.usefixtures("six")
def test_what_cannot_be_told_apart_is_asked_for(text):
    with pytest.raises(Unknown) as caught:
        find(function(text))
    message = str(caught.value)
    assert f"{NETWORK}/exercise1 takes (W, B, X, Z1" in message
    assert f"{DESCENT}/exercise1 takes (theta, x, y)" in message
    assert f'utils.check(my_function, "{NETWORK}/exercise1")' in message
    assert str(utils.check(function(text))).split() == message.split()


def test_what_cannot_be_told_apart_is_the_task_of_the_notebook_beside_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{DESCENT}.ipynb").touch()
    assert find(function("def exercise1(*a): pass")) is task(f"{DESCENT}/exercise1")
    assert find(function(FIRST)) is task(f"{NETWORK}/exercise1")
    (tmp_path / f"{NETWORK}.ipynb").touch()
    with pytest.raises(Unknown):
        find(function("def exercise1(*a): pass"))


def test_the_full_name_or_its_beginning_decides():
    anything = function("def mine(*a): pass", name="mine")
    assert find(anything, "02/exercise1") is find(anything, f"{DESCENT}/exercise1") is task("02/exercise1")


def test_a_function_by_another_name_is_reported_how_to_ask():
    message = str(utils.check(function("def mine(theta,x,y): pass", name="mine")))
    assert "no task named 'mine'" in message
    assert 'utils.check(my_function, "exercise1")' in message
    assert utils.check(lambda x: 1).headline.startswith("There is no task named '<lambda>'")


def test_an_answer_or_a_name_in_place_of_the_function_is_told_so():
    assert "without brackets" in str(utils.check(([], [])))
    assert "without quotes" in str(utils.check("exercise1"))


@pytest.mark.parametrize(("text", "key"), [(FIRST, f"{NETWORK}/exercise1"), (SECOND, f"{DESCENT}/exercise1")])
def test_a_name_alone_is_reported_by_the_notebooks_own_function(monkeypatch, text, key):
    main = types.ModuleType("__main__")
    main.exercise1 = function(text)
    monkeypatch.setitem(sys.modules, "__main__", main)
    assert find_by_name("exercise1") is task(key)


def test_names_are_unique_within_an_assignment():
    keys = [result.key for result in every_task()]
    assert len(set(keys)) == len(keys)
    assert [result.key for result in named("02/exercise3")] == [f"{DESCENT}/exercise3"]
