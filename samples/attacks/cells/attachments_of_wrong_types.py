"""Attachments, sources and outputs of cells are lists, numbers and nothing, for whoever makes a page of them."""
# covers: cells retyped, scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell, new_markdown_cell

for number, wrong in enumerate((5, ["a"], {"a": 5}, {"a": {"image/png": 5}}, {"a": {"image/png": ["QQ=="]}})):
    cell = new_markdown_cell("![Hello](attachment:a)", id=f"attached-{number}")
    cell.attachments = wrong
    notebook.cells.append(cell)
for number, wrong in enumerate((5, None, [5], [{"output_type": "stream"}], [{"output_type": "display_data", "data": 5}])):
    cell = new_code_cell("pass", id=f"put-out-{number}")
    cell.outputs = wrong
    cell.execution_count = "first"
    notebook.cells.append(cell)
notebook.cells[1].metadata.tags = 5
notebook.cells[1].metadata.slideshow = [5]
