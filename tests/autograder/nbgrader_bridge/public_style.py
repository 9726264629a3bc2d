"""Two assignments as courses publish them, which know nothing of us, and what students hand in.

`measurements` is about data in files: a magic, hidden tests, partial credit, a text that a person marks.
`classifier` is a machine learning course's: helpers beside the notebook that are called `utils` and
`public_tests`, pictures, assertions on numpy arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.nbgrader_bridge.course import course_folder as course
from tests.autograder.nbgrader_bridge import classes
from tests.autograder.nbgrader_bridge.others import cell, hidden, tested, write

SECONDS = 20  # that a cell may take: enough for an honest one on a busy machine
ENDLESS = "while True: pass"
STARTS_A_PROGRAM = "shell"
"""A student whose answer a kernel runs, and the sandbox does not."""


def _given(grade_id: str, source: str) -> NotebookNode:
    """Make a cell that students read and run."""
    return cell(grade_id, source, locked=True)


def _task(grade_id: str, right: str) -> NotebookNode:
    """Make a cell with a stub: the right answer, whose lines below the first are left out of the release."""
    head, *lines = right.splitlines()
    source = [head, "    ### BEGIN SOLUTION", *lines, "    ### END SOLUTION"]
    return cell(grade_id, "\n".join(source), solution=True)


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


def _right_but(right: Mapping[str, str], **students: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    """By student, the right answers but for these."""
    return {student: {**right, **changed} for student, changed in students.items()}


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
        cell("title", "# Cleaning\n\nThe data lie in `data/stations.csv`.", "markdown", locked=True),
        _given("setup", "%matplotlib inline\nimport os, numpy as np\nprint(sorted(os.listdir('data')))"),
        _given("look", "%%time\nwith open('data/stations.csv') as file:\n    header = file.readline()"),
        _task("load", MEASUREMENTS_RIGHT["load"]),
        tested("load-shape", 1, "assert load('data/stations.csv').shape == (7, 2)"),
        _task("clean", MEASUREMENTS_RIGHT["clean"]),
        tested(
            "clean-rows",
            2,
            "assert len(clean(load('data/stations.csv'))) == 6\n"
            + hidden(
                "assert len(clean(np.full((2, 2), np.nan))) == 0, 'rows without a number are kept'\n"
                "np.testing.assert_array_equal(clean(np.eye(2)), np.eye(2))"
            ),
        ),
        _task("averages", MEASUREMENTS_RIGHT["averages"]),
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
        cell("why", "Mean or median? *Write here.*", "markdown", grade=True, solution=True, points=2),
    ),
    {"data/stations.csv": "station,degrees\n1,12.5\n1,13\n2,9\n2,\n3,11\n3,11.5\n3,10\n"},
    {
        "right": MEASUREMENTS_RIGHT,
        "empty": {},
        "wrong": {
            "load": "def load(path):\n    return np.loadtxt(path, skiprows=1, delimiter=',', usecols=0)",
            "clean": "def clean(table):\n    return np.nan_to_num(table)",
            "averages": "def averages(table):\n    return {}",
            "why": "The mean.",
        },
    }
    | _right_but(
        MEASUREMENTS_RIGHT,
        partly={"averages": "def averages(table):\n    return {int(table[0, 0]): float(table[:, 1].mean())}"},
        raises={"clean": "def clean(table):\n    return table[undefined]"},
        syntax={"load": "def load(path)\n    return 1"},
        endless={"clean": ENDLESS},
        shell={
            "load": "rows = !tail -n +2 data/stations.csv\ndef load(path):\n"
            "    return np.array([[float(x or 'nan') for x in row.split(',')] for row in rows])"
        },
        warns={"clean": "import warnings\ndef clean(table):\n    warnings.warn('slow')\n    return table"},
        writes={
            "load": "%%writefile reading.py\nimport numpy as np\n"
            "def load(path): return np.genfromtxt(path, delimiter=',', skip_header=1)",
            "clean": "from reading import load\n"
            "def clean(table):\n    return np.array([row for row in table if row[1] == row[1]])",
        },
    ),
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
        _task("sigmoid", CLASSIFIER_RIGHT["sigmoid"]),
        tested(
            "sigmoid-values",
            1,
            "public_tests.sigmoid_test(sigmoid)\n"
            + hidden("assert np.allclose(sigmoid(np.array([-1.0, 1.0])).sum(), 1)"),
        ),
        _task("cost", CLASSIFIER_RIGHT["cost"]),
        tested("cost-value", 2, "assert abs(cost(np.zeros(3), X, y) - np.log(2)) < 1e-9"),
        _task("gradient", CLASSIFIER_RIGHT["gradient"]),
        tested(
            "gradient-value",
            3,
            "np.random.seed(1)\nw, step = np.random.randn(3)/10, 1e-5\n"
            "numeric = [(cost(w + step*e, X, y) - cost(w - step*e, X, y))/(2*step) for e in np.eye(3)]\n"
            "np.testing.assert_allclose(gradient(w, X, y), numeric, rtol=1e-4, atol=1e-6)",
        ),
        _task("train", CLASSIFIER_RIGHT["train"]),
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
    {"right": CLASSIFIER_RIGHT, "empty": {}}
    | _right_but(
        CLASSIFIER_RIGHT,
        wrong={"gradient": "def gradient(w, X, y):\n    return X.T @ (y - sigmoid(X @ w))"},
        partly={"train": "def train(X, y, rate, steps):\n    return np.array([0.0, 1.0, 0.05])"},
        raises={"cost": "def cost(w, X, y):\n    raise ValueError('no')"},
        endless={"train": f"def train(X, y, rate, steps):\n    {ENDLESS}"},
        scalar={"sigmoid": "import math\ndef sigmoid(z):\n    return 1/(1 + math.exp(-z))"},
        exits={"gradient": CLASSIFIER_RIGHT["gradient"] + "\nraise SystemExit(0)"},
        draws={"train": CLASSIFIER_RIGHT["train"] + "\nplt.plot([1, 2])\nplt.savefig('own.png')\nplt.show()"},
    ),
)
PUBLISHED = {one.name: one for one in (MEASUREMENTS, CLASSIFIER)}


def build(folder: Path, published: Published) -> None:
    """Make a course with this one assignment, released by nbgrader; the whole class has handed in."""
    course.prepare(folder)
    classes.configure(folder, f"c.BoxedExecute.timeout = c.Execute.timeout = {SECONDS}")
    _write(folder / "source" / published.name, published, published.cells)
    course.generate_assignment(folder, published.name)
    released = folder / "release" / published.name / f"{published.name}.ipynb"
    for student, written in published.students.items():
        notebook = nbformat.read(released, as_version=4)
        for each in notebook.cells:
            each.source = written.get(each.metadata.nbgrader.grade_id, each.source)
        _write(folder / "submitted" / student / published.name, published, notebook.cells)


def _write(folder: Path, published: Published, cells: Sequence[NotebookNode]) -> None:
    for name, text in published.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    write(folder / f"{published.name}.ipynb", cells)
