"""List what students read about mistakes in the derivatives of a softmax and of a cross-entropy.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_SOFTMAX: Mapping[str, str] = {
    # softmax
    "missing-softmax-derivative": (
        "`{where}` stops at the probabilities. How does each of them change with every score beside it?"
    ),
    "softmax-diagonal-only": (
        "`{where}` takes each probability to depend on its own score alone. What happens to the other "
        "probabilities of a row when one score grows?"
    ),
    "softmax-row-sum-missing": (
        "In `{where}` each probability's gradient was weighted, and nothing was taken away. When all scores "
        "of a row grow by the same amount, by how much do the probabilities change, and what must the row of "
        "`{where}` sum to?"
    ),
    "softmax-wrong-axis": (
        "In `{where}` the softmax goes over the wrong entries. Each row is a question of its own: "
        "which entries have to sum to 1?"
    ),
    "mean-for-weighted-sum": (
        "In `{where}` the plain mean of the gradients was taken away. Do all scores of a row have the same "
        "share in what is common to them?"
    ),
    "softmax-sum-unweighted": (
        "In `{where}` the plain sum of the gradients was taken away. Do all scores of a row have the same "
        "share in it?"
    ),
    "softmax-sum-added": (
        "In `{where}` the sum over the row was added. When one score grows, do the other probabilities grow "
        "or shrink?"
    ),
    "softmax-factor-missing": (
        "In `{where}` the sum over the row was taken away, and the result is not weighted. How much can a "
        "probability that is nearly 0 change?"
    ),
    "square-taken-away-twice": (
        "In `{where}` the square of each probability is taken away twice: in p(1 - p), and with the products "
        "of all probabilities once more. What stands on the diagonal of these products?"
    ),
    "diagonal-without-square": (
        "On the diagonal `{where}` has each probability as it is. A score stands in the denominator of its "
        "own probability, too: what does that take away?"
    ),
    "softmax-diagonal-everywhere": (
        "Every entry of `{where}` has the form of those on the diagonal. What does a score change of a "
        "probability that is not its own?"
    ),
    "softmax-diagonal-twice": (
        "In `{where}` what each score does to its own probability is counted twice, and what it does to the "
        "others once. How many times does each entry of the Jacobian come into the sum?"
    ),
    "one-class-alone": (
        "In `{where}` there is what comes back through {hint} alone. Each score changes all probabilities of "
        "its row: what becomes of the others on your way?"
    ),
    "log-softmax-assumed": (
        "`{where}` is what comes back through the logarithm of a softmax. By which quantity is the gradient "
        "that arrives here: by the probabilities, or by their logarithms?"
    ),
    "missing-softmax": (
        "In `{where}` every score has the same share in the gradient. Which of them moves this logarithm of "
        "a sum the most?"
    ),
    "softmax-not-normalised": (
        "In `{where}` the shares of the scores do not sum to 1. What is inside the logarithm, and what does "
        "its derivative divide by?"
    ),
    # the cross-entropy
    "targets-left-out": (
        "`{where}` has entries for all classes. Which probabilities of a data point does the error look at?"
    ),
    "targets-not-subtracted": (
        "In `{where}` the targets have no part. At which entry of a row does the right class make a "
        "difference?"
    ),
    "logits-for-probabilities": (
        "`{where}` was made from the scores, where probabilities belong. What stands between the "
        "scores and the error in the forward pass?"
    ),
    "log-probabilities-for-probabilities": (
        "`{where}` was made from logarithms of probabilities, where the probabilities themselves "
        "belong. Which of the two do your quantities hold at this place?"
    ),
    "sigmoid-for-softmax": (
        "`{where}` comes from a sigmoid of each score alone, so its rows do not sum to 1. What makes "
        "the classes of a row compete with each other?"
    ),
    "double-softmax": (
        "In `{where}` the softmax was applied twice: its result went through a second one. Which of "
        "your functions applies a softmax by itself?"
    ),
    "softmax-included": (
        "`{where}` goes through softmax already. Which quantity is it the derivative by: the probabilities, "
        "or the scores?"
    ),
    "binary-cross-entropy": (
        "`{where}` belongs to classes that are right or wrong each for itself. Which term does the error "
        "here have for a class that is not the right one?"
    ),
    "averaged-over-classes": (
        "`{where}` is divided by the number of classes as well. The error is a mean over the data "
        "points: how many numbers are averaged?"
    ),
    "double-softmax-derivative": (
        "In `{where}` the derivative of the softmax comes in twice. What has become of it in P - T?"
    ),
    "target-not-subtracted-from": (
        "In `{where}` the entry of the right class does not depend on the probability there. What remains of "
        "a probability when 1 is subtracted from it?"
    ),
    "wrong-sign-at-target": (
        "In `{where}` the entries of the right classes have the opposite sign. When the score of the right "
        "class grows, does the error grow or shrink?"
    ),
    "targets-as-columns": (
        "In `{where}` every row has 1 taken away in the columns of all targets. Each data point has one "
        "target: how do you pick one entry from each row?"
    ),
    "targets-as-rows": (
        "In `{where}` whole rows have 1 taken away: those with the numbers of the targets. Does a target say "
        "which row it belongs to, or which column of its row?"
    ),
    "weighted-by-class": (
        "In `{where}` each data point counts the more, the rarer its class is. How much does each of them "
        "count in the mean that is the error?"
    ),
    "wrong-targets": (
        "`{where}` takes {hint} for the target. Which class of a row is the right one, and what does the "
        "target say of all the others?"
    ),
}
