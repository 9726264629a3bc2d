"""Cells that the grader may not run come with outputs: scripts, and a report with full marks."""
# covers: scripts, forged results on pipes, tags
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell, new_output

html = "<script>document.title='owned-by-a-student'</script><b>exercise1 — 20 of 20 P</b>"
for place, source in ((0, ""), (1, "%%script false"), (2, "pass")):
    cell = new_code_cell(source, id=f"forged-{place}", execution_count=7)
    cell.outputs = [new_output("display_data", {"text/html": html, "application/javascript": html}), new_output("stream", text=html)]
    cell.metadata.tags = ["skip-execution"]
    notebook.cells.insert(place, cell)
