"""A text cell holds six million empty lines, each of which is a text of its own in the notebook that is kept."""
# covers: no notebook, memory
# honest: exercise2
# %% tamper
notebook.cells[0].source = "\n" * 6_000_000
