"""Forty cells display as much HTML each as is let through, for whoever cleans it, element by element."""
# covers: output
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

notebook.cells[:0] = [
    new_code_cell("from IPython.display import HTML, display\ndisplay(HTML('<br>'*950_000))", id=f"flood-{number}")
    for number in range(40)
]
