"""What is wrong with an assignment is said in a sentence, at the file and line where it can be put right."""

import re

import pytest

from autograder.lint import naming
from autograder.lint.remark import Level


def test_what_new_writes_has_nothing_wrong_with_it_and_its_mistakes_are_named(author):
    remarks = author.is_reported()
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


# What a build refuses, at the line where it can be put right

MARKS = '# %% marks="exercise1"\n'
UNKNOWN = "the cell is for exercise2, and no such exercise is declared: there are exercise1."
WRONG_SUM = "the text says exercise1 is worth 7 P, and its parts add up to 6 P."
HALF = "the model solution of exercise1 earns 3 of 6 P.* is half of what it should be.*"
STUB = '    raise NotImplementedError("exercise1")'
REFUSED = {
    # what is changed in the notebook; where and how it is reported
    "no cell in which it is marked": (
        (MARKS, "# %%\n"),
        *('# %% solution="exercise1"', 'no cell is marked `# %% marks="exercise1"`.*'),
    ),
    "a cell for an exercise that is not declared": (
        (MARKS, MARKS + '\n# %% marks="exercise2"\n'),
        *('# %% marks="exercise2"', UNKNOWN),
    ),
    "marks that do not add up to what the text says": (
        ("# ## Exercise 1 (6 P)", "# ## Exercise 1 (7 P)"),
        *("# ## Exercise 1 (7 P)", WRONG_SUM),
    ),
    "a model solution that is wrong": (("DY = 2*(Y-T)", "DY = (Y-T)"), "def exercise1", HALF),
    "a stub that earns something": (
        (STUB, "    return 2*(Y-T)/len(Y),W,B"),
        *("def exercise1", "the stub of exercise1 earns 3 P, for DY.*"),
    ),
}


@pytest.mark.parametrize(("change", "at", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_wrong_in_the_notebook_is_reported_once_at_its_line(author, change, at, words):
    author.changes("notebook.py", change)
    assert re.fullmatch(words, author.is_reported_once("notebook.py", at), re.DOTALL)


def test_two_cells_in_which_it_is_marked(author):
    author.changes("notebook.py", (MARKS, f"{MARKS}\n{MARKS}"))
    (error,) = author.errors()
    assert error.sentence == "exercise1 is marked in a second cell: once is enough."


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('# %% solution="exercise1"', "# %%", 'no cell is marked `# %% solution="exercise1"`'),
        ("    ### BEGIN SOLUTION\n", "", "students would be given all of it"),
    ],
    ids=["no cell for the answer", "a solution that students would be given"],
)
def test_an_answer_that_cannot_be_released_is_reported(author, old, new, words):
    author.changes("notebook.py", (old, new))
    assert any(words in error.sentence for error in author.errors())


def test_another_signature_is_reported_with_both_places(author):
    author.changes("notebook.py", ("def exercise1(X,W,B,Y,T)", "def exercise1(W,X,B,Y,T)"))
    (error,) = [e for e in author.errors() if "signature" in e.sentence]
    assert error.line == author.line("notebook.py", "def exercise1")
    assert "the notebook has exercise1(W,X,B,Y,T), the declaration exercise1(X,W,B,Y,T)" in error.sentence
    assert f"exercises.py, line {author.line('exercises.py', 'backward(')}" in error.sentence


TOOL = '# %% solution="a_tool"\na_tool = 1\n### BEGIN SOLUTION\na_tool = 2\n### END SOLUTION\n\n'


@pytest.mark.parametrize(
    ("cells", "sentences"),
    [
        (TOOL + MARKS, []),
        (MARKS, ['no cell is marked `# %% solution="a_tool"`']),
        (MARKS + TOOL, ["a_tool is declared as practice within exercise1: put its cell between"]),
        (TOOL.replace("### BEGIN SOLUTION", "#") + MARKS, ["students would be given all of it"]),
    ],
)
def test_a_task_without_marks_is_written_between_an_exercises_answer_and_its_marks(author, cells, sentences):
    author.changes(
        "exercises.py", ("    exercises=(", '    practice={"a_tool": "exercise1"},\n    exercises=(')
    )
    author.changes("notebook.py", (MARKS, cells))
    errors = [error.sentence for error in author.errors()]
    assert len(errors) == len(sentences)
    assert all(sentence in error for sentence, error in zip(sentences, errors, strict=True))


@pytest.mark.parametrize(("marks", "shown"), [("-4", "-4"), ("0", "0"), ('float("nan")', "nan")])
def test_marks_that_are_not_positive(author, marks, shown):
    author.changes("exercises.py", ('"DW": 2', f'"DW": {marks}'))
    error = next(e for e in author.errors() if "a part is worth more than 0" in e.sentence)
    assert error.sentence.startswith(f"DW of exercise1 is worth {shown} P")
    assert error.line == author.line("exercises.py", '"DW": ')


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
    error, *_ = author.errors()
    words = "DV is a part of exercise1, and the reference has none of that name: it has DY, DW, DB."
    assert words in error.sentence
    assert error.line == author.line("exercises.py", '"DV"')


DIFFERENTIATED = """
from autograder.exercise import Assignment, Convention, Exercise, Instance, Part
from autograder.reference import value_and_gradients


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
    before, *_ = path.read_text().partition("ASSIGNMENT = ")
    path.write_text(before + DIFFERENTIATED.replace("FACTOR", factor))
    result = [e for e in author.errors() if "central differences" in e.sentence]
    assert len(result) == count
    for error in result:
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
    result = [e for e in author.errors() if "central differences" in e.sentence]
    assert len(result) == count
    for error in result:
        assert error.sentence.startswith("the reference's gradient DW of exercise1 is not what central")
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


def test_a_cell_that_raises_is_a_warning(author):
    author.changes("notebook.py", ('print("err =", err)\n', 'print("err =", err)\nnumpy.nothing\n'))
    remarks = [r for r in author.is_reported(thorough=False) if r.level is not Level.NOTE]
    assert {r.level for r in remarks} == {Level.WARNING}
    assert all("this cell raises AttributeError" in r.sentence for r in remarks)
    assert {r.line for r in remarks} == {author.line("notebook.py", "import numpy, utils") - 1}
