"""The cell of an honest answer is there twice under one name, which stops nbgrader for the whole class."""
# covers: cells duplicated
# honest: exercise2
# %% tamper
from copy import deepcopy

copy = deepcopy(cells["exercise2"])
copy.id = "again"
notebook.cells.insert(notebook.cells.index(cells["exercise2"]), copy)
