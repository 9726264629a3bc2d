"""Two thousand cells that do nothing stand before the honest answer."""
# covers: cells duplicated
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

notebook.cells[:0] = [new_code_cell("pass", id=f"nothing-{n}") for n in range(2000)]
