"""List what students read about mistakes in an attention of several heads.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_ATTENTIONS: Mapping[str, str] = {
    # heads
    "one-head-for-all": (
        "In `{where}` all heads have what belongs to {hint}. Which columns are the others' own?"
    ),
    "heads-cut-short": (
        "In `{where}`, or in what it is multiplied with, the last column of each head plays no part. How many"
        " columns belong to a head, and where does the next one begin?"
    ),
    "heads-of-wrong-width": (
        "`{where}` is cut into {hint}. How many columns does this array have in all, and how many heads share"
        " them?"
    ),
    "heads-in-reverse": (
        "In `{where}` the heads come in reverse order. Which of them stands on the left, and which rows of "
        "the weights behind does it meet?"
    ),
    "heads-added-up": (
        "In `{where}` all heads meet the same rows of the weights behind, as if they were added up. How many "
        "columns has `{where}`, and which of them are each head's own?"
    ),
    # the softmax and its mask
    "masked-scores-finite": (
        "In `{where}` masked scores are {hint} and not minus infinity. How large is the exponential of "
        "{hint}, and how large should it be?"
    ),
    "normalised-again-elsewhere": (
        "In `{where}` the probabilities are masked and then divided by sums, and not by those of their own "
        "row. What has to sum to 1: what one position sees, or how it is seen by all?"
    ),
    "sums-of-other-rows": (
        "In `{where}` each column is divided by the sum of the row with its number. Which shape do the sums "
        "have, and along which axis do they broadcast?"
    ),
    "row-sums-for-columns": (
        "In `{where}` the sum of each row was taken away from a column. Which shape do the sums have, and "
        "along which axis do they broadcast?"
    ),
    "weighted-twice": (
        "In `{where}` the sum over the row has the probabilities in it twice. By what is each gradient "
        "weighted in it: by p, or by p²?"
    ),
    "triangle-for-mask": (
        "`{where}` is 0 above the diagonal, whatever the mask. Which of its entries does the mask leave "
        "where it is no triangle, and what has made the others 0 already?"
    ),
    "row-sum-of-another": (
        "In `{where}` the sum over the row was taken by way of what comes out behind it, and with {hint}. "
        "Which array does the product of this row give?"
    ),
    # products on the way back
    "gradient-for-operand": (
        "In `{where}` stands {hint}, a gradient, where the quantity itself belongs. What does the upstream "
        "gradient meet in this line: an array of the forward pass, or another gradient?"
    ),
    "not-transposed-on-the-way": (
        "On the way to `{where}`, where {hint} is made, a square array came in with rows for columns. Which "
        "of its indices is summed over on the way back?"
    ),
    # what is not there
    "input-added": (
        "In `{where}`, {hint} is added to the product, as a residual connection does. Which terms does this "
        "line of the forward pass have?"
    ),
}
