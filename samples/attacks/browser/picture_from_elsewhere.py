"""A text cell shows pictures of a server that keeps a list of who has looked."""
# covers: scripts, network
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

place = "http://127.0.0.1:@PORT@/owned-by-a-student.png"
for number, text in enumerate([f"![Hello]({place})", f"![Hello][1]\n\n[1]: {place}", f"[![]( <{place}>)]({place})"]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
