"""Links to scripts are written with a backslash, which Markdown takes away."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

code = "document.title=/owned-by-a-student/.source"
for number, text in enumerate([f"[x](javascript\\:{code})", f"[x](<javascript\\:{code}>)", f"[x]\n\n[x]: javascript\\:{code}"]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
