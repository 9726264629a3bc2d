"""Every cell of one's own loops, each in other words."""
# covers: ignored signals
# %% tamper
for number, cell in enumerate(notebook.cells):
    if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
        cell.source = f"while {number} >= 0: pass"
