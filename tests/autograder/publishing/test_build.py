"""Built notebooks are the ones in notebooks/, hold no solution, and run from top to bottom."""

import base64
import inspect
import json
import re
import shutil
from functools import cache
from itertools import pairwise
from pathlib import Path

import nbclient
import nbformat
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.publishing import build
from tests.tables import first_every_day

REPOSITORY = Path(__file__).parents[3]
NOTEBOOKS = REPOSITORY / "notebooks"
NETWORK, DESCENT = "01-error-backpropagation", "02-gradient-descent"
CLASSIFIER, ENGINE = "03-softmax-and-cross-entropy", "04-an-engine-of-your-own"
NORMALISATION, ATTENTION = "05-normalisation", "08-attention"
NAMES = tuple(assignments.folders())
POINTS = {name: [e.max_score for e in assignments.load(name).exercises] for name in NAMES} | {
    NETWORK: [20, 10],
    DESCENT: [10, 15, 5],
    CLASSIFIER: [6, 6, 18],
    ENGINE: [4, 12, 6, 8],
    NORMALISATION: [10, 9, 3, 8],
    ATTENTION: [12, 9, 9],
}

PRACTISED = {NETWORK: ["measured_slope"], ENGINE: ["cross_entropy_of"]}  # written by students, and not marked

SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)
IMAGE = re.compile(r"!\[([^]]*)\]\(([^)]*)\)")

OURS_ALONE = ("autograder", "BEGIN HIDDEN", "hidden_test", "BEGIN SOLUTION", "END SOLUTION", "globals()")

# Lines of solutions that the second notebook's own text shows on purpose: the names of the parameters,
# and what it teaches of PyTorch before the exercise.
SHOWN = {"a,b,c,d=theta", "loss.backward()", "withtorch.no_grad():"}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A course folder and the notebooks, built afresh."""
    folder = tmp_path_factory.mktemp("built")
    course.build(folder / "course", folder / "notebooks")
    return folder


def released(name):
    return nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)


def marked(notebook, key):
    """The cells that are `solution` or `grade` cells of nbgrader."""
    return [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get(key)]


def squeezed(text):
    return re.sub(r"\s", "", text)


def solution_lines():
    """Every line of every solution, without blanks and comments."""
    texts = [path.joinpath("notebook.py").read_text("utf-8") for path in assignments.folders().values()]
    blocks = [block for text in texts for block in SOLUTION.findall(text)]
    assert len(blocks) == sum(len(tasks) for tasks in (*POINTS.values(), *PRACTISED.values()))
    lines = {squeezed(line.split("#")[0]) for block in blocks for line in block.splitlines()}
    return lines - {""}


def readable(path):
    """A file's text without white space; a notebook's cells as their own text, and not as JSON."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".ipynb":
        text = "\n".join(["".join(cell["source"]) for cell in json.loads(text)["cells"]] + [text])
    return squeezed(text)


def files_below(folder):
    """All files but hidden ones and compiled ones."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not re.search(r"(^|/)(\.|__pycache__)", path.relative_to(folder).as_posix())
    ]


def run(notebook, name, built, folder, monkeypatch, mode=None):
    """Run a notebook in a kernel of its own, in a copy of its release; its code cells, all of them clean."""
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    if mode:
        monkeypatch.setenv("NBGRADER_EXECUTION", mode)
    monkeypatch.delenv("PYTHONPATH", raising=False)  # it would come before the notebook's own folder
    home = folder / name
    shutil.copytree(built / "course" / "release" / name, home)
    notebook.cells.append(nbformat.v4.new_code_cell("print(utils.__file__)"))
    options = {"kernel_name": "python3", "resources": {"metadata": {"path": str(home)}}}
    # errors are gathered, and looked at below
    nbclient.NotebookClient(notebook, timeout=120, allow_errors=True, **options).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert [output.ename for output in outputs if output.output_type == "error"] == []
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.execution_count for cell in codes if cell.source.strip())
    assert printed(codes[-1]).strip() == str(home / "utils" / "__init__.py")
    return codes


def printed(*cells):
    outputs = [output for cell in cells for output in cell.outputs]
    return "".join(output.text for output in outputs if output.get("name") == "stdout")


def printed_by(cells, fragment):
    """What the one cell with this fragment in its source printed."""
    (cell,) = [cell for cell in cells if fragment in cell.source]
    return printed(cell)


def solved(name):
    notebook = build.source_notebook(assignments.load(name))
    for cell in notebook.cells:
        cell.source = HIDDEN.sub("", cell.source)
    return notebook


@pytest.fixture(scope="module")
def run_twice(built, tmp_path_factory):
    """The solved notebook of a name, run once: its code cells, and then each once more, from the last on."""

    @cache
    def codes(name):
        notebook = solved(name)
        again = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        notebook.cells += [nbformat.v4.new_code_cell(source) for source in reversed(again)]
        with pytest.MonkeyPatch.context() as patch:
            codes = run(notebook, name, built, tmp_path_factory.mktemp("solved"), patch)
        return codes[: len(again)], codes[len(again) : -1]

    return codes


def test_notebooks_holds_the_course_and_nothing_else():
    assert {NETWORK, DESCENT, CLASSIFIER, ENGINE, NORMALISATION, ATTENTION} <= set(NAMES)
    assert sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")) == list(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rebuild_gives_the_same_notebook_and_releases_it_with_all_of_utils_and_files(built, name):
    content = (NOTEBOOKS / f"{name}.ipynb").read_bytes()
    assert (built / "notebooks" / f"{name}.ipynb").read_bytes() == content
    shared = [path for folder in ("utils", "files") for path in files_below(REPOSITORY / folder)]
    expected = {path.relative_to(REPOSITORY): path.read_bytes() for path in shared}
    release = built / "course" / "release" / name
    files = {p.relative_to(release): p.read_bytes() for p in release.rglob("*") if p.is_file()}
    assert files == expected | {Path(f"{name}.ipynb"): content}


def test_the_lines_left_out_are_few_and_are_lines_of_solutions():
    assert solution_lines() >= SHOWN
    assert len(SHOWN) <= 3


@pytest.mark.parametrize("where", ["notebooks", "utils", "files", "release"])
def test_no_line_of_a_solution_is_released(built, where):
    folder = built / "course" / "release" if where == "release" else REPOSITORY / where
    searched = files_below(folder)
    assert searched
    lines = solution_lines() - SHOWN
    for path in searched:
        text = readable(path)
        assert [line for line in lines if line in text] == [], path


def test_the_source_holds_every_line_of_the_solutions(built):
    """So the search above would find one."""
    texts = [readable(path) for path in sorted((built / "course" / "source").rglob("*.ipynb"))]
    assert [line for line in solution_lines() if not any(line in text for text in texts)] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_hidden_test_is_released(built, name):
    released = (NOTEBOOKS / f"{name}.ipynb").read_text("utf-8").lower()
    assert [word for word in OURS_ALONE if word.lower() in released] == []
    source = (built / "course" / "source" / name / f"{name}.ipynb").read_text("utf-8")
    assert source.count("BEGIN HIDDEN") == len(POINTS[name])


@pytest.mark.parametrize("name", NAMES)
def test_a_released_notebook_is_valid_and_has_no_outputs(name):
    nbformat.validate(json.loads((NOTEBOOKS / f"{name}.ipynb").read_text("utf-8")))
    notebook = released(name)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata == {"kernelspec": build.KERNEL}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
        assert set(cell.metadata) <= {"nbgrader", "deletable", "editable"}


@pytest.mark.parametrize("name", NAMES)
def test_cells_are_named_by_their_place_or_their_exercise(name):
    cells = released(name).cells
    ids = [cell.metadata.get("nbgrader", {}).get("grade_id", f"cell-{n}") for n, cell in enumerate(cells)]
    assert [cell.id for cell in cells] == ids
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", NAMES)
def test_a_stub_raises_not_implemented_with_the_name_of_its_task(name):
    stubs = {stub.metadata.nbgrader.grade_id: stub for stub in marked(released(name), "solution")}
    exercises, practised = assignments.load(name).exercises, PRACTISED.get(name, [])
    assert [task for task in stubs if task not in practised] == [exercise.name for exercise in exercises]
    assert set(practised) <= set(stubs)
    for exercise in exercises:
        defined = f"{exercise.signature}(" if exercise.convention.of_class else f"def {exercise.signature}:"
        assert defined in stubs[exercise.name].source
    for task, stub in stubs.items():
        names: dict = {"Operators": object}  # what the class is made upon, a cell before it
        exec(compile(stub.source, task, "exec"), names)
        with pytest.raises(NotImplementedError) as raised:
            names[task](*inspect.signature(names[task]).parameters)
        assert str(raised.value) == task
        assert course.CODE_STUB in stub.source
        assert names[task].__doc__


@pytest.mark.parametrize("name", NAMES)
def test_marks_cells_and_headings_have_the_points_of_their_exercises(name):
    cells = marked(released(name), "grade")
    exercises = assignments.load(name).exercises
    headings = [line for line, _ in headings_of(released(name)) if "Exercise" in line]
    assert [int(re.search(r"\((\d+) P\)", line).group(1)) for line in headings] == POINTS[name]
    assert [cell.metadata.nbgrader.points for cell in cells] == POINTS[name]
    assert [exercise.max_score for exercise in exercises] == POINTS[name]
    for cell, exercise in zip(cells, exercises, strict=True):
        assert cell.metadata.nbgrader.grade_id == exercise.marks_cell
        assert cell.metadata.nbgrader.locked
        assert f'utils.ready("{exercise.name}")' in cell.source
        assert cell.source.startswith(f"# {exercise.max_score:g} P")


FIGURES = {
    "net.svg.png": ("X", "W1", "B4", "A3", "Y", "T", "error", "backward", "DY", "DZ3", "DZ1", "DW", "DB"),
    "chain.png": (
        *("x = 3", "w = 0.5", "z = 1.5", "a = 1.5", "v = 4", "y = 6", "t = 1", "err = 25"),
        *("1 at err", "10 at y", "15 at v", "40 at a", "40 at z", "120 at w"),
    ),
}


def test_figures_are_attached_and_described():
    cells = [cell for cell in released(NETWORK).cells if "attachments" in cell]
    for cell, (name, words) in zip(cells, FIGURES.items(), strict=True):
        ((description, target),) = IMAGE.findall(cell.source)
        assert target == f"attachment:{name}"
        content = base64.b64decode(cell.attachments[name]["image/png"])
        assert content == (REPOSITORY / "files" / name).read_bytes()
        assert len(description.split()) > 30
        assert [word for word in words if not re.search(rf"\b{word}\b", description)] == []


def texts_of(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_has_alternative_text_and_comes_with_the_notebook(name):
    for cell in texts_of(released(name)):
        assert "<img" not in cell.source
        pictures = IMAGE.findall(cell.source)
        assert all(description.strip() for description, _ in pictures)
        assert {target for _, target in pictures} == {f"attachment:{a}" for a in cell.get("attachments", {})}


def headings_of(notebook):
    text = "\n".join(cell.source for cell in texts_of(notebook))
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    return [(line, len(signs)) for line, signs in re.findall(r"^((#{1,6}) .+)$", text, flags=re.MULTILINE)]


@pytest.mark.parametrize("name", NAMES)
def test_heading_levels_do_not_skip(name):
    levels = [level for _, level in headings_of(released(name))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


@pytest.mark.thorough  # a kernel runs the whole notebook
def test_the_solved_network_prints_the_numbers_of_the_sheet(run_twice):
    codes, _ = run_twice(NETWORK)
    by_hand = printed_by(codes, "print(numpy.linalg.norm(DW[0][0,0]))")
    by_torch = printed_by(codes, "print(numpy.linalg.norm(W[0].grad[0,0]))")
    assert float(by_hand) == pytest.approx(1.542282152339245, rel=0, abs=1e-12)
    assert float(by_torch) == pytest.approx(1.5422822, rel=0, abs=2e-7)
    table = printed_by(codes, "largest difference").splitlines()[1:]
    assert [row.split()[0] for row in table] == ["W1", "W2", "W3", "W4", "B1", "B2", "B3", "B4"]
    assert max(float(row.split()[-1]) for row in table) < 1e-5
    measured = [line.split()[1:] for line in printed_by(codes, "measured = ").splitlines()[1:]]
    assert len(measured) == 8
    assert all(float(one) == pytest.approx(float(other), abs=2e-6) for one, other in measured)
    steps = [line.split() for line in printed_by(codes, "predicted").splitlines()[2:]]
    assert [float(change) < 0 for _, _, change, _ in steps] == [True, True, True, False]
    assert float(steps[0][2]) == pytest.approx(float(steps[0][3]), rel=0.01)
    assert "v 15.0   w 120.0" in printed_by(codes, "squared.backward()")
    for exercise in ("exercise1", "exercise2"):
        assert "Its marks are decided" in printed_by(codes, f'utils.ready("{exercise}")')
    assert "is not written yet" not in printed(*codes)


@pytest.mark.thorough  # the whole descent of the sheet
def test_the_solved_descent_agrees_with_the_sheet(run_twice):
    codes, _ = run_twice(DESCENT)
    lines = printed_by(codes, "relative difference").splitlines()
    rows = [line.split() for line in lines if re.match(r" *\d+ ", line)]
    assert [int(row[0]) for row in rows] == list(range(99, 2000, 100))
    assert max(float(row[3]) for row in rows) < 1e-4
    assert max(abs(float(row[2]) / float(row[1]) - 1) for row in rows) < 1e-4
    sheet, yours = (re.findall(r"-?\d+\.\d+", line) for line in lines[-2:])
    assert [float(number) for number in yours] == pytest.approx([float(n) for n in sheet], rel=0, abs=2e-5)
    assert "is not written yet" not in printed(*codes)


@pytest.mark.thorough  # a kernel runs the whole notebook
@pytest.mark.parametrize("name", first_every_day(NAMES))
def test_cells_may_be_run_again_in_any_order(run_twice, name):
    """After all of them, each once more, from the last to the first: none needs what a later one left."""
    codes, again = run_twice(name)
    once = {cell.source: printed(cell) for cell in codes}
    for cell in again:
        assert printed(cell) == once[cell.source]


@pytest.mark.parametrize("name", first_every_day(NAMES))
def test_pictures_and_checks_are_silent_while_marks_are_decided(built, name, tmp_path, monkeypatch):
    """Nobody looks at them then, and they would be drawn once for every student of a class."""
    codes = run(solved(name), name, built, tmp_path, monkeypatch, mode="autograde")
    shown = [text for cell in codes for output in cell.outputs for text in output.get("data", {}).values()]
    assert "".join(shown) == ""


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_comes_with_a_check_and_a_hint_before_its_marks(name):
    sources = [cell.source for cell in released(name).cells if cell.cell_type == "code"]
    for exercise in assignments.load(name).exercises:
        defined = f"{'class' if exercise.convention.of_class else 'def'} {exercise.name}("
        checked, marked = f"utils.check({exercise.name})", f'utils.ready("{exercise.name}")'
        steps = (defined, checked, f'utils.hint("{exercise.name}")', marked)
        places = [next(k for k, source in enumerate(sources) if step in source) for step in steps]
        assert places == sorted(set(places))


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_to_a_heading_of_the_same_notebook(name):
    """Not to the other one: each is handed out by itself."""
    anchors = {re.sub(r"^#+ ", "", line).replace(" ", "-") for line, _ in headings_of(released(name))}
    found = [re.findall(r"(?<!!)\[[^]]*\]\(([^)]+)\)", cell.source) for cell in texts_of(released(name))]
    links = {link for each in found for link in each}
    assert links or name not in (NETWORK, DESCENT, CLASSIFIER, ENGINE, NORMALISATION)
    assert {link.removeprefix("#") for link in links} <= anchors
