"""List what students read about mistakes in a softmax and a cross-entropy, and for which scores they show.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_SCORES: Mapping[str, str] = {
    "missing-normalisation": (
        "In `{where}` the exponentials of the scores are divided by nothing, so they do not sum to 1 in a "
        "row. What belongs in the denominator?"
    ),
    "overflow": (
        "`{where}` is not a number where scores are large: an exponential is infinite above about 709. "
        "Only differences of the scores of a row matter: what may be subtracted from them first?"
    ),
    "overflow@logarithm": (
        "`{where}` is 0 or infinite where scores are large or far below 0: the sum of their exponentials is "
        "infinite above about 709, or 0, and {hint} like that says nothing any more. Only differences of the "
        "scores of a row matter: what may be subtracted from them first?"
    ),
    "maximum-over-everything": (
        "`{where}` is not a number where the scores of one row are far below those of another, or far "
        "below 0: all exponentials of that row are rounded to 0. What has to be subtracted from *this* "
        "row, so that its largest exponential is 1?"
    ),
    "maximum-over-everything@columns": (
        "In `{where}` {hint} is subtracted: the scores of one row do not all lose the same amount, and where "
        "they are far below those of another row, all their exponentials are rounded to 0. What has to be "
        "subtracted from *this* row, so that its largest exponential is 1?"
    ),
    "no-number-for-far-scores": (
        "`{where}` is not a number where scores are far apart. Which of the exponentials are infinite there, "
        "and which sum of them is 0? Only differences of scores matter: what may be subtracted first?"
    ),
    "wrong-for-far-scores": (
        "Where scores are large or far apart, `{where}` is not what its own formula should give. Which "
        "numbers are too large or too small there for an exponential, and what stands in their place then?"
    ),
    "large-error-not-seen": (
        "`{where}` is too small where a probability is nearly 0 or 1: an error that is really large cannot "
        "be seen. Is anything kept away from 0 there, or left out? How can the logarithm of a softmax be "
        "written without computing the softmax first?"
    ),
    "first-row-for-all": (
        "`{where}` takes the entries of all targets from the first row. Each data point has a row of its "
        "own: how do you pick one entry from each?"
    ),
    "targets-as-columns@value": (
        "`{where}` takes the column of every target from every row, N·N numbers in all. Each data "
        "point has one target: how do you pick one entry from each row?"
    ),
    "wrong-targets@beside": (
        "`{where}` takes {hint} for the target. The classes are counted from 0: which column belongs to "
        "class 0?"
    ),
    "missing-logarithm": (
        "`{where}` is made of the probabilities themselves. What is taken of each of them before the mean?"
    ),
    "wrong-logarithm": (
        "`{where}` is made of logarithms to the base {hint}. Which logarithm is the inverse of the "
        "exponential in the softmax?"
    ),
    "clipped-probabilities": (
        "In `{where}` the probabilities are kept away from 0 by {hint}, so an error that is really "
        "large cannot be seen. How can the logarithm of a softmax be written without computing the "
        "softmax first?"
    ),
    "logarithm-of-zero": (
        "`{where}` is infinite where the probability of the right class is so small that it is rounded "
        "to 0. How can the logarithm of a softmax be written without computing the softmax first?"
    ),
    "softmax-sum-unweighted@jacobian": (
        "In `{where}` single probabilities are taken away, where products of two belong. How much can a "
        "probability that is nearly 0 change?"
    ),
    "wrong-error@value": "`{where}` is another error: {hint}.",
}
