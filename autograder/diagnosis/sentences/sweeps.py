"""List what students read about mistakes in a backward sweep over a graph.

`{where}` is what the sweep computes, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.diagnosis.sentences.slopes import OF_SLOPES

OF_SWEEPS: Mapping[str, str] = {
    "overwritten-not-accumulated": (
        "Where a node is used several times, the `{where}` have one of the terms alone. What becomes of a "
        "term when the next one arrives?"
    ),
    "used-before-complete": (
        "In the `{where}` some node has handed on its own before all of its terms had arrived: nodes are "
        "gone through {hint}. Which nodes have to come before a node may hand on its gradient?"
    ),
    "visited-once-a-path": (
        "A node that several ways lead to has handed on its gradient once for each of them, and each time "
        "all that had arrived by then: the `{where}` before it are too large. How often should it hand on?"
    ),
    "repeated-operand-added-once": (
        "In `{where}`, an operation that takes one node twice, as x·x does, has sent back one term alone. "
        "What does `+=` do in NumPy when an index occurs twice, and what does a dictionary keep?"
    ),
    "gradients-not-kept": (
        "In the `{where}` only leaves have theirs: every node that was computed from others has 0. What is "
        "left of a gradient once it has been handed on?"
    ),
    "second-operand-left-out": (
        "Only the first of two operands has got its share of the `{where}`. Where does the second one get "
        "its?"
    ),
    "gradients-begin-with-ones": (
        "The `{where}` are larger by what they were before anything arrived. What is the sum of no terms?"
    ),
    "gradients-accumulated@sweep": "The `{where}` hold what is left {hint}. What should a sweep begin with?",
    "slope-left-out": (
        "The `{where}` are handed on as they are, without the slopes on the arrows: this counts the ways. "
        "How much does a node grow when one that it is computed from grows by a little?"
    ),
    "upstream-ignored@sweep": (
        "In the `{where}` the slopes on the arrows are summed up, and what has arrived at the arrow's end "
        "has no part in it. What does the chain rule multiply with?"
    ),
    "slopes-exchanged": (
        "In the `{where}` the two slopes of a node have changed places. Which column belongs to which parent?"
    ),
    "zero@sweep": (
        "All `{where}` are 0. What does the last node begin with, is it among the nodes that hand on, and "
        "does every node still know the nodes that it was computed from?"
    ),
    "seed-not-one": (
        "What the last node hands on makes the `{where}` a multiple of what they are. How much does a "
        "number change when it is itself changed by a little?"
    ),
    "gradients-share-an-array": (
        "Some of the `{where}` are the very numbers of another node's: several nodes hold one and the same "
        "array, and what is added to it in place arrives at all of them. Which line hands an array on "
        "as it is, and which one changes it?"
    ),
    "seed-ignored": ("The `{where}` begin with 1 at the last node. Which number is its gradient here?"),
    "seed-twice": (
        "The number that the `{where}` begin with comes in twice. At which node does it stand, and how does "
        "it get to all others?"
    ),
    "seed-for-upstream": (
        "In the `{where}` each slope is multiplied by the number that the last node begins with. Which "
        "number has arrived at the end of this arrow?"
    ),
    "slopes-of-another-row": (
        "The `{where}` are made with slopes from the row of the node that gets them. To which of the two "
        "nodes at an arrow does the row with its slope belong?"
    ),
    "slope-signs-left-out": (
        "The `{where}` are made with slopes that have lost their signs. What becomes of a node when one that "
        "it is computed from grows, and the slope is negative?"
    ),
    "terms-averaged": (
        "Where a node is used several times, the `{where}` have the mean of the terms. When the node grows "
        "a little, which of its uses changes the result: one of them, or each?"
    ),
    "terms-multiplied": (
        "Where a node is used several times, the `{where}` have the product of the terms. How do the changes "
        "come together that its uses make to the result?"
    ),
    "fractions-cut-off": (
        "In the `{where}` the fraction is cut off wherever something arrives. Which kind of numbers can the "
        "array hold that they are collected in?"
    ),
    "gradients-in-order-of-sweep": (
        "The `{where}` are right, in the order in which the sweep comes to their nodes. Which node does the "
        "first one that is handed in belong to?"
    ),
    "values-for-gradients": (
        "The `{where}` are made from the values of the nodes, everywhere, where their gradients belong. In "
        "which order does the function take the two that computes what a node hands on?"
    ),
    "cut-off@sweep": (
        "The `{where}` are cut off at {hint} on their way, and handed on so. Is anything cut off in the "
        "forward pass, and which gradient is it that is asked for?"
    ),
    # who hands on
    "only-last-node-hands-on": (
        "The last node has handed on its gradient, and no other has: all further `{where}` are 0. Does each "
        "node know the nodes that it was computed from, whichever operation made it, and which node has to "
        "hand on first?"
    ),
    "first-node-left-out": (
        "The node with the number 0 gets none of the `{where}`. Which number in the table says that there is "
        "no node, and which is the smallest number of one?"
    ),
    "last-node-hands-on-nothing": (
        "The last node has its own gradient, and hands on nothing: all other `{where}` are 0. At which node "
        "does the sweep begin, and what are the slopes multiplied with there?"
    ),
    "stops-at-a-leaf": (
        "In the `{where}` the sweep is over at the first node that was computed from no other. Which nodes "
        "before it have still something to hand on?"
    ),
    "waits-for-unreached": (
        "In the `{where}` some node has waited for one that uses it and that the last node does not depend "
        "on, and has never handed on its own. Which of its uses will ever send something back?"
    ),
    **OF_SLOPES,
    # what is taken for the upstream gradient
    "operand-gradients-swapped": (
        "`{where}` has the gradient of the other operand, {hint}. Which of the two is asked for here?"
    ),
    "output-for-upstream": (
        "`{where}` was made from {hint}, a value, where the gradient of it belongs. Which of the two comes "
        "from above?"
    ),
}
