"""List what students read about each fault: where to look next, and never the line to write.

`{where}` is the quantity, `{hint}` the form of the fault, `{forward}` the quantity's forward formula.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from autograder.diagnosis.sentences.attention import OF_ATTENTIONS
from autograder.diagnosis.sentences.descents import OF_DESCENTS
from autograder.diagnosis.sentences.forward_passes import OF_FORWARD_PASSES
from autograder.diagnosis.sentences.layers import OF_LAYERS
from autograder.diagnosis.sentences.normalisations import OF_NORMALISATIONS
from autograder.diagnosis.sentences.operations import OF_OPERATIONS
from autograder.diagnosis.sentences.scores import OF_SCORES
from autograder.diagnosis.sentences.structures import OF_STRUCTURES
from autograder.diagnosis.sentences.sweeps import OF_SWEEPS

SENTENCES = {
    **OF_OPERATIONS,
    **OF_LAYERS,
    **OF_NORMALISATIONS,
    **OF_FORWARD_PASSES,
    **OF_ATTENTIONS,
    **OF_SWEEPS,
    **OF_DESCENTS,
    **OF_STRUCTURES,
    **OF_SCORES,
    # a constant factor
    "missing-factor-two": (
        "`{where}` is half of what it should be, everywhere. What becomes of the exponent when a square "
        "is differentiated?"
    ),
    "wrong-sign": (
        "`{where}` has the right size everywhere, but the opposite sign. Does the error grow or shrink "
        "when you move a little in the direction it points to?"
    ),
    "wrong-scale": (
        "`{where}` is {hint} times what it should be, everywhere. The direction is right; look for a "
        "factor that is too many or missing."
    ),
    "wrong-scale@negative": (
        "`{where}` is {hint} times what it should be, everywhere. It points the opposite way, and has "
        "another size; look for a sign and a factor that are too many or missing."
    ),
    "hard-coded-size": (
        "`{where}` is divided by {hint}, the number of points of the sheet's own data. The mean is over the "
        "data that the function is given, N points: count these."
    ),
    "sum-instead-of-mean": (
        "`{where}` is N times too large, with N the number of data points. The error is a mean over the "
        "data: what does its 1/N do to each derivative?"
    ),
    "mean-instead-of-sum": (
        "`{where}` belongs to the mean of the squares. The loss here is their sum: nothing is divided by "
        "N, the number of data points."
    ),
    "mean-twice": (
        "`{where}` is N times too small, with N the number of data points. How many times does the forward "
        "pass divide by N on the way from here, and how many times do you?"
    ),
    # the ReLU
    "missing-relu-mask": (
        "In `{where}` the gradient also passes through units that are off. What does a small nudge do "
        "behind a ReLU that is off?"
    ),
    "wrong-relu-mask": (
        "In `{where}` the units are switched by {hint}, which belongs to another layer. Which pre-"
        "activations does this ReLU see?"
    ),
    "wrong-relu-mask@averaged": (
        "In `{where}` each unit is switched by the sign of {hint} over the data points, on or off for all of "
        "them alike. For which of the data points is this ReLU on?"
    ),
    "product-compared": (
        "`{where}` holds nothing but 0 and 1: it tells whether the whole product with {hint} is positive. "
        "What is to be compared with 0, and what is to be multiplied? Look at the parentheses."
    ),
    "inverted-relu-mask": (
        "In `{where}` the gradient passes through the units that are off and stops at those that are on. "
        "On which side of 0 does a ReLU hand a nudge on?"
    ),
    "activation-instead-of-derivative": (
        "In `{where}` the gradient is multiplied by {hint}. The chain rule asks for the ReLU's slope"
        " at that point, not for its value."
    ),
    "relu-of-gradient": (
        "In `{where}` the ReLU was applied to the gradient itself: its negative entries are gone. "
        "Whether a gradient passes depends on the pre-activation, not on the gradient."
    ),
    "output-masked": (
        "`{where}` treats the output as if it went through a ReLU. The output is linear: look at its line in "
        "the forward pass."
    ),
    "output-activated": (
        "`{where}` treats the output as if it went through {hint}. The output is linear: look at its line in "
        "the forward pass."
    ),
    "wrong-slope": (
        "In `{where}` the gradient is multiplied by {hint}. Which function stands in this line of the "
        "forward pass, and how steep is it where what goes in is positive, and where it is negative?"
    ),
    "leaky-relu-mask": (
        "In `{where}` the gradient also passes through units that are off, {hint} times as large. What does "
        "a small nudge do behind a ReLU that is off?"
    ),
    "number-for-gradient": (
        "In `{where}` units that are off have the number {hint}, whatever arrives from above. What becomes "
        "of the upstream gradient there?"
    ),
    # products
    "wrong-upstream": (
        "`{where}` was computed from {hint}, which belongs to another place. Which gradient arrives here "
        "from above?"
    ),
    "wrong-upstream@summed": (
        "`{where}` was computed from {hint}, the same for each of them. Which row of that gradient belongs "
        "to which row of `{where}`?"
    ),
    "upstream-twice": (
        "In `{where}` the gradient that arrives from above comes in twice: what follows from it is "
        "multiplied by it once more, entry by entry. How often does the chain rule multiply with it?"
    ),
    "divided-in-part": (
        "In `{where}` {hint} alone is divided by the number of entries, and the other term is not. Look at "
        "the parentheses."
    ),
    "doubled-in-part": (
        "In `{where}` {hint} alone is multiplied by 2, and the other term is not. Look at the parentheses."
    ),
    "itself-added": (
        "`{where}` has {hint} added to it, as a weight decay does. Which term of the error here is that the "
        "derivative of?"
    ),
    "itself-added@sizes": (
        "`{where}` has {hint} added to it, as a penalty on the sum of the weights' sizes does. Which term "
        "of the error here is that the derivative of?"
    ),
    "rounded": (
        "`{where}` is right, but rounded {hint}. Gradients are added up over many steps: hand in the numbers "
        "as they are, and round only what you print."
    ),
    "cut-off": (
        "`{where}` is right where its entries are small; larger ones are cut off at {hint}. The gradient "
        "itself is asked for; the step taken with it may still be made shorter."
    ),
    "brought-to-a-length": (
        "`{where}` points in the right direction, but always has the length {hint}. The length of a gradient "
        "says how steep the error is: what divides it away?"
    ),
    "transposed": (
        "`{where}` is right, but transposed. It has the form of the array whose gradient it is: what do the "
        "rows of that array count, and what its columns?"
    ),
    "transposed@weights": (
        "`{where}` is right, but transposed. It has the form of the parameter it belongs to: which index "
        "of it counts the units below, which those above?"
    ),
    "one-data-point": (
        "`{where}` knows of one data point alone, {hint}. All of them make the error: how do their gradients "
        "come together?"
    ),
    "data-point-left-out": (
        "In `{where}` one data point is left out, {hint}. All of them make the error: with which one does a "
        "loop over them begin, and with which does it end?"
    ),
    "not-cleared": (
        "In `{where}` what has arrived for the data points before is still there, and is added to each one's "
        "own. What has to be 0 again before the next data point begins?"
    ),
    "averaged": (
        "`{where}` is the same for every data point. If a single output grows by a little, which term of the "
        "mean changes?"
    ),
    # several paths, and whatever the operation
    "masked-too-early": (
        "`{where}` is 0 where the mask says so. Does `{where}` know of the mask, in the line of the forward "
        "pass that it goes back through, or does the line before that?"
    ),
    "path-missing": (
        "In `{where}` the path through {hint} is missing. In which lines of the forward pass does this "
        "quantity come in, and what does each of them send back?"
    ),
    "path-wrong-scale": (
        "In `{where}` one of the paths has another factor than it should have: the one through {hint}. "
        "Follow it from line to line, and count the factors."
    ),
    "operation-skipped": (
        "`{where}` leaves out a line of the forward pass on the way back: the gradient went past {hint}. How "
        "much does its value change when what goes into it changes a little?"
    ),
    "applied-to-gradient": (
        "In `{where}`, {hint} was applied to the gradient as it is applied on the way forward. On the way "
        "back its derivative is asked for."
    ),
    # biases
    "wrong-axis": (
        "`{where}` was summed over the wrong axis. There is one bias a unit: which axis counts the data "
        "points?"
    ),
    "summed-over-all-axes": (
        "`{where}` was summed over everything, to one number for all units. Each unit has a bias of its own."
    ),
    "summed-over-all-axes@weights": (
        "`{where}` was summed over everything, to one number for all weights. Over which index is a weight's "
        "gradient summed, and which two say which weight it is?"
    ),
    "summed-over-all-axes@one": (
        "`{where}` is a bare number, of shape (), and its parameter has an axis of length 1. The sum is the "
        "right one; which axis does it leave?"
    ),
    "not-summed": (
        "`{where}` still has a row for each data point. One bias serves all of them: how do their wishes "
        "come together?"
    ),
    # the form of a part
    "extra-axis": "`{where}` has the right numbers in the wrong shape: an axis of length 1 too many.",
    "wrong-shape": "`{where}` has another shape than its parameter.",
    "zero": (
        "`{where}` is zero everywhere. Was the gradient never filled in, multiplied by something that is "
        "always 0, or stored in an array of whole numbers?"
    ),
    "zero@followed": (
        "`{where}` is zero everywhere, and so is what is made from it, {hint}. Was the gradient never filled "
        "in, or multiplied by something that is always 0?"
    ),
    "constant": (
        "`{where}` has the same number in every entry. A gradient hardly ever has: is this still a "
        "placeholder?"
    ),
    # the error
    "broadcast-targets": (
        "`{where}` mixes every output with every target. An (N,1) array minus an (N,) array has shape "
        "(N,N): look at the shapes in Y - T."
    ),
    "wrong-error": "`{where}` belongs to another error: {hint}. Which error does the forward pass end with?",
    # an automatically differentiated forward pass
    "missing-relu": (
        "The activations `{where}` did not go through the ReLU: negative values go on to the next layer."
    ),
    "missing-bias": "The bias `{where}` is not part of your forward pass.",
    "wrong-activation": "The activations `{where}` come from {hint}; this network uses max(0, Z).",
    "wrong-activation@output": (
        "The output `{where}` goes through {hint}. It is linear in this network: look at its line in the "
        "forward pass."
    ),
    "bias-after-activation": (
        "The bias `{where}` is added to the activations, behind the ReLU. It belongs to what goes into it."
    ),
    "unknown-error": (
        "`{where}` is like no error we know, but its gradient shows that the network is right up to Y. Look "
        "at what you make of Y and T: the mean of the squares of their difference is asked for."
    ),
    # softmax and cross-entropy, backward
    "softmax-diagonal-missing": (
        "`{where}` holds what a score does to the sum in the denominator, and nothing else. Whose "
        "numerator does it change?"
    ),
    "softmax-plus-for-minus": (
        "In `{where}` the entries beside the diagonal have the wrong sign. When one score is raised, "
        "do the other probabilities of its row grow or shrink?"
    ),
    "softmax-plus-for-minus@diagonal": (
        "On the diagonal `{where}` has the wrong sign. When a score is raised, does its own probability grow "
        "or shrink?"
    ),
    "outer-product-missing": (
        "In `{where}` the probabilities are multiplied entry by entry, p², where each meets every other one. "
        "Which two probabilities does the entry in row i and column j of a Jacobian hold?"
    ),
    "outer-product-missing@summed": (
        "In `{where}` one and the same number is taken away everywhere, {hint}: in NumPy a vector times "
        "itself is that sum, transposed or not. Which two probabilities does the entry in row i and column j "
        "of a Jacobian hold?"
    ),
    "cross-entropy-assumed": (
        "`{where}` is the probabilities less {hint}, as behind a softmax and a cross-entropy in one. Here it "
        "is a gradient that arrives, and any one may."
    ),
    "another-row": (
        "`{where}` was made with {hint}. Each row of scores has a Jacobian of its own: which one is "
        "asked for?"
    ),
    "every-row": "`{where}` holds a Jacobian for every row. Only that of the first is asked for.",
    # where a value is asked for and not a derivative
    "rounded@value": (
        "`{where}` is right, but rounded {hint}. Hand in the numbers as they are, and round only what you "
        "print."
    ),
    "wrong-scale@value": (
        "`{where}` is {hint} times what it should be, everywhere. Look for a factor that is too many or "
        "missing."
    ),
    "missing-factor-two@descended": (
        "Each step to `{where}` is half as long as it should be. What becomes of the exponent when a square "
        "is differentiated?"
    ),
    "missing-factor-two@value": (
        "`{where}` is half of what it should be, everywhere. Look for a factor ½ that does not belong there."
    ),
    "wrong-sign@value": "`{where}` has the right size, but the opposite sign. Which way round is it meant?",
    "zero@value": "`{where}` is zero everywhere. Was it ever filled in?",
    "constant@value": (
        "`{where}` is one and the same number, whatever the inputs. Is this still a placeholder?"
    ),
    "sum-instead-of-mean@value": (
        "`{where}` is N times too large, with N the number of data points. The error is a mean over the data."
    ),
    "mean-twice@value": (
        "`{where}` is N times too small, with N the number of data points. A mean divides by N once."
    ),
}


VALUES = frozenset({"error", "err", "P", "losses", "learning_rate"})  # parts that are no derivatives
SWEPT = "gradients"  # of all nodes of a graph
DESCENDED = "theta"  # parameters behind a descent
ONLY = "the only unit"  # there is, where it matters that there is one
PARAMETER = re.compile(r"[WB]\d")  # named where its gradient is meant
WEIGHTS = re.compile(r"D?W")  # and their gradients
OF_GRADIENTS = frozenset({"zero", "constant"})


def sentence(fault: str, where: str, hint: str = "", forward: str = "", *, quoted: bool = True) -> str | None:
    """Return the sentence for a fault, or None if it has none of its own here.

    forward : the forward formula behind the place.
    quoted : whether the sentence ends with it.
    """
    kinds = (SENTENCES.get(f"{fault}@{kind}") for kind in _kinds(fault, where, hint, forward))
    template = next(filter(None, kinds), SENTENCES.get(fault))
    if template is None and not hint:
        return None
    if template and where == "answer":
        template = template.replace("`{where}`", "The answer")
    elif template and fault in OF_GRADIENTS and PARAMETER.fullmatch(where):
        template = template.replace("`{where}`", "The gradient of `{where}`")
    # a fault of one assignment's own brings its sentence along
    text = template.format(where=where, hint=hint) if template else hint
    return f"{text} In the forward pass: `{forward}`." if forward and quoted else text


def _kinds(fault: str, where: str, hint: str, forward: str) -> Iterator[str]:
    """Yield what a sentence may be meant for, before the one for everything."""
    if where in VALUES:
        yield "value"
    if where == DESCENDED:
        yield from ("descended", "value")
    yield "part" if where != "answer" else "answer"
    if where in ("residual", "losses"):  # of a curve, whose targets are y
        yield "curve"
    if where == "Y":
        yield "output"
    if where == "J":
        yield "jacobian"
    if WEIGHTS.match(where):
        yield "weights"
    if where == SWEPT:
        yield "sweep"
    if fault == "missing-factor-two" and forward and "²" not in forward:
        yield "value"  # no square is differentiated there
    if hint and fault == "zero":
        yield "followed"
    if hint and fault == "reversed-order":
        yield "list"
    if hint == ONLY:
        yield "one"
    if hint and fault == "reshape-for-transpose":
        yield "operand"
    if hint == "the logarithm of a sum":
        yield "logarithm"
    if hint == "the diagonal":
        yield "diagonal"
    if hint.startswith("the sum of all"):
        yield "summed"
    if "sign(" in hint:
        yield "sizes"  # of weights, summed up
    if fault == "wrong-relu-mask" and hint.startswith("the mean of "):
        yield "averaged"
    if hint.startswith("the class "):
        yield "beside"  # counted from another number on
    if hint.startswith("the maximum of each column"):
        yield "columns"
    if hint.startswith("-"):
        yield "negative"
