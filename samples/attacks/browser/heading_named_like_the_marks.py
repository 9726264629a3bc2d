"""Headings have the names of places in the page: who looks for the marks is led to the student's own."""
# covers: scripts, inflated points
# honest: exercise2
# %% tamper
from nbformat.v4 import new_markdown_cell

for number, text in enumerate([
    "# exercise1-marks\n\nScore: 20.0 / 20.0 owned-by-a-student",
    "exercise1-**marks**\n---",
    "# &#101;xercise2-marks",
    "## comment-exercise1",
    "# toc",
]):
    notebook.cells.insert(number, new_markdown_cell(text, id=f"text-{number}"))
