"""A raw cell says of itself that it is HTML, and an attachment that it is a picture."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell, new_raw_cell

for kind in ("text/html", "text/markdown", "", "text/restructuredtext"):
    cell = new_raw_cell("<script>document.title = 'owned-by-a-student'</script>", id=f"raw-{len(notebook.cells)}")
    cell.metadata = {"raw_mimetype": kind, "format": kind}
    notebook.cells.append(cell)
text = new_markdown_cell("![Hello](attachment:a.svg)", id="attached")
text.attachments = {"a.svg": {"image/svg+xml\" onerror=\"document.title='owned-by-a-student'": "PHN2Zy8+"}}
notebook.cells.append(text)
