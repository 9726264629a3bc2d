"""Text cells of the student's hold scripts, handlers and links."""
# covers: scripts
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

for number, text in enumerate([
    "Hello <script>document.title = 'owned-by-a-student'</script>",
    "<img src=nowhere.png onerror=\"document.title='owned-by-a-student'\">",
    "[My answer](javascript:document.title='owned-by-a-student')",
    "<svg/onload=document.title='owned-by-a-student'>",
    "<!--><script>document.title='owned-by-a-student'</script>-->",
    "<noscript><p title=\"</noscript><img src=x onerror=document.title='owned-by-a-student'>\">",
]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
