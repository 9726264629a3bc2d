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


def masked_sums_to_zero(name: str, mask: str) -> Invariant:
    """Say of a gradient by scores in front of a softmax with a mask that what the mask leaves sums to 0."""
    why = (
        f"the same number added to all scores that {mask} leaves changes no probability, so there the entries"
    )
    return Invariant(((mask, name),), (), f"{why} of {name} sum to 0.")


def nothing_outside(name: str, mask: str) -> Invariant:
    """Say of a gradient in front of a mask that it has nothing where the mask hides: no future is felt."""
    sentence = f"no score that {mask} hides changes anything, so that {name} has nothing but 0 there."
    return Invariant(((mask, name),), ((name,),), sentence)


def equal_sums(one: str, other: str, why: str) -> Invariant:
    """Say of two products of an array and its gradient, such as "Q∘DQ", that their entries sum to the same.

    why : the reason, for the sentence: "Q and K go into R alike".
    """
    (a, da), (b, db) = (product.split("∘") for product in (one, other))
    sentence = f"{why}, so {a} times {da}, summed over all entries, equals {b} times {db}."
    return Invariant(((a, da),), ((b, db),), sentence)


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


def shifted_alike(name: str, entries: str) -> Invariant:
    """Say of a gradient in front of a mean that is taken away that it sums to 0.

    entries : what goes into one mean, such as `a row`.
    """
    why = f"the same number added to all entries of {entries} is taken away with their mean, so those of"
    return Invariant(((name,),), (), f"{why} {name} sum to 0.")


def across_factor(factor: str, other: str) -> Invariant:
    """Say of two factors that what is made of them changes alike when either grows by a part of itself."""
    return Invariant(
        ((factor, f"D{factor}"),),
        ((other, f"D{other}"),),
        f"{factor} and {other} are multiplied, so {factor} times D{factor}, summed over all entries, equals "
        f"{other} times D{other}.",
    )


def same_sum(term: str, upstream: str) -> Invariant:
    """Say of a term that is added to every row that its gradient has the sum of the upstream one."""
    return Invariant(
        ((term,),), ((upstream,),), f"{term} and {upstream} have the same sum: {term} is added to every row."
    )


def size_taken_away(normalised: str) -> Invariant:
    """Say of what is divided by its own size that growing changes it through eps alone.

    If X grows c times and eps c² times, (X - M)/S stays as it is. So X∘DX and twice eps times its gradient
    sum to 0 over all that share an S; and the gradient by eps is the sum of -DH∘H/2S².

    normalised : what comes out, such as H.
    """
    return Invariant(
        (("S", "S", "X", "DX"),),
        (("eps", f"D{normalised}", normalised),),
        f"if X grows, S grows with it, and only eps keeps {normalised} from staying as it is. So S² times X "
        f"times DX, summed over all entries, equals eps times D{normalised} times {normalised}.",
    )
