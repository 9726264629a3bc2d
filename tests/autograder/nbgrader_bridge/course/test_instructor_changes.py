"""What an instructor changes in a course is theirs; a build brings up to date only what nobody changed."""

import json
import shutil
import subprocess
from pathlib import Path

import nbformat
import pytest

from autograder import assignments
from autograder.nbgrader_bridge.course import course_folder as course
from autograder.nbgrader_bridge.course import instructor_changes as edits
from autograder.publishing import build
from tests.autograder.nbgrader_bridge import classes

NETWORK = classes.NETWORK
SOURCE, RELEASE = f"source/{NETWORK}", f"release/{NETWORK}"
NOTEBOOK, OF_UTILS = f"{SOURCE}/{NETWORK}.ipynb", f"{SOURCE}/utils/__init__.py"
ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module", autouse=True)
def one_assignment():
    """The first alone: nbgrader takes seconds for each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignments, "load_all", lambda: (assignments.load(NETWORK),))
        yield


@pytest.fixture(scope="module")
def built(one_assignment, tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "course"
    course.build(folder)
    return folder


@pytest.fixture
def folder(built, tmp_path):
    return shutil.copytree(built, tmp_path / "course")


def built_again(folder, **options):
    """Build; what is told."""
    message = []
    course.build(folder, tell=message.append, **options)
    return message


@pytest.fixture
def newer(monkeypatch):
    """A version of the assignment with another sentence in its text and another line in a file."""
    real = build.source_files

    def files(assignment):
        result = real(assignment)
        name = f"{assignment.name}.ipynb"
        result[name] = result[name].replace(b"# Error backpropagation", b"# Error backpropagation, anew", 1)
        result["utils/__init__.py"] += b"# newer\n"
        assert result[name] != real(assignment)[name]
        return result

    monkeypatch.setattr(course, "source_files", files)


def tree(folder, place):
    paths = sorted(path for path in (folder / place).rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def left(name):
    """What is told of a file that stays."""
    return f"{name} was changed in this course, and is left as it is."


def is_newer(folder, place=SOURCE):
    return "backpropagation, anew" in (folder / place / f"{NETWORK}.ipynb").read_text()


def edit(folder, change):
    notebook = nbformat.read(folder / NOTEBOOK, as_version=4)
    change(notebook)
    nbformat.write(notebook, folder / NOTEBOOK)


def graded(notebook, cell):
    (result,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == cell]
    return result


def own_cell(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("Office hours: Tuesday."))


def own_points(notebook):
    graded(notebook, "exercise1-marks").metadata.nbgrader.points = 10


CHANGES = {
    "own cell": own_cell,
    "own points": own_points,
    "own solution": lambda notebook: graded(notebook, "exercise1").update(source="# my own way"),
    "no cell": lambda notebook: notebook.cells.pop(2),
    "tagged": lambda notebook: notebook.cells[0].metadata.update(tags=["remove-input"]),
    "other kernel": lambda notebook: notebook.metadata.kernelspec.update(name="my-kernel"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_notebook_that_was_changed_stays_and_is_reported(folder, newer, change):
    edit(folder, CHANGES[change])
    before = (folder / NOTEBOOK).read_bytes()
    assert built_again(folder) == [left(NOTEBOOK)]
    assert (folder / NOTEBOOK).read_bytes() == before
    assert (folder / OF_UTILS).read_text().endswith("# newer\n"), "nobody changed it"


@pytest.mark.thorough  # several builds
def test_it_stays_at_every_later_build_too(folder, newer):
    edit(folder, own_cell)
    for _ in range(3):
        assert len(built_again(folder)) == 1
        assert "Office hours" in (folder / NOTEBOOK).read_text()


def test_the_release_is_made_from_the_instructors_own_source(folder):
    edit(folder, own_cell)
    edit(folder, own_points)
    built_again(folder)
    assert "Office hours" in (folder / RELEASE / f"{NETWORK}.ipynb").read_text()
    with classes.opened(folder) as book:
        assert book.find_graded_cell("exercise1-marks", NETWORK, NETWORK).max_score == 10


def looked_at(notebook):
    """As JupyterLab saves it when it was opened and run."""
    notebook.metadata.kernelspec.display_name = "Python 3 (ipykernel)"
    notebook.metadata["language_info"] = {"name": "python", "version": "3.12.1"}
    for n, cell in enumerate(notebook.cells):
        cell.id = f"new-{n}"
        cell.metadata["scrolled"] = True
        if cell.cell_type == "code":
            cell.execution_count = n
            cell.outputs = [nbformat.v4.new_output("stream", text="ran\n")]
        if "points" in cell.metadata.get("nbgrader", {}):
            cell.metadata.nbgrader.points = int(cell.metadata.nbgrader.points)


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("change", [lambda notebook: None, looked_at], ids=["nothing", "opened and run"])
def test_what_nobody_changed_is_brought_up_to_date_and_needs_no_copy(folder, newer, change, force):
    edit(folder, change)
    assert built_again(folder, force=force) == []
    assert is_newer(folder)
    assert is_newer(folder, RELEASE)
    assert not (folder / edits.BACKUPS).exists()
    assert built_again(folder) == []


def test_files_that_were_added_stay_and_are_released(folder, newer):
    own = {"data.csv": "1,2\n", "files/more.txt": "x", "utils/mine.py": "y = 1\n"}
    for name, text in own.items():
        (folder / SOURCE / name).write_text(text)
    assert built_again(folder) == []
    for name, text in own.items():
        assert (folder / SOURCE / name).read_text() == (folder / RELEASE / name).read_text() == text


@pytest.mark.parametrize("content", ["# mine\n", ""])
def test_a_changed_file_stays_and_is_reported(folder, newer, content):
    (folder / OF_UTILS).write_text(content)
    assert built_again(folder) == [left(OF_UTILS)]
    assert (folder / OF_UTILS).read_text() == content
    assert is_newer(folder)


def test_a_file_that_went_missing_comes_back(folder):
    (folder / OF_UTILS).unlink()
    assert built_again(folder) == []
    assert (folder / OF_UTILS).exists()


def test_a_file_that_is_no_longer_ours_goes_unless_it_was_changed(folder, monkeypatch):
    real = build.source_files
    gone = ("utils/pictures/fit.py", "utils/checks/hints.py")
    assert set(gone) <= set(real(assignments.load(NETWORK)))
    monkeypatch.setattr(course, "source_files", lambda a: {k: v for k, v in real(a).items() if k not in gone})
    (folder / SOURCE / gone[1]).write_text("# mine\n")
    assert len(built_again(folder)) == 1
    assert not (folder / SOURCE / gone[0]).exists()
    assert (folder / SOURCE / gone[1]).read_text() == "# mine\n"


def test_force_takes_the_new_version_and_keeps_a_copy_of_all_that_was_there(folder, newer):
    edit(folder, own_cell)
    (folder / SOURCE / "data.csv").write_text("1,2\n")
    before = tree(folder, SOURCE)
    assert built_again(folder, force=True) == []
    assert is_newer(folder)
    assert "Office hours" not in (folder / NOTEBOOK).read_text()
    assert (folder / SOURCE / "data.csv").exists(), "what was added stays even so"
    (backup,) = (folder / edits.BACKUPS).iterdir()
    assert tree(backup, SOURCE) == before
    edit(folder, own_points)
    built_again(folder, force=True)
    assert len(list((folder / edits.BACKUPS).iterdir())) == 2, "each is kept"


@pytest.mark.parametrize("name", ["extra.txt", f"{NETWORK}.ipynb"])
def test_a_release_that_was_changed_by_hand_stays_and_is_reported(folder, newer, name):
    path = folder / RELEASE / name
    path.write_text((path.read_text() if path.exists() else "").replace("backpropagation", "backprop") + "\n")
    before = tree(folder, RELEASE)
    assert built_again(folder) == [left(RELEASE)]
    assert tree(folder, RELEASE) == before
    assert built_again(folder, force=True) == []
    (backup,) = (folder / edits.BACKUPS).iterdir()
    assert tree(backup, RELEASE) == before
    assert is_newer(folder, RELEASE)


@pytest.mark.parametrize("record", [None, "", "no JSON", "[1]", '{"places": 3}', '{"places": {"source": 3}}'])
def test_a_course_of_which_nobody_knows_what_was_changed_is_left(folder, newer, record):
    """Built by an earlier version, which wrote nothing down; or its record was lost, or is broken."""
    (folder / edits.RECORD).unlink()
    if record is not None:
        (folder / edits.RECORD).write_text(record)
    before = (folder / NOTEBOOK).read_bytes(), tree(folder, "release")
    assert left(NOTEBOOK) in built_again(folder)
    assert ((folder / NOTEBOOK).read_bytes(), tree(folder, "release")) == before


def test_a_link_in_the_place_of_a_file_stays(folder, newer, tmp_path):
    path, elsewhere = folder / OF_UTILS, tmp_path / "mine.py"
    elsewhere.write_text("# mine\n")
    path.unlink()
    path.symlink_to(elsewhere)
    assert len(built_again(folder)) == 1
    assert path.is_symlink()
    built_again(folder, force=True)
    assert not path.is_symlink()
    assert elsewhere.read_text() == "# mine\n"


@pytest.mark.thorough  # several builds
def test_a_build_that_nbgrader_refuses_leaves_all_as_it_was(folder, monkeypatch):
    """Once somebody has handed in, nbgrader lets no cell be added: the release it has emptied comes back."""
    handed_in(folder)
    course.autograde(folder, NETWORK, "amara")
    real = build.source_files

    def files(assignment):
        notebook = nbformat.reads(real(assignment)[f"{NETWORK}.ipynb"].decode(), as_version=4)
        cell = nbformat.v4.new_code_cell("### BEGIN SOLUTION\n### END SOLUTION")
        cell.metadata["nbgrader"] = dict(graded(notebook, "exercise1").metadata.nbgrader, grade_id="another")
        notebook.cells.append(cell)
        return real(assignment) | {f"{NETWORK}.ipynb": nbformat.writes(notebook).encode()}

    def written():
        return tree(folder, "source"), tree(folder, "release"), (folder / edits.RECORD).read_bytes()

    before, there = written(), set(folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(course, "source_files", files)
        with pytest.raises(course.CourseError, match="Cannot add or remove cells"):
            built_again(folder)
    assert written() == before
    assert set(folder.iterdir()) == there, "what was put aside meanwhile is gone"
    assert built_again(folder) == []


def test_the_command_says_what_was_left_and_how_to_take_the_new_version(tmp_path, autograder):
    def command(*arguments):
        done = autograder("build", "--course", "here", *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert all(line.startswith("released ") for line in command())
    edit(tmp_path / "here", own_cell)
    *released, stays, how = command()
    assert len(released) == 1
    assert stays == left(NOTEBOOK)
    assert how.startswith("`autograder build --course here --force` replaces")
    assert how.endswith("here/autograder-backups/.")
    assert all(line.startswith("released ") for line in command("--force"))
    assert list((tmp_path / "here" / "autograder-backups").glob(f"*/{NOTEBOOK}"))


# make clean


def cleaned(root, status):
    shutil.copy(ROOT / "Makefile", root)
    done = subprocess.run(["make", "clean"], cwd=root, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == (status == 0), done.stdout + done.stderr
    return done.stdout


def handed_in(folder):
    classes.hand_in_all(folder, {"amara": "matrix_products"})


WORK = {  # and whether the course is built again
    "submission": (handed_in, False),
    "secret": (lambda folder: (folder / ".autograder-secret").write_bytes(b"x" * 32), False),
    "edit": (lambda folder: edit(folder, own_cell), False),
    "edit, built again": (lambda folder: edit(folder, own_cell), True),
    "added, built again": (lambda folder: (folder / SOURCE / "data.csv").write_text("1,2\n"), True),
    "no record": (lambda folder: (folder / edits.RECORD).unlink(), False),
}


@pytest.mark.parametrize("kind", WORK)
def test_make_clean_removes_no_course_with_anybodys_work_in_it(built, tmp_path, kind):
    folder = shutil.copytree(built, tmp_path / "build" / "my course")
    work, again = WORK[kind]
    work(folder)
    if again:
        built_again(folder)
    before = tree(folder, "")
    message = cleaned(tmp_path, 1)
    assert "Nothing was removed: there may be somebody's work in\n  build/my course\n" in message
    assert tree(folder, "") == before


def test_make_clean_removes_what_was_only_built_and_the_demo(built, tmp_path):
    shutil.copytree(built, tmp_path / "build" / "course")
    handed_in(shutil.copytree(built, tmp_path / "build" / "demo"))
    cleaned(tmp_path, 0)
    assert not (tmp_path / "build").exists()
    cleaned(tmp_path, 0)


def test_a_fingerprint_of_what_is_no_notebook_is_that_of_its_bytes():
    assert edits.fingerprint("x.ipynb", b"{}") != edits.fingerprint("x.ipynb", b"{} ")
    assert edits.fingerprint("x.ipynb", b"\xff") == edits.fingerprint("x.txt", b"\xff")
    content = nbformat.writes(nbformat.v4.new_notebook())
    spread = json.dumps(json.loads(content), indent=7)
    assert edits.fingerprint("x.ipynb", content.encode()) == edits.fingerprint("x.ipynb", spread.encode())
