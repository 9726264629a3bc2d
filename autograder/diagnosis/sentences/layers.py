"""List what students read about a layer's weights, inputs and bias on the way back.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

OF_LAYERS = {
    # the gradient goes through the weights
    "weights-left-out": (
        "In `{where}` the gradient went past the weights, not through them. What stands between this layer "
        "and the one above it?"
    ),
    "weights-not-transposed": (
        "In `{where}` the gradient went through the weights in the forward direction. The shapes agree "
        "only because the matrix is square: which index of W is summed over on the way back?"
    ),
    "reshape-for-transpose@operand": (
        "In `{where}` the gradient met {hint} in the right shape, with the entries in another order than in "
        "the transpose. What is the difference between a new shape and a transpose?"
    ),
    "wrong-weights": (
        "In `{where}` the gradient went through {hint}, the weights of another place. Which weights lie "
        "between this layer and the one above it?"
    ),
    "gradient-for-weights": (
        "In `{where}` the gradient went through {hint}, the gradient of the weights, and not through the "
        "weights themselves. What stands in this line of the forward pass?"
    ),
    "weights-updated": (
        "In `{where}` the gradient went through weights that had been changed already. Finish the "
        "backward pass with the parameters of the forward pass, then update."
    ),
    "pre-activation-as-input": (
        "`{where}` was computed with pre-activations. What is it that the weights are multiplied with in "
        "the forward pass: what enters the unit below, or what leaves it?"
    ),
    "wrong-input": (
        "`{where}` was computed with {hint}, which does not enter this layer. Which array are these "
        "weights multiplied with in the forward pass?"
    ),
    "weights-summed": (
        "In `{where}` the gradient was multiplied by sums of the weights, by the sum of {hint}. Every weight "
        "belongs to one unit below and one above: what is multiplied with what before anything is summed?"
    ),
    "weights-normalised": (
        "In `{where}` the weights {hint}, as if each unit shared its gradient out "
        "among those below. What does the forward pass multiply with?"
    ),
    "one-unit-above": (
        "`{where}` knows of one unit above alone, the {hint}. Each unit here feeds all of those above: how "
        "do their gradients come together?"
    ),
    "mask-before-product": (
        "In `{where}` the mask of {hint} was applied to the gradient in front of the product with the "
        "weights. Do that gradient's columns stand for the units that this ReLU switches, or for those above?"
    ),
    "mask-without-bias": (
        "In `{where}` the units are switched by the sign of {hint}. What goes into this ReLU on the way "
        "forward?"
    ),
    "mask-as-input": (
        "`{where}` was computed with 0 and 1 where {hint} belongs: 1 where it is positive. Was {hint} "
        "overwritten by its mask before it was needed again?"
    ),
    "product-of-sums": (
        "In `{where}` inputs and gradients were each summed or averaged over the data points, and then "
        "multiplied. What is multiplied for each data point, before anything is summed?"
    ),
    # the bias
    "weights-gradient-summed": (
        "`{where}` is made by summing {hint}, the gradient of the weights. A bias is not multiplied by what "
        "enters the layer: of which gradient is its own the sum?"
    ),
    "values-summed": (
        "`{where}` is the sum of {hint}, values of the forward pass. How a bias has to change is what comes "
        "back to it: of which gradient is its own the sum?"
    ),
    "bias-as-factor": (
        "In `{where}` the gradient is multiplied by {hint}. A bias is added in the forward pass: how much "
        "does a sum grow with one of its terms?"
    ),
    "gradients-share-an-array@part": (
        "`{where}` holds the same numbers as {hint}, and they are the sum of what belongs into each of "
        "these. Is it one array that stands in several places, and is all of it added there?"
    ),
    "returns-updated-parameters@part": (
        "`{where}` holds the parameter after a step of gradient descent, and not the gradient: it is the "
        "parameter plus {hint} times the gradient."
    ),
}
