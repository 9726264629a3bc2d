"""Code cells of as many empty lines as are read, and of a million blanks, for whoever looks for a word at the beginning of a line."""
# covers: output
# honest: exercise2
# %% tamper
from nbformat.v4 import new_code_cell

notebook.cells.append(new_code_cell("pass" + "\n"*190_000 + "pass", id="empty"))
notebook.cells.append(new_code_cell("pass\n" + " "*1_000_000 + "\npass", id="blank"))
