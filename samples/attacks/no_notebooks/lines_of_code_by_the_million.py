"""A code cell holds millions of empty lines, just as many as there may be letters of code."""
# covers: no notebook, memory
# honest: exercise2
# %% tamper
cells["exercise1"].source += "\n" * 4_900_000
