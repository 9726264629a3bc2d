"""What is wrong with an assignment is said in a sentence, at the file and line where it can be put right."""

import re
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from autograder import assignments, cli, new
from autograder.diagnosis.planting import Explanations
from autograder.exercise import Diagnosis, Finding
from autograder.lint import naming
from autograder.lint.checks import lint
from autograder.lint.remark import Level
from autograder.lint.subject import Subject
from autograder.nbgrader_bridge import course_folder as courses

NAME = "a-layer"


@pytest.fixture(autouse=True)
def nothing_of_this_stays():
    yield
    assignments.search()


class Author:
    """Somebody who changes what `autograder new` wrote."""

    def __init__(self, folder):
        new.write(NAME, folder)
        self.folder = folder / "a_layer"
        self.name = NAME

    def changes(self, file, *changes):
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        for old, given in changes:
            assert old in text
            text = text.replace(old, given, 1)
        path.write_text(text, encoding="utf-8")

    def line(self, file, text):
        """The number of the first line with a text in it."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return next(n for n, line in enumerate(lines, start=1) if text in line)

    def is_told(self, **options):
        assignments.search(self.folder)
        return list(lint(NAME, **options))

    def errors(self):
        """What a build would refuse."""
        return [remark for remark in self.is_told(thorough=False) if remark.level is Level.ERROR]

    def is_told_once(self, file, text):
        """The one error, which is at the line of a file with a text in it."""
        (error,) = self.errors()
        assert error.file == self.folder / file
        assert error.line == self.line(file, text)
        assert str(error).startswith(f"{error.file}:{error.line}: error: ")
        return error.sentence


@pytest.fixture
def author(tmp_path):
    return Author(tmp_path)


def test_what_new_writes_has_nothing_wrong_with_it_and_its_mistakes_are_named(author):
    remarks = author.is_told()
    assert [remark for remark in remarks if remark.level is Level.ERROR] == []
    (singles,) = [remark.sentence for remark in remarks if "single mistakes" in remark.sentence]
    planted, named = (int(number) for number in re.findall(r"(\d+) (?:planted|fully named)", singles))
    assert planted > 30
    assert named >= 0.95 * planted
    (pairs,) = [remark.sentence for remark in remarks if "pairs of mistakes" in remark.sentence]
    counts = re.search(
        r"\(drawn at random.*\): (\d+) planted, (\d+) fully named, (\d+) named by others that give the same "
        r"answers, \d with a name missed, 0 with a false one\.",
        pairs,
    )
    assert counts, pairs
    assert int(counts[1]) == naming.PAIRS
    assert int(counts[2]) + int(counts[3]) >= 0.95 * naming.PAIRS


# The notebook's cells


def test_another_signature(author):
    author.changes("notebook.py", ("def exercise1(X,W,B,Y,T)", "def exercise1(W,X,B,Y,T)"))
    sentence = next(e for e in author.errors() if "signature" in e.sentence)
    assert sentence.line == author.line("notebook.py", "def exercise1")
    assert "the notebook has exercise1(W,X,B,Y,T), the declaration exercise1(X,W,B,Y,T)" in sentence.sentence
    assert f"exercises.py, line {author.line('exercises.py', 'backward(')}" in sentence.sentence


def test_no_cell_in_which_it_is_marked(author):
    author.changes("notebook.py", ('# %% marks="exercise1"\n', "# %%\n"))
    sentence = author.is_told_once("notebook.py", '# %% solution="exercise1"')
    assert sentence.startswith('no cell is marked `# %% marks="exercise1"`')


def test_two_cells_in_which_it_is_marked(author):
    author.changes(
        "notebook.py", ('# %% marks="exercise1"\n', '# %% marks="exercise1"\n\n# %% marks="exercise1"\n')
    )
    (error,) = author.errors()
    assert error.sentence == "exercise1 is marked in a second cell: once is enough."


def test_a_cell_for_an_exercise_that_is_not_declared(author):
    author.changes(
        "notebook.py", ('# %% marks="exercise1"\n', '# %% marks="exercise1"\n\n# %% marks="exercise2"\n')
    )
    sentence = author.is_told_once("notebook.py", '# %% marks="exercise2"')
    assert sentence == "the cell is for exercise2, and no such exercise is declared: there are exercise1."


TOOL = '# %% solution="a_tool"\na_tool = 1\n### BEGIN SOLUTION\na_tool = 2\n### END SOLUTION\n\n'
MARKED = '# %% marks="exercise1"\n'


@pytest.mark.parametrize(
    ("cells", "sentences"),
    [
        (TOOL + MARKED, []),
        (MARKED, ['no cell is marked `# %% solution="a_tool"`']),
        (MARKED + TOOL, ["a_tool is declared as practice within exercise1: put its cell between"]),
        (TOOL.replace("### BEGIN SOLUTION", "#") + MARKED, ["students would be given all of it"]),
    ],
)
def test_a_task_without_marks_is_written_between_an_exercises_answer_and_its_marks(author, cells, sentences):
    author.changes(
        "exercises.py", ("    exercises=(", '    practice={"a_tool": "exercise1"},\n    exercises=(')
    )
    author.changes("notebook.py", (MARKED, cells))
    errors = [error.sentence for error in author.errors()]
    assert len(errors) == len(sentences)
    assert all(sentence in error for sentence, error in zip(sentences, errors, strict=True))


def test_no_cell_for_the_answer(author):
    author.changes("notebook.py", ('# %% solution="exercise1"', "# %%"))
    assert 'no cell is marked `# %% solution="exercise1"`' in author.errors()[0].sentence


def test_a_solution_that_students_would_be_given(author):
    author.changes("notebook.py", ("    ### BEGIN SOLUTION\n", ""))
    assert any("students would be given all of it" in error.sentence for error in author.errors())


# Marks


@pytest.mark.parametrize(("marks", "shown"), [("-4", "-4"), ("0", "0"), ('float("nan")', "nan")])
def test_marks_that_are_not_positive(author, marks, shown):
    author.changes("exercises.py", ('"DW": 2', f'"DW": {marks}'))
    error = next(e for e in author.errors() if "a part is worth more than 0" in e.sentence)
    assert error.sentence.startswith(f"DW of exercise1 is worth {shown} P")
    assert error.line == author.line("exercises.py", '"DW": ')


def test_marks_that_do_not_add_up_to_what_the_text_says(author):
    author.changes("notebook.py", ("# ## Exercise 1 (6 P)", "# ## Exercise 1 (7 P)"))
    sentence = author.is_told_once("notebook.py", "# ## Exercise 1 (7 P)")
    assert sentence == "the text says exercise1 is worth 7 P, and its parts add up to 6 P."


# The reference


def test_a_part_that_the_reference_does_not_have(author):
    author.changes(
        "exercises.py",
        (
            "ASSIGNMENT = Assignment(",
            "from dataclasses import replace\nfrom autograder.exercise import Part\nASSIGNMENT = Assignment(",
        ),
        ("        backward(", "        replace(backward("),
        ("instances=instances,\n        ),", 'instances=instances,\n        ), parts=(Part("DV", 6, ()),)),'),
    )
    error = author.errors()[0]
    assert (
        "DV is a part of exercise1, and the reference has none of that name: it has DY, DW, DB."
        in error.sentence
    )
    assert error.line == author.line("exercises.py", '"DV"')


DIFFERENTIATED = """
def value(inputs):
    return ((inputs["X"] @ inputs["W"] - inputs["T"]) ** 2).mean()


def reference(instance):
    error, gradients = value_and_gradients(value, instance, ("W",))
    return {"error": error, "W": FACTOR * gradients[0][0]}


ASSIGNMENT = Assignment(
    name="a-layer",
    title="A layer",
    exercises=(
        Exercise(
            name="exercise1",
            title="By PyTorch",
            parameters=("X", "W", "T"),
            convention=Convention(tensors=True, leaves=("W",)),
            parts=(Part("error", 2, (0,)), Part("W", 4, (1, 0))),
            instances=lambda seed: [
                Instance({name: one.inputs[name] for name in ("X", "W", "T")}, one.description)
                for one in instances(seed)
            ],
            reference=reference,
        ),
    ),
)
"""


@pytest.mark.parametrize(("factor", "count"), [("1", 0), ("1.001", 1)])
def test_a_gradient_that_is_not_the_one_of_its_own_number(author, factor, count):
    path = author.folder / "exercises.py"
    text = path.read_text()
    text = text[: text.index("ASSIGNMENT = ")] + DIFFERENTIATED.replace("FACTOR", factor)
    text = text.replace(
        "import Assignment, Instance",
        "import Assignment, Convention, Exercise, Instance, Part\n"
        "from autograder.reference import value_and_gradients",
    )
    path.write_text(text)
    found = [e for e in author.errors() if "central differences" in e.sentence]
    assert len(found) == count
    for error in found:
        assert error.sentence.startswith("the reference's gradient W of exercise1 is not what central")
        assert error.line == author.line("exercises.py", 'Part("W"')


@pytest.mark.parametrize(("slope", "count"), [("1", 0), ("1.001", 1)])
def test_an_operation_of_one_s_own_whose_derivative_is_not_its_own(author, slope, count):
    """torch differentiates what an author writes, and an author may write more of it than fits."""
    author.changes(
        "exercises.py",
        ("ASSIGNMENT = ", OWN_TRUTH.replace("SLOPE", slope) + "ASSIGNMENT = "),
        ("        backward(", "        falsified(backward("),
        ("instances=instances,\n        ),", "instances=instances,\n        )),"),
    )
    found = [e for e in author.errors() if "central differences" in e.sentence]
    assert len(found) == count
    for error in found:
        assert error.sentence.startswith(
            "the reference's gradient DW of exercise1 is not what central differences"
        )
        assert error.line == author.line("exercises.py", '"DW": 2')


OWN_TRUTH = """
from dataclasses import replace

from autograder.declare import Truth


class Falsified(Truth):
    def __call__(self, instance):
        true = super().__call__(instance)
        return {**true, "DW": SLOPE * true["DW"]}


def falsified(exercise):
    return replace(exercise, reference=Falsified(exercise.reference.forward, exercise.reference.parts))


"""


# The solution and the stub


def test_a_model_solution_that_is_wrong(author):
    author.changes("notebook.py", ("DY = 2*(Y-T)", "DY = (Y-T)"))
    sentence = author.is_told_once("notebook.py", "def exercise1")
    assert "the model solution of exercise1 earns 3 of 6 P" in sentence
    assert "is half of what it should be" in sentence


def test_a_stub_that_earns_something(author):
    author.changes(
        "notebook.py",
        ('    raise NotImplementedError("exercise1")', "    return 2*(Y-T)/len(Y),W,B"),
    )
    sentence = author.is_told_once("notebook.py", "def exercise1")
    assert sentence.startswith("the stub of exercise1 earns 3 P, for DY")


def test_a_cell_that_raises_is_a_warning(author):
    author.changes("notebook.py", ('print("err =", err)\n', 'print("err =", err)\nnumpy.nothing\n'))
    remarks = [r for r in author.is_told(thorough=False) if r.level is not Level.NOTE]
    assert {r.level for r in remarks} == {Level.WARNING}
    assert all("this cell raises AttributeError" in r.sentence for r in remarks)
    assert {r.line for r in remarks} == {author.line("notebook.py", "import numpy, utils") - 1}


# Mistakes

OWN_STEP = """
from autograder.diagnosis.steps import Alternative, Slot, Step

OWN = Step(
    "DY",
    (
        Slot(
            lambda e, _: 2 * (e["Y"] - e["T"]) / e["N"],
            (
                ALTERNATIVES
            ),
        ),
    ),
    forward="err = mean((Y - T)²)",
)

ASSIGNMENT ="""


def with_own(author, *alternatives):
    author.changes(
        "exercises.py",
        ("ASSIGNMENT =", OWN_STEP.replace("ALTERNATIVES", "\n                ".join(alternatives))),
        ("instances=instances,\n", 'instances=instances,\n            own={"Y": OWN},\n'),
    )


def test_a_mistake_that_is_equal_to_the_right_form(author):
    with_own(author, 'Alternative("wrong-error", lambda e, _: (e["Y"] - e["T"]) / e["N"] * 2, "the same"),')
    sentence = author.is_told_once("exercises.py", '"wrong-error"')
    assert sentence.startswith(
        "exercise1: wrong-error (the same) at DY is equal to the right form: on 9 instances"
    )


def test_a_mistake_that_no_instance_of_a_seed_shows(author):
    with_own(
        author,
        'Alternative("wrong-error",',
        '    lambda e, _: 2 * (e["Y"] - e["T"]) / e["N"] * (1 + (e["X"][0, 0] > 1.5)), "rare"),',
    )
    errors = author.errors()
    assert all("shows on no instance of seed" in error.sentence for error in errors)
    assert {error.line for error in errors} == {author.line("exercises.py", '"wrong-error"')}
    assert errors


def test_two_mistakes_that_cannot_be_told_apart(author):
    with_own(
        author,
        'Alternative("wrong-error", lambda e, _: abs(e["Y"] - e["T"]), "the absolute error"),',
        'Alternative("output-masked", lambda e, _: abs(e["T"] - e["Y"]), "another"),',
    )
    twins = [r for r in author.is_told(pairs=0) if "cannot be told apart" in r.sentence]
    assert any("wrong-error" in r.sentence and "output-masked" in r.sentence for r in twins)
    assert {r.level for r in twins} == {Level.WARNING}
    own = {author.line("exercises.py", f'"{fault}"') for fault in ("wrong-error", "output-masked")}
    assert {r.line for r in twins if "wrong-error" in r.sentence} <= own


def test_a_mistake_without_a_sentence(author):
    with_own(author, 'Alternative("a-new-fault", lambda e, _: abs(e["Y"] - e["T"])),')
    sentence = author.is_told_once("exercises.py", '"a-new-fault"')
    assert sentence.startswith("exercise1: a-new-fault has no sentence")


@pytest.mark.parametrize(
    ("findings", "counts"),
    [
        ((), "0 fully named, 71 with a name missed, 0 with a false one."),
        ((Finding("zero", "DY", ()),), "0 fully named, 71 with a name missed, 71 with a false one."),
    ],
)
def test_names_found_missed_and_false_are_counted(author, findings, counts):
    assignments.search(author.folder)
    (exercise,) = assignments.load(NAME).exercises
    explain = Explanations(lambda *_: Diagnosis(findings, frozenset()), exercise.explain.computation)
    files = author.folder / "exercises.py", author.folder / "notebook.py"
    subject = Subject(assignments.load(NAME), author.folder, *files)
    remarks = list(naming.each_is_named(subject, replace(exercise, explain=explain), pairs=20))
    assert remarks[0].sentence == f"exercise1: single mistakes: 71 planted, {counts}"
    assert remarks[0].level is Level.NOTE
    (pairs,) = [remark for remark in remarks[1:] if remark.level is Level.NOTE]
    assert pairs.sentence.startswith(
        "exercise1: pairs of mistakes (drawn at random, the same ones every time): "
    )
    assert " 20 planted, 0 fully named, 20 with a name missed, " in pairs.sentence
    warnings = [remark for remark in remarks if remark.level is Level.WARNING]
    assert len(warnings) == len(remarks) - 2 == naming.SHOWN * (1 + 2 * len(findings))


def test_either_name_is_right_for_two_mistakes_that_give_the_same(author):
    with_own(
        author,
        'Alternative("wrong-error", lambda e, _: abs(e["Y"] - e["T"]), "the absolute error"),',
        'Alternative("output-masked", lambda e, _: abs(e["T"] - e["Y"]), "another"),',
    )
    sentences = [remark.sentence for remark in author.is_told(pairs=0)]
    (singles,) = [s for s in sentences if s.startswith("exercise1: single mistakes: ")]
    assert singles.endswith("0 with a name missed, 0 with a false one.")
    assert "named by others that give the same answers" in singles


def test_code_that_raises_while_it_is_looked_at_is_an_error_and_the_rest_goes_on(author):
    author.changes("exercises.py", ("draw(LAYER, seed,", "draw(LAYER, seed / 0,"))
    author.changes("notebook.py", ("# ## Exercise 1 (6 P)", "# ## Exercise 1 (7 P)"))
    sentences = [error.sentence for error in author.errors()]
    (raised, *_) = [error for error in author.errors() if "ZeroDivisionError" in error.sentence]
    assert (raised.file.name, raised.line) == ("exercises.py", author.line("exercises.py", "seed / 0"))
    assert any("the text says exercise1 is worth 7 P" in sentence for sentence in sentences)


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
