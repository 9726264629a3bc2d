"""List what students read about rarer mistakes in one slope; others are in `operations`.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_SLOPES: Mapping[str, str] = {
    "reduced-behind-the-power": (
        "In `{where}` 1 is taken away from the power with the exponent {hint}, and the exponent is still the "
        "same. Which comes first there, the power or the difference, and to what does the 1 belong?"
    ),
    "integrated": (
        "`{where}` has the integral of the power. Does the exponent of a power grow when it is "
        "differentiated, or shrink?"
    ),
    "exponent-as-factor": (
        "In `{where}` the exponent came down as a factor. Where does the variable stand: in the base, or in "
        "the exponent?"
    ),
    "gradient-masked-by-its-sign": (
        "In `{where}` negative gradients are gone, too, also where the unit is on. Does the slope of a ReLU "
        "depend on what arrives from above?"
    ),
    "quotient-turned-over": (
        "`{where}` is what it would be if the two operands had changed places. Which of them stands below "
        "the line in the forward pass?"
    ),
    "numerator-differentiated": (
        "`{where}` has both terms of the quotient rule, as if what stands above the line grew with what "
        "stands below it. Does it?"
    ),
    "divisor-shifted": (
        "In `{where}` something is added to what the gradient is divided by. Is anything added in this line "
        "of the forward pass?"
    ),
    "sum-times-entries": (
        "In `{where}` the gradient was multiplied by the entries themselves. How much does a sum grow when "
        "one of its terms grows a little?"
    ),
    "sum-resized": (
        "`{where}` was summed over the first axis alone, and brought into its shape by repeating numbers or "
        "leaving some out. Along which axes was this array repeated, and along how many?"
    ),
}
