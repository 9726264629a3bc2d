"""A raw cell holds a formula and classes, which are text to a filter for Markdown."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_raw_cell

link = "{javascript:document.title='owned-by-a-student'}{x}"
for number, text in enumerate([f"$&#92;href{link}$", f"&#36;\\hr&#101;f{link}&#36;"]):
    notebook.cells.insert(number, new_raw_cell(text, id=f"raw-{number}"))
