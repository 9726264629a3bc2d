"""The notebook's texts hold halves of characters, and its metadata numbers and nests that some programs cannot hold."""
# covers: cells retyped, no notebook
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell, new_markdown_cell

nest = {}
for _ in range(300):
    nest = {"nest": nest}
notebook.cells.append(new_markdown_cell("half \ud800", id="half"))
notebook.cells.append(new_code_cell("half = 'half \ud800'", id="half-code"))
notebook.cells[0].metadata.large = 10**100
notebook.cells[0].metadata.half = "\udfff"
notebook.cells[0].metadata.nest = nest
notebook.metadata.large = -10**100
