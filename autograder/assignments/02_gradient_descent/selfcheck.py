"""Self-checks and hints of `02-gradient-descent`: measured slopes, and what each step must do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from utils.checks.calling import Answer, Stopped
from utils.checks.compare import agrees
from utils.checks.differences import slopes
from utils.checks.examine import notes, row
from utils.checks.reading import Value, at
from utils.checks.signatures import Case, Signature, recognise
from utils.checks.vocabulary import Array, Examined, Fault, Inputs, Instance, Ladder, Part, Stage, Task

ASSIGNMENT = "02-gradient-descent"
DATA = ((1, 4), (5, 1), (9, 2))
"""Data points and seed of each small data set."""

STEPS = (1, 2, 5)
"""How many steps of a descent the table shows."""

SQUARINGS = 20
"""A descent of 2 to this power steps tells a learning rate from one that is larger by 3e-6."""


def loss(theta: Array, x: Array, y: Array) -> float:
    """The summed squared error of a cubic: theta (4,), x and y (N,)."""
    return float(np.sum((np.polynomial.polynomial.polyval(x, theta) - y) ** 2))


def cubics() -> list[Instance]:
    """Small data sets, and cubics that do not fit them."""
    return [_cubic(N, seed) for N, seed in DATA]


def _cubic(N: int, seed: int) -> Instance:
    rng = np.random.default_rng(seed)
    theta = rng.uniform(0.3, 1.5, 4) * rng.choice([-1.0, 1.0], 4)
    x = rng.uniform(0.4, 1.6, N) * np.where(np.arange(N) % 3 == 1, -1.0, 1.0)
    return Instance({"theta": theta, "x": x, "y": np.sin(3 * x) + rng.normal(0, 1, N)}, N)


def measured_slopes(inputs: Inputs) -> dict[str, Array]:
    """∂L/∂a … ∂L/∂d, by nudging each parameter."""
    return dict(zip(SLOPES, _slopes(inputs["theta"], inputs), strict=True))


def _slopes(theta: Array, inputs: Inputs) -> Array:
    point = theta.copy()
    return slopes(lambda: loss(point, inputs["x"], inputs["y"]), point)


def descents() -> list[Instance]:
    """The same data in single precision, and a learning rate below the limit of each."""
    found: list[Instance] = []
    for drawn in cubics()[1:]:
        single = {name: array.astype(np.float32).astype(np.float64) for name, array in drawn.inputs.items()}
        rate = round(0.4 * float(measured_limit(single)["limit"]), 4)
        found.append(Instance({**single, "learning_rate": rate, "steps": 1}, drawn.size))
    return found


def spreads() -> list[Instance]:
    """Where the data points of the small data sets lie."""
    return [Instance({"x": drawn.inputs["x"]}, drawn.size) for drawn in cubics()]


def measured_limit(inputs: Inputs) -> dict[str, Array]:
    """The largest learning rate for which a descent does not run away, found by trying.

    The least loss is put at theta = 0, by data y = 0. A step of the descent is linear in theta then, so what
    many steps do is found by doing a step's matrix twice, that twice, and so on.
    """
    nothing = np.zeros_like(inputs["x"])
    slope = np.column_stack([_slopes(point, {"x": inputs["x"], "y": nothing}) for point in np.eye(4)])
    low, high = 1e-9, 1e3
    while high / low > 1 + 1e-9:
        middle = np.sqrt(low * high)
        low, high = (low, middle) if _runs_away(np.eye(4) - middle * slope) else (middle, high)
    return {"limit": np.asarray(low)}


def _runs_away(steps: Array) -> bool:
    for _ in range(SQUARINGS):
        steps = steps @ steps
        if not np.max(np.abs(steps)) < 100:
            return True
    return False


@dataclass(frozen=True)
class Run:
    """A student's descents from one start: after 0, 1, …, 5 steps."""

    instance: Instance
    thetas: Sequence[Value]
    losses: Value
    """Of the longest."""

    def moved(self, k: int) -> Case | None:
        """How far step k went, beside the slope measured where it set out; None where that can't be said."""
        before, after = self.thetas[k - 1], self.thetas[k]
        if not (_usable(before) and _usable(after)):
            return None
        assert isinstance(before, np.ndarray)
        assert isinstance(after, np.ndarray)
        return Case(after - before, self._step(before), self.instance)

    def arrived(self, k: int) -> Case:
        """Where step k arrived, beside where it should have."""
        before = self.thetas[k - 1]
        if not _usable(before):
            before = self.thetas[0]
        assert isinstance(before, np.ndarray)
        return Case(self.thetas[k], before + self._step(before), self.instance)

    def _step(self, theta: Array) -> Array:
        rate = float(self.instance.inputs["learning_rate"])
        return -rate * _slopes(theta, self.instance.inputs)

    def recorded(self, first: int) -> Case:
        """The losses, beside those of the student's own parameters from step `first` on."""
        x, y = self.instance.inputs["x"], self.instance.inputs["y"]
        own = self.thetas[first : first + STEPS[-1]]
        seen = [
            loss(theta, x, y) if isinstance(theta, np.ndarray) and _usable(theta) else 0.0 for theta in own
        ]
        return Case(self.losses, np.array(seen), self.instance)


def _usable(theta: Value) -> bool:
    return isinstance(theta, np.ndarray) and theta.shape == (4,) and bool(np.all(np.abs(theta) < 1e6))


def examine_descent(task: Task, call: Callable[[Inputs], Answer | Stopped]) -> Examined | Stopped:
    """Try a descent with 1, 2, … steps, and judge each step by where the student's own last one arrived."""
    runs, answers = [], []
    for instance in task.instances():
        thetas: list[Value] = [instance.inputs["theta"]]
        for steps in range(1, STEPS[-1] + 1):
            answer = call({**instance.inputs, "steps": steps})
            if isinstance(answer, Stopped):
                return answer
            answers.append(answer)
            thetas.append(at(answer.value, (0,)))
        runs.append(Run(instance, thetas, at(answers[-1].value, (1,))))

    theta, losses = Part("theta", (0,)), Part("losses", (1,))
    rows, signatures = [], {}
    for k in STEPS:
        cases = [run.arrived(k) for run in runs]
        signatures[k] = recognise(theta, cases)
        rows.append(row(f"theta, {k} step{'s' * (k > 1)}", cases, signatures[k]))
    recorded = [run.recorded(0) for run in runs]
    found = recognise(losses, recorded)
    rows.append(row("losses", recorded, found))
    fault = (
        _swapped(answers) or _theta_fault(runs, signatures) or (_losses_fault(runs, found) if found else None)
    )
    last = {**runs[-1].instance.inputs, "steps": STEPS[-1]}
    sizes = tuple(run.instance.size for run in runs)
    return Examined(tuple(rows), fault, notes(task, answers, call, last, [(0,), (1,)]), sizes)


def _swapped(answers: Sequence[Answer]) -> Fault | None:
    """See whether the losses come first: as many numbers as there are steps, and then the four."""
    for number, answer in enumerate(answers):
        first, second = at(answer.value, (0,)), at(answer.value, (1,))
        steps = number % STEPS[-1] + 1
        if not (isinstance(first, np.ndarray) and first.shape == (steps,) and _usable(second)):
            return None
    return Fault("theta", "swapped", "theta and losses are the other way round: theta comes first.")


def _theta_fault(runs: Sequence[Run], signatures: dict[int, Signature | None]) -> Fault | None:
    wrong = [k for k in STEPS if signatures[k]]
    if not wrong:
        return None
    k = wrong[0]
    signature = signatures[k]
    assert signature
    moves = [run.moved(k) for run in runs]
    known = [move for move in moves if move]
    if len(known) < len(moves) or signature.key in ("zero", "constant"):
        return Fault("theta", signature.key, f"After {_steps(k)}, theta {signature.clause}.")
    after_two = [run.moved(2) for run in runs]
    if k == 1 and all(_still(move) for move in known):
        if all(move and agrees(np.asarray(move.given), move.true) for move in after_two):
            return Fault("theta", "too-few", "With 1 step theta has not moved, with 2 it has moved once.")
        return Fault("theta", "still", "With 1 step, theta has not moved.")
    if k == 1 and all(_twice(run, move) for run, move in zip(runs, known, strict=True)):
        return Fault("theta", "too-many", "With 1 step, theta has moved twice.")
    if k == 2 and all(_added(run, move) for run, move in zip(runs, known, strict=True)):
        return Fault(
            "theta", "accumulated", "The first step is right. The second goes along both slopes, added up."
        )
    moved = recognise(Part("theta", (0,)), known) or signature
    return Fault("theta", moved.key, f"{'The first step' if k == 1 else f'Step {k}'} {moved.clause}.")


def _steps(k: int) -> str:
    return f"{k} step{'s' * (k > 1)}"


def _still(move: Case) -> bool:
    return isinstance(move.given, np.ndarray) and not move.given.any()


def _twice(run: Run, move: Case) -> bool:
    """Whether the first step went as far as two should."""
    start = run.instance.inputs["theta"]
    once = start + move.true
    return isinstance(move.given, np.ndarray) and agrees(
        move.given, move.true - run.instance.inputs["learning_rate"] * _slopes(once, run.instance.inputs)
    )


def _added(run: Run, move: Case) -> bool:
    """Whether the second step went along the first slope, too."""
    first = run.moved(1)
    return (
        first is not None
        and isinstance(move.given, np.ndarray)
        and agrees(move.given, move.true + first.true)
    )


def _losses_fault(runs: Sequence[Run], signature: Signature) -> Fault:
    later = [run.recorded(1) for run in runs]
    if all(isinstance(case.given, np.ndarray) and agrees(case.given, case.true) for case in later):
        return Fault("losses", "after-update", "Each loss is the one after its step, not the one before.")
    return Fault("losses", signature.key, f"losses {signature.clause}.")


SLOPES = tuple(f"∂L/∂{name}" for name in "abcd")
POWERS = ("1", "x", "x²", "x³")


def _slope(k: int) -> Ladder:
    """Hints for one of the four slopes."""
    name, power = "abcd"[k], POWERS[k]
    return Ladder(
        ask=f"If {name} grows by a little, how much does the prediction at one data point x change?",
        look=f"Look at where {name} stands in ŷ = a + b x + c x² + d x³. {name} reaches the loss only "
        "through the predictions, one for each data point; x is given, and nothing is differentiated by it.",
        formula=f"∂L/∂{name} = Σₙ (∂L/∂ŷₙ)(∂ŷₙ/∂{name}), and ∂ŷ/∂{name} = {power}",
        shape=f"∂ŷ/∂{name} has an entry for each data point, (N,), and so has ∂L/∂ŷ; ∂L/∂{name} is their sum "
        "of products, one number.",
    )


EXERCISE1 = Task(
    assignment=ASSIGNMENT,
    name="exercise1",
    by_hand=True,
    parameters=("theta", "x", "y"),
    form="an array of shape (4,)",
    cases="small data sets",
    instances=cubics,
    truth=measured_slopes,
    parts=tuple(Part(name, (k,)) for k, name in enumerate(SLOPES)),
    stages=(Stage("r", SLOPES),),
    ladders={
        "start": Ladder(
            ask="For a single data point, L = (ŷ - y)². If ŷ grows by a little, how much does L change?",
            look="Go back to the single point x = 2, y = 1 of the text, and find its four slopes on paper: "
            "4, 8, …. What makes each of them from the residual?",
            formula="∂L/∂θₖ = Σₙ (∂L/∂ŷₙ)(∂ŷₙ/∂θₖ), with L = Σₙ (ŷₙ - yₙ)² and ŷ = a + b x + c x² + d x³",
            shape="The residuals are (N,). Each slope is one number, a sum over N; the four together are "
            "(4,).",
        ),
        "r": Ladder(
            ask="For a single data point, L = r² with r = ŷ - y. If ŷ grows by a little, how much does L "
            "change?",
            look="All four slopes are off alike, so look at what they share: the residual r, the square of "
            "it, and the sum over the data points.",
            formula="L = Σₙ rₙ² and r = ŷ - y: ∂L/∂θₖ = Σₙ (∂rₙ²/∂rₙ)(∂ŷₙ/∂θₖ)",
            shape="r has the shape of y, (N,).",
        ),
        **{name: _slope(k) for k, name in enumerate(SLOPES)},
        "answer": Ladder(
            ask="How many parameters does L depend on, and so how many slopes are there?",
            look="Look at the last line of your function: what does it hand over?",
            formula="The gradient is (∂L/∂a, ∂L/∂b, ∂L/∂c, ∂L/∂d), in this order.",
            shape="It has the shape of theta, (4,).",
        ),
    },
    questions={
        "factor 1/N": "The slopes are N times too small. Is the loss of this notebook a mean, or a sum?",
        "factor N": "The slopes are N times too large. Is there a sum too many?",
        "factor −1": "The slopes have the wrong sign. Is r = ŷ - y or y - ŷ here, and what does that do to "
        "its derivative by ŷ?",
    },
)


EXERCISE2 = Task(
    assignment=ASSIGNMENT,
    name="exercise2",
    parameters=("theta", "x", "y", "learning_rate", "steps"),
    form="a pair, (theta, losses)",
    cases="small data sets",
    instances=descents,
    truth=lambda _: {},
    parts=(),
    stages=(),
    ladders={
        "start": Ladder(
            ask="What happens in one step, from one theta to the next? Which three things are to be done, "
            "in which order?",
            look="The three parts of a step stand in the text above the exercise. Begin with one step, and "
            "compare it with the table's first row.",
            formula="θₜ₊₁ = θₜ - η ∇L(θₜ), and the loss that belongs to step t is L(θₜ).",
            shape="theta stays (4,); losses has one float for each step.",
        ),
        "theta": Ladder(
            ask="Follow theta through a single step on paper, with the data of the table in the text. Where "
            "does yours go another way?",
            look="Look at the line that changes theta, and at what .grad holds just then: the slope at this "
            "theta, and nothing else.",
            formula="θₜ₊₁ = θₜ - η ∇L(θₜ), with L(θ) = Σₙ (ŷₙ - yₙ)², as many times as there are steps.",
            shape="theta, its slope and the change of theta all have the shape (4,).",
        ),
        "losses": Ladder(
            ask="To which theta does the loss at step t belong: the one before its update, or the one after?",
            look="Look at where in your loop a loss is put into the list, and at what exactly is put there.",
            formula="lossesₜ = L(θₜ) = Σₙ (ŷₙ - yₙ)², for t = 0, 1, …, steps - 1.",
            shape="losses has length steps, and each of its entries is a single number.",
        ),
    },
    questions={
        "factor −1": "theta moves uphill: the right way, and the wrong direction. Does the gradient point "
        "to where the loss grows, or to where it shrinks?",
        "factor 0.5": "{where} is off by one half. Which loss do you differentiate, and which factor stands "
        "before it?",
        "factor 1/N": "{where} is N times too small. Is the loss of this notebook a mean, or a sum?",
        "accumulated": "theta's second step goes along the sum of two slopes. What does backward() do to a "
        ".grad that holds something already?",
        "too-few": "theta is one update behind. How often does your loop come to the line that changes "
        "theta?",
        "too-many": "theta is one update ahead. How often does your loop come to the line that changes "
        "theta?",
        "still": "theta does not move. Does the line that changes it change the one that you return?",
        "after-update": "losses are told too late. Which theta does each of them belong to?",
    },
    tensors=True,
    examine=examine_descent,
)


EXERCISE3 = Task(
    assignment=ASSIGNMENT,
    name="exercise3",
    parameters=("x",),
    form="a float",
    cases="small data sets",
    instances=spreads,
    truth=measured_limit,
    parts=(Part("limit", ()),),
    stages=(Stage("limit", ("limit",)),),
    ladders={
        name: Ladder(
            ask="Along one eigenvector a step multiplies the error by 1 - ηλ. Between which two numbers "
            "must that stay, if the error is to die out?",
            look="Look for two things: the Hessian of L, from your gradient of exercise 1; and which of "
            "its four eigenvalues is the first to break the condition when η grows.",
            formula="Hⱼₖ = ∂²L/∂θⱼ∂θₖ = ∂/∂θⱼ Σₙ (∂rₙ²/∂rₙ) xₙᵏ with k = 0, 1, 2, 3; and |1 - ηλ| < 1 for "
            "every λ of H.",
            shape="H is (4,4), symmetric, a sum over the N data points; the answer is a single number.",
        )
        for name in ("start", "limit", "answer")
    },
    questions={
        "factor 0.5": "Your limit is half of what it should be. At which value of 1 - ηλ does the descent "
        "stop converging: at 0, or further down?",
        "factor 2": "Your limit is twice what it should be. What becomes of the square's exponent in the "
        "slope, and so in the Hessian?",
        "factor N": "Your limit is N times too large. Is the loss of this notebook a mean, or a sum?",
        "values": "Try your limit: what does the descent do with a learning rate that is one percent below, "
        "or above? Which of the eigenvalues is the first to make trouble when η grows?",
    },
)

TASKS = (EXERCISE1, EXERCISE2, EXERCISE3)
