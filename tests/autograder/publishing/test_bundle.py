"""A student's bundle runs where nothing of ours is installed, and gives nothing away."""

import ast
import base64
import bz2
import io
import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import nbclient
import nbformat
import pytest
import yaml
from typer.testing import CliRunner

from autograder import assignments, cli, student_material
from autograder.publishing import bundle
from samples import samples
from tests.autograder.publishing.test_build import PRACTISED, SHOWN, printed, solution_lines, squeezed
from tests.tables import first_every_day

ROOT = Path(bundle.__file__).parents[2]
FIRST = assignments.load("01-error-backpropagation")
RELEASED = ROOT / "notebooks" / f"{FIRST.name}.ipynb"
RIGHT = {  # an answer to each, by its number, and what its notebook prints then
    "01": ("matrix_products", "1.54228215233"),
    "02": ("vandermonde", "reached in 2000 steps:   11.197"),
    "03": ("one_hot", "at the end: err 0.052   99.1% read right, of the seen digits"),
    "04": ("tables", "200 of 200 on the right side"),
    "05": ("one_expression", "one digit at a time, with those that were kept: 81.0% read right"),
    "08": ("matrix_products", "at the end: right 100.0% of what it practised"),
}

# A kernel that sees what pip installed, but neither the repository nor what .pth files lead to.
KERNEL = """
import sys
sys.path.append({packages!r})
from ipykernel.kernelapp import launch_new_instance
launch_new_instance()
"""
TELLS_NOTHING = r"return\w*|.{1,8}"  # lines that stand in many a program
WHERE = "import importlib.util; print(utils.__file__, importlib.util.find_spec('autograder'))"


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The zips, written by the command."""
    folder = tmp_path_factory.mktemp("bundle")
    result = CliRunner().invoke(cli.app, ["bundle", "--to", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Run a notebook in its folder, by a kernel that cannot find the repository; give its cells of code."""
    packages = str(Path(nbclient.__file__).parents[1])
    spec = tmp_path / "jupyter" / "kernels" / "elsewhere" / "kernel.json"
    spec.parent.mkdir(parents=True)
    code = KERNEL.format(packages=packages)
    argv = [sys.executable, "-E", "-s", "-S", "-c", code, "-f", "{connection_file}"]
    spec.write_text(json.dumps({"argv": argv, "display_name": "elsewhere", "language": "python"}))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)

    def run(notebook, folder):
        notebook.cells.append(nbformat.v4.new_code_cell(WHERE))
        where = {"metadata": {"path": str(folder)}}
        nbclient.NotebookClient(notebook, timeout=120, kernel_name="elsewhere", resources=where).execute()
        codes = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
        assert all(cell.execution_count for cell in codes)
        said = [output for cell in codes for output in cell.outputs if output.get("name") == "stderr"]
        assert said == []
        assert printed(codes[-1]) == f"{folder / 'utils' / '__init__.py'} None\n"
        return codes

    return run


@pytest.fixture
def files(written, name):
    """A bundle's files, by their paths below its one folder."""
    with zipfile.ZipFile(written / f"{name}.zip") as archive:
        assert archive.testzip() is None
        assert all(path.startswith(f"{name}/") for path in archive.namelist())
        return {path.removeprefix(f"{name}/"): archive.read(path) for path in archive.namelist()}


def notebook(files, path):
    return nbformat.reads(files[path].decode(), as_version=4)


def carried(files, name):
    """What the notebook for Colab carries in itself."""
    (cell,) = [cell for cell in notebook(files, f"colab/{name}.ipynb").cells if cell.id == "unpack"]
    packed = re.search(r'PACKED = "(.*)"', cell.source)[1]
    with zipfile.ZipFile(io.BytesIO(bz2.decompress(base64.b64decode(packed)))) as archive:
        return {path: archive.read(path) for path in archive.namelist()}


def everything(files, name):
    """Every file of a bundle, also those inside its notebook for Colab, and every cell of a notebook."""
    result = dict(files) | {f"colab//{path}": content for path, content in carried(files, name).items()}
    for path in [path for path in files if path.endswith(".ipynb")]:
        for number, cell in enumerate(notebook(files, path).cells):
            result[f"{path}/{number}"] = cell.source.encode()
    return result


every_assignment = pytest.mark.parametrize("name", list(assignments.folders()))


@every_assignment
def test_a_bundle_holds_the_released_notebook_and_the_folders_beside_it(files, name):
    assert files[f"{name}.ipynb"] == (ROOT / "notebooks" / f"{name}.ipynb").read_bytes()
    listed = subprocess.check_output(["git", "ls-files", "-z", "utils", "files"], cwd=ROOT, text=True)
    shared = {path: content for path, content in files.items() if path.startswith(("utils/", "files/"))}
    assert {path for path in listed.split("\0") if path} <= set(shared)
    assert all(content == (ROOT / path).read_bytes() for path, content in shared.items())
    around = {"README.md", "LICENSE", "requirements.txt", "environment.yml"}
    assert set(files) - set(shared) == around | {f"{name}.ipynb", f"colab/{name}.ipynb"}


@every_assignment
def test_a_bundle_gives_nothing_away(files, name):
    lines = {line for line in solution_lines() if not re.fullmatch(TELLS_NOTHING, line)} - SHOWN
    assert len(lines) > 20
    for path, content in everything(files, name).items():
        text = content.decode("utf-8", errors="replace")
        assert "autograder" not in f"{path}\n{text}".lower()
        assert not re.search(r"(BEGIN|END) (SOLUTION|HIDDEN)", text)
        together = squeezed(text)
        assert [line for line in lines if line in together] == [], path


@pytest.mark.thorough  # a kernel runs the whole notebook
@pytest.mark.parametrize("name", first_every_day(assignments.folders()))
def test_unpacked_anywhere_the_notebook_runs_as_it_came(written, name, elsewhere, tmp_path):
    """Every task says that it is not written yet, where it is checked and where its answer is used."""
    zipfile.ZipFile(written / f"{name}.zip").extractall(tmp_path)
    came = nbformat.read(tmp_path / name / f"{name}.ipynb", as_version=4)
    codes = elsewhere(came, tmp_path / name)
    for exercise in assignments.load(name).exercises:
        said = f"{exercise.name} is not written yet"
        assert said in printed(*(cell for cell in codes if f'utils.ready("{exercise.name}")' in cell.source))
        assert any(said in printed(cell) for cell in codes if "utils.attempt(" in cell.source)
    for task in PRACTISED.get(name, []):
        assert f"{task} is not written yet" in printed(*codes)


@pytest.mark.thorough  # a kernel runs the whole notebook
@pytest.mark.parametrize("name", first_every_day(assignments.folders()))
def test_the_notebook_for_colab_runs_all_by_itself_and_can_be_handed_in(files, name, elsewhere, tmp_path):
    path, alone = tmp_path / f"{name}.ipynb", tmp_path / "alone"
    alone.mkdir()
    path.write_bytes(files[f"colab/{name}.ipynb"])
    sample, expected = RIGHT[name[:2]]
    solved = samples(name)[sample].notebook(path)
    nbformat.write(solved, path)
    codes = elsewhere(solved, alone)
    text = printed(*codes)
    assert [e.name for e in assignments.load(name).exercises if f"{e.name} is not written yet" in text] == []
    assert expected in text
    assert {path.name for path in alone.iterdir()} >= {"utils", "files"}

    result = CliRunner().invoke(cli.app, ["check", "--json", str(path)])
    (marked,) = json.loads(result.stdout)
    assert (marked["score"], marked["max_score"]) == (30, 30)


@every_assignment
def test_the_notebook_for_colab_is_the_same_but_for_its_pictures_and_the_cell_that_unpacks(files, name):
    released, alone = notebook(files, f"{name}.ipynb"), notebook(files, f"colab/{name}.ipynb")
    title, note, unpack, *rest = alone.cells
    assert (note.id, unpack.id) == ("carried", "unpack")
    for cell, other in zip(released.cells, [title, *rest], strict=True):
        attached = cell.pop("attachments", {})
        for picture in attached:
            assert f"(attachment:{picture})" in cell.source
            content = attached[picture]["image/png"]
            assert base64.b64decode(content) == files[f"files/{picture}"]
            cell.source = cell.source.replace(f"attachment:{picture}", f"data:image/png;base64,{content}")
        assert other == cell
    assert "(attachment:" not in "".join(cell.source for cell in alone.cells)
    shared = {path for path in files if path.startswith(("utils/", "files/"))}
    assert set(carried(files, name)) == {path for path in shared if not path.endswith((".png", ".svg"))}


@every_assignment
def test_what_is_imported_is_in_the_standard_library_or_asked_for(files, name):
    cells = [cell.source for cell in notebook(files, f"colab/{name}.ipynb").cells if cell.cell_type == "code"]
    programs = [content.decode() for path, content in files.items() if path.endswith(".py")] + cells
    nodes = [node for program in programs for node in ast.walk(ast.parse(program))]
    named = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    named |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    asked = floors(requirements(files))
    known = {"utils", *sys.stdlib_module_names, *asked}
    assert {"utils", "numpy", "torch"} <= {module.split(".")[0] for module in named} <= known


def requirements(files):
    """What pip is asked for; torch is looked for where it comes without CUDA, too."""
    first, *asked = files["requirements.txt"].decode().splitlines()
    (index,) = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["index"]
    assert first == f"--extra-index-url {index['url']}"
    return asked


def floors(lines):
    return dict(re.fullmatch(r"([\w-]+) ?(>=[\d.]+)", line).groups() for line in lines)


@every_assignment
def test_pip_and_conda_are_asked_for_the_same_with_the_projects_own_floors(files, name):
    asked = requirements(files)
    assert set(asked) <= set(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"])
    environment = yaml.safe_load(files["environment.yml"])
    assert (environment["name"], environment["channels"]) == (name, ["conda-forge"])
    python, *others = environment["dependencies"]
    assert re.fullmatch(r"python =\d\.\d+", python), "Binder reads this form alone"
    listed = yaml.safe_load((ROOT / "environment.yml").read_text())["dependencies"]
    assert set(others) <= {item for item in listed if isinstance(item, str)}
    assert list(floors(others).values()) == list(floors(asked).values())
    assert len(others) == len(asked)


def test_binder_opens_the_repository_too(tmp_path):
    assert (ROOT / ".binder/environment.yml").read_text() == bundle.environment("backpropagation")
    packages = str(Path(nbclient.__file__).parents[1])  # where numpy is, without the repository
    code = f"import sys; sys.path.append({packages!r}); import os, utils; "
    code += "print(utils.__file__, os.environ['PYTHONPATH'])"
    environment = {"REPO_DIR": str(ROOT), "PYTHONPATH": "/elsewhere", "PATH": os.environ["PATH"]}
    command = [ROOT / ".binder/start", sys.executable, "-S", "-c", code]
    printed = subprocess.check_output(command, cwd=tmp_path, env=environment, text=True)
    assert printed == f"{ROOT}/utils/__init__.py {ROOT}:/elsewhere\n"


def test_the_same_contents_give_the_same_bytes(tmp_path, monkeypatch):
    content = bundle.write(FIRST, RELEASED, tmp_path).read_bytes()
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    result = dict(reversed(bundle.contents(FIRST, RELEASED).items()))
    assert bundle.as_zip(result) == content
    for entry in zipfile.ZipFile(io.BytesIO(content)).infolist():
        assert entry.date_time == (1980, 1, 1, 0, 0, 0)
        assert entry.compress_type == zipfile.ZIP_STORED  # no zlib, so no version of it


@every_assignment
def test_no_link_leads_to_a_file_that_is_not_there(files, name):
    for path in (f"{name}.ipynb", f"colab/{name}.ipynb"):
        text = "\n".join(c.source for c in notebook(files, path).cells if c.cell_type == "markdown")
        links = re.findall(r"\]\(([^)#\s]+)", text)
        near = [link for link in links if not re.match(r"https?:|mailto:|attachment:|data:", link)]
        assert [link for link in near if str(Path(path).parent / link) not in files] == [], path


@pytest.mark.parametrize("fails", [(os, "fsync"), (Path, "replace")], ids=["fsync", "replace"])
def test_a_bundle_is_written_whole_or_not_at_all(tmp_path, monkeypatch, fails):
    before = tmp_path / f"{FIRST.name}.zip"
    before.write_bytes(b"the one before")

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(*fails, full)
    with pytest.raises(OSError, match="No space left"):
        bundle.write(FIRST, RELEASED, tmp_path)
    assert list(tmp_path.iterdir()) == [before]
    assert before.read_bytes() == b"the one before"


def test_hidden_and_compiled_files_stay_at_home(tmp_path, monkeypatch):
    checks = f"files/checks/{FIRST.name}.npz"
    carried = {"utils/__init__.py", "files/a.npz", checks}
    for path in (*carried, "LICENSE", "utils/.notes", "utils/__pycache__/x.pyc", "files/.cache/x"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes((ROOT / path).read_bytes() if path in ("LICENSE", checks) else b"")
    monkeypatch.setattr(student_material, "FOLDER", tmp_path)
    paths = bundle.contents(FIRST, RELEASED)
    assert {path.partition("/")[2] for path in paths if "/utils/" in path or "/files/" in path} == carried


@every_assignment
def test_the_readme_names_only_files_that_are_there(files, name):
    text = files["README.md"].decode()
    named = {path.rpartition("/")[2] for path in re.findall(r"[\w./-]+\.(?:ipynb|txt|yml)", text)}
    assert named == {f"{name}.ipynb", "requirements.txt", "environment.yml"}
    assert f"`colab/{name}.ipynb`" in text
    assert text.startswith(f"# {assignments.load(name).title}\n")
    assert "{" not in text


def test_a_folder_that_cannot_be_made_is_reported_in_a_sentence(tmp_path):
    (tmp_path / "taken").write_text("a file")
    result = CliRunner().invoke(cli.app, ["bundle", "--to", str(tmp_path / "taken" / "bundle")])
    assert result.exit_code == 1
    assert "taken" in result.output
    assert "Traceback" not in result.output
