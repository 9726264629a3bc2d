"""Formulas without a size of their own are drawn far away from where they stand: over the marks."""
# covers: scripts, inflated points
# honest: exercise2
# %% first
from IPython.display import HTML, Latex, Markdown, display

display(Markdown(r"$\smash{\raise 40em{\text{30 of 30 owned-by-a-student}}}$"))
display(HTML(r"<p>$\kern-60em\raise 30em{\text{30 of 30 owned-by-a-student}}$</p>"))
display(Latex(r"$\llap{\text{30 of 30 owned-by-a-student}}$"))
# %% tamper
from nbformat.v4 import new_markdown_cell

text = r"$$\begin{array}{c}a\\\lower-40em{\text{30 of 30 owned-by-a-student}}\end{array}$$"
notebook.cells.insert(0, new_markdown_cell(text, id="text"))
