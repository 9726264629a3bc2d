"""List what students read about a curve's gradient, a descent and its largest step.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_DESCENTS: Mapping[str, str] = {
    "wrong-powers": (
        "`{where}` was computed with {hint}. What is the derivative of a + b·x + c·x² + d·x³ by this "
        "parameter?"
    ),
    "coefficients-reversed": (
        "In `{where}` the coefficients come in reverse order, as some functions for polynomials want them: "
        "the highest power first. Which of them stands with x³?"
    ),
    "constant-left-out": (
        "In `{where}` the curve is drawn without its constant term `{hint}`. Which of the coefficients does "
        "your prediction use?"
    ),
    "term-left-out": (
        "In `{where}` the curve is drawn without the term of its coefficient `{hint}`. Which of the "
        "coefficients does your prediction use?"
    ),
    "wrong-term": (
        "In `{where}` the curve has a term {hint}. Which power of x stands with this coefficient in the "
        "model?"
    ),
    "coefficient-in-bracket": (
        "In `{where}` the curve has {hint}, so that the coefficient is raised to a power, too. What does the "
        "power in the model belong to?"
    ),
    "factor-on-one-term": (
        "In the gradient the 2 of the square multiplies the {hint} alone, and not the whole of `{where}`. "
        "Which parenthesis stands around the difference?"
    ),
    "broadcast-targets@curve": (
        "`{where}` holds every prediction less every target. An (N,1) array minus an (N,) array has shape "
        "(N,N): look at the shapes in their difference."
    ),
    "sign-lost": (
        "`{where}` is taken without its sign. Into which direction should a prediction move that is too low?"
    ),
    "summed-apart": (
        "In `{where}` the residuals and {hint} are each summed up first, and then multiplied. Is a sum of "
        "products the same as a product of two sums?"
    ),
    "slope-of-chord": (
        "`{where}` is the slope between two points of the loss that are {hint} apart, one of them at the "
        "parameters themselves. The loss is curved in between: what does its derivative say there?"
    ),
    "point-left-out": (
        "`{where}` leaves out the {hint} data point, which then has no part in any sum. Which data points "
        "does the sum in the loss run over?"
    ),
    "square-not-differentiated": (
        "In place of `{where}` stands the square itself, as in the loss. What is its derivative?"
    ),
    "prediction-not-multiplied": (
        "In `{where}` the target is multiplied by {hint} and the prediction is not. Which parenthesis stands "
        "around their difference?"
    ),
    "target-not-multiplied": (
        "In `{where}` the prediction is multiplied by {hint} and the target is not. Which parenthesis stands "
        "around their difference?"
    ),
    "other-terms-left-out": (
        "`{where}` was computed as if the curve were {hint} and nothing else. Do the other terms vanish from "
        "the difference when their coefficients are held constant?"
    ),
    "coefficient-kept": (
        "`{where}` still has the coefficient `{hint}` as a factor. What is the derivative of 3·t by t?"
    ),
    "gradients-accumulated": (
        "Each step uses the sum of all gradients so far, not the gradient at this step. `backward()` adds"
        " to what stands in `.grad`: who clears it?"
    ),
    "gradients-accumulated-in-part": (
        "For {hint}, each step to `{where}` uses the sum of all gradients so far; for the others it uses the "
        "gradient at this step. `backward()` adds to what stands in `.grad`: who clears it?"
    ),
    "gradients-cleared-late": (
        "The gradients are added up over {hint} steps before they are cleared. What should a step to "
        "`{where}` use of those before it?"
    ),
    "not-updated": (
        "A step to `{where}` leaves {hint} as before, and changes the rest. Which parameters should it "
        "change?"
    ),
    "steps-ignored": (
        "Every descent takes {hint} steps, however many it is told to take. Which argument says so?"
    ),
    "parameters-unchanged": (
        "The parameters never change: `{where}` comes back as it went in, and each loss is that of the "
        "start. Does the line that should change them change what the next step uses, and is the gradient "
        "still there when it runs?"
    ),
    "returns-start": (
        "`{where}` comes back as it went in. Which tensor do your updates change, and which do you return?"
    ),
    "parameters-in-other-order": (
        "`{where}` comes back in the order {hint}. In which order did its entries go in?"
    ),
    "update-not-kept": (
        "`{where}` is one step away from the start, and each loss is that of the start: every step sets out "
        "from there anew. Which tensor do your updates change, and which does the next step use?"
    ),
    "gradient-of-the-start": (
        "Every step uses the gradient at the start{hint}. The parameters change: what becomes of their "
        "gradient?"
    ),
    "wrong-learning-rate": (
        "The steps to `{where}` are taken with {hint}. Which argument says how long a step is?"
    ),
    "another-descent": (
        "`{where}` is where {hint} leads. Plain gradient descent is asked for: the parameters less the "
        "learning rate times the gradient, and nothing else."
    ),
    "wrong-start": "The descent to `{where}` sets out from {hint}. Which argument says where it begins?",
    "penalty-added@curve": (
        "`{where}` has {hint} times the sum of all squared coefficients added to it, and the steps follow "
        "from that. Is it in the loss that is asked for?"
    ),
    "losses-added-up": (
        "`{where}` holds the {hint} of all losses so far, where each step's own is asked for. What is added "
        "to what before it is recorded?"
    ),
    "losses-of-the-start": (
        "Each entry of `{where}` is the loss at the start. Of which parameters is the loss computed, and how "
        "often?"
    ),
    "stopped-early": (
        "`{where}` has fewer entries than there are steps, and the parameters are where a descent of so few "
        "steps leads. What ends your loop before its last step?"
    ),
    "wrong-direction": "The parameters move uphill: each step adds what it should take away.",
    "too-many-steps": "`{where}` has had one update too many.",
    "too-few-steps": "`{where}` has had one update too few.",
    "loss-after-update": (
        "`{where}` are recorded after the update; each should be the loss from which its step sets out."
    ),
    "curvature-for-rate": (
        "`{where}` is the largest curvature itself. How long may a step be where the curvature is large?"
    ),
    "wrong-eigenvalue": "`{where}` belongs to {hint}. Which direction breaks first when the step grows?",
}
