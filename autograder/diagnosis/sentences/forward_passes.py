"""List what students read about mistakes in a forward pass.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_FORWARD_PASSES: Mapping[str, str] = {
    "penalty-added": (
        "`{where}` has {hint} times the sum of all squared weights added to it. Is that in the error that is "
        "asked for?"
    ),
    "layer-left-out": (
        "`{where}` is what came out of the layer before: the network runs past this layer, so that its "
        "parameters have no gradient. Which layers does your loop go through?"
    ),
    "input-changed": (
        "`{where}` goes through {hint} first. What does the forward pass make of the data as they are given?"
    ),
    "operands-exchanged": (
        "{hint} stand in each other's places: the shapes are the same. Which of them belong to `{where}`?"
    ),
    "bias-inside-product": (
        "The bias `{where}` is added before the product, so that it is multiplied with the weights, too. "
        "What is it added to in the forward pass?"
    ),
    "bias-added-twice": (
        "The bias `{where}` is added twice. Which of your lines adds it, and does a layer of a library add "
        "one of itself?"
    ),
    "bias-summed": (
        "In `{where}` the sum of all entries of the bias is added to every entry. How many numbers does a "
        "bias have for each data point?"
    ),
    "skip-added": (
        "`{where}` has {hint} added on the way, as a residual connection does. Which terms does the forward "
        "pass have here?"
    ),
    # functions of numbers
    "function-left-out": (
        "`{where}` is computed without {hint}: what should go into it goes on as it is. Which function "
        "stands in this line of the forward pass?"
    ),
    "wrong-function": (
        "`{where}` is computed with {hint}. Which function stands in this line of the forward pass?"
    ),
    "number-left-out": (
        "`{where}` lacks the number that is added to it in the forward pass. What keeps it away from 0?"
    ),
    "number-after-function": (
        "In `{where}` the number of {hint} is added to what the function gives. In the forward pass it is "
        "added to what the function is given."
    ),
    # products, sums, quotients
    "operand-transposed": (
        "In `{where}`, {hint} is multiplied as if it were transposed. The shapes agree only because it has "
        "as many rows as columns: which of its indices is summed over?"
    ),
    "factors-swapped": (
        "`{where}` has its two factors in the other order. The shapes agree, but a product of matrices "
        "depends on the order: which one stands on the left?"
    ),
    "elementwise-for-matrix-product": (
        "`{where}` is a product entry by entry. How does a product of matrices come about from rows and "
        "columns?"
    ),
    "term-left-out": (
        "In `{where}`, {hint} is missing. Which terms does this line of the forward pass have?"
    ),
    "difference-for-sum": "`{where}` is a difference, where the forward pass has a sum.",
    "product-for-sum": "`{where}` is a product entry by entry, where the forward pass has a sum.",
    "sum-for-difference": "`{where}` is a sum, where the forward pass has a difference.",
    "difference-turned-round": (
        "`{where}` is a difference the wrong way round. What is subtracted from what in the forward pass?"
    ),
    "factor-left-out": (
        "In `{where}`, {hint} is missing. Which factors does this line of the forward pass have?"
    ),
    "sum-for-product": "`{where}` is a sum, where the forward pass has a product entry by entry.",
    "quotient-for-product": "`{where}` is divided where the forward pass multiplies.",
    "divisor-left-out": "`{where}` is not divided by anything. What does the forward pass divide by here?",
    "quotient-turned-round": (
        "`{where}` is a quotient the wrong way round. What is divided by what in the forward pass?"
    ),
    "product-for-quotient": "`{where}` is multiplied where the forward pass divides.",
    "scale-left-out": (
        "`{where}` lacks its constant factor. What is it multiplied with, or divided by, in the forward pass?"
    ),
    "scale-inverted": (
        "`{where}` has the inverse of its constant factor: it is multiplied where the forward pass divides, "
        "or the other way round."
    ),
    "scale-squared": (
        "`{where}` has the square of its constant factor. Has the factor come in twice, or is a root missing?"
    ),
    "scale-of-wrong-width": (
        "`{where}` is scaled with {hint}. Whose entries are summed up in the line before, and how many of "
        "them are there?"
    ),
    "scale-after-softmax": (
        "In `{where}` the probabilities are scaled, and not the scores, so that they do not sum to 1. Does "
        "it come to the same whether a number is divided before an exponential or after it?"
    ),
    "product-transposed": (
        "`{where}` has rows for columns. Which of its axes counts what asks, and which what is asked?"
    ),
    # sums, means and maxima over axes, and masks
    "reduced-wrong-axis": (
        "`{where}` is taken over {hint}. Which axis of the array should the entries come together along?"
    ),
    "sum-for-mean": "`{where}` is a sum, where the forward pass has a mean: how many entries go into it?",
    "mean-for-sum": "`{where}` is a mean, where the forward pass has a sum: nothing is divided by.",
    "mean-over-one-less": (
        "`{where}` is divided by one less than the number of entries, as the variance of a sample is. The "
        "forward pass has the mean of these entries."
    ),
    "mask-left-out": (
        "In `{where}` the mask plays no part: what it takes out counts like all the rest. What should be "
        "seen of these entries?"
    ),
    "mask-not-counted": (
        "`{where}` is divided by the number of all entries. How many of them does the mask leave?"
    ),
    "mask-inverted": "In `{where}` the mask is the wrong way round: true is for what is left.",
    "mask-after-softmax": (
        "In `{where}` the mask comes after the softmax, so what is left does not sum to 1. Which scores may "
        "take part in the sum in the denominator?"
    ),
    "masked-scores-zero": (
        "In `{where}` masked scores are 0 and not minus infinity. How large is the exponential of 0, and how "
        "large should it be?"
    ),
    "mask-added": (
        "In `{where}` the mask is added to the scores as 0 and 1. How far does a score have to go down for "
        "its exponential to vanish?"
    ),
    "another-mask": (
        "In `{where}` the mask lets through {hint}, and the one that is given plays no part. Which entries "
        "does the mask leave where it is no triangle?"
    ),
    "clipped-scores": (
        "In `{where}` the scores are {hint} first. What becomes of the difference between two scores that "
        "are cut off, and what can be done to large scores that changes no difference?"
    ),
    "softmax-left-out": (
        "`{where}` holds the scores themselves. What do its rows have to sum to, and which of its entries "
        "may be negative?"
    ),
    "heads-averaged": (
        "In `{where}` every head gives the mean of all heads. What does the forward pass do with what the "
        "heads have found: mix it, or set it side by side?"
    ),
    "last-head-only": (
        "In `{where}` only the last head is left. What becomes of an array in a loop over heads that writes "
        "it anew each time?"
    ),
    "maximum-not-added": (
        "`{where}` lacks the maximum that was subtracted first. What has to be done at the end so that "
        "nothing changes?"
    ),
    # places
    "transpose-left-out": (
        "In `{where}` the transpose is missing. The shapes agree only because there are as many rows as "
        "columns: which index counts what?"
    ),
    "reshaped-by-columns": (
        "`{where}` has the right shape, with the entries in another order. Which index runs fastest when an "
        "array is read row by row?"
    ),
    "joined-in-other-order": "`{where}` has its two pieces in the other order. Which one comes first?",
    "branches-swapped": (
        "In `{where}` the two arrays have changed places: which is taken where the mask is true?"
    ),
    "sum-for-choice": (
        "`{where}` is the sum of both arrays. Of each pair of entries only one is chosen: which?"
    ),
    "rows-off-by-one": (
        "`{where}` has the rows in front of the right ones. Which number does the first row have?"
    ),
    "powers-in-other-order": (
        "The columns of `{where}` are in the other order. Which power belongs to the first parameter?"
    ),
    "powers-from-one": (
        "The powers in `{where}` begin one too high. What is the first parameter multiplied with?"
    ),
    # normalisations
    "mean-not-subtracted": "In `{where}` the mean is not taken away. What is its mean afterwards?",
    "deviation-not-divided": "`{where}` is not divided by the deviation. How far do its entries spread?",
    "divided-by-variance": (
        "`{where}` is divided by the variance. In which unit is that, when the entries are in metres?"
    ),
    "eps-outside-the-root": (
        "In `{where}` eps stands outside the root. What is it added to in the forward pass?"
    ),
    "eps-left-out": "`{where}` has no eps in it. What happens where all entries are the same?",
}
