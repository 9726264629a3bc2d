"""Which faults explain a wrong answer, and which of its parts are right given the student's own numbers.

An assignment puts its computation together from `steps` and `faults`; `by_steps` explains a backward pass,
`by_choices` a computation that shows nothing on the way, `form` the answer as a whole. `sentences` holds what
a student is told.
"""
