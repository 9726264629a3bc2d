"""List what students read about mistakes that only normalisations have; others are in the neighbouring files.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

OF_NORMALISATIONS: Mapping[str, str] = {
    "diagonal-alone": (
        "`{where}` takes each entry that comes out to depend on its own entry alone. Through the "
        "deviation, which others does one that goes in move, and where do their gradients come in?"
    ),
    "sums-not-finished": (
        "In `{where}` sums were used while they were still being added up: each entry knows only of those "
        "before it. When is a sum complete that all entries need?"
    ),
    "added-up-over-others": (
        "In `{where}` what comes through {hint} is summed over all rows, or over all columns, and each of "
        "these is normalised by itself. With which entries does a single one share its statistics?"
    ),
    "running-statistics-blended": (
        "`{where}` was made with a blend of {hint} and the batch's own mean and deviation, as it is kept for "
        "evaluation. What are the mean and the deviation of this forward pass made of?"
    ),
    "eps-added-again": (
        "`{where}` divides by √({hint}² + eps). {hint} is a deviation as it is, kept to be divided by: what "
        "has been taken into it already?"
    ),
    "length-for-deviation": (
        "In `{where}` the root of a sum of squares, a length, stands in the deviation's place. How does a "
        "length grow with the number of entries, and how does what the forward pass divides by?"
    ),
    "factor-twice": (
        "In `{where}` the factor {hint} comes in twice. How many times does it multiply in the forward pass?"
    ),
    "upstream-added": (
        "`{where}` is right but for {hint}, which was added to it. What would bring that gradient here as it "
        "is: a second way past this line, or a number beside a factor? Does the forward pass have one?"
    ),
}
