"""Sixty cells change four hundred outputs each, all of one name."""
# covers: output, patched display
# honest: exercise2
# %% tamper
import nbformat

show = "from IPython.display import display, update_display\nfor n in range(390): display(n, display_id='one')"
change = "for n in range(390): update_display(n, display_id='one')"
for n in range(60):
    cell = nbformat.v4.new_code_cell(change if n > 5 else show, id=f"flood-{n}")
    notebook.cells.append(cell)
