"""Define the vocabulary of grading: what an exercise is, what an answer is, what is reported about it.

Everything here is frozen and without input or output, so that each stage of the grader can use it.

    Assignment --has--> Exercise --draws--> Instance --is given to--> the student's function
    the student's function --returns--> Answer (Returned | Failed)
    Answer --is marked--> ExerciseResult (PartResult, Fault) --gathered in--> Report
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from utils.reading import Opaque as Opaque

Array: TypeAlias = NDArray[np.float64]
Whole: TypeAlias = NDArray[np.int64]
"""Class labels, token ids, counts."""
Mask: TypeAlias = NDArray[np.bool_]
Path: TypeAlias = tuple[int, ...]
"""A place in what was returned: (0, 2) is the third array of the first list."""


Value: TypeAlias = (
    "Array | Whole | Mask | bool | int | float | str | list[Value] | tuple[Value, ...] | Opaque"
)
"""What a function is given: arrays, plain numbers, strings, lists and tuples of them.

What it returns is read as float64 arrays and lists, whatever it was.
"""


VARIANTS = 256
"""How many sets of hidden instances an exercise has in a course. Their seeds have the same
`seed // VARIANTS`, by which they may share instances.
"""
SHARED = 1024
"""How many instances are cached because several variants share them: for three exercises, five sizes each."""

CLASS_DRIVERS = frozenset({"run_graph"})


@dataclass(frozen=True)
class Convention:
    """Say how a student's function or class is called, and how its answer is read."""

    tensors: bool = False
    """Pass arrays as torch tensors instead of numpy arrays; float64 ones in single precision."""
    by_hand: bool = False
    """Automatic differentiation is not allowed."""
    leaves: tuple[str, ...] = ()
    """Arguments given as `torch.nn.Parameter`; the returned scalar is differentiated with respect to each."""
    driver: str = ""
    """The driver that makes the call (`calling.drivers`); with leaves `differentiate`, else `call`."""
    state: tuple[str, ...] = ()
    """For `iterate`: arguments that are replaced by what is returned, from one step to the next."""
    steps: str = ""
    """For `iterate`: the input that says how many steps there are; the function does not get it."""

    @property
    def driven_by(self) -> str:
        """Return the name of the driver."""
        return self.driver or ("differentiate" if self.leaves else "call")

    @property
    def of_class(self) -> bool:
        """Return whether a class is asked for, not a function."""
        return self.driver in CLASS_DRIVERS


@dataclass(frozen=True, eq=False)
class Instance:
    """Hold one set of inputs for a student's function; it equals only itself, whatever its numbers."""

    inputs: Mapping[str, Value]
    """By parameter name, in the order of the signature."""
    description: str
    """For the student, as in `wrong on <description>`; reveals no hidden number."""
    public: bool = False
    """Whether these are the sheet's own data: only for these may a report show numbers."""
    sizes: Mapping[str, int] = field(default_factory=dict)
    """Of the named dimensions: {"N": 9, "T": 5}."""


@dataclass(frozen=True)
class Part:
    """A piece of an answer with marks of its own."""

    name: str
    marks: float
    path: Path


@dataclass(frozen=True)
class Finding:
    """A fault that explains part of an answer, where it arose, and the parts it costs."""

    fault: str
    where: str
    costs: tuple[str, ...]
    hint: str = ""
    """Which form the fault took, if its name covers several."""
    forward: str = ""
    """The forward formula to look at, as the sheet writes it."""


@dataclass(frozen=True)
class Diagnosis:
    """What explains an answer."""

    findings: tuple[Finding, ...]
    """From the output inward."""
    earned: frozenset[str]
    """Parts that are what the right step gives from the student's own numbers."""

    @property
    def explained(self) -> bool:
        """Return whether every fault has a name."""
        return all(finding.fault != "unrecognised" for finding in self.findings)


Answers: TypeAlias = Sequence[Mapping[str, "Array | None"]]
"""For each instance the student's array of each part; None if there is none made of finite numbers."""
Explain: TypeAlias = Callable[[Sequence[Instance], Answers, Sequence[str]], Diagnosis]
"""Explains answers on instances, part by part."""


@dataclass(frozen=True)
class Invariant:
    """Two sums of products that are equal for every right answer, so that no solution is needed to check it.

    Each product is named by its two arrays, an input's or a part's: ("W2", "DW2") is Σ W2∘DW2. A single
    name is the sum of the array's own entries.
    """

    left: tuple[tuple[str, ...], ...]
    right: tuple[tuple[str, ...], ...]
    sentence: str
    """What it says, for the student."""


@dataclass(frozen=True, eq=False)  # there is one of each, and it is its own key
class Exercise:
    """What is graded: signature, inputs, true values, parts and their marks."""

    name: str
    title: str
    parameters: tuple[str, ...]
    convention: Convention
    parts: tuple[Part, ...]
    instances: Callable[[int], Sequence[Instance]]
    """From a seed; the same seed draws the same instances."""
    reference: Callable[[Instance], Mapping[str, Array]]
    """The true value of every part: float64, by automatic differentiation; or int64, or bool."""
    explain: Explain | None = None
    """Names what is wrong and determines what is carried forward; without it nothing is."""
    lists: Mapping[Path, str] = field(default_factory=dict)
    """Names of the lists that hold the parts, for sentences: {(): "the answer", (0,): "DW"}."""
    formulas: Mapping[str, str] = field(default_factory=dict)
    """Forward formulas by quantity, as the sheet writes them: the content of the last hint."""
    invariants: tuple[Invariant, ...] = ()
    """Laws by which a self-check tests a student's own numbers."""

    @property
    def max_score(self) -> float:
        """Return the marks for an answer that is right in every part."""
        return sum(part.marks for part in self.parts)

    @property
    def signature(self) -> str:
        """Return the signature as the sheet writes it: `exercise2(W,B,X,T)`, `class Tensor`."""
        if self.convention.of_class:
            return f"class {self.name}"
        return f"{self.name}({','.join(self.parameters)})"

    @property
    def marks_cell(self) -> str:
        """Return the id of the notebook cell in which this exercise is marked."""
        return f"{self.name}-marks"


@dataclass(frozen=True)
class Assignment:
    """A notebook's worth of exercises."""

    name: str
    title: str
    exercises: tuple[Exercise, ...]
    carry_forward: bool = True
    """Whether a part that is right given the student's own earlier numbers earns its marks."""
    practice: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Tasks without marks: each one's name, and the exercise whose answer it follows."""

    @property
    def max_score(self) -> float:
        """Return the marks for a submission that is right in everything."""
        return sum(exercise.max_score for exercise in self.exercises)


class Verdict(StrEnum):
    """The verdict on a part."""

    CORRECT = "correct"
    CARRIED_FORWARD = "carried-forward"
    WRONG = "wrong"
    MALFORMED = "malformed"
    MISSING = "missing"


@dataclass(frozen=True)
class Fault:
    """A mistake by name."""

    fault: str
    where: str
    """A part, a quantity of the backward pass, an input, or `answer`."""
    message: str
    """A sentence for the student."""
    cost: float = 0.0
    """Marks lost by it."""
    details: tuple[str, ...] = ()
    """Words of the student's program that the sentence quotes."""


@dataclass(frozen=True)
class Returned:
    """The student's function returned."""

    value: Value
    faults: tuple[Fault, ...] = ()
    """The faults of the call: an input changed, a gradient that flowed nowhere."""


@dataclass(frozen=True)
class Failed:
    """The student's function did not return an answer."""

    fault: Fault


Answer: TypeAlias = Returned | Failed
CallAll: TypeAlias = Callable[[Exercise, Sequence[Instance]], Iterable[Answer]]
"""Calls the student's function on instances, wherever it is: in this process or in the sandbox.

It yields one answer for each, in order; a failure is the last answer.
"""


@dataclass(frozen=True)
class PartResult:
    """A part, marked."""

    part: Part
    verdict: Verdict
    score: float


@dataclass(frozen=True)
class ExerciseResult:
    """An exercise, marked."""

    exercise: Exercise
    parts: tuple[PartResult, ...]
    faults: tuple[Fault, ...] = ()
    flags: tuple[str, ...] = ()
    """Right, but worth an instructor's look; costs nothing."""
    points: float | None = None
    """What the marks cell is worth in the gradebook, if that is known: an instructor may change it."""
    behaviour: Mapping[str, Sequence[float]] = field(default_factory=dict, compare=False)
    """How parts that no mistake explains behave on the sheet's own data (`autograder.marking.behaviour`)."""

    @property
    def score(self) -> float:
        """Return the sum over the parts, a plain float between 0 and `max_score`."""
        return float(sum(part.score for part in self.parts))

    @property
    def earned(self) -> float:
        """Return the score in the points of the marks cell, a plain float between 0 and these."""
        most = self.exercise.max_score
        if self.points is None or self.points == most:
            return self.score
        if self.score >= most > 0:
            return float(self.points)  # full marks stay full, however a quotient is rounded
        return min(round(self.points * self.score / most, 9), self.points) if most > 0 else 0.0

    @property
    def scaled(self) -> bool:
        """Return whether the marks cell's points differ from the marks."""
        return self.points is not None and self.points != self.exercise.max_score


@dataclass(frozen=True)
class Report:
    """Everything that is reported about one submission."""

    notebook: str
    assignment: Assignment | None
    results: tuple[ExerciseResult, ...] = ()
    message: str = ""
    """Why it could not be marked, or what an instructor should know."""
    notebook_flags: tuple[str, ...] = ()
    """Flags for the notebook as a whole, besides those of its exercises."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Return what is right but worth an instructor's look; it costs nothing."""
        own = (f"{r.exercise.name} {flag}" for r in self.results for flag in r.flags)
        return (*own, *self.notebook_flags)

    @property
    def readable(self) -> bool:
        """Return whether the notebook could be marked at all."""
        return self.assignment is not None

    @property
    def score(self) -> float:
        """Return the marks earned."""
        return float(sum(result.score for result in self.results))

    @property
    def max_score(self) -> float:
        """Return the marks that can be earned; 0 if the assignment is not known."""
        return self.assignment.max_score if self.assignment else 0.0
