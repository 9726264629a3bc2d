"""Where a link leads is written down in a quotation, over two lines."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

link = "javascript:document.title='owned-by-a-student'"
for number, text in enumerate([f"> [x]:\n> {link}\n\n[x]", f"> > [x]:\n> > <{link}>\n\n[x]"]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
