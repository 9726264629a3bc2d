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
NOTEBOOK = f"{SOURCE}/{NETWORK}.ipynb"
ROOT = Path(__file__).parents[4]


@pytest.fixture(autouse=True)
def one_assignment(monkeypatch):
    """The first alone: nbgrader takes seconds for each."""
    monkeypatch.setattr(assignments, "load_all", lambda: (assignments.load(NETWORK),))


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("built") / "course"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(assignments, "load_all", lambda: (assignments.load(NETWORK),))
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


def read(folder, name=NOTEBOOK):
    return nbformat.read(folder / name, as_version=4)


def edit(folder, change, name=NOTEBOOK):
    notebook = read(folder, name)
    change(notebook)
    nbformat.write(notebook, folder / name)


def graded(notebook, cell):
    (result,) = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade_id") == cell]
    return result


def own_cell(notebook):
    notebook.cells.append(nbformat.v4.new_markdown_cell("Office hours: Tuesday."))


def own_points(notebook):
    graded(notebook, "exercise1-marks").metadata.nbgrader.points = 10


def own_solution(notebook):
    graded(notebook, "exercise1").source += "\n# my own way"


def no_cell(notebook):
    del notebook.cells[2]


def tagged(notebook):
    notebook.cells[0].metadata["tags"] = ["remove-input"]


def other_kernel(notebook):
    notebook.metadata.kernelspec.name = "my-kernel"


CHANGES = [own_cell, own_points, own_solution, no_cell, tagged, other_kernel]


@pytest.mark.parametrize("change", CHANGES)
def test_a_notebook_that_was_changed_stays_and_is_reported(folder, newer, change):
    edit(folder, change)
    before = (folder / NOTEBOOK).read_bytes()
    message = built_again(folder)
    assert (folder / NOTEBOOK).read_bytes() == before
    assert message == [f"{NOTEBOOK} was changed in this course, and is left as it is."]
    assert (folder / SOURCE / "utils" / "__init__.py").read_text().endswith("# newer\n"), "nobody changed it"


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


def test_what_was_only_opened_and_run_is_brought_up_to_date(folder, newer):
    edit(folder, looked_at)
    assert built_again(folder) == []
    assert "backpropagation, anew" in (folder / NOTEBOOK).read_text()
    assert "backpropagation, anew" in (folder / RELEASE / f"{NETWORK}.ipynb").read_text()


def test_what_nobody_changed_is_brought_up_to_date(folder, newer):
    assert built_again(folder) == []
    assert "backpropagation, anew" in (folder / NOTEBOOK).read_text()
    assert built_again(folder) == []


def test_files_that_were_added_stay_and_are_released(folder, newer):
    own = {
        f"{SOURCE}/data.csv": "1,2\n",
        f"{SOURCE}/files/more.txt": "x",
        f"{SOURCE}/utils/mine.py": "y = 1\n",
    }
    for name, text in own.items():
        (folder / name).write_text(text)
    assert built_again(folder) == []
    for name, text in own.items():
        assert (folder / name).read_text() == text
        assert (folder / name.replace("source", "release", 1)).read_text() == text


@pytest.mark.parametrize("content", ["# mine\n", ""])
def test_a_changed_file_stays_and_is_reported(folder, newer, content):
    path = folder / SOURCE / "utils" / "__init__.py"
    path.write_text(content)
    message = built_again(folder)
    assert path.read_text() == content
    assert message == [f"{SOURCE}/utils/__init__.py was changed in this course, and is left as it is."]
    assert "backpropagation, anew" in (folder / NOTEBOOK).read_text()


def test_a_file_that_went_missing_comes_back(folder):
    (folder / SOURCE / "utils" / "__init__.py").unlink()
    assert built_again(folder) == []
    assert (folder / SOURCE / "utils" / "__init__.py").exists()


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
    assert "backpropagation, anew" in (folder / NOTEBOOK).read_text()
    assert "Office hours" not in (folder / NOTEBOOK).read_text()
    assert (folder / SOURCE / "data.csv").exists(), "what was added stays even so"
    (backup,) = (folder / edits.BACKUPS).iterdir()
    assert tree(backup, SOURCE) == before
    edit(folder, own_points)
    built_again(folder, force=True)
    assert len(list((folder / edits.BACKUPS).iterdir())) == 2, "each is kept"


def test_force_keeps_no_copy_where_nothing_was_changed(folder, newer):
    built_again(folder, force=True)
    assert not (folder / edits.BACKUPS).exists()


@pytest.mark.parametrize("name", ["extra.txt", f"{NETWORK}.ipynb"])
def test_a_release_that_was_changed_by_hand_stays_and_is_reported(folder, newer, name):
    path = folder / RELEASE / name
    path.write_text((path.read_text() if path.exists() else "").replace("backpropagation", "backprop") + "\n")
    before = tree(folder, RELEASE)
    message = built_again(folder)
    assert tree(folder, RELEASE) == before
    assert message == [f"{RELEASE} was changed in this course, and is left as it is."]
    assert built_again(folder, force=True) == []
    (backup,) = (folder / edits.BACKUPS).iterdir()
    assert tree(backup, RELEASE) == before
    assert "backpropagation, anew" in (folder / RELEASE / f"{NETWORK}.ipynb").read_text()


def test_a_course_of_which_nobody_knows_what_was_changed_is_left(folder, newer):
    """Built by an earlier version, which wrote nothing down; or its record was lost."""
    (folder / edits.RECORD).unlink()
    before = tree(folder, "source"), tree(folder, "release")
    message = built_again(folder)
    assert f"{NOTEBOOK} was changed in this course, and is left as it is." in message
    assert (folder / NOTEBOOK).read_bytes() == before[0][NOTEBOOK]
    assert tree(folder, "release") == before[1]


@pytest.mark.parametrize("text", ["", "no JSON", "[1]", '{"places": 3}', '{"places": {"source": 3}}'])
def test_a_record_that_cannot_be_read_is_no_leave_to_overwrite(folder, newer, text):
    edit(folder, own_cell)
    (folder / edits.RECORD).write_text(text)
    built_again(folder)
    assert "Office hours" in (folder / NOTEBOOK).read_text()


def test_a_link_in_the_place_of_a_file_stays(folder, newer, tmp_path):
    elsewhere = tmp_path / "mine.py"
    elsewhere.write_text("# mine\n")
    path = folder / SOURCE / "utils" / "__init__.py"
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
    classes.hand_in_all(folder, {"amara": "matrix_products"})
    course.autograde(folder, NETWORK, "amara")
    real = build.source_files

    def files(assignment):
        notebook = nbformat.reads(real(assignment)[f"{NETWORK}.ipynb"].decode(), as_version=4)
        cell = nbformat.v4.new_code_cell("### BEGIN SOLUTION\n### END SOLUTION")
        cell.metadata["nbgrader"] = dict(graded(notebook, "exercise1").metadata.nbgrader, grade_id="another")
        notebook.cells.append(cell)
        return real(assignment) | {f"{NETWORK}.ipynb": nbformat.writes(notebook).encode()}

    before = tree(folder, "source"), tree(folder, "release"), (folder / edits.RECORD).read_bytes()
    there = set(folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(course, "source_files", files)
        with pytest.raises(course.CourseError, match="Cannot add or remove cells"):
            built_again(folder)
    assert (tree(folder, "source"), tree(folder, "release"), (folder / edits.RECORD).read_bytes()) == before
    assert set(folder.iterdir()) == there, "what was put aside meanwhile is gone"
    assert built_again(folder) == []


def test_the_command_says_what_was_left_and_how_to_take_the_new_version(tmp_path, autograder):
    def command(*arguments):
        done = autograder("build", "--course", "here", *arguments, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    assert all(line.startswith("released ") for line in command())
    edit(tmp_path / "here", own_cell)
    *released, left, how = command()
    assert len(released) == 1
    assert left == f"{NOTEBOOK} was changed in this course, and is left as it is."
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


def work(folder, kind):
    if kind == "submission":
        classes.hand_in_all(folder, {"amara": "matrix_products"})
    elif kind == "secret":
        (folder / ".autograder-secret").write_bytes(b"x" * 32)
    elif kind == "edit":
        edit(folder, own_cell)
    elif kind == "edit, built again":
        edit(folder, own_cell)
        built_again(folder)
    elif kind == "added, built again":
        (folder / SOURCE / "data.csv").write_text("1,2\n")
        built_again(folder)
    elif kind == "no record":
        (folder / edits.RECORD).unlink()


WORK = ["submission", "secret", "edit", "edit, built again", "added, built again", "no record"]


@pytest.mark.parametrize("kind", WORK)
def test_make_clean_removes_no_course_with_anybodys_work_in_it(built, tmp_path, kind):
    folder = shutil.copytree(built, tmp_path / "build" / "my course")
    work(folder, kind)
    before = tree(folder, "")
    message = cleaned(tmp_path, 1)
    assert "Nothing was removed: there may be somebody's work in\n  build/my course\n" in message
    assert tree(folder, "") == before


def test_make_clean_removes_what_was_only_built_and_the_demo(built, tmp_path):
    shutil.copytree(built, tmp_path / "build" / "course")
    work(shutil.copytree(built, tmp_path / "build" / "demo"), "submission")
    cleaned(tmp_path, 0)
    assert not (tmp_path / "build").exists()
    cleaned(tmp_path, 0)


def test_a_fingerprint_of_what_is_no_notebook_is_that_of_its_bytes():
    assert edits.fingerprint("x.ipynb", b"{}") != edits.fingerprint("x.ipynb", b"{} ")
    assert edits.fingerprint("x.ipynb", b"\xff") == edits.fingerprint("x.txt", b"\xff")
    content = nbformat.writes(nbformat.v4.new_notebook())
    spread = json.dumps(json.loads(content), indent=7)
    assert edits.fingerprint("x.ipynb", content.encode()) == edits.fingerprint("x.ipynb", spread.encode())
