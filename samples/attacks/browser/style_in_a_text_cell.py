"""A text cell covers the page with a report of its own, and loads what tells the student who has looked."""
# covers: scripts, patched display
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

for number, text in enumerate([
    '<div style="position:fixed; inset:0; z-index:9999; background:white url(#owned-by-a-student)">30 of 30 P</div>',
    '<p style="background:url(http://127.0.0.1:@PORT@/owned-by-a-student.png)">Hello</p>',
    '<style>.owned-by-a-student {display: block} div {display: none}</style>',
]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
