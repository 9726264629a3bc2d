"""Hundreds of outputs of one name are given a large content, each a copy of it."""
# covers: output
# honest: exercise2
# %% tamper
import nbformat

show = "from IPython.display import HTML, display, update_display\nfor n in range(390): display(n, display_id='one')"
change = "update_display(HTML('<b>' + 'x' * 900_000), display_id='one')"
for n in range(12):
    notebook.cells.append(nbformat.v4.new_code_cell(show if n < 2 else change, id=f"flood-{n}"))
