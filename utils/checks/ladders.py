"""Which ladder of hints stands at a fault: its question first, then the quantity's own rungs."""

from utils.checks.vocabulary import Fault, Task

QUESTIONS = {
    "factor 0.5": "{where} is half of what it should be, everywhere. What becomes of the exponent when a "
    "square is differentiated?",
    "factor −1": "{where} has the right size everywhere, and the wrong sign. If you move a little in the "
    "direction that it points to, does the error grow or shrink?",
    "factor N": "{where} is N times too large. The error is a mean: what does its 1/N do to each derivative?",
    "factor 1/N": "{where} is N times too small. How often does the mean's 1/N come in: once, or twice? And "
    "does every data point count?",
    "factor": "{where} points in the right direction, and has the wrong length, everywhere by the same "
    "factor. Which constant or count is there that should not be, or is missing?",
    "negative": "{where} points in the opposite direction, and has another length, everywhere by the same "
    "factor. Which sign and which factor are there that should not be, or are missing?",
    "off-units": "{where} is wrong only where units are off. If such a unit's pre-activation is nudged a "
    "little, what happens behind its rectifier?",
    "inverted": "{where} is zero for units that are on, and not for those that are off. On which side of 0 "
    "does a rectifier hand a nudge on?",
    "misplaced": "{where} is switched off at the wrong units. Which pre-activations does this rectifier see?",
    "on-units": "{where} is silent where units are off, as it should be, and wrong where they are on. By "
    "what is the gradient multiplied there, and before that: through which weights does it come back, and "
    "which of their two indices is summed over?",
    "off-rows": "{where} is wrong only for units of the layer below that are off. What does such a unit "
    "send upward?",
    "clipped": "{where} has no negative entry. What on the way makes everything positive: a square, a "
    "rectifier? A gradient keeps its sign; whether it passes a rectifier is decided by what went in on the "
    "way forward.",
    "transposed": "{where} is transposed. Which of its two indices counts the units below, and which those "
    "above?",
    "rows": "{where} still has a row for each data point. One parameter serves them all: how do their "
    "wishes come together?",
    "one-number": "{where} is a single number. Does each unit have an entry of its own?",
    "axis": "{where} has the right numbers in another shape. What is the shape of the thing whose gradient "
    "it is?",
    "shape": "{where} has another shape than it should. What is the shape of the thing whose gradient it is?",
    "zero": "{where} is zero everywhere. Was it ever filled in, or was it multiplied by something that is "
    "always 0?",
    "constant": "{where} has one number in every entry. Is that still a placeholder?",
    "same-always": "{where} stays the same, whatever comes in. Which name in your function is not one of "
    "its arguments?",
    "input": "{where} is something that came in. Which array is meant to go out?",
    "not-finite": "{where} has entries that are nan or infinite. Which division or logarithm meets a 0?",
    "few-entries": "{where} is right but for an entry or two. Which line changes single entries?",
    "detached": "PyTorch can't find its way back from {where}. Which line turns a tensor into something "
    "that it no longer watches?",
    "not-a-tensor": "{where} is not a tensor when you return it. Which line takes the number out?",
    "not-scalar": "{where} is not a single number. Over which axes does your mean go?",
    "returns-nothing": "Your function gives nothing back. What stands behind its `return`?",
    "backward-called": "Who is to go back from {where}: your function, or whoever calls it? And how often "
    "can the way back be gone?",
    "changed-in-place": "Which line on the way to {where} changes numbers in place, instead of computing new "
    "ones?",
    "broadcast": "{where} compares every output with every target. Which shapes do Y and T have, and what "
    "is the shape of their difference?",
    "output-rectified": "Look at {where}: can your output be negative? Can the targets?",
    "not-rectified": "Look at {where}: can an activation be negative?",
    "no-bias": "Look at {where}: where does it come into your forward pass?",
}
"""First rungs by signature; `{where}` is the quantity that is to blame."""


def rungs(task: Task, fault: Fault | None) -> tuple[str, ...]:
    """Give the hints for a fault in order, or for the beginning where no fault is known."""
    if fault is None:
        return task.ladders["start"].rungs()
    ladder = task.ladders.get(fault.where) or task.ladders["start"]
    key = fault.signature
    question = task.questions.get(key) or QUESTIONS.get(key)
    if question is None and key.startswith("factor "):
        kind = "negative" if key.startswith("factor −") else "factor"
        question = task.questions.get("factor") or QUESTIONS[kind]
    where = "What you return" if fault.where == "answer" else fault.where
    ask = question.format(where=where) if question else ladder.ask
    return (ask, *ladder.rungs()[1:])
