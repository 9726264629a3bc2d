"""A formula's signs are written as numbers, so that it becomes one only in the page."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

link = "{javascript:document.title='owned-by-a-student'}{x}"
for number, text in enumerate([f"&#36;&#92;href{link}&#36;", f"&dollar;&bsol;href{link}&dollar;", f"&#36;&#x5c;hr&#101;f{link}&#36;"]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
