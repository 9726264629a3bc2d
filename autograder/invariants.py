"""Write down equations that hold between right gradients, whatever the data: they need no solution.

An assignment declares them, and the self-check says which of them a student's own numbers break.
"""

from __future__ import annotations

from autograder.exercise import Invariant


def sums_to_zero(name: str) -> Invariant:
    """Say of a gradient by scores in front of a softmax, or of what is made from it, that it sums to 0."""
    why = "the same number added to all scores of a row changes no probability, so the entries of"
    return Invariant(((name,),), (), f"{why} {name} sum to 0.")


def nothing_is_lost(gradient: str, upstream: str) -> Invariant:
    """Say of a gradient that comes from another by sums alone that all entries of both have one sum.

    gradient : of what was broadcast.
    upstream : of what it was broadcast to.
    """
    why = f"{gradient} comes about by adding up what comes from above, so all of its entries together are"
    return Invariant(((gradient,),), ((upstream,),), f"{why} as much as all of that.")


def across_relu(layer: int) -> Invariant:
    """Say of two layers with a ReLU between them that what goes into the second comes out of the first.

    A ReLU is homogeneous: max(0, c·z) = c·max(0, z) for c > 0. So the error changes alike when the weights of
    a layer grow by a small part of themselves, and when the weights and biases of the layer before it do.

    layer : the first one's number.
    """
    before, after, bias = f"W{layer}", f"W{layer + 1}", f"B{layer}"
    return Invariant(
        ((after, f"D{after}"),),
        ((before, f"D{before}"), (bias, f"D{bias}")),
        f"with a ReLU between two layers, {after} times D{after}, summed over all entries, equals "
        f"{before} times D{before} plus {bias} times D{bias}.",
    )
