"""List a self-check's own sentences: about the structure of an answer, and in its hints.

`{where}` is what is wrong; other braces are filled in where the numbers are, on the student's side.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.calling.call_faults import ON_THE_ERROR, ON_THE_RETURN
from autograder.diagnosis.sentences import SENTENCES

FAULTS: Mapping[str, str] = {
    # of a part
    "zero": SENTENCES["zero"],
    "constant": SENTENCES["constant"],
    "extra-axis": SENTENCES["extra-axis"],
    "wrong-shape": "`{where}` has shape {given}; {expected} was expected.",
    "not-finite": "`{where}` holds values that are infinite or not a number.",
    "missing": "`{where}` is missing.",
    "malformed@part": "`{where}` is {given}; an array of numbers was expected.",
    "detached@part": "No gradient reached `{where}`: no path leads from the error back to it.",
    "unrecognised": "`{where}` is not what it should be, and like no mistake we know. {shown}",
    # of an answer as a whole
    "zero@answer": SENTENCES["zero"],
    "constant@answer": SENTENCES["constant"],
    "hard-coded": (
        "`{where}` is the same, whatever the inputs are. Which name in your function is not one of its "
        "arguments?"
    ),
    "reversed-order": SENTENCES["reversed-order"],
    "swapped-lists": "`{where}` has its parts in another order: it should be {form}.",
    "returns-parameters": SENTENCES["returns-parameters"],
    "returns-updated-parameters": SENTENCES["returns-updated-parameters"],
    "malformed": "`{where}` should be {form}, but it is {given}.",
    "wrong-length": "`{where}` should be {form}, but it is {given}.",
    # of an error that PyTorch is to differentiate
    "returns-nothing": ON_THE_RETURN["returns-nothing"]("", ()),
    "not-a-tensor": ON_THE_ERROR["not-a-tensor"]("", ()).replace(
        "came back as an object, not as a tensor", "did not come back as a tensor"
    ),
    **{name: ON_THE_ERROR[name]("", ()) for name in ("detached", "backward-called", "changed-in-place")},
    "not-scalar": ON_THE_ERROR["not-scalar"]("", ()).replace("several entries", "shape {given}"),
    # of a call
    "mutates-input": (
        "Your function changes its input {where}. Work on a copy: its caller goes on using what was "
        "passed in."
    ),
    "not-deterministic": (
        "Called twice with the same arguments, your function gives two answers. Does it keep something from "
        "one call to the next?"
    ),
    "gradients-left": (
        "Your function leaves gradients in the .grad of its parameters, to which those of its caller are "
        "added. Leave backward() out: return the error."
    ),
    "uses-autograd": (
        "Your function lets PyTorch differentiate. This exercise is to be solved by hand, and has marks only "
        "for that."
    ),
}
"""For what is seen on the student's side, by the grader's names."""

SHOWN: Mapping[str, str] = {
    "factor": "It is {factor} times what it should be, in every case.",
    "too": "The same is true of {parts}.",
    "one-size": "It is right with {right}, and not with {wrong}.",
    "few": "Only {entries} is wrong.",
    "several": "Only {entries} are wrong.",
    "positive": "It has no negative entry, and should have some.",
    "off": "It is wrong only in the entries of units that are off: those where {where} is negative for "
    "every data point.",
    "transposed": "It is right, but transposed.",
    "nothing": "{wrong} of its {all} entries are wrong in the case {case}.",
    "all": "All of its entries are wrong in the case {case}.",
    "number": "It is {yours} in the case {case}, and should be {true}.",
}
"""What the numbers of an array show if no known mistake explains them."""

HINTS: Mapping[str, str] = {
    # where
    "place-behind": "{right} {are} right, so the way back is right until it comes to `{where}`. {wrong}, "
    "made from it, {come} first among what is wrong.",
    "place-first": "`{where}` comes first on the way back, and all else is made from it. So begin with "
    "`{where}` alone, and leave the rest for later.",
    "place-part": "`{where}` is made in one line of its own. {right} {are} right, so look at that line "
    "before any other.",
    "place-line": "The numbers that come back fit a forward pass in which one thing is done differently "
    "at `{where}`, and all the rest as it should be.",
    "place-alone": "`{where}` is made from the arguments of your function alone, so look only at the lines "
    "that make it.",
    "place-next": "{right} {are} right, and `{where}` is the first that is not. So look only at the lines "
    "that make it.",
    "place-several": "`{where}` comes first among what is wrong. Look only at the line that makes it.",
    "place-later": "Leave {wrong} for later.",
    "place-answer": "This is about how the arrays are handed over. {name} should return {form}.",
    # what to ask oneself
    "question-behind": "If one entry of {quantity} grows by a little, which lines of the forward pass does "
    "it go through before it reaches {next}? What does each of them do to a small change?",
    "question-part": "Take one entry of {quantity}. Which entries of {next} does it touch in the forward "
    "pass, how strongly, and for how many data points?",
    "question-line": "Take a single data point and compute the line of `{where}` on paper. At which sign or "
    "name does your line part from it?",
    "question-alone": "Work out `{where}` on paper, with the smallest numbers that you can think of. At "
    "which line does your function part from your paper?",
    "question-answer": "What stands in each place of what you return, and what is its shape? Print it, and "
    "put it beside the parameters.",
    # the numbers
    "numbers": "In the case {case}, {part} has {entries}.",
    "numbers-entry": "{yours} at {index} where {true} is right",
    "numbers-single": "In the case {case}, {part} is {yours}, and {true} is right.",
    "numbers-all-right": "The numbers alone show nothing more here.",
    "numbers-shape": "{part} has shape {given}, and should be {expected}.",
    "numbers-missing": "{part} is {given}; {expected} belongs there.",
    "numbers-law": "Here is a test that needs no solution: {law} With your numbers the two sides are {left} "
    "and {right}.",
    # the formula
    "formula": "In the forward pass: {formula}.",
    "formula-none": "Go through the forward pass once more, line by line.",
    "formula-answer": "The answer holds, in this order and with these shapes: {shapes}.",
    "formula-shape": "`{where}` has the shape of {quantity}.",
    # before anything is known
    "start-place": "Begin with what is nearest to the result: {first}. All that is asked for is {parts}, in "
    "the order in which one follows from another.",
    "start-question": "For {first}: which line of the forward pass comes last, and what would a small change "
    "in it do?",
    "start-numbers": "Check early: utils.check({name}) says which parts are right already. They have the "
    "shapes {shapes}.",
}
"""Hints, each saying more than the one before; the last gives the forward formula."""
