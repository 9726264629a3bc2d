"""List what students read about mistakes in an operation's derivative.

`{where}` is the quantity, `{hint}` the form of the fault.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograder.diagnosis.sentences.softmax import OF_SOFTMAX

OF_OPERATIONS: Mapping[str, str] = {
    # products of any two quantities
    "wrong-operand": (
        "`{where}` was computed with {hint} in another array's place: the shapes are the same. Which arrays "
        "meet in this line of the forward pass?"
    ),
    "operand-not-transposed": (
        "In `{where}` the gradient met {hint} as it is in the forward pass. The shapes agree only because it "
        "has as many rows as columns: which of its indices is summed over on the way back?"
    ),
    "upstream-transposed": (
        "`{where}` was computed with the upstream gradient transposed. The shapes agree only because it has "
        "as many rows as columns: which of its indices does `{where}` share?"
    ),
    "transpose-forgotten": (
        "`{where}` has rows for columns: the forward pass transposes here. Which entry of the upstream "
        "gradient belongs to a given row and column?"
    ),
    "reshape-for-transpose": (
        "`{where}` has the right shape, with the entries in another order. What is the difference between a "
        "new shape and a transpose?"
    ),
    "factor-missing": (
        "In `{where}` the factor {hint} is missing. By how much does the result of this line grow when one "
        "entry grows a little?"
    ),
    "output-for-operand": (
        "In `{where}` the gradient was multiplied by {hint}, the result of this line. What is the entry "
        "itself multiplied with in the forward pass?"
    ),
    "multiplied-for-divided": (
        "In `{where}` the gradient was multiplied by {hint}, where the forward pass divides. Does a large "
        "divisor make the result more sensitive, or less?"
    ),
    "divided-for-multiplied": (
        "In `{where}` the gradient was divided by {hint}, where the forward pass multiplies. Does a large "
        "factor make the result more sensitive, or less?"
    ),
    "divided-twice": (
        "In `{where}` the gradient was divided by {hint} twice. How many times does it divide in the forward "
        "pass?"
    ),
    "upstream-ignored": (
        "`{where}` is the derivative of this line alone, {hint}, and what lies above it has no part in it. "
        "What does the chain rule multiply with?"
    ),
    "scale-missing": (
        "`{where}` lacks the factor {hint} that the forward pass has here. What does a constant factor do to "
        "a derivative?"
    ),
    "sign-of-second-operand": (
        "`{where}` has the opposite sign along this path. Does the result grow or shrink when what is taken "
        "away, or divided by, grows?"
    ),
    "denominator-not-squared": (
        "In `{where}` the denominator comes in once too few. How does 1/x change with x where x is "
        "large, and how where it is small?"
    ),
    # sums and means over axes, broadcasting
    "summed-over-wrong-axis": (
        "`{where}` was summed over the wrong axis. Along which axis was this array repeated in the forward "
        "pass?"
    ),
    "summed-axis-lost": (
        "`{where}` has the right numbers, but the axis of length 1 that its quantity has is gone. What would "
        "happen to it the next time it is broadcast?"
    ),
    "broadcast-not-summed": (
        "`{where}` still has the shape of the result. How many times was each of its numbers used when it "
        "was broadcast, and how do the gradients of all these uses come together?"
    ),
    "broadcast-averaged": (
        "`{where}` is a mean over the places that a number was broadcast to. If the number grows a little, "
        "how many of these places grow with it?"
    ),
    "summed-over-one-axis": (
        "`{where}` was summed over the first axis alone. Along how many axes was this array repeated?"
    ),
    "one-of-many": (
        "`{where}` has the gradient of one place alone. To how many places was each of its numbers broadcast?"
    ),
    "reduce-not-expanded": (
        "`{where}` still has the shape of the sum or mean. Every entry that went in has a derivative of its "
        "own: how many are there?"
    ),
    "expanded-along-wrong-axis": (
        "In `{where}` the gradients of the sums were handed to columns for rows. Which entries went into "
        "which sum?"
    ),
    "sum-for-mean": (
        "`{where}` treats the mean in this line as a sum. How much does a mean grow when one of its terms "
        "grows by a little?"
    ),
    "wrong-count": (
        "In `{where}` the mean was divided by {hint}. How many terms does each mean of the forward pass have?"
    ),
    "padding-counted": (
        "In `{where}` the mean was divided by the number of all entries. How many does the mask leave?"
    ),
    "maximum-spread-to-all": (
        "In `{where}` all entries have the gradient of the largest. What happens to a maximum when one of "
        "the other entries moves a little?"
    ),
    "maximum-times-value": (
        "In `{where}` the gradient was multiplied by the largest entry itself. How much does a maximum grow "
        "when the largest entry grows a little?"
    ),
    "maximum-inverted": (
        "In `{where}` the largest entries have no gradient, and all others do. Which entries does a maximum "
        "depend on?"
    ),
    # functions of numbers
    "derivative-missing": (
        "In `{where}` the gradient went past {hint} as if it were not there. How steep is this function at "
        "the values that go in?"
    ),
    "value-instead-of-derivative": (
        "In `{where}` the gradient is multiplied by {hint}, a value. The chain rule asks for the slope of "
        "the function at that point."
    ),
    "derivative-of-output": (
        "In `{where}` the slope of {hint} was taken at its result. At which point of the curve does the "
        "forward pass stand: at what goes in, or at what comes out?"
    ),
    "derivative-elsewhere": (
        "In `{where}` the slope was taken at {hint}, which goes in at another place. What goes into the "
        "function in this line?"
    ),
    "input-for-output": (
        "In `{where}` the slope was computed from what goes into the function, by the formula for what comes "
        "out of it. Which of the two does your formula mean?"
    ),
    "output-for-input": (
        "In `{where}` what goes into the function was used where its result belongs. Which of the two does "
        "the formula for the slope mean?"
    ),
    "slope-of-another-function": (
        "In `{where}` the gradient was multiplied by the slope of another function: {hint}. Which function "
        "stands in this line of the forward pass?"
    ),
    "factor-of-slope-missing": (
        "In `{where}` one factor of the slope is missing. Where is this curve flat: at one of its ends, or "
        "at both?"
    ),
    "square-missing": (
        "In `{where}` a square is missing in the slope. The curve is as steep on the left of 0 as on the "
        "right: is your slope?"
    ),
    "exponent-not-reduced": (
        "In `{where}` the exponent {hint} came down as a factor, and the power is still the same. What "
        "becomes of the exponent itself?"
    ),
    "exponent-reduced": (
        "In `{where}` the exponential function was differentiated like a power. Where does the variable "
        "stand: in the base, or in the exponent?"
    ),
    "leaky-slope-missing": (
        "In `{where}` nothing passes where the pre-activation is negative. This function has a slope there, "
        "too: {hint}."
    ),
    "sides-exchanged": (
        "In `{where}` the two slopes are exchanged. Which of them belongs to positive pre-activations?"
    ),
    # normalisations
    "statistics-as-constants": (
        "`{where}` takes mean and deviation for constants. When one of the entries moves that they are made "
        "of, do they stay where they are?"
    ),
    "missing-mean-path": (
        "In `{where}` the path through the mean is missing. When all entries that go into one mean grow by "
        "the same amount, what changes behind it, and so what must their entries of `{where}` sum to?"
    ),
    "missing-variance-path": (
        "In `{where}` the path through the variance is missing. When all entries that go into one mean move "
        "to twice the distance from it, what changes behind it, and what does that say of `{where}`?"
    ),
    "rms-as-constant": (
        "`{where}` takes the divisor for a constant. When one entry moves, does the mean of the squares stay "
        "where it is?"
    ),
    "mean-subtracted": (
        "In `{where}` a mean of the gradient is taken away, as if the forward pass took away a mean. Does it?"
    ),
    "unbiased-in-backward-only": (
        "In `{where}` the path through the variance divides by {hint}, and the variance of the forward pass "
        "by their number. Which count belongs to both?"
    ),
    "unbiased-variance": (
        "`{where}` belongs to a variance that divides by one less than the number of entries. By what does "
        "the variance of this forward pass divide?"
    ),
    "wrong-power-of-deviation": (
        "In `{where}` the part that comes through {hint} has another power of the deviation than it should "
        "have. Follow it from line to line: how often does each of them divide by the deviation?"
    ),
    "raw-for-normalised": (
        "In `{where}` the raw {hint} stands in the path through the variance. Which array does a change of "
        "the variance act on, entry by entry?"
    ),
    "statistics-along-wrong-axis": (
        "In `{where}` means are taken along the wrong axis, in {hint}. Which entries went into one mean of "
        "the forward pass?"
    ),
    "deviation-again": (
        "`{where}` divides by {hint}. What is given is a deviation as it is, and no variance: what has been "
        "taken into it already?"
    ),
    "root-missing": (
        "In `{where}` the gradient was divided by the variance. What does the forward pass divide by?"
    ),
    "root-inverted": (
        "In `{where}` the gradient was multiplied by the deviation, where the forward pass divides. Does a "
        "large deviation make the result more sensitive, or less?"
    ),
    "deviation-missing": (
        "In `{where}` nothing is divided by the deviation. In a smaller unit, where all numbers that go in "
        "are ten times as large, how large is the gradient?"
    ),
    "gamma-outside-the-means": (
        "In `{where}` the factor {hint} was multiplied in behind the means. It is different for the entries "
        "that go into one mean: can it be taken out of there?"
    ),
    "gamma-in-beta": (
        "In `{where}` the factor {hint} comes in, which belongs to the other term of this line. By how much "
        "does the result grow when this term grows by a little?"
    ),
    "weight-missing": (
        "In `{where}` a path lacks a factor: {hint}. Every path begins with the same gradient: which factor "
        "does that one have in it already?"
    ),
    "weight-twice": (
        "In `{where}` a factor comes in twice: {hint}. Every path begins with the same gradient: which "
        "factor does that one have in it already?"
    ),
    "running-statistics-in-training": (
        "`{where}` was made with {hint}, which is kept for evaluation, as if it were given. What are the "
        "mean and the deviation of this forward pass made of?"
    ),
    "batch-statistics-in-evaluation": (
        "`{where}` lets the gradient come through {hint}, too. In evaluation, do they change with what goes "
        "in?"
    ),
    **OF_SOFTMAX,
    # what moves or chooses entries
    "reshape-not-undone": (
        "`{where}` has the shape that the forward pass gives the array here. Which shape did the entries "
        "have before?"
    ),
    "entries-in-another-order": (
        "`{where}` has the right entries in other places. Are they read row by row, as in the forward pass, "
        "or column by column?"
    ),
    "piece-not-taken": (
        "`{where}` has the gradient of all that was set side by side. Which piece of it belongs to this "
        "array?"
    ),
    "wrong-piece": (
        "`{where}` is the piece of the other array. In which order are the two set side by side?"
    ),
    "mask-ignored": (
        "In `{where}` the gradient also comes through entries that the mask takes out. Does the result "
        "change when one of these does?"
    ),
    "mask-inverted": (
        "In `{where}` the gradient comes through the entries that the mask takes out, and through no others. "
        "Which entries go on in the forward pass?"
    ),
    "mask-transposed": (
        "In `{where}` the mask was used with rows for columns. Which of its axes belongs to which axis of "
        "the array?"
    ),
    "repeated-index-assigned": (
        "In `{where}` a row that was taken several times has the gradient of one place alone. What happens "
        "to the gradients of the other places?"
    ),
    "repeated-index-averaged": (
        "In `{where}` a row that was taken several times has the mean of its gradients. When such a row "
        "moves a little, how many places move with it?"
    ),
    "rows-not-collected": (
        "`{where}` still has a row for each place that a row was taken to. Each row of the table has one "
        "gradient: which places make it up?"
    ),
    "heads-mixed-with-positions": (
        "In `{where}` entries of several positions have come together in one head, or entries of several "
        "heads in one position. The shapes agree, and the order does not: which axes change places between "
        "rows of all heads and heads of all rows?"
    ),
    "heads-interleaved": (
        "In `{where}` the columns are dealt out to the heads in turn. Which columns does the forward pass "
        "give to the first head: neighbours, or every other one?"
    ),
    "exponent-not-in-front": (
        "In `{where}` the exponents went down by 1 and left no factor behind. How steep is a high power, "
        "compared with a low one?"
    ),
}
