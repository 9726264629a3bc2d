"""Two cells hold expressions so deep that parsing them needs more stack than there is."""
# covers: tracebacks, exits
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

for source in ("(" * 100_000 + ")" * 100_000, "-" * 200_000 + "1", "a = " + "b." * 100_000 + "c"):
    notebook.cells.insert(0, new_code_cell(source))
