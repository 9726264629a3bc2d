"""A text cell draws a diagram, by a program that the page may have, and whose nodes are links."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

lines = "graph TD\nA[owned-by-a-student] --> B\nclick A href \"javascript:document.title='owned-by-a-student'\""
for number, fence in enumerate(["```mermaid", "~~~ mermaid", "````mermaidx"]):
    text = f"{fence}\n{lines}\n{fence.strip('mermaidx ')}"
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
