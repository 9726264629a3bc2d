"""List what students read about an answer as a whole: its order, what is in it, where it comes from.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_STRUCTURES: Mapping[str, str] = {
    "reversed-order": (
        "The gradients come in reverse order: that of the last parameter first. They belong in the order of "
        "the parameters."
    ),
    "reversed-order@list": (
        "In `{hint}` the order is reversed: what belongs to the last parameter stands first. It belongs in "
        "the order of the parameters, as the rest of the answer does."
    ),
    "swapped-lists": (
        "What is returned stands in another order than the one that is asked for, {hint}. Which of its parts "
        "comes first?"
    ),
    "exchanged-arrays": (
        "Arrays stand in one another's place: {hint}. Their numbers are right; in which order are they asked "
        "for?"
    ),
    "same-as-another": (
        "`{where}` holds the very numbers of `{hint}`. Was one array changed in place, or handed in twice? "
        "Or does one's rule stand where the other's belongs?"
    ),
    "returns-parameters": "The function returns the parameters themselves, not their gradient.",
    "returns-updated-parameters": (
        "The function returns parameters after a step of gradient descent, and not the gradient: each array "
        "is its parameter plus {hint} times the gradient."
    ),
    "hard-coded": (
        "Whatever the inputs, the function returns the gradient for the sheet's own data. Use the "
        "arguments, not numbers or data from elsewhere."
    ),
    "brought-to-a-length@answer": (
        "The gradients that are wrong point in the right direction, but all of them together always have the "
        "length {hint}. The length of a gradient says how steep the error is: what divides it away?"
    ),
    "cut-off@answer": (
        "The gradients that are wrong are shortened to {hint} where they are longer than that, all of them "
        "together. The gradient itself is asked for; the step taken with it may still be made shorter."
    ),
    "one-factor-for-all": (
        "All parts of the answer are multiplied by one number, which is another for other data, and right "
        "but for that. What is everything divided or multiplied by at the end?"
    ),
}
