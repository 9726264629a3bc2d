"""Find the faults that explain a wrong answer, and the parts that are right given the student's own numbers.

`steps` is the vocabulary. `by_steps` explains a backward pass, `by_computation` a computation that shows
nothing on the way, `answer_structure` the answer as a whole. `sentences` holds what students read.
"""
