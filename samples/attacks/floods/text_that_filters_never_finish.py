"""Text cells of a megabyte in which every place could be the beginning of something, but nothing ever is."""
# covers: output, scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell, new_raw_cell

notebook.cells.append(new_markdown_cell("<on "*300_000, id="begun"))
notebook.cells.append(new_raw_cell("<"*1_000_000, id="open"))
notebook.cells.append(new_markdown_cell("["*20_000, id="brackets"))
