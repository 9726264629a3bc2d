"""Define what an assignment's file says about its exercises, and what is said about an answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Inputs: TypeAlias = Mapping[str, Any]
"""A task's arguments by name: float64 arrays, lists of them, and plain numbers."""
Side: TypeAlias = Sequence[Sequence[str]]
"""A sum of products, each of named arrays."""


@dataclass(frozen=True)
class Instance:
    """One small case that a task is tried on."""

    label: str
    """What distinguishes it from the others: `N = 5`."""
    inputs: Inputs
    true: Mapping[str, Array]
    """By the name of the part."""
    size: int = 1
    """N, the number of data points."""
    dimensions: Mapping[str, int] = field(default_factory=dict)
    """The lengths of other dimensions, by name."""


@dataclass(frozen=True)
class Part:
    """One array of what a task returns."""

    name: str
    path: tuple[int, ...]
    """Its place in what is returned: (0, 3) is the fourth array of the first list."""


@dataclass(frozen=True)
class Stage:
    """A quantity on the way, and the parts that are made from it: DZ2, with DW2 and DB2."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Fault:
    """What is wrong first, by its name: the grader has the same."""

    name: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Unknown:
    """The unknown number in a mistake, and where it may lie."""

    planted: float
    right: float
    least: float
    most: float
    sentences: tuple[str, str]
    """For a positive number and for a negative one."""


@dataclass(frozen=True)
class Known:
    """A known mistake, or several that are made together."""

    faults: tuple[Fault, ...]
    costs: tuple[str, ...]
    """The parts that are made from what is wrong; others follow from it."""
    unknown: Unknown | None = None


@dataclass(frozen=True)
class Law:
    """Two sums that are equal in every right answer, whatever the inputs."""

    left: Side
    right: Side
    sentence: str


@dataclass(frozen=True, eq=False)
class Numbers:
    """What known mistakes make of the parts on the instances: one number for each."""

    probe: Array
    """(L,) the weights with which a part's entries are summed up to one number."""
    projections: Array
    """(K, I, P) for K mistakes, I instances, P parts."""
    shapes: NDArray[np.int16]
    """(K, I, P) numbers of shapes; -1 where there is no array."""
    table: Mapping[tuple[int, ...], int]
    """The numbers of the shapes."""


@dataclass(frozen=True, eq=False)
class Task:
    """A function that students write, and everything needed to check it and to give hints."""

    assignment: str
    name: str
    parameters: tuple[str, ...]
    structure: str
    """What it returns, in words that continue "should return"."""
    parts: tuple[Part, ...]
    """From the output backward."""
    stages: tuple[Stage, ...]
    instances: tuple[Instance, ...]
    known: tuple[Known, ...]
    numbers: Numbers
    sentences: Mapping[str, Mapping[str, str]]
    """`faults`, `shown`, `hints`: by name, with gaps for what is found."""
    formulas: Mapping[str, str]
    laws: tuple[Law, ...] = ()
    tensors: bool = False
    """Whether arguments are PyTorch's, in single precision, and PyTorch differentiates the answer."""
    leaves: tuple[str, ...] = ()
    """The arguments with respect to which PyTorch differentiates the answer."""
    by_hand: bool = False
    """Whether PyTorch may not differentiate here."""
    driver: str = ""
    """`for_each`: the function is called for one item of its arguments after another; `run_graph`: it is a
    class, on which a graph is replayed.
    """

    @property
    def key(self) -> str:
        """Return the task's full name: `01-error-backpropagation/exercise1`."""
        return f"{self.assignment}/{self.name}"

    def fault(self, name: str, where: str, **gaps: object) -> Fault:
        """Name what is found in an answer, with the sentence for it."""
        faults = self.sentences["faults"]
        template = faults[name]
        if where in [part.name for part in self.parts][bool(self.leaves) :]:  # not what is differentiated
            template = faults.get(f"{name}@part", template)
        if where == "answer":
            template = faults.get(f"{name}@answer", template)
            template = template.replace("`{where}`", "The answer").replace("{where}", "the answer")
        return Fault(name, where, filled(template, where=where, **gaps))


@dataclass(frozen=True)
class Row:
    """One line of the table: a part beside the true one, at the entry where they differ most."""

    part: str
    shape: str
    right: bool
    word: str
    """`right`, or in a word or two what is wrong."""
    error: float | None = None
    """The largest relative error; None if nothing can be compared."""
    index: tuple[int, ...] = ()
    yours: float | None = None
    true: float | None = None
    case: str = ""
    """Where this error was found."""


@dataclass(frozen=True)
class Outcome:
    """What came of trying a task."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...] = ()
    """What is wrong first, and what else is wrong at the same place."""
    notes: tuple[str, ...] = ()
    """What else is worth saying, such as an input that was changed."""
    hints: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    """What is said about an answer that is right all the same, and costs nothing."""

    @property
    def right(self) -> bool:
        """Return whether all numbers are right."""
        return all(row.right for row in self.rows)


def filled(template: str, **names: object) -> str:
    """Fill words into a sentence's gaps; other braces stay."""
    for name, value in names.items():
        template = template.replace(f"{{{name}}}", str(value))
    return template


def listed(names: Sequence[str]) -> str:
    """Join names in a sentence: `DB3, DB2 and DB1`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
