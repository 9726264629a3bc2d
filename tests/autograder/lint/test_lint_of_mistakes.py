"""What is wrong with the mistakes that are looked for is said in a sentence: do they show, are they named?"""

from dataclasses import replace

import pytest
from typer.testing import CliRunner

from autograder import assignments, cli
from autograder.diagnosis.planting import Explanations
from autograder.exercise import Diagnosis, Finding
from autograder.lint import naming
from autograder.lint.remark import Level
from autograder.lint.subject import Subject
from autograder.nbgrader_bridge.course import course_folder as courses
from tests.autograder.lint.author import NAME

OWN_STEP = """
from autograder.diagnosis.steps import VJP, Mistake, Step

OWN = Step(
    "DY",
    (VJP(lambda e, _: 2 * (e["Y"] - e["T"]) / e["N"], (
                MISTAKES
    )),),
    forward="err = mean((Y - T)²)",
)

ASSIGNMENT ="""
ABSOLUTE = 'Mistake("wrong-error", lambda e, _: abs(e["Y"] - e["T"]), "the absolute error"),'
ANOTHER = 'Mistake("output-masked", lambda e, _: abs(e["T"] - e["Y"]), "another"),'


def with_own(author, *alternatives):
    author.changes(
        "exercises.py",
        ("ASSIGNMENT =", OWN_STEP.replace("MISTAKES", "\n                ".join(alternatives))),
        ("instances=instances,\n", 'instances=instances,\n            own={"Y": OWN},\n'),
    )


@pytest.mark.parametrize(
    ("name", "rest", "sentence"),
    [
        (
            *("wrong-error", 'lambda e, _: (e["Y"] - e["T"]) / e["N"] * 2, "the same"'),
            "wrong-error (the same) at DY is equal to the right form: on 9 instances",
        ),
        ("a-new-fault", 'lambda e, _: abs(e["Y"] - e["T"])', "a-new-fault has no sentence"),
    ],
    ids=["equal to the right form", "without a sentence"],
)
def test_a_mistake_that_is_none_or_has_no_words_is_reported_at_its_line(author, name, rest, sentence):
    with_own(author, f'Mistake("{name}", {rest}),')
    assert author.is_reported_once("exercises.py", f'"{name}"').startswith(f"exercise1: {sentence}")


def test_a_mistake_that_no_instance_of_a_seed_shows(author):
    rare = 'lambda e, _: 2 * (e["Y"] - e["T"]) / e["N"] * (1 + (e["X"][0, 0] > 1.0)), "rare"'
    with_own(author, f'Mistake("wrong-error", {rare}),')
    errors = author.errors()
    assert all("shows on no instance of seed" in error.sentence for error in errors)
    assert {error.line for error in errors} == {author.line("exercises.py", '"wrong-error"')}


def test_of_two_mistakes_that_cannot_be_told_apart_either_name_is_right(author):
    with_own(author, ABSOLUTE, ANOTHER)
    remarks = author.is_reported(pairs=0)
    twins = [r for r in remarks if "cannot be told apart" in r.sentence]
    assert any("wrong-error" in r.sentence and "output-masked" in r.sentence for r in twins)
    assert {r.level for r in twins} == {Level.WARNING}
    own = {author.line("exercises.py", f'"{fault}"') for fault in ("wrong-error", "output-masked")}
    assert {r.line for r in twins if "wrong-error" in r.sentence} <= own
    (singles,) = [r.sentence for r in remarks if r.sentence.startswith("exercise1: single mistakes: ")]
    assert singles.endswith("0 with a name missed, 0 with a false one.")
    assert "named by others that give the same answers" in singles


@pytest.mark.parametrize(
    ("findings", "counts"),
    [
        ((), "0 fully named, 126 with a name missed, 0 with a false one."),
        ((Finding("zero", "DY", ()),), "0 fully named, 126 with a name missed, 126 with a false one."),
    ],
)
def test_names_found_missed_and_false_are_counted(author, findings, counts):
    assignments.search(author.folder)
    (exercise,) = assignments.load(NAME).exercises
    explain = Explanations(lambda *_: Diagnosis(findings, frozenset()), exercise.explain.computation)
    files = (author.folder / "exercises.py", author.folder / "notebook.py")
    subject = Subject(assignments.load(NAME), author.folder, *files)
    remarks = list(naming.each_is_named(subject, replace(exercise, explain=explain), pairs=20))
    assert remarks[0].sentence == f"exercise1: single mistakes: 126 planted, {counts}"
    assert remarks[0].level is Level.NOTE
    (pairs,) = [remark for remark in remarks[1:] if remark.level is Level.NOTE]
    assert pairs.sentence.startswith(
        "exercise1: pairs of mistakes (drawn at random, the same ones every time): "
    )
    assert " 20 planted, 0 fully named, 20 with a name missed, " in pairs.sentence
    warnings = [remark for remark in remarks if remark.level is Level.WARNING]
    assert len(warnings) == len(remarks) - 2 == naming.SHOWN * (1 + 2 * len(findings))


def test_code_that_raises_while_it_is_looked_at_is_an_error_and_the_rest_goes_on(author):
    author.changes("exercises.py", ("draw(LAYER, seed,", "draw(LAYER, seed / 0,"))
    author.changes("notebook.py", ("# ## Exercise 1 (6 P)", "# ## Exercise 1 (7 P)"))
    errors = author.errors()
    (raised, *_) = [error for error in errors if "ZeroDivisionError" in error.sentence]
    assert (raised.file.name, raised.line) == ("exercises.py", author.line("exercises.py", "seed / 0"))
    assert any("the text says exercise1 is worth 7 P" in error.sentence for error in errors)


def test_a_build_leaves_out_what_has_an_error(author, tmp_path, monkeypatch):
    author.changes("notebook.py", ("# ## Exercise 1 (6 P)", "# ## Exercise 1 (7 P)"))
    left_out = []
    monkeypatch.setattr(courses, "build", lambda *_, leave_out, **__: left_out.extend(leave_out) or [])
    (tmp_path / "course").mkdir()
    arguments = ["build", "--course", str(tmp_path / "course"), "--assignments", str(author.folder)]
    result = CliRunner().invoke(cli.app, arguments)
    assert result.exit_code == 1
    assert left_out == [NAME]
    line = author.line("notebook.py", "# ## Exercise 1 (7 P)")
    assert f"notebook.py:{line}: error: the text says exercise1 is worth 7 P" in result.output
