"""Write down equations that hold between right gradients, whatever the data: they need no solution.

An assignment declares them, and the self-check reports which of them a student's own numbers violate.
"""

from __future__ import annotations

from autograder.exercise import Invariant


def sums_to_zero(name: str) -> Invariant:
    """State that a gradient with respect to scores before a softmax, or one made from it, sums to 0."""
    why = "the same number added to all scores of a row changes no probability, so the entries of"
    return Invariant(((name,),), (), f"{why} {name} sum to 0.")


def nothing_is_lost(gradient: str, upstream: str) -> Invariant:
    """State that a gradient made from another by sums alone has the same total.

    gradient : of what was broadcast.
    upstream : of what it was broadcast to.
    """
    why = f"{gradient} comes about by adding up what comes from above, so all of its entries together are"
    return Invariant(((gradient,),), ((upstream,),), f"{why} as much as all of that.")


def masked_sums_to_zero(name: str, mask: str) -> Invariant:
    """State that a gradient with respect to scores before a masked softmax sums to 0 where it is allowed."""
    why = (
        f"the same number added to all scores that {mask} leaves changes no probability, so there the entries"
    )
    return Invariant(((mask, name),), (), f"{why} of {name} sum to 0.")


def nothing_outside(name: str, mask: str) -> Invariant:
    """State that a gradient before a mask is 0 where the mask hides: the future has no influence."""
    sentence = f"no score that {mask} hides changes anything, so that {name} has nothing but 0 there."
    return Invariant(((mask, name),), ((name,),), sentence)


def equal_sums(one: str, other: str, why: str) -> Invariant:
    """State that the entries of two products of an array and its gradient, such as "Q∘DQ", have equal sums.

    why : the reason, for the sentence: "Q and K go into R alike".
    """
    (a, da), (b, db) = (product.split("∘") for product in (one, other))
    sentence = f"{why}, so {a} times {da}, summed over all entries, equals {b} times {db}."
    return Invariant(((a, da),), ((b, db),), sentence)


def across_relu(layer: int) -> Invariant:
    """State that, with a ReLU between two layers, what goes into the second equals what leaves the first.

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
    """State that a gradient before a mean is subtracted sums to 0.

    entries : what goes into one mean, such as `a row`.
    """
    why = f"the same number added to all entries of {entries} is taken away with their mean, so those of"
    return Invariant(((name,),), (), f"{why} {name} sum to 0.")


def across_factor(factor: str, other: str) -> Invariant:
    """State that a product changes alike when either of its factors grows by a part of itself."""
    return Invariant(
        ((factor, f"D{factor}"),),
        ((other, f"D{other}"),),
        f"{factor} and {other} are multiplied, so {factor} times D{factor}, summed over all entries, equals "
        f"{other} times D{other}.",
    )


def same_sum(term: str, upstream: str) -> Invariant:
    """State that a term that is added to every row has a gradient with the upstream gradient's sum."""
    return Invariant(
        ((term,),), ((upstream,),), f"{term} and {upstream} have the same sum: {term} is added to every row."
    )


def size_taken_away(normalised: str) -> Invariant:
    """State that what is divided by its own size changes, if it grows, through eps alone.

    If X grows c times and eps c² times, (X - M)/S stays as it is. So X∘DX and twice eps times its gradient
    sum to 0 over all that share an S; and the gradient with respect to eps is the sum of -DH∘H/2S².

    normalised : the result, such as H.
    """
    return Invariant(
        (("S", "S", "X", "DX"),),
        (("eps", f"D{normalised}", normalised),),
        f"if X grows, S grows with it, and only eps keeps {normalised} from staying as it is. So S² times X "
        f"times DX, summed over all entries, equals eps times D{normalised} times {normalised}.",
    )
