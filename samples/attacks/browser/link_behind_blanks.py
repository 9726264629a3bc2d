"""Links lead to scripts behind more blanks, or on another line, than a filter expects."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

link = "javascript:document.title='owned-by-a-student'"
for number, text in enumerate([f"[x](     {link})", f"[x](    \n  {link})", f"[x][1]\n\n[1]:          {link}"]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
# %% first
from IPython.display import Markdown, display

display(Markdown("[x](      javascript:document.title='owned-by-a-student')"))
