"""What an assignment tells about its tasks, so that they can be checked and hinted at without an answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Inputs: TypeAlias = Mapping[str, Any]
"""A task's arguments by name: float64 arrays, lists of them, and plain numbers."""


@dataclass(frozen=True)
class Instance:
    """One small case that a task is tried on."""

    inputs: Inputs
    size: int
    """N, the number of data points."""


@dataclass(frozen=True)
class Part:
    """One array of what a task returns."""

    name: str
    path: tuple[int, ...]
    """Where it stands in what is returned: (0, 3) is the fourth array of the first list."""

    columns: str = ""
    """The input whose sign switches the units along this part's last axis: `Z2` for DW2 and DB2."""

    rows: str = ""
    """The same along its first axis: `Z1` for DW2."""


@dataclass(frozen=True)
class Stage:
    """A quantity on the way, and the parts that are made from it: DZ2, and DW2 and DB2."""

    name: str
    parts: tuple[str, ...]


@dataclass(frozen=True)
class Ladder:
    """Hints for one quantity, each a step nearer than the last, and none of them code."""

    ask: str
    look: str
    formula: str
    shape: str

    def rungs(self) -> tuple[str, ...]:
        """The hints in order."""
        return (self.ask, self.look, self.formula, self.shape)


@dataclass(frozen=True)
class Fault:
    """The first thing that is wrong: where it is, and what its numbers look like."""

    where: str
    signature: str
    """A word of `signatures`, such as `transposed`, or one of the assignment's own."""

    sentence: str
    """What the numbers show, for the student."""


@dataclass(frozen=True)
class Row:
    """One line of the table: a part beside what was measured, where the two differ most."""

    part: str
    shape: str
    right: bool
    word: str
    """`right`, or in a word or two what is wrong."""

    error: float | None = None
    """The largest relative error; None where nothing can be compared."""

    index: tuple[int, ...] = ()
    yours: float | None = None
    true: float | None = None
    size: int = 0
    """N of the case where this error was found."""


@dataclass(frozen=True)
class Examined:
    """What came of trying a task."""

    rows: tuple[Row, ...] = ()
    fault: Fault | None = None
    notes: tuple[str, ...] = ()
    """What else is worth telling, such as an input that was changed."""

    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Variant:
    """A value with one thing done otherwise, told by the first part: where, what, and how it is computed."""

    where: str
    signature: str
    sentence: str
    value: Callable[[Inputs], float]


@dataclass(frozen=True, eq=False)
class Task:
    """A function that students write, and all that is needed to check it and to give hints."""

    assignment: str
    name: str
    parameters: tuple[str, ...]
    form: str
    """What it returns, in words that go on after "should return"."""

    cases: str
    """What it is tried on: `small networks`."""

    instances: Callable[[], Sequence[Instance]]
    truth: Callable[[Inputs], Mapping[str, Array]]
    """The parts as they are measured on an instance."""

    parts: tuple[Part, ...]
    """In backward order: nearest to the output first."""

    stages: tuple[Stage, ...]
    """In the same order."""

    ladders: Mapping[str, Ladder]
    """By the name of a stage or a part, and `start` for who has no fault yet."""

    questions: Mapping[str, str] = field(default_factory=dict)
    """First rungs of this task's own, by signature, in place of the general ones."""

    tensors: bool = False
    """Whether arguments are PyTorch's, in single precision, and the answer is one that it differentiates."""

    leaves: tuple[str, ...] = ()
    """The arguments by which PyTorch differentiates the answer."""

    variants: tuple[Variant, ...] = ()
    by_hand: bool = False
    """Whether PyTorch may not differentiate here."""

    examine: Callable[["Task", Callable[[Inputs], Any]], Any] | None = None
    """How to try it, where that is not: call it on all instances and compare all parts.

    It gets the task and what calls the function, and gives `Examined`, or what the call gave if that stopped.
    """

    @property
    def key(self) -> str:
        """The task's full name: `01-error-backpropagation/exercise1`."""
        return f"{self.assignment}/{self.name}"
