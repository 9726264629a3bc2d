"""Write a student's bundle: one zip per assignment, with everything that its notebook needs.

    NAME/NAME.ipynb, utils/, files/   as they are released
    NAME/README.md, LICENSE
    NAME/requirements.txt             for pip
    NAME/environment.yml              for conda and Binder
    NAME/colab/NAME.ipynb             the same notebook in one file, for Colab

Nothing of the grader is in it.
"""

from __future__ import annotations

import base64
import bz2
import io
import os
import re
import zipfile
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder import student_material
from autograder.exercise import Assignment
from autograder.publishing.build import own_files
from autograder.self_check import file as checks

COURSE = "backpropagation-course"  # as it is installed
ATTACHMENT = re.compile(r"\(attachment:([^)]+)\)")

# Which of the course's requirements a student's notebook needs, with conda-forge's names for them.
NEEDS = {
    "numpy": "numpy",
    "torch": "pytorch-cpu",
    "jupyterlab": "jupyterlab",
    "matplotlib": "matplotlib-base",
}
CPU = "https://download.pytorch.org/whl/cpu"  # torch without the gigabytes of CUDA that pip's own brings
PYTHON = "3.12"  # Binder wants one version by name, and its default may be older than we need

ENVIRONMENT = """\
# For conda (`conda env create --file environment.yml`) and for Binder, which looks for this file.
name: {name}
channels:
  - conda-forge
dependencies:
"""

README = """\
# {title}

A notebook with exercises. It needs the folders `utils` and `files` beside it, and Python {python} or later.

## On your own computer

With Python alone:

```console
python -m venv .venv
.venv/bin/python -m pip install --requirement requirements.txt
.venv/bin/jupyter lab {name}.ipynb
```

(On Windows: `.venv\\Scripts\\python` and `.venv\\Scripts\\jupyter`.) With conda:

```console
conda env create --file environment.yml
conda activate {name}
jupyter lab {name}.ipynb
```

In VS Code, open this folder, then the notebook, and choose the environment made above as its kernel.

## In Google Colab

Choose *File*, *Upload notebook*, and upload `colab/{name}.ipynb`: that copy
contains `utils` and `files`. Run its first cell before the others. If this folder is in a public
repository on GitHub, this address also opens the copy:

    https://colab.research.google.com/github/OWNER/REPOSITORY/blob/BRANCH/colab/{name}.ipynb

To hand in, choose *File*, *Download*, *Download .ipynb*.

## In Binder

Put the contents of this folder into a public repository. On mybinder.org, enter the repository's address, and
`{name}.ipynb` as the file to open. Binder keeps nothing: download your notebook before you leave.
"""

CARRIED = """\
This copy of the notebook contains the folders `utils` and `files`, for places where a notebook has no \
folder of its own, such as Colab. Run the next cell first, and again in every new session.\
"""

# Where our `utils` is there already, as where notebooks are marked, that one is used and nothing is written.
UNPACK = """\
#@title Run this cell first: it puts the folders `utils` and `files` beside this notebook
import base64, bz2, importlib, io, sys, zipfile
PACKED = "{packed}"
try:
    import utils
    utils.getdata
except (ImportError, AttributeError):  # none, or another of that name
    zipfile.ZipFile(io.BytesIO(bz2.decompress(base64.b64decode(PACKED)))).extractall()
    importlib.invalidate_caches()
    sys.modules.pop("utils", None)
"""


def write(assignment: Assignment, notebook: Path, folder: Path) -> Path:
    """Write an assignment's bundle, whole or not at all, replacing an older one.

    Parameters
    ----------
    assignment : whose bundle it is.
    notebook : the released notebook: no solutions, no hidden tests.
    folder : where the zip goes; created if necessary.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{assignment.name}.zip"
    packed = as_zip(contents(assignment, notebook))
    partial = folder / f".{path.name}.part"
    try:
        with partial.open("wb") as file:
            file.write(packed)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path


def contents(assignment: Assignment, notebook: Path) -> dict[str, bytes]:
    """Gather the bundle's files, by their paths in the zip."""
    name, shared = assignment.name, student_material.beside_a_notebook() | own_files(assignment)
    if checks.name_of(assignment) not in shared:  # somebody's own assignment
        shared[checks.name_of(assignment)] = checks.made(assignment)
    carrying = in_one_file(nbformat.read(notebook, as_version=4), shared)
    files = {
        f"{name}.ipynb": notebook.read_bytes(),
        f"colab/{name}.ipynb": (nbformat.writes(carrying) + "\n").encode(),
        "README.md": _readme(assignment).encode(),
        "LICENSE": student_material.licence(),
        "requirements.txt": requirements().encode(),
        "environment.yml": environment(name).encode(),
        **shared,
    }
    return {f"{name}/{path}": content for path, content in files.items()}


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Pack files so that the same contents give the same bytes, whenever and wherever.

    They are sorted, have the same date, and are not compressed, because zlib's output differs between
    machines.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_STORED
            entry.create_system = 3  # Unix, also where it is made on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def in_one_file(notebook: NotebookNode, files: Mapping[str, bytes]) -> NotebookNode:
    """Return a notebook that needs no other file: pictures in its text, `files` in its first code cell.

    Colab does not show attachments of cells, but it shows pictures embedded in the text.
    """
    needed = {path: content for path, content in files.items() if not path.endswith((".png", ".svg"))}
    packed = base64.b64encode(bz2.compress(as_zip(needed))).decode()
    for cell in notebook.cells:
        attached = cell.pop("attachments", {})
        for name in ATTACHMENT.findall(cell.source):
            ((kind, content),) = attached[name].items()
            cell.source = cell.source.replace(f"(attachment:{name})", f"(data:{kind};base64,{content})")
    carried = nbformat.v4.new_markdown_cell(CARRIED, id="carried")
    unpack = nbformat.v4.new_code_cell(UNPACK.format(packed=packed).rstrip(), id="unpack")
    unpack.metadata.update(cellView="form", jupyter={"source_hidden": True})  # Colab's word and JupyterLab's
    notebook.cells[1:1] = [carried, unpack]  # below the title
    nbformat.validate(notebook)
    return notebook


def requirements() -> str:
    """Write what the notebook needs, as pip reads it, with the course's own floors."""
    return f"--extra-index-url {CPU}\n" + "".join(f"{name}{floor}\n" for name, floor in _floors().items())


def environment(name: str) -> str:
    """Write what the notebook needs, as conda and Binder read it."""
    floors = "".join(f"  - {NEEDS[package]} {floor}\n" for package, floor in _floors().items())
    return ENVIRONMENT.format(name=name) + f"  - python ={PYTHON}\n" + floors


def _readme(assignment: Assignment) -> str:
    python = metadata.metadata(COURSE)["Requires-Python"].removeprefix(">=")
    return README.format(title=assignment.title, name=assignment.name, python=python)


def _floors() -> dict[str, str]:
    split = (re.fullmatch(r"([\w.-]+)(>=.*)", requirement) for requirement in metadata.requires(COURSE) or ())
    floors = {result[1]: result[2] for result in split if result}
    return {name: floors[name] for name in NEEDS}
