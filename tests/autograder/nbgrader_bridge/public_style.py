"""Two assignments as courses publish them, which know nothing of us, and what students hand in.

`measurements` is about data in files: a magic, hidden tests, partial credit, a text that a person marks.
`classifier` is a machine learning course's: helpers beside the notebook that are called `utils` and
`public_tests`, pictures, assertions on numpy arrays.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge.others import cell, tested

SECONDS = 20  # that a cell may take: enough for an honest one on a busy machine
LIMITS = f"\nc.BoxedExecute.timeout = {SECONDS}\nc.Execute.timeout = {SECONDS}\n"
ENDLESS = "while True: pass"
STARTS_A_PROGRAM = "shell"
"""A student whose answer a kernel runs, and the sandbox does not."""


def _given(grade_id: str, source: str) -> NotebookNode:
    """Make a cell that students read and run."""
    return cell(grade_id, source, locked=True)


def _task(grade_id: str, head: str, answer: str, after: str = "") -> NotebookNode:
    """Make a cell with a stub; its solution is left out of the release."""
    lines = "\n".join(f"    {line}" for line in answer.splitlines())
    source = f"{head}\n    ### BEGIN SOLUTION\n{lines}\n    ### END SOLUTION{after}"
    return cell(grade_id, source, solution=True)


def _hidden(source: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{source}\n### END HIDDEN TESTS"


@dataclass(frozen=True)
class Published:
    """An assignment, and the class that has worked on it."""

    name: str
    cells: tuple[NotebookNode, ...]
    files: Mapping[str, str]
    """What lies beside the notebook."""
    students: Mapping[str, Mapping[str, str]]
    """By student, what was written into which cell; all other cells are as released."""
    by_hand: tuple[str, ...] = ()
    """Cells that a person marks."""


MEASUREMENTS_RIGHT = {
    "load": "def load(path):\n    return np.genfromtxt(path, delimiter=',', skip_header=1)",
    "clean": "def clean(table):\n    return table[~np.isnan(table).any(axis=1)]",
    "averages": "def averages(table):\n"
    "    return {int(s): float(table[table[:, 0] == s, 1].mean()) for s in np.unique(table[:, 0])}",
    "why": "The median, since one broken sensor moves the mean as far as it likes.",
}
MEASUREMENTS = Published(
    "measurements",
    (
        cell(
            "title",
            "# Cleaning measurements\n\nThe data lie in `data/stations.csv`.",
            "markdown",
            locked=True,
        ),
        _given(
            "setup", "%matplotlib inline\nimport os\nimport numpy as np\nprint(sorted(os.listdir('data')))"
        ),
        _given(
            "look", "%%time\nwith open('data/stations.csv') as file:\n    header = file.readline().split(',')"
        ),
        _task("load", "def load(path):", MEASUREMENTS_RIGHT["load"].splitlines()[1].strip()),
        tested(
            "load-shape", 1, "table = load('data/stations.csv')\nassert table.shape == (7, 2), table.shape"
        ),
        _task("clean", "def clean(table):", MEASUREMENTS_RIGHT["clean"].splitlines()[1].strip()),
        tested(
            "clean-rows",
            2,
            "assert len(clean(load('data/stations.csv'))) == 6\n"
            + _hidden(
                "assert len(clean(np.full((2, 2), np.nan))) == 0, 'rows without a number are kept'\n"
                "np.testing.assert_array_equal(clean(np.eye(2)), np.eye(2))"
            ),
        ),
        _task("averages", "def averages(table):", MEASUREMENTS_RIGHT["averages"].splitlines()[1].strip()),
        tested(
            "averages-partial",
            3,
            "tables = [np.array([[1.0, 2], [1, 4]]), np.array([[2.0, 1], [3, 5]]), np.array([[7.0, -1]])]\n"
            "wanted = [{1: 3.0}, {2: 1.0, 3: 5.0}, {7: -1.0}]\n"
            "points = 0.0\n"
            "for table, expected in zip(tables, wanted):\n"
            "    try:\n        points += averages(table) == expected\n"
            "    except Exception as error:\n        print(type(error).__name__)\n"
            "points",
        ),
        cell(
            "why", "Mean or median, and why? *Write here.*", "markdown", grade=True, solution=True, points=2
        ),
    ),
    {"data/stations.csv": "station,degrees\n1,12.5\n1,13\n2,9\n2,\n3,11\n3,11.5\n3,10\n"},
    {
        "right": MEASUREMENTS_RIGHT,
        "partly": MEASUREMENTS_RIGHT
        | {"averages": "def averages(table):\n    return {int(table[0, 0]): float(table[:, 1].mean())}"},
        "wrong": {
            "load": "def load(path):\n    return np.loadtxt(path, skiprows=1, delimiter=',', usecols=0)",
            "clean": "def clean(table):\n    return np.nan_to_num(table)",
            "averages": "def averages(table):\n    return {}",
            "why": "The mean.",
        },
        "empty": {},
        "raises": MEASUREMENTS_RIGHT | {"clean": "def clean(table):\n    return table[undefined]"},
        "syntax": MEASUREMENTS_RIGHT | {"load": "def load(path)\n    return 1"},
        "endless": MEASUREMENTS_RIGHT | {"clean": ENDLESS},
        STARTS_A_PROGRAM: MEASUREMENTS_RIGHT
        | {
            "load": "rows = !tail -n +2 data/stations.csv\n"
            "def load(path):\n"
            "    return np.array([[float(x or 'nan') for x in row.split(',')] for row in rows])"
        },
        "warns": MEASUREMENTS_RIGHT
        | {"clean": "import warnings\ndef clean(table):\n    warnings.warn('slow')\n    return table"},
        "writes": MEASUREMENTS_RIGHT
        | {
            "load": "%%writefile reading.py\nimport numpy as np\n"
            "def load(path): return np.genfromtxt(path, delimiter=',', skip_header=1)",
            "clean": "from reading import load\n"
            "def clean(table):\n    return np.array([row for row in table if row[1] == row[1]])",
        },
    },
    ("why",),
)

CLASSIFIER_RIGHT = {
    "sigmoid": "def sigmoid(z):\n    return 1/(1 + np.exp(-z))",
    "cost": "def cost(w, X, y):\n    p = sigmoid(X @ w)\n"
    "    return float(-np.mean(y*np.log(p) + (1 - y)*np.log(1 - p)))",
    "gradient": "def gradient(w, X, y):\n    return X.T @ (sigmoid(X @ w) - y)/len(y)",
    "train": "def train(X, y, rate, steps):\n    w = np.zeros(X.shape[1])\n"
    "    for _ in range(steps):\n        w = w - rate*gradient(w, X, y)\n    return w",
}


def _body(name: str) -> str:
    return "\n".join(line[4:] for line in CLASSIFIER_RIGHT[name].splitlines()[1:])


def _stub(name: str) -> NotebookNode:
    return _task(name, CLASSIFIER_RIGHT[name].splitlines()[0], _body(name))


CLASSIFIER = Published(
    "classifier",
    (
        _given(
            "imports",
            "import numpy as np\nimport matplotlib.pyplot as plt\nfrom utils import *\nimport public_tests\n"
            "%load_ext autoreload\n%autoreload 2\nplt.rcParams['figure.figsize'] = (3, 2)",
        ),
        _given("data", "X, y = load_data('exams.txt')\nprint('X:', X.shape, 'y:', y.shape)"),
        _given("look", "plt.scatter(X[:, 1], X[:, 2], c=y)\nplt.title('exams')\nplt.show()"),
        _stub("sigmoid"),
        tested(
            "sigmoid-values",
            1,
            "public_tests.sigmoid_test(sigmoid)\n"
            + _hidden("assert np.allclose(sigmoid(np.array([-1.0, 1.0])).sum(), 1)"),
        ),
        _stub("cost"),
        tested("cost-value", 2, "assert abs(cost(np.zeros(3), X, y) - np.log(2)) < 1e-9"),
        _stub("gradient"),
        tested(
            "gradient-value",
            3,
            "np.random.seed(1)\nw, step = np.random.randn(3)/10, 1e-5\n"
            "numeric = [(cost(w + step*e, X, y) - cost(w - step*e, X, y))/(2*step) for e in np.eye(3)]\n"
            "np.testing.assert_allclose(gradient(w, X, y), numeric, rtol=1e-4, atol=1e-6)",
        ),
        _stub("train"),
        tested(
            "train-accuracy",
            4,
            "w = train(X, y, 0.1, 300)\nfig, ax = plt.subplots()\nax.plot(w, 'o')\n"
            "right = float(np.mean((X @ w > 0) == y))\nprint(f'right: {right:.2f}')\n"
            "4.0 if right > 0.9 else 2.0 if right > 0.7 else 0.0",
        ),
    ),
    {
        "exams.txt": "\n".join(
            f"{a / 4:.2f},{b / 4:.2f},{int(a + b > 0)}" for a in range(-4, 5) for b in range(-4, 5) if a + b
        ),
        "utils.py": "import numpy as np\n\n\ndef load_data(name):\n"
        "    table = np.loadtxt(name, delimiter=',')\n"
        "    return np.column_stack([np.ones(len(table)), table[:, :2]]), table[:, 2]\n",
        "public_tests.py": "import numpy as np\n\n\ndef sigmoid_test(target):\n"
        "    assert np.isclose(target(0.0), 0.5), target(0.0)\n"
        "    assert target(np.zeros((2, 3))).shape == (2, 3)\n    print('All tests passed!')\n",
    },
    {
        "right": CLASSIFIER_RIGHT,
        "wrong": CLASSIFIER_RIGHT
        | {"gradient": "def gradient(w, X, y):\n    return X.T @ (y - sigmoid(X @ w))"},
        "partly": CLASSIFIER_RIGHT
        | {"train": "def train(X, y, rate, steps):\n    return np.array([0.0, 1.0, 0.05])"},
        "empty": {},
        "raises": CLASSIFIER_RIGHT | {"cost": "def cost(w, X, y):\n    raise ValueError('no')"},
        "endless": CLASSIFIER_RIGHT | {"train": f"def train(X, y, rate, steps):\n    {ENDLESS}"},
        "scalar": CLASSIFIER_RIGHT
        | {"sigmoid": "import math\ndef sigmoid(z):\n    return 1/(1 + math.exp(-z))"},
        "exits": CLASSIFIER_RIGHT | {"gradient": CLASSIFIER_RIGHT["gradient"] + "\nraise SystemExit(0)"},
        "draws": CLASSIFIER_RIGHT
        | {"train": CLASSIFIER_RIGHT["train"] + "\nplt.plot([1, 2])\nplt.savefig('own.png')\nplt.show()"},
    },
)
PUBLISHED = {one.name: one for one in (MEASUREMENTS, CLASSIFIER)}


def build(folder: Path, published: Published) -> None:
    """Make a course with this one assignment, released by nbgrader; the whole class has handed in."""
    course.prepare(folder)
    with (folder / course.CONFIG).open("a", encoding="utf-8") as config:
        config.write(LIMITS)
    source = folder / "source" / published.name
    _write(source, published, list(published.cells))
    course.generate_assignment(folder, published.name)
    release = folder / "release" / published.name
    for student in published.students:
        hand_in(folder, release, published, student)


def hand_in(folder: Path, release: Path, published: Published, student: str) -> None:
    """Put a student's submission where nbgrader's `collect` would have put it."""
    notebook = nbformat.read(release / f"{published.name}.ipynb", as_version=4)
    written = published.students[student]
    for each in notebook.cells:
        each.source = written.get(each.metadata.nbgrader.grade_id, each.source)
    _write(folder / "submitted" / student / published.name, published, notebook.cells)


def _write(folder: Path, published: Published, cells: list[NotebookNode]) -> None:
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    for name, text in published.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    nbformat.write(notebook, folder / f"{published.name}.ipynb")
