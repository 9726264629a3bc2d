"""A second copy of each test cell, under the same name, gives full marks before the real one is run."""
# covers: cells duplicated
# honest: exercise2
# %% tamper
from copy import deepcopy

for name, marks in (("exercise1-marks", "20.0"), ("exercise2-marks", "10.0")):
    copy = deepcopy(cells[name])
    copy.source, copy.id = marks, f"{name}-again"
    notebook.cells.insert(0, copy)
